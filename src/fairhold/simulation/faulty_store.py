"""The database as a process sees it that may die at any statement, and whose connections fail."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.heads import DailyHead, Leaf
from fairhold.engine.ports.small_tables import Run, Tables
from fairhold.engine.ports.store import (
    Batch,
    Conflict,
    OutboxMessage,
    Store,
    StoredKey,
    StoreUnavailable,
    Writer,
)
from fairhold.simulation.mishaps import Fault, Mishaps, Point

Fetched = tuple[dict[str, tuple[int, bytes]], dict[tuple[str, str], StoredKey]]


class Disk:
    """What a writer tells of: each batch that is durable now, and the chance for another process between load and write."""

    def __init__(self, wrote: Callable[[Batch], None], meanwhile: Callable[[], None]) -> None:
        self.wrote = wrote
        self.meanwhile = meanwhile


class FaultyWriter:
    """A writing connection of the real store, with everything that can befall it."""

    def __init__(self, writer: Writer, mishaps: Mishaps, disk: Disk) -> None:
        self._writer = writer
        self._mishaps = mishaps
        self._disk = disk
        self._away = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    def load(self, lane: Lane, orders: Sequence[OrderId]) -> dict[str, tuple[int, bytes]]:
        """As the port says; cannot answer while the database is away."""
        if self._away:
            self._away = False
            raise StoreUnavailable("simulated: the database is still away")
        return self._writer.load(lane, orders)

    def fetch(self, lane: Lane, orders: Sequence[OrderId], keys: Sequence[tuple[str, str]]) -> Fetched:
        """As the port says."""
        self._mishaps.reach(Point.BEFORE_LOADING)
        if self._mishaps.strikes(Fault.DATABASE_AWAY_ON_LOADING):
            raise StoreUnavailable("simulated: the database is away")
        found = self._writer.fetch(lane, orders, keys)
        self._mishaps.reach(Point.AFTER_LOADING)
        if self._mishaps.strikes(Fault.PROCESS_OVERTAKES):
            self._disk.meanwhile()
        return found

    def write(self, batch: Batch) -> None:
        """As the port says."""
        self._mishaps.reach(Point.BEFORE_COMMIT)
        self._fail_before(batch)
        self._writer.write(batch)
        self._disk.wrote(batch)
        self._mishaps.reach(Point.AFTER_COMMIT)
        if self._mishaps.strikes(Fault.COMMIT_ANSWER_LOST):
            raise StoreUnavailable("simulated: the answer to a commit was lost")
        if self._mishaps.strikes(Fault.COMMIT_ANSWER_LOST_AND_AWAY):
            self._away = True
            raise StoreUnavailable("simulated: the answer to a commit was lost")

    def _fail_before(self, batch: Batch) -> None:
        if self._mishaps.strikes(Fault.DATABASE_AWAY_ON_WRITING):
            raise StoreUnavailable("simulated: the database is away")
        if self._mishaps.strikes(Fault.WRITE_BROKEN):
            raise RuntimeError("simulated: this batch cannot be written")
        if self._mishaps.strikes(Fault.OVERTAKEN):
            raise Conflict("simulated", orders=frozenset(row.id for row in batch.orders[:1]))

    def due_orders(self, lane: Lane, now: Instant, limit: int, skip: Sequence[str] = ()) -> list[str]:
        """As the port says."""
        self._mishaps.reach(Point.BEFORE_CLAIMING_ORDERS)
        found = self._writer.due_orders(lane, now, limit, skip)
        if found:
            self._mishaps.reach(Point.BETWEEN_CLAIM_AND_FIRE)
        return found

    def due_messages(self, lane: Lane, now: Instant, limit: int) -> list[OutboxMessage]:
        """As the port says."""
        self._mishaps.reach(Point.BEFORE_CLAIMING_MESSAGES)
        found = self._writer.due_messages(lane, now, limit)
        if found:
            self._mishaps.reach(Point.BETWEEN_CLAIM_AND_CALL)
        return found

    def mark_messages(self, messages: Sequence[OutboxMessage]) -> None:
        """As the port says."""
        self._mishaps.reach(Point.BEFORE_MARKING_MESSAGES)
        self._writer.mark_messages(messages)
        self._mishaps.reach(Point.AFTER_MARKING_MESSAGES)

    def forget_messages(self, messages: Sequence[OutboxMessage]) -> None:
        """As the port says."""
        self._mishaps.reach(Point.AFTER_NEWS)
        self._writer.forget_messages(messages)
        self._mishaps.reach(Point.AFTER_FORGETTING_NEWS)

    def forget_keys(self, lane: Lane, closed_before: Instant, limit: int) -> int:
        """As the port says."""
        self._mishaps.reach(Point.BEFORE_FORGETTING_KEYS)
        count = self._writer.forget_keys(lane, closed_before, limit)
        self._mishaps.reach(Point.AFTER_FORGETTING_KEYS)
        return count


class FaultyHeads:
    """The tables of daily heads."""

    def __init__(self, heads: Any, mishaps: Mishaps) -> None:
        self._heads = heads
        self._mishaps = mishaps

    def __getattr__(self, name: str) -> Any:
        return getattr(self._heads, name)

    def add_leaves(self, leaves: Sequence[Leaf]) -> None:
        """As the port says."""
        self._mishaps.reach(Point.BEFORE_LEAVES)
        self._heads.add_leaves(leaves)
        self._mishaps.reach(Point.AFTER_LEAVES)

    def add_head(self, head: DailyHead) -> None:
        """As the port says."""
        self._mishaps.reach(Point.BEFORE_HEAD)
        self._heads.add_head(head)
        self._mishaps.reach(Point.AFTER_HEAD)


class FaultyTables:
    """Small tables, those of payouts among them: between two things that are noted down a process can die."""

    def __init__(self, tables: Tables, mishaps: Mishaps) -> None:
        self._tables = tables
        self._mishaps = mishaps

    def rows(self, statement: str, *values: object) -> list[Any]:
        """As the port says."""
        return self._tables.rows(statement, *values)

    def change(self, *steps: tuple[str, Sequence[Any]]) -> list[int]:
        """As the port says."""
        self._before()
        changed = self._tables.change(*steps)
        self._after()
        return changed

    @contextmanager
    def transaction(self) -> Iterator[Run]:
        """As the port says."""
        self._before()
        with self._tables.transaction() as run:
            yield run
        self._after()

    def _before(self) -> None:
        self._mishaps.reach(Point.BEFORE_NOTING)
        if self._mishaps.strikes(Fault.DATABASE_AWAY_ON_NOTING):
            raise StoreUnavailable("simulated: the database is away")

    def _after(self) -> None:
        self._mishaps.reach(Point.AFTER_NOTING)
        if self._mishaps.strikes(Fault.NOTING_ANSWER_LOST):
            raise StoreUnavailable("simulated: the answer to a commit was lost")


class FaultyStore:
    """A store whose writers, heads and small tables meet the mishaps of one process; readers are as they are."""

    def __init__(self, store: Store, mishaps: Mishaps, disk: Disk) -> None:
        self._store = store
        self._mishaps = mishaps
        self._disk = disk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def writer(self, lane: Lane) -> Iterator[Any]:
        """A writing connection."""
        with self._store.writer(lane) as writer:
            yield FaultyWriter(writer, self._mishaps, self._disk)

    def tables(self) -> Tables:
        """Small tables."""
        return FaultyTables(self._store.tables(), self._mishaps)

    def heads(self) -> Any:
        """Daily heads."""
        return FaultyHeads(self._store.heads(), self._mishaps)
