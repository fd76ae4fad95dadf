"""What happens to an order while its money is passed on to the seller. Total, as all of `evolve`."""

from collections.abc import Callable

import msgspec

from fairhold.domain.order import Order
from fairhold.domain.payout import PayoutPart, PayoutState
from fairhold.domain.payout_events import (
    PayoutAskedBack,
    PayoutFailed,
    PayoutNotTakenBack,
    PayoutReturned,
    PayoutSent,
    PayoutStarted,
    PayoutTakenBack,
)

replace = msgspec.structs.replace


def payout_started(order: Order, event: PayoutStarted) -> Order:
    """One more part is on its way."""
    part = PayoutPart(number=event.number, payout=event.payout, amount=event.amount, account=event.account)
    return replace(order, payouts=(*order.payouts, part))


def payout_sent(order: Order, event: PayoutSent) -> Order:
    """It has left."""
    return _changed(
        order, event.number, lambda part: replace(part, state=PayoutState.SENT, reference=event.reference, why="")
    )


def payout_failed(order: Order, event: PayoutFailed) -> Order:
    """It is here as before."""
    return _changed(order, event.number, lambda part: replace(part, state=PayoutState.FAILED, why=event.why))


def payout_returned(order: Order, event: PayoutReturned) -> Order:
    """It is here again; what was taken back of it before stays taken back."""
    return _changed(
        order, event.number, lambda part: replace(part, state=PayoutState.RETURNED, why=event.why, asked_back=0)
    )


def payout_asked_back(order: Order, event: PayoutAskedBack) -> Order:
    """An answer is awaited."""
    return _changed(
        order, event.number, lambda part: replace(part, asked_back=event.amount, asks=part.asks + 1, why="")
    )


def payout_taken_back(order: Order, event: PayoutTakenBack) -> Order:
    """So much less is with the seller."""
    return _changed(
        order,
        event.number,
        lambda part: replace(part, asked_back=0, taken_back=part.taken_back + event.amount),
    )


def payout_not_taken_back(order: Order, event: PayoutNotTakenBack) -> Order:
    """It is with the seller, as before."""
    return _changed(order, event.number, lambda part: replace(part, asked_back=0, why=event.why))


def _changed(order: Order, number: int, change: Callable[[PayoutPart], PayoutPart]) -> Order:
    payouts = tuple(change(part) if part.number == number else part for part in order.payouts)
    return replace(order, payouts=payouts)
