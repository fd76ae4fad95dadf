"""What a release costs its seller: the commission on a line that has a fixed part, and the payment provider's fee (S2).

The commission is a function of how much of the line is the seller's by now and of nothing else: several small releases
cost exactly what one large release would, and what the buyer's bank takes and gives back costs nothing in the end.

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


def of_the_providers_fee(fee: int, kept: int, kept_of_all: int, *, first: bool) -> int:
    """What of the payment provider's `fee` the seller has borne once `kept` is theirs after commission (minor units).

    Pro rata of `kept_of_all`, what all of the order would bring them: all of the fee, or as much of it as that covers,
    once all of it is released. `first`: it is the first that is taken, so that all of it is theirs whatever is refunded.
    Neither grows faster than what it is taken from.
    """
    if first:
        return min(fee, kept)
    return half_even(min(fee, kept_of_all) * kept, kept_of_all) if kept_of_all else 0
