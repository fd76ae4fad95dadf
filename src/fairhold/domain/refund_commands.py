"""What is asked and reported of refunds that a buyer's bank sends back."""

from fairhold.domain.commands import Command, Short


class RecordRefundReturned(Command, frozen=True, kw_only=True):
    """Refund `number` did not reach the buyer, or their bank sent it back; `reference` is the provider's name for it."""

    NAME = "record_refund_returned"

    number: int
    reference: Short
    why: Short


class SendRefundAgain(Command, frozen=True, kw_only=True):
    """Somebody has looked why refund `number` came back, and it can go the same way once more."""

    NAME = "send_refund_again"

    number: int


class RecordRefundElsewhere(Command, frozen=True, kw_only=True):
    """The buyer has the money of refund `number` in another way; `reference` is where that can be looked up."""

    NAME = "record_refund_elsewhere"

    number: int
    reference: Short
