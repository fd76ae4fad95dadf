"""Forms that bring photos, without a script: read with the API's own limits, kept by the same rules."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from fairhold.domain.actors import Actor
from fairhold.domain.evidence import PhotoId
from fairhold.engine.intake.photos import Photos, TooMany
from fairhold.engine.ports.photos import MOST_BYTES, Unfit
from fairhold.uploads import Misread, read_form
from fairhold.web.security import from_elsewhere
from fairhold.words.faults import Fault
from fairhold.words.problems import UNFIT

_STATUSES = {Misread.NOT_A_FORM: 415, Misread.TOO_LARGE: 413, Misread.MALFORMED: 422, Misread.CROWDED: 503}


MOST_FIELDS = 500
"""As in the forms without files: an order may have a hundred lines, each with a quantity."""


class NotKept(NamedTuple):
    """Why the files were not all kept: what `fault_text` takes, and which file it is about, counted from 1."""

    fault: Fault
    number: int
    hint: str | None = None
    limit: str = ""


async def with_photos(
    request: Request,
    signed_in: Callable[[], bool],
    answer: Callable[[FormData], Response],
    unread: Callable[[int], Response],
    most: int,
) -> Response:
    """Read a form with up to `most` files and answer it in a thread; the files are gone afterwards.

    `unread` answers one that cannot be read, with the status that says why.

    Of who is not signed in, or comes from another site, no byte is read: each form may fill many megabytes of disk.
    """
    if from_elsewhere(request.headers):
        return Response(status_code=403)
    if not await run_in_threadpool(signed_in):
        return RedirectResponse("/sign-in", 303)
    form = await read_form(
        request.headers.get("content-type"),
        request.headers.get("content-length"),
        request.stream(),
        # One more than may be, so that one too many is told apart from a broken form.
        most_files=most + 1,
        most_bytes=most * MOST_BYTES,
        most_fields=MOST_FIELDS,
    )
    if isinstance(form, Misread):
        return await run_in_threadpool(unread, _STATUSES[form])
    try:
        return await run_in_threadpool(answer, form)
    finally:
        await form.close()


def keep_photos(photos: Photos, actor: Actor, form: FormData, name: str, most: int) -> tuple[PhotoId, ...] | NotKept:
    """Keep the files of the form's field `name`, at most `most`: their ids in the form's order, each once.

    A field in which nobody chose a file brings none. Blocks; raises Overloaded and StoreUnavailable. Those that were kept
    before the one that is refused stay: the person sends the form again, and the same files are the same photos.
    """
    files = chosen(form, name)
    if len(files) > most:
        return NotKept(Fault.INVALID_VALUE, most + 1, "at most", str(most))
    kept: dict[PhotoId, None] = {}
    for number, file in enumerate(files, start=1):
        photo = photos.keep(actor, file.file)
        if isinstance(photo, Unfit):
            return NotKept(UNFIT[photo], number)
        if isinstance(photo, TooMany):
            return NotKept(Fault.TOO_MANY_PHOTOS, number)
        kept[photo.id] = None
    return tuple(kept)


def chosen(form: FormData, name: str) -> Sequence[UploadFile]:
    """The files that were chosen in the field `name`. Browsers send an empty, nameless one where none was."""
    return [file for file in form.getlist(name) if isinstance(file, UploadFile) and (file.size or file.filename)]
