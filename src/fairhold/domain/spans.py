"""A stretch of units of one line: what portions, parcels and disputes are made of."""

import msgspec

from fairhold.domain.ids import LineId


class Span(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """`quantity` units of a line, from unit `start` on."""

    line: LineId
    start: int
    quantity: int
