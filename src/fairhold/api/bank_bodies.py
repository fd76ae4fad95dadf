"""Bodies of the calls on bank transfers."""

from typing import Annotated

from msgspec import Meta

from fairhold.api.bodies import ONE_LINE, Wire
from fairhold.domain.commands import Amount
from fairhold.engine.ports.bank import LONGEST_REFERENCE, LONGEST_WHY, Said

Reference = Annotated[
    str,
    Meta(
        max_length=LONGEST_REFERENCE,
        pattern=ONE_LINE,
        description="What the bank calls the transfer: the number or line in its statement, no account of anybody.",
    ),
]
Why = Annotated[str, Meta(max_length=LONGEST_WHY, pattern=ONE_LINE)]


class BankWord(Wire, frozen=True):
    """What a person says of a transfer.

    `came` with the sum (minor units of its currency) and the bank's reference, `sent` with the reference, or `not_done` with
    the reason.
    """

    said: Said
    amount: Amount = 0
    reference: Reference = ""
    why: Why = ""


class BankReturn(Wire, frozen=True):
    """What the bank sent back of what had been sent: how much, and its reference."""

    amount: Amount
    reference: Reference
