"""Answers about the books."""

from fairhold.api.shapes import At, Out
from fairhold.domain.money import Money


class AccountOut(Out, frozen=True):
    """An account of the books; its balance is credits minus debits."""

    name: str
    balance: Money


class AccountList(Out, frozen=True):
    """Accounts by name. All balances of a currency add up to zero."""

    items: list[AccountOut]
    next: str | None


class TransferOut(Out, frozen=True):
    """Money moved from `debit` to `credit` by event `seq` of an order."""

    order: str
    seq: int
    n: int
    debit: str
    credit: str
    amount: Money
    at: At


class TransferList(Out, frozen=True):
    """Transfers in the order of the books."""

    items: list[TransferOut]
    next: str | None
