"""What is said of disputes."""

from fairhold.domain.actors import Role
from fairhold.engine.notices.tellings import Topic
from fairhold.words.catalog import N_
from fairhold.words.notices.lines import Line, Side, Text, said

_B, _S = Role.BUYER, Role.SELLER
_REASON = N_("%(reason)s.")
_RULES = N_("A mediator rules by %(ruling)s.")
_SILENT = Line(N_("The seller did not answer in time."), given="silence")
_OUTCOME = N_("%(outcome)s.")

DISPUTE_TEXTS: dict[tuple[Topic, Side], Text] = {
    (Topic.DISPUTE_OPENED, _B): said(N_("Dispute opened over %(sum)s"), _REASON, _RULES),
    (Topic.DISPUTE_OPENED, _S): said(
        N_("Dispute opened over %(sum)s"),
        _REASON,
        N_("Answer by %(until)s. If you do not, the buyer gets what they ask for."),
        _RULES,
    ),
    (Topic.OFFER_MADE, None): said(
        N_("New offer: %(offer)s"),
        N_("Accept it, or make your own, by %(until)s."),
        Line(N_("Accept it, or make your own, on the dispute's page."), lacking="until"),
    ),
    (Topic.OFFER_LAPSED, None): said(N_("The offer expired"), N_("The negotiation goes on: make a new one.")),
    (Topic.DISPUTE_AGREED, _B): Text(
        (
            Line(N_("The seller sends the goods again by %(until)s"), given="resend"),
            Line(N_("Send the goods back by %(until)s")),
        ),
        (
            _SILENT,
            Line(N_("If the seller does not, the money comes back to you."), given="resend"),
            Line(
                N_("Then %(sum)s comes back to you. If you do not send them, the money goes to the seller."),
                lacking="resend",
            ),
        ),
    ),
    (Topic.DISPUTE_AGREED, _S): Text(
        (
            Line(N_("Send the goods again by %(until)s"), given="resend"),
            Line(N_("The buyer sends the goods back by %(until)s")),
        ),
        (
            _SILENT,
            Line(N_("If you do not, the money goes back to the buyer."), given="resend"),
            Line(N_("You look at them, then %(sum)s goes back to the buyer."), lacking="resend"),
        ),
    ),
    (Topic.DISPUTE_ESCALATED, None): said(
        N_("The dispute is with a mediator"), N_("The ruling comes by %(until)s. Until then you can still agree.")
    ),
    (Topic.CLAIM_TAKEN, None): said(
        N_("A mediator took your case"), N_("Questions to you appear on the dispute's page.")
    ),
    (Topic.RULING_OVERDUE, None): said(
        N_("The ruling is overdue"), N_("The operator sees to it by %(until)s. No money moves meanwhile.")
    ),
    (Topic.DISPUTE_RULED, _B): said(
        N_("Ruling: %(refund)s to you, %(rest)s to the seller"),
        N_("You can appeal until %(until)s; after that it is carried out."),
    ),
    (Topic.DISPUTE_RULED, _S): said(
        N_("Ruling: %(refund)s to the buyer, %(rest)s to you"),
        N_("You can appeal until %(until)s; after that it is carried out, less the commission."),
    ),
    (Topic.RULING_APPEALED, None): said(N_("The ruling was appealed"), N_("Another mediator rules by %(until)s.")),
    (Topic.MESSAGE, None): said(N_("New message in the dispute"), N_("Read it, and answer, on the dispute's page.")),
    (Topic.RETURN_SHIPPED, _S): said(
        N_("The buyer sent the goods back"),
        N_("%(carrier)s, %(number)s."),
        N_("Say by %(until)s whether they came back as they should. If you do not, the money goes back to the buyer."),
    ),
    (Topic.RETURN_ARRIVED, _S): said(
        N_("News of the goods that were sent back"),
        N_("Say by %(until)s whether they came back as they should. If you do not, the money goes back to the buyer."),
    ),
    (Topic.REPLACEMENT_SHIPPED, _B): said(
        N_("The goods were sent again"), N_("%(carrier)s, %(number)s."), N_("Protection runs until %(until)s.")
    ),
    (Topic.DISPUTE_WITHDRAWN, _S): said(
        N_("The buyer withdrew the dispute"), N_("Protection runs on for the time that was left.")
    ),
    (Topic.DISPUTE_SETTLED, _B): said(N_("Dispute settled: %(refund)s to you, %(rest)s to the seller"), _OUTCOME),
    (Topic.DISPUTE_SETTLED, _S): said(
        N_("Dispute settled: %(refund)s to the buyer, %(rest)s to you"),
        _OUTCOME,
        N_("The commission was %(fee)s."),
        N_("Commission and payment provider's fee together were %(fees)s."),
    ),
}
