"""What every answer of the pages carries, and what a form must bring: headers, the token against forged forms, safe ways back."""

import hashlib
import hmac

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
FORGET = {"Clear-Site-Data": '"cache", "storage"'}
"""What is answered where a session ends: the browser drops what it kept of these pages, on a computer that others use."""
EMBEDDED = "/embed/"
"""Where pages lie that other sites show in frames."""
_EMBEDDED_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
EMBEDDED_HEADERS = {
    "Content-Security-Policy": _EMBEDDED_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Permissions-Policy": HEADERS["Permissions-Policy"],
}
"""Any site may frame these. The one script tells how tall the block is; nothing can be sent from there."""
MAX_FORM = 64 * 1024


class Shield:
    """Adds the headers to every answer of `app`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = EMBEDDED_HEADERS if scope["path"].startswith(EMBEDDED) else HEADERS

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in own.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        await self._app(scope, receive, with_headers)


def form_token(session_token: str) -> str:
    """The token that each form of a session carries: only who can read the session's pages knows it."""
    return hmac.new(session_token.encode(), b"fairhold form", hashlib.sha256).hexdigest()


def session_mark(session_token: str) -> str:
    """What tells one session from another to the pages' own script; nothing can be done with it."""
    return hmac.new(session_token.encode(), b"fairhold session mark", hashlib.sha256).hexdigest()[:16]


def same_token(given: str, session_token: str) -> bool:
    """Whether a form's token belongs to the session, compared in constant time."""
    return hmac.compare_digest(given.encode(), form_token(session_token).encode())


def from_elsewhere(headers: Headers) -> bool:
    """Whether the browser says that another site sent this request (Fetch Metadata; older ones: `Origin`)."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


def way_back(target: str | None, otherwise: str) -> str:
    """`target` if it is a path of this site, else `otherwise`: nobody is sent to another site from here."""
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\") or any(ord(sign) < 33 for sign in target):
        return otherwise
    return target
