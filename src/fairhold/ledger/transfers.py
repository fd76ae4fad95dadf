"""One movement of money between two accounts of one currency."""

import msgspec

from fairhold.domain.instants import Instant
from fairhold.ledger.accounts import currency_of


class Transfer(msgspec.Struct, frozen=True, gc=False):
    """`amount` minor units leave `debit` and reach `credit`; `n` counts the transfers of one event from 0."""

    debit: str
    credit: str
    amount: int
    at: Instant
    n: int = 0

    def __post_init__(self) -> None:
        """A transfer that moves nothing, the wrong way, onto itself or between currencies is a bug."""
        debit, credit = self.debit, self.credit
        if self.amount <= 0 or debit == credit or currency_of(debit) != currency_of(credit):
            raise AssertionError(f"not a transfer: {self.amount} from {self.debit} to {self.credit}")
