"""The least of HTTP that the API needs, straight on ASGI: the headers it reads, the body with its limit, the answer.

A request on the hot path makes no request object, no header mapping and no response object.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Generator, Iterable, Iterator
from functools import cache, lru_cache
from itertools import count
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from fairhold.api.problems import MEDIA_TYPE, Problem
from fairhold.api.traffic import NOWHERE
from fairhold.words.catalog import Language, negotiate
from fairhold.words.faults import Fault

JSON = b"application/json"
MAX_BODY = 256 * 1024
MAX_BATCH = 4 * 1024 * 1024

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
_KEY = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?")
_process = secrets.token_hex(4)
_numbers = count(1)


class Disconnected(Exception):
    """The caller went away before the body was complete."""


class Head:
    """What a request's headers say to the API."""

    __slots__ = (
        "accept_language",
        "actor",
        "authorization",
        "content_type",
        "encoding",
        "if_none_match",
        "key",
        "length",
        "request_id",
        "route",
    )

    def __init__(self, scope: Scope) -> None:
        self.authorization: bytes | None = None
        self.actor: bytes | None = None
        self.key: bytes | None = None
        self.accept_language: bytes = b""
        self.content_type: bytes | None = None
        self.encoding: bytes | None = None
        self.if_none_match: bytes | None = None
        self.length: bytes | None = None
        self.request_id: bytes | None = None
        self.route = NOWHERE
        for name, value in scope["headers"]:
            slot = _SLOTS.get(name)
            if slot is not None:
                before = getattr(self, slot)
                # A header that comes twice is one list (RFC 9110, 5.3): of two persons or keys, none is picked.
                setattr(self, slot, value if not before else before + b", " + value)

    @property
    def language(self) -> Language:
        """The language of the answer."""
        return language_of(self.accept_language)

    @property
    def own_id(self) -> bytes:
        """The request's id: the caller's own where it has the form of one, else a new one."""
        if self.request_id is None or not _REQUEST_ID.fullmatch(self.request_id):
            self.request_id = f"{_process}-{next(_numbers):x}".encode()
        return self.request_id


_SLOTS = {
    b"authorization": "authorization",
    b"fairhold-actor": "actor",
    b"idempotency-key": "key",
    b"accept-language": "accept_language",
    b"content-type": "content_type",
    b"content-encoding": "encoding",
    b"content-length": "length",
    b"if-none-match": "if_none_match",
    b"x-request-id": "request_id",
}


@lru_cache(maxsize=512)
def language_of(header: bytes) -> Language:
    """The language that an `Accept-Language` header asks for: English where it asks for none of ours, unlike the pages."""
    return negotiate(header.decode("latin-1"), Language.EN)


def idempotency_key(given: str | None) -> str | Problem:
    """The key, or why it is none: 1 to 200 printable ASCII characters."""
    if given is None or given == "":
        return Problem(Fault.IDEMPOTENCY_KEY_MISSING, "Idempotency-Key")
    if not _KEY.fullmatch(given):
        return Problem(Fault.IDEMPOTENCY_KEY_INVALID, "Idempotency-Key")
    return given


@lru_cache(maxsize=64)
def is_json(content_type: bytes | None) -> bool:
    """Whether a body of this declared type is read as JSON; nothing declared counts as JSON."""
    if content_type is None:
        return True
    kind, _, parameters = content_type.decode("latin-1").lower().partition(";")
    kind = kind.strip()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        return False
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in {"utf-8", "utf8"}:
            return False
    return True


async def read_body(head: Head, receive: Receive, limit: int) -> bytes | Problem:
    """The whole body, or that it is larger than `limit`: known from its length before reading where that is declared."""
    if head.length is not None and (not head.length.isdigit() or len(head.length) > 15 or int(head.length) > limit):
        return Problem(Fault.BODY_TOO_LARGE, limit=str(limit))
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    body: bytes = message.get("body", b"")
    if message.get("more_body", False):
        pieces, size = [body], len(body)
        while message.get("more_body", False):
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            piece = message.get("body", b"")
            size += len(piece)
            if size > limit:
                return Problem(Fault.BODY_TOO_LARGE, limit=str(limit))
            pieces.append(piece)
        body = b"".join(pieces)
    return body if len(body) <= limit else Problem(Fault.BODY_TOO_LARGE, limit=str(limit))


class Reply(NamedTuple):
    """An answer: its status, its JSON, and headers beyond those that every answer has."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    media_type: bytes = JSON
    shared: bool = False
    """Whether it is the same for everybody who asks, so that caches may keep it."""
    pieces: Iterator[bytes] | None = None
    """The body, where it is sent piece by piece."""


ANSWER = "fairhold.answer"
"""The extension of ASGI by which a server takes an answer whole: `(status, block of header lines, body)`."""

_ALWAYS = (
    (b"cache-control", b"no-store"),
    (b"vary", b"Accept-Language, Authorization, Fairhold-Actor"),
    (b"x-content-type-options", b"nosniff"),
    # Opened in a browser it is text and nothing else, and no page shows it in a frame.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
"""From an answer that came by TLS on, for a year, browsers come by nothing else (RFC 6797)."""


_SHARED = (
    # What moderators take down is gone everywhere within this time.
    (b"cache-control", b"public, max-age=60"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag"),
)
_FOR_ANY_SITE = _SHARED[1]

JPEG = b"image/jpeg"
_PICTURE_FOR_ONE = (
    # A photo never changes, but who may see it is a matter of who asks: only the caller's own cache keeps it.
    (b"cache-control", b"private, max-age=31536000, immutable"),
    (b"vary", b"Authorization, Fairhold-Actor"),
)
_PICTURE = (
    (b"x-content-type-options", b"nosniff"),
    # Opened by itself it is an image and nothing else, whatever a browser makes of its bytes.
    (b"content-security-policy", b"sandbox; default-src 'none'"),
    (b"content-disposition", b'inline; filename="photo.jpg"'),
)


@cache
def _constant(media_type: bytes, language: Language, shared: bool) -> tuple[tuple[bytes, bytes], ...]:
    """Headers that many answers have. Nothing of one person's own but a picture may be kept.

    What everybody may see has no words that would depend on the language, unless it is a problem, which nobody keeps.
    """
    kind = (b"content-type", media_type)
    if media_type == JPEG:
        return (kind, *(_SHARED if shared else _PICTURE_FOR_ONE), *_PICTURE)
    if shared and media_type != MEDIA_TYPE:
        return (kind, *_SHARED, (b"x-content-type-options", b"nosniff"))
    own = (kind, (b"content-language", language.value.encode()), *_ALWAYS)
    return (*own, _FOR_ANY_SITE) if shared else own


@cache
def _constant_lines(media_type: bytes, language: Language, shared: bool) -> bytes:
    return _lines(_constant(media_type, language, shared))


def shared_reply(reply: Reply, if_none_match: bytes | None) -> Reply:
    """The answer for everybody who asks, under a strong tag of what it has; 304 where the caller has just that."""
    if reply.status != 200:
        return reply._replace(shared=True)
    tag = b'"%b"' % hashlib.sha256(reply.body).hexdigest()[:32].encode()
    known = [one.strip().removeprefix(b"W/") for one in (if_none_match or b"").split(b",")]
    tagged = reply._replace(headers=((b"etag", tag), *reply.headers), shared=True)
    return tagged._replace(status=304, body=b"") if tag in known or b"*" in known else tagged


def _lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join([b"%b: %b\r\n" % header for header in headers])


async def send_reply(scope: Scope, send: Send, reply: Reply, head: Head) -> None:
    """Send the answer; to HEAD, without its body."""
    status, body, more, media_type, shared, _ = reply
    if scope["scheme"] == "https":
        more = (*more, STRICT_TRANSPORT)
    if status == 304:
        headers = [*_constant(media_type, head.language, shared)[1:], (b"x-request-id", head.own_id), *more]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    if status >= 400:
        media_type = MEDIA_TYPE
    length = len(body)
    if scope["method"] == "HEAD":
        body = b""
    at_once = scope.get("extensions", {}).get(ANSWER)
    if at_once is not None:
        lines = b"%bcontent-length: %d\r\nx-request-id: %b\r\n%b" % (
            _constant_lines(media_type, head.language, shared),
            length,
            head.own_id,
            _lines(more) if more else b"",
        )
        if at_once(status, lines, body):
            return
    own = ((b"content-length", b"%d" % length), (b"x-request-id", head.own_id))
    headers = [*_constant(media_type, head.language, shared), *own, *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


MANY_PIECES = 16
"""From so many pieces on it is worth looking whether the caller is still there."""


async def send_pieces(scope: Scope, receive: Receive, send: Send, reply: Reply, head: Head) -> None:
    """Send an answer whose body is made while it is sent; what fails on the way ends the connection before the body's end."""
    assert reply.pieces is not None, "the answer has pieces"
    more = (*reply.headers, STRICT_TRANSPORT) if scope["scheme"] == "https" else reply.headers
    headers = [*_constant(reply.media_type, head.language, reply.shared), (b"x-request-id", head.own_id), *more]
    sent, gone = 0, None
    try:
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        while scope["method"] != "HEAD" and (piece := await run_in_threadpool(next, reply.pieces, None)) is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            sent += 1
            if sent == MANY_PIECES:
                gone = asyncio.create_task(_hung_up(receive))
            if gone is not None and gone.done():
                return
        await send({"type": "http.response.body", "body": b""})
    finally:
        if gone is not None:
            gone.cancel()
        # Whoever went away holds no moment of the database open.
        await run_in_threadpool(_closed, reply.pieces)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def _closed(pieces: Iterator[bytes]) -> None:
    if isinstance(pieces, Generator):
        pieces.close()
