"""The daily head: one signed line over the chains of all orders that changed on a day, each day hashing the one before.

What is signed is plain text, so that it can be checked with `openssl` alone:

    fairhold daily head v1
    2026-05-19
    <hash of the message of the head before, or 64 zeros>
    <root of the tree over the day's orders>
    <how many orders>
"""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from fairhold.proof.chain import HASH_BYTES

FIRST = bytes(HASH_BYTES)
"""Stands for the head before the first."""
_EPOCH = date(1970, 1, 1)
_LAST_DAY = (date(9999, 12, 31) - _EPOCH).days


def message(day: int, previous: bytes, root: bytes, count: int) -> bytes:
    """What is signed; `day` counts from 1970-01-01, in UTC."""
    lines = ("fairhold daily head v1", day_text(day), previous.hex(), root.hex(), str(count), "")
    return "\n".join(lines).encode()


def link(signed: bytes) -> bytes:
    """What the next head says of the one with this message."""
    return sha256(signed).digest()


def day_text(day: int) -> str:
    """The day as `2026-05-19`."""
    return (_EPOCH + timedelta(days=day)).isoformat()


def day_of(text: str) -> int | None:
    """The day that `2026-05-19` names; None where the text is no such date."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    day = (found - _EPOCH).days
    return day if found.isoformat() == text and 0 <= day <= _LAST_DAY else None


def moment_text(microseconds: int) -> str:
    """The moment as `2026-05-19T15:40:00Z`, with six digits of a second where there are any."""
    seconds, rest = divmod(microseconds, 1_000_000)
    shown = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{shown}.{rest:06d}Z" if rest else f"{shown}Z"
