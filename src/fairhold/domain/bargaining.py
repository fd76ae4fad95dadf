"""How a dispute begins and what agreeing does: shared by the rules, by deadlines, and by whoever foretells either."""

from fairhold.domain.actors import Role
from fairhold.domain.bank_money import settled
from fairhold.domain.dispute import DemandKind, Dispute, DisputeReason, Offer, Outcome, dispute_id
from fairhold.domain.dispute_events import DisputeAgreed, DisputeOpened
from fairhold.domain.events import Event
from fairhold.domain.instants import Instant, after
from fairhold.domain.order import Order
from fairhold.domain.portions import worth_of
from fairhold.domain.spans import Span
from fairhold.domain.status import ceiling_of

BY_SYSTEM = "system"


def opened(
    order: Order,
    spans: tuple[Span, ...],
    reason: DisputeReason,
    demand: DemandKind,
    *,
    at: Instant,
    by: str,
    amount: int | None = None,
    words: str | None = None,
) -> DisputeOpened:
    """The buyer's dispute on these units; the demand is offer number 1 and lives until the seller's answer is due."""
    terms = order.terms.disputes
    whole = worth_of(order, spans)
    offer = Offer(
        number=1,
        by=Role.BUYER,
        refund=0 if demand is DemandKind.RESEND else whole if amount is None else amount,
        return_goods=demand is DemandKind.RETURN_AND_REFUND,
        resend=demand is DemandKind.RESEND,
    )
    return DisputeOpened(
        at=at,
        by=by,
        dispute=dispute_id(order.id, len(order.disputes) + 1),
        reason=reason,
        demand=demand,
        spans=spans,
        amount=whole,
        offer=offer,
        answer_due=after(at, terms.answer),
        negotiation_due=negotiation_due(order, at),
        undecided_after=None if terms.undecided_after is None else after(at, terms.undecided_after),
        text=words,
    )


def opened_on_lapse(order: Order, spans: tuple[Span, ...], *, at: Instant) -> DisputeOpened:
    """Protection ran out without proof of delivery: by policy, that is a dispute for all of it."""
    return opened(order, spans, DisputeReason.NOT_RECEIVED, DemandKind.REFUND, at=at, by=BY_SYSTEM)


def negotiation_due(order: Order, since: Instant) -> Instant:
    """Until when both may bargain: early enough before the provider's ceiling that a mediator has time to rule."""
    terms = order.terms.disputes
    ends = after(since, terms.negotiation)
    ceiling = ceiling_of(order)
    if ceiling is None:
        return ends
    return min(ends, max(since, Instant(ceiling - terms.ruling)))


def ruling_due(order: Order, since: Instant) -> Instant:
    """Until when a mediator rules."""
    return after(since, order.terms.disputes.ruling)


def agreed(
    order: Order, dispute: Dispute, offer: Offer, *, at: Instant, by: str, silence: bool = False
) -> tuple[Event, ...]:
    """What both want happens: money at once (S18), or goods have to travel first."""
    terms = order.terms
    if offer.resend:
        due = after(at, terms.shipping_deadline)
        return (DisputeAgreed(at=at, by=by, dispute=dispute.id, offer=offer, due=due, silence=silence),)
    if offer.return_goods:
        due = after(at, terms.disputes.return_shipping)
        return (DisputeAgreed(at=at, by=by, dispute=dispute.id, offer=offer, due=due, silence=silence),)
    outcome = Outcome.SILENCE if silence else Outcome.AGREED
    return settled(order, dispute, offer.refund, at=at, by=by, outcome=outcome)


def granted_by_silence(order: Order, dispute: Dispute, *, at: Instant) -> tuple[Event, ...]:
    """The seller said nothing: the buyer gets what they last asked for; where that was new goods, all their money."""
    offer = dispute.offers[-1]
    if offer.resend:
        return settled(order, dispute, dispute.amount, at=at, by=BY_SYSTEM, outcome=Outcome.SILENCE)
    return agreed(order, dispute, offer, at=at, by=BY_SYSTEM, silence=True)
