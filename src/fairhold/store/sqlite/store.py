"""The SQLite store: what belongs to one file, and who may do what with it at the same time."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from fairhold.domain.ids import MAX_LANE, Lane
from fairhold.engine.ports.store import Reader, StoreUnavailable, Writer
from fairhold.store.access import SET_SETTING, Execute, KeepsSettings, SmallTables
from fairhold.store.heads import HeadTables
from fairhold.store.migrations import REVISIONS
from fairhold.store.reports import ReportTables
from fairhold.store.sqlite import health, migrating
from fairhold.store.sqlite.connections import (
    PATIENCE_SECONDS,
    Pool,
    open_for_orders,
    open_for_small_tables,
    open_reading,
    transaction,
)
from fairhold.store.sqlite.faults import explained
from fairhold.store.sqlite.guard import Guard
from fairhold.store.sqlite.reader import SqliteReader
from fairhold.store.sqlite.writer import SqliteWriter

_PLACING_LANES = "placing_lanes"


class SqliteStore(KeepsSettings):
    """The database in the file `path`. One process at a time may have writers; readers are welcome from any."""

    def __init__(self, path: Path, *, placing_lanes: int = 1, patience: float = PATIENCE_SECONDS) -> None:
        if not 1 <= placing_lanes <= MAX_LANE + 1:
            raise ValueError(f"new orders are placed in 1 to {MAX_LANE + 1} lanes, not {placing_lanes}")
        self._path = path
        self._placing_lanes = placing_lanes
        self._patience = patience
        self._guard = Guard(path)
        self._turn = threading.Lock()
        self._idle: sqlite3.Connection | None = None
        self._closed = False
        self._pool = Pool(path, patience)
        self._pools = [self._pool]
        self._small = SmallTables(self._rows, self._transaction)
        self._heads = HeadTables(self._rows, self._transaction)
        self._reports = ReportTables(self._rows, self._transaction)

    def migrate(self) -> list[str]:
        """Bring the schema up to date; the names of the migrations that ran."""
        if not self.pending_migrations():
            return []
        with self._guard.held(), self._turn, self._for_orders() as connection, explained(self._path):
            return migrating.migrate(connection, self._path, self._fill)

    def _fill(self, connection: sqlite3.Connection) -> None:
        connection.execute(SET_SETTING, (_PLACING_LANES, str(self._placing_lanes)))

    def pending_migrations(self) -> list[str]:
        """What `migrate` would run."""
        if not self._path.exists():
            found = list(REVISIONS)
        else:
            with closing(open_reading(self._path, self._patience)) as connection, explained(self._path):
                found = migrating.pending(connection, self._path)
        return [revision.title for revision in found]

    def lanes(self) -> list[Lane]:
        """Every lane in which orders are placed; fixed when the database was made."""
        count = self.setting(_PLACING_LANES)
        if count is None:
            raise StoreUnavailable(f"The database {self._path} does not say in how many lanes orders are placed.")
        return [Lane(lane) for lane in range(int(count))]

    @property
    def writers(self) -> int:
        """One, as the file takes one transaction at a time."""
        return 1

    def placing(self) -> list[Lane]:
        """The lanes in which new orders are placed: all."""
        return self.lanes()

    @contextmanager
    def writer(self, lane: Lane) -> Iterator[Writer]:  # noqa: ARG002 - all lanes lie in one file
        """A writing connection. Raises StoreUnavailable while another process has one."""
        with self._guard.held(), self._for_orders() as connection:
            yield SqliteWriter(connection, self._path, self._turn)

    @contextmanager
    def _for_orders(self) -> Iterator[sqlite3.Connection]:
        with closing(open_for_orders(self._path, self._patience)) as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Execute]:
        """A transaction on small tables: sessions, keys, settings; other processes may have one too.

        Its connection is kept for the next, unless something went wrong: opening one takes longer than most of what is written.
        """
        with self._turn:
            connection, self._idle = self._idle or open_for_small_tables(self._path, self._patience), None
            try:
                with transaction(connection, self._path):
                    yield connection.execute
            except BaseException:
                connection.close()
                raise
            if self._closed:
                connection.close()
            else:
                self._idle = connection

    def _rows(self, statement: str, values: Sequence[Any]) -> list[Any]:
        with explained(self._path):
            connection = self._pool.lend()
            try:
                return connection.execute(statement, values).fetchall()
            finally:
                self._pool.take_back(connection)

    def reports(self) -> ReportTables:
        """Reports about reviews."""
        return self._reports

    def heads(self) -> HeadTables:
        """Daily heads, and what each covers."""
        return self._heads

    def reader(self) -> Reader:
        """The reading side."""
        pool = Pool(self._path, self._patience)
        self._pools.append(pool)
        return SqliteReader(pool, self._path)

    def check(self) -> list[str]:
        """What `doctor` should know: integrity, durability settings. Empty when all is well."""
        try:
            waiting = self.pending_migrations()
            if waiting:
                return [f"The database {self._path} needs `fairhold migrate`: {', '.join(waiting)}."]
            with self._for_orders() as connection, explained(self._path):
                return list(health.problems(connection, self._path))
        except StoreUnavailable as error:
            return [str(error)]

    def close(self) -> None:
        """Close everything; a writer ends with its `with`."""
        with self._turn:
            self._closed = True
            idle, self._idle = self._idle, None
        if idle is not None:
            idle.close()
        for pool in self._pools:
            pool.close()
