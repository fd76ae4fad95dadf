"""Who is signed in: a random token in a cookie, its hash in the store, a new token at every sign-in and for new rights.

A session ends at a set time, when nothing was seen of it for a while, and when its person says so.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from fairhold.domain.instants import DAY, HOUR, MINUTE, Duration
from fairhold.engine.ports.admission import Access, Session
from fairhold.web.security import FORGET

COOKIE = "fairhold_session"
SECURE_COOKIE = "__Host-fairhold_session"
"""Its name behind TLS: browsers take it from this host alone, and over TLS alone."""
DEMO = "demo"
"""What people sign in by who only chose a name."""
LIFETIME = Duration(30 * DAY)
IDLE = Duration(14 * DAY)
STAFF_LIFETIME = Duration(12 * HOUR)
STAFF_IDLE = Duration(1 * HOUR)
NOTED_EVERY = Duration(5 * MINUTE)
"""How often it is written down that a session was seen: orders wait behind each write."""
PROOF_LASTS = Duration(15 * MINUTE)
"""How long after a sign-in its person may change what they sign in with, without showing it again."""


@dataclass(frozen=True)
class SignedIn:
    """A session that holds, and its token, as the cookie has it."""

    token: str
    session: Session

    @property
    def person(self) -> str:
        """The key of the person."""
        return self.session.person

    @property
    def is_demo(self) -> bool:
        """Whether it is one of the demo's people, whom everybody may be."""
        return self.session.means == DEMO

    @property
    def has_factor(self) -> bool:
        """Whether its person showed a second factor. The demo's people have none to show."""
        return self.session.factor_at is not None or self.is_demo

    @property
    def is_proved(self) -> bool:
        """Whether its person showed a moment ago who they are."""
        return now() < self.session.proved_at + PROOF_LASTS


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def now() -> int:
    """Microseconds of real time: a session does not grow old with the test clock."""
    return time.time_ns() // 1000


def is_secure(request: Request) -> bool:
    """Whether the browser speaks to this house by TLS, as the trusted proxy says where there is one."""
    return request.url.scheme == "https"


def current(request: Request, access: Access) -> SignedIn | None:
    """The session of this request, if its cookie names one that has not ended."""
    token = request.cookies.get(SECURE_COOKIE if is_secure(request) else COOKIE, "")
    if not 20 <= len(token) <= 100 or not token.isascii():
        return None
    session, at = access.session(_hash(token)), now()
    if session is None or not is_live(session, at):
        return None
    if at - session.seen_at > NOTED_EVERY:
        access.touch_session(session.token_hash, at)
    return SignedIn(token, session)


def is_live(session: Session, at: int) -> bool:
    """Whether the session has not ended then."""
    return at < session.expires_at and (session.idle == 0 or at < session.seen_at + session.idle)


def sign_in(
    request: Request,
    response: Response,
    access: Access,
    person: str,
    *,
    means: str = DEMO,
    factor: bool = False,
    staff: bool = False,
) -> None:
    """Begin a session under a token that nobody knew before; one that the browser already had ends."""
    at = now()
    lifetime, idle = (STAFF_LIFETIME, STAFF_IDLE) if staff else (LIFETIME, IDLE)
    session = Session(
        token_hash=b"",
        person=person,
        created_at=at,
        seen_at=at,
        expires_at=at + lifetime,
        proved_at=at,
        factor_at=at if factor else None,
        idle=idle,
        means=means,
        device=device_of(request.headers.get("user-agent", "")),
    )
    end(request, access)
    _begin(request, response, access, session)


def renew(request: Request, response: Response, access: Access, signed_in: SignedIn, *, factor: bool = False) -> None:
    """Go on under a new token, now that its person has shown more: what they knew, or with `factor` a second factor.

    When it ends stays as it was. One that its person has ended meanwhile, elsewhere, does not go on.
    """
    begun = renewed(access, signed_in, factor=factor)
    if begun is not None:
        keep_cookie(request, response, begun)


def renewed(access: Access, signed_in: SignedIn, *, factor: bool = False) -> SignedIn | None:
    """The same, before there is an answer that could take the new token along; None where the session has ended."""
    at = now()
    session = signed_in.session._replace(seen_at=at, proved_at=at)
    if factor:
        session = session._replace(factor_at=at)
    begun = _under_a_token(session)
    return begun if access.replace_session(signed_in.session.token_hash, begun.session) else None


def go_on(request: Request, response: Response, access: Access, signed_in: SignedIn) -> None:
    """Begin the session anew whose person has just ended all of theirs, this one too. When it ends stays as it was."""
    at = now()
    _begin(request, response, access, signed_in.session._replace(seen_at=at, proved_at=at))


def _begin(request: Request, response: Response, access: Access, session: Session) -> None:
    begun = _under_a_token(session)
    access.add_session(begun.session)
    keep_cookie(request, response, begun)


def _under_a_token(session: Session) -> SignedIn:
    token = secrets.token_urlsafe(32)
    return SignedIn(token, session._replace(token_hash=_hash(token)))


def keep_cookie(request: Request, response: Response, signed_in: SignedIn) -> None:
    """Have the browser keep the session's token as long as the session lasts."""
    secure = is_secure(request)
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        signed_in.token,
        max_age=(signed_in.session.expires_at - now()) // 1_000_000,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def sign_out(request: Request, response: Response, access: Access) -> None:
    """End the session, here and in the store."""
    end(request, access)
    forget_cookie(request, response)


def forget_cookie(request: Request, response: Response) -> None:
    """Take the cookie away, and what else the browser kept of these pages."""
    response.headers.update(FORGET)
    secure = is_secure(request)
    name = SECURE_COOKIE if secure else COOKIE
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=secure)


def end(request: Request, access: Access) -> None:
    """Forget the session that this request's cookie names. A made-up one writes nothing: orders wait behind each write."""
    ended = current(request, access)
    if ended is not None:
        access.end_session(_hash(ended.token))


_BROWSERS = (
    ("YaBrowser/", "Yandex"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(agent: str) -> str:
    """Browser and system in two words, as the list of sessions shows them; empty where neither is known."""
    found = (next((name for sign, name in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in found if name)
