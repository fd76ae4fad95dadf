"""The commission on a line that has a fixed part, at every stage of its release (S2).

It is a function of how much of the line is the seller's by now and of nothing else: several small releases cost exactly
what one large release would, and what the buyer's bank takes and gives back costs nothing in the end.

The percentage comes first, and the fixed part pro rata of what that leaves. Both grow with what is released, and neither
faster than what it is taken from: so no release costs the seller more than it brings, and nothing taken back brings more.
Were the fixed part rounded by itself, both could round up at the same minor unit and take two of it.
"""

from typing import NamedTuple

from fairhold.domain.money import half_even

BASIS_POINTS = 10_000


class Taken(NamedTuple):
    """What a commission is made of (minor units)."""

    percentage: int
    fixed: int

    @property
    def fee(self) -> int:
        """All of it."""
        return self.percentage + self.fixed


def on_line(total: int, rate: int, fixed: int, released: int) -> Taken:
    """What has been taken of a line worth `total` once `released` of it is the seller's (minor units; a rate in basis points).

    All of the fixed part once all is released, or as much of it as the percentage leaves of the line.
    """
    percentage = half_even(rate * released, BASIS_POINTS)
    whole = total - half_even(rate * total, BASIS_POINTS)
    if not whole:
        return Taken(percentage, 0)
    return Taken(percentage, half_even(min(fixed, whole) * (released - percentage), whole))
