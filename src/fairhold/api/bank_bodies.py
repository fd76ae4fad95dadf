"""Bodies of the calls on bank transfers."""

from typing import Annotated

from msgspec import Meta

from fairhold.api.bodies import Wire
from fairhold.domain.commands import Amount
from fairhold.engine.bank_ports import LONGEST_REFERENCE, LONGEST_WHY, Said

# What cannot be seen would be compared all the same.
_SHOWN = r"^[^\u0000-\u001f\u007f]*$"
Reference = Annotated[
    str,
    Meta(
        max_length=LONGEST_REFERENCE,
        pattern=_SHOWN,
        description="What the bank calls the transfer: the number or line in its statement, no account of anybody.",
    ),
]
Why = Annotated[str, Meta(max_length=LONGEST_WHY, pattern=_SHOWN)]


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
