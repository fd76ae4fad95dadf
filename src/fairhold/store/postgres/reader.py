"""Reading: connections of a small pool, which never wait for a writer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from heapq import merge
from itertools import islice
from typing import Any

from psycopg import OperationalError

from fairhold.domain.ids import Lane, OrderId, lane_of
from fairhold.domain.instants import Instant
from fairhold.engine.ports import (
    ListQuery,
    OutboxMessage,
    Reader,
    StoredEvent,
    StoredKey,
    StoredOrder,
    StoredTransfer,
)
from fairhold.store.counting import by_bit
from fairhold.store.postgres import questions as sql
from fairhold.store.postgres import statements
from fairhold.store.postgres.arrays import original, storable
from fairhold.store.postgres.connections import Held, Source, Values, rows
from fairhold.store.postgres.faults import explained

_HIGHEST = 2**31 - 1


class PostgresReader:
    """Answers from any thread."""

    def __init__(self, source: Source, name: str) -> None:
        self._source = source
        self._name = name

    def _rows(self, statement: str, values: Values = ()) -> list[Any]:
        with explained(self._name):
            try:
                return self._once(statement, values)
            except OperationalError:
                # An idle connection may have been cut since it was last used; a moment cannot be taken up again.
                if isinstance(self._source, Held):
                    raise
            return self._once(statement, values)

    def _once(self, statement: str, values: Values) -> list[Any]:
        connection = self._source.lend()
        try:
            return rows(connection, statement, values)
        finally:
            self._source.take_back(connection)

    def order(self, order: OrderId) -> tuple[int, bytes] | None:
        """Version and snapshot."""
        found: list[tuple[int, bytes]] = self._rows(_at(sql.LOAD_ORDER, lane_of(order)), (order,))
        return found[0] if found else None

    def events(self, order: OrderId, up_to: int | None = None) -> list[StoredEvent]:
        """The order's history from its first event, up to a version."""
        last = _HIGHEST if up_to is None else up_to
        return [StoredEvent(*row) for row in self._rows(_at(sql.EVENTS, lane_of(order)), (order, last))]

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
        found: int | None = self._rows(sql.BALANCE, (storable(account),))[0][0]
        return found

    def lane_balances(self, lane: Lane) -> dict[str, int]:
        """One lane's sub-balances."""
        return dict(self._rows(_at(sql.LANE_BALANCES, lane)))

    def used_lanes(self) -> list[Lane]:
        """Every lane in which an order or a balance lies, ascending."""
        return [Lane(lane) for (lane,) in self._rows(sql.USED_LANES)]

    def transfers(
        self, order: OrderId | None, after: tuple[int, str, int, int] | None, limit: int
    ) -> list[StoredTransfer]:
        """Transfers by (lane, order, seq, n), of one order or of all."""
        start = after or (-1, "", -1, -1)
        if order is None:
            found = self._rows(sql.TRANSFERS, (*start, limit))
        else:
            place = (lane_of(order), order)
            if start[:2] > place:
                return []
            seq, n = start[2:] if start[:2] == place else (-1, -1)
            found = self._rows(_at(sql.TRANSFERS_OF_ORDER, lane_of(order)), (order, seq, n, limit))
        return [StoredTransfer(*row) for row in found]

    def outbox(self, states: Sequence[str], limit: int) -> list[OutboxMessage]:
        """Messages in these states, by `not_before`, the earliest first."""
        found = [[OutboxMessage(*row) for row in self._rows(sql.MESSAGES[state], (state, limit))] for state in states]
        by_time = merge(*found, key=lambda message: (message.not_before, message.order_id, message.seq, message.n))
        return list(islice(by_time, limit))

    def overdue(self, now: Instant) -> tuple[int, Instant | None]:
        """How many orders are past their next deadline, and the oldest such deadline."""
        found: tuple[int, Instant | None] = self._rows(sql.OVERDUE, (now,))[0]
        return found

    def scan_orders(self, after: str | None, limit: int) -> list[StoredOrder]:
        """All orders by id."""
        return [_order(row) for row in self._rows(sql.SCAN_ORDERS, {"after": after or "", "limit": limit})]

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
        with explained(self._name):
            connection = self._source.lend()
        held = Held(connection)
        try:
            with explained(self._name):
                connection.execute(sql.BEGIN_MOMENT)
                connection.execute(sql.START_MOMENT)
            yield PostgresReader(held, self._name)
        finally:
            held.close()
            if not connection.closed:
                connection.execute(statements.ROLLBACK)
            self._source.take_back(connection)

    def close(self) -> None:
        """Close all connections."""
        self._source.close()


def _at(statement: str, lane: Lane) -> str:
    return statement.replace("{lane}", str(int(lane)))


def _order(row: tuple[Any, ...]) -> StoredOrder:
    stored = StoredOrder(*row)
    return stored._replace(
        parked=bool(stored.parked),
        search=original(stored.search),
        buyer=original(stored.buyer),
        seller=original(stored.seller),
    )
