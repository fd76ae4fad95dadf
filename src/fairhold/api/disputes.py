"""A dispute in the contract's JSON, as one person may see it at one moment, in their language."""

from fairhold.api.moments import moment
from fairhold.api.pieces import actions_out, contents, deadline_out
from fairhold.api.wire import (
    ChargebackOut,
    DemandOut,
    DisputeOut,
    EvidenceOut,
    OfferOut,
    OutcomeOut,
    RulingOut,
)
from fairhold.domain.actors import Actor
from fairhold.domain.bank_money import foreseen
from fairhold.domain.dispute import Chargeback, Dispute, Offer, offer_status
from fairhold.domain.dispute_status import dispute_deadlines, turn
from fairhold.domain.evidence import Evidence
from fairhold.domain.guards import dispute_actions
from fairhold.domain.order import Order
from fairhold.words.dates import rfc3339
from fairhold.words.reader import Reader


def dispute_out(order: Order, dispute: Dispute, actor: Actor, reader: Reader) -> DisputeOut:
    """The dispute as `actor` may see it; whatever was due is already in it."""
    inside = contents(dispute.spans)
    owner = turn(order, dispute)
    parcel = next((shipment.id for shipment in order.shipments if shipment.returns == dispute.id), None)
    return DisputeOut(
        id=dispute.id,
        order=order.id,
        status=dispute.state,
        reason=dispute.reason,
        lines=[content.id for content in inside],
        contents=inside,
        amount=dispute.amount,
        currency=order.currency,
        opened_at=rfc3339(dispute.opened_at),
        turn=None if owner is None else owner.value,
        deadlines=[deadline_out(order, deadline, reader) for deadline in dispute_deadlines(order, dispute)],
        offers=[_offer(order, dispute, offer) for offer in dispute.offers],
        actions=actions_out(dispute_actions(order, dispute, actor)),
        evidence=evidence_out(dispute.evidence),
        rulings=[RulingOut(ruling.refund, ruling.by, rfc3339(ruling.at)) for ruling in dispute.rulings],
        demand=_demand(dispute),
        claimed_at=moment(dispute.claimed_at),
        overdue=dispute.overdue,
        mediator=dispute.mediator,
        appealed_by=dispute.appealed_by,
        shipment=parcel,
        outcome=_outcome(dispute),
    )


def evidence_out(evidence: tuple[Evidence, ...]) -> list[EvidenceOut]:
    """Photos by name and hash."""
    return [EvidenceOut(photo.id, photo.sha256) for photo in evidence]


def chargeback_out(chargeback: Chargeback) -> ChargebackOut:
    """What the buyer's bank did."""
    return ChargebackOut(
        id=chargeback.id,
        amount=chargeback.amount,
        status=chargeback.state,
        at=rfc3339(chargeback.at),
        due_at=rfc3339(chargeback.due),
        ended_at=moment(chargeback.ended_at),
        beyond=chargeback.beyond,
        answer_by=moment(chargeback.answer_by),
    )


def _offer(order: Order, dispute: Dispute, offer: Offer) -> OfferOut:
    return OfferOut(
        number=offer.number,
        by=offer.by,
        refund=offer.refund,
        return_goods=offer.return_goods,
        status=offer_status(dispute, offer),
        to_seller=foreseen(order, dispute, offer.refund).net,
        resend=offer.resend,
        expires_at=moment(offer.expires),
    )


def _demand(dispute: Dispute) -> DemandOut | None:
    return DemandOut(dispute.demand, dispute.offers[0].refund) if dispute.offers else None


def _outcome(dispute: Dispute) -> OutcomeOut | None:
    end = dispute.end
    if end is None:
        return None
    return OutcomeOut(end.outcome, rfc3339(end.at), end.decided, end.refunded, end.released)
