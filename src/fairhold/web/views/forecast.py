"""When money comes to a seller: each release ahead, net, with the commission beside it."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.deadlines import Because, Effect, deadlines
from fairhold.domain.ids import order_number
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.settlement import net_of, with_commission
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.money import money
from fairhold.words.reader import Reader


@dataclass(frozen=True)
class Coming:
    """A release ahead (minor units)."""

    at: Instant
    because: Because
    order: Order
    gross: int
    fee: int
    net: int


@dataclass(frozen=True)
class Row:
    """A line of the forecast."""

    when: str
    why: str
    url: str
    gross: str
    fee: str
    net: str


@dataclass(frozen=True)
class Forecast:
    """All releases ahead in one currency; `total` is their last line."""

    currency: str
    rows: tuple[Row, ...]
    total: Row


_WHY = {
    Because.CONFIRMED: N_("The buyer confirmed receipt, order %(number)s"),
    Because.DELIVERED: N_("The time to check ends, order %(number)s"),
    Because.SHIPPED: N_("Protection ends, order %(number)s. Earlier if the buyer confirms"),
}


def coming(orders: Iterable[Order]) -> tuple[Coming, ...]:
    """Every release that will come by itself, soonest first; per order each counts on those before it."""
    found = []
    for order in orders:
        counted = order
        for deadline in deadlines(order):
            if deadline.effect is Effect.RELEASE:
                gross, fee, net = net_of(counted, deadline.spans)
                counted = with_commission(counted, deadline.spans)
                found.append(Coming(deadline.at, deadline.because, order, gross, fee, net))
    return tuple(sorted(found, key=lambda one: one.at))


def forecasts(orders: Iterable[Order], now: Instant, reader: Reader, *, most: int = 30) -> tuple[Forecast, ...]:
    """The forecast per currency; releases beyond the first `most` are in the total alone."""
    by_currency: dict[str, list[Coming]] = {}
    for one in coming(orders):
        by_currency.setdefault(one.order.currency, []).append(one)
    return tuple(_forecast(currency, found, now, reader, most) for currency, found in sorted(by_currency.items()))


def _forecast(currency: str, found: list[Coming], now: Instant, reader: Reader, most: int) -> Forecast:
    def shown(amount: int) -> str:
        return money(reader, amount, currency, minor=True)

    rows = []
    for one in found[:most]:
        moment = dates.moment(reader, one.at, now)
        when = (
            reader.words.gettext("by %(moment)s at the latest", moment=moment)
            if one.because is Because.SHIPPED
            else moment
        )
        why = reader.words.gettext(_WHY[one.because], number=order_number(one.order.id))
        rows.append(
            Row(when, why, f"/selling/orders/{one.order.id}", shown(one.gross), shown(-one.fee), shown(one.net))
        )
    total = Row(
        reader.words.gettext("Total"),
        "",
        "",
        shown(sum(one.gross for one in found)),
        shown(-sum(one.fee for one in found)),
        shown(sum(one.net for one in found)),
    )
    return Forecast(currency, tuple(rows), total)
