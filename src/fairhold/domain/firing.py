"""What a deadline does when it comes, dated with its own time however late it is applied."""

from fairhold.domain.actors import Role
from fairhold.domain.bank_money import refunded, settled
from fairhold.domain.bargaining import BY_SYSTEM, granted_by_silence, opened_on_lapse, ruling_due
from fairhold.domain.coming import Because, Deadline
from fairhold.domain.deciding import OUTCOMES, decided_by
from fairhold.domain.dispute import Dispute
from fairhold.domain.dispute_events import ChargebackLost, DisputeEscalated, OfferLapsed, RulingOverdue
from fairhold.domain.events import Cause, Event, OrderCancelled, ProtectionExtended
from fairhold.domain.instants import after
from fairhold.domain.order import Order
from fairhold.domain.review_events import ReviewsClosed
from fairhold.domain.reviewing import automatic_reviews
from fairhold.domain.settlement import release
from fairhold.domain.support_events import AccidentOverdue, ExtensionPassedOn

_RELEASES: dict[Because, Cause] = {
    Because.CONFIRMED: Cause.CONFIRMED,
    Because.ACCIDENT_SETTLES: Cause.CONFIRMED,
    Because.ACCIDENT_OVERDUE: Cause.CONFIRMED,
    Because.DELIVERED: Cause.CONFIRMATION_WINDOW,
    Because.SHIPPED: Cause.PROTECTION,
}
_REFUNDS: dict[Because, Cause] = {
    Because.NOT_SHIPPED: Cause.NOT_SHIPPED,
    Because.RETURNED_TO_SENDER: Cause.RETURNED_TO_SENDER,
    Because.PROVIDER_LIMIT: Cause.PROVIDER_CEILING,
}


def fire(order: Order, deadline: Deadline) -> Event:
    """What happens at `deadline`, dated with its own time however late it is applied.

    Where what the buyer's bank took has to be counted elsewhere first, it is that; the deadline is then still due.
    """
    at = deadline.at
    because = deadline.because
    if because in _REFUNDS:
        return refunded(order, deadline.spans, at=at, by=BY_SYSTEM, cause=_REFUNDS[because])[0]
    if because in _RELEASES:
        return release(order, deadline.spans, at=at, by=BY_SYSTEM, cause=_RELEASES[because])
    match because:
        case Because.NOT_PAID:
            return OrderCancelled(at=at, by=BY_SYSTEM, lapsed=True)
        case Because.SHIPPED_LAPSE_EXTENDS:
            length = order.terms.lapse_extension
            return ProtectionExtended(at=at, by=BY_SYSTEM, length=length, spans=deadline.spans, on_lapse=True)
        case Because.SHIPPED_LAPSE_DISPUTES:
            return opened_on_lapse(order, deadline.spans, at=at)
        case Because.ACCIDENT_REPORTED:
            return AccidentOverdue(at=at, by=BY_SYSTEM)
        case Because.EXTENSION_ASKED:
            due = after(at, order.terms.extension_answer)
            return ExtensionPassedOn(at=at, by=BY_SYSTEM, to=Role.SUPPORT, due=due)
        case Because.EXTENSION_WITH_SUPPORT:
            # Nobody comes after the operator; until they answer, protection goes on as it was.
            return ExtensionPassedOn(at=at, by=BY_SYSTEM, to=Role.OPERATOR)
        case Because.BANK_DECIDES:
            assert deadline.chargeback is not None
            return ChargebackLost(at=at, by=BY_SYSTEM, chargeback=deadline.chargeback)
        case Because.REVIEWS_OPEN:
            return ReviewsClosed(at=at, by=BY_SYSTEM, automatic=automatic_reviews(order))
        case _:
            dispute = order.dispute(deadline.dispute)
            assert dispute is not None
            return _fire_in_dispute(order, dispute, deadline)[0]


def _fire_in_dispute(order: Order, dispute: Dispute, deadline: Deadline) -> tuple[Event, ...]:
    at, because = deadline.at, deadline.because
    match because:
        case Because.DEMANDED:
            return granted_by_silence(order, dispute, at=at)
        case Because.OFFERED:
            return (OfferLapsed(at=at, by=BY_SYSTEM, dispute=dispute.id, number=dispute.offers[-1].number),)
        case Because.NEGOTIATED:
            return (DisputeEscalated(at=at, by=BY_SYSTEM, dispute=dispute.id, due=ruling_due(order, at)),)
        case Because.CLAIMED | Because.CLAIM_OVERDUE:
            return (RulingOverdue(at=at, by=BY_SYSTEM, dispute=dispute.id, due=ruling_due(order, at)),)
        case _:
            decided = decided_by(dispute, because)
            assert decided is not None, f"{because} ends no dispute"
            return settled(order, dispute, decided, at=at, by=BY_SYSTEM, outcome=OUTCOMES[because])
