"""The books in the language of Beancount (version 3): account names, sums and directives as text. Pure.

Beancount counts debits minus credits, we count credits minus debits: every sum changes its sign on the way.
"""

from collections.abc import Iterable, Mapping

from fairhold.domain.money import MINOR_DIGITS
from fairhold.ledger import accounts
from fairhold.ledger.transfers import Transfer

ROOTS: dict[str, str] = {
    "provider": "Assets:Provider",
    "held": "Liabilities:Held",
    "settling": "Liabilities:Settling",
    "seller": "Liabilities:Seller",
    "refunds": "Liabilities:Refunds",
    "payouts": "Liabilities:Payouts",
    "own": "Equity:Own",
    "fees": "Income:Fees",
    "costs": "Expenses:Costs",
    "losses": "Expenses:Losses",
}
"""Where our accounts stand in a chart that every accountant knows, by how their names begin."""
ELSEWHERE = "Equity:Other"
OPENING = "Balances carried forward"


def account_name(account: str) -> str:
    """The account as Beancount may call it; two of ours never have the same name there.

    A part of a name begins with a capital and has letters, digits and dashes: whatever else is in ours is written as its
    number between dashes, the dash itself too.
    """
    kind, _, rest = account.partition(":")
    middle, _, currency = rest.rpartition(":")
    root = ROOTS.get(kind)
    parts = [root or ELSEWHERE, *([] if root else [_part(kind)]), *([_part(middle)] if middle else []), currency]
    return ":".join(parts)


def _part(text: str) -> str:
    return "N" + "".join(one if one.isascii() and one.isalnum() else f"-{ord(one):x}-" for one in text)


def decimal(amount: int, currency: str) -> str:
    """An amount of minor units with as many digits behind the point as the currency has."""
    digits = MINOR_DIGITS.get(currency, 0)
    whole, rest = divmod(abs(amount), 10**digits)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}}" if digits else f"{sign}{whole}"


def text(value: str) -> str:
    """A string, in quotes."""
    shown = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else " " for one in shown) + '"'


def head(day: str, names: Iterable[str]) -> str:
    """What stands at the top: the title, the commodities, and every account with the name that it has with us."""
    known = sorted(names, key=account_name)
    lines = ['option "title" "Fairhold"', ""]
    for currency in sorted({accounts.currency_of(name) for name in known}):
        lines += [f"{day} commodity {currency}", f"  digits: {MINOR_DIGITS.get(currency, 0)}"]
    lines.append("")
    for name in known:
        lines += [f"{day} open {account_name(name)} {accounts.currency_of(name)}", f"  account: {text(name)}"]
    return "\n".join([*lines, "", ""])


def carried_forward(day: str, balances: Mapping[str, int]) -> str:
    """One transaction with what all accounts had when `day` began; nothing where they had nothing."""
    postings = [_posting(name, balance) for name, balance in sorted(balances.items()) if balance]
    return "\n".join([f"{day} * {text(OPENING)}", *postings, "", ""]) if postings else ""


def transaction(day: str, what: str, about: Mapping[str, str], transfers: Iterable[Transfer]) -> str:
    """What one event booked; `about` is kept as metadata."""
    lines = [f"{day} * {text(what)}", *(f"  {name}: {text(value)}" for name, value in about.items() if value)]
    for one in transfers:
        lines += [_posting(one.debit, -one.amount), _posting(one.credit, one.amount)]
    return "\n".join([*lines, "", ""])


def assertions(day: str, balances: Mapping[str, int]) -> str:
    """That every account has just this when `day` begins, to the minor unit."""
    return "".join(
        f"{day} balance {account_name(name)} {_sum(name, -balance, ' ~ 0')}\n"
        for name, balance in sorted(balances.items(), key=lambda one: account_name(one[0]))
    )


def _posting(name: str, balance: int) -> str:
    return f"  {account_name(name)}  {_sum(name, -balance)}"


def _sum(name: str, amount: int, tolerance: str = "") -> str:
    currency = accounts.currency_of(name)
    return f"{decimal(amount, currency)}{tolerance} {currency}"
