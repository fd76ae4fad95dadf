"""What a deadline does and why it is there, in sentences: the API's `effect` and `because`, and the pages' footnotes."""

from fairhold.domain.actors import Role
from fairhold.domain.bank_money import foreseen
from fairhold.domain.coming import Because, Deadline, Effect
from fairhold.domain.order import Order
from fairhold.words.catalog import N_
from fairhold.words.dates import whole_days
from fairhold.words.money import money
from fairhold.words.names import role_name
from fairhold.words.reader import Reader

_EFFECTS: dict[Effect, str] = {
    Effect.CANCEL: N_("The order is cancelled; no money is taken."),
    Effect.RELEASE: N_("%(sum)s goes to the seller."),
    Effect.REFUND: N_("%(sum)s goes back to the buyer."),
    Effect.EXTEND: N_("Protection goes on for %(length)s more, once."),
    Effect.OPEN_DISPUTE: N_("A dispute over %(sum)s is opened for the buyer: the goods are not proved to have come."),
    Effect.GRANT: N_("The buyer's demand is granted: the goods go back to the seller, then %(sum)s to the buyer."),
    Effect.LAPSE: N_("The offer expires; the two can go on negotiating."),
    Effect.ESCALATE: N_("A mediator is asked to decide on %(sum)s."),
    Effect.REMIND: N_("The operator is alarmed. No money moves until somebody rules."),
    Effect.HAND_ON: N_("Somebody else has to answer too: %(owner)s. No money moves."),
    Effect.CARRY_OUT: N_("The ruling is carried out: %(refund)s to the buyer, %(rest)s to the seller."),
    Effect.LOSE: N_("The chargeback counts as lost; the money stays with the buyer's bank."),
    Effect.CLOSE_REVIEWS: N_("The time for reviews is over: what was kept back is shown, and silence may be rated."),
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
    Because.ACCIDENT_REPORTED: N_("The buyer says that receipt was confirmed by accident; support is to answer."),
    Because.ACCIDENT_SETTLES: N_(
        "The buyer says that receipt was confirmed by accident; until this moment support can undo it."
    ),
    Because.ACCIDENT_OVERDUE: N_(
        "Support has not answered in time what was confirmed by accident; the operator is to see to it."
    ),
    Because.EXTENSION_ASKED: N_("The buyer asked for more time; the seller is to answer."),
    Because.EXTENSION_WITH_SUPPORT: N_("The seller did not answer the buyer's request for more time; support is to."),
    Because.PROVIDER_LIMIT: N_("The payment provider can hold the money no longer than this."),
    Because.SHIPPED_LAPSE_DISPUTES: N_("The goods were shipped, and nothing proves their delivery yet."),
    Because.DEMANDED: N_("The buyer opened a dispute; the seller is to answer."),
    Because.OFFERED: N_("An offer is on the table, and lives until this moment."),
    Because.NEGOTIATED: N_("The two sides have this time to agree."),
    Because.CLAIMED: N_("The dispute was escalated; a mediator is to rule."),
    Because.CLAIM_OVERDUE: N_("The ruling is overdue; the operator is to see to it."),
    Because.RULED: N_("A mediator ruled; until this moment either side can appeal, once."),
    Because.RETURN_AGREED: N_("It was agreed that the goods go back; the buyer is to send them."),
    Because.SENT_BACK: N_("The goods are on their way back; the seller is to look at them."),
    Because.RESEND_AGREED: N_("It was agreed that the goods are sent again; the seller is to ship them."),
    Because.UNDECIDED: N_("No dispute stays undecided for longer than this."),
    Because.DISPUTE_PROVIDER_LIMIT: N_("The payment provider can hold the money no longer than this."),
    Because.BANK_DECIDES: N_("The buyer's bank took money back and is to decide."),
    Because.REVIEWS_OPEN: N_("The deal is completed; until this moment both sides can review it."),
}
_TITLES: dict[Because, str] = {
    Because.NOT_PAID: N_("Payment is due"),
    Because.NOT_SHIPPED: N_("Shipping is due"),
    Because.RETURNED_TO_SENDER: N_("Shipping again is due"),
    Because.DELIVERED: N_("Time to check ends"),
    Because.SHIPPED: N_("Protection ends"),
    Because.SHIPPED_LAPSE_EXTENDS: N_("Protection ends"),
    Because.SHIPPED_LAPSE_DISPUTES: N_("Protection ends"),
    Because.CONFIRMED: N_("The money goes to the seller"),
    Because.ACCIDENT_REPORTED: N_("Support's answer is due"),
    Because.ACCIDENT_SETTLES: N_("The money goes to the seller"),
    Because.ACCIDENT_OVERDUE: N_("The money goes to the seller"),
    Because.EXTENSION_ASKED: N_("An answer about more time is due"),
    Because.EXTENSION_WITH_SUPPORT: N_("An answer about more time is due"),
    Because.PROVIDER_LIMIT: N_("The time for which we can hold the money ends"),
    Because.DEMANDED: N_("An answer to the dispute is due"),
    Because.OFFERED: N_("The offer expires"),
    Because.NEGOTIATED: N_("Time to agree ends"),
    Because.CLAIMED: N_("The ruling is due"),
    Because.CLAIM_OVERDUE: N_("The ruling is due"),
    Because.RULED: N_("Time to appeal ends"),
    Because.RETURN_AGREED: N_("Sending the goods back is due"),
    Because.SENT_BACK: N_("Looking at the returned goods is due"),
    Because.RESEND_AGREED: N_("Sending the goods again is due"),
    Because.UNDECIDED: N_("The dispute is decided by now"),
    Because.DISPUTE_PROVIDER_LIMIT: N_("The time for which we can hold the money ends"),
    Because.BANK_DECIDES: N_("The bank's decision is due"),
    Because.REVIEWS_OPEN: N_("Time for reviews ends"),
}


def title(deadline: Deadline, reader: Reader) -> str:
    """The deadline in a few words, to stand beside its moment: in calendars and lists."""
    return reader.words.gettext(_TITLES[deadline.because])


def effect(order: Order, deadline: Deadline, reader: Reader) -> str:
    """What happens at the deadline unless somebody acts."""
    message = _EFFECTS[deadline.effect]
    match deadline.effect:
        case Effect.CANCEL:
            return reader.words.gettext(message)
        case Effect.HAND_ON:
            after = Role.SUPPORT if deadline.owner is Role.SELLER else Role.OPERATOR
            return reader.words.gettext(message, owner=role_name(reader.words, after).lower())
        case Effect.EXTEND:
            return reader.words.gettext(message, length=whole_days(reader, order.terms.lapse_extension))
        case Effect.CARRY_OUT:
            dispute = order.dispute(deadline.dispute)
            assert dispute is not None, "a ruling belongs to a dispute"
            ahead = foreseen(order, dispute, dispute.rulings[-1].refund)
            sums = money(reader, ahead.refund, order.currency), money(reader, ahead.gross, order.currency)
            return reader.words.gettext(message, refund=sums[0], rest=sums[1])
        case _:
            return reader.words.gettext(message, sum=money(reader, deadline.amount, order.currency))


def because(deadline: Deadline, reader: Reader) -> str:
    """Why the deadline is there."""
    return reader.words.gettext(_REASONS[deadline.because])
