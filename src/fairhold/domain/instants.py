"""Points in time and lengths of time, as whole microseconds.

The domain never asks what time it is: every instant arrives as an argument. Reading and writing RFC 3339
is the business of the faces.
"""

from typing import NewType

Instant = NewType("Instant", int)
"""Microseconds since 1970-01-01T00:00:00Z."""

Duration = NewType("Duration", int)
"""Microseconds."""

SECOND = Duration(1_000_000)
MINUTE = Duration(60 * SECOND)
HOUR = Duration(60 * MINUTE)
DAY = Duration(24 * HOUR)

LATEST = Instant(32_503_680_000 * SECOND)
"""The year 3000: no instant an order knows lies beyond it."""


def days(count: int) -> Duration:
    """`count` times 24 hours, whatever the calendar says (S4 counts 7 × 24 h)."""
    return Duration(count * DAY)


def hours(count: int) -> Duration:
    """`count` hours."""
    return Duration(count * HOUR)


def minutes(count: int) -> Duration:
    """`count` minutes."""
    return Duration(count * MINUTE)


def after(start: Instant, length: Duration) -> Instant:
    """The instant that lies `length` after `start`, at the latest the year 3000."""
    return min(Instant(start + length), LATEST)


def between(start: Instant, end: Instant) -> Duration:
    """The time from `start` to `end`; none where the end came first."""
    return Duration(max(0, end - start))
