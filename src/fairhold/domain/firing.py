"""What a deadline does when it comes: one event, dated with the deadline's own time however late it is applied."""

from functools import partial

from fairhold.domain.bargaining import BY_SYSTEM, granted_by_silence, opened_on_lapse, ruling_due
from fairhold.domain.coming import Because, Deadline
from fairhold.domain.dispute import Dispute, Outcome
from fairhold.domain.dispute_events import ChargebackLost, DisputeEscalated, OfferLapsed, RulingOverdue
from fairhold.domain.events import Cause, Event, OrderCancelled, ProtectionExtended
from fairhold.domain.order import Order
from fairhold.domain.settlement import refund, refund_with_postage, release, split


def fire(order: Order, deadline: Deadline) -> Event:
    """What happens at `deadline`, dated with its own time however late it is applied."""
    at = deadline.at
    match deadline.because:
        case Because.NOT_PAID:
            return OrderCancelled(at=at, by=BY_SYSTEM, lapsed=True)
        case Because.NOT_SHIPPED:
            return refund(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.NOT_SHIPPED)
        case Because.RETURNED_TO_SENDER:
            return refund(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.RETURNED_TO_SENDER)
        case Because.PROVIDER_LIMIT:
            return refund(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.PROVIDER_CEILING)
        case Because.SHIPPED_LAPSE_EXTENDS:
            length = order.terms.lapse_extension
            return ProtectionExtended(at=at, by=BY_SYSTEM, length=length, spans=deadline.spans, on_lapse=True)
        case Because.CONFIRMED:
            return release(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.CONFIRMED)
        case Because.DELIVERED:
            return release(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.CONFIRMATION_WINDOW)
        case Because.SHIPPED:
            return release(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.PROTECTION)
        case Because.SHIPPED_LAPSE_DISPUTES:
            return opened_on_lapse(order, deadline.spans, at=at)
        case Because.BANK_DECIDES:
            assert deadline.chargeback is not None
            return ChargebackLost(at=at, by=BY_SYSTEM, chargeback=deadline.chargeback)
        case _:
            dispute = order.dispute(deadline.dispute)
            assert dispute is not None
            return _fire_in_dispute(order, dispute, deadline)


def _fire_in_dispute(order: Order, dispute: Dispute, deadline: Deadline) -> Event:
    at = deadline.at
    settle = partial(split, order, dispute, at=at, by=BY_SYSTEM)
    match deadline.because:
        case Because.DEMANDED:
            return granted_by_silence(order, dispute, at=at)
        case Because.OFFERED:
            return OfferLapsed(at=at, by=BY_SYSTEM, dispute=dispute.id, number=dispute.offers[-1].number)
        case Because.NEGOTIATED:
            return DisputeEscalated(at=at, by=BY_SYSTEM, dispute=dispute.id, due=ruling_due(order, at))
        case Because.CLAIMED | Because.CLAIM_OVERDUE:
            return RulingOverdue(at=at, by=BY_SYSTEM, dispute=dispute.id, due=ruling_due(order, at))
        case Because.RULED:
            return settle(dispute.rulings[-1].refund, outcome=Outcome.RULED)
        case Because.RETURN_AGREED:
            return settle(0, outcome=Outcome.NOT_SENT_BACK)
        case Because.SENT_BACK:
            return settle(refund_with_postage(dispute), outcome=Outcome.RETURNED)
        case Because.RESEND_AGREED:
            return settle(dispute.amount, outcome=Outcome.NOT_RESENT)
        case Because.UNDECIDED:
            return settle(dispute.amount, outcome=Outcome.UNDECIDED)
        case Because.DISPUTE_PROVIDER_LIMIT:
            return settle(dispute.amount, outcome=Outcome.PROVIDER_CEILING)
        case _:
            raise AssertionError(f"{deadline.because} is no deadline of a dispute")
