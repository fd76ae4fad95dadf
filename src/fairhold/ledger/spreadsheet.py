"""Tables as CSV (RFC 4180), in which nothing is a formula, and the books as one: a row a transfer. Pure."""

from collections.abc import Iterable

from fairhold.ledger.accounts import currency_of
from fairhold.ledger.beancount import decimal
from fairhold.ledger.transfers import Transfer

COLUMNS = ("at", "order", "event", "what", "reference", "debit", "credit", "amount", "currency", "n")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that spreadsheets reckon with (OWASP, «CSV injection»)."""


class Figure(str):
    """A cell of our own making that may begin with a minus: a sum."""

    __slots__ = ()


def head() -> str:
    """The names of the columns."""
    return row(COLUMNS)


def transfer_row(at: str, order: str, event: int, what: str, reference: str, transfer: Transfer) -> str:
    """One transfer: its amount in units of its currency."""
    currency = currency_of(transfer.debit)
    amount = decimal(transfer.amount, currency)
    accounts = transfer.debit, transfer.credit
    return row((at, order, str(event), what, reference, *accounts, amount, currency, str(transfer.n)))


def row(cells: Iterable[str]) -> str:
    """One line."""
    return ",".join(map(_cell, cells)) + "\r\n"


def _cell(value: str) -> str:
    """What spreadsheets would take for a formula is shown as text, by the mark that they themselves have for that."""
    formula = value.startswith(_FORMULAS) and not isinstance(value, Figure)
    shown = f"'{value}" if formula else value
    if any(one in shown for one in ',"\r\n'):
        return '"' + shown.replace('"', '""') + '"'
    return shown
