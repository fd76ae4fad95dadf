"""One function per event: the order as it is after it. `evolve.py` holds the table of them."""

from collections.abc import Callable
from functools import partial

import msgspec

from fairhold.domain import evolving_payments
from fairhold.domain.actors import Role
from fairhold.domain.dispute import Dispute
from fairhold.domain.event_shape import Restored
from fairhold.domain.events import (
    CheckpointRecorded,
    DeliveryCorrected,
    DeliveryDoubted,
    ExtensionAsked,
    ExtensionDeclined,
    NumberShared,
    OrderCancelled,
    OrderPlaced,
    OutageRecorded,
    ParcelDelivered,
    ParcelReturned,
    ParcelShipped,
    PaymentReceived,
    PortionsRefunded,
    PortionsReleased,
    ProtectionExtended,
    ReceiptConfirmed,
    ReceiptUndone,
)
from fairhold.domain.ids import ShipmentId
from fairhold.domain.instants import Instant, after, between
from fairhold.domain.order import (
    OPEN_STATES,
    Checkpoint,
    ExtensionRequest,
    Order,
    ParcelStatus,
    PaymentState,
    Portion,
    PortionState,
    Refund,
    Shipment,
)
from fairhold.domain.portions import rewrite, rewrite_each, shared
from fairhold.domain.spans import Span

replace = msgspec.structs.replace


def order_placed(event: OrderPlaced) -> Order:
    """A new order, every line one held portion that waits for its money."""
    return Order(
        id=event.order,
        version=1,
        buyer=event.buyer,
        seller=event.seller,
        currency=event.currency,
        terms=event.terms,
        placed_at=event.at,
        lines=event.lines,
        portions=tuple(
            Portion(line=line.id, start=0, quantity=line.quantity, amount=line.total) for line in event.lines
        ),
        promised_by=event.promised_by,
        reference=event.reference,
        destination=event.destination,
        payment_due=event.payment_due,
    )


def payment_received(order: Order, event: PaymentReceived) -> Order:
    """Everything paid is held, besides what came before and went back."""
    before = order.money
    return replace(
        evolving_payments.paid(order, event),
        payment=PaymentState.RECEIVED,
        paid_at=event.at,
        payment_method=event.method,
        payment_due=None,
        shipping_due=event.shipping_due,
        money=replace(before, paid=before.paid + event.amount, held=event.amount),
    )


def order_cancelled(order: Order, event: OrderCancelled) -> Order:
    """No money ever came; every portion is cancelled."""
    portions = tuple(replace(portion, state=PortionState.CANCELLED) for portion in order.portions)
    return replace(evolving_payments.closed(order), payment=PaymentState.GIVEN_UP, payment_due=None, portions=portions)


def parcel_shipped(order: Order, event: ParcelShipped) -> Order:
    """These units travel; a later parcel never shortens the protection that they had."""
    shipment = Shipment(
        id=event.shipment,
        carrier=event.carrier,
        tracking_number=event.tracking_number,
        shipped_at=event.at,
        spans=event.spans,
    )

    def shipped(portion: Portion) -> Portion:
        return replace(
            portion,
            shipment=event.shipment,
            protection_ends=max(event.protection_ends, portion.protection_ends or event.protection_ends),
            window_ends=None,
            ship_again_by=None,
            shipped_again=portion.shipped_again or portion.ship_again_by is not None,
        )

    return rewrite(replace(order, shipments=(*order.shipments, shipment)), event.spans, shipped)


def checkpoint_recorded(order: Order, event: CheckpointRecorded) -> Order:
    """The scan is kept with its parcel, whose status is weighed again."""

    def noted(shipment: Shipment) -> Shipment:
        checkpoints = (*shipment.checkpoints, event.checkpoint)
        return replace(shipment, checkpoints=checkpoints, status=weigh(shipment, checkpoints))

    return _with_shipment(order, event.shipment, noted)


def weigh(shipment: Shipment, checkpoints: tuple[Checkpoint, ...]) -> ParcelStatus:
    """A parcel's status: final states hold, otherwise the newest scan by its own time (ties: the one learned last).

    Neither the order of reports nor the newest report alone tells where a parcel is: carriers repeat an acceptance
    months later and report scans in any order.
    """
    if shipment.returned_at is not None:
        return ParcelStatus.RETURNED_TO_SENDER
    if shipment.delivered_at is not None:
        return ParcelStatus.DELIVERED
    final = (ParcelStatus.DELIVERED, ParcelStatus.RETURNED_TO_SENDER)
    travelling = [checkpoint for checkpoint in checkpoints if checkpoint.status not in final]
    if not travelling:
        return ParcelStatus.PENDING
    return max(enumerate(travelling), key=lambda entry: (entry[1].at, entry[0]))[1].status


def parcel_delivered(order: Order, event: ParcelDelivered) -> Order:
    """The windows of these units run."""

    def delivered(shipment: Shipment) -> Shipment:
        return replace(shipment, status=ParcelStatus.DELIVERED, delivered_at=event.delivered_at)

    order = _with_shipment(order, event.shipment, delivered)
    return rewrite_each(order, ((span, partial(_checked_until, ends)) for span, ends in event.windows))


def _checked_until(ends: Instant, portion: Portion) -> Portion:
    return replace(portion, window_ends=ends)


def delivery_corrected(order: Order, event: DeliveryCorrected) -> Order:
    """The windows stop; the parcel is where its other scans say."""

    def undelivered(shipment: Shipment) -> Shipment:
        travelling = replace(shipment, delivered_at=None, doubts=())
        return replace(travelling, status=weigh(travelling, travelling.checkpoints))

    order = _with_shipment(order, event.shipment, undelivered)
    return rewrite(order, event.spans, lambda portion: replace(portion, window_ends=None))


def number_shared(order: Order, event: NumberShared) -> Order:
    """The parcel's number is known to be others', too."""
    return _with_shipment(order, event.shipment, lambda shipment: replace(shipment, shared_with=event.orders))


def delivery_doubted(order: Order, event: DeliveryDoubted) -> Order:
    """The windows of these units run longer."""
    order = _with_shipment(order, event.shipment, lambda shipment: replace(shipment, doubts=event.doubts))
    return rewrite_each(order, ((span, partial(_checked_until, ends)) for span, ends in event.windows))


def parcel_returned(order: Order, event: ParcelReturned) -> Order:
    """The parcel is back at its sender; a window that ran on it stops."""

    def returned(shipment: Shipment) -> Shipment:
        return replace(
            shipment,
            status=ParcelStatus.RETURNED_TO_SENDER,
            delivered_at=None,
            returned_at=event.returned_at,
            doubts=(),
        )

    order = _with_shipment(order, event.shipment, returned)
    return rewrite(
        order, event.spans, lambda portion: replace(portion, window_ends=None, ship_again_by=event.ship_again_by)
    )


def protection_extended(order: Order, event: ProtectionExtended) -> Order:
    """Protection of these units ends later; a request that this answers is gone. On lapse, each unit is extended once."""
    order = rewrite(order, event.spans, partial(_protected_longer, event))
    if event.on_lapse:
        return order
    return replace(order, extensions_granted=order.extensions_granted + 1, extension_request=None)


def extension_asked(order: Order, event: ExtensionAsked) -> Order:
    """The seller owes an answer."""
    owner = None if event.due is None else Role.SELLER
    return replace(order, extension_request=ExtensionRequest(event.length, event.at, owner, event.due))


def extension_declined(order: Order, event: ExtensionDeclined) -> Order:
    """The request is answered."""
    return replace(order, extension_request=None)


def receipt_confirmed(order: Order, event: ReceiptConfirmed) -> Order:
    """These units are on their way to the seller's money; the undo window runs."""

    def confirmed(portion: Portion) -> Portion:
        return replace(portion, state=PortionState.CONFIRMED, confirmed_at=event.at, settles_at=event.settles_at)

    money = replace(order.money, held=order.money.held - event.amount, settling=order.money.settling + event.amount)
    return rewrite(replace(order, money=money), event.spans, confirmed)


def receipt_undone(order: Order, event: ReceiptUndone) -> Order:
    """These units are protected again."""
    order = rewrite_each(
        order, ((restored.span, partial(_unconfirmed, restored, event.by_buyer)) for restored in event.restored)
    )
    money = replace(order.money, held=order.money.held + event.amount, settling=order.money.settling - event.amount)
    return replace(order, money=money)


def _unconfirmed(restored: Restored, by_buyer: bool, portion: Portion) -> Portion:
    return replace(
        portion,
        state=PortionState.HELD,
        confirmed_at=None,
        settles_at=None,
        accident=None,
        kept_since=None,
        protection_ends=restored.protection_ends,
        window_ends=restored.window_ends,
        ship_again_by=restored.ship_again_by,
        buyer_undid=portion.buyer_undid or by_buyer,
    )


def portions_released(order: Order, event: PortionsReleased) -> Order:
    """The seller has these units' money, less the commission."""
    held, settling = _taken_from(order, event.spans)
    money = replace(
        order.money,
        held=order.money.held - held,
        settling=order.money.settling - settling,
        released=order.money.released + event.gross - event.fee,
        fee=order.money.fee + event.fee,
    )
    order = replace(order, money=money, commission=event.commission)
    settled = PortionState.SETTLED
    return rewrite(
        order, event.spans, lambda portion: replace(portion, state=settled, settles_at=None, kept_since=None)
    )


def portions_refunded(order: Order, event: PortionsRefunded) -> Order:
    """The buyer gets these units' money back; where they cost nothing, there is nothing to pay back."""
    held, settling = _taken_from(order, event.spans)
    money = replace(
        order.money,
        held=order.money.held - held,
        settling=order.money.settling - settling,
        refunded=order.money.refunded + event.amount,
    )
    due = Refund(event.number, event.amount, paid_at=None if event.amount else event.at)
    order = replace(order, money=money, refunds=(*order.refunds, due))

    def refunded(portion: Portion) -> Portion:
        state = PortionState.REFUNDED
        return replace(portion, state=state, settles_at=None, owed=portion.amount, returned=portion.left)

    return rewrite(order, event.spans, refunded)


def _taken_from(order: Order, spans: tuple[Span, ...]) -> tuple[int, int]:
    """How much of what these units are worth is held, and how much is settling."""
    held = settling = 0
    for portion, _, _, amount in shared(order, spans):
        if portion.state is PortionState.CONFIRMED:
            settling += amount
        elif portion.state in OPEN_STATES:
            held += amount
    return held, settling


def outage_recorded(order: Order, event: OutageRecorded) -> Order:
    """Deadlines of people that fell into the outage move by its length; those of money on its way do not."""
    length = between(event.start, event.end)

    def moved(deadline: Instant | None) -> Instant | None:
        return after(deadline, length) if deadline is not None and event.start <= deadline <= event.end else deadline

    def shifted(portion: Portion) -> Portion:
        if portion.state is not PortionState.HELD:
            return portion
        return replace(
            portion,
            protection_ends=moved(portion.protection_ends),
            window_ends=moved(portion.window_ends),
            ship_again_by=moved(portion.ship_again_by),
        )

    def waiting(dispute: Dispute) -> Dispute:
        if not dispute.is_open:
            return dispute
        offers = tuple(replace(offer, expires=moved(offer.expires)) for offer in dispute.offers)
        last = moved(dispute.undecided_after)
        negotiation = moved(dispute.negotiation_due)
        return replace(
            dispute, offers=offers, due=moved(dispute.due), negotiation_due=negotiation, undecided_after=last
        )

    accident, request = order.accident, order.extension_request
    if accident is not None:
        accident = replace(accident, due=moved(accident.due))
    if request is not None:
        request = replace(request, due=moved(request.due))
    return replace(
        order,
        outages=(*order.outages, (event.start, event.end)),
        accident=accident,
        extension_request=request,
        disputes=tuple(waiting(dispute) for dispute in order.disputes),
        portions=tuple(shifted(portion) for portion in order.portions),
        payment_due=moved(order.payment_due),
        shipping_due=moved(order.shipping_due),
    )


def _protected_longer(event: ProtectionExtended, portion: Portion) -> Portion:
    if portion.protection_ends is None:
        return portion
    ends = after(portion.protection_ends, event.length)
    return replace(portion, protection_ends=ends, lapse_extended=portion.lapse_extended or event.on_lapse)


def _with_shipment(order: Order, name: ShipmentId, change: Callable[[Shipment], Shipment]) -> Order:
    shipments = tuple(change(shipment) if shipment.id == name else shipment for shipment in order.shipments)
    return replace(order, shipments=shipments)
