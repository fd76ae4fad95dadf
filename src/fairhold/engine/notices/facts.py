"""What notices hold of an event: its sums and moments as they were, so that they can be told without its order.

Amounts are minor units, moments microseconds. What a seller is told is net, with the commission beside it.
"""

from collections.abc import Callable
from typing import Any

from fairhold.domain.actors import Role
from fairhold.domain.coming import Because
from fairhold.domain.dispute_events import (
    ChargebackMoved,
    ChargebackReceived,
    ChargebackWon,
    DisputeAgreed,
    DisputeOpened,
    DisputeRuled,
    DisputeSettled,
    OfferMade,
    ReplacementShipped,
    ReturnShipped,
)
from fairhold.domain.events import (
    CheckpointRecorded,
    DeliveryDoubted,
    ExtensionAsked,
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
from fairhold.domain.instants import Instant, between
from fairhold.domain.order import Order
from fairhold.domain.payment_events import PaymentFailed
from fairhold.domain.support_events import AccidentDeclined, AccidentReported, ExtensionPassedOn
from fairhold.engine.ports.notices import Stands

Facts = dict[str, object]
Deadlined = Stands | None

_PARTIES = frozenset({Role.BUYER, Role.SELLER})


def none(order: Order, event: Any, role: Role) -> Facts:
    """Nothing but that it happened."""
    return {}


def lasting(order: Order, event: Any, role: Role) -> Deadlined:
    """What happened stays true."""
    return None


def always(event: Any) -> bool:
    """Of every event of the kind."""
    return True


def role_of(by: str) -> Role:
    """The role of whoever did it (`buyer:ann`, `system`)."""
    return Role(by.partition(":")[0])


def by_a_party(event: Any) -> bool:
    """Whether the buyer or the seller did it."""
    return role_of(event.by) in _PARTIES


def by_staff(event: Any) -> bool:
    """Whether neither of the two did it."""
    return not by_a_party(event)


def due(because: Because, field: str) -> Callable[[Order, Any, Role], Deadlined]:
    """The notice is about the deadline that stands in this field of the event."""

    def stands(order: Order, event: Any, role: Role) -> Deadlined:
        return Stands(because, Instant(getattr(event, field)), getattr(event, "dispute", ""))

    return stands


def placed(order: Order, event: OrderPlaced, role: Role) -> Facts:
    """What is to be paid, and until when."""
    return {"sum": sum(line.total for line in event.lines), "until": event.payment_due}


def paid(order: Order, event: PaymentReceived, role: Role) -> Facts:
    """What is held, and until when it is to be shipped."""
    return {"sum": event.amount, "until": event.shipping_due}


def failed(order: Order, event: PaymentFailed, role: Role) -> Facts:
    """Until when the order still waits."""
    return {} if order.payment_due is None else {"until": order.payment_due}


def cancelled(order: Order, event: OrderCancelled, role: Role) -> Facts:
    """Why it is off."""
    return {"lapsed": event.lapsed}


def shipped(order: Order, event: ParcelShipped, role: Role) -> Facts:
    """With whom, and until when it is protected."""
    return {"carrier": event.carrier, "number": event.tracking_number, "until": event.protection_ends}


def scanned(order: Order, event: CheckpointRecorded, role: Role) -> Facts:
    """Where the parcel is."""
    place = event.checkpoint.place
    return {} if place is None else {"place": place}


def window(order: Order, event: ParcelDelivered | DeliveryDoubted, role: Role) -> Deadlined:
    """The time to check that ends first."""
    ends = [ends for _, ends in event.windows]
    return Stands(Because.DELIVERED, min(ends)) if ends else None


def delivered(order: Order, event: ParcelDelivered | DeliveryDoubted, role: Role) -> Facts:
    """Until when the goods can be checked, where anything of the parcel still waits for that."""
    ends = [ends for _, ends in event.windows]
    return {"until": min(ends)} if ends else {}


def returned(order: Order, event: ParcelReturned, role: Role) -> Facts:
    """Until when the seller ships again."""
    return {"until": event.ship_again_by}


def extended(order: Order, event: ProtectionExtended, role: Role) -> Facts:
    """By how much, and until when protection runs now."""
    ends = [portion.protection_ends for portion in order.portions if portion.protection_ends is not None]
    lapsed: Facts = {"lapsed": True} if event.on_lapse else {}
    return {"length": event.length, **lapsed, **({"until": max(ends)} if ends else {})}


def extension(order: Order, event: ExtensionAsked, role: Role) -> Facts:
    """How much more is asked for, and until when the seller answers."""
    return {"length": event.length, **({} if event.due is None else {"until": event.due})}


def passed_on(order: Order, event: ExtensionPassedOn, role: Role) -> Facts:
    """Until when support answers; nothing where it is the operator's by now."""
    return {} if event.due is None else {"until": event.due}


def accident(order: Order, event: AccidentReported, role: Role) -> Facts:
    """What it is about, and until when support answers."""
    return {"sum": event.amount, "until": event.due}


def declined(order: Order, event: AccidentDeclined, role: Role) -> Facts:
    """When the first of the money leaves."""
    return {"until": min(until for _, until in event.settles)}


def confirmed(order: Order, event: ReceiptConfirmed, role: Role) -> Facts:
    """What goes to the seller, and when: until then it can be undone."""
    both = role is Role.SELLER and order.terms.provider_fees == "seller"
    return {"less" if both else "sum": event.amount, "until": event.settles_at}


def undone(order: Order, event: ReceiptUndone, role: Role) -> Facts:
    """What is protected again, and until when."""
    ends = [restored.window_ends or restored.protection_ends for restored in event.restored]
    return {"sum": event.amount, **({"until": min(ends)} if ends else {})}


def released(order: Order, event: PortionsReleased, role: Role) -> Facts:
    """What went to the seller and why."""
    if role is Role.SELLER:
        return {"sum": event.gross - event.fee, "cause": event.cause.value, **_taken(order, event.fee)}
    return {"sum": event.gross, "cause": event.cause.value}


def _taken(order: Order, fee: int) -> Facts:
    """What was taken of it: the commission, or that together with what the seller bears of the payment provider's fee."""
    return {"fee" if order.terms.provider_fees == "marketplace" else "fees": fee}


def refunded(order: Order, event: PortionsRefunded, role: Role) -> Facts:
    """What went back to the buyer and why."""
    return {"sum": event.amount, "cause": event.cause.value}


def amount(order: Order, event: Any, role: Role) -> Facts:
    """How much it was."""
    return {"sum": event.amount}


def outage(order: Order, event: OutageRecorded, role: Role) -> Facts:
    """How long nobody could act."""
    return {"length": between(event.start, event.end)}


def in_dispute(order: Order, event: Any, role: Role) -> Facts:
    """In which dispute."""
    return {"dispute": event.dispute}


def until_due(order: Order, event: Any, role: Role) -> Facts:
    """In which dispute, and when the next step is due."""
    return {"dispute": event.dispute, "until": event.due}


def opened(order: Order, event: DisputeOpened, role: Role) -> Facts:
    """Over how much, why, and until when the seller answers."""
    facts: Facts = {"dispute": event.dispute, "sum": event.amount, "reason": event.reason.value}
    if event.answer_due is not None:
        facts["until"] = event.answer_due
    elif event.ruling_due is not None:
        facts["ruling"] = event.ruling_due
    return facts


def answer(order: Order, event: DisputeOpened, role: Role) -> Deadlined:
    """The seller's time to answer."""
    if role is not Role.SELLER or event.answer_due is None:
        return None
    return Stands(Because.DEMANDED, event.answer_due, event.dispute)


def offered(order: Order, event: OfferMade, role: Role) -> Facts:
    """What is offered, and until when."""
    offer = event.offer
    facts: Facts = {"dispute": event.dispute, "sum": offer.refund}
    facts |= {name: True for name in ("return_goods", "resend") if getattr(offer, name)}
    return facts if offer.expires is None else facts | {"until": offer.expires}


def offer(order: Order, event: OfferMade, role: Role) -> Deadlined:
    """The time in which it can be accepted."""
    expires = event.offer.expires
    return None if expires is None else Stands(Because.OFFERED, expires, event.dispute)


def agreed(order: Order, event: DisputeAgreed, role: Role) -> Facts:
    """What was agreed, and until when the goods have to be on their way."""
    facts: Facts = {"dispute": event.dispute, "sum": event.offer.refund, "until": event.due}
    facts |= {"resend": True} if event.offer.resend else {}
    return facts | ({"silence": True} if event.silence else {})


def travel(order: Order, event: DisputeAgreed, role: Role) -> Deadlined:
    """The time in which the goods are sent."""
    because = Because.RESEND_AGREED if event.offer.resend else Because.RETURN_AGREED
    return Stands(because, event.due, event.dispute)


def ruled(order: Order, event: DisputeRuled, role: Role) -> Facts:
    """What each side gets, and until when it can be appealed."""
    dispute = order.dispute(event.dispute)
    rest = (dispute.amount if dispute is not None else event.refund) - event.refund
    facts: Facts = {"dispute": event.dispute, "refund": event.refund, "rest": rest}
    return facts if event.effective_at <= event.at else facts | {"until": event.effective_at}


def sent_back(order: Order, event: ReturnShipped, role: Role) -> Facts:
    """With whom, and until when the seller looks at it."""
    return {
        "dispute": event.dispute,
        "carrier": event.carrier,
        "number": event.tracking_number,
        "until": event.due,
    }


def replaced(order: Order, event: ReplacementShipped, role: Role) -> Facts:
    """With whom, and until when it is protected."""
    return {
        "dispute": event.dispute,
        "carrier": event.carrier,
        "number": event.tracking_number,
        "until": event.protection_ends,
    }


def settled(order: Order, event: DisputeSettled, role: Role) -> Facts:
    """How it ended, and what each side gets."""
    facts: Facts = {"dispute": event.dispute, "refund": event.refund, "outcome": event.outcome.value}
    if role is Role.SELLER:
        return facts | {"rest": event.gross - event.fee, **_taken(order, event.fee)}
    return facts | {"rest": event.gross}


def charged_back(order: Order, event: ChargebackReceived, role: Role) -> Facts:
    """How much the bank took, of it from the seller, and until when the case is open."""
    facts: Facts = {"sum": event.amount, "until": event.due}
    facts |= {"beyond": event.beyond} if event.beyond else {}
    return facts | ({"net": event.gross - event.fee} if role is Role.SELLER else {})


def moved(order: Order, event: ChargebackMoved, role: Role) -> Facts:
    """How much of what the bank has counts here."""
    return {"sum": sum(part for _, part in event.takes)}


def given_back(order: Order, event: ChargebackWon, role: Role) -> Facts:
    """How much the bank gave back, and what of it goes to whom."""
    facts: Facts = {"sum": event.beyond + sum(part for _, part in event.gives)}
    if role is Role.SELLER:
        return facts | {"net": event.gross - event.fee}
    return facts | ({"refund": event.refund} if event.refund else {})
