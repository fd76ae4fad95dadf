"""What is said of deadlines that come near: one row for each reason of a deadline of which somebody is reminded."""

from fairhold.domain.coming import Because
from fairhold.words.catalog import N_
from fairhold.words.notices.lines import Line, Text, said

_LAPSES = N_("If the parcel has not come, or something is wrong, open a dispute by %(until)s.")
_LOOKS = N_("Say by %(until)s whether they came back as they should. Otherwise %(sum)s goes back to the buyer.")

REMINDER_TEXTS: dict[Because, Text] = {
    Because.NOT_PAID: said(
        N_("The order is not paid yet: %(left)s"), N_("Pay by %(until)s. After that it is cancelled by itself.")
    ),
    Because.NOT_SHIPPED: said(
        N_("Ship the order: %(left)s"), N_("Ship by %(until)s. Otherwise %(sum)s goes back to the buyer.")
    ),
    Because.RETURNED_TO_SENDER: said(
        N_("Ship the returned parcel again: %(left)s"),
        N_("Ship by %(until)s, or say what is wrong with it. Otherwise %(sum)s goes back to the buyer."),
    ),
    Because.DELIVERED: said(
        N_("Check the goods: %(left)s"),
        N_("By %(until)s confirm receipt or, if something is wrong, open a dispute."),
        N_("If you do neither, %(sum)s goes to the seller."),
    ),
    Because.SHIPPED: said(
        N_("Protection ends: %(left)s"), _LAPSES, N_("If you do nothing, %(sum)s goes to the seller.")
    ),
    Because.SHIPPED_LAPSE_EXTENDS: said(
        N_("Protection ends: %(left)s"), _LAPSES, N_("If you do nothing, it goes on for longer, once.")
    ),
    Because.SHIPPED_LAPSE_DISPUTES: said(
        N_("Protection ends: %(left)s"), _LAPSES, N_("If you do nothing, a dispute is opened for you.")
    ),
    Because.PROVIDER_LIMIT: said(
        N_("The payment provider can hold the money no longer: %(left)s"),
        N_("If you have the goods, confirm receipt by %(until)s. Otherwise %(sum)s comes back to you."),
    ),
    Because.DEMANDED: said(
        N_("Answer the dispute: %(left)s"), N_("Answer by %(until)s. Otherwise the buyer gets what they ask for.")
    ),
    Because.EXTENSION_ASKED: said(
        N_("The buyer asks for more time: %(left)s to answer"),
        N_("Answer by %(until)s. Otherwise support answers in your place."),
    ),
    Because.OFFERED: said(
        N_("An offer waits for your answer: %(left)s"), N_("Accept it, or make your own, by %(until)s.")
    ),
    Because.NEGOTIATED: said(
        N_("Time to agree in the dispute: %(left)s"),
        N_("If you do not agree by %(until)s, a mediator decides on %(sum)s."),
    ),
    Because.RULED: said(N_("Time to appeal the ruling: %(left)s"), N_("After %(until)s it is carried out.")),
    Because.RETURN_AGREED: said(
        N_("Send the goods back: %(left)s"), N_("Send them by %(until)s. Otherwise the money goes to the seller.")
    ),
    Because.SENT_BACK: said(N_("Look at the goods that were sent back: %(left)s"), _LOOKS),
    Because.RESEND_AGREED: said(
        N_("Send the goods again: %(left)s"), N_("Send them by %(until)s. Otherwise %(sum)s goes back to the buyer.")
    ),
    Because.CLAIMED: said(
        N_("A ruling is due: %(left)s"), N_("Rule on %(sum)s by %(until)s. After that the operator is told.")
    ),
    Because.REVIEWS_OPEN: Text(
        (Line(N_("Your review is still awaited: %(left)s")),),
        (Line(N_("The deal can be reviewed until %(until)s. Stars alone are enough.")),),
    ),
}
