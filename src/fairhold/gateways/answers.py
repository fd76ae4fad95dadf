"""Answers of others over HTTP: read up to a bound, what they say of waiting, and how they write moments."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx2

from fairhold.domain.instants import HOUR, MINUTE, SECOND, Duration, Instant
from fairhold.engine.outside.destinations import TryLater, Unreadable

LONGEST_REST = Duration(6 * HOUR)
"""The longest that a provider's own word about waiting is followed."""


def bounded(answer: httpx2.Response, most: int) -> bytes:
    """The whole answer. Raises TryLater where it is longer than `most` bytes."""
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        size += len(piece)
        if size > most:
            raise TryLater(f"an answer of more than {most} bytes", Duration(HOUR))
        pieces.append(piece)
    return b"".join(pieces)


def rest(headers: Mapping[str, str]) -> Duration | None:
    """What `Retry-After` says, in seconds; as a date it is not looked at. Names of headers in small letters."""
    text = headers.get("retry-after", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        return Duration(MINUTE) if text else None
    return Duration(max(SECOND, min(int(text) * SECOND, LONGEST_REST)))


_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def moment(text: str) -> Instant:
    """A moment in ISO 8601. One without an offset is taken for UTC.

    Raises:
        Unreadable: it is no moment, or none between 1970 and the year 3000.

    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"no moment: {text[:40]!r}") from None
    if not 1970 < found.year < 3000:
        raise Unreadable(f"no moment of our time: {text[:40]!r}")
    aware = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return Instant((aware - _EPOCH) // _MICROSECOND)


def moment_written(at: Instant) -> str:
    """A moment in ISO 8601, in UTC."""
    return (_EPOCH + at * _MICROSECOND).isoformat(timespec="microseconds").replace("+00:00", "Z")
