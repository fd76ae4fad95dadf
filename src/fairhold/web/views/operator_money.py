"""The money as an operator sees it: how old what is held is, what is due out, who owes, and what waits for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fairhold.domain.instants import DAY, Duration, Instant
from fairhold.engine.payouts.balances import Hindrance, Standing
from fairhold.engine.ports.payouts import DueInAll, HeldAge, Owed, Payee
from fairhold.web.views.charts import ROW, BarRow, Chart, Legend, share_of, stacked
from fairhold.web.views.parts import Pill
from fairhold.web.views.payouts import OPERATING, Cashier
from fairhold.words.catalog import N_
from fairhold.words.payouts import HINDRANCES, SCHEDULES

_SPANS: tuple[tuple[int, str], ...] = (
    (1, N_("under a day")),
    (7, N_("1 to 7 days")),
    (30, N_("7 to 30 days")),
    (60, N_("30 to 60 days")),
    (90, N_("60 to 90 days")),
    (0, N_("over 90 days")),
)
"""How many days ago what is held was paid, up to that many; the last one is open."""
_ACCOUNTS = ("held", "settling", "payouts", "refunds")
"""The ledger's accounts, one a currency, whose balances stand in the figures."""
_LONGEST_NAME = 26
_EASY = (
    None,
    Hindrance.BELOW_MINIMUM,
    Hindrance.TOO_SMALL,
    Hindrance.STILL_HELD,
    Hindrance.RESERVED,
    Hindrance.NOTHING_DUE,
)
"""What is in the way by itself and needs nobody."""


def ends_of_spans(now: Instant) -> list[Instant]:
    """The moments between the spans, the latest first."""
    return [Instant(max(0, now - Duration(days * DAY))) for days, _ in _SPANS if days]


def prefixes() -> tuple[str, ...]:
    """What the names of the ledger's accounts begin with whose balances are shown."""
    return tuple(f"{kind}:" for kind in _ACCOUNTS)


@dataclass(frozen=True)
class MoneyRow:
    """All the money in one currency."""

    currency: str
    url: str
    """Where the drawings are about it."""
    current: bool
    held: str
    settling: str
    due: str
    payees: str
    way: str
    owing: str
    debtors: str
    refunds: str


def money_rows(
    cashier: Cashier, balances: Mapping[str, int], due: Sequence[DueInAll], current: str
) -> tuple[MoneyRow, ...]:
    """A row per currency (`balances`: accounts of the ledger to minor units)."""
    by_currency = {one.currency: one for one in due}
    rows = []
    for currency in currencies_of(balances, due):
        one = by_currency.get(currency, DueInAll(currency, 0, 0, 0, 0))

        def shown(amount: int, currency: str = currency) -> str:
            return cashier.sum(amount, currency) if amount else "—"

        rows.append(
            MoneyRow(
                currency=currency,
                url=f"{OPERATING}?currency={currency}",
                current=currency == current,
                held=shown(balances.get(f"held:{currency}", 0)),
                settling=shown(balances.get(f"settling:{currency}", 0)),
                due=shown(one.due),
                payees=_sellers(cashier, one.payees),
                way=shown(balances.get(f"payouts:{currency}", 0)),
                owing=shown(one.owing),
                debtors=_sellers(cashier, one.debtors),
                refunds=shown(balances.get(f"refunds:{currency}", 0)),
            )
        )
    return tuple(rows)


def _sellers(cashier: Cashier, count: int) -> str:
    return cashier.reader.words.ngettext("%(num)d seller", "%(num)d sellers", count) if count else ""


def currencies_of(balances: Mapping[str, int], due: Sequence[DueInAll]) -> list[str]:
    """Every currency in which there is something, that with the most sellers first."""
    payees = {one.currency: one.payees for one in due}
    found = {name.rpartition(":")[2] for name, amount in balances.items() if amount} | set(payees)
    return sorted(found, key=lambda currency: (-payees.get(currency, 0), currency))


def held_chart(cashier: Cashier, found: Sequence[HeldAge], currency: str) -> Chart | None:
    """What is held in a currency by how long ago it was paid; None where nothing is."""
    by_span = {one.span: one for one in found if one.currency == currency}
    if not by_span:
        return None
    whole = sum(one.held + one.settling for one in by_span.values())
    most = max(one.held + one.settling for one in by_span.values())
    held, settling = cashier.say(N_("Under protection")), cashier.say(N_("Confirmed, can still be undone"))
    bars, rows = [], []
    for span, (_, text) in enumerate(_SPANS):
        one, name = by_span.get(span, HeldAge(currency, span, 0, 0, 0)), cashier.say(text)
        sums = cashier.sum(one.held, currency), cashier.sum(one.settling, currency)
        parts = (
            ("one", one.held, f"{name}, {held}: {sums[0]}"),
            ("four", one.settling, f"{name}, {settling}: {sums[1]}"),
        )
        both = one.held + one.settling
        bars.append(BarRow(name, cashier.sum(both, currency), stacked(parts, most), span * ROW))
        rows.append((name, str(one.orders), *sums, share_of(cashier.reader, both, whole)))
    return Chart(
        id="held",
        title=cashier.say(N_("Held, by how long ago it was paid, %(currency)s"), currency=currency),
        text=cashier.say(
            N_("Money that stays long is a parcel nobody reports on, a dispute, or a deadline that is far off.")
        ),
        bars=tuple(bars),
        height=len(bars) * ROW,
        legend=(Legend("one", held), Legend("four", settling)),
        wide=False,
        head=tuple(
            cashier.say(name)
            for name in (N_("When paid"), N_("Orders"), N_("Under protection"), N_("Confirmed"), N_("Share"))
        ),
        rows=tuple(rows),
    )


@dataclass(frozen=True)
class DueRow:
    """An account on which something is due: how much, since when, and what is in the way."""

    seller: str
    id: str
    url: str
    provider: str
    due: str
    reserved: str
    orders: int
    since: str
    schedule: str
    pill: Pill | None


def due_row(cashier: Cashier, standing: Standing) -> DueRow:
    """The account in the list of those on which most is due."""
    owed, account = standing.owed, standing.owed.account
    return DueRow(
        seller=cashier.seller(account.seller),
        id=account.seller,
        url=seller_url(account.seller),
        provider=cashier.provider(account.provider),
        due=cashier.sum(owed.due, account.currency),
        reserved=cashier.sum(standing.reserved, account.currency) if standing.reserved else "",
        orders=owed.orders,
        since=cashier.day(owed.first) if owed.first is not None else "—",
        schedule=cashier.say(SCHEDULES[standing.terms.schedule]),
        pill=hindrance_pill(cashier, standing.hindrance),
    )


def hindrance_pill(cashier: Cashier, hindrance: Hindrance | None) -> Pill | None:
    """What is in the way; amber where somebody has to do something about it."""
    if hindrance is None:
        return None
    easy = hindrance in _EASY
    return Pill(cashier.say(HINDRANCES[hindrance]), "clock" if easy else "alert", "" if easy else "turn")


def due_chart(cashier: Cashier, standings: Sequence[Standing], currency: str) -> Chart | None:
    """The same as bars; None where nothing is due."""
    if not standings:
        return None
    most = max(one.owed.due for one in standings)
    kinds = (("one", N_("Can leave")), ("two", N_("Kept back")), ("five", N_("Stopped")))
    bars, shown = [], set()
    for number, one in enumerate(standings):
        name = _short(cashier.seller(one.owed.account.seller))
        stopped = one.hindrance not in _EASY
        amounts = (0, one.reserved, one.payable) if stopped else (one.payable, one.reserved, 0)
        parts = [
            (kind, amount, f"{name}, {cashier.say(text)}: {cashier.sum(amount, currency)}")
            for (kind, text), amount in zip(kinds, amounts, strict=True)
        ]
        shown |= {kind for kind, amount, _ in parts if amount}
        bars.append(BarRow(name, cashier.sum(one.owed.due, currency), stacked(parts, most), number * ROW))
    return Chart(
        id="due",
        title=cashier.say(N_("Due to sellers, %(currency)s"), currency=currency),
        text=cashier.say(N_("The accounts on which most is due.")),
        bars=tuple(bars),
        height=len(bars) * ROW,
        legend=tuple(Legend(kind, cashier.say(text)) for kind, text in kinds if kind in shown),
        wide=True,
        head=(),
        rows=(),
    )


def _short(name: str) -> str:
    """A name that leaves room for the figure beside it on a phone."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


@dataclass(frozen=True)
class DebtRow:
    """A seller who owes."""

    seller: str
    id: str
    url: str
    provider: str
    owes: str
    orders: int
    since: str


def debt_row(cashier: Cashier, owed: Owed) -> DebtRow:
    """The seller, and since when: mostly that is the chargeback."""
    account, since = owed.account, owed.owing_since
    return DebtRow(
        seller=cashier.seller(account.seller),
        id=account.seller,
        url=seller_url(account.seller),
        provider=cashier.provider(account.provider),
        owes=cashier.sum(-owed.due, account.currency),
        orders=owed.orders,
        since=cashier.day(since) if since is not None else "—",
    )


@dataclass(frozen=True)
class WaitingRow:
    """A seller to whom nothing is paid until a person has looked. `mine`: the reader looks after it."""

    seller: str
    id: str
    url: str
    provider: str
    provider_id: str
    why: str
    since: str
    care: str
    mine: bool


def waiting_row(cashier: Cashier, payee: Payee) -> WaitingRow:
    """The seller, and what is known of why."""
    why, since = cashier.why(payee.parked_why), payee.parked_at
    if payee.parked_at is None:
        wanting = ", ".join(payee.wanting)
        why = cashier.say(N_("The provider does not pay to the account.")) + (
            " " + cashier.say(N_("It asks the seller for: %(list)s."), list=wanting) if wanting else ""
        )
        since = payee.seen_at
    return WaitingRow(
        seller=cashier.seller(payee.seller),
        id=payee.seller,
        url=seller_url(payee.seller),
        provider=cashier.provider(payee.provider),
        provider_id=payee.provider,
        why=why or cashier.say(N_("The payment provider did not say why.")),
        since=cashier.moment(since) if since is not None else "—",
        care=cashier.staff(payee.care) if payee.care else "",
        mine=payee.care == str(cashier.actor),
    )


def seller_url(seller: str) -> str:
    """The operator's page of a seller's money."""
    return f"{OPERATING}/sellers/{seller}"
