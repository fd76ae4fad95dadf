"""Disputes: opening them, bargaining, sending goods back or anew, withdrawing (S17, S18, S20)."""

import msgspec

from fairhold.domain.actors import Actor, Role
from fairhold.domain.bank_money import settled
from fairhold.domain.bargaining import BY_SYSTEM, agreed, opened, ruling_due
from fairhold.domain.commands import (
    AcceptOffer,
    ContestReturnedParcel,
    MakeOffer,
    OpenDispute,
    ReceiveReturn,
    SendMessage,
    ShipReplacement,
    ShipReturn,
    WithdrawDispute,
)
from fairhold.domain.conditions import contestable, disputable, why_not_contestable, why_not_disputable
from fairhold.domain.dispute import DemandKind, Dispute, DisputeReason, DisputeState, Offer, Outcome, dispute_id
from fairhold.domain.dispute_events import (
    DisputeEscalated,
    DisputeOpened,
    DisputeWithdrawn,
    MessageSent,
    OfferMade,
    ReplacementShipped,
    ReturnShipped,
)
from fairhold.domain.dispute_guards import guarded, room_for
from fairhold.domain.events import Event
from fairhold.domain.ids import shipment_id
from fairhold.domain.instants import Duration, Instant, after
from fairhold.domain.order import Order, Portion
from fairhold.domain.portions import chosen, worth_of
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.restoring import restoring
from fairhold.domain.settlement import in_dispute, refund_with_postage
from fairhold.domain.status import is_late

Decision = tuple[Event, ...] | Refusal

_ONCE_LATE = frozenset({DisputeReason.NOT_RECEIVED, DisputeReason.LATE})
"""Reasons that wait until the parcel is late, or until tracking claims what the buyer denies (S20)."""


def open_dispute(order: Order, command: OpenDispute, actor: Actor, now: Instant) -> Decision:
    """The buyer says what is wrong and what they want; these units' clocks stop, all others run on (S12, S17)."""
    if not command.lines:
        return Refusal(Reason.NOTHING_SELECTED, "lines")
    if command.reason is DisputeReason.RETURNED_PARCEL:
        return Refusal(Reason.INVALID, "reason")
    if command.reason in _ONCE_LATE:
        late = [
            portion
            for portion in order.portions
            if disputable(order, portion) and _grounds(order, command, portion, now)
        ]
        if not late:
            return Refusal(Reason.NOT_LATE_YET, "reason")
    spans = chosen(
        order,
        command.lines,
        lambda portion: disputable(order, portion) and _grounds(order, command, portion, now),
        lambda order, line: _why_not(order, command, line),
        preferred=lambda portion: (portion.window_ends is None, portion.start),
    )
    if isinstance(spans, Refusal):
        return spans
    demand, whole = command.demand, worth_of(order, spans)
    if demand.kind is DemandKind.RESEND and demand.amount is not None:
        return Refusal(Reason.RETURN_OR_RESEND, "demand.amount")
    if demand.amount == 0:
        return Refusal(Reason.NOTHING_DEMANDED, "demand.amount")
    if demand.amount is not None and demand.amount > whole:
        return Refusal(Reason.DEMAND_ABOVE_DISPUTED, "demand.amount", whole)
    made = opened(
        order, spans, command.reason, demand.kind, at=now, by=str(actor), amount=demand.amount, words=command.text
    )
    return (msgspec.structs.replace(made, evidence=command.evidence),)


def _grounds(order: Order, command: OpenDispute, portion: Portion, now: Instant) -> bool:
    """S20: late is past the promised day; «not received» can also be said as soon as tracking claims the opposite."""
    if command.reason not in _ONCE_LATE or is_late(order, portion, now):
        return True
    return command.reason is DisputeReason.NOT_RECEIVED and portion.window_ends is not None


def _why_not(order: Order, command: OpenDispute, line: str) -> Reason:
    if any(portion.line == line and disputable(order, portion) for portion in order.portions):
        return Reason.NOT_LATE_YET
    return why_not_disputable(order, line)  # type: ignore[arg-type]  # a name that `chosen` has found


def contest_returned_parcel(order: Order, command: ContestReturnedParcel, actor: Actor, now: Instant) -> Decision:
    """The seller says that what came back is not what was sent, or not the whole story: a mediator rules."""
    if command.lines:
        spans = chosen(order, command.lines, lambda portion: contestable(order, portion), why_not_contestable)
        if isinstance(spans, Refusal):
            return spans
    else:
        spans = tuple(portion.span for portion in order.portions if contestable(order, portion))
    return (
        DisputeOpened(
            at=now,
            by=str(actor),
            dispute=dispute_id(order.id, len(order.disputes) + 1),
            reason=DisputeReason.RETURNED_PARCEL,
            demand=DemandKind.REFUND,
            spans=spans,
            amount=worth_of(order, spans),
            ruling_due=ruling_due(order, now),
            text=command.text,
            evidence=command.evidence,
        ),
    )


def make_offer(order: Order, command: MakeOffer, actor: Actor, now: Instant) -> Decision:
    """An offer replaces the one on the table; the seller's first one is the answer to the demand (S18)."""
    dispute = guarded(order, command.dispute)
    if command.refund > dispute.amount:
        return Refusal(Reason.REFUND_ABOVE_WHAT_IS_LEFT, "refund", dispute.amount)
    if command.resend and (command.return_goods or command.refund):
        return Refusal(Reason.RETURN_OR_RESEND, "resend")
    if command.return_goods and (dispute.contested or dispute.reason is DisputeReason.RETURNED_PARCEL):
        # The seller has the goods already; who has nothing to send back would lose both.
        return Refusal(Reason.INVALID, "return_goods")
    if command.resend and actor.role is not Role.SELLER:
        return Refusal(Reason.ONLY_SELLER_RESENDS, "resend")
    if command.return_goods and not command.refund:
        return Refusal(Reason.NOTHING_DEMANDED, "refund")
    if not command.refund and not command.resend and actor.role is Role.BUYER:
        return Refusal(Reason.NOTHING_DEMANDED, "refund")
    waiting = dispute.state is DisputeState.AWAITING_ANSWER and actor.role is Role.BUYER
    offer = Offer(
        number=len(dispute.offers) + 1,
        by=actor.role,
        refund=command.refund,
        return_goods=command.return_goods,
        resend=command.resend,
        expires=None if waiting else after(now, order.terms.disputes.offer),
    )
    if dispute.offer is not None and _same(dispute.offer, offer):
        return Refusal(Reason.SAME_OFFER, "refund")
    made = OfferMade(at=now, by=str(actor), dispute=dispute.id, offer=offer, text=command.text)
    if actor.role is Role.SELLER and _too_late_to_bargain(dispute, now):
        due = ruling_due(order, now)
        return (made, DisputeEscalated(at=now, by=BY_SYSTEM, dispute=dispute.id, due=due))
    return (made,)


def _too_late_to_bargain(dispute: Dispute, now: Instant) -> bool:
    """Whether the answer comes when the time to negotiate, kept short by the provider's ceiling, is over already."""
    waiting = dispute.state is DisputeState.AWAITING_ANSWER and dispute.negotiation_due is not None
    return waiting and dispute.negotiation_due is not None and dispute.negotiation_due <= now


def _same(before: Offer, offer: Offer) -> bool:
    """Whether the same side says the same again."""
    said = [(one.by, one.refund, one.return_goods, one.resend) for one in (before, offer)]
    return said[0] == said[1]


def accept_offer(order: Order, command: AcceptOffer, actor: Actor, now: Instant) -> Decision:
    """The other side takes the newest offer; an older one was replaced, and an unknown one never made."""
    dispute = guarded(order, command.dispute)
    if command.number > len(dispute.offers):
        return Refusal(Reason.UNKNOWN_OFFER)
    return agreed(order, dispute, dispute.offers[-1], at=now, by=str(actor))


def withdraw_dispute(order: Order, command: WithdrawDispute, actor: Actor, now: Instant) -> Decision:
    """The clocks run on with what was left; while they do, it can be opened again (S17)."""
    dispute = guarded(order, command.dispute)
    restored = tuple(
        restoring(order, portion, portion.span, since=dispute.opened_at, now=now, minimum=Duration(0))
        for portion in in_dispute(order, dispute)
    )
    return (DisputeWithdrawn(at=now, by=str(actor), dispute=dispute.id, restored=restored),)


def send_message(order: Order, command: SendMessage, actor: Actor, now: Instant) -> Decision:
    """Words and photos, for both sides and the mediator."""
    dispute = guarded(order, command.dispute)
    refusal = room_for(dispute, command.evidence)
    if refusal is not None:
        return refusal
    text, evidence = command.text, command.evidence
    return (MessageSent(at=now, by=str(actor), dispute=dispute.id, text=text, evidence=evidence),)


def ship_return(order: Order, command: ShipReturn, actor: Actor, now: Instant) -> Decision:
    """The goods go back; the seller answers at the latest when any parcel should long have come."""
    dispute = guarded(order, command.dispute)
    if command.postage > dispute.amount:
        return Refusal(Reason.REFUND_ABOVE_WHAT_IS_LEFT, "postage", dispute.amount)
    due = after(after(now, order.terms.late_after), order.terms.disputes.return_inspection)
    return (
        ReturnShipped(
            at=now,
            by=str(actor),
            dispute=dispute.id,
            shipment=shipment_id(order.id, len(order.shipments) + 1),
            carrier=command.carrier,
            tracking_number=command.tracking_number,
            due=due,
            postage=command.postage,
        ),
    )


def receive_return(order: Order, command: ReceiveReturn, actor: Actor, now: Instant) -> Decision:
    """As agreed, and the buyer is paid; or not, and a mediator rules."""
    dispute = guarded(order, command.dispute)
    if command.accepted:
        decided = refund_with_postage(dispute)
        return settled(order, dispute, decided, at=now, by=str(actor), outcome=Outcome.RETURNED)
    if command.text is None:
        return Refusal(Reason.INVALID, "text")
    refusal = room_for(dispute, command.evidence)
    if refusal is not None:
        return refusal
    return (
        DisputeEscalated(
            at=now,
            by=str(actor),
            dispute=dispute.id,
            due=ruling_due(order, now),
            contested=True,
            text=command.text,
            evidence=command.evidence,
        ),
    )


def ship_replacement(order: Order, command: ShipReplacement, actor: Actor, now: Instant) -> Decision:
    """The goods go out again, with a protection of their own."""
    dispute = guarded(order, command.dispute)
    return (
        ReplacementShipped(
            at=now,
            by=str(actor),
            dispute=dispute.id,
            shipment=shipment_id(order.id, len(order.shipments) + 1),
            carrier=command.carrier,
            tracking_number=command.tracking_number,
            spans=tuple(portion.span for portion in in_dispute(order, dispute)),
            protection_ends=after(now, order.terms.protection),
        ),
    )
