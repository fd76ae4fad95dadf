"""The form of what is agreed with a seller about payouts: what was typed, and what is wrong with it, field by field."""

from dataclasses import dataclass, field
from typing import get_args

from fairhold.domain.money import is_currency
from fairhold.domain.payout_rules import BASIS_POINTS, OwnRules, Schedule, is_account_number
from fairhold.engine.ports.payouts import Payee
from fairhold.web.sums import read_sum
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_
from fairhold.words.money import plain

LONGEST_ACCOUNT = 64
LONGEST_DAYS = 400
MOST_CURRENCIES = 12
SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)


@dataclass
class TermsForm:
    """What stands in the form, as text. `minimum` are pairs of a currency and a sum; empty fields are as the rules have it.

    `shown` is the account that was known when the form was opened: a seller may set it meanwhile, on the provider's page.
    """

    account: str = ""
    shown: str = ""
    schedule: str = ""
    minimum: list[tuple[str, str]] = field(default_factory=list)
    share: str = ""
    days: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def new_account(self) -> str | None:
        """The account that was typed; None where nobody touched what stood there."""
        return None if self.account == self.shown else self.account


def form_of(payee: Payee | None, currencies: list[str]) -> TermsForm:
    """The form as it stands for a seller; `currencies` are those in which they have something."""
    if payee is None:
        return TermsForm(minimum=_with_room([(currency, "") for currency in currencies]))
    own = payee.own
    agreed = own.minimum or {}
    known = [(code, plain(amount, code)) for code, amount in sorted(agreed.items()) if is_currency(code)]
    known += [(currency, "") for currency in currencies if currency not in agreed]
    return TermsForm(
        account=payee.account,
        shown=payee.account,
        schedule=own.schedule or "",
        minimum=_with_room(known),
        share="" if own.reserve_basis_points is None else _percents(own.reserve_basis_points),
        days="" if own.reserve_days is None else str(own.reserve_days),
    )


def read_terms(visit: Visit) -> tuple[TermsForm, OwnRules | None]:
    """What was sent, and the rules that it means; None where something is wrong."""
    codes, sums = visit.fields("currency"), visit.fields("minimum")
    pairs = [(code[:10].strip().upper(), text[:40].strip()) for code, text in zip(codes, sums, strict=False)]
    form = TermsForm(
        visit.field("account", LONGEST_ACCOUNT + 1),
        visit.field("shown", LONGEST_ACCOUNT + 1),
        visit.field("schedule", 20),
        pairs[:MOST_CURRENCIES],
        visit.field("share", 20),
        visit.field("days", 20),
    )
    # What stood there is not judged: some providers call sellers as we do, and a marketplace may number its sellers.
    if form.new_account is None:
        pass
    elif len(form.account) > LONGEST_ACCOUNT or not form.account.isprintable():
        form.errors["account"] = visit.say(N_("A name of 64 characters at most, in one line."))
    elif is_account_number(form.account):
        form.errors["account"] = visit.say(
            N_("That looks like the number of a card or an account. Such numbers are not kept here.")
        )
    if form.schedule and form.schedule not in SCHEDULES:
        form.errors["schedule"] = visit.say(N_("Choose one of these."))
    minimum = _minimum(visit, form)
    points = _points(form.share)
    if form.share and points is None:
        form.errors["share"] = visit.say(N_("A share from 0 to 100 per cent, such as 10 or 12.5."))
    days = int(form.days) if form.days.isascii() and form.days.isdigit() and len(form.days) < 4 else 0
    if form.days and not 1 <= days <= LONGEST_DAYS:
        form.errors["days"] = visit.say(N_("A whole number of days from 1 to 400."))
    form.minimum = _with_room([pair for pair in form.minimum if any(pair)])
    if form.errors:
        return form, None
    own = OwnRules(
        schedule=next((known for known in SCHEDULES if known == form.schedule), None),
        minimum=minimum or None,
        reserve_basis_points=points,
        reserve_days=days or None,
    )
    return form, own


def _minimum(visit: Visit, form: TermsForm) -> dict[str, int]:
    """The smallest payouts; a pair of which nothing is typed, or no sum, is left out."""
    found: dict[str, int] = {}
    typed = [pair for pair in form.minimum if pair[1]]
    form.minimum = typed + [pair for pair in form.minimum if pair[0] and not pair[1]]
    for number, (code, text) in enumerate(typed):
        amount = read_sum(text, code) if is_currency(code) else None
        if not is_currency(code):
            form.errors[f"minimum-{number}"] = visit.say(
                N_("Name the currency by its three letters, such as RUB or EUR.")
            )
        elif amount is None:
            form.errors[f"minimum-{number}"] = visit.say(N_("Write a sum, such as 1000 or 12.50."))
        elif code in found:
            form.errors[f"minimum-{number}"] = visit.say(N_("This currency stands here twice."))
        else:
            found[code] = amount
    return found


def _with_room(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs and an empty one, for another currency."""
    return [*pairs[: MOST_CURRENCIES - 1], ("", "")]


def _points(text: str) -> int | None:
    """«12,5» as hundredths of a per cent; None where it is none."""
    whole, _, fraction = text.rstrip("% \u00a0").replace(",", ".").partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdigit()) or not whole or len(whole) > 3 or len(fraction) > 2:
        return None
    points = int(whole) * 100 + int(fraction.ljust(2, "0") or "0")
    return points if points <= BASIS_POINTS else None


def _percents(points: int) -> str:
    whole, fraction = divmod(points, 100)
    return str(whole) + (f".{fraction:02d}".rstrip("0") if fraction else "")
