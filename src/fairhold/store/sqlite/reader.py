"""Reading: every answer is one statement on a connection of its own and shows what was committed when it began."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fairhold.domain.ids import Lane, OrderId, lane_of
from fairhold.domain.instants import Instant
from fairhold.engine.ports import ListQuery, OutboxMessage, Reader, StoredEvent, StoredKey, StoredOrder, StoredTransfer
from fairhold.store.counting import by_bit
from fairhold.store.sqlite import statements as sql
from fairhold.store.sqlite.connections import Held, Source
from fairhold.store.sqlite.faults import explained

_HIGHEST = (1 << 63) - 1


class SqliteReader:
    """The reading side; safe from any thread, and never waits for the writer."""

    def __init__(self, source: Source, path: Path) -> None:
        self._source = source
        self._path = path

    def _rows(self, statement: str, values: tuple[str | int, ...] | sql.Named = ()) -> list[Any]:
        with explained(self._path):
            connection = self._source.lend()
            try:
                return connection.execute(statement, values).fetchall()
            finally:
                self._source.take_back(connection)

    def order(self, order: OrderId) -> tuple[int, bytes] | None:
        """Version and snapshot."""
        found: list[tuple[int, bytes]] = self._rows(sql.LOAD_ORDER, (lane_of(order), order))
        return found[0] if found else None

    def events(self, order: OrderId, up_to: int | None = None) -> list[StoredEvent]:
        """The order's history from its first event, up to a version."""
        last = _HIGHEST if up_to is None else up_to
        return [StoredEvent(*row) for row in self._rows(sql.EVENTS, (lane_of(order), order, last))]

    def list_orders(self, query: ListQuery) -> list[bytes]:
        """Snapshots, newest first."""
        snapshots = [snapshot for (snapshot,) in self._rows(*sql.list_orders(query))]
        return snapshots if query.after is None else snapshots[::-1]

    def tab_counts(self, buyer: str | None, seller: str | None, most: int | None = None) -> dict[int, int]:
        """How many orders have each tab's bit, under key 0 how many there are; `most` means that many or more."""
        return by_bit(self._rows(*sql.count_tabs(buyer, seller, most)), most)

    def balances(self, prefix: str = "", after: str = "", limit: int | None = None) -> dict[str, int]:
        """Balances, added up over lanes, of the accounts whose names begin so; with `limit`, so many behind `after`."""
        return dict(self._rows(*sql.balances(prefix, after, limit)))

    def balance(self, account: str) -> int | None:
        """One account's balance; None where nothing was ever booked on it."""
        found: int | None = self._rows(sql.BALANCE, (account,))[0][0]
        return found

    def lane_balances(self, lane: Lane) -> dict[str, int]:
        """One lane's sub-balances."""
        return dict(self._rows(sql.LANE_BALANCES, (lane,)))

    def used_lanes(self) -> list[Lane]:
        """Every lane in which an order or a balance lies, ascending."""
        return [Lane(lane) for (lane,) in self._rows(sql.USED_LANES)]

    def transfers(
        self, order: OrderId | None, after: tuple[int, str, int, int] | None, limit: int
    ) -> list[StoredTransfer]:
        """Transfers by (lane, order, seq, n), of one order or of all."""
        if order is None:
            rows = self._rows(sql.TRANSFERS, (*(after or (-1, "", 0, 0)), limit))
        else:
            lane = lane_of(order)
            place = (-1, -1) if after is None or after[:2] < (lane, order) else after[2:]
            past = after is not None and after[:2] > (lane, order)
            rows = [] if past else self._rows(sql.TRANSFERS_OF_ORDER, (lane, order, *place, limit))
        return [StoredTransfer(*row) for row in rows]

    def outbox(self, states: Sequence[str], limit: int) -> list[OutboxMessage]:
        """Messages in these states, by `not_before`, the earliest first."""
        found = [
            OutboxMessage(*row) for state in set(states) for row in self._rows(sql.MESSAGES[state], (state, limit))
        ]
        return sorted(found, key=lambda m: (m.not_before, m.order_id, m.seq, m.n))[:limit]

    def overdue(self, now: Instant) -> tuple[int, Instant | None]:
        """How many orders are past their next deadline, and the oldest such deadline; parked ones are left out."""
        found: tuple[int, Instant | None] = self._rows(sql.OVERDUE, (now,))[0]
        return found

    def scan_orders(self, after: str | None, limit: int) -> list[StoredOrder]:
        """All orders by id."""
        return [_order(row) for row in self._rows(sql.SCAN_ORDERS, (after or "", limit))]

    def parked_orders(self, limit: int) -> list[str]:
        """Orders that wait for a person, by id."""
        return [order for (order,) in self._rows(sql.PARKED_ORDERS, (limit,))]

    def strays(self, limit: int) -> list[tuple[str, str]]:
        """(table, order id) of rows whose order does not exist."""
        return self._rows(sql.STRAYS, (limit,))

    def scan_keys(self, after: tuple[int, str, str] | None, limit: int) -> list[StoredKey]:
        """All idempotency keys by (lane, order id, key)."""
        return [StoredKey(*row) for row in self._rows(sql.SCAN_KEYS, (*(after or (-1, "", "")), limit))]

    @contextmanager
    def moment(self) -> Iterator[Reader]:
        """A reader that shows the database as it was at one moment for as long as the `with` lasts."""
        with explained(self._path):
            connection = self._source.lend()
        held = Held(connection)
        try:
            with explained(self._path):
                connection.execute(sql.BEGIN_READING)
                # SQLite takes its moment with the first row that is read.
                connection.execute(sql.START_MOMENT).fetchall()
            yield SqliteReader(held, self._path)
        finally:
            held.close()
            if connection.in_transaction:
                connection.execute(sql.ROLLBACK)
            self._source.take_back(connection)

    def close(self) -> None:
        """Close all connections."""
        self._source.close()


def _order(row: tuple[Any, ...]) -> StoredOrder:
    stored = StoredOrder(*row)
    return stored._replace(parked=bool(stored.parked))
