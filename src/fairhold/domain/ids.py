"""Names of orders and of what belongs to them.

An order's id is 20 characters of lower-case Crockford base32 over 100 bits: 44 bits of milliseconds since 1970,
40 bits that tell apart the orders of one millisecond, 16 bits of lane. Ids therefore sort by time, and whoever holds
one knows the lane without asking. Names of lines and parcels begin with six characters of their order's id, so that
another order's line is simply unknown here.
"""

from functools import lru_cache
from typing import NewType

OrderId = NewType("OrderId", str)
LineId = NewType("LineId", str)
ShipmentId = NewType("ShipmentId", str)
PersonId = NewType("PersonId", str)
Lane = NewType("Lane", int)

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ORDER_ID_LENGTH = 20
ORDER_ID_PATTERN = f"^[{ALPHABET}]{{{ORDER_ID_LENGTH}}}$"
LANE_BITS = 16
CHANCE_BITS = 40
MAX_LANE = (1 << 15) - 1
_LANE_MASK = (1 << LANE_BITS) - 1

_TO_PYTHON = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")
"""From Crockford's digits to those that `int` reads in base 32: one call instead of a loop."""


def order_id(milliseconds: int, chance: int, lane: Lane) -> OrderId:
    """The id of an order placed at `milliseconds` since 1970, told apart by `chance` (40 bits), in `lane` (0…32767)."""
    if not 0 <= lane <= MAX_LANE or not 0 <= chance < 1 << CHANCE_BITS or not 0 <= milliseconds < 1 << 44:
        raise ValueError("an order id takes 44 bits of milliseconds, 40 of chance and a lane up to 32767")
    return OrderId(number_id((milliseconds << CHANCE_BITS | chance) << LANE_BITS | lane))


def number_id(number: int) -> str:
    """A number of up to 100 bits in the form of an order's id."""
    characters = []
    for _ in range(ORDER_ID_LENGTH):
        number, digit = divmod(number, 32)
        characters.append(ALPHABET[digit])
    return "".join(reversed(characters))


def is_order_id(text: str) -> bool:
    """Whether `text` has the form of an order's id."""
    return len(text) == ORDER_ID_LENGTH and not text.strip(ALPHABET) and lane_of(text) <= MAX_LANE


# A batch asks it of each of its orders several times.
@lru_cache(maxsize=2048)
def lane_of(order: str) -> Lane:
    """The lane that an order's id carries in its last 16 bits."""
    return Lane(int(order[-4:].translate(_TO_PYTHON), 32) & _LANE_MASK)


def tag_of(order: OrderId) -> str:
    """Six characters that hold the lowest of the order's chance bits: the beginning of the names of its lines and parcels."""
    return order[11:17]


def line_id(order: OrderId, position: int) -> LineId:
    """The name of the order's line at `position`, from 1."""
    return LineId(f"{tag_of(order)}-{position}")


def shipment_id(order: OrderId, position: int) -> ShipmentId:
    """The name of the order's parcel at `position`, from 1."""
    return ShipmentId(f"{tag_of(order)}-s{position}")


def order_number(order: OrderId) -> str:
    """A short number for people, such as `4817-2296`: a search key, not unique."""
    shown = f"{int(order[9:17].translate(_TO_PYTHON), 32) % 100_000_000:08d}"
    return f"{shown[:4]}-{shown[4:]}"
