"""What happens to an order's refunds on their way to the buyer. Total, as all of `evolve`."""

from collections.abc import Callable

import msgspec

from fairhold.domain.events import RefundPaid
from fairhold.domain.order import Order, Refund
from fairhold.domain.refund_events import RefundPaidElsewhere, RefundReturned, RefundSentAgain

replace = msgspec.structs.replace


def refund_paid(order: Order, event: RefundPaid) -> Order:
    """The provider carried the refund out."""
    return _changed(order, event.number, lambda refund: replace(refund, paid_at=event.at))


def refund_returned(order: Order, event: RefundReturned) -> Order:
    """It is owed again."""
    return _changed(order, event.number, lambda refund: replace(refund, paid_at=None, returned_why=event.why))


def refund_sent_again(order: Order, event: RefundSentAgain) -> Order:
    """Another takes its place."""
    changed = _changed(order, event.returned, lambda refund: replace(refund, again=event.number))
    of = next((refund.attempt for refund in order.refunds if refund.number == event.returned), 0)
    return replace(changed, refunds=(*changed.refunds, Refund(event.number, event.amount, attempt=of)))


def refund_paid_elsewhere(order: Order, event: RefundPaidElsewhere) -> Order:
    """The buyer has it."""
    return _changed(order, event.number, lambda refund: replace(refund, paid_at=event.at, elsewhere=event.reference))


def _changed(order: Order, number: int, change: Callable[[Refund], Refund]) -> Order:
    refunds = tuple(change(refund) if refund.number == number else refund for refund in order.refunds)
    return replace(order, refunds=refunds)
