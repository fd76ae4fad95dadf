"""What all providers' readers need: moments, words, and messages as they are documented."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from fairhold.domain.instants import Instant
from fairhold.domain.order import ParcelStatus
from fairhold.engine.tracking_ports import Unreadable

LONGEST_NOTE = 200
COMMON_WORDS = {
    "InfoReceived": ParcelStatus.INFO_RECEIVED,
    "InTransit": ParcelStatus.IN_TRANSIT,
    "OutForDelivery": ParcelStatus.OUT_FOR_DELIVERY,
    "AvailableForPickup": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "Delivered": ParcelStatus.DELIVERED,
    "Exception": ParcelStatus.EXCEPTION,
    "Expired": ParcelStatus.EXPIRED,
}
"""What AfterShip and 17TRACK call alike."""

_T = TypeVar("_T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def moment(text: str) -> Instant:
    """A moment in ISO 8601. One without an offset is taken for UTC.

    Nobody says whose clock that was. The buyer's time runs from when a delivery is learned of at the earliest, so a scan that is
    taken to be older than it is costs nobody a day, and every repeat of it is the same scan.

    Raises:
        Unreadable: it is no moment, or none between 1970 and the year 3000.

    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"no moment: {text!r}") from None
    if not 1970 < found.year < 3000:
        raise Unreadable(f"no moment of a parcel: {text!r}")
    aware = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return Instant((aware - _EPOCH) // _MICROSECOND)


def printable(text: str | None) -> str | None:
    """A provider's words as a note or a place: on one line, not longer than there is room for; None where there are none."""
    words = "".join(letter if letter.isprintable() else " " for letter in text or "").split()
    return " ".join(words)[:LONGEST_NOTE].rstrip() or None


def read_json(body: bytes, shape: type[_T]) -> _T:
    """A message as its provider documents it.

    Raises:
        Unreadable: it is something else.

    """
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from None


def read_part(part: object, shape: type[_T]) -> _T:
    """A part of a message that was read as JSON already.

    Raises:
        Unreadable: it is not what the provider documents.

    """
    try:
        return msgspec.convert(part, shape)
    except msgspec.ValidationError as error:
        raise Unreadable(str(error)) from None
