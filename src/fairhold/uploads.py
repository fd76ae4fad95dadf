"""Forms with files, as both faces read them: counted while they stream, never more than was allowed.

Small files stay in memory, others lie in unnamed temporary files; what a file is called is never used for anything.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from enum import StrEnum

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, Headers
from starlette.formparsers import MultiPartException, MultiPartParser

FORM_WITH_FILES = "multipart/form-data"
OVERHEAD = 64 * 1024
"""Bytes of a form beside its files: boundaries, headers, texts."""


class Misread(StrEnum):
    """Why a form was not read."""

    NOT_A_FORM = "not_a_form"
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    CROWDED = "crowded"


MOST_AT_ONCE = 64
"""How many forms are read at a time in one process: each may take a megabyte of memory and ten of disk for each file."""


class _UnderWay:
    """The forms that this process is reading now; only for its server's loop."""

    forms = 0


class _TooLarge(Exception):
    pass


class _Parser(MultiPartParser):
    """Starlette's, which takes a form that breaks off for a whole one, and lets go of the file it broke off in."""

    _ended = False

    def on_end(self) -> None:
        """The last boundary was there."""
        self._ended = True

    async def parse(self) -> FormData:
        """The form. Raises MultiPartException where it is none, or not all of one."""
        form = await super().parse()
        if not self._ended:
            for file in self._files_to_close_on_error:
                file.close()
            raise MultiPartException("The last boundary is missing.")
        return form


def declared(content_type: str | None, length: str | None, limit: int) -> Misread | None:
    """What the headers alone say against the form: worth knowing before a byte of it is read."""
    kind, options = parse_options_header(content_type)
    if kind != FORM_WITH_FILES.encode() or options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        # Another charset would let whoever sends the form choose how its texts are decoded.
        return Misread.NOT_A_FORM
    if length is not None and (not (length.isascii() and length.isdigit()) or len(length) > 15 or int(length) > limit):
        return Misread.TOO_LARGE
    return None


async def read_form(
    content_type: str | None,
    length: str | None,
    pieces: AsyncIterator[bytes],
    *,
    most_files: int,
    most_bytes: int,
    most_fields: int = 100,
) -> FormData | Misread:
    """The form whose body comes in `pieces`, with at most `most_files` files of `most_bytes` in all.

    Whoever reads it closes it.
    """
    limit = most_bytes + OVERHEAD
    misread = declared(content_type, length, limit)
    if misread is not None:
        return misread
    parser = _Parser(
        Headers({"content-type": content_type or ""}),
        _counted(pieces, limit),
        max_files=most_files,
        max_fields=most_fields,
        max_part_size=OVERHEAD,
    )
    if _UnderWay.forms >= MOST_AT_ONCE:
        return Misread.CROWDED
    _UnderWay.forms += 1
    try:
        return await parser.parse()
    except _TooLarge:
        return Misread.TOO_LARGE
    except MultiPartException:
        return Misread.MALFORMED
    finally:
        _UnderWay.forms -= 1


async def _counted(pieces: AsyncIterator[bytes], limit: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for piece in pieces:
        size += len(piece)
        if size > limit:
            raise _TooLarge
        yield piece
