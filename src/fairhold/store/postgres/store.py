"""The PostgreSQL store: one database, which any number of processes write and read."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from psycopg import OperationalError

from fairhold.domain.ids import MAX_LANE, Lane
from fairhold.engine.ports import Access, Reader, StoreUnavailable, Writer
from fairhold.store.access import SET_SETTING, Execute, SmallTables
from fairhold.store.postgres import health, migrating
from fairhold.store.postgres.connections import WRITING, Address, Connection, Pool, rows
from fairhold.store.postgres.faults import explained
from fairhold.store.postgres.reader import PostgresReader
from fairhold.store.postgres.writer import PostgresWriter

_PLACING_LANES = "placing_lanes"
_MARK = "%s"
_SMALL = 4
"""Connections for sessions, keys and settings."""


class PostgresStore:
    """The database that `url` names. `partitions` divides its tables by lane when it is made; 0: not at all."""

    def __init__(self, url: str, *, placing_lanes: int = 1, partitions: int = 0) -> None:
        if not 1 <= placing_lanes <= MAX_LANE + 1:
            raise ValueError(f"new orders are placed in 1 to {MAX_LANE + 1} lanes, not {placing_lanes}")
        self._address = Address(url)
        self._name = self._address.name
        self._placing_lanes = placing_lanes
        self._partitions = partitions
        self._pool = Pool(self._address, WRITING, _SMALL)
        self._pools = [self._pool]
        self._small = SmallTables(self._rows, self._transaction, _MARK)

    def migrate(self) -> list[str]:
        """Bring the schema up to date; the names of the migrations that ran."""
        if not self.pending_migrations():
            return []
        with closing(self._address.open(WRITING)) as connection, explained(self._name):
            return migrating.migrate(connection, self._name, self._fill, self._partitions)

    def _fill(self, connection: Connection) -> None:
        connection.execute(SET_SETTING.replace("?", _MARK).encode(), (_PLACING_LANES, str(self._placing_lanes)))

    def pending_migrations(self) -> list[str]:
        """What `migrate` would run."""
        with closing(self._address.open(WRITING)) as connection, explained(self._name):
            return [revision.title for revision in migrating.pending(connection, self._name)]

    def lanes(self) -> list[Lane]:
        """The lanes in which new orders are placed; fixed when the database was made."""
        count = self.setting(_PLACING_LANES)
        if count is None:
            raise StoreUnavailable(f"The database {self._name} does not say in how many lanes orders are placed.")
        return [Lane(lane) for lane in range(int(count))]

    @contextmanager
    def writer(self, lane: Lane) -> Iterator[Writer]:
        """A writing connection; other processes may have theirs at the same time."""
        with closing(PostgresWriter(self._address, lane)) as writer:
            yield writer

    @contextmanager
    def _transaction(self) -> Iterator[Execute]:
        with explained(self._name):
            connection = self._pool.lend()
            try:
                with connection.transaction():
                    yield lambda statement, values: connection.execute(statement.encode(), values)
            finally:
                self._pool.take_back(connection)

    def _rows(self, statement: str, values: Sequence[Any]) -> list[Any]:
        with explained(self._name):
            try:
                return self._once(statement, values)
            except OperationalError:
                # An idle connection may have been cut since it was last used.
                return self._once(statement, values)

    def _once(self, statement: str, values: Sequence[Any]) -> list[Any]:
        connection = self._pool.lend()
        try:
            return rows(connection, statement, values)
        finally:
            self._pool.take_back(connection)

    def reader(self) -> Reader:
        """The reading side."""
        pool = Pool(self._address)
        self._pools.append(pool)
        return PostgresReader(pool, self._name)

    def access(self) -> Access:
        """Sessions and keys."""
        return self._small

    def setting(self, name: str) -> str | None:
        """A value of the `meta` table, such as the sandbox clock's offset."""
        return self._small.setting(name)

    def set_setting(self, name: str, value: str) -> None:
        """Write a value of the `meta` table."""
        self._small.set_setting(name, value)

    def check(self) -> list[str]:
        """What `doctor` should know: durability settings, the server's version. Empty when all is well."""
        try:
            waiting = self.pending_migrations()
            if waiting:
                return [f"The database {self._name} needs `fairhold migrate`: {', '.join(waiting)}."]
            with closing(self._address.open(WRITING)) as connection, explained(self._name):
                return list(health.problems(connection, self._name))
        except StoreUnavailable as error:
            return [str(error)]

    def close(self) -> None:
        """Close everything; a writer ends with its `with`."""
        for pool in self._pools:
            pool.close()
