"""Writing: one batch, one transaction, one lane, one journey to the server; and what sweeper and courier claim."""

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from psycopg import errors, pq

from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.store import Batch, Conflict, OutboxMessage, StoredKey, StoreUnavailable
from fairhold.store.postgres import statements as sql
from fairhold.store.postgres.arrays import storable, texts
from fairhold.store.postgres.batches import forgotten, inserted, marked
from fairhold.store.postgres.connections import WRITING, Address
from fairhold.store.postgres.faults import explained
from fairhold.store.postgres.pipeline import Pipeline, Statement

CLAIM_SECONDS = 30
"""How long what one process has claimed is left to it, should it be heard of no more."""

_SWEEP, _DELIVER = "sweep", "deliver"


class PostgresWriter:
    """A writing connection, opened anew when it was lost."""

    def __init__(self, address: Address, lane: Lane) -> None:
        self._address = address
        self._lane = lane
        self._by = random.getrandbits(63)
        self._doubtful = False
        self._pipeline = Pipeline(address.open(WRITING))

    def _ready(self) -> Pipeline:
        connection = self._pipeline.connection
        if connection.closed or connection.info.transaction_status == pq.TransactionStatus.UNKNOWN:
            connection.close()
            self._pipeline = Pipeline(self._address.open(WRITING))
        if self._doubtful:
            # A batch may have been on its way when the connection was lost: once its lane is free it is in or it is not.
            self._pipeline.run([(at(sql.LOCK_LANE, self._lane), ())])
            self._doubtful = False
        return self._pipeline

    @contextmanager
    def _transaction(self) -> Iterator[Pipeline]:
        """What happens inside is rolled back unless it got as far as its own COMMIT."""
        with explained(self._address.name):
            pipeline = self._ready()
            try:
                yield pipeline
            except BaseException:
                self._give_up(pipeline)
                raise

    def _give_up(self, pipeline: Pipeline) -> None:
        connection = pipeline.connection
        status = connection.info.transaction_status
        if connection.closed or status == pq.TransactionStatus.UNKNOWN:
            self._doubtful = True
            connection.close()
        elif status != pq.TransactionStatus.IDLE:
            try:
                pipeline.run([(sql.ROLLBACK, ())])
            except Exception:  # noqa: BLE001 - the server rolls back what is left of a closed connection
                connection.close()

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        with explained(self._address.name):
            pipeline = self._ready()
            [found] = pipeline.run([(statement, values)])
            return pipeline.rows(found)

    def load(self, lane: Lane, orders: Sequence[OrderId]) -> dict[str, tuple[int, bytes]]:
        """Version and snapshot of those orders that exist."""
        if not orders:
            return {}
        found = self._rows(at(sql.LOAD_ORDERS, lane), texts(orders))
        return {order: (version, snapshot) for order, version, snapshot in found}

    def load_keys(
        self,
        lane: Lane,
        orders: Sequence[str],  # noqa: ARG002 - each key is one step into the index
        keys: Sequence[tuple[str, str]],
    ) -> dict[tuple[str, str], StoredKey]:
        """The rows of `keys`, each (order id or '', key), that exist."""
        if not keys:
            return {}
        named, words = zip(*keys, strict=True)
        found = self._rows(at(sql.LOAD_KEYS, lane), texts(named), texts(words))
        return {(row[1], row[2]): StoredKey(*row) for row in found}

    def fetch(
        self, lane: Lane, orders: Sequence[OrderId], keys: Sequence[tuple[str, str]]
    ) -> tuple[dict[str, tuple[int, bytes]], dict[tuple[str, str], StoredKey]]:
        """What `load` and `load_keys` answer, in one journey."""
        if not orders or not keys:
            return self.load(lane, orders), self.load_keys(lane, (), keys)
        named, words = zip(*keys, strict=True)
        with explained(self._address.name):
            pipeline = self._ready()
            loaded, kept = pipeline.run(
                [(at(sql.LOAD_ORDERS, lane), (texts(orders),)), (at(sql.LOAD_KEYS, lane), (texts(named), texts(words)))]
            )
            found = {order: (version, snapshot) for order, version, snapshot in pipeline.rows(loaded)}
            return found, {(row[1], row[2]): StoredKey(*row) for row in pipeline.rows(kept)}

    def write(self, batch: Batch) -> None:
        """Write all of it durably in one transaction, or nothing. Raises Conflict or StoreUnavailable.

        The Conflict names the orders and keys at fault where they can be told.
        """
        try:
            self._run(Lane(batch.lane), inserted(batch))
        except Conflict as conflict:
            raise self._at_fault(batch, conflict) from conflict.__cause__

    def _run(self, lane: Lane, statements: Sequence[Statement]) -> None:
        """One transaction in one journey: the server runs it to its COMMIT, or up to the first error."""
        begin, end = [(sql.BEGIN, ()), (at(sql.LOCK_AND_HASH, lane), ())], [(sql.COMMIT, ())]
        with self._transaction() as pipeline, stale_is_a_conflict():
            pipeline.run([*begin, *[(at(statement, lane), values) for statement, values in statements], *end])

    def _at_fault(self, batch: Batch, conflict: Conflict) -> Conflict:
        """The conflict, with those of the batch's orders and keys that somebody else has written meanwhile."""
        try:
            found = dict(self._rows(at(sql.VERSIONS, Lane(batch.lane)), texts([row.id for row in batch.orders])))
            keys = self.load_keys(Lane(batch.lane), (), [(row.order_id, row.key) for row in batch.keys])
        except StoreUnavailable:
            return conflict
        stale = [
            row.id for row, version in zip(batch.orders, batch.expected, strict=True) if found.get(row.id, 0) != version
        ]
        return Conflict(str(conflict), orders=frozenset(stale), keys=frozenset(keys))

    def due_orders(self, lane: Lane, now: Instant, limit: int, skip: Iterable[str] = ()) -> list[str]:
        """Orders whose next deadline has come, most overdue first, without parked ones and those that others sweep."""
        if not self._rows(at(sql.ANY_DUE_ORDER, lane), now):
            return []
        skipped = frozenset(skip)
        with self._transaction() as pipeline:
            found = self._free(pipeline, lane, _SWEEP, sql.DUE_ORDERS, now, limit + len(skipped))
            due = [order for (order,) in found if order not in skipped][:limit]
            self._claim(pipeline, lane, _SWEEP, due)
        return due

    def due_messages(self, lane: Lane, now: Instant, limit: int) -> list[OutboxMessage]:
        """Waiting messages whose time has come, without those that others deliver.

        Of each order and destination only the first that is not done.
        """
        if not self._rows(at(sql.ANY_DUE_MESSAGE, lane), now):
            return []
        with self._transaction() as pipeline:
            due = self._free(pipeline, lane, _DELIVER, sql.DUE_MESSAGES, now, limit)
            self._claim(pipeline, lane, _DELIVER, [row[1] for row in due])
        return [OutboxMessage(*row) for row in due]

    def _free(self, pipeline: Pipeline, lane: Lane, kind: str, statement: str, now: Instant, limit: int) -> list[Any]:
        """Give back what this process had claimed, and find what no other has, while no other claims."""
        *_, found = pipeline.run(
            [
                (sql.BEGIN, ()),
                (at(sql.LOCK_CLAIMS, lane), ()),
                (at(sql.GIVE_BACK, lane), (kind, self._by)),
                (at(statement, lane), (now, kind, limit)),
            ]
        )
        return pipeline.rows(found)

    def _claim(self, pipeline: Pipeline, lane: Lane, kind: str, orders: Sequence[str]) -> None:
        claim = [(at(sql.CLAIM, lane), (kind, self._by, CLAIM_SECONDS, texts(orders)))] if orders else []
        pipeline.run([*claim, (sql.COMMIT, ())])

    def mark_messages(self, messages: Sequence[OutboxMessage]) -> None:
        """Store what became of these messages; what is done stays done."""
        for lane in {message.lane for message in messages}:
            self._run(Lane(lane), [marked([message for message in messages if message.lane == lane])])

    def forget_messages(self, messages: Sequence[OutboxMessage]) -> None:
        """Delete messages of which nothing needs to be known once they are delivered."""
        for lane in {message.lane for message in messages}:
            self._run(Lane(lane), [forgotten([message for message in messages if message.lane == lane])])

    def park_order(self, lane: Lane, order: OrderId) -> None:
        """Take an order out of the sweep until a person has looked at it."""
        self._run(lane, [(sql.PARK_ORDER, (storable(order),))])

    def unpark_orders(self, lane: Lane) -> int:
        """Put every parked order back into the sweep; how many those were."""
        unpark = [(sql.BEGIN, ()), (at(sql.LOCK_LANE, lane), ()), (at(sql.UNPARK_ORDERS, lane), ()), (sql.COMMIT, ())]
        with self._transaction() as pipeline:
            _, _, unparked, _ = pipeline.run(unpark)
        return unparked.command_tuples or 0

    def forget_keys(self, lane: Lane, closed_before: Instant, limit: int) -> int:
        """Delete the keys of at most `limit` orders closed before then; how many orders that were."""
        found = self._rows(at(sql.CLOSED_WITH_KEYS, lane), closed_before, limit)
        if found:
            orders = texts([order for (order,) in found])
            steps = (sql.FORGET_KEYS_OF_ORDERS, sql.FORGET_KEYS_OF_PLACING, sql.KEYS_FORGOTTEN)
            self._run(lane, [(statement, (orders,)) for statement in steps])
        return len(found)

    def put_off(self, lane: Lane, order: OrderId, version: int, next_deadline_at: Instant | None) -> None:
        """Write the order's next deadline anew where it still has that version."""
        self._run(lane, [(sql.PUT_OFF, (next_deadline_at, storable(order), version))])

    def next_wake(self, lane: Lane) -> Instant | None:
        """When something of the lane will next be due, if ever."""
        found = [self._rows(at(statement, lane)) for statement in (sql.NEXT_DEADLINE, sql.NEXT_MESSAGE)]
        return min((answer[0][0] for answer in found if answer), default=None)

    def close(self) -> None:
        """Give the connection back."""
        self._pipeline.connection.close()


@lru_cache(maxsize=4096)
def at(statement: str, lane: Lane) -> str:
    """The statement for that lane."""
    return statement.replace("{lane}", str(int(lane)))


@contextmanager
def stale_is_a_conflict() -> Iterator[None]:
    """An update that found fewer orders than it should have divides by zero."""
    try:
        yield
    except errors.DivisionByZero:
        raise Conflict("another process has changed an order of this batch") from None
