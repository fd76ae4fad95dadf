"""Every reason for a refusal in words: what happened, what did not change, what to do."""

from typing import NamedTuple

from fairhold.domain.reasons import Reason, Refusal
from fairhold.words.catalog import N_, Words


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
    Reason.PAYMENT_DECLINED: RefusalText(
        N_("The payment did not go through."),
        N_(
            "The bank declined it. No money was taken, and the order still waits. Try again or choose another way to pay."
        ),
    ),
    Reason.ALREADY_PAID: RefusalText(
        N_("This order is already paid."),
        N_("The money is with us; nothing was taken a second time."),
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
    Reason.NOT_ALLOWED: RefusalText(
        N_("You may not do this."),
        N_("It is for the other side of the deal or for the marketplace's staff. Nothing has changed."),
    ),
    Reason.UNKNOWN_SHIPMENT: RefusalText(
        N_("There is no such parcel in this order."),
        N_("Check the parcel's name. Nothing has changed."),
    ),
    Reason.NOT_FOUND: RefusalText(
        N_("There is no such order, or it is not yours."),
        N_("Check the number or sign in under another name."),
    ),
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
