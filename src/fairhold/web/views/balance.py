"""What a seller can have paid out, account by account: how much, when, what is in the way, and what they can do about it."""

from dataclasses import dataclass

from fairhold.domain.instants import DAY, Instant
from fairhold.engine.payouts.balances import Hindrance, Standing
from fairhold.web.views.parts import Link, Note
from fairhold.web.views.payouts import SELLING, Cashier, next_day
from fairhold.words.catalog import N_
from fairhold.words.money import percent
from fairhold.words.payouts import SCHEDULES

_STOPPED = (Hindrance.NO_PROVIDER, Hindrance.PARKED, Hindrance.NO_ACCOUNT, Hindrance.NOT_PAYABLE)


@dataclass(frozen=True)
class Figure:
    """A figure of a balance with a line under it."""

    name: str
    sum: str
    text: str = ""
    safe: bool = False


@dataclass(frozen=True)
class BalanceCard:
    """One account: the provider and the currency, its figures, and what is in the way."""

    id: str
    title: str
    figures: tuple[Figure, ...]
    note: Note | None


def balance_card(
    cashier: Cashier,
    standing: Standing,
    on_its_way: int,
    last_release: Instant | None,
    number: int,
    *,
    onboards: bool = False,
) -> BalanceCard:
    """The account as its seller reads it; `on_its_way` is what open payouts take with them (minor units).

    `onboards`: whether the provider asks sellers who they are on a page of its own.
    """
    account = standing.owed.account
    return BalanceCard(
        id=f"balance-{number}",
        title=f"{cashier.provider(account.provider)}, {account.currency}",
        figures=tuple(_figures(cashier, standing, on_its_way, last_release)),
        note=_in_the_way(cashier, standing, onboards=onboards),
    )


def _figures(cashier: Cashier, standing: Standing, on_its_way: int, last_release: Instant | None) -> list[Figure]:
    account, due = standing.owed.account, standing.owed.due
    orders = cashier.reader.words.ngettext("of %(num)d order", "of %(num)d orders", standing.owed.orders)
    if due < 0:
        found = [Figure(cashier.say(N_("You owe")), cashier.sum(-due, account.currency), orders)]
    else:
        payable = cashier.sum(standing.payable, account.currency)
        free = standing.hindrance not in _STOPPED
        found = [Figure(cashier.say(N_("Available to pay out")), payable, orders if due else "", safe=free)]
    if standing.reserved:
        reserved = cashier.sum(standing.reserved, account.currency)
        found.append(Figure(cashier.say(N_("Kept back")), reserved, kept_until(cashier, standing, last_release)))
    way = cashier.sum(on_its_way, account.currency)
    found.append(Figure(cashier.say(N_("On its way to you")), way))
    found.append(_next(cashier, standing))
    return found


def kept_until(cashier: Cashier, standing: Standing, last_release: Instant | None) -> str:
    """«всё освободится к 3 июня»: when the last of what is kept back is free."""
    if last_release is None or not standing.terms.reserve_days:
        return ""
    free = last_release + standing.terms.reserve_days * DAY
    return cashier.say(N_("bit by bit, all of it by %(day)s"), day=cashier.day(free))


def _next(cashier: Cashier, standing: Standing) -> Figure:
    """When payouts are made, and the smallest there is."""
    terms, account = standing.terms, standing.owed.account
    at, name = next_day(terms.schedule, cashier.now), cashier.say(N_("Next payout"))
    least = ""
    if terms.minimum:
        least = cashier.say(N_("from %(sum)s on"), sum=cashier.sum(terms.minimum, account.currency))
    if at is None:
        return Figure(name, cashier.say(N_("On request")), least)
    rhythm = cashier.say(SCHEDULES[terms.schedule])
    if standing.hindrance is not None:
        return Figure(name, "—", ", ".join(filter(None, (rhythm, least))))
    return Figure(name, cashier.moment(at), ", ".join(filter(None, (rhythm, least))))


def _in_the_way(cashier: Cashier, standing: Standing, *, onboards: bool) -> Note | None:
    """What is in the way, and what the seller can do about it."""
    if standing.hindrance in (Hindrance.OWES, *_STOPPED):
        return _trouble(cashier, standing, onboards=onboards)
    terms = standing.terms
    title, text = "", ""
    if standing.hindrance is Hindrance.BELOW_MINIMUM:
        least = cashier.sum(terms.minimum, standing.owed.account.currency)
        title = cashier.say(N_("It waits for more"))
        text = cashier.say(N_("Payouts begin at %(sum)s. When more comes in, all of it leaves together."), sum=least)
    elif standing.reserved:
        share = percent(cashier.reader, terms.reserve_basis_points)
        days = cashier.reader.words.ngettext("%(num)d day", "%(num)d days", terms.reserve_days)
        title = cashier.say(N_("A part is kept back for a while"))
        text = N_("%(share)s of every sum stays here for %(days)s, in case a buyer's bank asks for it back.")
        text = cashier.say(text, share=share, days=days)
    elif standing.hindrance is None and terms.schedule == "on_request":
        title = cashier.say(N_("It leaves when you ask for it"))
        text = cashier.say(N_("Write to support, and the operator pays out all that is available."))
        return Note(title, text, link=_support(cashier))
    return Note(title, text) if title else None


def _trouble(cashier: Cashier, standing: Standing, *, onboards: bool) -> Note:
    """What does not pass by itself, or has taken money away."""
    payee, link = standing.payee, None
    provider = cashier.provider(standing.owed.account.provider)
    if standing.hindrance is Hindrance.OWES:
        title = cashier.say(N_("A card chargeback took more than is due to you"))
        text = cashier.say(N_("What comes in next goes there first. You need not do anything."))
    elif standing.hindrance is Hindrance.NO_PROVIDER:
        title = cashier.say(N_("Nothing can leave through %(provider)s just now"), provider=provider)
        text = cashier.say(N_("We look after it. The money is safe and waits for you."))
        link = _support(cashier)
    elif standing.hindrance is Hindrance.PARKED:
        title = cashier.say(N_("Your payouts have stopped: we look after it"))
        safe = cashier.say(N_("The money is safe and waits for you here."))
        text, link = f"{cashier.why(payee.parked_why)} {safe}".strip(), _support(cashier)
    elif standing.hindrance is Hindrance.NO_ACCOUNT:
        title = cashier.say(N_("We do not know your account at %(provider)s"), provider=provider)
        if onboards:
            text = cashier.say(N_("Tell %(provider)s who you are, and your money leaves."), provider=provider)
            return Note(title, text, "turn", "alert", _account(cashier, standing, provider))
        text = cashier.say(N_("Tell support which it is. Until then the money waits for you here."))
        link = _support(cashier)
    else:
        title = cashier.say(N_("%(provider)s does not pay to your account yet"), provider=provider)
        text = cashier.say(N_("It wants to know more of you. Sign in there and answer its questions."))
        if payee.wanting:
            text += " " + cashier.say(N_("What it asks for: %(list)s."), list=", ".join(payee.wanting))
        link = _account(cashier, standing, provider) if onboards else None
    return Note(title, text, "turn", "alert", link)


def _account(cashier: Cashier, standing: Standing, provider: str) -> Link:
    url = f"{SELLING}/account/{standing.owed.account.provider}"
    return Link(cashier.say(N_("Set up your account at %(provider)s…"), provider=provider), url)


def _support(cashier: Cashier) -> Link:
    return Link(cashier.say(N_("Write to support")), "/help")
