"""Reconciliation in words: what kinds of difference there are, and what a line of a statement is about."""

from fairhold.engine.outside.payment_seen import LineKind
from fairhold.ledger.reconciling import What
from fairhold.words.catalog import N_

WHATS: dict[What, str] = {
    What.ONLY_STATED: N_("Only in the statement"),
    What.ONLY_BOOKED: N_("Only in the books"),
    What.AMOUNT_DIFFERS: N_("Another sum"),
    What.FEE_DIFFERS: N_("Another fee"),
    What.STATED_TWICE: N_("Twice in the statement"),
    What.BOOKED_TWICE: N_("Twice in the books"),
}
"""Short, for lists."""

ADVICE: dict[What, str] = {
    What.ONLY_STATED: N_(
        "The provider moved this money, and no order knows of it. Look it up at the provider by its name: done by hand"
        " there, a fee, a payout to your own bank, or news that never came here."
    ),
    What.ONLY_BOOKED: N_(
        "An order has it, and the provider does not state it. Look it up at the provider by its name: it may have failed"
        " since, or the statement may be late."
    ),
    What.AMOUNT_DIFFERS: N_("Both sides know of it, with different sums. Look at both before anything else moves."),
    What.FEE_DIFFERS: N_("The sum is the same, and the provider kept more or less of it than is booked."),
    What.STATED_TWICE: N_("The provider states it once more than it happened. Ask them whether money moved twice."),
    What.BOOKED_TWICE: N_("The books have it once more than the provider states."),
}
"""What it means, and what to do."""

KINDS: dict[LineKind, str] = {
    LineKind.PAYMENT: N_("Payment"),
    LineKind.REFUND: N_("Refund"),
    LineKind.REFUND_FAILED: N_("Refund that failed"),
    LineKind.TRANSFER: N_("Transfer to a seller"),
    LineKind.TAKEN_BACK: N_("Transfer taken back"),
    LineKind.PAYOUT: N_("Payout to a bank"),
    LineKind.PAYOUT_RETURNED: N_("Payout that came back"),
    LineKind.CHARGEBACK: N_("Card chargeback"),
    LineKind.GIVEN_BACK: N_("Card chargeback given back"),
    LineKind.FEE: N_("Fee"),
    LineKind.OTHER: N_("Something else"),
}
"""What the provider states it as."""
