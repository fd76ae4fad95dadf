"""What is asked and reported while an order's released money is passed on to its seller."""

from fairhold.domain.commands import Amount, Command, Short


class StartPayout(Command, frozen=True, kw_only=True):
    """Pass `amount` (minor units) of what is due on to the seller, whose account at the provider is `account`.

    `payout` names the payout that it is a part of: asked twice under one name, it is done once.
    """

    NAME = "start_payout"

    payout: Short
    amount: Amount
    account: Short


class RecordPayoutSent(Command, frozen=True, kw_only=True):
    """The provider passed part `number` on, and kept `provider_fee` (minor units) for that."""

    NAME = "record_payout_sent"

    number: int
    reference: Short
    provider_fee: int = 0


class RecordPayoutFailed(Command, frozen=True, kw_only=True):
    """Part `number` did not reach the seller; of one that had been sent: their bank sent it back."""

    NAME = "record_payout_failed"

    number: int
    why: Short


class TakePayoutBack(Command, frozen=True, kw_only=True):
    """Ask the provider to take `amount` (minor units) of part `number` back from a seller who owes it (S21)."""

    NAME = "take_payout_back"

    number: int
    amount: Amount


class RecordPayoutTakenBack(Command, frozen=True, kw_only=True):
    """The provider has taken back what was asked of part `number`."""

    NAME = "record_payout_taken_back"

    number: int
    reference: Short


class RecordPayoutNotTakenBack(Command, frozen=True, kw_only=True):
    """It could not: the seller has it no more. They owe it all the same."""

    NAME = "record_payout_not_taken_back"

    number: int
    why: Short
