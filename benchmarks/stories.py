"""Orders in typical states, lived through in the engine itself: what the loader's rows are made from.

Every story is played once in a database of its own. Its rows are read back as PostgreSQL keeps them (`taking.py`).
"""

from collections.abc import Callable, Mapping
from typing import Any

import psycopg

from benchmarks.taking import BUYER, KEY, SELLER, Story, taken
from fairhold.domain.actors import Actor
from fairhold.domain.commands import CancelOrder, ConfirmReceipt, NewLine, Pay, PlaceOrder, RecordCheckpoint, ShipParcel
from fairhold.domain.instants import DAY, HOUR
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus
from tests.builders import OPERATOR, POLICY
from tests.engine.market import Market

KEYS_KEPT = 400 * DAY
TRACKING = "80083794021845"
LINES = (
    NewLine(sku="lamp-600", title="Headlamp “Polus 600”", quantity=1, unit_price=240_000),
    NewLine(sku="mug-450", title="Thermo mug, 450 ml", quantity=2, unit_price=130_000),
)


class Teller:
    """Plays stories in the database at `url`, one after the other."""

    def __init__(self, url: str) -> None:
        self._market = Market(url)
        self._url = url
        self._steps = 0
        self.lines: tuple[NewLine, ...] = LINES
        """What is bought."""

    @property
    def buyer(self) -> Actor:
        """Who buys in every story."""
        return BUYER

    def tell(self, order: Order | None, command: Any, actor: Actor) -> Order:
        """Give a command under a key that the loader can make anew."""
        self._steps += 1
        return self._market.tell(order.id if order else None, command, actor, f"{KEY}-{self._steps:06d}")

    def wait(self, length: int) -> None:
        """Let time pass."""
        self._market.advance(length)

    def placed(self) -> Order:
        """An order of two lines or one."""
        command = PlaceOrder(
            buyer=BUYER.id,
            seller=SELLER.id,
            currency=Currency("RUB"),
            lines=self.lines,
            shipping=30_000,
            policy=POLICY,
        )
        return self.tell(None, command, BUYER)

    def paid(self) -> Order:
        """Paid after an hour."""
        order = self.placed()
        self.wait(HOUR)
        return self.tell(order, Pay(method="sandbox:ok"), BUYER)

    def shipped(self) -> Order:
        """On its way after a day."""
        order = self.paid()
        self.wait(23 * HOUR)
        order = self.tell(order, ShipParcel(carrier="Post", tracking_number=TRACKING), SELLER)
        self.wait(DAY)
        return self._scan(order, "in_transit")

    def delivered(self) -> Order:
        """In the buyer's hands on day 11; the window runs."""
        order = self.shipped()
        self.wait(9 * DAY)
        return self._scan(order, "delivered")

    def one_line_confirmed(self) -> Order:
        """The buyer has confirmed the first line."""
        order = self.delivered()
        self.wait(DAY)
        return self.tell(order, ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), BUYER)

    def completed_by_the_buyer(self) -> Order:
        """Everything confirmed a day after delivery, and paid out."""
        order = self.delivered()
        self.wait(DAY)
        lines = tuple(line.id for line in order.lines)
        order = self.tell(order, ConfirmReceipt(lines=lines, acknowledged=True), BUYER)
        self.wait(2 * DAY)
        return self._market.now(order)

    def completed_by_the_window(self) -> Order:
        """Nobody said anything: the window ended."""
        order = self.delivered()
        self.wait(8 * DAY)
        return self._market.now(order)

    def refunded(self) -> Order:
        """Never shipped: the money went back."""
        order = self.paid()
        self.wait(8 * DAY)
        return self._market.now(order)

    def cancelled(self) -> Order:
        """The buyer thought better of it."""
        return self.tell(self.placed(), CancelOrder(), BUYER)

    def _scan(self, order: Order, status: str) -> Order:
        now = self._market.clock.now()
        report = RecordCheckpoint(shipment=order.shipments[0].id, status=ParcelStatus(status), at=now)
        return self.tell(order, report, OPERATOR)

    def take(self, name: str, order: Order, weight: int) -> Story:
        """The order's rows as they are now."""
        with psycopg.connect(self._url) as connection:
            return taken(connection, name, self._market.now(order), weight)

    def take_old(self, orders: Mapping[str, tuple[Order, int]]) -> dict[str, Story]:
        """The same of orders, with their weights, that ended so long ago that their keys are forgotten."""
        self.wait(KEYS_KEPT + DAY)
        self._market.app.background.tick()
        told = {f"{name}_old": self.take(f"{name}_old", order, weight) for name, (order, weight) in orders.items()}
        for name, story in told.items():
            assert story.closed is not None, f"{name} does not end"
            assert not story.keys, f"the keys of {name} are still there"
        return told

    def close(self) -> None:
        """The database belongs to whoever made it."""
        self._market.app.close()


CLOSED: dict[str, tuple[Callable[[Teller], Order], int]] = {
    "completed_by_the_buyer": (Teller.completed_by_the_buyer, 45),
    "completed_by_the_window": (Teller.completed_by_the_window, 42),
    "refunded": (Teller.refunded, 5),
    "cancelled": (Teller.cancelled, 8),
}
"""How orders end, and how many of a hundred do so."""

OPEN: dict[str, tuple[Callable[[Teller], Order], int]] = {
    "awaiting_payment": (Teller.placed, 40),
    "paid": (Teller.paid, 200),
    "shipped": (Teller.shipped, 200),
    "delivered": (Teller.delivered, 400),
    "one_line_confirmed": (Teller.one_line_confirmed, 60),
}
"""States on the way; the weights count against those of the closed ones at an age where both can be."""


def all_stories(url: str) -> dict[str, Story]:
    """Every story, played in the empty database at `url`. Finished orders have one line."""
    teller = Teller(url)
    try:
        told = {name: teller.take(name, play(teller), weight) for name, (play, weight) in OPEN.items()}
        ended: dict[str, tuple[Order, int]] = {}
        teller.lines = LINES[:1]
        for name, (play, weight) in CLOSED.items():
            ended[name] = play(teller), weight
            told[name] = teller.take(name, *ended[name])
        return told | teller.take_old(ended)
    finally:
        teller.close()
