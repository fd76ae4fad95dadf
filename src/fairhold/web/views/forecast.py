"""When money comes to a seller: each release ahead, net, with the commission beside it."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.coming import SETTLING, Because
from fairhold.domain.forecast import Forecast as Coming
from fairhold.domain.forecast import forecast
from fairhold.domain.ids import order_number
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.money import money
from fairhold.words.reader import Reader


@dataclass(frozen=True)
class Row:
    """A line of the forecast."""

    when: str
    why: str
    url: str
    gross: str
    fee: str
    net: str
    fixed: str = ""
    """What of the commission is its fixed part; empty where there is none."""
    provider: str = ""
    """What of it all is the payment provider's fee; empty where the seller bears none."""


@dataclass(frozen=True)
class Forecast:
    """All releases ahead in one currency; `total` is their last line."""

    currency: str
    rows: tuple[Row, ...]
    total: Row


Ahead = tuple[Order, Coming]

_WHY = {
    **dict.fromkeys(SETTLING, N_("The buyer confirmed receipt, order %(number)s")),
    Because.DELIVERED: N_("The time to check ends, order %(number)s"),
    Because.SHIPPED: N_("Protection ends, order %(number)s. Earlier if the buyer confirms"),
}


def forecasts(orders: Iterable[Order], now: Instant, reader: Reader, *, most: int = 30) -> tuple[Forecast, ...]:
    """The forecast per currency; releases beyond the first `most` are in the total alone."""
    by_currency: dict[str, list[Ahead]] = {}
    for order in orders:
        for coming in forecast(order):
            by_currency.setdefault(order.currency, []).append((order, coming))
    return tuple(
        _forecast(currency, sorted(found, key=lambda one: one[1].at), now, reader, most)
        for currency, found in sorted(by_currency.items())
    )


def _forecast(currency: str, found: list[Ahead], now: Instant, reader: Reader, most: int) -> Forecast:
    def shown(amount: int) -> str:
        return money(reader, amount, currency, minor=True)

    def row(when: str, why: str, url: str, ahead: list[Coming]) -> Row:
        names = ("gross", "fee", "fixed", "provider")
        gross, fee, fixed, provider = (sum(getattr(one, name) for one in ahead) for name in names)
        told = reader.words.gettext("fixed part %(sum)s", sum=shown(-fixed)) if fixed else ""
        kept = reader.words.gettext("payment provider's fee %(sum)s", sum=shown(-provider)) if provider else ""
        return Row(when, why, url, shown(gross), shown(-fee), shown(gross - fee), told, kept)

    rows = []
    for order, one in found[:most]:
        moment = dates.moment(reader, one.at, now)
        latest = one.because not in (*SETTLING, Because.DELIVERED)
        when = reader.words.gettext("by %(moment)s at the latest", moment=moment) if latest else moment
        why = reader.words.gettext(_WHY.get(one.because, _WHY[Because.SHIPPED]), number=order_number(order.id))
        rows.append(row(when, why, f"/selling/orders/{order.id}", [one]))
    total = row(reader.words.gettext("Total"), "", "", [one for _, one in found])
    return Forecast(currency, tuple(rows), total)
