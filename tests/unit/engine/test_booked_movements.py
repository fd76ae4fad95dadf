"""Every event that books on a provider's account has its line in the table of what providers state."""

from typing import get_args

from fairhold.domain.dispute_events import ChargebackMoved, DisputeSettled
from fairhold.domain.events import PortionsRefunded, PortionsReleased, ReceiptConfirmed, ReceiptUndone
from fairhold.domain.payout_events import PayoutFailed, PayoutStarted
from fairhold.domain.refund_events import RefundPaidElsewhere
from fairhold.engine.books.movements import KINDS
from fairhold.ledger import posting

INSIDE = {
    ChargebackMoved,
    DisputeSettled,
    PayoutFailed,
    PayoutStarted,
    PortionsRefunded,
    PortionsReleased,
    ReceiptConfirmed,
    ReceiptUndone,
    RefundPaidElsewhere,
}
"""Events that move money between our own accounts alone."""


def test_whatever_is_booked_with_a_provider_is_stated_as_something() -> None:
    moving = {*get_args(posting._Moving), *get_args(posting._Paying)}
    assert moving - INSIDE == set(KINDS)
