"""When the seller's money comes: each open part of the order, with the sum after commission and the reason for the date."""

import msgspec

from fairhold.domain.deadlines import Because, Effect, deadlines
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.settlement import net_of, with_commission


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """A release to come (minor units). `latest`: it may come sooner, should the buyer confirm."""

    at: Instant
    latest: bool
    gross: int
    fee: int
    net: int
    because: Because
    lines: tuple[LineId, ...]


def forecast(order: Order) -> tuple[Forecast, ...]:
    """Every release that deadlines would bring, soonest first; what is not shipped yet has no date and is left out."""
    found = []
    for deadline in deadlines(order):
        if deadline.effect not in (Effect.RELEASE, Effect.EXTEND):
            continue
        gross, fee, net = net_of(order, deadline.spans)
        order = with_commission(order, deadline.spans)
        found.append(
            Forecast(
                at=deadline.at,
                latest=deadline.because is not Because.CONFIRMED,
                gross=gross,
                fee=fee,
                net=net,
                because=deadline.because,
                lines=deadline.lines,
            )
        )
    return tuple(found)
