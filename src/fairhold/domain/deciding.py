"""What becomes of the disputed sum when a deadline of a dispute comes: one table for whoever applies it or tells of it."""

from fairhold.domain.coming import Because
from fairhold.domain.dispute import Dispute, DisputeState, Outcome
from fairhold.domain.settlement import refund_with_postage

OUTCOMES: dict[Because, Outcome] = {
    Because.RULED: Outcome.RULED,
    Because.RETURN_AGREED: Outcome.NOT_SENT_BACK,
    Because.SENT_BACK: Outcome.RETURNED,
    Because.RESEND_AGREED: Outcome.NOT_RESENT,
    Because.UNDECIDED: Outcome.UNDECIDED,
    Because.DISPUTE_PROVIDER_LIMIT: Outcome.PROVIDER_CEILING,
}
"""How a dispute ends that such a deadline ends."""


def decided_by(dispute: Dispute, because: Because) -> int | None:
    """How much of the disputed sum becomes the buyer's (minor units), and where goods travel first, what comes after that.

    None where it decides no money, as where the two go on talking or a mediator is asked. Whoever appeals does not win by
    running out the clock: what was ruled first is carried out where there is no time for a second ruling.
    """
    match because:
        case Because.DEMANDED:
            demand = dispute.offers[-1]
            return dispute.amount if demand.resend else demand.refund
        case Because.RULED:
            return dispute.rulings[-1].refund
        case Because.RETURN_AGREED:
            return 0
        case Because.SENT_BACK:
            return refund_with_postage(dispute)
        case Because.UNDECIDED | Because.DISPUTE_PROVIDER_LIMIT if dispute.state is DisputeState.APPEALED:
            return dispute.rulings[-1].refund
        case Because.RESEND_AGREED | Because.UNDECIDED | Because.DISPUTE_PROVIDER_LIMIT:
            return dispute.amount
        case _:
            return None
