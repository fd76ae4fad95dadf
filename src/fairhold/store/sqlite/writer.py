"""Writing: one batch, one transaction, one lane; and what the sweeper and the courier ask before they write."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.store import Batch, Conflict, OutboxMessage, StoredKey, StoredOrder
from fairhold.store.dispute_asking import dispute_columns
from fairhold.store.sqlite import statements as sql
from fairhold.store.sqlite.connections import transaction
from fairhold.store.sqlite.disputes import WRITE_DISPUTE
from fairhold.store.sqlite.faults import explained
from fairhold.store.sqlite.reviews import CHANGE_FIGURE, WRITE_PRODUCT_REVIEW, WRITE_REVIEW


class SqliteWriter:
    """A writing connection. Writers of one process take turns by `turn`, so that none waits in SQLite's busy loop."""

    def __init__(self, connection: sqlite3.Connection, path: Path, turn: threading.Lock) -> None:
        self._connection = connection
        self._path = path
        self._turn = turn

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._turn, transaction(self._connection, self._path):
            yield self._connection

    def load(self, lane: Lane, orders: Sequence[OrderId]) -> dict[str, tuple[int, bytes]]:
        """Version and snapshot of those orders that exist."""
        with explained(self._path):
            rows = self._connection.execute(sql.LOAD_ORDERS, (lane, json.dumps(orders))).fetchall()
        return {order: (version, snapshot) for order, version, snapshot in rows}

    def load_keys(
        self,
        lane: Lane,
        orders: Sequence[str],  # noqa: ARG002 - for stores that ask by order; here each key is one step into the index
        keys: Sequence[tuple[str, str]],
    ) -> dict[tuple[str, str], StoredKey]:
        """The rows of `keys`, each (order id or '', key), that exist."""
        execute = self._connection.execute
        with explained(self._path):
            found = (execute(sql.LOAD_KEY, (lane, order, key)).fetchone() for order, key in keys)
            return {(row[1], row[2]): StoredKey(*row) for row in found if row}

    def fetch(
        self, lane: Lane, orders: Sequence[OrderId], keys: Sequence[tuple[str, str]]
    ) -> tuple[dict[str, tuple[int, bytes]], dict[tuple[str, str], StoredKey]]:
        """What `load` and `load_keys` answer."""
        return self.load(lane, orders) if orders else {}, self.load_keys(lane, (), keys)

    def write(self, batch: Batch) -> None:
        """Write all of it durably in one transaction, or nothing. Raises Conflict or StoreUnavailable."""
        _must_be_of_one_lane(batch)
        pairs = list(zip(batch.orders, batch.expected, strict=True))
        changed = [_updated(order, expected) for order, expected in pairs if expected]
        with self._transaction() as connection:
            many = connection.executemany
            # Every order, new or changed, is checked before anything else is written.
            if changed and many(sql.UPDATE_ORDER, changed).rowcount != len(changed):
                raise Conflict("another process has changed an order of this batch")
            many(sql.INSERT_ORDER, [order for order, expected in pairs if not expected])
            many(sql.INSERT_EVENT, batch.events)
            many(sql.INSERT_TRANSFER, batch.transfers)
            many(sql.CHANGE_BALANCE, [(batch.lane, account, change) for account, change in batch.balances])
            many(sql.INSERT_MESSAGE, batch.outbox)
            many(sql.FINISH_MESSAGE, [(m.attempts, m.error, *_place(m)) for m in batch.outbox_done])
            many(sql.INSERT_KEY, batch.keys)
            if batch.disputes:
                many(WRITE_DISPUTE, map(dispute_columns, batch.disputes))
            if batch.reviews:
                many(WRITE_REVIEW, batch.reviews)
            if batch.product_reviews:
                many(WRITE_PRODUCT_REVIEW, batch.product_reviews)
            if batch.figures:
                many(CHANGE_FIGURE, [(batch.lane, name, day, *change) for name, day, change in batch.figures])

    def due_orders(self, lane: Lane, now: Instant, limit: int, skip: Iterable[str] = ()) -> list[str]:
        """Orders whose next deadline has come, most overdue first, without parked ones."""
        skipped = frozenset(skip)
        with explained(self._path):
            rows = self._connection.execute(sql.DUE_ORDERS, (lane, now, limit + len(skipped))).fetchall()
        return [order for (order,) in rows if order not in skipped][:limit]

    def due_messages(self, lane: Lane, now: Instant, limit: int) -> list[OutboxMessage]:
        """Waiting messages whose time has come; of each order and destination only the first that is not done."""
        with explained(self._path):
            rows = self._connection.execute(sql.DUE_MESSAGES, (lane, now, limit)).fetchall()
        return [OutboxMessage(*row) for row in rows]

    def mark_messages(self, messages: Sequence[OutboxMessage]) -> None:
        """Store what became of these messages; what is done stays done."""
        rows = [(m.state, m.attempts, m.not_before, m.error, *_place(m)) for m in messages]
        with self._transaction() as connection:
            connection.executemany(sql.MARK_MESSAGE, rows)

    def forget_messages(self, messages: Sequence[OutboxMessage]) -> None:
        """Delete messages of which nothing needs to be known once they are delivered."""
        with self._transaction() as connection:
            connection.executemany(sql.FORGET_MESSAGE, [_place(message) for message in messages])

    def park_order(self, lane: Lane, order: OrderId) -> None:
        """Take an order out of the sweep until a person has looked at it."""
        with self._transaction() as connection:
            connection.execute(sql.PARK_ORDER, (lane, order))

    def unpark_orders(self, lane: Lane) -> int:
        """Put every parked order back into the sweep; how many those were."""
        with self._transaction() as connection:
            return connection.execute(sql.UNPARK_ORDERS, (lane,)).rowcount

    def forget_keys(self, lane: Lane, closed_before: Instant, limit: int) -> int:
        """Delete the keys of at most `limit` orders closed before then; how many orders that were."""
        with self._transaction() as connection:
            rows = connection.execute(sql.CLOSED_WITH_KEYS, (lane, closed_before, limit)).fetchall()
            orders = [(lane, order) for (order,) in rows]
            for statement in (sql.FORGET_KEYS_OF_ORDER, sql.FORGET_KEY_OF_PLACING, sql.KEYS_FORGOTTEN):
                connection.executemany(statement, orders)
        return len(orders)

    def put_off(self, lane: Lane, order: OrderId, version: int, next_deadline_at: Instant | None) -> None:
        """Write the order's next deadline anew where it still has that version."""
        with self._transaction() as connection:
            connection.execute(sql.PUT_OFF, (next_deadline_at, lane, order, version))

    def next_wake(self, lane: Lane) -> Instant | None:
        """When something of the lane will next be due, if ever."""
        with explained(self._path):
            found = (self._connection.execute(s, (lane,)).fetchone() for s in (sql.NEXT_DEADLINE, sql.NEXT_MESSAGE))
            return min((row[0] for row in found if row), default=None)

    def close(self) -> None:
        """Give the connection back."""
        with self._turn:
            self._connection.close()


def _place(message: OutboxMessage) -> tuple[int, str, int, int]:
    return message.lane, message.order_id, message.seq, message.n


def _updated(order: StoredOrder, expected: int) -> tuple[object, ...]:
    return (
        order.version,
        order.snapshot,
        order.status,
        order.tabs,
        order.total,
        order.updated_at,
        order.next_deadline_at,
        order.search,
        order.parked,
        order.closed_at,
        order.lane,
        order.id,
        expected,
    )


def _must_be_of_one_lane(batch: Batch) -> None:
    lane = batch.lane
    for rows in (
        batch.orders,
        batch.events,
        batch.transfers,
        batch.outbox,
        batch.outbox_done,
        batch.keys,
        batch.disputes,
        batch.reviews,
        batch.product_reviews,
    ):
        assert all(row.lane == lane for row in rows), f"a batch of lane {lane} holds rows of another"
