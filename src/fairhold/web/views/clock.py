"""The test clock's page: what time it is, and which deadlines come next."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.coming import Deadline
from fairhold.domain.deadlines import deadlines
from fairhold.domain.ids import order_number
from fairhold.domain.instants import Instant, between
from fairhold.domain.order import Order
from fairhold.words import dates
from fairhold.words.deadlines import because, effect
from fairhold.words.reader import Reader

MOST = 12


@dataclass(frozen=True)
class Ahead:
    """A deadline of some order."""

    when: str
    left: str
    number: str
    url: str
    effect: str
    because: str


@dataclass(frozen=True)
class ClockPage:
    """The clock and what is ahead of it."""

    day: str
    time: str
    zone: str
    next_at: Instant | None
    ahead: tuple[Ahead, ...]


def clock_page(orders: Iterable[Order], now: Instant, reader: Reader) -> ClockPage:
    """The nearest deadlines of all orders."""
    found: list[tuple[Instant, Order, Deadline]] = []
    for order in orders:
        found += [(deadline.at, order, deadline) for deadline in deadlines(order) if deadline.at > now]
    found.sort(key=lambda one: (one[0], one[1].id))
    ahead = tuple(
        Ahead(
            when=dates.moment(reader, at, now),
            left=dates.remaining(reader, between(now, at)),
            number=order_number(order.id),
            url=f"/operator/orders/{order.id}",
            effect=effect(order, deadline, reader),
            because=because(deadline, reader),
        )
        for at, order, deadline in found[:MOST]
    )
    next_at = found[0][0] if found else None
    return ClockPage(
        dates.full_day(reader, now), dates.time_of_day(reader, now), dates.zone_name(reader), next_at, ahead
    )
