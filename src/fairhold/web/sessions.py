"""Who is signed in: a random token in a cookie, its hash in the store, a new token at every sign-in."""

import hashlib
import secrets
import time
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from fairhold.engine.admission import Access, Session

COOKIE = "fairhold_session"
LIFETIME_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class SignedIn:
    """A session that holds: its token, as the cookie has it, and the key of the person."""

    token: str
    person: str


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _now() -> int:
    """Microseconds of real time: a session does not grow old with the test clock."""
    return time.time_ns() // 1000


def current(request: Request, access: Access) -> SignedIn | None:
    """The session of this request, if its cookie names one that has not ended."""
    token = request.cookies.get(COOKIE, "")
    if not 20 <= len(token) <= 100 or not token.isascii():
        return None
    session = access.session(_hash(token))
    if session is None or session.expires_at <= _now():
        return None
    return SignedIn(token, session.person)


def sign_in(request: Request, response: Response, access: Access, person: str) -> None:
    """Begin a session under a token that nobody knew before; one that the browser already had ends."""
    end(request, access)
    token, now = secrets.token_urlsafe(32), _now()
    access.add_session(Session(_hash(token), person, now, now, now + LIFETIME_SECONDS * 1_000_000))
    response.set_cookie(
        COOKIE,
        token,
        max_age=LIFETIME_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def sign_out(request: Request, response: Response, access: Access) -> None:
    """End the session, here and in the store."""
    end(request, access)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=request.url.scheme == "https")


def end(request: Request, access: Access) -> None:
    """Forget the session that this request's cookie names. A made-up one writes nothing: orders wait behind each write."""
    ended = current(request, access)
    if ended is not None:
        access.end_session(_hash(ended.token))
