"""An order's events in the contract's JSON: what machines need of each, and a sentence for people."""

from fairhold.api.disputes import evidence_out
from fairhold.api.pieces import contents
from fairhold.api.wire import EventOut
from fairhold.domain.dispute_events import DisputeAgreed, OfferMade
from fairhold.domain.events import (
    CheckpointRecorded,
    DeliveryDoubted,
    Event,
    ExtensionAsked,
    OrderPlaced,
    ParcelDelivered,
    ParcelReturned,
    ParcelShipped,
    PaymentReceived,
    ReceiptConfirmed,
    ReceiptUndone,
)
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.payment_events import PaymentStarted
from fairhold.domain.spans import Span
from fairhold.domain.support_events import AccidentDeclined, AccidentReported, ExtensionPassedOn
from fairhold.words import history
from fairhold.words.dates import rfc3339
from fairhold.words.reader import Reader


def event_out(order: Order, seq: int, event: Event, now: Instant, reader: Reader) -> EventOut:
    """Event number `seq` of the order."""
    told = history.tell(order, event, now, reader)
    until = _until(event)
    return EventOut(
        seq=seq,
        type=str(type(event).__struct_config__.tag),
        at=rfc3339(event.at),
        by=event.by,
        title=told.title,
        text=told.text,
        lines=contents(_spans(event)),
        shipment=getattr(event, "shipment", None),
        amount=getattr(event, "amount", None) if not hasattr(event, "gross") else event.gross,
        fee=getattr(event, "fee", None),
        cause=getattr(event, "cause", None),
        until=None if until is None else rfc3339(until),
        status=event.checkpoint.status if isinstance(event, CheckpointRecorded) else None,
        dispute=getattr(event, "dispute", None),
        refund=_refund(event),
        evidence=evidence_out(getattr(event, "evidence", ()) or getattr(event, "photos", ())),
        review=getattr(event, "review", None),
        rating=getattr(event, "rating", None),
    )


def _spans(event: Event) -> tuple[Span, ...]:
    match event:
        case ParcelDelivered() | DeliveryDoubted():
            return tuple(span for span, _ in event.windows)
        case ReceiptUndone():
            return tuple(restored.span for restored in event.restored)
        case AccidentDeclined():
            return tuple(span for span, _ in event.settles)
        case _:
            return getattr(event, "spans", ())


def _until(event: Event) -> Instant | None:
    """Until when what the event began goes on."""
    match event:
        case OrderPlaced():
            return event.payment_due
        case PaymentStarted():
            return event.until
        case PaymentReceived():
            return event.shipping_due
        case ParcelShipped():
            return event.protection_ends
        case ParcelDelivered() | DeliveryDoubted():
            return max((ends for _, ends in event.windows), default=None)
        case ParcelReturned():
            return event.ship_again_by
        case ReceiptConfirmed():
            return event.settles_at
        case AccidentReported() | ExtensionPassedOn() | ExtensionAsked():
            return event.due
        case _:
            return None


def _refund(event: Event) -> int | None:
    """What of a dispute's sum somebody offered, ruled or gave to the buyer."""
    if isinstance(event, (OfferMade, DisputeAgreed)):
        return event.offer.refund
    return getattr(event, "refund", None)
