"""The store over all listed databases. With one that was never joined with another it is that database's own store."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import structlog

from fairhold.domain.ids import Lane
from fairhold.engine.ports.admission import Access
from fairhold.engine.ports.heads import Heads
from fairhold.engine.ports.photos import PhotoRows
from fairhold.engine.ports.reviews import Reports
from fairhold.engine.ports.small_tables import Tables
from fairhold.engine.ports.store import Reader, StoredKey, StoreUnavailable, Writer
from fairhold.store import migrations
from fairhold.store.postgres.connections import Connection
from fairhold.store.postgres.store import PostgresStore
from fairhold.store.routed import joining
from fairhold.store.routed.access import RoutedAccess
from fairhold.store.routed.databases import Away, Database, named
from fairhold.store.routed.heads import RoutedHeads
from fairhold.store.routed.photos import RoutedPhotos
from fairhold.store.routed.reader import RoutedReader
from fairhold.store.routed.records import LANES, ROUTING, Record, read_record
from fairhold.store.routed.reports import RoutedReports
from fairhold.store.routed.routes import Routes, one_installation, owners_of, read_routes
from fairhold.store.routed.tables import RoutedTables
from fairhold.store.routed.writer import RoutedWriter, cannot_look_back

_log = structlog.get_logger("fairhold.store")


class RoutedStore:
    """Several databases, in whatever order they are listed. `placing_lanes` and `partitions` count for those made new."""

    def __init__(self, urls: Sequence[str], *, placing_lanes: int = 1, partitions: int = 0) -> None:
        stores = [PostgresStore(url, placing_lanes=placing_lanes, partitions=partitions) for url in urls]
        self._databases = named(stores)
        self._known: Routes | None = None
        self._turn = threading.Lock()
        self._back: RoutedReader | None = None

    @property
    def _alone(self) -> bool:
        return len(self._databases) == 1

    # What is pending, and doing it

    def migrate(self) -> list[str]:
        """Bring every schema up to date and make the databases one installation; the names of what ran."""
        if not self.pending_migrations():
            return []
        if self._alone:
            return self._databases[0].store.migrate()
        names = [f"{name} in {database.name}" for database in self._databases for name in database.store.migrate()]
        return names + joining.join(self._databases)

    def pending_migrations(self) -> list[str]:
        """What `migrate` would run. A database that does not answer is left out where the others are an installation."""
        if self._alone:
            return self._databases[0].store.pending_migrations()
        tables, records, silent = self._looked_at()
        unjoined = {database for database, names in tables.items() if database not in records} | {
            *joining.outside(records)
        }
        names = [f"{name} in {database.name}" for database, waiting in tables.items() for name in waiting]
        names += [joining.title(database) for database in self._databases if database in unjoined]
        if silent and (names or not records):
            raise StoreUnavailable(" ".join(silent))
        for trouble in silent:
            _log.warning("going on without a database", error=trouble)
        return names

    def _looked_at(self) -> tuple[dict[Database, list[str]], dict[Database, Record], list[str]]:
        """What waits in each database that answers, the records of those with tables, and why the others do not answer."""
        tables: dict[Database, list[str]] = {}
        records: dict[Database, Record] = {}
        silent: list[str] = []
        for database in self._databases:
            try:
                with database.asked():
                    tables[database] = database.store.pending_migrations()
                if len(tables[database]) < len(migrations.REVISIONS):
                    records[database] = read_record(database)
            except Away as error:
                silent.append(str(error))
        one_installation(records, joined=False)
        owners_of(records)
        return tables, records, silent

    # Where things are

    def _routes(self) -> Routes:
        with self._turn:
            if self._known is None:
                self._known = self._read()
            return self._known

    def _read(self) -> Routes:
        routes = read_routes(self._databases)
        for database, record in routes.records.items():
            database.store.before_writing = _unchanged(database, record)
        return routes

    def _owner(self, lane: Lane) -> Database | None:
        """Whose that lane is; None: nobody's. Raises StoreUnavailable where that cannot be told just now."""
        routes = self._routes()
        if lane in routes.owners or not routes.silent:
            return routes.owners.get(lane)
        if not any(database.answers() for database in routes.silent):
            raise Away(" ".join(routes.silent.values()))
        with self._turn:
            if self._known is routes:
                self._known = self._read()
            routes = self._known or routes
        if lane not in routes.owners and routes.silent:
            raise Away(" ".join(routes.silent.values()))
        return routes.owners.get(lane)

    def _home(self) -> Database:
        """Where keys, sessions and settings are."""
        if self._alone:
            return self._databases[0]
        routes = self._routes()
        if routes.home is not None:
            return routes.home
        away: list[str] = []
        for database in routes.silent:
            try:
                if read_record(database).home:
                    return database
            except Away as error:
                away.append(str(error))
        raise StoreUnavailable(" ".join(away) or joining.NO_HOME)

    def lanes(self) -> list[Lane]:
        """Every lane in which orders are placed or once were."""
        routes = self._routes()
        return sorted({*routes.plan.lanes, *routes.owners})

    def placing(self) -> list[Lane]:
        """The lanes in which new orders are placed."""
        return [Lane(lane) for lane in self._routes().plan.generations[-1]]

    # Orders

    @property
    def writers(self) -> int:
        """As many as each database can make use of."""
        return max(database.store.writers for database in self._databases)

    @contextmanager
    def writer(self, lane: Lane) -> Iterator[Writer]:
        """A writing connection to the database that owns the lane."""
        routes = self._routes()
        if self._alone and len(routes.plan.generations) == 1:
            with self._databases[0].store.writer(lane) as writer:
                yield writer
            return
        database = self._owner(lane)
        if database is None:
            raise StoreUnavailable(f"No database of this installation owns lane {lane}.")
        look_back = self._look_back if len(routes.plan.generations) > 1 and lane in self.placing() else None
        with ExitStack() as stack:
            with database.asked():
                writer = stack.enter_context(database.store.writer(lane))
            yield RoutedWriter(writer, database, look_back)

    def _look_back(self, lane: Lane, keys: Sequence[str]) -> list[StoredKey]:
        """What was placed under these keys in other lanes, before this lane was used for them."""
        routes = self._routes()
        by_lane: dict[Lane, list[str]] = {}
        for key in keys:
            for earlier in routes.earlier(key, lane):
                by_lane.setdefault(earlier, []).append(key)
        found = []
        for earlier, asked in by_lane.items():
            try:
                found += self._reading().placing_keys(earlier, asked)
            except StoreUnavailable as error:
                raise cannot_look_back(error, asked) from error
        return found

    def _reading(self) -> RoutedReader:
        with self._turn:
            if self._back is None:
                self._back = self._new_reader()
            return self._back

    def _new_reader(self) -> RoutedReader:
        return RoutedReader({database: database.store.reader() for database in self._databases}, self._owner)

    def reader(self) -> Reader:
        """The reading side."""
        return self._databases[0].store.reader() if self._alone else self._new_reader()

    def reports(self) -> Reports:
        """Reports about reviews, which lie with these."""
        return self._databases[0].store.reports() if self._alone else RoutedReports(self._databases, self._owner)

    # Small tables, in the home database

    def access(self) -> Access:
        """Sessions and keys."""
        return self._databases[0].store.access() if self._alone else RoutedAccess(self._home)

    def tables(self) -> Tables:
        """Small tables that have a keeper of their own."""
        return self._databases[0].store.tables() if self._alone else RoutedTables(self._home)

    def photos(self) -> PhotoRows:
        """Photos."""
        return self._databases[0].store.photos() if self._alone else RoutedPhotos(self._home)

    def heads(self) -> Heads:
        """Daily heads, one over all databases."""
        return self._databases[0].store.heads() if self._alone else RoutedHeads(self._home)

    def setting(self, name: str) -> str | None:
        """A value of the installation."""
        home = self._home()
        with home.asked():
            return home.store.setting(name)

    def set_setting(self, name: str, value: str) -> None:
        """Write a value of the installation."""
        home = self._home()
        with home.asked():
            home.store.set_setting(name, value)

    def keep_setting(self, name: str, value: str) -> str:
        """Write a value that nobody has written yet; answers what stands there."""
        home = self._home()
        with home.asked():
            return home.store.keep_setting(name, value)

    def raise_setting(self, name: str, value: int) -> int:
        """Write a number unless a larger one stands there; answers the larger."""
        home = self._home()
        with home.asked():
            return home.store.raise_setting(name, value)

    def check(self) -> list[str]:
        """What `doctor` should know of each database, and whether they fit together."""
        found = [problem for database in self._databases for problem in database.store.check()]
        if self._alone and found:
            return found
        try:
            read_routes(self._databases)
        except StoreUnavailable as error:
            found += [str(error)] if str(error) not in found else []
        return found

    def close(self) -> None:
        """Close everything; a writer ends with its `with`."""
        for database in self._databases:
            database.close()


def _unchanged(database: Database, record: Record) -> Callable[[Connection], None]:
    """A look at a connection that is to write: what lies where is still what this process believes."""

    def look(connection: Connection) -> None:
        rows = connection.execute("SELECT name, value FROM meta WHERE name = ANY(%s)", ([LANES, ROUTING],)).fetchall()
        now: dict[str, str] = dict(rows)
        if (now.get(LANES), now.get(ROUTING)) != record.written:
            raise StoreUnavailable(
                f"Lanes of {database.name} were moved, or a database was added, since this server started: start it again."
            )

    return look
