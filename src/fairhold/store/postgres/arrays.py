"""Columns of rows as PostgreSQL's binary arrays: a batch goes over the wire as one array a column.

psycopg's own dumper of lists looks at each element for its type and takes several times as long.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, repeat
from struct import Struct
from typing import ClassVar

from psycopg import adapters
from psycopg.adapt import Dumper
from psycopg.pq import Format

_INT8, _TEXT, _BYTEA = 20, 25, 17
_INT8_ARRAY, _TEXT_ARRAY, _BYTEA_ARRAY = 1016, 1009, 1001

_HEADER = Struct("!iiIii")
_LENGTH = Struct("!i").pack
_INT = Struct("!iq").pack
_NULL = _LENGTH(-1)
_WITHOUT_NULLS, _WITH_NULLS = 0, 1

# PostgreSQL's texts cannot hold the character U+0000. A noncharacter, which no text means, introduces what stands for it.
NUL, MARK = "\x00", "\ufffe"


class Packed:
    """An array as it goes over the wire. `OID`: its type's number in every PostgreSQL."""

    __slots__ = ("data",)
    OID: ClassVar[int]

    def __init__(self, data: bytes) -> None:
        self.data = data


class Ints(Packed):
    """An array of `bigint`."""

    __slots__ = ()
    OID = _INT8_ARRAY


class Texts(Packed):
    """An array of `text`."""

    __slots__ = ()
    OID = _TEXT_ARRAY


class Blobs(Packed):
    """An array of `bytea`."""

    __slots__ = ()
    OID = _BYTEA_ARRAY


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Packed) -> bytes:
        return obj.data


class _IntsDumper(_PackedDumper):
    oid = Ints.OID


class _TextsDumper(_PackedDumper):
    oid = Texts.OID


class _BlobsDumper(_PackedDumper):
    oid = Blobs.OID


def register() -> None:
    """Teach psycopg these arrays."""
    adapters.register_dumper(Ints, _IntsDumper)
    adapters.register_dumper(Texts, _TextsDumper)
    adapters.register_dumper(Blobs, _BlobsDumper)


@cache
def _ints(count: int) -> Struct:
    return Struct("!iiIii" + "iq" * count)


def ints(values: Sequence[int]) -> Ints:
    """Numbers of 64 bits."""
    count = len(values)
    if count > 1024:
        return nullable_ints(values)
    return Ints(
        _ints(count).pack(
            1, _WITHOUT_NULLS, _INT8, count, 1, *chain.from_iterable(zip(repeat(8), values, strict=False))
        )
    )


def nullable_ints(values: Sequence[int | None]) -> Ints:
    """Numbers of 64 bits, some of which may be missing."""
    parts = [_NULL if value is None else _INT(8, value) for value in values]
    return Ints(_HEADER.pack(1, _WITH_NULLS, _INT8, len(parts), 1) + b"".join(parts))


def texts(values: Iterable[str]) -> Texts:
    """Texts of any characters."""
    return Texts(_variable(_TEXT, list(map(str.encode, map(storable, values)))))


def nullable_texts(values: Iterable[str | None]) -> Texts:
    """Texts, some of which may be missing."""
    encoded = [None if value is None else storable(value).encode() for value in values]
    parts = [_NULL if data is None else _LENGTH(len(data)) + data for data in encoded]
    return Texts(_HEADER.pack(1, _WITH_NULLS, _TEXT, len(parts), 1) + b"".join(parts))


def blobs(values: Sequence[bytes]) -> Blobs:
    """Bytes."""
    return Blobs(_variable(_BYTEA, values))


def nullable_blobs(values: Sequence[bytes | None]) -> Blobs:
    """Bytes, some of which may be missing."""
    there = [value for value in values if value is not None]
    if len(there) == len(values):
        return blobs(there)
    parts = [_NULL if value is None else _LENGTH(len(value)) + value for value in values]
    return Blobs(_HEADER.pack(1, _WITH_NULLS, _BYTEA, len(parts), 1) + b"".join(parts))


def _variable(oid: int, values: Sequence[bytes]) -> bytes:
    lengths = map(_LENGTH, map(len, values))
    body = b"".join(chain.from_iterable(zip(lengths, values, strict=True)))
    return _HEADER.pack(1, _WITHOUT_NULLS, oid, len(values), 1) + body


def storable(text: str) -> str:
    """The text as PostgreSQL can keep it; `original` undoes it."""
    if NUL in text or MARK in text:
        return text.replace(MARK, MARK + "1").replace(NUL, MARK + "0")
    return text


def original(text: str) -> str:
    """The text that `storable` was given."""
    return text.replace(MARK + "0", NUL).replace(MARK + "1", MARK) if MARK in text else text
