"""`POST /photos` and `GET /photos/{photo}`: pictures in and out."""

from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.types import Receive

from fairhold.api.auth import ANYBODY
from fairhold.api.http import Disconnected, Head
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.readings import Served
from fairhold.api.wire import PhotoOut
from fairhold.domain.instants import SECOND
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.intake.photos import TooMany
from fairhold.engine.kernel.envelope import RETRY_SECONDS, Overloaded
from fairhold.engine.ports.photos import MOST_BYTES, Unfit
from fairhold.uploads import Misread, read_form
from fairhold.words.faults import Fault
from fairhold.words.problems import UNFIT

FIELD = "file"
_MISREAD = {
    Misread.NOT_A_FORM: Problem(Fault.UNSUPPORTED_MEDIA_TYPE, "Content-Type"),
    Misread.TOO_LARGE: Problem(Fault.PHOTO_TOO_LARGE, FIELD),
    Misread.MALFORMED: Problem(Fault.MALFORMED_FORM),
}


def photo(parts: Parts, call: Call) -> Served | Refusal:
    """A picture that the caller may see, or everybody may: then it is served so that caches may keep it for a minute."""
    name, thumb = call.names["photo"], call.query.get("size") == "thumb"
    own = None if call.caller is ANYBODY else parts.photos.seen_by(call.actor, name)
    found = own or parts.photos.seen_by_all(name)
    if found is None:
        return Refusal(Reason.NOT_FOUND)
    return Served(parts.photos.picture(found, thumb=thumb), shared=own is None)


async def upload(parts: Parts, call: Call, head: Head, receive: Receive) -> PhotoOut | Problem:
    """Take the picture in the form's field `file`. Raises Overloaded, StoreUnavailable and Disconnected."""
    if head.encoding and head.encoding.lower() != b"identity":
        return Problem(Fault.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding")
    full = await run_in_threadpool(parts.photos.full, call.actor)
    if full is not None:
        return _too_many(parts, full)
    form = await read_form(
        _text(head.content_type), _text(head.length), _pieces(receive), most_files=2, most_bytes=MOST_BYTES
    )
    if form is Misread.CROWDED:
        raise Overloaded(RETRY_SECONDS)
    if isinstance(form, Misread):
        return _MISREAD[form]
    try:
        file = _only_file(form)
        if isinstance(file, Problem):
            return file
        kept = await run_in_threadpool(parts.photos.keep, call.actor, file.file)
    finally:
        await form.close()
    if isinstance(kept, Unfit):
        return Problem(UNFIT[kept], FIELD)
    if isinstance(kept, TooMany):
        return _too_many(parts, kept)
    return PhotoOut(kept.id, kept.sha256, kept.width, kept.height, kept.size)


def _only_file(form: FormData) -> UploadFile | Problem:
    """The form's one field."""
    for name in form:
        if name != FIELD:
            return Problem(Fault.UNKNOWN_FIELD, "".join(c if c.isprintable() else "?" for c in name[:80]))
    found = form.getlist(FIELD)
    if not found:
        return Problem(Fault.MISSING_FIELD, FIELD)
    if len(found) > 1:
        return Problem(Fault.DUPLICATE_FIELD, FIELD)
    return found[0] if isinstance(found[0], UploadFile) else Problem(Fault.INVALID_VALUE, FIELD, "a file")


def _too_many(parts: Parts, full: TooMany) -> Problem:
    seconds = max(1, -(-(full.until - parts.queries.now()) // SECOND))
    return Problem(Fault.TOO_MANY_PHOTOS, headers=((b"retry-after", str(seconds).encode()),))


def _text(header: bytes | None) -> str | None:
    return None if header is None else header.decode("latin-1")


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        yield message.get("body", b"")
        more = message.get("more_body", False)
