"""Which type of webhook tells of which event. The names are part of the public contract: added to, never changed.

Every event of an order has a type, so that whoever takes all of them misses nothing.
"""

from fairhold.domain.events import Event

TYPES: dict[str, str] = {
    "order_placed": "order.placed",
    "payment_started": "order.payment_started",
    "payment_page_opened": "order.payment_page_opened",
    "payment_failed": "order.payment_failed",
    "payment_received": "order.paid",
    "payment_returned": "order.payment_returned",
    "order_cancelled": "order.cancelled",
    "outage_recorded": "order.outage_recorded",
    "parcel_shipped": "parcel.shipped",
    "checkpoint_recorded": "parcel.scanned",
    "parcel_delivered": "parcel.delivered",
    "delivery_corrected": "parcel.delivery_corrected",
    "delivery_doubted": "parcel.delivery_doubted",
    "number_shared": "parcel.number_shared",
    "parcel_returned": "parcel.returned",
    "protection_extended": "protection.extended",
    "extension_asked": "protection.extension_asked",
    "extension_declined": "protection.extension_declined",
    "extension_passed_on": "protection.extension_passed_on",
    "receipt_confirmed": "receipt.confirmed",
    "receipt_undone": "receipt.undone",
    "accident_reported": "receipt.accident_reported",
    "accident_overdue": "receipt.accident_overdue",
    "accident_declined": "receipt.accident_declined",
    "portions_released": "money.released",
    "portions_refunded": "money.refunded",
    "refund_paid": "money.refund_paid",
    "refund_returned": "money.refund_returned",
    "refund_sent_again": "money.refund_sent_again",
    "refund_paid_elsewhere": "money.refund_paid_elsewhere",
    "payout_started": "payout.started",
    "payout_sent": "payout.sent",
    "payout_failed": "payout.failed",
    "payout_returned": "payout.returned",
    "payout_asked_back": "payout.asked_back",
    "payout_taken_back": "payout.taken_back",
    "payout_not_taken_back": "payout.not_taken_back",
    "dispute_opened": "dispute.opened",
    "offer_made": "dispute.offer_made",
    "offer_lapsed": "dispute.offer_lapsed",
    "dispute_agreed": "dispute.agreed",
    "dispute_escalated": "dispute.escalated",
    "claim_taken": "dispute.claim_taken",
    "ruling_overdue": "dispute.ruling_overdue",
    "dispute_ruled": "dispute.ruled",
    "ruling_appealed": "dispute.appealed",
    "message_sent": "dispute.message_sent",
    "return_shipped": "dispute.goods_sent_back",
    "return_arrived": "dispute.goods_returned",
    "replacement_shipped": "dispute.replacement_shipped",
    "dispute_withdrawn": "dispute.withdrawn",
    "dispute_settled": "dispute.settled",
    "chargeback_received": "chargeback.received",
    "chargeback_moved": "chargeback.moved",
    "chargeback_won": "chargeback.won",
    "chargeback_lost": "chargeback.lost",
    "review_written": "review.written",
    "review_revised": "review.revised",
    "review_replied": "review.replied",
    "review_moderated": "review.moderated",
    "moderation_contested": "review.moderation_contested",
    "reviews_closed": "review.closed",
}
"""The type by the tag under which an event is stored."""

TEST = "webhook.test"
"""What the test button sends: of no order, and whatever types the endpoint takes."""

ALL_TYPES = tuple(TYPES.values())
"""What an endpoint can choose from, in the order in which people read them."""


def type_of(event: Event) -> str:
    """The type that tells of this event."""
    return TYPES[str(type(event).__struct_config__.tag)]
