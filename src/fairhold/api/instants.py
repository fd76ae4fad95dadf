"""Moments at the edge: RFC 3339 text in; `words/dates.py` writes it."""

import re
from datetime import UTC, datetime, timedelta, timezone

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
