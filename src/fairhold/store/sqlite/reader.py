"""Reading: every answer is one statement on a connection of its own and shows what was committed when it began."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fairhold.domain.ids import Lane
from fairhold.engine.ports.store import Reader
from fairhold.store.reading import Records, Values
from fairhold.store.sqlite import disputes, lists, reviews, statements
from fairhold.store.sqlite.connections import Held, Source
from fairhold.store.sqlite.faults import explained


class SqliteReader(Records):
    """The reading side; safe from any thread, and never waits for the writer."""

    def __init__(self, source: Source, path: Path) -> None:
        super().__init__(statements, lists, disputes, reviews, self._rows, self._in_lane)
        self._source = source
        self._path = path

    def _rows(self, statement: str, values: Values = ()) -> list[Any]:
        with explained(self._path):
            connection = self._source.lend()
            try:
                return connection.execute(statement, values).fetchall()
            finally:
                self._source.take_back(connection)

    def _in_lane(self, lane: Lane, statement: str, values: tuple[Any, ...]) -> list[Any]:
        return self._rows(statement, (lane, *values))

    @contextmanager
    def moment(self) -> Iterator[Reader]:
        """A reader that shows the database as it was at one moment for as long as the `with` lasts."""
        with explained(self._path):
            connection = self._source.lend()
        held = Held(connection)
        try:
            with explained(self._path):
                connection.execute(statements.BEGIN_READING)
                # SQLite takes its moment with the first row that is read.
                connection.execute(statements.START_MOMENT).fetchall()
            yield SqliteReader(held, self._path)
        finally:
            held.close()
            if connection.in_transaction:
                connection.execute(statements.ROLLBACK)
            self._source.take_back(connection)

    def close(self) -> None:
        """Close all connections."""
        self._source.close()
