"""Server-sent events: an open page hears what is added to its conversation, and begins again where it stopped."""

from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from fairhold.access import may_see_chat
from fairhold.domain.order import Order
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.engine.support.watch import Following
from fairhold.web import sessions
from fairhold.web.views.chats import saying_of
from fairhold.web.visits import Desk, Roles, Visit, arrive

HEARTBEAT_SECONDS = 15.0
LONGEST_SECONDS = 600.0
"""After so long the page asks anew: a connection that nobody reads any more is given up then."""
AGAIN_MILLISECONDS = 3000

Whose = Callable[[Visit, Order], str]
"""Whose conversation about the order the page follows (`buyer:ann`)."""


def stream(desk: Desk, roles: Roles, whose: Whose) -> Callable[[Request], object]:
    """The events of a conversation. None of what is refused is retried.

    What is not there, or not theirs, is 404; more pages than one person may have open 429, than all together 503.
    """

    async def serve(request: Request) -> Response:
        found = await run_in_threadpool(_found, desk, request, roles, whose)
        if found is None:
            return Response(status_code=404)
        visit, order, person = found
        following = desk.site.chats.follow((order.id, person), str(visit.who()))
        if following is None:
            return Response(status_code=503 if desk.site.chats.full else 429, headers={"Retry-After": "60"})
        return StreamingResponse(
            _events(visit, order, person, following, _begin(request)),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return serve


def _found(desk: Desk, request: Request, roles: Roles, whose: Whose) -> tuple[Visit, Order, str] | None:
    visit = arrive(desk, request, roles)
    if visit.actor is None or visit.signed_in is None:
        return None
    try:
        order = visit.order()
        person = whose(visit, order)
    except (HTTPException, StoreUnavailable):
        return None
    return (visit, order, person) if may_see_chat(visit.who(), order, person) else None


def _begin(request: Request) -> int:
    """The newest message that the page has: the browser says so itself when it asks again."""
    told = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 8 else 0


async def _events(visit: Visit, order: Order, person: str, following: Following, last: int) -> AsyncIterator[str]:
    """Each message under its number; a line of comment where there is none for a while, and an end with the session."""
    yield f"retry: {AGAIN_MILLISECONDS}\n\n"
    waited = 0.0
    try:
        while not following.over and waited < LONGEST_SECONDS:
            try:
                fresh = await run_in_threadpool(_fresh, visit, order, person, last)
            except StoreUnavailable:
                return
            if fresh is None:
                return
            for number, markup in fresh:
                last = number
                yield _event(number, markup)
            if not await following.changed(HEARTBEAT_SECONDS):
                waited += HEARTBEAT_SECONDS
                yield ": nothing new\n\n"
    finally:
        following.end()


def _fresh(visit: Visit, order: Order, person: str, last: int) -> list[tuple[int, str]] | None:
    """What is new, each with its markup; None once the session has ended."""
    site = visit.site
    assert visit.signed_in is not None, "only who is signed in follows anything"
    session = site.access.session(visit.signed_in.session.token_hash)
    if session is None or not sessions.is_live(session, sessions.now()):
        return None
    chat = site.support.chat(order.id, person, last)
    visit.now = site.queries.now()
    sight, render = visit.sight(order), visit.desk.templates.render
    return [
        (one.number, render(visit.reader.language, "chat_message.html", {"n": one.number, "s": saying_of(sight, one)}))
        for one in chat.messages
    ]


def _event(number: int, markup: str) -> str:
    lines = "".join(f"data: {line}\n" for line in markup.splitlines() if line.strip())
    return f"id: {number}\n{lines}\n"
