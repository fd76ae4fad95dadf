"""When sellers are paid out, and how much of what is due to them leaves: rules of the day, as a policy has them.

Everything here is about one seller at one payment provider in one currency, over all their orders: what one order owes after a
chargeback is kept of what others bring (S21).
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.money import MAX_AMOUNT, half_even, is_currency

BASIS_POINTS = 10_000
WEEK = 7
_FIRST_MONDAY = 4
"""The first Monday after 1 January 1970, a Thursday, in days."""

_BLANKS = str.maketrans("", "", " -./\u2010\u2011\u2012\u2013")
_NUMBER = re.compile(r"[0-9]{12,}|[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{11,30}", re.ASCII)
_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ .]?[0-9]){12,18}(?![0-9A-Za-z])")
"""Digits that stand alone among other words; a name of a provider's has dashes and letters between them."""

Schedule = Literal["daily", "weekly", "monthly", "on_request"]
Minimum = dict[str, Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]]


class PayoutRules(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """The marketplace's rules. Days are those of UTC; weekly is on Mondays, monthly on the first.

    Less than `minimum` (minor units, by currency) waits for more. Of what was released to a seller in the last `reserve_days`,
    `reserve_basis_points` stay here as long as they are new: until `new_seller_days` after their first money.
    """

    schedule: Schedule = "daily"
    on_request: tuple[Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}$")], ...] = ("sandbox",)
    """Providers through which nothing leaves before somebody asks for it."""
    minimum: Minimum = {}
    reserve_basis_points: Annotated[int, Meta(ge=0, le=BASIS_POINTS)] = 0
    reserve_days: Annotated[int, Meta(ge=1, le=400)] = 30
    new_seller_days: Annotated[int, Meta(ge=0, le=4000)] = 90


class OwnRules(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one seller's payouts have otherwise; what is left out is as the policy has it."""

    schedule: Schedule | None = None
    minimum: Minimum | None = None
    reserve_basis_points: Annotated[int, Meta(ge=0, le=BASIS_POINTS)] | None = None
    reserve_days: Annotated[int, Meta(ge=1, le=400)] | None = None


class PayoutTerms(NamedTuple):
    """The rules for one seller. `reserve_days` is 0 where nothing is kept back."""

    schedule: Schedule
    minimum: int
    reserve_basis_points: int
    reserve_days: int


class Measure(NamedTuple):
    """Which sums a provider passes on: whole multiples of `step` that are no less than `least`, in minor units."""

    step: int = 1
    least: int = 1

    @property
    def smallest(self) -> int:
        """The smallest of them."""
        return self.step * max(1, -(-self.least // self.step))

    def of(self, amount: int) -> int:
        """The largest of them that is in `amount`; 0 where none is. The rest stays where it is."""
        return amount - amount % self.step if amount >= self.smallest else 0


ANY_SUM = Measure()


class Waiting(NamedTuple):
    """What one order owes its seller, in minor units."""

    order: OrderId
    due: int


class Share(NamedTuple):
    """What of an order's money a payout takes, in minor units."""

    order: OrderId
    amount: int


def terms_for(
    rules: PayoutRules, own: OwnRules, provider: str, currency: str, *, first: Instant, now: Instant
) -> PayoutTerms:
    """The rules for a seller to whom money was first released at `first`.

    What was agreed with a seller about a reserve holds whether they are new or not.
    """
    usual: Schedule = "on_request" if provider in rules.on_request else rules.schedule
    minimum = rules.minimum if own.minimum is None else own.minimum
    is_new = now < first + rules.new_seller_days * DAY
    points = own.reserve_basis_points
    if points is None:
        points = rules.reserve_basis_points if is_new else 0
    days = rules.reserve_days if own.reserve_days is None else own.reserve_days
    return PayoutTerms(own.schedule or usual, minimum.get(currency, 0), points, days if points else 0)


def is_due_on(schedule: Schedule, day: int) -> bool:
    """Whether payouts are made on that day (counted from 1 January 1970)."""
    match schedule:
        case "daily":
            return True
        case "weekly":
            return day % WEEK == _FIRST_MONDAY
        case "monthly":
            return _is_first_of_month(day)
        case _:
            return False


def reserve(terms: PayoutTerms, released_lately: int) -> int:
    """What is kept back of what is due, where so much was released in the last `reserve_days` (minor units, half even)."""
    return half_even(terms.reserve_basis_points * released_lately, BASIS_POINTS)


def share_out(
    payable: int, waiting: Iterable[Waiting], *, in_parts: bool, measure: Measure = ANY_SUM
) -> tuple[Share, ...]:
    """Which orders' money makes up `payable`, the first of them first. Their sum is `payable` where there is so much.

    Not `in_parts`: an order's money leaves whole or not at all, so it may be less. What of an order is not in a sum of the
    `measure` stays due: so all shares, and what they are together, are sums that the provider passes on.
    """
    left, shares = payable, []
    for order, due in waiting:
        amount = measure.of(min(due, left))
        if amount > 0 and (in_parts or amount == measure.of(due)):
            shares.append(Share(order, amount))
            left -= amount
    return tuple(shares)


def is_account_number(text: str) -> bool:
    """Whether it looks like the number of a card or of a bank account: those are the provider's to know, never ours.

    Twelve digits or more and nothing else, or an IBAN (ISO 13616), with blanks, dots and dashes or without, in whatever digits;
    or among other words what can be the number of a card (ISO/IEC 7812: 13 to 19 digits whose last follows from the others).
    """
    plain = unicodedata.normalize("NFKC", text)
    if _NUMBER.fullmatch(plain.translate(_BLANKS)):
        return True
    return any(_is_card(found[0].translate(_BLANKS)) for found in _IN_TEXT.finditer(plain))


def _is_card(digits: str) -> bool:
    odd, even = (digits[-1::-2], digits[-2::-2])
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in even)
    return (sum(map(int, odd)) + sum(doubled)) % 10 == 0


def not_currencies(rules: PayoutRules) -> list[str]:
    """The dotted keys under which a minimum stands in what is no currency."""
    return [f"payouts.minimum.{code}" for code in rules.minimum if not is_currency(code)]


def _is_first_of_month(day: int) -> bool:
    """By the days of the civil calendar («chrono-compatible low-level date algorithms», H. Hinnant)."""
    shifted = day + 719_468
    of_era = shifted % 146_097
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    return of_year - (153 * month + 2) // 5 == 0
