"""Moments at the edge: RFC 3339 text in, RFC 3339 text in UTC out."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from fairhold.domain.instants import LATEST, Instant

_FORM = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def parse_instant(text: str) -> Instant | None:
    """The instant that `text` writes as RFC 3339, cut to microseconds; None where it is none from 1970 up to the year 3000."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, zone_hours, zone_minutes = found.groups()
    if sign and (int(zone_hours) > 23 or int(zone_minutes) > 59):
        return None
    offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes)) if sign else timedelta()
    zone = timezone(-offset if sign == "-" else offset)
    microseconds = int((fraction or "0").ljust(6, "0")[:6])
    try:
        there = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), microseconds, zone)
    except ValueError:
        return None
    # Not `astimezone`: it overflows at both ends of the calendar.
    at = (there.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND - (-offset if sign == "-" else offset) // _MICROSECOND
    return Instant(at) if 0 <= at <= LATEST else None


def rfc3339(at: Instant) -> str:
    """`2026-05-19T15:40:00Z`, with a fraction of six digits where there is one."""
    seconds, microseconds = divmod(at, 1_000_000)
    days, second = divmod(seconds, 86_400)
    if microseconds:
        return f"{_day(days)}T{_clock(second)}.{microseconds:06d}Z"
    return f"{_day(days)}T{_clock(second)}Z"


@lru_cache(maxsize=4096)
def _day(days: int) -> str:
    return (_EPOCH + timedelta(days)).strftime("%Y-%m-%d")


@lru_cache(maxsize=86_400)
def _clock(second: int) -> str:
    minutes, second = divmod(second, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"
