"""How much of what was paid the buyer's bank can still take back (S21), whatever has become of it here."""

from collections.abc import Iterator

from fairhold.domain.dispute import ChargebackState
from fairhold.domain.order import Order, PaymentState, Refund
from fairhold.domain.payment import AttemptState


def payments(order: Order) -> Iterator[int]:
    """What came in: 0 is the payment that paid the order, the others are attempts whose money came when nobody waited."""
    if order.payment is PaymentState.RECEIVED:
        yield 0
    yield from (attempt.number for attempt in order.attempts if attempt.state is AttemptState.RETURNED)


def in_reach(order: Order, payment: int) -> int:
    """What of that payment no bank has taken, or has taken and given back (minor units)."""
    taken = (one for one in order.chargebacks if one.attempt == payment and one.state is not ChargebackState.WON)
    return _paid_by(order, payment) - sum(one.amount for one in taken)


def taken_by_bank(order: Order, refund: Refund) -> bool:
    """Whether a bank has, or is deciding about, more of the refund's payment than was the order's: that is what goes back."""
    return any(one is not ChargebackState.WON for one in _beyond(order, refund))


def decided_by_bank(order: Order, refund: Refund) -> bool:
    """Whether the bank is not deciding about it just now: as long as it is, the money may yet be the marketplace's to send."""
    return ChargebackState.OPEN not in _beyond(order, refund)


def _beyond(order: Order, refund: Refund) -> set[ChargebackState]:
    return {one.state for one in order.chargebacks if one.beyond and one.attempt == refund.attempt}


def _paid_by(order: Order, payment: int) -> int:
    if payment:
        return sum(refund.amount for refund in order.refunds if refund.attempt == payment and not refund.again)
    return order.total if order.payment is PaymentState.RECEIVED else 0
