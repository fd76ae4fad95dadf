"""What a deadline does and why it is there, in sentences: the API's `effect` and `because`, and the pages' footnotes."""

from fairhold.domain.coming import Because, Deadline, Effect
from fairhold.domain.order import Order
from fairhold.words.catalog import N_
from fairhold.words.dates import whole_days
from fairhold.words.money import money
from fairhold.words.reader import Reader

_EFFECTS: dict[Effect, str] = {
    Effect.CANCEL: N_("The order is cancelled; no money is taken."),
    Effect.RELEASE: N_("%(sum)s goes to the seller."),
    Effect.REFUND: N_("%(sum)s goes back to the buyer."),
    Effect.EXTEND: N_("Protection goes on for %(length)s more, once."),
}
_REASONS: dict[Because, str] = {
    Because.NOT_PAID: N_("The order is not paid yet."),
    Because.NOT_SHIPPED: N_("The seller has not shipped this yet."),
    Because.RETURNED_TO_SENDER: N_("The parcel came back to the seller."),
    Because.DELIVERED: N_(
        "The carrier handed the parcel to the addressee; the buyer has this time to check the goods."
    ),
    Because.SHIPPED: N_("The goods were shipped; protection runs until this moment."),
    Because.SHIPPED_LAPSE_EXTENDS: N_("The goods were shipped, and nothing proves their delivery yet."),
    Because.CONFIRMED: N_("The buyer confirmed receipt; until this moment support can undo it."),
    Because.PROVIDER_LIMIT: N_("The payment provider can hold the money no longer than this."),
}


def effect(order: Order, deadline: Deadline, reader: Reader) -> str:
    """What happens at the deadline unless somebody acts."""
    message = _EFFECTS[deadline.effect]
    match deadline.effect:
        case Effect.CANCEL:
            return reader.words.gettext(message)
        case Effect.EXTEND:
            return reader.words.gettext(message, length=whole_days(reader, order.terms.lapse_extension))
        case _:
            return reader.words.gettext(message, sum=money(reader, deadline.amount, order.currency))


def because(deadline: Deadline, reader: Reader) -> str:
    """Why the deadline is there."""
    return reader.words.gettext(_REASONS[deadline.because])
