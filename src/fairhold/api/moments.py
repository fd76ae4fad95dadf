"""Moments that may not be there."""

from fairhold.domain.instants import Instant
from fairhold.words.dates import rfc3339


def moment(at: Instant | None) -> str | None:
    """RFC 3339, or nothing."""
    return None if at is None else rfc3339(at)
