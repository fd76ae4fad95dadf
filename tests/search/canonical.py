"""States that differ only in what no decision looks at are one state: history is dropped, live instants count from now.

What comes out is an order like any other, so the search goes on from it with the real `decide`.
"""

from __future__ import annotations

import msgspec

from fairhold.domain.accident import Accident
from fairhold.domain.actors import Role
from fairhold.domain.dispute import (
    Chargeback,
    ChargebackState,
    DemandKind,
    Dispute,
    DisputeId,
    DisputeReason,
    DisputeState,
    Offer,
    Ruling,
    chargeback_id,
    dispute_id,
)
from fairhold.domain.ids import PersonId, ShipmentId, shipment_id
from fairhold.domain.instants import DAY, Instant, after
from fairhold.domain.order import OPEN_STATES, Checkpoint, Order, ParcelStatus, Portion, PortionState, Shipment
from fairhold.domain.rules.shipping import standing_delivery
from tests.builders import T0
from tests.search import canonical_reviews as reviewed

NOW = Instant(T0 + 1000 * DAY)
"""What time it is in every canonical state."""

replace = msgspec.structs.replace
key_of = msgspec.msgpack.Encoder().encode
_SKELETON_OFFER = [Offer(number=number, by=Role.BUYER, refund=0, lapsed=True) for number in range(1, 20)]
_BARGAINING = (DisputeState.AWAITING_ANSWER, DisputeState.NEGOTIATING, DisputeState.CLAIMED)
_BOUND_TO_RETURN = (DisputeState.RETURN_DUE, DisputeState.RETURNING)


def canonical(order: Order, now: Instant) -> Order:
    """The order, on which everything due by `now` has happened, as if it were `NOW`."""
    shift = NOW - now
    names = _dispute_names(order)
    parcels = _parcel_names(order)
    is_open = any(portion.state in OPEN_STATES for portion in order.portions)
    live = reviewed.is_live(order)
    portions = [
        reviewed.portion_of(order, portion, shift, NOW)
        if live and portion.state not in OPEN_STATES
        else _portion(order, portion, shift, names, parcels)
        for portion in order.portions
    ]
    unshipped = any(portion.state is PortionState.HELD and portion.shipment is None for portion in portions)
    request = order.extension_request
    return replace(
        order,
        version=1,
        placed_at=NOW,
        portions=tuple(_merged(portions)),
        paid_at=_paid_at(order, shift) if is_open else None if order.paid_at is None else NOW,
        shipments=tuple(
            _shipment(order, parcel, shift, parcels[parcel.id], names)
            for parcel in order.shipments
            if parcel.id in parcels
        ),
        refunds=(),
        extension_request=(
            None if request is None or not is_open else replace(request, asked_at=NOW, due=_moved(request.due, shift))
        ),
        accident=_accident(order, shift),
        payment_due=_moved(order.payment_due, shift),
        shipping_due=_moved(order.shipping_due, shift) if unshipped else None,
        closed_at=reviewed.closed_at(order, shift, NOW) if live else None if is_open else NOW,
        outages=(),
        disputes=reviewed.disputes_of(order, shift, NOW) if live else _disputes(order, shift, names),
        chargebacks=_chargebacks(order, shift),
        reviews=reviewed.reviews_of(order, shift, NOW),
    )


def _accident(order: Order, shift: int) -> Accident | None:
    """Once it is overdue, nothing is due any more."""
    found = order.accident
    if found is None:
        return None
    return replace(found, reported_at=NOW, due=NOW if found.overdue else Instant(found.due + shift))


def _moved(instant: Instant | None, shift: int) -> Instant | None:
    return None if instant is None else Instant(instant + shift)


def _paid_at(order: Order, shift: int) -> Instant | None:
    """Live where the provider's ceiling counts from it."""
    if order.paid_at is None:
        return None
    return NOW if order.terms.ceiling is None else Instant(order.paid_at + shift)


def _dispute_names(order: Order) -> dict[str, DisputeId]:
    """New names: one closed dispute stands for all of them."""
    names: dict[str, DisputeId] = {}
    closed = any(not dispute.is_open for dispute in order.disputes)
    for dispute in order.disputes:
        if dispute.is_open:
            names[dispute.id] = dispute_id(order.id, len(names) + 1 + closed)
    return names


def _parcel_names(order: Order) -> dict[str, ShipmentId]:
    """New names for the parcels that something still depends on; where nothing does, one stands for all."""
    used = {portion.shipment for portion in order.portions if portion.state in OPEN_STATES}
    returning = {dispute.id for dispute in order.disputes if dispute.state is DisputeState.RETURNING}
    kept = [parcel for parcel in order.shipments if parcel.id in used or parcel.returns in returning]
    kept = kept or list(order.shipments[:1])
    return {parcel.id: shipment_id(order.id, position) for position, parcel in enumerate(kept, 1)}


def _portion(
    order: Order, portion: Portion, shift: int, names: dict[str, DisputeId], parcels: dict[str, ShipmentId]
) -> Portion:
    shipment = None if portion.shipment is None else parcels.get(portion.shipment, shipment_id(order.id, 1))
    if portion.state not in OPEN_STATES:
        return Portion(
            line=portion.line,
            start=portion.start,
            quantity=portion.quantity,
            amount=portion.amount,
            state=portion.state,
            shipment=shipment,
            confirmed_at=None if portion.confirmed_at is None else NOW,
            charged=portion.charged,
            owed=portion.owed,
            returned=portion.returned,
        )
    dispute = None
    if portion.state is PortionState.DISPUTED:
        found = order.dispute(portion.dispute)
        assert found is not None
        shift, dispute = NOW - found.opened_at, names[found.id]
    return replace(
        portion,
        shipment=shipment,
        protection_ends=_moved(portion.protection_ends, shift),
        window_ends=_moved(portion.window_ends, shift),
        ship_again_by=_moved(portion.ship_again_by, shift),
        confirmed_at=_moved(portion.confirmed_at, shift),
        settles_at=_moved(portion.settles_at, shift),
        kept_since=None if portion.kept_since is None else max(NOW, Instant(portion.kept_since + shift)),
        dispute=dispute,
    )


def _merged(portions: list[Portion]) -> list[Portion]:
    """Neighbours with one fate are one portion: where a line was once cut decides nothing, as long as no bank took part."""
    merged = portions[:1]
    for portion in portions[1:]:
        last = merged[-1]
        if last.line == portion.line and _fate(last) == _fate(portion) is not None:
            merged[-1] = replace(
                last,
                quantity=last.quantity + portion.quantity,
                amount=last.amount + portion.amount,
                owed=last.owed + portion.owed,
                returned=last.returned + portion.returned,
            )
        else:
            merged.append(portion)
    return merged


def _fate(portion: Portion) -> Portion | None:
    whole = portion.owed == portion.returned == portion.amount
    if portion.charged or portion.state is PortionState.DISPUTED or not (whole or portion.owed == 0):
        return None
    owed = int(whole and portion.amount > 0)
    return replace(portion, start=0, quantity=1, amount=1, owed=owed, returned=owed)


def _shipment(order: Order, parcel: Shipment, shift: int, name: ShipmentId, names: dict[str, DisputeId]) -> Shipment:
    delivery = standing_delivery(parcel.checkpoints)
    corrected = any(seen.status is ParcelStatus.EXCEPTION for seen in parcel.checkpoints)
    scans: tuple[Checkpoint, ...] = ()
    if delivery is not None or corrected:
        status = ParcelStatus.EXCEPTION if delivery is None else ParcelStatus.DELIVERED
        scans = (Checkpoint(status=status, at=Instant(NOW - DAY), learned_at=Instant(NOW - DAY)),)
    status = ParcelStatus.RETURNED_TO_SENDER if parcel.returned_at is not None else ParcelStatus.IN_TRANSIT
    status = ParcelStatus.DELIVERED if parcel.delivered_at is not None else status
    shipped_at, delivered_at = Instant(parcel.shipped_at + shift), parcel.delivered_at
    if parcel.returns is None:
        # S20: what counts is whether the promised time is over, and whether the parcel was there by then.
        promised = max(Instant(NOW - 1), after(shipped_at, order.terms.late_after))
        in_time = delivered_at is not None and delivered_at <= parcel.shipped_at + order.terms.late_after
        shipped_at = Instant(promised - order.terms.late_after)
        delivered_at = None if delivered_at is None else promised if in_time else Instant(promised + 1)
    elif delivered_at is not None:
        delivered_at = NOW
    return Shipment(
        id=name,
        carrier="post",
        tracking_number="RB1",
        shipped_at=shipped_at,
        spans=(),
        status=status,
        delivered_at=delivered_at,
        returned_at=None if parcel.returned_at is None else NOW,
        returns=names.get(parcel.returns or ""),
        checkpoints=scans,
        shared_with=parcel.shared_with,
        doubts=parcel.doubts,
    )


def _disputes(order: Order, shift: int, names: dict[str, DisputeId]) -> tuple[Dispute, ...]:
    opened = [_dispute(dispute, shift, names[dispute.id]) for dispute in order.disputes if dispute.is_open]
    if len(opened) < len(order.disputes):
        closed = Dispute(
            id=dispute_id(order.id, 1),
            reason=DisputeReason.DAMAGED,
            demand=DemandKind.REFUND,
            spans=(),
            amount=0,
            opened_at=NOW,
            state=DisputeState.SETTLED,
        )
        opened.insert(0, closed)
    return tuple(opened)


def _dispute(dispute: Dispute, shift: int, name: DisputeId) -> Dispute:
    returned = dispute.reason is DisputeReason.RETURNED_PARCEL
    waiting = dispute.state is DisputeState.AWAITING_ANSWER and dispute.negotiation_due is not None
    last = _moved(dispute.undecided_after, shift)
    negotiation = _moved(dispute.negotiation_due, shift)
    mediator, rulings = _mediators(dispute)
    return Dispute(
        id=name,
        reason=DisputeReason.RETURNED_PARCEL if returned else DisputeReason.DAMAGED,
        demand=DemandKind.REFUND,
        spans=(),
        amount=dispute.amount,
        opened_at=NOW,
        state=dispute.state,
        offers=_offers(dispute, shift),
        due=_moved(dispute.due, shift),
        negotiation_due=max(NOW, negotiation) if waiting and negotiation is not None else None,
        undecided_after=None if last is None else max(NOW, last),
        overdue=dispute.overdue,
        mediator=mediator,
        rulings=rulings,
        contested=dispute.contested,
        agreed=dispute.agreed if dispute.state in _BOUND_TO_RETURN else None,
        evidence=dispute.evidence,
        messages=dispute.messages,
    )


def _offers(dispute: Dispute, shift: int) -> tuple[Offer, ...]:
    """Only the newest can be accepted, and only while they bargain; of the others the number counts."""
    if not dispute.offers or dispute.rulings:
        return ()
    newest = dispute.offers[-1]
    skeletons = tuple(_SKELETON_OFFER[: len(dispute.offers) - 1])
    if dispute.state in _BARGAINING and not newest.lapsed:
        return (*skeletons, replace(newest, expires=_moved(newest.expires, shift)))
    if dispute.state in _BOUND_TO_RETURN and not newest.lapsed:
        # What was agreed on lies there until the goods are back: nobody may take it up a second time.
        return (*skeletons, replace(newest, expires=None))
    by = newest.by if dispute.state in _BARGAINING else Role.BUYER
    return (*skeletons, Offer(number=newest.number, by=by, refund=0, lapsed=True))


def _mediators(dispute: Dispute) -> tuple[PersonId | None, tuple[Ruling, ...]]:
    """Two mediators are alike: whoever came first is mia. A ruling under appeal counts for who gave it."""
    known: dict[str, PersonId] = {"ops": PersonId("ops")}

    def called(person: PersonId | None) -> PersonId | None:
        if person is None:
            return None
        return known.setdefault(person, PersonId(("mia", "max")[len(known) - 1]))

    counts = dispute.state is DisputeState.RULED
    rulings = tuple(
        Ruling(refund=ruling.refund if counts else 0, by=called(ruling.by) or ruling.by, at=NOW)
        for ruling in dispute.rulings
    )
    return called(dispute.mediator), rulings


def _chargebacks(order: Order, shift: int) -> tuple[Chargeback, ...]:
    """Those that the bank decided count by their number alone."""
    ended = [one for one in order.chargebacks if one.state is not ChargebackState.OPEN]
    opened = [one for one in order.chargebacks if one.state is ChargebackState.OPEN]
    return tuple(
        Chargeback(
            id=chargeback_id(order.id, position),
            amount=one.amount if one.state is ChargebackState.OPEN else 0,
            at=NOW,
            beyond=one.beyond if one.state is ChargebackState.OPEN else 0,
            due=Instant(one.due + shift) if one.state is ChargebackState.OPEN else NOW,
            state=ChargebackState.OPEN if one.state is ChargebackState.OPEN else ChargebackState.LOST,
        )
        for position, one in enumerate((*ended, *opened), 1)
    )
