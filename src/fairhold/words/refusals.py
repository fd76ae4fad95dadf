"""Every reason for a refusal in words: what happened, what did not change, what to do."""

from typing import NamedTuple

from fairhold.domain.reasons import Reason, Refusal
from fairhold.words.catalog import N_, Words
from fairhold.words.review_refusals import REVIEW_TEXTS


class RefusalText(NamedTuple):
    """The `title` and the `detail` of a problem."""

    title: str
    detail: str


TEXTS: dict[Reason, RefusalText] = {
    Reason.INVALID: RefusalText(
        N_("The request cannot be read."),
        N_("Something in it is missing or has the wrong form. Nothing has changed. Correct it and send it again."),
    ),
    Reason.NOTHING_SELECTED: RefusalText(
        N_("Receipt could not be confirmed: nothing was selected."),
        N_("Tick the items that are in your hands. Nothing has changed, the money is protected."),
    ),
    Reason.CONSEQUENCE_NOT_ACKNOWLEDGED: RefusalText(
        N_("Receipt is not confirmed yet: the consequence has not been acknowledged."),
        N_("Look at the sums and dates first and confirm on that page. Nothing has changed, the money is protected."),
    ),
    Reason.UNKNOWN_LINE: RefusalText(
        N_("There is no such item in this order."),
        N_("Choose the items from the order's own list. Nothing has changed."),
    ),
    Reason.DUPLICATE_LINE: RefusalText(
        N_("The same item is named twice."),
        N_("Name each item once and give its quantity. Nothing has changed."),
    ),
    Reason.QUANTITY_TOO_LARGE: RefusalText(
        N_("That is more than there is."),
        N_("The quantity exceeds what this can still be done to. Nothing has changed. Choose a smaller quantity."),
    ),
    Reason.BUYER_IS_SELLER: RefusalText(
        N_("Buyer and seller are the same person."),
        N_("A deal needs two sides. The order was not placed."),
    ),
    Reason.UNKNOWN_CURRENCY: RefusalText(
        N_("There is no such currency."),
        N_("Use a three-letter code of ISO 4217, such as RUB. The order was not placed."),
    ),
    Reason.UNKNOWN_POLICY: RefusalText(
        N_("There is no policy of that name here."),
        N_("Leave the policy out to take the marketplace's own. The order was not placed."),
    ),
    Reason.NO_LINES: RefusalText(
        N_("The order has no items."),
        N_("Add at least one item. The order was not placed."),
    ),
    Reason.AMOUNT_TOO_LARGE: RefusalText(
        N_("The sum is too large."),
        N_("One order cannot cost that much. Divide it into several. The order was not placed."),
    ),
    Reason.NOTHING_TO_PAY: RefusalText(
        N_("There is nothing to pay."),
        N_("Protection needs a sum above zero. The order was not placed."),
    ),
    Reason.DISCOUNT_TOO_LARGE: RefusalText(
        N_("The discount exceeds the price of the items."),
        N_("Make the discount smaller. The order was not placed."),
    ),
    Reason.SHIPPING_DAYS_OUT_OF_BOUNDS: RefusalText(
        N_("The time for shipping lies outside the bounds."),
        N_("Choose a number of days that the marketplace's rules allow. The order was not placed."),
    ),
    Reason.PROTECTION_DAYS_OUT_OF_BOUNDS: RefusalText(
        N_("The protection period lies outside the bounds."),
        N_("Choose a number of days that the marketplace's rules allow. The order was not placed."),
    ),
    Reason.PROMISED_IN_THE_PAST: RefusalText(
        N_("The promised delivery date is in the past."),
        N_("Give a date that is still to come. The order was not placed."),
    ),
    Reason.PROMISED_TOO_FAR: RefusalText(
        N_("The promised delivery date is too far away."),
        N_("It may lie at most 400 days ahead. Give an earlier date. The order was not placed."),
    ),
    Reason.EXTENSION_TOO_LONG: RefusalText(
        N_("Protection cannot be extended by that much at once."),
        N_("Choose fewer days. Nothing has changed, protection runs as before."),
    ),
    Reason.CHECKPOINT_IN_THE_FUTURE: RefusalText(
        N_("The scan is dated in the future."),
        N_("Check the carrier's clock and time zone. The scan was not recorded."),
    ),
    Reason.UNKNOWN_PAYMENT_METHOD: RefusalText(
        N_("There is no such way to pay."),
        N_("Choose another one. No money was taken."),
    ),
    Reason.OUTAGE_RUNS_BACKWARDS: RefusalText(
        N_("The outage ends before it begins."),
        N_("Give the beginning first and the end second. Nothing has changed."),
    ),
    Reason.OUTAGE_NOT_OVER: RefusalText(
        N_("The outage has not ended yet."),
        N_("Record it once it is over, with its real end. Nothing has changed."),
    ),
    Reason.IDEMPOTENCY_KEY_REUSED: RefusalText(
        N_("This key was already used for something else."),
        N_("A key belongs to one request. Take a new key for a new request. Nothing has changed."),
    ),
    Reason.DEMAND_ABOVE_DISPUTED: RefusalText(
        N_("That is more than these items cost."),
        N_("Ask for at most what they cost with their share of shipping. No dispute was opened."),
    ),
    Reason.NOTHING_DEMANDED: RefusalText(
        N_("No sum was named."),
        N_("Say how much is to go back to the buyer. Nothing has changed."),
    ),
    Reason.REFUND_ABOVE_WHAT_IS_LEFT: RefusalText(
        N_("That is more than the dispute is about."),
        N_("The refund can be at most the disputed sum. Nothing has changed."),
    ),
    Reason.RETURN_OR_RESEND: RefusalText(
        N_("These two do not go together."),
        N_("Goods that are sent again are not refunded, and not sent back first. Choose one. Nothing has changed."),
    ),
    Reason.ONLY_SELLER_RESENDS: RefusalText(
        N_("Only the seller can offer to send the goods again."),
        N_("Ask for money, or write it as a message. Nothing has changed."),
    ),
    Reason.SAME_OFFER: RefusalText(
        N_("This offer is already on the table."),
        N_("Wait for the answer, or offer something else. Nothing has changed."),
    ),
    Reason.CHARGEBACK_ABOVE_WHAT_IS_LEFT: RefusalText(
        N_("A bank cannot take more than was paid, less what banks have taken already."),
        N_("Check the sum and the order. The chargeback was not recorded."),
    ),
    Reason.PHOTO_NOT_YOURS: RefusalText(
        N_("There is no such photo of yours."),
        N_("Upload it first and use the name that you were given. Nothing has changed."),
    ),
    Reason.PAYMENT_DECLINED: RefusalText(
        N_("The payment did not go through."),
        N_(
            "The bank declined it. No money was taken, and the order still waits. Try again or choose another way to pay."
        ),
    ),
    Reason.TOO_LATE_TO_PAY: RefusalText(
        N_("The time to pay is over."),
        N_("No new payment can be begun. If money of one begun before comes, it counts for this order."),
    ),
    Reason.TOO_MANY_ATTEMPTS: RefusalText(
        N_("Too many payments of this order did not go through."),
        N_("No money was taken. Order anew, or ask support to find out what is wrong."),
    ),
    Reason.ALREADY_PAID: RefusalText(
        N_("This order is already paid."),
        N_("The money is with us; nothing was taken a second time."),
    ),
    Reason.NOT_DUE: RefusalText(
        N_("So much of this order's money is not due to the seller."),
        N_("Nothing was paid out. What is due is what was released and has not left yet."),
    ),
    Reason.NOT_OWED: RefusalText(
        N_("So much of this payout cannot be taken back."),
        N_("Nothing was moved. What can be taken back is what the seller owes of it and still has."),
    ),
    Reason.NOT_PAID: RefusalText(
        N_("This order is not paid yet."),
        N_("That becomes possible once the money is with us. Nothing has changed."),
    ),
    Reason.ORDER_CLOSED: RefusalText(
        N_("This order is closed."),
        N_("Nothing in it can be changed any more. If something is wrong, write to support."),
    ),
    Reason.ALREADY_SHIPPED: RefusalText(
        N_("This has already been shipped."),
        N_("What is on its way cannot be shipped or cancelled again. Nothing has changed."),
    ),
    Reason.NOT_SHIPPED: RefusalText(
        N_("This has not been shipped yet."),
        N_("It becomes possible once the seller has shipped it. Nothing has changed, the money is protected."),
    ),
    Reason.ALREADY_CONFIRMED: RefusalText(
        N_("Receipt of this is already confirmed."),
        N_("Nothing was confirmed a second time. If it was a mistake, write to support while the money is still here."),
    ),
    Reason.ALREADY_REFUNDED: RefusalText(
        N_("The money for this has already been returned."),
        N_("There is nothing left here to decide. Nothing has changed."),
    ),
    Reason.LINE_IN_DISPUTE: RefusalText(
        N_("There is a dispute on this item."),
        N_("Settle or withdraw the dispute first. Nothing has changed, the money is protected."),
    ),
    Reason.NOTHING_TO_UNDO: RefusalText(
        N_("There is no confirmation to undo."),
        N_("None of this is confirmed and waiting for its money to leave. Nothing has changed."),
    ),
    Reason.ONLY_SUPPORT_UNDOES: RefusalText(
        N_("You cannot undo this yourself any more."),
        N_("Write to support: they can undo it until the money leaves. The confirmation stands."),
    ),
    Reason.TOO_LATE_TO_UNDO: RefusalText(
        N_("Too late to undo: the money has left."),
        N_("The confirmation stands. For a card payment the bank is the last resort."),
    ),
    Reason.ACCIDENT_REPORTED: RefusalText(
        N_("Support knows of this confirmation already."),
        N_("Your request is being answered; you can add to it in the chat. Nothing has changed."),
    ),
    Reason.ACCIDENT_ANSWERED: RefusalText(
        N_("Support has answered this already."),
        N_("The answer and its reasons stand in the chat; you can write there. Nothing has changed."),
    ),
    Reason.NO_ACCIDENT_REPORTED: RefusalText(
        N_("Nobody says that receipt was confirmed by accident."),
        N_("There is nothing to answer: the request was answered, or the money has left. Nothing has changed."),
    ),
    Reason.EXTENSIONS_USED_UP: RefusalText(
        N_("Protection cannot be extended any more."),
        N_("The number of extensions for this order is used up. Protection runs as before."),
    ),
    Reason.EXTENSION_ALREADY_ASKED: RefusalText(
        N_("More time has already been asked for."),
        N_("The seller has not answered yet. Protection runs as before."),
    ),
    Reason.NO_EXTENSION_ASKED: RefusalText(
        N_("Nobody has asked for more time."),
        N_("There is nothing to answer. Protection runs as before."),
    ),
    Reason.TOO_MANY_PARTS: RefusalText(
        N_("This order is divided into too many parts."),
        N_("Leave the quantity out to take the whole item. Nothing has changed."),
    ),
    Reason.TOO_MANY_SHIPMENTS: RefusalText(
        N_("This order has too many parcels."),
        N_("Put what is left into one parcel. The parcel was not recorded."),
    ),
    Reason.TOO_MANY_CHECKPOINTS: RefusalText(
        N_("This parcel has too many scans."),
        N_("No more can be recorded for it. Nothing has changed."),
    ),
    Reason.NOT_LATE_YET: RefusalText(
        N_("The parcel is not late yet."),
        N_("This can be said once the promised day has passed, or once tracking claims delivery. Protection runs on."),
    ),
    Reason.NOTHING_RETURNED: RefusalText(
        N_("No parcel has come back."),
        N_("There is nothing to contest. Nothing has changed."),
    ),
    Reason.NOTHING_LEFT: RefusalText(
        N_("The buyer already has all of this money back."),
        N_("There is nothing left to decide. Nothing has changed."),
    ),
    Reason.TOO_MANY_DISPUTES: RefusalText(
        N_("No further dispute can be opened on this."),
        N_("It was disputed several times already. If something is wrong, write to support."),
    ),
    Reason.TOO_MANY_OFFERS: RefusalText(
        N_("There are too many offers in this dispute."),
        N_("Accept one, or ask for a mediator. Nothing has changed."),
    ),
    Reason.TOO_MANY_MESSAGES: RefusalText(
        N_("There are too many messages in this dispute."),
        N_("No more can be added. A mediator can decide it."),
    ),
    Reason.TOO_MANY_CHARGEBACKS: RefusalText(
        N_("There are too many chargebacks on this order."),
        N_("No more can be recorded. Nothing has changed."),
    ),
    Reason.TOO_MUCH_EVIDENCE: RefusalText(
        N_("There are too many photos in this dispute."),
        N_("Leave some out. Nothing has changed."),
    ),
    Reason.DISPUTE_CLOSED: RefusalText(
        N_("This dispute is closed."),
        N_("Nothing in it can be changed any more. If something is wrong, write to support."),
    ),
    Reason.DISPUTE_AGREED: RefusalText(
        N_("The two sides have agreed already."),
        N_("What was agreed on is being carried out. Nothing has changed."),
    ),
    Reason.ALREADY_ESCALATED: RefusalText(
        N_("A mediator has been asked already."),
        N_("The ruling is being prepared; until then you can still agree. Nothing has changed."),
    ),
    Reason.ALREADY_RULED: RefusalText(
        N_("A mediator has ruled already."),
        N_("Whoever disagrees can appeal until the stated moment. Nothing has changed."),
    ),
    Reason.ALREADY_APPEALED: RefusalText(
        N_("The ruling has been appealed already."),
        N_("Another mediator decides, and that decision stands. Nothing has changed."),
    ),
    Reason.NOT_ESCALATED: RefusalText(
        N_("Nobody has asked for a mediator."),
        N_("The two sides are still negotiating. Nothing has changed."),
    ),
    Reason.NOT_RULED: RefusalText(
        N_("There is no ruling yet."),
        N_("An appeal is possible once a mediator has ruled. Nothing has changed."),
    ),
    Reason.OFFER_REPLACED: RefusalText(
        N_("This offer has been replaced by a newer one."),
        N_("Look at the newest offer first. Nothing has changed."),
    ),
    Reason.OFFER_EXPIRED: RefusalText(
        N_("This offer has expired."),
        N_("Make an offer of your own, or ask for a mediator. Nothing has changed."),
    ),
    Reason.NO_RETURN_AGREED: RefusalText(
        N_("It was not agreed that the goods go back."),
        N_("Keep them until it is. Nothing has changed."),
    ),
    Reason.NO_RESEND_AGREED: RefusalText(
        N_("It was not agreed that the goods are sent again."),
        N_("Make that offer first. Nothing has changed."),
    ),
    Reason.RETURN_ALREADY_SHIPPED: RefusalText(
        N_("The goods are on their way back already."),
        N_("The parcel is recorded; the seller looks at the goods once they are there."),
    ),
    Reason.CLAIM_TAKEN: RefusalText(
        N_("Another mediator has this case."),
        N_("Choose one from the queue that nobody has. Nothing has changed."),
    ),
    Reason.NO_REFUND_RETURNED: RefusalText(
        N_("No such refund has come back."),
        N_("It is with the buyer or on its way to them, or somebody has seen to it already. Nothing has changed."),
    ),
    Reason.TAKEN_BY_BANK: RefusalText(
        N_("The buyer's bank took this money itself."),
        N_(
            "Sent again, the buyer would have it twice. When the bank has decided that they keep it, record the refund as paid "
            "in another way."
        ),
    ),
    Reason.CHARGEBACK_ENDED: RefusalText(
        N_("The bank has decided this already."),
        N_("Its outcome is recorded. Nothing has changed."),
    ),
    Reason.NOT_ALLOWED: RefusalText(
        N_("You may not do this."),
        N_("It is for the other side of the deal or for the marketplace's staff. Nothing has changed."),
    ),
    Reason.OWN_OFFER: RefusalText(
        N_("This is your own offer."),
        N_("The other side can accept it. Nothing has changed."),
    ),
    Reason.CONFLICT_OF_INTEREST: RefusalText(
        N_("You are a party to this deal."),
        N_("Another mediator has to decide it. Nothing has changed."),
    ),
    Reason.SAME_MEDIATOR: RefusalText(
        N_("You decided on this before."),
        N_("Now it is for somebody else. Nothing has changed."),
    ),
    Reason.UNKNOWN_SHIPMENT: RefusalText(
        N_("There is no such parcel in this order."),
        N_("Check the parcel's name. Nothing has changed."),
    ),
    Reason.UNKNOWN_DISPUTE: RefusalText(
        N_("There is no such dispute in this order."),
        N_("Check its name. Nothing has changed."),
    ),
    Reason.UNKNOWN_OFFER: RefusalText(
        N_("There is no such offer."),
        N_("Check its number. Nothing has changed."),
    ),
    Reason.UNKNOWN_CHARGEBACK: RefusalText(
        N_("There is no such chargeback on this order."),
        N_("Check its name. Nothing has changed."),
    ),
    Reason.NOT_FOUND: RefusalText(
        N_("There is no such order, or it is not yours."),
        N_("Check the number or sign in under another name."),
    ),
    **{reason: RefusalText(*text) for reason, text in REVIEW_TEXTS.items()},
}


def refusal_text(words: Words, reason: Reason) -> RefusalText:
    """Title and detail of `reason` in the language of `words`."""
    title, detail = TEXTS[reason]
    return RefusalText(words.gettext(title), words.gettext(detail))


def explain(words: Words, refusal: Refusal) -> RefusalText:
    """Title and detail of a refusal, with the bound that the request broke where there is one."""
    title, detail = refusal_text(words, refusal.reason)
    if refusal.limit is None:
        return RefusalText(title, detail)
    bound = words.gettext("The bound is %(limit)d.", limit=refusal.limit)
    return RefusalText(title, f"{detail} {bound}")
