"""An order's rows as PostgreSQL keeps them, cut into what stays and what another order has in its place.

Whatever columns the tables have, each spot in them that holds the order's id, a review's, a person, a product or a moment
becomes a slot to be filled anew.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg

from fairhold.domain.actors import Actor, Role
from fairhold.domain.ids import PersonId, order_number, tag_of
from fairhold.domain.instants import DAY
from fairhold.domain.order import Order
from fairhold.domain.review import SIDES
from tests.builders import T0

TABLES = ("orders", "events", "transfers", "outbox", "idempotency", "reviews", "product_reviews")
BUYER = Actor(Role.BUYER, PersonId("buyer-0000000"))
SELLER = Actor(Role.SELLER, PersonId("seller-00000"))
SKU = "sku-0000000"
"""Stands where a loaded order has the name of its product."""
KEY = "z" * 20
"""Stands in idempotency keys where a loaded order has its id."""
NOT_COPIED = frozenset({"salt", "commitment", "written_at"})
"""An event with another id in it is not what its original committed to. Loaded events are as those of before commitments."""
_INT2, _INT8 = 21, 20
_LAST_YEAR = T0 + 3653 * DAY

Slot = tuple[str, int]
"""What to put in: `id`, `tag`, `number`, `digits`, `buyer`, `seller`, `sku`, `lane`; `text` or `int` with microseconds since
placing; `review` with the microseconds after which it was written, `automatic` with the side that was silent (0: the buyer)."""


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
    """An order in a certain state. Times are microseconds since it was placed."""

    name: str
    lived: int
    next_deadline: int | None
    """None: nothing more is going to happen by itself."""
    closed: int | None
    """When the last of its money was where it belongs."""
    rows: tuple[Rows, ...]
    changes: dict[str, int]
    """What it did to the accounts."""
    keys: bool
    """Whether the keys of its commands are still known."""
    weight: int
    """How many there are beside those of other stories that can be as old."""


def columns(connection: "psycopg.Connection[Any]", table: str) -> list[tuple[str, int]]:
    """Name and type of each column."""
    return connection.execute(
        "SELECT attname, atttypid::int FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        (table,),
    ).fetchall()


_WHERE = {
    "orders": "id = %(id)s",
    "idempotency": "order_id = %(id)s OR made = %(id)s",
    "product_reviews": "review_id IN (SELECT id FROM reviews WHERE order_id = %(id)s)",
}


def taken(connection: "psycopg.Connection[Any]", name: str, order: Order, weight: int) -> Story:
    """The story of an order as its rows tell it."""
    rows = []
    for table in TABLES:
        named = columns(connection, table)
        listed = ", ".join("NULL" if column in NOT_COPIED else f'"{column}"' for column, _ in named)
        condition = _WHERE.get(table, "order_id = %(id)s")
        # A message and a key stand in the order in which they were written; the others by their numbers.
        statement = f"SELECT {listed} FROM {table} WHERE {condition}"  # noqa: S608 - names from the catalogue
        cursor = connection.cursor(binary=True)
        cursor.execute(statement.encode(), {"id": order.id})
        assert cursor.pgresult is not None
        values = [[cursor.pgresult.get_value(n, m) for m in range(len(named))] for n in range(cursor.rowcount)]
        if values:
            rows.append(compiled(table, named, values, order))
    [(lived, deadline, closed, kept)] = connection.execute(
        "SELECT updated_at, next_deadline_at, closed_at, has_keys FROM orders WHERE id = %s", (order.id,)
    ).fetchall()
    moved = connection.execute(
        "SELECT account, sum(change)::bigint FROM (SELECT debit, -amount FROM transfers WHERE order_id = %(id)s UNION ALL"
        " SELECT credit, amount FROM transfers WHERE order_id = %(id)s) AS moved (account, change) GROUP BY account",
        {"id": order.id},
    ).fetchall()
    since = order.placed_at
    return Story(
        name,
        lived - since,
        None if deadline is None else deadline - since,
        None if closed is None else closed - since,
        tuple(rows),
        dict(moved),
        bool(kept),
        weight,
    )


def compiled(table: str, named: list[tuple[str, int]], values: list[list[bytes | None]], order: Order) -> Rows:
    """The rows as COPY takes them, and the places to be filled in."""
    data = bytearray()
    places: list[Place] = []
    words = words_of(order)
    pattern = re.compile(rf"{'|'.join(map(re.escape, words))}|(?<![0-9])[0-9]{{16}}(?![0-9])".encode())
    for row in values:
        data += len(row).to_bytes(2)
        for (column, kind), value in zip(named, row, strict=True):
            data += (0xFFFFFFFF if value is None else len(value)).to_bytes(4)
            if value is None:
                continue
            is_number = kind in (_INT2, _INT8)
            found = numbers(column, kind, value, order) if is_number else texts(value, pattern, words, order)
            places += (place._replace(start=place.start + len(data)) for place in found)
            data += value
    return Rows(table, bytes(data), tuple(places))


def words_of(order: Order) -> dict[str, Slot]:
    """What an order's texts hold that another's have otherwise."""
    shown = order_number(order.id)
    words = {
        order.id: "id",
        KEY: "id",
        tag_of(order.id) + "-": "tag",
        shown: "number",
        shown.replace("-", ""): "digits",
        str(BUYER.id): "buyer",
        str(SELLER.id): "seller",
        SKU: "sku",
    }
    reviews: dict[str, Slot] = {
        review.id: ("automatic", SIDES.index(review.by))
        if review.automatic
        else ("review", review.left_at - order.placed_at)
        for review in order.reviews
    }
    return {word: (name, 0) for word, name in words.items()} | reviews


def numbers(column: str, kind: int, value: bytes, order: Order) -> Iterator[Place]:
    """The spot of a number that is another one in another order."""
    number = int.from_bytes(value, signed=True)
    if column == "lane":
        yield Place(0, len(value), ("lane", 0))
    elif kind == _INT8 and T0 <= number <= _LAST_YEAR:
        yield Place(0, 8, ("int", number - order.placed_at))


def texts(value: bytes, pattern: re.Pattern[bytes], words: dict[str, Slot], order: Order) -> Iterator[Place]:
    """Every spot of a text that is another one in another order."""
    for match in pattern.finditer(value):
        text = match[0].decode()
        slot = words.get(text)
        if slot is not None:
            yield Place(match.start(), len(text) - (slot[0] == "tag"), slot)
        elif T0 <= int(text) <= _LAST_YEAR:
            yield Place(match.start(), 16, ("text", int(text) - order.placed_at))
