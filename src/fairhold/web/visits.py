"""One request of one person: who it is, what the form says, and how to answer."""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import quote

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from fairhold.access import may_see_order
from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import MAX_PHOTOS, Command
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Blame, Reason, Refusal, blame
from fairhold.engine.kernel.envelope import RETRY_SECONDS, Envelope, Faulty, Outcome, Overloaded, Unavailable
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.photos import MOST_BYTES
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.web import sessions
from fairhold.web.assets import Assets
from fairhold.web.people import Person, member
from fairhold.web.photo_forms import with_photos
from fairhold.web.rendering import Templates, picture
from fairhold.web.security import MAX_FORM, form_token, from_elsewhere, same_token, session_mark
from fairhold.web.sessions import SignedIn
from fairhold.web.site import Site
from fairhold.web.views.inbox import MOST_UNREAD, Bell, bell_of
from fairhold.web.views.parts import Link, Note
from fairhold.web.views.shell import shell_of, with_waiting
from fairhold.web.views.sight import Sight
from fairhold.web.waiting import waiting_for
from fairhold.words.catalog import N_, Language, negotiate
from fairhold.words.reader import Reader, reader_of
from fairhold.words.refusals import explain

_log = structlog.get_logger("fairhold.web")

FORM = "application/x-www-form-urlencoded"
"""How the pages' forms are sent. Others would let whoever sends them choose how text is decoded."""
ACCOUNT = "/account"
SET_UP = "/account/second-step"
"""Where staff are led who have not shown a second factor in their session."""
LANGUAGE_COOKIE = "fairhold_language"
STATUSES = {Blame.REQUEST: 422, Blame.STATE: 409, Blame.ROLE: 403, Blame.UNKNOWN: 404}


@dataclass(frozen=True)
class Desk:
    """What every page shares: the site, its templates and its files."""

    site: Site
    assets: Assets
    templates: Templates


@dataclass
class Visit:
    """A request with everything that was found out about it. `actor` is the side that its section is for.

    `account` is there unless it is one of the demo's people; `held_back` are the sides that a second factor opens. `notice`
    stands above whatever page it becomes.
    """

    desk: Desk
    request: Request
    reader: Reader
    now: Instant
    signed_in: SignedIn | None
    person: Person | None
    actor: Actor | None
    form: FormData = field(default_factory=FormData)
    account: Account | None = None
    held_back: frozenset[Role] = frozenset()
    notice: Note | None = None

    @property
    def site(self) -> Site:
        """The installation."""
        return self.desk.site

    def say(self, message: str, **values: object) -> str:
        """A marked message in the reader's language."""
        return self.reader.words.gettext(message, **values)

    def query(self, name: str, longest: int = 200) -> str:
        """A parameter of the address, cut to what any page needs, without the NUL that no store takes in a text."""
        return self.request.query_params.get(name, "").replace("\0", "")[:longest].strip()

    def field(self, name: str, longest: int = 2000) -> str:
        """A field of the form."""
        found = self.form.get(name)
        return found[:longest].strip() if isinstance(found, str) else ""

    def secret_field(self, name: str) -> str:
        """A field as it was typed, spaces too: a password."""
        found = self.form.get(name)
        return found if isinstance(found, str) else ""

    def fields(self, name: str) -> list[str]:
        """All values of a field that may come several times."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def here(self) -> str:
        """This page's own path and query."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    def who(self) -> Actor:
        """The side that this section is for. The gate has let nobody else in."""
        assert self.actor is not None
        return self.actor

    def order(self) -> Order:
        """The order that the path names. Raises 404 where there is none that this person may see."""
        found = self.site.queries.order(OrderId(self.request.path_params["order"]))
        if found is None or not may_see_order(self.who(), found):
            raise HTTPException(404)
        return found

    def sight(self, order: Order, actor: Actor | None = None) -> Sight:
        """The order as this person sees it now; as `actor` does where a signed link names one."""
        return Sight(
            order,
            self.now,
            actor or self.who(),
            self.reader,
            self.site.directory,
            lambda image: picture(self.desk.assets, image),
        )

    def ask(self, order: OrderId | None, command: Command, *, dry_run: bool = False) -> Outcome:
        """Put a command to the engine, under the form's own key: the same form sent twice does it once.

        No order where one is to be placed.
        """
        actor = self.who()
        if dry_run:
            return self.site.engine.submit_waiting(Envelope(order, command, actor, dry_run=True, source=str(actor)))
        said = sorted(
            (name, value) for name, value in self.form.multi_items() if name != "token" and isinstance(value, str)
        )
        print_of = hashlib.sha256(json.dumps([self.request.url.path, str(actor), said]).encode()).digest()
        key = self.field("key", 100) or fresh_key()
        return self.site.engine.submit_waiting(Envelope(order, command, actor, key, print_of, source=str(actor)))

    def show(self, template: str, status: int = 200, **content: object) -> Response:
        """A page."""
        back = quote(
            self.here() if self.request.method == "GET" else self.request.url.path.rpartition("/")[0] or "/", safe="/"
        )
        waiting = waiting_for(self.site, self.actor)
        shell = shell_of(
            self.reader,
            self.now,
            self.request.url.path,
            self.person,
            self.actor,
            sandbox=self.site.sandbox,
            without=self.site.without - waiting.keys(),
            back=back,
        )
        shell = replace(shell, bell=self._bell(), letters=self.site.sent is not None)
        if self.account is not None:
            shell = replace(shell, account=ACCOUNT)
        context = {
            **content,
            "first_notice": self.notice,
            "shell": with_waiting(shell, waiting),
            "form_token": form_token(self.signed_in.token) if self.signed_in else "",
            "session_mark": session_mark(self.signed_in.token) if self.signed_in else "",
            "fresh_key": fresh_key,
        }
        text = self.desk.templates.render(self.reader.language, template, context)
        headers = {"Content-Language": self.reader.language.value, "Vary": "Accept-Language, Cookie"}
        if self.person is not None:
            # Kept nowhere: after signing out, «Back» on a shared computer must not show whose orders these were.
            headers["Cache-Control"] = "no-store"
        return HTMLResponse(text, status, headers=headers)

    def _bell(self) -> Bell | None:
        """How many notices this person has not read. A page that says that the store is away needs none."""
        if self.actor is None:
            return None
        try:
            unread = self.site.messages.inbox.unread(str(self.actor), self.now, MOST_UNREAD)
        except StoreUnavailable:
            unread = 0
        return bell_of(self.reader, self.actor, unread)

    def has_seen(self, order: Order) -> None:
        """The person has this order before them: what they were told about it is read."""
        inbox, who = self.site.messages.inbox, str(self.who())
        # Counted first: most of the time there is nothing, and on SQLite a write keeps others waiting.
        if inbox.unread(who, self.now, 1):
            inbox.read_all(who, self.now, order.id)

    def go(self, url: str) -> Response:
        """On to another page of this site, by GET."""
        return RedirectResponse(url, 303)

    def refusal_note(self, refusal: Refusal, link: Link | None = None) -> Note:
        """A refusal as a notice that takes the focus."""
        title, detail = explain(self.reader.words, refusal)
        return Note(title, detail, "bad", "alert", link, focus=True)

    def not_found(self) -> Response:
        """Whatever does not exist for this person."""
        home = Link(self.say(N_("To the home page")), "/")
        return self.show(
            "error.html",
            404,
            sign="file",
            title=self.say(N_("There is no such page, or it is not yours")),
            text=self.say(N_("Check the address or sign in under another name.")),
            link=home,
        )


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a page that tells of a refusal."""
    return STATUSES[blame(refusal.reason)]


def fresh_key() -> str:
    """A new idempotency key for a form."""
    return secrets.token_urlsafe(16)


def invalid(field_name: str) -> Refusal:
    """A field that cannot be read."""
    return Refusal(Reason.INVALID, field_name)


Handler = Callable[[Visit], Response]
Roles = tuple[Role, ...]


def language_of(request: Request) -> Language:
    """The language that the person chose, or their browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    known = {language.value: language for language in Language}
    return known.get(chosen or "") or negotiate(request.headers.get("accept-language"))


def arrive(desk: Desk, request: Request, roles: Roles, form: FormData | None = None) -> Visit:
    """Find out who comes. Runs in a thread: it reads the store."""
    signed_in, account, held_back = sessions.current(request, desk.site.access), None, frozenset[Role]()
    person = None
    if signed_in is not None and signed_in.is_demo:
        person = desk.site.directory.person(signed_in.person)
    elif signed_in is not None:
        account = desk.site.members.accounts.account(signed_in.person)
        if account is not None:
            person = member(account, staff=signed_in.has_factor)
            held_back = frozenset(map(Role, account.roles)) - {own.role for own in person.actors}
    if person is None:
        signed_in = None
    actor = next((own for own in person.actors if not roles or own.role in roles), None) if person else None
    reader = reader_of(language_of(request), desk.site.zone)
    return Visit(
        desk, request, reader, desk.site.queries.now(), signed_in, person, actor, form or FormData(), account, held_back
    )


def _answer(desk: Desk, request: Request, handler: Handler, roles: Roles, form: FormData | None) -> Response:
    visit = arrive(desk, request, roles, form)
    if roles and visit.person is None:
        return visit.go(f"/sign-in?next={quote(visit.here() if request.method == 'GET' else '/', safe='')}")
    if roles and visit.actor is None:
        return visit.go(SET_UP) if visit.held_back & set(roles) else visit.not_found()
    if form is not None:
        stale = from_elsewhere(request.headers)
        if visit.signed_in is not None:
            stale = stale or not same_token(visit.field("token"), visit.signed_in.token)
        if stale:
            return visit.show(
                "error.html",
                403,
                sign="alert",
                title=visit.say(N_("This form is out of date")),
                text=visit.say(N_("Nothing was sent and nothing has changed. Open the page again and repeat.")),
                link=Link(visit.say(N_("To the home page")), "/"),
            )
    try:
        return handler(visit)
    except HTTPException as error:
        if error.status_code == 404:
            return visit.not_found()
        raise
    except (Overloaded, Unavailable, Faulty):
        return unknown_outcome(visit)
    except StoreUnavailable as error:
        _log.error("store unavailable", error=str(error), page=request.url.path)
        return unknown_outcome(visit) if form is not None else unreadable(visit)


def unknown_outcome(visit: Visit) -> Response:
    """The engine did not answer: nobody knows yet whether it happened, and looking is safe."""
    order = visit.request.path_params.get("order")
    back = visit.request.url.path.partition(order)[0] + order if order else "/"
    response = visit.show(
        "error.html",
        503,
        sign="alert",
        title=visit.say(N_("No answer yet")),
        text=visit.say(
            N_("We do not know whether it arrived. Press “Check”: nothing is sent again, and no money leaves twice.")
        ),
        link=Link(visit.say(N_("Check")), back),
    )
    response.headers["retry-after"] = str(RETRY_SECONDS)
    return response


def unreadable(visit: Visit) -> Response:
    """A database does not answer: better no list than one that leaves orders out."""
    response = visit.show(
        "error.html",
        503,
        sign="alert",
        title=visit.say(N_("We cannot look just now")),
        text=visit.say(
            N_("Some of the orders cannot be reached at the moment. They are safe; open the page again in a minute.")
        ),
        link=Link(visit.say(N_("To the home page")), "/"),
    )
    response.headers["retry-after"] = "5"
    return response


def failed(visit: Visit) -> Response:
    """Something broke on our side."""
    return visit.show(
        "error.html",
        500,
        sign="alert",
        title=visit.say(N_("Something went wrong on our side")),
        text=visit.say(
            N_("It has been noted. The money is where it was. Look at the order before you repeat anything.")
        ),
        link=Link(visit.say(N_("To the home page")), "/"),
    )


def _unread(visit: Visit, status: int) -> Response:
    """A form with photos could not be read at all."""
    text = N_("All photos together may have %(most)d MB. Go back and choose fewer or smaller ones.")
    if status != 413:
        text = N_("It came broken or in a form that we do not read. Go back and send it again.")
    if status == 503:
        text = N_("Too many photos are being sent just now. Go back and try again in a few seconds.")
    response = visit.show(
        "error.html",
        status,
        sign="photo",
        title=visit.say(N_("Nothing was sent and nothing has changed.")),
        text=visit.say(text, most=MAX_PHOTOS * MOST_BYTES // 1_000_000),
        link=Link(visit.say(N_("To the home page")), "/"),
    )
    if status == 503:
        response.headers["retry-after"] = str(RETRY_SECONDS)
    return response


def endpoint(desk: Desk, handler: Handler, roles: Roles = (), photos: int = 0) -> Callable[[Request], object]:
    """A page or a form's target for Starlette. `roles` are the sides it is for; none: anybody, signed in or not.

    `photos`: how many files the form may bring, for a form of the type that browsers send files with.
    """

    async def serve(request: Request) -> Response:
        form = None
        if request.method == "POST" and photos:
            return await with_photos(
                request,
                lambda: sessions.current(request, desk.site.access) is not None,
                lambda form: _answer(desk, request, handler, roles, form),
                lambda status: _unread(arrive(desk, request, roles), status),
                photos,
            )
        if request.method == "POST":
            size = request.headers.get("content-length", "")
            if not (size.isascii() and size.isdigit()) or len(size) > 15 or int(size) > MAX_FORM:
                return Response(status_code=413)
            if request.headers.get("content-type", FORM).partition(";")[0].strip().lower() != FORM:
                return Response(status_code=415)
            form = await request.form(max_files=0, max_fields=500)
        return await run_in_threadpool(_answer, desk, request, handler, roles, form)

    return serve
