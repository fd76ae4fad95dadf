"""When the seller's money comes: each open part of the order, with the sum after commission and the reason for the date."""

from collections.abc import Iterator

import msgspec

from fairhold.domain.coming import SETTLING, Because, Deadline
from fairhold.domain.deadlines import soonest
from fairhold.domain.dispute import ChargebackState
from fairhold.domain.events import Event, PortionsReleased
from fairhold.domain.evolve import evolve
from fairhold.domain.firing import fire
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.settlement import borne_taken, fixed_taken


class Forecast(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A release to come (minor units); `fixed` is what of `fee` is its fixed part, `provider` the payment provider's fee in it.

    `latest`: it may come sooner, should the buyer confirm.
    """

    at: Instant
    latest: bool
    gross: int
    fee: int
    net: int
    because: Because
    lines: tuple[LineId, ...]
    fixed: int = 0
    provider: int = 0


def forecast(order: Order) -> tuple[Forecast, ...]:
    """Every release that comes if nobody acts, soonest first; what is not shipped yet has no date and is left out."""
    found = []
    for deadline, event, fixed, provider in _left_alone(order):
        if isinstance(event, PortionsReleased):
            found.append(
                Forecast(
                    at=event.at,
                    latest=deadline.because not in SETTLING,
                    gross=event.gross,
                    fee=event.fee,
                    net=event.gross - event.fee,
                    because=deadline.because,
                    lines=deadline.lines,
                    fixed=fixed,
                    provider=provider,
                )
            )
    return tuple(found)


def _left_alone(order: Order) -> Iterator[tuple[Deadline, Event, int, int]]:
    """What the order's deadlines bring, to its end, each with the fixed part and the provider's fee that are taken then.

    Nobody can foretell a dispute, or a bank.
    """
    decided = [msgspec.structs.replace(one, state=ChargebackState.LOST) for one in order.chargebacks]
    order = msgspec.structs.replace(order, disputes=(), chargebacks=tuple(decided))
    while (deadline := soonest(order)) is not None:
        event = fire(order, deadline)
        before, order = order, evolve(order, event)
        fixed, borne = fixed_taken(order) - fixed_taken(before), borne_taken(order) - borne_taken(before)
        yield deadline, event, fixed, borne
