"""How much of an order's money has left for its seller, and how much is yet to."""

from fairhold.domain.order import Order
from fairhold.domain.payout import PayoutState


def passed_on(order: Order) -> int:
    """What of the order's money is with the seller, or on its way to them (minor units)."""
    return sum(part.left for part in order.payouts)


def due(order: Order) -> int:
    """What of the order's money is yet to be passed on to the seller (minor units).

    Below zero: a buyer's bank took back what the seller had been paid out, and they owe it (S21).
    """
    return order.money.released - passed_on(order) if order.payouts else order.money.released


def starting(order: Order) -> int:
    """What the provider was asked to pass on and has not answered for (minor units)."""
    return sum(part.amount for part in order.payouts if part.state is PayoutState.STARTED)
