"""Reading a ZIP that somebody sent: nothing is unpacked to the disk, and nothing is read that does not fit its bounds."""

import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

LARGEST = 128 << 20
"""Bytes of a bundle, packed, and of all its files together, unpacked."""
LARGEST_DIRECTORY = 1 << 20
_END = b"PK\x05\x06"
_END_RECORD = struct.Struct("<4s4H2LH")
_LARGE_END = b"PK\x06\x07"
_LONGEST_COMMENT = 0xFFFF
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1


class Malformed(Exception):
    """The file is not a bundle, or is damaged; the message says where, for people."""


def read_archive(file: Path, allowed: re.Pattern[str]) -> dict[str, bytes]:
    """Every file in the archive by name. Names that `allowed` does not match wholly, and whatever is too large, are refused.

    Raises Malformed.
    """
    try:
        with file.open("rb") as opened:
            _look(opened, file)
            with zipfile.ZipFile(opened) as archive:
                return _contents(archive, allowed)
    except Malformed:
        raise
    except OSError as error:
        raise Malformed(f"{file.name} cannot be read: {error.strerror or error}.") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        ValueError,
        RuntimeError,
        IndexError,
        OverflowError,
    ) as error:
        raise Malformed(f"{file.name} is a damaged ZIP: {shown(str(error), 160)}.") from None


def _look(opened: BinaryIO, file: Path) -> None:
    """Whether the list of files is of a sane size, before it is read: it may be made to fill the memory."""
    size = opened.seek(0, 2)
    if size > LARGEST:
        raise Malformed(f"{file.name} has {size} bytes; a bundle has {LARGEST} at most.")
    opened.seek(max(0, size - _END_RECORD.size - _LONGEST_COMMENT - 20))
    tail = opened.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_RECORD.size:
        raise Malformed(f"{file.name} is no ZIP, or its end is missing.")
    directory = _END_RECORD.unpack_from(tail, at)[5]
    if _LARGE_END in tail[max(0, at - 20) : at] or directory > LARGEST_DIRECTORY:
        raise Malformed(f"{file.name} lists more files than a bundle can have.")


def _contents(archive: zipfile.ZipFile, allowed: re.Pattern[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = LARGEST
    for entry in archive.infolist():
        name = shown(entry.filename)
        if not allowed.fullmatch(entry.filename):
            raise Malformed(f"It holds {name}, which does not belong into a bundle.")
        if entry.filename in found:
            raise Malformed(f"It holds {name} twice.")
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
            raise Malformed(f"{name} is packed in a way that bundles are not.")
        with archive.open(entry) as packed:
            data = packed.read(left + 1)
        if len(data) > left:
            raise Malformed(f"Unpacked it has more than {LARGEST} bytes.")
        left -= len(data)
        found[entry.filename] = data
    return found


def shown(text: str, longest: int = 80) -> str:
    """Somebody else's text as it may stand in a message."""
    kept = "".join(character if character.isprintable() else "?" for character in text[:longest])
    return f"«{kept}…»" if len(text) > longest else f"«{kept}»"
