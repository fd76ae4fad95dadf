"""Answers of others over HTTP: read up to a bound, and what they say of waiting."""

from collections.abc import Mapping

import httpx2

from fairhold.domain.instants import HOUR, MINUTE, SECOND, Duration
from fairhold.engine.outside import TryLater

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
