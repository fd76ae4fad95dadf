"""What all providers' readers need: words, and messages as they are documented.

Of a moment without an offset nobody says whose clock it was, and it is taken for UTC. The buyer's time runs from when a
delivery is learned of at the earliest, so a scan that is taken to be older than it is costs nobody a day, and every repeat
of it is the same scan.
"""

from typing import TypeVar

import msgspec

from fairhold.domain.order import ParcelStatus
from fairhold.engine.outside.destinations import Unreadable

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
