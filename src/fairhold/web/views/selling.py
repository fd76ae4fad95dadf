"""The seller's pages: what to ship, what is held for them, the form of a parcel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.coming import Because
from fairhold.domain.conditions import unshipped
from fairhold.domain.instants import DAY, between
from fairhold.domain.order import Order, PortionState
from fairhold.domain.portions import worth_of
from fairhold.domain.settlement import net_of
from fairhold.web.views.clocks import ahead_of
from fairhold.web.views.dispute_sentences import is_turn
from fairhold.web.views.lines import picture_of
from fairhold.web.views.parts import Link, Pill
from fairhold.web.views.pills import pill_of
from fairhold.web.views.quantities import Choice, choices_of
from fairhold.web.views.seen import seen_of
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.money import money
from fairhold.words.names import CARRIERS, carrier_name, pieces
from fairhold.words.reader import Reader


@dataclass(frozen=True)
class Row:
    """An order in the seller's table; `seen` is what the device may remember of it."""

    id: str
    number: str
    url: str
    buyer: str
    goods: str
    due: str
    left: str
    urgent: bool
    net: str
    pill: Pill
    link: Link
    seen: str


def row_of(sight: Sight) -> Row:
    """The order as a row: by when, what, for how much after commission."""
    order = sight.order
    ahead = ahead_of(order)
    shipping = next(
        (found for found in ahead if found.because in (Because.NOT_SHIPPED, Because.RETURNED_TO_SENDER)), None
    )
    soonest = shipping or (ahead[0] if ahead else None)
    left = between(sight.now, soonest.at) if soonest else None
    return Row(
        id=order.id,
        number=sight.number,
        url=sight.url,
        buyer=sight.buyer(),
        goods=goods_of(sight),
        due=sight.moment(soonest.at) if soonest else "",
        left=dates.remaining(sight.reader, left, coarse=True) if left is not None else "",
        urgent=soonest is not None and left is not None and left < DAY and soonest.owner is Role.SELLER,
        net=sight.sum(_net(order)),
        pill=pill_of(sight),
        link=_way_on(sight),
        seen=seen_of(sight),
    )


def _way_on(sight: Sight) -> Link:
    """What waits for the seller, else the order."""
    if sight.can("ship"):
        return Link(sight.say(N_("Ship…")), f"{sight.url}/ship")
    waiting = next((dispute for dispute in sight.order.disputes if is_turn(sight, dispute)), None)
    if waiting is not None:
        return Link(sight.say(N_("Answer…")), sight.dispute_url(waiting))
    return Link(sight.say(N_("Open")), sight.url)


def goods_of(sight: Sight) -> str:
    """«Фонарь, 3 шт. и ещё 2 товара»."""
    first, words = sight.order.lines[0], sight.reader.words
    name = sight.title(first)
    text = f"{name}, {pieces(words, first.quantity)}" if first.quantity > 1 else name
    more = len(sight.order.lines) - 1
    rest = words.ngettext("and %(num)d more item", "and %(num)d more items", more)
    return f"{text} {rest}" if more else text


def _net(order: Order) -> int:
    """What has come and may still come to the seller of this order."""
    coming = (PortionState.HELD, PortionState.CONFIRMED, PortionState.DISPUTED)
    spans = tuple(portion.span for portion in order.portions if portion.state in coming)
    return order.money.released + (net_of(order, spans)[2] if spans else 0)


@dataclass(frozen=True)
class Stat:
    """A figure at the head of the seller's pages."""

    name: str
    sum: str
    safe: bool = False
    link: Link | None = None


def stats_of(orders: Iterable[Order], balances: dict[str, int], reader: Reader) -> tuple[tuple[Stat, ...], ...]:
    """What is due and what is on its way, a row per currency (`balances`: currency to minor units), most used first.

    How much of what is due could leave now is said account by account, on the page of the money.
    """
    coming = _coming(orders)
    currencies = [*coming, *sorted(set(balances) - set(coming))]
    return tuple(
        (_due(currency, balances.get(currency, 0), reader), *_stats(currency, coming.get(currency, _NOTHING), reader))
        for currency in currencies
    )


def _due(currency: str, balance: int, reader: Reader) -> Stat:
    say = reader.words.gettext
    if balance < 0:
        return Stat(say(N_("You owe")), money(reader, -balance, currency, minor=True))
    link = Link(say(N_("When it leaves")), "/selling/money") if balance else None
    return Stat(say(N_("Due to you")), money(reader, balance, currency, minor=True), safe=True, link=link)


def coming_of(orders: Iterable[Order], reader: Reader) -> tuple[tuple[Stat, ...], ...]:
    """What is on its way alone: what can be paid out stands beside it, account by account."""
    return tuple(_stats(currency, coming, reader) for currency, coming in _coming(orders).items())


_STATES = (PortionState.CONFIRMED, PortionState.HELD, PortionState.DISPUTED)
_NOTHING = (0, 0, 0)


def _coming(orders: Iterable[Order]) -> dict[str, tuple[int, ...]]:
    """What is settling, held and disputed of these orders, net, by currency, the most used one first."""
    sums: dict[str, list[int]] = {}
    used: dict[str, int] = {}
    for order in orders:
        used[order.currency] = used.get(order.currency, 0) + 1
        for place, state in enumerate(_STATES):
            spans = tuple(portion.span for portion in order.portions if portion.state is state)
            if spans and order.money.paid:
                sums.setdefault(order.currency, [0] * len(_STATES))[place] += net_of(order, spans)[2]
    ordered = sorted(sums, key=lambda currency: (-used[currency], currency))
    return {currency: tuple(sums[currency]) for currency in ordered}


def _stats(currency: str, coming: Sequence[int], reader: Reader) -> tuple[Stat, ...]:
    words, (settling, held, disputed) = reader.words, coming
    when = Link(words.gettext("When it comes"), "/selling/money#forecast")
    found = [
        Stat(words.gettext("Confirmed, comes soon, net"), money(reader, settling, currency, minor=True)),
        Stat(
            words.gettext("Held until receipt, net"),
            money(reader, held, currency, minor=True),
            link=when if held else None,
        ),
    ]
    if disputed:
        link = Link(words.gettext("To the disputes"), "/selling?status=in_dispute")
        found.append(
            Stat(words.gettext("In dispute, net at most"), money(reader, disputed, currency, minor=True), link=link)
        )
    return tuple(found)


@dataclass(frozen=True)
class ShipBox:
    """An item that can go into a parcel."""

    id: str
    title: str
    thumb: str
    quantity: str
    most: int
    choices: tuple[Choice, ...]
    ticked: bool
    chosen: int


@dataclass(frozen=True)
class ShipPage:
    """The form of a parcel."""

    number: str
    url: str
    due: str
    boxes: tuple[ShipBox, ...]
    carriers: tuple[tuple[str, str], ...]


def ship_page(sight: Sight, ticked: dict[str, int | None] | None = None) -> ShipPage:
    """What is left to ship. Everything is ticked at first: shipping releases nothing."""
    order, boxes = sight.order, []
    for line in order.lines:
        own = [portion for portion in order.portions if portion.line == line.id and unshipped(order, portion)]
        most = sum(portion.quantity for portion in own)
        if most:
            worth = sight.sum(worth_of(order, (portion.span for portion in own)))
            boxes.append(
                ShipBox(
                    id=line.id,
                    title=sight.title(line),
                    thumb=picture_of(sight, line),
                    quantity=f"{pieces(sight.reader.words, most)} · {worth}",
                    most=most,
                    choices=choices_of(sight, most),
                    ticked=ticked is None or line.id in ticked,
                    chosen=(ticked or {}).get(line.id) or most,
                )
            )
    found = next(
        (one for one in ahead_of(order) if one.because in (Because.NOT_SHIPPED, Because.RETURNED_TO_SENDER)), None
    )
    due = ""
    if found is not None:
        left = dates.remaining(sight.reader, between(sight.now, found.at))
        due = sight.say(
            N_("Ship by %(moment)s: %(left)s. Otherwise the money goes back to the buyer."),
            moment=sight.moment(found.at),
            left=left,
        )
    carriers = tuple((code, carrier_name(sight.reader.words, code)) for code in CARRIERS)
    return ShipPage(sight.number, sight.url, due, tuple(boxes), carriers)
