"""The PostgreSQL store: one database, which any number of processes write and read."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from psycopg import OperationalError

from fairhold.domain.ids import MAX_LANE, Lane
from fairhold.engine.ports.store import StoreUnavailable, Writer
from fairhold.store.access import SET_SETTING, Execute, KeepsSettings, SmallTables
from fairhold.store.heads import HeadTables
from fairhold.store.postgres import health, migrating
from fairhold.store.postgres import statements as sql
from fairhold.store.postgres.arrays import NUL, storable
from fairhold.store.postgres.connections import MIGRATING, WRITING, Address, Connection, Pool, rows
from fairhold.store.postgres.faults import explained
from fairhold.store.postgres.reader import PostgresReader
from fairhold.store.postgres.writer import PostgresWriter
from fairhold.store.reports import ReportTables

_PLACING_LANES = "placing_lanes"
_MARK = "%s"
_SMALL = 4
"""Connections for sessions, keys and settings."""


class _Serving(Address):
    """The same database for those who write orders: nobody moves its lanes as long as one of their connections is open."""

    def __init__(self, address: Address, before: Callable[[Connection], None]) -> None:
        super().__init__(address.url)
        self._before = before

    def open(self, settings: tuple[str, ...]) -> Connection:
        """A new connection. Raises StoreUnavailable."""
        connection = super().open(settings)
        try:
            with explained(self.name):
                connection.execute(sql.SERVE.encode())
            self._before(connection)
        except BaseException:
            connection.close()
            raise
        return connection


class PostgresStore(KeepsSettings):
    """The database that `url` names. `partitions` divides its tables by lane when it is made; 0: not at all."""

    def __init__(self, url: str, *, placing_lanes: int = 1, partitions: int = 0) -> None:
        if not 1 <= placing_lanes <= MAX_LANE + 1:
            raise ValueError(f"new orders are placed in 1 to {MAX_LANE + 1} lanes, not {placing_lanes}")
        self.address = Address(url)
        self.name = self.address.name
        self.before_writing: Callable[[Connection], None] = lambda connection: None
        """Looks at each connection that is to write orders; may raise StoreUnavailable."""
        self._placing_lanes = placing_lanes
        self._partitions = partitions
        self._pool = Pool(self.address, WRITING, _SMALL)
        self._pools = [self._pool]
        self._small = SmallTables(self._rows, self._transaction, _MARK)
        self._heads = HeadTables(self._rows, self._transaction, _MARK)
        self._reports = ReportTables(self._rows, self._transaction, _MARK, storable)

    def migrate(self) -> list[str]:
        """Bring the schema up to date; the names of the migrations that ran."""
        if not self.pending_migrations():
            return []
        with closing(self.address.open(MIGRATING)) as connection, explained(self.name):
            return migrating.migrate(connection, self.name, self._fill, self._partitions)

    def _fill(self, connection: Connection) -> None:
        connection.execute(SET_SETTING.replace("?", _MARK).encode(), (_PLACING_LANES, str(self._placing_lanes)))

    def pending_migrations(self) -> list[str]:
        """What `migrate` would run."""
        with closing(self.address.open(WRITING)) as connection, explained(self.name):
            return [revision.title for revision in migrating.pending(connection, self.name)]

    def lanes(self) -> list[Lane]:
        """Every lane in which orders are placed; fixed when the database was made."""
        count = self.setting(_PLACING_LANES)
        if count is None:
            raise StoreUnavailable(f"The database {self.name} does not say in how many lanes orders are placed.")
        return [Lane(lane) for lane in range(int(count))]

    @property
    def writers(self) -> int:
        """Two: one decides while the other's batch is on its way to the disk."""
        return 2

    def placing(self) -> list[Lane]:
        """The lanes in which new orders are placed: all."""
        return self.lanes()

    @contextmanager
    def writer(self, lane: Lane) -> Iterator[Writer]:
        """A writing connection; other processes may have theirs at the same time."""
        with closing(PostgresWriter(_Serving(self.address, self.before_writing), lane)) as writer:
            yield writer

    @contextmanager
    def _transaction(self) -> Iterator[Execute]:
        with explained(self.name):
            connection = self._pool.lend()
            try:
                with connection.transaction():
                    yield lambda statement, values: connection.execute(statement.encode(), _told(values))
            finally:
                self._pool.take_back(connection)

    def _rows(self, statement: str, values: Sequence[Any]) -> list[Any]:
        with explained(self.name):
            try:
                return self._once(statement, values)
            except OperationalError:
                # An idle connection may have been cut since it was last used.
                return self._once(statement, values)

    def _once(self, statement: str, values: Sequence[Any]) -> list[Any]:
        connection = self._pool.lend()
        try:
            return rows(connection, statement, _told(values))
        finally:
            self._pool.take_back(connection)

    def reports(self) -> ReportTables:
        """Reports about reviews."""
        return self._reports

    def heads(self) -> HeadTables:
        """Daily heads, and what each covers."""
        return self._heads

    def reader(self) -> PostgresReader:
        """The reading side."""
        pool = Pool(self.address)
        self._pools.append(pool)
        return PostgresReader(pool, self.name)

    def check(self) -> list[str]:
        """What `doctor` should know: durability settings, the server's version. Empty when all is well."""
        try:
            waiting = self.pending_migrations()
            if waiting:
                return [f"The database {self.name} needs `fairhold migrate`: {', '.join(waiting)}."]
            with closing(self.address.open(WRITING)) as connection, explained(self.name):
                return list(health.problems(connection, self.name))
        except StoreUnavailable as error:
            return [str(error)]

    def close(self) -> None:
        """Close everything; a writer ends with its `with`."""
        for pool in self._pools:
            pool.close()


def _told(values: Sequence[Any]) -> Sequence[Any]:
    """The values as PostgreSQL takes them: an address may hold what no text here can, and then names nothing."""
    if not any(isinstance(value, str) and NUL in value for value in values):
        return values
    return [storable(value) if isinstance(value, str) and NUL in value else value for value in values]
