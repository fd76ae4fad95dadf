"""Webhooks in words: what each type tells, how far a delivery has come, and why an attempt failed."""

from fairhold.engine.ports.webhook_sending import Trouble
from fairhold.engine.ports.webhooks import DeliveryState, OffBecause
from fairhold.words.catalog import N_

GROUPS: dict[str, str] = {
    "order": N_("Orders"),
    "parcel": N_("Parcels"),
    "protection": N_("Protection"),
    "receipt": N_("Receipt"),
    "money": N_("Money"),
    "dispute": N_("Disputes"),
    "chargeback": N_("Card chargebacks"),
    "review": N_("Reviews"),
}
"""What stands before the dot of a type."""

TYPE_TEXTS: dict[str, str] = {
    "order.placed": N_("An order was placed and awaits payment."),
    "order.payment_started": N_("The buyer began to pay through a payment provider."),
    "order.payment_page_opened": N_("The payment provider's page is there."),
    "order.payment_failed": N_("A payment came to nothing; the order still waits."),
    "order.payment_returned": N_("Money came that was not awaited any more; it goes back."),
    "order.paid": N_("The buyer paid; the money is held."),
    "order.cancelled": N_("An order was called off before any money came."),
    "order.outage_recorded": N_("An outage was recorded; time that ran out during it is given back."),
    "parcel.shipped": N_("A parcel left the seller; the protection period runs."),
    "parcel.scanned": N_("The carrier reported on a parcel."),
    "parcel.delivered": N_("A parcel was handed over; the time to check runs."),
    "parcel.delivery_corrected": N_("The carrier took back that a parcel was handed over."),
    "parcel.delivery_doubted": N_("A delivery is hardly proved; the buyer may have more time."),
    "parcel.number_shared": N_("A tracking number stands in another order, too."),
    "parcel.returned": N_("A parcel came back to its sender."),
    "protection.extended": N_("The protection period was extended."),
    "protection.extension_asked": N_("The buyer asked for more time."),
    "protection.extension_declined": N_("The seller declined to give more time."),
    "protection.extension_passed_on": N_("The request for more time was not answered in time: somebody else answers."),
    "receipt.confirmed": N_("The buyer confirmed receipt; the money leaves once the time to undo it is over."),
    "receipt.undone": N_("A confirmation was undone; the money is held again."),
    "receipt.accident_reported": N_("The buyer says that receipt was confirmed by accident."),
    "receipt.accident_overdue": N_("Support has not answered that in time."),
    "receipt.accident_declined": N_("Support does not undo the confirmation."),
    "money.released": N_("Money went to the seller, less the commission."),
    "money.refunded": N_("Money was returned to the buyer."),
    "money.refund_paid": N_("The payment provider has carried a refund out."),
    "money.refund_returned": N_("A refund did not reach the buyer, or their bank sent it back: it waits for a person."),
    "money.refund_sent_again": N_("A refund that came back is sent again."),
    "money.refund_paid_elsewhere": N_("The buyer has a refund that came back in another way."),
    "payout.started": N_("What was released is on its way to the seller."),
    "payout.sent": N_("The payment provider passed the money on to the seller."),
    "payout.failed": N_("The seller's money could not be passed on; it is due again."),
    "payout.returned": N_("The seller's bank sent the money back; it is due again."),
    "payout.asked_back": N_("After a chargeback, what the seller has is asked back of them."),
    "payout.taken_back": N_("What the seller owed after a chargeback was taken back."),
    "payout.not_taken_back": N_("It could not be taken back; the seller owes it."),
    "dispute.opened": N_("The buyer opened a dispute."),
    "dispute.offer_made": N_("One side made an offer."),
    "dispute.offer_lapsed": N_("An offer lapsed."),
    "dispute.agreed": N_("Both sides agreed."),
    "dispute.escalated": N_("A dispute went to a mediator."),
    "dispute.claim_taken": N_("A mediator took a dispute on."),
    "dispute.ruling_overdue": N_("A ruling is overdue."),
    "dispute.ruled": N_("A mediator ruled."),
    "dispute.appealed": N_("One side appealed against a ruling."),
    "dispute.message_sent": N_("Somebody wrote in a dispute."),
    "dispute.goods_sent_back": N_("The buyer sent goods back."),
    "dispute.goods_returned": N_("Goods that were sent back have come."),
    "dispute.replacement_shipped": N_("The seller sent the goods again."),
    "dispute.withdrawn": N_("The buyer withdrew a dispute."),
    "dispute.settled": N_("A dispute ended, and its money moved."),
    "chargeback.received": N_("The buyer's bank took money back."),
    "chargeback.moved": N_("The sum of a card chargeback was charged to those who bear it."),
    "chargeback.won": N_("A card chargeback was won; the money is back."),
    "chargeback.lost": N_("A card chargeback was lost."),
    "review.written": N_("A review was written, or given automatically."),
    "review.revised": N_("A review was revised."),
    "review.replied": N_("A review was answered."),
    "review.moderated": N_("A moderator decided on a review."),
    "review.moderation_contested": N_("The author contested a moderator's decision."),
    "review.closed": N_("The time for reviews is over."),
}
"""What has happened when a type is sent."""

STATES: dict[DeliveryState, str] = {
    DeliveryState.WAITING: N_("Waiting"),
    DeliveryState.DELIVERED: N_("Delivered"),
    DeliveryState.FAILED: N_("Given up"),
    DeliveryState.MISSED: N_("Missed while off"),
}

OFF: dict[OffBecause, str] = {
    OffBecause.OPERATOR: N_("It was turned off here."),
    OffBecause.FAILING: N_("It was turned off because every attempt of five days had failed."),
    OffBecause.GONE: N_("It was turned off because it answered 410: nobody is there any more."),
}

TROUBLES: dict[Trouble, str] = {
    Trouble.NO_ADDRESS: N_("The name has no address."),
    Trouble.PRIVATE_ADDRESS: N_("The name leads into a private network, so it was not called."),
    Trouble.NO_CONNECTION: N_("Nobody answers at that address."),
    Trouble.NO_TRUST: N_("The certificate does not fit, or encryption failed."),
    Trouble.TOO_SLOW: N_("No answer within 15 seconds."),
    Trouble.CLOSED_EARLY: N_("The connection was closed before an answer came."),
    Trouble.UNREADABLE: N_("What came back is no HTTP."),
    Trouble.REDIRECTED: N_("It sent us elsewhere; that is not followed."),
    Trouble.STATUS: N_("The answer was not 2xx."),
    Trouble.UNUSABLE_URL: N_("Nothing can be sent to this address."),
    Trouble.NO_SECRET: N_("The signing secret cannot be read. Make a new one."),
}
