"""What one step of an order writes, taken from the engine's own rows, so that plain SQL can be made to write the same.

The SQL writes the same columns with contents of the same length; but it decides nothing, and every order gets the bytes
of one: that is less work than the engine's.
"""

from typing import Any, NamedTuple

import psycopg

from benchmarks.stories import Teller
from fairhold.domain.commands import ConfirmReceipt
from fairhold.domain.instants import DAY
from fairhold.domain.order import Order

FIXED = frozenset({"lane", "id", "buyer", "seller", "currency", "placed_at"})
"""Columns of an order that no step changes."""

Record = dict[str, Any]


class Writes(NamedTuple):
    """The changed columns of the order, and the new rows beside it."""

    order: Record
    events: list[Record]
    transfers: list[Record]
    keys: list[Record]
    messages: list[Record]

    @property
    def bytes(self) -> int:
        """How many bytes of snapshot and events that is."""
        return len(self.order["snapshot"]) + sum(len(event["data"]) for event in self.events)


def confirmation(url: str) -> Writes:
    """A buyer confirms one line of two of a delivered order; played in the empty database at `url`."""
    teller = Teller(url)
    try:
        order = teller.delivered()
        after = teller.tell(order, ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), teller.buyer)
        return between(url, order, after)
    finally:
        teller.close()


def window_ended(url: str) -> Writes:
    """The window of a delivered order ends: its money goes to the seller; played in the empty database at `url`."""
    teller = Teller(url)
    try:
        order = teller.delivered()
        teller.wait(8 * DAY)
        return between(url, order, order)
    finally:
        teller.close()


def between(url: str, before: Order, after: Order) -> Writes:
    """What was written since the order was `before`."""
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:

        def found(statement: str) -> list[Record]:
            return connection.execute(statement.encode(), {"id": after.id, "version": before.version}).fetchall()

        [row] = found("SELECT * FROM orders WHERE id = %(id)s")
        return Writes(
            {name: value for name, value in row.items() if name not in FIXED},
            found("SELECT * FROM events WHERE order_id = %(id)s AND seq > %(version)s ORDER BY seq"),
            found("SELECT * FROM transfers WHERE order_id = %(id)s AND seq > %(version)s ORDER BY seq, n"),
            found("SELECT * FROM idempotency WHERE order_id = %(id)s AND version > %(version)s"),
            found("SELECT * FROM outbox WHERE order_id = %(id)s AND seq > %(version)s"),
        )
