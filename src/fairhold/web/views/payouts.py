"""Payouts as pages show them, to their seller and to operators: rows, one with its orders, where it goes and why it stopped."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.ids import PersonId, order_number
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.payout_rules import Schedule, is_due_on
from fairhold.engine.ports.payouts import Account, Part, PartStage, Payout, PayoutStage, Purse
from fairhold.web.views.onlooker import Onlooker
from fairhold.web.views.parts import Fact, Note, Pill
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.money import money
from fairhold.words.payouts import PART_STAGES, STAGES, why_text

SELLING, OPERATING = "/selling/money", "/operator/money"
FOLDERS = {Role.SELLER: SELLING, Role.OPERATOR: OPERATING}
"""Where either side has the money."""
_ORDERS = {Role.SELLER: "/selling/orders", Role.OPERATOR: "/operator/orders"}
_LOOKS: dict[PayoutStage, tuple[str, str]] = {
    PayoutStage.MADE: ("clock", ""),
    PayoutStage.ON_ITS_WAY: ("clock", ""),
    PayoutStage.TO_BANK: ("clock", ""),
    PayoutStage.DONE: ("check", "safe"),
    PayoutStage.FAILED: ("alert", "bad"),
    PayoutStage.RETURNED: ("return", "bad"),
    PayoutStage.PARKED: ("alert", "bad"),
}
_BAD_PARTS = (PartStage.FAILED, PartStage.RETURNED)
_LONGEST_WAIT = 32
"""Days within which every schedule has its day."""


@dataclass(frozen=True)
class Cashier(Onlooker):
    """Whoever looks at payouts: a seller at their own, an operator at everybody's."""

    @property
    def folder(self) -> str:
        """Where this person has the money."""
        return FOLDERS[self.actor.role]

    def sum(self, amount: int, currency: str) -> str:
        """An amount in minor units, exactly."""
        return money(self.reader, amount, currency, minor=True)

    def seller(self, who: str) -> str:
        """A seller's name."""
        return self.names.name(Role.SELLER, PersonId(who), self.reader.language)

    def staff(self, who: str) -> str:
        """Who of the staff that is, written as actors are; nothing where it is nobody."""
        role, _, name = who.partition(":")
        return self.names.name(Role(role), PersonId(name), self.reader.language) if name else ""

    def day(self, at: int) -> str:
        """«19 мая»."""
        return dates.day(self.reader, Instant(at), self.now)

    def why(self, why: str) -> str:
        """Why something stopped."""
        return why_text(self.reader.words, why)

    def payout_url(self, payout: str) -> str:
        """The page of a payout."""
        return f"{self.folder}/payouts/{payout}"

    def order_url(self, order: str) -> str:
        """The page of an order."""
        return f"{_ORDERS[self.actor.role]}/{order}"

    def by(self, payout: Payout) -> str:
        """Who or what made it."""
        if payout.by == "system":
            return self.say(N_("By schedule"))
        return self.say(N_("An operator")) if self.actor.role is Role.SELLER else self.staff(payout.by) or payout.by

    def pill(self, payout: Payout) -> Pill:
        """How far it has come."""
        icon, kind = _LOOKS[payout.stage]
        return Pill(self.say(STAGES[payout.stage]), icon, kind)


def next_day(schedule: Schedule, now: Instant) -> Instant | None:
    """The next midnight (UTC) at which payouts of that schedule are made; None where they are made on request."""
    today = now // DAY
    days = range(today + 1, today + _LONGEST_WAIT)
    found = next((day for day in days if is_due_on(schedule, day)), None)
    return None if found is None else Instant(found * DAY)


@dataclass(frozen=True)
class PayoutRow:
    """A payout in a list. `where` it goes, `why` it stopped."""

    url: str
    when: str
    seller: str
    seller_url: str
    where: str
    sum: str
    pill: Pill
    why: str


def payout_row(cashier: Cashier, payout: Payout) -> PayoutRow:
    """The payout in a list."""
    account = payout.account
    return PayoutRow(
        url=cashier.payout_url(payout.id),
        when=cashier.moment(payout.made_at),
        seller=cashier.seller(account.seller),
        seller_url=f"{OPERATING}/sellers/{account.seller}",
        where=where(cashier, account, payout.to),
        sum=cashier.sum(gone(payout), account.currency),
        pill=cashier.pill(payout),
        why=cashier.why(payout.why),
    )


def where(cashier: Cashier, account: Account, to: str) -> str:
    """«Stripe, acct_1»; the sandbox calls sellers as we do, which says nothing."""
    name = cashier.provider(account.provider)
    return f"{name}, {to}" if to and to != account.seller else name


def gone(payout: Payout) -> int:
    """What it is about: what arrived, else what was meant to leave (minor units)."""
    return payout.arrived or payout.amount


@dataclass(frozen=True)
class PartRow:
    """An order's part of a payout; `note` says what became of it where that is not what was meant."""

    number: str
    url: str
    sum: str
    stage: str
    bad: bool
    note: str


@dataclass(frozen=True)
class PayoutPage:
    """One payout. `further` is the way to more of its orders."""

    id: str
    title: str
    sum: str
    pill: Pill
    facts: tuple[Fact, ...]
    note: Note | None
    rows: tuple[PartRow, ...]
    orders: str
    first: str
    further: str
    file: str
    seller: str
    seller_url: str
    stopped: bool


def payout_page(
    cashier: Cashier,
    payout: Payout,
    parts: Sequence[Part],
    stages: dict[PartStage, tuple[int, int]],
    after: str,
    per_page: int,
) -> PayoutPage:
    """The payout with some of its orders: `parts` are one more than a page where there are more behind them."""
    url, count = cashier.payout_url(payout.id), sum(number for number, _ in stages.values())
    return PayoutPage(
        id=payout.id,
        title=cashier.say(N_("Payout of %(day)s"), day=cashier.day(payout.made_at)),
        sum=cashier.sum(gone(payout), payout.account.currency),
        pill=cashier.pill(payout),
        facts=_facts(cashier, payout),
        note=_note(cashier, payout) or _sent_back(cashier, payout, stages),
        rows=tuple(_part(cashier, part, payout.account.currency) for part in parts[:per_page]),
        orders=cashier.reader.words.ngettext("%(num)d order", "%(num)d orders", count),
        first=url if after else "",
        further=f"{url}?after={parts[per_page - 1].order}" if len(parts) > per_page else "",
        file=f"{url}.csv",
        seller=cashier.seller(payout.account.seller),
        seller_url=f"{OPERATING}/sellers/{payout.account.seller}",
        stopped=payout.stage in (PayoutStage.PARKED, PayoutStage.RETURNED),
    )


def _facts(cashier: Cashier, payout: Payout) -> tuple[Fact, ...]:
    account, arrived = payout.account, ""
    if payout.arrived and payout.arrived != payout.amount:
        arrived = cashier.say(
            N_("%(part)s of %(whole)s"),
            part=cashier.sum(payout.arrived, account.currency),
            whole=cashier.sum(payout.amount, account.currency),
        )
    found = (
        (N_("Goes to"), where(cashier, account, payout.to)),
        (N_("Arrived"), arrived),
        (N_("Made"), f"{cashier.moment(payout.made_at)} · {cashier.by(payout)}"),
        (N_("Ended"), cashier.moment(payout.done_at) if payout.done_at is not None else ""),
        (N_("Attempts"), str(payout.tries) if payout.tries > 1 else ""),
        (N_("Reference at the bank"), payout.reference),
        (N_("Our number"), payout.id),
    )
    return tuple(Fact(cashier.say(name), text) for name, text in found if text)


def _note(cashier: Cashier, payout: Payout) -> Note | None:
    own, why = cashier.actor.role is Role.SELLER, cashier.why(payout.why)
    match payout.stage:
        case PayoutStage.PARKED:
            text = N_("The money lies on the seller's account at the provider. See why, mend it, then send it again.")
            if own:
                text = N_("The money lies on your account at the payment provider. We look after it and send it again.")
        case PayoutStage.RETURNED:
            text = N_("The money lies on the seller's account at the provider again. See why, then send it again.")
            if own:
                text = N_(
                    "The money lies on your account at the payment provider again. Check your bank details there."
                )
        case PayoutStage.FAILED:
            text = N_("Nothing left: the money is here and due to the seller as before.")
            if own:
                text = N_("Nothing left: the money is here and yours as before. It goes out with a later payout.")
        case _:
            return None
    title = why or cashier.say(STAGES[payout.stage])
    return Note(title, cashier.say(text), "bad", "alert")


def _sent_back(cashier: Cashier, payout: Payout, stages: dict[PartStage, tuple[int, int]]) -> Note | None:
    """What banks sent back of a payout that had been done, where it went straight to them."""
    count, amount = stages.get(PartStage.RETURNED, (0, 0))
    if not count:
        return None
    title = cashier.say(N_("The bank sent %(sum)s of it back"), sum=cashier.sum(amount, payout.account.currency))
    text = N_("That money is here, and due to the seller as before.")
    if cashier.actor.role is Role.SELLER:
        text = N_("That money is here and yours as before. It goes out with a later payout.")
    return Note(title, cashier.say(text), "bad", "return")


def _part(cashier: Cashier, part: Part, currency: str) -> PartRow:
    notes = [cashier.why(part.why)]
    if part.taken_back:
        back = cashier.sum(part.taken_back, currency)
        notes.append(cashier.say(N_("%(sum)s of it was taken back after a card chargeback."), sum=back))
    return PartRow(
        number=order_number(part.order),
        url=cashier.order_url(part.order),
        sum=cashier.sum(part.amount, currency),
        stage=cashier.say(PART_STAGES[part.stage]),
        bad=part.stage in _BAD_PARTS,
        note=" ".join(filter(None, notes)),
    )


@dataclass(frozen=True)
class StatementRow:
    """Where one order's money is; a sum that is nothing is a dash."""

    number: str
    url: str
    when: str
    paid: str
    fee: str
    refunded: str
    charged_back: str
    net: str
    on_its_way: str
    passed_on: str
    due: str
    owes: bool


def statement_row(cashier: Cashier, purse: Purse) -> StatementRow:
    """A line of the statement by order."""

    def shown(amount: int) -> str:
        return cashier.sum(amount, purse.currency) if amount else "—"

    return StatementRow(
        number=order_number(purse.order),
        url=cashier.order_url(purse.order),
        when=cashier.day(purse.changed_at),
        paid=shown(purse.paid),
        fee=shown(-purse.fee),
        refunded=shown(-purse.refunded),
        charged_back=shown(-purse.charged_back),
        net=shown(purse.released),
        on_its_way=shown(purse.on_its_way),
        passed_on=shown(purse.passed_on),
        due=shown(purse.due),
        owes=purse.due < 0,
    )
