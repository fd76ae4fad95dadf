"""Notes down what each order owes its seller and how far its payouts have come, from what is heard of orders."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from fairhold.domain.dispute_events import ChargebackMoved, ChargebackWon, DisputeSettled
from fairhold.domain.events import Event, PortionsReleased
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order, PaymentState
from fairhold.domain.payout_sums import due, passed_on, starting
from fairhold.engine.kernel.codec import decode_event, decode_order
from fairhold.engine.kernel.news import Turn
from fairhold.engine.ports.payouts import Part, PartStage, PayoutRows, Purse
from fairhold.engine.ports.store import Reader
from fairhold.ledger.posting import moves_money

_RELEASING = (PortionsReleased, DisputeSettled, ChargebackMoved, ChargebackWon)
CAUGHT_UP = "purses_caught_up"
"""The setting that says up to which order those of before are written down."""
_DONE = "done"
_AT_ONCE = 200


class Purses:
    """Listens. `woken` is called when a payout may go on."""

    def __init__(self, rows: PayoutRows) -> None:
        self._rows = rows
        self.woken: Callable[[], None] = lambda: None

    def hear(self, turns: Sequence[Turn]) -> None:
        """Write down where the money of these orders is. Hearing the same again changes nothing.

        A turn without events is one of whoever looked at the order because they do not know whether it has been heard of.
        """
        moved = [turn for turn in turns if not turn.events or any(moves_money(event) for _, event in turn.events)]
        purses = [purse for turn in moved if (purse := purse_of(turn)) is not None]
        if purses:
            self._rows.keep_purses(purses)
        parts = [part for turn in turns if turn.order.payouts for part in parts_of(turn.order)]
        if parts:
            self._rows.set_parts(parts)
            self.woken()


def purse_of(turn: Turn) -> Purse | None:
    """Where the order's money is; None where there never was any."""
    order = turn.order
    if order.payment is not PaymentState.RECEIVED or order.payment_method is None or order.paid_at is None:
        return None
    money = order.money
    return Purse(
        order=order.id,
        version=order.version,
        buyer=order.buyer,
        seller=order.seller,
        currency=order.currency,
        provider=order.payment_method.partition(":")[0],
        paid_at=order.paid_at,
        changed_at=turn.events[-1][1].at if turn.events else order.paid_at,
        paid=money.paid,
        held=money.held,
        settling=money.settling,
        released=money.released,
        fee=money.fee,
        refunded=money.refunded,
        charged_back=money.charged_back,
        due=due(order),
        on_its_way=starting(order),
        passed_on=passed_on(order) - starting(order),
        released_at=_released_at(turn),
    )


def _released_at(turn: Turn) -> Instant | None:
    return max((event.at for _, event in turn.events if isinstance(event, _RELEASING)), default=None)


def parts_of(order: Order) -> Iterator[Part]:
    """How far the order's parts of payouts have come."""
    for part in order.payouts:
        yield Part(part.payout, order.id, part.amount, PartStage(part.state.value), part.why, part.taken_back)


class Settings(Protocol):
    """Where it is kept how far one has come."""

    def setting(self, name: str) -> str | None:
        """Its value."""
        ...

    def set_setting(self, name: str, value: str) -> None:
        """Write it."""
        ...


class CatchingUp:
    """Writes down the orders of before there were payouts, some at a time, once in the life of an installation."""

    def __init__(self, rows: PayoutRows, reader: Reader, settings: Settings) -> None:
        self._rows = rows
        self._reader = reader
        self._settings = settings
        self._done = False

    def once(self) -> bool:
        """Some more of them; whether there may be others."""
        if self._done:
            return False
        place = self._settings.setting(CAUGHT_UP)
        orders = [] if place == _DONE else self._reader.scan_orders(place, _AT_ONCE)
        turns = [Turn(decode_order(row.snapshot), self._events(OrderId(row.id))) for row in orders]
        purses = [purse for turn in turns if (purse := purse_of(turn)) is not None]
        if purses:
            self._rows.keep_purses(purses)
        self._done = not orders
        self._settings.set_setting(CAUGHT_UP, _DONE if self._done else orders[-1].id)
        return not self._done

    def _events(self, order: OrderId) -> tuple[tuple[int, Event], ...]:
        return tuple((stored.seq, decode_event(stored.data)) for stored in self._reader.events(order))
