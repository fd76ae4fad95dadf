"""Writing to the database that owns a lane, and looking back for keys that were used before databases were added."""

from collections.abc import Callable, Iterable, Sequence

from fairhold.domain.ids import Lane, OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.store import Batch, OutboxMessage, StoredKey, StoreUnavailable, Writer
from fairhold.store.routed.databases import Database

LookBack = Callable[[Lane, Sequence[str]], list[StoredKey]]
"""What was placed under these keys in other lanes before this one was used. Raises StoreUnavailable that names keys."""


class RoutedWriter:
    """A lane's writer that does not wait for a database of which it is known that it does not answer."""

    def __init__(self, writer: Writer, database: Database, look_back: LookBack | None) -> None:
        self._writer = writer
        self._database = database
        self._look_back = look_back

    def load(self, lane: Lane, orders: Sequence[OrderId]) -> dict[str, tuple[int, bytes]]:
        """Version and snapshot of those orders that exist."""
        with self._database.asked():
            return self._writer.load(lane, orders)

    def load_keys(
        self, lane: Lane, orders: Sequence[str], keys: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], StoredKey]:
        """The rows of `keys`, each (order id or '', key), that exist.

        A key for placing that is not found in its lane is looked for where it would have gone before databases were
        added: one more question a batch that places orders, and none for keys whose lane has stayed the same.
        """
        with self._database.asked():
            found = self._writer.load_keys(lane, orders, keys)
        return self._with_earlier(lane, keys, found)

    def fetch(
        self, lane: Lane, orders: Sequence[OrderId], keys: Sequence[tuple[str, str]]
    ) -> tuple[dict[str, tuple[int, bytes]], dict[tuple[str, str], StoredKey]]:
        """What `load` and `load_keys` answer, in one journey where nothing has to be looked for elsewhere."""
        with self._database.asked():
            loaded, found = self._writer.fetch(lane, orders, keys)
        return loaded, self._with_earlier(lane, keys, found)

    def _with_earlier(
        self, lane: Lane, keys: Sequence[tuple[str, str]], found: dict[tuple[str, str], StoredKey]
    ) -> dict[tuple[str, str], StoredKey]:
        if self._look_back is not None:
            new = [key for order, key in keys if not order and (order, key) not in found]
            if new:
                found |= {("", row.key): row for row in self._look_back(lane, new)}
        return found

    def write(self, batch: Batch) -> None:
        """Write all of it durably in one transaction, or nothing."""
        with self._database.asked():
            self._writer.write(batch)

    def due_orders(self, lane: Lane, now: Instant, limit: int, skip: Iterable[str] = ()) -> list[str]:
        """Orders whose next deadline has come, most overdue first."""
        with self._database.asked():
            return self._writer.due_orders(lane, now, limit, skip)

    def due_messages(self, lane: Lane, now: Instant, limit: int) -> list[OutboxMessage]:
        """Waiting messages whose time has come, by `not_before`."""
        with self._database.asked():
            return self._writer.due_messages(lane, now, limit)

    def mark_messages(self, messages: Sequence[OutboxMessage]) -> None:
        """Store what became of these messages of the lane."""
        with self._database.asked():
            self._writer.mark_messages(messages)

    def forget_messages(self, messages: Sequence[OutboxMessage]) -> None:
        """Delete delivered messages of the lane."""
        with self._database.asked():
            self._writer.forget_messages(messages)

    def park_order(self, lane: Lane, order: OrderId) -> None:
        """Take an order out of the sweep."""
        with self._database.asked():
            self._writer.park_order(lane, order)

    def unpark_orders(self, lane: Lane) -> int:
        """Put every parked order of the lane back into the sweep; how many those were."""
        with self._database.asked():
            return self._writer.unpark_orders(lane)

    def forget_keys(self, lane: Lane, closed_before: Instant, limit: int) -> int:
        """Delete the keys of at most `limit` orders closed before then; how many orders that were."""
        with self._database.asked():
            return self._writer.forget_keys(lane, closed_before, limit)

    def put_off(self, lane: Lane, order: OrderId, version: int, next_deadline_at: Instant | None) -> None:
        """Write the order's next deadline anew where it still has that version."""
        with self._database.asked():
            self._writer.put_off(lane, order, version, next_deadline_at)

    def next_wake(self, lane: Lane) -> Instant | None:
        """When something of the lane will next be due, if ever."""
        with self._database.asked():
            return self._writer.next_wake(lane)

    def close(self) -> None:
        """Give the connection back."""
        self._writer.close()


def cannot_look_back(error: StoreUnavailable, keys: Iterable[str]) -> StoreUnavailable:
    """Whether an order was placed under these keys cannot be told just now; whoever asked anything else is not concerned."""
    told = StoreUnavailable(str(error))
    told.keys = frozenset(("", key) for key in keys)
    return told
