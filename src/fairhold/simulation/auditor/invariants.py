"""What must always be true, by name, and what is said when it is not."""

from enum import StrEnum
from typing import NamedTuple


class Invariant(StrEnum):
    """Something that no command, fault or crash may ever break."""

    DEBITS_EQUAL_CREDITS = "debits_equal_credits"
    BOOKED_AS_DECIDED = "booked_as_decided"
    SUMS_ADD_UP = "sums_add_up"
    BUCKETS_IN_BOUNDS = "buckets_in_bounds"
    SELLER_OWES_BY_RECORD = "seller_owes_by_record"
    ONE_ENDING = "one_ending"
    APPEND_ONLY = "append_only"
    STATE_IS_FOLD = "state_is_fold"
    ONE_KEY_ONE_EFFECT = "one_key_one_effect"
    ACKNOWLEDGED_SURVIVES = "acknowledged_survives"
    ONE_OPERATION_ONE_EFFECT = "one_operation_one_effect"
    DEADLINE_ONCE_NEVER_EARLY = "deadline_once_never_early"
    DISPUTED_STANDS_STILL = "disputed_stands_still"
    ACTOR_ALLOWED = "actor_allowed"
    SOMEBODY_OWES = "somebody_owes"
    BOOKS_MATCH_STATEMENT = "books_match_statement"
    NO_MORE_THAN_DUE = "no_more_than_due"
    BUYERS_HEAR_NOTHING = "buyers_hear_nothing"


STATEMENTS: dict[Invariant, str] = {
    Invariant.DEBITS_EQUAL_CREDITS: "Every transfer takes from one account what it gives to another of the same currency; "
    "each balance is the sum of its transfers, and the balances of a currency add up to zero.",
    Invariant.BOOKED_AS_DECIDED: "What is booked for an order is what its events decided: on each account the sum that "
    "follows from them, and nothing else.",
    Invariant.SUMS_ADD_UP: "`paid = held + settling + released + fee + refunded + charged_back` for every order, and every "
    "sum that an event names is the worth of the goods it names.",
    Invariant.BUCKETS_IN_BOUNDS: "No bucket of an order's money is below zero or above what was paid.",
    Invariant.SELLER_OWES_BY_RECORD: "Money leaves a seller's account only by a chargeback or a payout, and the account is "
    "below zero by no more than chargebacks say is owed.",
    Invariant.ONE_ENDING: "Every piece of goods is released, refunded or cancelled once; every dispute and every chargeback "
    "ends once.",
    Invariant.APPEND_ONLY: "No event and no transfer that was ever there changes or goes, and the next stands right behind "
    "the last.",
    Invariant.STATE_IS_FOLD: "The order as it is stored, its next deadline and what is noted as due to its seller included, "
    "is what its events make of it.",
    Invariant.ONE_KEY_ONE_EFFECT: "A command has one effect under its idempotency key, however often and wherever it is "
    "repeated, and gets the same answer each time.",
    Invariant.ACKNOWLEDGED_SURVIVES: "What was acknowledged is there, whatever crashes afterwards.",
    Invariant.ONE_OPERATION_ONE_EFFECT: "Every refund, every part of a payout and every taking back is one operation of the "
    "payment provider, asked for under one key, carried out once and noted once.",
    Invariant.DEADLINE_ONCE_NEVER_EARLY: "Every deadline fires once, dated with its own time, never before it, and before "
    "anything that happens later.",
    Invariant.DISPUTED_STANDS_STILL: "Nothing moves disputed goods, their money or their clocks but the end of their "
    "dispute, or the buyer's bank.",
    Invariant.ACTOR_ALLOWED: "Every event names an actor who was allowed to bring it about.",
    Invariant.SOMEBODY_OWES: "Every unfinished order has a deadline that will be noticed in time, or a person who owes an "
    "answer.",
    Invariant.BOOKS_MATCH_STATEMENT: "What the books say of the payment provider's money is what the provider's statement "
    "says.",
    Invariant.NO_MORE_THAN_DUE: "No more of an order's money leaves for its seller than was released to them, less what banks "
    "took and what has left before; no more is asked back of them than they owe.",
    Invariant.BUYERS_HEAR_NOTHING: "Buyers are told nothing of what their sellers are paid.",
}
"""What each invariant states, in a sentence; `docs/reliability.md` holds the same."""


class Violation(NamedTuple):
    """Something that is not as it must be: of which order (none: of the books as a whole), found after which step."""

    invariant: Invariant
    what: str
    order: str | None
    step: int

    def __str__(self) -> str:
        """One line for a person."""
        about = "the books" if self.order is None else f"order {self.order}"
        return f"step {self.step}, {about}: {self.invariant}: {self.what}"


class Violated(Exception):
    """At least one invariant is broken; `violations` are all that were found after one step."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        super().__init__("\n".join(str(one) for one in violations))
        self.violations = violations
