"""One press, and letters of one kind no longer come (RFC 8058). The link itself says whose and which; nobody signs in."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fairhold.engine.notices.unsubscribing import FOLDER
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.web.visits import Desk, Visit, arrive, unreadable
from fairhold.words.notices.kinds import KINDS

_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


def unsubscribe_routes(desk: Desk) -> list[Route]:
    """Its addresses. Mail programs send what they like as a form, without cookies: only the address counts."""

    async def serve(request: Request) -> Response:
        response = await run_in_threadpool(_answer, desk, request)
        response.headers.update(_HEADERS)
        return response

    return [Route(f"{FOLDER}/{{token}}", serve, methods=["GET", "POST"])]


def _answer(desk: Desk, request: Request) -> Response:
    visit = arrive(desk, request, ())
    unwanted = desk.site.messages.unsubscribing.read(request.path_params["token"])
    if unwanted is None:
        return visit.not_found()
    done = request.method == "POST"
    try:
        if done:
            desk.site.messages.wishes.unsubscribe(unwanted.person, unwanted.kind)
        return _page(visit, visit.say(KINDS[unwanted.kind]), done=done)
    except StoreUnavailable:
        return unreadable(visit)


def _page(visit: Visit, kind: str, *, done: bool) -> Response:
    return visit.show("unsubscribe.html", kind=kind, done=done)
