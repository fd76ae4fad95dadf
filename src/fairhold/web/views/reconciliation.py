"""Reconciliation as the operator reads it: accounts at a glance, open items by age, and days."""

from dataclasses import dataclass

from fairhold.domain.ids import OrderId, order_number
from fairhold.domain.instants import DAY, HOUR, Instant
from fairhold.engine.outside.payment_seen import LineKind
from fairhold.engine.ports.reconciliation import Day, Item, Turn
from fairhold.ledger.reconciling import Entry
from fairhold.web.views.onlooker import Onlooker
from fairhold.web.views.parts import Note, Pill, Sum
from fairhold.web.views.sight import STAFF_PATHS
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.money import money
from fairhold.words.reconciliation import ADVICE, KINDS, WHATS

FOLDER = "/operator/reconciliation"
OLD, VERY_OLD = 1, 3
"""Days after which an open item is shown in amber and in red: what closes by itself has done so by then."""


@dataclass(frozen=True)
class ItemRow:
    """An item in the list; `kind` colours its age."""

    url: str
    what: str
    line: str
    reference: str
    provider: str
    order: str
    order_url: str
    stated: str
    booked: str
    difference: str
    age: str
    since: str
    kind: str
    how: str
    """How it was closed."""


@dataclass(frozen=True)
class ItemPage:
    """One item, whole."""

    row: ItemRow
    pill: Pill
    advice: str
    sides: tuple[tuple[str, tuple[Sum, ...], str], ...]
    """Of each side: what it is called, its sums, and when."""
    is_open: bool
    closed: str
    reason: str


@dataclass(frozen=True)
class DayRow:
    """A day of an account."""

    day: str
    provider: str
    currency: str
    pill: Pill
    stated: str
    booked: str
    difference: str
    parts: tuple[str, ...]
    """What the difference is made of."""


@dataclass(frozen=True)
class AccountCard:
    """An account as it was last compared."""

    name: str
    pill: Pill
    when: str
    figures: tuple[Sum, ...]


def item_row(looker: Onlooker, item: Item) -> ItemRow:
    """The item in the list."""
    days = (item.closed_at or looker.now) - item.seen_at
    whole = days // DAY
    kind = "" if item.closed_at is not None else "bad" if whole >= VERY_OLD else "turn" if whole >= OLD else ""
    how = ""
    if item.closed_at is not None:
        how = looker.say(N_("explained")) if item.closed_by else looker.say(N_("closed by itself"))
    return ItemRow(
        f"{FOLDER}/items/{item.id}",
        looker.say(WHATS[item.what]),
        looker.say(KINDS[LineKind(item.kind)]),
        item.reference,
        looker.provider(item.provider),
        "" if item.order is None else order_number(OrderId(item.order)),
        "" if item.order is None else f"{STAFF_PATHS[looker.actor.role]}/{item.order}",
        _net(looker, item.stated, item.currency),
        _net(looker, item.booked, item.currency),
        _signed(looker, item.net, item.currency),
        _age(looker, whole),
        looker.moment(item.closed_at or item.seen_at),
        kind,
        how,
    )


def _age(looker: Onlooker, whole: int) -> str:
    if not whole:
        return looker.say(N_("less than a day"))
    return looker.reader.words.ngettext("%(num)d day", "%(num)d days", whole)


def item_page(looker: Onlooker, item: Item) -> ItemPage:
    """The item with both of its sides."""
    closed, pill = "", Pill(looker.say(N_("open")), "alert", "bad")
    if item.closed_at is not None:
        pill = Pill(looker.say(N_("closed")), "check", "safe")
        by_itself = N_("Closed by itself %(moment)s: both sides have it.")
        explained = N_("Explained by %(person)s, %(moment)s.")
        person = (item.closed_by or "").partition(":")[2]
        closed = looker.say(
            explained if item.closed_by else by_itself, person=person, moment=looker.moment(item.closed_at)
        )
    sides = (
        (looker.say(N_("In the statement")), _sums(looker, item.stated, item.currency), _when(looker, item.stated)),
        (looker.say(N_("In the books")), _sums(looker, item.booked, item.currency), _when(looker, item.booked)),
    )
    advice = looker.say(ADVICE[item.what])
    return ItemPage(item_row(looker, item), pill, advice, sides, item.closed_at is None, closed, item.reason or "")


def _when(looker: Onlooker, side: Entry | None) -> str:
    return "" if side is None else looker.moment(side.at)


def _sums(looker: Onlooker, side: Entry | None, currency: str) -> tuple[Sum, ...]:
    if side is None:
        return ()
    found = [Sum(looker.say(N_("Sum")), _money(looker, side.amount, currency), strong=not side.fee)]
    if side.fee:
        found.append(Sum(looker.say(N_("The provider's fee")), _money(looker, side.fee, currency)))
        found.append(Sum(looker.say(N_("Left")), _money(looker, side.net, currency), strong=True))
    return tuple(found)


def day_row(looker: Onlooker, day: Day) -> DayRow:
    """The day in the list."""
    parts = [
        looker.say(text, sum=_signed(looker, amount, day.currency))
        for text, amount in (
            (N_("%(sum)s on the way"), day.on_the_way),
            (N_("%(sum)s open"), day.open),
            (N_("%(sum)s explained"), day.explained),
        )
        if amount
    ]
    return DayRow(
        _day(looker, day.day),
        looker.provider(day.provider),
        day.currency,
        _pill(looker, day),
        _money(looker, day.stated_balance, day.currency),
        _money(looker, day.booked_balance, day.currency),
        _signed(looker, day.difference, day.currency) if day.difference else "—",
        tuple(parts),
    )


def account_card(looker: Onlooker, day: Day) -> AccountCard:
    """The account as its newest day has it."""
    figures = [
        Sum(looker.say(N_("By the statement")), _money(looker, day.stated_balance, day.currency)),
        Sum(looker.say(N_("In the books")), _money(looker, day.booked_balance, day.currency)),
    ]
    for text, amount in (
        (N_("On the way"), day.on_the_way),
        (N_("Open differences"), day.open),
        (N_("Explained"), day.explained),
    ):
        if amount:
            figures.append(Sum(looker.say(text), _signed(looker, amount, day.currency)))
    name = f"{looker.provider(day.provider)}, {day.currency}"
    return AccountCard(name, _pill(looker, day), looker.moment(day.ran_at), tuple(figures))


def turn_note(looker: Onlooker, turn: Turn) -> Note | None:
    """What is wrong with asking a provider, where something is."""
    if not turn.failures:
        return None
    name, again = looker.provider(turn.provider), looker.moment(max(turn.next_at, looker.now))
    title = looker.say(N_("%(provider)s could not be asked."), provider=name)
    text = looker.say(N_("Their answer: “%(error)s”. It is tried again: %(moment)s."), error=turn.error, moment=again)
    return Note(title, text, "bad", "alert")


def _pill(looker: Onlooker, day: Day) -> Pill:
    if day.items or day.open:
        return Pill(looker.say(N_("differs")), "alert", "bad")
    return Pill(looker.say(N_("matches")), "check", "safe")


def _day(looker: Onlooker, day: int) -> str:
    """«19 мая»: days are those of UTC, whatever the reader's zone."""
    # At ten in the morning of UTC the same day is had from London to Tokyo.
    return dates.day(looker.reader, Instant(day * DAY + 10 * HOUR), looker.now)


def _net(looker: Onlooker, side: Entry | None, currency: str) -> str:
    return "—" if side is None else _money(looker, side.net, currency)


def _money(looker: Onlooker, amount: int, currency: str) -> str:
    return money(looker.reader, amount, currency, minor=True)


def _signed(looker: Onlooker, amount: int, currency: str) -> str:
    shown = _money(looker, amount, currency)
    return f"+{shown}" if amount > 0 else shown
