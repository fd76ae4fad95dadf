"""One function per event of a dispute or a chargeback: the order as it is after it. `evolve.py` holds the table of them."""

from collections.abc import Callable
from functools import partial

import msgspec

from fairhold.domain.actors import Role
from fairhold.domain.dispute import (
    Chargeback,
    ChargebackState,
    Dispute,
    DisputeId,
    DisputeState,
    Offer,
    Outcome,
    Ruling,
    Terminus,
)
from fairhold.domain.dispute_events import (
    ChargebackLost,
    ChargebackMoved,
    ChargebackReceived,
    ChargebackWon,
    ClaimTaken,
    DisputeAgreed,
    DisputeEscalated,
    DisputeOpened,
    DisputeRuled,
    DisputeSettled,
    DisputeWithdrawn,
    MessageSent,
    OfferLapsed,
    OfferMade,
    ReplacementShipped,
    ReturnArrived,
    ReturnShipped,
    RulingAppealed,
    RulingOverdue,
)
from fairhold.domain.event_shape import Restored
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order, Portion, PortionState, Refund, Shipment
from fairhold.domain.portions import rewrite, rewrite_each

replace = msgspec.structs.replace


def dispute_opened(order: Order, event: DisputeOpened) -> Order:
    """These units' clocks stand still; somebody owes an answer, or a ruling."""
    claimed = event.ruling_due is not None
    dispute = Dispute(
        id=event.dispute,
        reason=event.reason,
        demand=event.demand,
        spans=event.spans,
        amount=event.amount,
        opened_at=event.at,
        state=DisputeState.CLAIMED if claimed else DisputeState.AWAITING_ANSWER,
        offers=() if event.offer is None else (event.offer,),
        due=event.ruling_due if claimed else event.answer_due,
        negotiation_due=event.negotiation_due,
        undecided_after=event.undecided_after,
        claimed_at=event.at if claimed else None,
        evidence=event.evidence,
    )

    def disputed(portion: Portion) -> Portion:
        return replace(portion, state=PortionState.DISPUTED, dispute=event.dispute, disputed=portion.disputed + 1)

    return rewrite(replace(order, disputes=(*order.disputes, dispute)), event.spans, disputed)


def offer_made(order: Order, event: OfferMade) -> Order:
    """The offer is on the table; the seller's first one is the answer that the demand waited for."""

    def offered(dispute: Dispute) -> Dispute:
        answered = event.offer.by is Role.SELLER and dispute.state is DisputeState.AWAITING_ANSWER
        changed = replace(dispute, offers=(*dispute.offers, event.offer))
        if not answered:
            return changed
        return replace(
            changed,
            state=DisputeState.NEGOTIATING,
            answered_at=event.at,
            due=dispute.negotiation_due,
        )

    return _with(order, event.dispute, offered)


def offer_lapsed(order: Order, event: OfferLapsed) -> Order:
    """Nothing lies on the table."""
    return _with(order, event.dispute, lambda dispute: replace(dispute, offers=_off_the_table(dispute.offers)))


def _off_the_table(offers: tuple[Offer, ...]) -> tuple[Offer, ...]:
    return (*offers[:-1], replace(offers[-1], lapsed=True)) if offers else offers


def _time_to_rule(dispute: Dispute, ruling_due: Instant) -> Instant | None:
    """The policy's last day waits for a ruling that was asked for when it was near, or already past."""
    return None if dispute.undecided_after is None else max(dispute.undecided_after, ruling_due)


def dispute_agreed(order: Order, event: DisputeAgreed) -> Order:
    """It is agreed on; the goods travel first."""
    state = DisputeState.RESEND_DUE if event.offer.resend else DisputeState.RETURN_DUE
    return _with(
        order,
        event.dispute,
        lambda dispute: replace(dispute, state=state, due=event.due, overdue=False, agreed=event.offer),
    )


def dispute_escalated(order: Order, event: DisputeEscalated) -> Order:
    """A mediator owes a ruling. Where goods were sent back, what was agreed on is done and cannot be accepted again."""

    def escalated(dispute: Dispute) -> Dispute:
        return replace(
            dispute,
            state=DisputeState.CLAIMED,
            due=event.due,
            undecided_after=_time_to_rule(dispute, event.due) if event.contested else dispute.undecided_after,
            claimed_at=event.at,
            contested=event.contested,
            offers=_off_the_table(dispute.offers) if event.contested else dispute.offers,
            evidence=_joined(dispute.evidence, event.evidence),
        )

    return _with(order, event.dispute, escalated)


def claim_taken(order: Order, event: ClaimTaken) -> Order:
    """The mediator who reads the case is known."""
    mediator = PersonId(event.by.partition(":")[2])
    return _with(order, event.dispute, lambda dispute: replace(dispute, mediator=mediator))


def ruling_overdue(order: Order, event: RulingOverdue) -> Order:
    """The operator owes the ruling too, by a new day."""
    return _with(order, event.dispute, lambda dispute: replace(dispute, due=event.due, overdue=True))


def dispute_ruled(order: Order, event: DisputeRuled) -> Order:
    """The ruling stands unless one side appeals."""
    person = PersonId(event.by.partition(":")[2])
    ruling = Ruling(refund=event.refund, by=person, at=event.at)

    def ruled(dispute: Dispute) -> Dispute:
        return replace(
            dispute,
            state=DisputeState.RULED,
            due=event.effective_at,
            overdue=False,
            rulings=(*dispute.rulings, ruling),
            mediator=person,
        )

    return _with(order, event.dispute, ruled)


def ruling_appealed(order: Order, event: RulingAppealed) -> Order:
    """Another mediator owes another ruling."""

    def appealed(dispute: Dispute) -> Dispute:
        return replace(
            dispute,
            state=DisputeState.APPEALED,
            due=event.due,
            undecided_after=_time_to_rule(dispute, event.due),
            appealed_by=event.side,
            mediator=None,
            evidence=_joined(dispute.evidence, event.evidence),
        )

    return _with(order, event.dispute, appealed)


def message_sent(order: Order, event: MessageSent) -> Order:
    """What was said stands in the event; what was shown is on file."""

    def said(dispute: Dispute) -> Dispute:
        evidence = _joined(dispute.evidence, event.evidence)
        return replace(dispute, messages=dispute.messages + 1, evidence=evidence)

    return _with(order, event.dispute, said)


def return_shipped(order: Order, event: ReturnShipped) -> Order:
    """The goods travel back in a parcel of their own."""
    dispute = order.dispute(event.dispute)
    parcel = Shipment(
        id=event.shipment,
        carrier=event.carrier,
        tracking_number=event.tracking_number,
        shipped_at=event.at,
        spans=dispute.spans if dispute is not None else (),
        returns=event.dispute,
    )
    order = replace(order, shipments=(*order.shipments, parcel))

    def travelling(dispute: Dispute) -> Dispute:
        return replace(dispute, state=DisputeState.RETURNING, due=event.due, postage=event.postage)

    return _with(order, event.dispute, travelling)


def return_arrived(order: Order, event: ReturnArrived) -> Order:
    """The seller's time to look at the goods is known."""
    return _with(order, event.dispute, lambda dispute: replace(dispute, due=event.due))


def replacement_shipped(order: Order, event: ReplacementShipped) -> Order:
    """These units begin anew, in another parcel."""
    parcel = Shipment(
        id=event.shipment,
        carrier=event.carrier,
        tracking_number=event.tracking_number,
        shipped_at=event.at,
        spans=event.spans,
    )

    def resent(portion: Portion) -> Portion:
        return replace(
            portion,
            state=PortionState.HELD,
            shipment=event.shipment,
            protection_ends=event.protection_ends,
            window_ends=None,
            ship_again_by=None,
        )

    order = rewrite(replace(order, shipments=(*order.shipments, parcel)), event.spans, resent)
    end = Terminus(outcome=Outcome.RESENT, at=event.at)
    return _with(order, event.dispute, partial(_ended, DisputeState.RESENT, end))


def dispute_withdrawn(order: Order, event: DisputeWithdrawn) -> Order:
    """These units are protected as they were, for the time that was left."""
    order = rewrite_each(order, ((restored.span, partial(_protected_again, restored)) for restored in event.restored))
    end = Terminus(outcome=Outcome.WITHDRAWN, at=event.at)
    return _with(order, event.dispute, partial(_ended, DisputeState.WITHDRAWN, end))


def _protected_again(restored: Restored, portion: Portion) -> Portion:
    return replace(
        portion,
        state=PortionState.HELD,
        protection_ends=restored.protection_ends,
        window_ends=restored.window_ends,
        ship_again_by=restored.ship_again_by,
    )


def dispute_settled(order: Order, event: DisputeSettled) -> Order:
    """The buyer's part is on its way back, the seller has the rest."""
    money = replace(
        order.money,
        held=order.money.held - event.refund - event.gross,
        released=order.money.released + event.gross - event.fee,
        fee=order.money.fee + event.fee,
        refunded=order.money.refunded + event.refund,
    )
    refunds = (*order.refunds, Refund(event.number, event.refund)) if event.number else order.refunds
    order = replace(order, money=money, refunds=refunds, commission=event.commission)
    dispute = order.dispute(event.dispute)
    whole = dispute is not None and event.decided == dispute.amount
    order = rewrite_each(
        order,
        (
            (span, partial(_decided, owed, share, whole))
            for span, owed, share in zip(event.spans, event.owed, event.shares, strict=True)
        ),
    )
    end = Terminus(
        outcome=event.outcome, at=event.at, decided=event.decided, refunded=event.refund, released=event.gross
    )
    return _with(order, event.dispute, partial(_ended, DisputeState.SETTLED, end))


def _decided(owed: int, share: int, whole: bool, portion: Portion) -> Portion:
    back = whole or (owed > 0 and owed == portion.amount)
    state = PortionState.REFUNDED if back else PortionState.SETTLED
    return replace(portion, state=state, owed=owed, returned=share)


def _ended(state: DisputeState, end: Terminus, dispute: Dispute) -> Dispute:
    return replace(dispute, state=state, due=None, overdue=False, end=end)


def chargeback_received(order: Order, event: ChargebackReceived) -> Order:
    """The bank has the money until it decides."""
    money = replace(
        order.money,
        held=order.money.held - event.from_held,
        settling=order.money.settling - event.from_settling,
        released=order.money.released - event.gross + event.fee,
        fee=order.money.fee - event.fee,
        charged_back=order.money.charged_back + event.amount - event.beyond,
    )
    chargeback = Chargeback(
        id=event.chargeback,
        amount=event.amount,
        at=event.at,
        due=event.due,
        reference=event.reference,
        beyond=event.beyond,
        attempt=event.attempt,
        answer_by=event.answer_by,
    )
    order = replace(order, money=money, commission=event.commission, chargebacks=(*order.chargebacks, chargeback))
    return rewrite_each(order, [(span, partial(_charged, amount, 0)) for span, amount in event.takes])


def chargeback_moved(order: Order, event: ChargebackMoved) -> Order:
    """What the bank has lies on other units; those that it lay on have their money again."""
    counted = sum(amount for _, amount in event.takes)
    money = replace(
        order.money,
        held=order.money.held + event.to_held - counted,
        settling=order.money.settling + event.to_settling,
        released=order.money.released + event.gross - event.fee,
        fee=order.money.fee + event.fee,
    )
    order = replace(order, money=money, commission=event.commission)
    changes = [(span, partial(_charged, amount, 0)) for span, amount in event.takes]
    changes += [(span, partial(_charged, -amount, 0)) for span, amount in event.gives]
    return rewrite_each(order, changes)


def chargeback_won(order: Order, event: ChargebackWon) -> Order:
    """The money is back where it belongs by now."""
    money = replace(
        order.money,
        held=order.money.held + event.to_held,
        settling=order.money.settling + event.to_settling,
        released=order.money.released + event.gross - event.fee,
        fee=order.money.fee + event.fee,
        refunded=order.money.refunded + event.refund,
        charged_back=order.money.charged_back - sum(amount for _, amount in event.gives),
    )
    refunds = (*order.refunds, Refund(event.number, event.refund)) if event.number else order.refunds
    order = replace(order, money=money, commission=event.commission, refunds=refunds)
    changes = zip(event.gives, event.refunds, strict=True)
    order = rewrite_each(order, [(span, partial(_charged, -amount, back)) for (span, amount), back in changes])
    return _bank_decided(order, event.chargeback, ChargebackState.WON, event)


def chargeback_lost(order: Order, event: ChargebackLost) -> Order:
    """It stays as it is."""
    return _bank_decided(order, event.chargeback, ChargebackState.LOST, event)


def _bank_decided(order: Order, name: str, state: ChargebackState, event: ChargebackWon | ChargebackLost) -> Order:
    chargebacks = tuple(
        replace(chargeback, state=state, ended_at=event.at) if chargeback.id == name else chargeback
        for chargeback in order.chargebacks
    )
    return replace(order, chargebacks=chargebacks)


def _charged(amount: int, returned: int, portion: Portion) -> Portion:
    return replace(portion, charged=portion.charged + amount, returned=portion.returned + returned)


def _joined(before: tuple[Evidence, ...], more: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys((*before, *more)))


def _with(order: Order, name: DisputeId, change: Callable[[Dispute], Dispute]) -> Order:
    disputes = tuple(change(dispute) if dispute.id == name else dispute for dispute in order.disputes)
    return replace(order, disputes=disputes)
