"""What happened to an order, one sentence an event, the same for everybody who may read it."""

from collections.abc import Callable
from typing import Any

from fairhold.domain.actors import Role
from fairhold.domain.events import (
    Cause,
    CheckpointRecorded,
    DeliveryCorrected,
    DeliveryDoubted,
    Event,
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
    RefundPaid,
)
from fairhold.domain.instants import HOUR, Instant, between
from fairhold.domain.order import Order
from fairhold.domain.payment_events import PaymentFailed, PaymentPageOpened, PaymentReturned, PaymentStarted
from fairhold.domain.refund_events import RefundPaidElsewhere, RefundReturned, RefundSentAgain
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.dispute_history import DISPUTE_TELLERS
from fairhold.words.names import carrier_name, doubt_text, parcel_name, role_name
from fairhold.words.payout_history import PAYOUT_TELLERS
from fairhold.words.reader import Reader
from fairhold.words.review_history import REVIEW_TELLERS
from fairhold.words.scene import Scene, Told
from fairhold.words.support_history import SUPPORT_TELLERS

LATE_NEWS = 6 * HOUR
"""How long after a delivery its news counts as late: carriers' clocks and rounds are hours apart."""

_RELEASED: dict[Cause, str] = {
    Cause.CONFIRMED: N_("The buyer confirmed receipt, and the time for undoing it has passed."),
    Cause.CONFIRMATION_WINDOW: N_("The time to check the goods after delivery has passed."),
    Cause.PROTECTION: N_("The protection period has ended."),
}
_REFUNDED: dict[Cause, str] = {
    Cause.CANCELLED: N_("The order was cancelled before shipping."),
    Cause.NOT_SHIPPED: N_("The seller did not ship in time."),
    Cause.RETURNED_TO_SENDER: N_("The parcel came back to the seller and was not shipped again."),
    Cause.PROVIDER_CEILING: N_("The payment provider cannot hold the money any longer."),
}


def _placed(scene: Scene, event: OrderPlaced) -> Told:
    total = sum(line.total for line in event.lines)
    text = scene.say(
        N_("%(sum)s to be paid by %(moment)s."), sum=scene.sum(total), moment=scene.until(event.payment_due)
    )
    return Told(scene.say(N_("Order placed")), text)


def _paid(scene: Scene, event: PaymentReceived) -> Told:
    return Told(
        scene.say(N_("Order paid")), scene.say(N_("%(sum)s is held by us, protected."), sum=scene.sum(event.amount))
    )


def _started(scene: Scene, event: PaymentStarted) -> Told:
    return Told(
        scene.say(N_("Payment begun")),
        scene.say(N_("The payment provider's page takes it until %(moment)s."), moment=scene.until(event.until)),
    )


def _opened(scene: Scene, _: PaymentPageOpened) -> Told:
    return Told(scene.say(N_("The payment page is open")))


def _failed(scene: Scene, _: PaymentFailed) -> Told:
    return Told(scene.say(N_("The payment did not go through")), scene.say(N_("No money was taken.")))


def _sent_back(scene: Scene, event: PaymentReturned) -> Told:
    return Told(
        scene.say(N_("%(sum)s goes back to the buyer"), sum=scene.sum(event.amount)),
        scene.say(N_("The payment came when the order was no longer waiting for it.")),
    )


def _cancelled(scene: Scene, event: OrderCancelled) -> Told:
    if event.lapsed:
        return Told(scene.say(N_("Order cancelled")), scene.say(N_("It was not paid in time. No money was taken.")))
    return Told(scene.say(N_("Order cancelled")), event.why or scene.say(N_("No money was taken.")))


def _shipped(scene: Scene, event: ParcelShipped) -> Told:
    text = scene.say(
        N_("%(carrier)s, %(number)s. Protection runs until %(moment)s."),
        carrier=carrier_name(scene.reader.words, event.carrier),
        number=event.tracking_number,
        moment=scene.until(event.protection_ends),
    )
    return Told(scene.say(N_("Parcel shipped")), text)


def _scanned(scene: Scene, event: CheckpointRecorded) -> Told:
    checkpoint = event.checkpoint
    parts = [scene.until(checkpoint.at), checkpoint.place, checkpoint.note]
    return Told(parcel_name(scene.reader.words, checkpoint.status), " · ".join(part for part in parts if part))


def _delivered(scene: Scene, event: ParcelDelivered) -> Told:
    last = max((ends for _, ends in event.windows), default=None)
    told = [scene.say(N_("Time to check the goods: until %(moment)s."), moment=scene.until(last))] if last else []
    if last and between(event.delivered_at, event.at) >= LATE_NEWS:
        late = N_("It happened %(moment)s and was learned of later: the time runs from when it was learned of.")
        told.append(scene.say(late, moment=scene.at(event.delivered_at)))
    return Told(scene.say(N_("Parcel handed to the addressee")), " ".join(told))


def _corrected(scene: Scene, _: DeliveryCorrected) -> Told:
    return Told(
        scene.say(N_("The carrier corrected itself: not delivered yet")),
        scene.say(N_("The time to check has stopped; protection runs on.")),
    )


def _shared(scene: Scene, event: NumberShared) -> Told:
    orders = scene.reader.words.ngettext(
        "%(num)d order of another buyer has the same one.",
        "%(num)d orders of other buyers have the same one.",
        event.orders,
    )
    return Told(scene.say(N_("The tracking number is not this parcel's alone")), orders)


def _doubted(scene: Scene, event: DeliveryDoubted) -> Told:
    told = [doubt_text(scene.reader.words, doubt) for doubt in event.doubts]
    last = max((ends for _, ends in event.windows), default=None)
    if last is not None:
        told.append(
            scene.say(N_("The buyer has more time to check the goods: until %(moment)s."), moment=scene.until(last))
        )
    title = scene.say(N_("The delivery is weakly proved: %(score)d of 100"), score=event.score)
    return Told(title, " ".join(told))


def _returned(scene: Scene, event: ParcelReturned) -> Told:
    text = scene.say(
        N_("If the seller does not ship it again by %(moment)s, the money goes back to the buyer."),
        moment=scene.until(event.ship_again_by),
    )
    return Told(scene.say(N_("The parcel came back to the seller")), text)


_AGREED = {
    Role.SELLER: N_("The seller agreed to the buyer's request."),
    Role.SUPPORT: N_("Support agreed to the buyer's request in the seller's place."),
    Role.OPERATOR: N_("The operator agreed to the buyer's request in the seller's place."),
}
_NO_MORE_TIME = {
    Role.SELLER: N_("The seller declined more time"),
    Role.SUPPORT: N_("Support declined more time"),
    Role.OPERATOR: N_("The operator declined more time"),
}


def _extended(scene: Scene, event: ProtectionExtended) -> Told:
    title = scene.say(N_("Protection extended by %(length)s"), length=dates.whole_days(scene.reader, event.length))
    if event.on_lapse:
        return Told(title, scene.say(N_("Nothing proves the delivery, so the buyer has more time.")))
    agreed = _AGREED.get(Role(event.by.partition(":")[0]), _AGREED[Role.SELLER])
    return Told(title, scene.say(agreed) if event.asked else "")


def _asked(scene: Scene, event: ExtensionAsked) -> Told:
    length = dates.whole_days(scene.reader, event.length)
    title = scene.say(N_("The buyer asks for %(length)s more of protection"), length=length)
    if event.due is None:
        return Told(title)
    return Told(
        title, scene.say(N_("The seller answers by %(moment)s, or support does."), moment=scene.until(event.due))
    )


def _declined(scene: Scene, event: ExtensionDeclined) -> Told:
    title = scene.say(_NO_MORE_TIME.get(Role(event.by.partition(":")[0]), _NO_MORE_TIME[Role.SELLER]))
    return Told(title, scene.say(N_("Protection runs as before.")))


def _confirmed(scene: Scene, event: ReceiptConfirmed) -> Told:
    text = scene.say(
        N_("%(sum)s goes to the seller %(moment)s. Until then support can undo it."),
        sum=scene.sum(event.amount),
        moment=scene.at(event.settles_at),
    )
    if event.settles_at <= scene.now:
        text = scene.sum(event.amount)
    return Told(scene.say(N_("Receipt confirmed")), text)


def _undone(scene: Scene, event: ReceiptUndone) -> Told:
    text = scene.say(N_("%(sum)s is protected again."), sum=scene.sum(event.amount))
    return Told(scene.say(N_("Confirmation undone")), f"{text} {event.why}" if event.why else text)


def _released(scene: Scene, event: PortionsReleased) -> Told:
    title = scene.say(N_("%(sum)s went to the seller"), sum=scene.sum(event.gross))
    return Told(title, scene.say(_RELEASED[event.cause]) if event.cause in _RELEASED else "")


def _refunded(scene: Scene, event: PortionsRefunded) -> Told:
    title = scene.say(N_("%(sum)s returned to the buyer"), sum=scene.sum(event.amount))
    text = scene.say(_REFUNDED[event.cause]) if event.cause in _REFUNDED else ""
    return Told(title, " ".join(part for part in (text, event.why) if part))


def _refund_paid(scene: Scene, event: RefundPaid) -> Told:
    return Told(scene.say(N_("The payment provider carried out the refund of %(sum)s"), sum=scene.sum(event.amount)))


def _refund_returned(scene: Scene, event: RefundReturned) -> Told:
    return Told(
        scene.say(N_("The refund of %(sum)s did not reach the buyer"), sum=scene.sum(event.amount)),
        scene.say(
            N_("It is the buyer's as before. A person looks at it and has it sent again or paid in another way.")
        ),
    )


def _refund_sent_again(scene: Scene, event: RefundSentAgain) -> Told:
    return Told(scene.say(N_("The refund of %(sum)s is sent again"), sum=scene.sum(event.amount)))


def _refund_elsewhere(scene: Scene, event: RefundPaidElsewhere) -> Told:
    return Told(
        scene.say(N_("The refund of %(sum)s was paid in another way"), sum=scene.sum(event.amount)),
        scene.say(N_("By the reference %(reference)s."), reference=event.reference),
    )


def _outage(scene: Scene, event: OutageRecorded) -> Told:
    length = dates.length(scene.reader, between(event.start, event.end))
    return Told(
        scene.say(N_("Fairhold could not be reached")), scene.say(N_("Deadlines moved by %(length)s."), length=length)
    )


_TELLERS: dict[type, Callable[[Scene, Any], Told]] = {
    OrderPlaced: _placed,
    PaymentStarted: _started,
    PaymentPageOpened: _opened,
    PaymentFailed: _failed,
    PaymentReceived: _paid,
    PaymentReturned: _sent_back,
    OrderCancelled: _cancelled,
    ParcelShipped: _shipped,
    CheckpointRecorded: _scanned,
    ParcelDelivered: _delivered,
    DeliveryCorrected: _corrected,
    NumberShared: _shared,
    DeliveryDoubted: _doubted,
    ParcelReturned: _returned,
    ProtectionExtended: _extended,
    ExtensionAsked: _asked,
    ExtensionDeclined: _declined,
    ReceiptConfirmed: _confirmed,
    ReceiptUndone: _undone,
    PortionsReleased: _released,
    PortionsRefunded: _refunded,
    RefundPaid: _refund_paid,
    RefundReturned: _refund_returned,
    RefundSentAgain: _refund_sent_again,
    RefundPaidElsewhere: _refund_elsewhere,
    OutageRecorded: _outage,
    **PAYOUT_TELLERS,
    **DISPUTE_TELLERS,
    **REVIEW_TELLERS,
    **SUPPORT_TELLERS,
}


def tell(order: Order, event: Event, now: Instant, reader: Reader) -> Told:
    """What `event` meant, in words. `now` decides whether a date says «завтра» or needs its year."""
    return _TELLERS[type(event)](Scene(order, now, reader), event)


def done_by(by: str, reader: Reader) -> str:
    """Who did it: the role of `buyer:ann`, or Fairhold."""
    return role_name(reader.words, Role(by.partition(":")[0]))
