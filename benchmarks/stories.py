"""Orders in typical states, lived through in the engine itself: what the loader's rows are made from.

Every story is played once in a database of its own. Its rows are read back as PostgreSQL keeps them, whatever columns
they have, and each place in them that holds the order's id, a person or a moment becomes a slot to be filled anew.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import psycopg

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import CancelOrder, ConfirmReceipt, NewLine, Pay, PlaceOrder, RecordCheckpoint, ShipParcel
from fairhold.domain.ids import PersonId, order_number, tag_of
from fairhold.domain.instants import DAY, HOUR
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus
from tests.builders import OPERATOR, POLICY, T0
from tests.engine.market import Market

TABLES = ("orders", "events", "transfers", "outbox", "idempotency")
BUYER = Actor(Role.BUYER, PersonId("buyer-0000000"))
SELLER = Actor(Role.SELLER, PersonId("seller-00000"))
KEY = "z" * 20
"""Stands in idempotency keys where a loaded order has its id."""
KEYS_KEPT = 400 * DAY
NOT_COPIED = frozenset({"salt", "commitment", "written_at"})
"""An event with another id in it is not what its original committed to. Loaded events are as those of before commitments."""
TRACKING = "80083794021845"
LINES = (
    NewLine(sku="lamp-600", title="Headlamp “Polus 600”", quantity=1, unit_price=240_000),
    NewLine(sku="mug-450", title="Thermo mug, 450 ml", quantity=2, unit_price=130_000),
)
_INT2, _INT8 = 21, 20
_LAST_YEAR = T0 + 3653 * DAY

Slot = tuple[str, int]
"""What to put in: `id`, `tag`, `number`, `digits`, `buyer`, `seller`, `lane`; `text` or `int` with microseconds since placing."""


class Place(NamedTuple):
    """A spot in a row that is filled anew: where it begins, how long it is, and with what."""

    start: int
    length: int
    slot: Slot


class Rows(NamedTuple):
    """All rows that an order has in one table, in PostgreSQL's binary COPY format, and where to fill in what."""

    table: str
    data: bytes
    places: tuple[Place, ...]


class Story(NamedTuple):
    """An order in a certain state. Times are microseconds since it was placed; `next_deadline` None: it is closed."""

    name: str
    lived: int
    next_deadline: int | None
    rows: tuple[Rows, ...]
    changes: dict[str, int]
    """What it did to the accounts."""
    keys: bool


def columns(connection: "psycopg.Connection[Any]", table: str) -> list[tuple[str, int]]:
    """Name and type of each column."""
    return connection.execute(
        "SELECT attname, atttypid::int FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        (table,),
    ).fetchall()


class Teller:
    """Plays stories in the database at `url`, one after the other."""

    def __init__(self, url: str) -> None:
        self._market = Market(url)
        self._url = url
        self._steps = 0
        self._lines: tuple[NewLine, ...] = LINES

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
            lines=self._lines,
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

    def story(self, name: str, play: Callable[["Teller"], Order], *, old: bool = False) -> Story:
        """Play it and take its rows; `old`: so long ago that its keys are forgotten. Finished orders have one line."""
        self._lines = LINES[:1] if name.removesuffix("_old") in CLOSED else LINES
        order = play(self)
        if old:
            assert order.closed_at is not None, f"{name} does not end"
            self.wait(KEYS_KEPT + DAY)
            self._market.app.background.tick()
        with psycopg.connect(self._url) as connection:
            return taken(connection, name, order, old=old)

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
    """Every story, played in the empty database at `url`."""
    teller = Teller(url)
    try:
        told = {name: teller.story(name, play) for name, (play, _) in {**OPEN, **CLOSED}.items()}
        told |= {f"{name}_old": teller.story(f"{name}_old", play, old=True) for name, (play, _) in CLOSED.items()}
    finally:
        teller.close()
    return told


def taken(connection: "psycopg.Connection[Any]", name: str, order: Order, *, old: bool) -> Story:
    """The story of an order as its rows tell it."""
    where = {"orders": "id = %(id)s", "idempotency": "order_id = %(id)s OR made = %(id)s"}
    rows = []
    for table in TABLES:
        named = columns(connection, table)
        listed = ", ".join("NULL" if column in NOT_COPIED else f'"{column}"' for column, _ in named)
        condition = where.get(table, "order_id = %(id)s")
        # A message and a key stand in the order in which they were written; the others by their numbers.
        statement = f"SELECT {listed} FROM {table} WHERE {condition}"  # noqa: S608 - names from the catalogue
        cursor = connection.cursor(binary=True)
        cursor.execute(statement.encode(), {"id": order.id})
        assert cursor.pgresult is not None
        values = [[cursor.pgresult.get_value(n, m) for m in range(len(named))] for n in range(cursor.rowcount)]
        if values:
            rows.append(compiled(table, named, values, order))
    lived, deadline, kept = connection.execute(
        "SELECT updated_at, next_deadline_at, has_keys FROM orders WHERE id = %s", (order.id,)
    ).fetchall()[0]
    assert bool(kept) is not old, f"the keys of {name} are {'still' if kept else 'not'} there"
    moved = connection.execute(
        "SELECT account, sum(change)::bigint FROM (SELECT debit, -amount FROM transfers WHERE order_id = %(id)s UNION ALL"
        " SELECT credit, amount FROM transfers WHERE order_id = %(id)s) AS moved (account, change) GROUP BY account",
        {"id": order.id},
    ).fetchall()
    since = order.placed_at
    return Story(name, lived - since, None if deadline is None else deadline - since, tuple(rows), dict(moved), not old)


def compiled(table: str, named: list[tuple[str, int]], values: list[list[bytes | None]], order: Order) -> Rows:
    """The rows as COPY takes them, and the places to be filled in."""
    data = bytearray()
    places: list[Place] = []
    for row in values:
        data += len(row).to_bytes(2)
        for (column, kind), value in zip(named, row, strict=True):
            data += (0xFFFFFFFF if value is None else len(value)).to_bytes(4)
            if value is not None:
                places += (place._replace(start=place.start + len(data)) for place in found(column, kind, value, order))
                data += value
    return Rows(table, bytes(data), tuple(places))


def found(column: str, kind: int, value: bytes, order: Order) -> Iterator[Place]:
    """Every spot of a field that is another one's in another order."""
    if kind in (_INT2, _INT8):
        number = int.from_bytes(value, signed=True)
        if column == "lane":
            yield Place(0, len(value), ("lane", 0))
        elif kind == _INT8 and T0 <= number <= _LAST_YEAR:
            yield Place(0, 8, ("int", number - order.placed_at))
        return
    shown = order_number(order.id)
    exact = {
        order.id: "id",
        KEY: "id",
        tag_of(order.id) + "-": "tag",
        shown: "number",
        shown.replace("-", ""): "digits",
        str(BUYER.id): "buyer",
        str(SELLER.id): "seller",
    }
    words = "|".join(re.escape(word) for word in exact)
    for match in re.finditer(rf"{words}|(?<![0-9])[0-9]{{16}}(?![0-9])".encode(), value):
        text = match[0].decode()
        if text in exact:
            name = exact[text]
            yield Place(match.start(), len(text) - (name == "tag"), (name, 0))
        elif T0 <= int(text) <= _LAST_YEAR:
            yield Place(match.start(), 16, ("text", int(text) - order.placed_at))
