"""Who is told of what: one row for each kind of event, read top to bottom.

A row names its readers and what the notice says. The words stand in `words/notices`, the facts in `facts.py`. Whoever did
something is not told of it, unless money or a deadline follows from it for them.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from fairhold.domain.actors import Role
from fairhold.domain.coming import Because
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
from fairhold.domain.events import (
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
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.payment_events import PaymentFailed, PaymentPageOpened, PaymentReturned, PaymentStarted
from fairhold.domain.payout_events import (
    PayoutAskedBack,
    PayoutFailed,
    PayoutNotTakenBack,
    PayoutReturned,
    PayoutSent,
    PayoutStarted,
    PayoutTakenBack,
)
from fairhold.domain.refund_events import RefundPaidElsewhere, RefundReturned, RefundSentAgain
from fairhold.domain.review_events import (
    ModerationContested,
    ReviewModerated,
    ReviewReplied,
    ReviewRevised,
    ReviewsClosed,
    ReviewWritten,
)
from fairhold.domain.support_events import AccidentDeclined, AccidentOverdue, AccidentReported, ExtensionPassedOn
from fairhold.engine.notices import facts
from fairhold.engine.notices.facts import Facts
from fairhold.engine.ports.notices import Kind


class Topic(StrEnum):
    """What a notice says."""

    PLACED = "placed"
    PAID = "paid"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_RETURNED = "payment_returned"
    CANCELLED = "cancelled"
    SHIPPED = "shipped"
    PICKUP = "pickup"
    ATTEMPT_FAILED = "attempt_failed"
    DELIVERED = "delivered"
    CORRECTED = "corrected"
    DOUBTED = "doubted"
    RETURNED = "returned"
    EXTENDED = "extended"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_DECLINED = "extension_declined"
    EXTENSION_PASSED_ON = "extension_passed_on"
    CONFIRMED = "confirmed"
    UNDONE = "undone"
    ACCIDENT_REPORTED = "accident_reported"
    ACCIDENT_OVERDUE = "accident_overdue"
    ACCIDENT_DECLINED = "accident_declined"
    RELEASED = "released"
    REFUNDED = "refunded"
    REFUND_PAID = "refund_paid"
    REFUND_RETURNED = "refund_returned"
    REFUND_SENT_AGAIN = "refund_sent_again"
    REFUND_PAID_ELSEWHERE = "refund_paid_elsewhere"
    OUTAGE = "outage"
    DISPUTE_OPENED = "dispute_opened"
    OFFER_MADE = "offer_made"
    OFFER_LAPSED = "offer_lapsed"
    DISPUTE_AGREED = "dispute_agreed"
    DISPUTE_ESCALATED = "dispute_escalated"
    CLAIM_TAKEN = "claim_taken"
    RULING_OVERDUE = "ruling_overdue"
    DISPUTE_RULED = "dispute_ruled"
    RULING_APPEALED = "ruling_appealed"
    MESSAGE = "message"
    RETURN_SHIPPED = "return_shipped"
    RETURN_ARRIVED = "return_arrived"
    REPLACEMENT_SHIPPED = "replacement_shipped"
    DISPUTE_WITHDRAWN = "dispute_withdrawn"
    DISPUTE_SETTLED = "dispute_settled"
    CHARGEBACK_RECEIVED = "chargeback_received"
    CHARGEBACK_MOVED = "chargeback_moved"
    CHARGEBACK_WON = "chargeback_won"
    CHARGEBACK_LOST = "chargeback_lost"
    REVIEW_ASKED = "review_asked"
    REVIEW_RECEIVED = "review_received"
    REVIEW_REVISED = "review_revised"
    REVIEW_REPLIED = "review_replied"
    REVIEW_MODERATED = "review_moderated"
    REVIEW_AUTOMATIC = "review_automatic"
    REMINDER = "reminder"
    SUPPORT_ANSWERED = "support_answered"
    PAYOUT_SENT = "payout_sent"
    PAYOUT_STOPPED = "payout_stopped"


class Telling(NamedTuple):
    """Who is told what of an event. `spares`: whoever did it knows already.

    `when` leaves out events of the kind that concern nobody. `stands` is the deadline that the notice to that role is
    about, where it is about one.
    """

    readers: tuple[Role, ...]
    topic: Topic
    kind: Kind
    says: Callable[[Order, Any, Role], Facts] = facts.none
    stands: Callable[[Order, Any, Role], facts.Deadlined] = facts.lasting
    spares: bool = False
    when: Callable[[Any], bool] = facts.always


_B, _S = Role.BUYER, Role.SELLER
_BOTH = (_B, _S)
_M, _D, _P = Kind.MONEY, Kind.DISPUTES, Kind.PARCELS


def _scan(status: ParcelStatus) -> Callable[[CheckpointRecorded], bool]:
    return lambda event: event.checkpoint.status is status


TELLINGS: dict[type[Event], tuple[Telling, ...]] = {
    OrderPlaced: (Telling((_B,), Topic.PLACED, _M, facts.placed, facts.due(Because.NOT_PAID, "payment_due")),),
    PaymentReceived: (
        Telling((_B,), Topic.PAID, _M, facts.paid),
        Telling((_S,), Topic.PAID, _M, facts.paid, facts.due(Because.NOT_SHIPPED, "shipping_due")),
    ),
    PaymentStarted: (),
    PaymentPageOpened: (),
    PaymentFailed: (Telling((_B,), Topic.PAYMENT_FAILED, _M, facts.failed),),
    PaymentReturned: (Telling((_B,), Topic.PAYMENT_RETURNED, _M, facts.amount),),
    # No money came, so that the seller has not heard of the order either.
    OrderCancelled: (Telling((_B,), Topic.CANCELLED, _M, facts.cancelled),),
    ParcelShipped: (Telling((_B,), Topic.SHIPPED, _P, facts.shipped),),
    CheckpointRecorded: (
        Telling((_B,), Topic.PICKUP, _P, facts.scanned, when=_scan(ParcelStatus.AVAILABLE_FOR_PICKUP)),
        Telling((_B,), Topic.ATTEMPT_FAILED, _P, facts.scanned, when=_scan(ParcelStatus.ATTEMPT_FAILED)),
    ),
    ParcelDelivered: (
        Telling((_B,), Topic.DELIVERED, _M, facts.delivered, facts.window),
        Telling((_S,), Topic.DELIVERED, _P, facts.delivered),
    ),
    DeliveryCorrected: (Telling(_BOTH, Topic.CORRECTED, _M),),
    # What follows from a shared number is told as a doubt.
    NumberShared: (),
    DeliveryDoubted: (
        Telling((_B,), Topic.DOUBTED, _M, facts.delivered, facts.window),
        Telling((_S,), Topic.DOUBTED, _M, facts.delivered),
    ),
    ParcelReturned: (
        Telling(_BOTH, Topic.RETURNED, _M, facts.returned, facts.due(Because.RETURNED_TO_SENDER, "ship_again_by")),
    ),
    ProtectionExtended: (Telling(_BOTH, Topic.EXTENDED, _M, facts.extended, spares=True),),
    ExtensionAsked: (Telling((_S,), Topic.EXTENSION_ASKED, _M, facts.extension),),
    ExtensionDeclined: (Telling((_B,), Topic.EXTENSION_DECLINED, _M),),
    ExtensionPassedOn: (Telling((_B,), Topic.EXTENSION_PASSED_ON, _M, facts.passed_on),),
    ReceiptConfirmed: (Telling(_BOTH, Topic.CONFIRMED, _M, facts.confirmed),),
    ReceiptUndone: (Telling(_BOTH, Topic.UNDONE, _M, facts.undone),),
    AccidentReported: (Telling(_BOTH, Topic.ACCIDENT_REPORTED, _M, facts.accident),),
    AccidentOverdue: (Telling((_B,), Topic.ACCIDENT_OVERDUE, _M),),
    AccidentDeclined: (Telling(_BOTH, Topic.ACCIDENT_DECLINED, _M, facts.declined),),
    PortionsReleased: (Telling(_BOTH, Topic.RELEASED, _M, facts.released),),
    PortionsRefunded: (Telling(_BOTH, Topic.REFUNDED, _M, facts.refunded),),
    RefundPaid: (Telling((_B,), Topic.REFUND_PAID, _M, facts.amount),),
    RefundReturned: (Telling((_B,), Topic.REFUND_RETURNED, _M, facts.amount),),
    RefundSentAgain: (Telling((_B,), Topic.REFUND_SENT_AGAIN, _M, facts.amount),),
    RefundPaidElsewhere: (Telling((_B,), Topic.REFUND_PAID_ELSEWHERE, _M, facts.amount),),
    OutageRecorded: (Telling(_BOTH, Topic.OUTAGE, _M, facts.outage),),
    DisputeOpened: (Telling(_BOTH, Topic.DISPUTE_OPENED, _D, facts.opened, facts.answer, spares=True),),
    OfferMade: (Telling(_BOTH, Topic.OFFER_MADE, _D, facts.offered, facts.offer, spares=True),),
    OfferLapsed: (Telling(_BOTH, Topic.OFFER_LAPSED, _D, facts.in_dispute),),
    DisputeAgreed: (Telling(_BOTH, Topic.DISPUTE_AGREED, _D, facts.agreed, facts.travel),),
    DisputeEscalated: (Telling(_BOTH, Topic.DISPUTE_ESCALATED, _D, facts.until_due, spares=True),),
    ClaimTaken: (Telling(_BOTH, Topic.CLAIM_TAKEN, _D, facts.in_dispute),),
    RulingOverdue: (Telling(_BOTH, Topic.RULING_OVERDUE, _D, facts.until_due),),
    DisputeRuled: (Telling(_BOTH, Topic.DISPUTE_RULED, _D, facts.ruled),),
    RulingAppealed: (Telling(_BOTH, Topic.RULING_APPEALED, _D, facts.until_due, spares=True),),
    MessageSent: (
        Telling(_BOTH, Topic.MESSAGE, Kind.CONVERSATION, facts.in_dispute, spares=True, when=facts.by_a_party),
        Telling(_BOTH, Topic.MESSAGE, _D, facts.in_dispute, when=facts.by_staff),
    ),
    ReturnShipped: (Telling((_S,), Topic.RETURN_SHIPPED, _D, facts.sent_back, facts.due(Because.SENT_BACK, "due")),),
    ReturnArrived: (Telling((_S,), Topic.RETURN_ARRIVED, _D, facts.until_due, facts.due(Because.SENT_BACK, "due")),),
    ReplacementShipped: (Telling((_B,), Topic.REPLACEMENT_SHIPPED, _D, facts.replaced),),
    DisputeWithdrawn: (Telling((_S,), Topic.DISPUTE_WITHDRAWN, _D, facts.in_dispute),),
    DisputeSettled: (Telling(_BOTH, Topic.DISPUTE_SETTLED, _D, facts.settled),),
    ChargebackReceived: (Telling(_BOTH, Topic.CHARGEBACK_RECEIVED, _M, facts.charged_back),),
    ChargebackMoved: (Telling(_BOTH, Topic.CHARGEBACK_MOVED, _M, facts.moved),),
    ChargebackWon: (Telling(_BOTH, Topic.CHARGEBACK_WON, _M, facts.given_back),),
    ChargebackLost: (Telling(_BOTH, Topic.CHARGEBACK_LOST, _M),),
    # Of payouts whoever makes them tells, once for all orders in one.
    PayoutStarted: (),
    PayoutSent: (),
    PayoutFailed: (),
    PayoutReturned: (),
    PayoutAskedBack: (),
    PayoutTakenBack: (),
    PayoutNotTakenBack: (),
    # Who may know of a review depends on the review, so `reviews.py` says it.
    ReviewWritten: (),
    ReviewRevised: (),
    ReviewReplied: (),
    ReviewModerated: (),
    ModerationContested: (),
    ReviewsClosed: (),
}
"""Who is told of each kind of event."""
