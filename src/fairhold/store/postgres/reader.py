"""Reading: connections of a small pool, which never wait for a writer."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import OperationalError

from fairhold.domain.ids import Lane
from fairhold.engine.ports.store import StoredKey, StoredOrder
from fairhold.store.postgres import disputes, lists, reviews, statements
from fairhold.store.postgres import questions as sql
from fairhold.store.postgres.arrays import original, storable, texts
from fairhold.store.postgres.connections import Held, Source, rows
from fairhold.store.postgres.faults import explained
from fairhold.store.reading import Records, Values


class PostgresReader(Records):
    """Answers from any thread."""

    def __init__(self, source: Source, name: str) -> None:
        super().__init__(sql, lists, disputes, reviews, self._rows, self._in_lane)
        self._source = source
        self._name = name

    def _rows(self, statement: str, values: Values = ()) -> list[Any]:
        values = _storable(values)
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

    def _in_lane(self, lane: Lane, statement: str, values: tuple[Any, ...]) -> list[Any]:
        return self._rows(statement.replace("{lane}", str(int(lane))), values)

    def scan_orders(self, after: str | None, limit: int) -> list[StoredOrder]:
        """All orders by id, their texts as they were before PostgreSQL was told them."""
        return [
            stored._replace(
                search=original(stored.search), buyer=original(stored.buyer), seller=original(stored.seller)
            )
            for stored in super().scan_orders(after, limit)
        ]

    def placing_keys(self, lane: Lane, keys: Sequence[str]) -> list[StoredKey]:
        """What was placed in that lane under these keys."""
        return [StoredKey(*row) for row in self._in_lane(lane, sql.PLACING_KEYS, (texts(keys),))]

    @contextmanager
    def moment(self) -> Iterator["PostgresReader"]:
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


def _storable(values: Values) -> Values:
    if isinstance(values, Mapping):
        return {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}
    return [storable(value) if isinstance(value, str) else value for value in values]
