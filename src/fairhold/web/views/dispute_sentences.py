"""A dispute in sentences, for each side: whose turn it is until when, and what comes if nobody acts."""

from fairhold.domain.actors import Role
from fairhold.domain.bank_money import foreseen
from fairhold.domain.bargaining import ruling_due
from fairhold.domain.coming import Because, Deadline
from fairhold.domain.deciding import decided_by
from fairhold.domain.dispute import Dispute
from fairhold.domain.dispute_status import dispute_deadlines, main_deadline
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.deadlines import effect
from fairhold.words.names import role_name

_TURNS: dict[Because, tuple[str, str]] = {
    Because.DEMANDED: (
        N_("Your turn: answer by %(moment)s"),
        N_("The seller is to answer by %(moment)s"),
    ),
    Because.NEGOTIATED: (
        N_("Your turn: make an offer by %(moment)s"),
        N_("The other side's turn, until %(moment)s"),
    ),
    Because.OFFERED: (
        N_("Your turn: answer the offer by %(moment)s"),
        N_("The other side is to answer your offer by %(moment)s"),
    ),
    Because.CLAIMED: ("", N_("A mediator rules by %(moment)s")),
    Because.CLAIM_OVERDUE: ("", N_("The ruling is late; the operator sees to it by %(moment)s")),
    Because.RULED: ("", N_("Ruled; it can be appealed until %(moment)s")),
    Because.RETURN_AGREED: (
        N_("Your turn: send the goods back by %(moment)s"),
        N_("The buyer is to send the goods back by %(moment)s"),
    ),
    Because.SENT_BACK: (
        N_("Your turn: look at the goods that came back by %(moment)s"),
        N_("The seller is to look at the goods by %(moment)s"),
    ),
    Because.RESEND_AGREED: (
        N_("Your turn: send the goods again by %(moment)s"),
        N_("The seller is to send the goods again by %(moment)s"),
    ),
    Because.UNDECIDED: ("", N_("To be decided by %(moment)s")),
    Because.DISPUTE_PROVIDER_LIMIT: ("", N_("To be decided by %(moment)s")),
}
"""What is to be done, said to whose turn it is and to the other side."""
_BETWEEN = frozenset({Because.NEGOTIATED, Because.OFFERED})
"""Where the other side is called so: staff are told which."""

_IF_NOBODY: dict[Because, tuple[str, str]] = {
    Because.NEGOTIATED: (
        N_(
            "If you two do not agree by then, a mediator decides, by %(ruling)s at the latest. The money stays with us."
        ),
        N_(
            "If you two do not agree by then, a mediator decides, by %(ruling)s at the latest. The money stays with us."
        ),
    ),
    Because.OFFERED: (
        N_("The offer stops being valid. The dispute stays open, and %(whole)s stays with us."),
        N_("The offer stops being valid. The dispute stays open, and %(whole)s stays with us."),
    ),
    Because.CLAIMED: (
        N_("If there is no ruling by then, the marketplace is alarmed. No money moves until somebody rules."),
        N_("If there is no ruling by then, the marketplace is alarmed. No money moves until somebody rules."),
    ),
    Because.CLAIM_OVERDUE: (
        N_("The marketplace has been alarmed. No money moves until somebody rules."),
        N_("The marketplace has been alarmed. No money moves until somebody rules."),
    ),
    Because.RULED: (
        N_("If nobody appeals, the ruling is carried out: %(refund)s comes back to you, %(gross)s goes to the seller."),
        N_("If nobody appeals, the ruling is carried out: %(refund)s to the buyer, %(net)s to you after commission."),
    ),
    Because.RETURN_AGREED: (
        N_("If you do not send the goods by then, the dispute ends and all %(gross)s goes to the seller."),
        N_("If the buyer does not send the goods by then, %(net)s comes to you, commission already taken."),
    ),
    Because.SENT_BACK: (
        N_("If the seller says nothing by then, %(refund)s comes back to you."),
        N_("If you say nothing by then, %(refund)s goes back to the buyer."),
    ),
    Because.RESEND_AGREED: (
        N_("If the seller has not sent the goods by then, %(refund)s comes back to you."),
        N_("If you have not sent the goods by then, %(refund)s goes back to the buyer."),
    ),
    Because.UNDECIDED: (
        N_("If nobody has decided by then, %(refund)s comes back to you."),
        N_("If nobody has decided by then, %(refund)s goes back to the buyer."),
    ),
    Because.DISPUTE_PROVIDER_LIMIT: (
        N_("The payment provider holds the money no longer: undecided until then, %(refund)s comes back to you."),
        N_("The payment provider holds the money no longer: undecided until then, %(refund)s goes back to the buyer."),
    ),
}
"""What comes at each deadline, said to the buyer and to the seller."""

_SILENCE_ON_RETURN = (
    N_("If the seller does not answer, your demand is granted: you send the goods back and get %(refund)s."),
    N_("If you do not answer, the demand is granted: the buyer sends the goods back and gets %(refund)s."),
)
_SILENCE_ON_RESEND = (
    N_("If the seller does not answer, all %(refund)s comes back to you."),
    N_("If you do not answer, all %(refund)s goes back to the buyer."),
)
_SILENCE_ON_PART = (
    N_("If the seller does not answer, %(refund)s comes back to you and %(gross)s goes to the seller."),
    N_("If you do not answer, %(refund)s goes back to the buyer and %(net)s comes to you after commission."),
)
_SILENCE_ON_ALL = (
    N_("If the seller does not answer, %(refund)s comes back to you."),
    N_("If you do not answer, %(refund)s goes back to the buyer."),
)


def next_deadline_of(sight: Sight, dispute: Dispute) -> Deadline | None:
    """The deadline to speak of first: an offer that waits for its answer, else what moves the dispute on."""
    found = dispute_deadlines(sight.order, dispute)
    return next((one for one in found if one.because is Because.OFFERED), None) or main_deadline(sight.order, dispute)


def is_turn(sight: Sight, dispute: Dispute) -> bool:
    """Whether this person is expected to act in the dispute: an appeal is nobody's duty."""
    found = next_deadline_of(sight, dispute)
    return found is not None and found.owner is sight.actor.role and found.because is not Because.RULED


def turn_sentence(sight: Sight, dispute: Dispute) -> str:
    """Whose turn it is and until when; nothing once the dispute is closed."""
    found = next_deadline_of(sight, dispute)
    if found is None:
        return ""
    mine, theirs = _TURNS[found.because]
    if sight.actor.role not in (Role.BUYER, Role.SELLER) and found.because in _BETWEEN:
        who = role_name(sight.reader.words, found.owner)
        return sight.say(N_("Whose turn: %(who)s, until %(moment)s"), who=who, moment=sight.moment(found.at))
    message = mine if mine and found.owner is sight.actor.role else theirs
    return sight.say(message, moment=sight.moment(found.at))


def if_nobody_acts(sight: Sight, dispute: Dispute, deadline: Deadline) -> str:
    """What the deadline brings, as this side reads it; to staff, as the API says it."""
    order = sight.order
    if sight.actor.role not in (Role.BUYER, Role.SELLER):
        return effect(order, deadline, sight.reader)
    decided = decided_by(dispute, deadline.because)
    ahead = foreseen(order, dispute, decided or 0)
    to_buyer, to_seller = _silence(dispute) if deadline.because is Because.DEMANDED else _IF_NOBODY[deadline.because]
    return sight.say(
        to_buyer if sight.actor.role is Role.BUYER else to_seller,
        refund=sight.sum(ahead.refund),
        gross=sight.sum(ahead.gross),
        net=sight.sum(ahead.net),
        whole=sight.sum(dispute.amount),
        ruling=sight.moment(ruling_due(order, deadline.at)),
    )


def _silence(dispute: Dispute) -> tuple[str, str]:
    demand = dispute.offers[-1]
    if demand.resend:
        return _SILENCE_ON_RESEND
    if demand.return_goods:
        return _SILENCE_ON_RETURN
    return _SILENCE_ON_ALL if demand.refund == dispute.amount else _SILENCE_ON_PART
