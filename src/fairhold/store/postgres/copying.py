"""Copying databases of PostgreSQL while they are in use, each in one snapshot, and loading a copy into an empty one."""

import gzip
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from fairhold.engine.ports.photos import Photo
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store import migrations
from fairhold.store.copied import NEW_HAVE, POSTGRESQL, Advance, Copied, Damaged, Held
from fairhold.store.migrations import CURRENT, VERSION_TABLE
from fairhold.store.photos import ALL_PHOTOS
from fairhold.store.postgres import migrating
from fairhold.store.postgres import statements as sql
from fairhold.store.postgres.connections import COPYING, Address, Connection
from fairhold.store.postgres.faults import explained

_ENDING = ".copy.gz"
_PARTITIONS = "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass('orders')"
_PIECE = 1 << 20


@contextmanager
def moments(urls: Sequence[str]) -> Iterator[Sequence["Moment"]]:
    """Each database, within some milliseconds the same moment; the home last. Raises StoreUnavailable."""
    with ExitStack() as stack:
        found = []
        for connection, name in _opened(stack, urls):
            with explained(name):
                # Nobody moves lanes between the databases meanwhile.
                connection.execute(sql.SERVE.encode())
                found.append(Moment(connection, name, home=bool(_one(connection, sql.IS_HOME))))
        # An order names photos whose rows were in the home before: so the home is looked at after the orders.
        for moment in sorted(found, key=lambda moment: moment.home):
            moment.begin()
        yield found


def _opened(stack: ExitStack, urls: Sequence[str]) -> Iterator[tuple[Connection, str]]:
    """A connection to each database, closed with the stack, and the database's name."""
    for url in urls:
        address = Address(url)
        yield stack.enter_context(closing(address.open(COPYING))), address.name


class Moment:
    """What a connection sees from `begin` on."""

    def __init__(self, connection: Connection, name: str, *, home: bool) -> None:
        self._connection = connection
        self._name = name
        self.home = home

    def begin(self) -> None:
        """The moment is now."""
        with explained(self._name):
            self._connection.execute(sql.BEGIN_MOMENT.encode())
            _one(self._connection, CURRENT)

    def write(self, folder: Path, advance: Advance) -> Copied:
        """A compressed file a table. Raises StoreUnavailable or OSError."""
        with explained(self._name):
            tables = [name for name in _tables(self._connection) if name != VERSION_TABLE]
            sizes = {name: _one(self._connection, sql.SIZE, name) for name in tables}
            done, rows = 0, {}
            for name in tables:
                rows[name] = self._write(name, folder / f"{name}{_ENDING}")
                done += sizes[name]
                advance(done, sum(sizes.values()))
            revision = str(_one(self._connection, CURRENT))
            return Copied(POSTGRESQL, revision, rows, _one(self._connection, _PARTITIONS))

    def _write(self, table: str, file: Path) -> int:
        """The table's columns in the first line, and its rows; how many."""
        columns = _columns(self._connection, table)
        rows = 0
        with file.open("xb") as raw:
            with gzip.GzipFile("", "wb", 1, raw, mtime=0) as target:
                target.write("\t".join(columns).encode() + b"\n")
                statement = sql.COPY_OUT.format(table=table, columns=", ".join(columns))
                with closing(self._connection.cursor()) as cursor, cursor.copy(statement.encode()) as copy:
                    for piece in copy:
                        # A line feed within a value is written as two characters.
                        rows += bytes(piece).count(b"\n")
                        target.write(piece)
            raw.flush()
            os.fsync(raw.fileno())
        return rows

    def photos(self) -> Iterator[Photo]:
        """The photos of the same moment."""
        with explained(self._name):
            yield from (Photo(*row) for row in self._connection.execute(ALL_PHOTOS.encode()).fetchall())


def look(folder: Path, advance: Advance) -> Copied:
    """What the copy has, each file read to its end; the revision is not among it. Raises Damaged."""
    files = sorted(folder.glob(f"*{_ENDING}"))
    rows = {}
    for number, file in enumerate(files, 1):
        try:
            with gzip.open(file) as source:
                source.readline()
                rows[file.name.removesuffix(_ENDING)] = sum(piece.count(b"\n") for piece in _pieces(source))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Damaged(f"{file.name}: {error}") from None
        advance(number, len(files))
    return Copied(POSTGRESQL, "", rows)


def _pieces(source: gzip.GzipFile) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        yield piece


@contextmanager
def places(urls: Sequence[str]) -> Iterator[Sequence["Place"]]:
    """Each database, which no server writes to meanwhile. Raises StoreUnavailable."""
    with ExitStack() as stack:
        found = []
        for connection, name in _opened(stack, urls):
            with explained(name):
                if not _one(connection, sql.BE_ALONE):
                    raise StoreUnavailable(f"The database {name} is in use by a server or a backup: stop that first.")
            found.append(Place(connection, name, stack))
        yield found


class Place:
    """A database that is being loaded, in one transaction with the making of its tables."""

    def __init__(self, connection: Connection, name: str, until_kept: ExitStack) -> None:
        self._connection = connection
        self._name = name
        self._until_kept = until_kept

    def held(self) -> Held | None:
        """What it has; None where it has no tables."""
        with explained(self._name):
            tables = _tables(self._connection)
            if not tables:
                return None
            revision = str(_one(self._connection, CURRENT)) if VERSION_TABLE in tables else ""
            rows = {name: _one(self._connection, sql.COUNT.format(name)) for name in tables}
        return Held(revision, rows.get("orders", 0), not any(rows[name] for name in rows.keys() - NEW_HAVE))

    def load(self, folder: Path, copied: Copied, advance: Advance) -> None:
        """Make the tables as they were then, and fill them. Raises StoreUnavailable or OSError."""
        with explained(self._name):
            alchemy = self._until_kept.enter_context(migrations.alchemy("postgresql+psycopg://", self._connection))
            self._connection.execute(sql.BEGIN.encode())
            migrating.make_tables(self._connection, alchemy, self._name, copied.revision, copied.partitions)
            # Names out of a file go into no statement before the database itself has them.
            strange = sorted(copied.rows.keys() - {*_tables(self._connection)})
            if strange:
                raise Damaged(f"manifest.json: migration {copied.revision} makes no table {', '.join(strange)}")
            self._connection.execute(sql.EMPTY.format(", ".join(copied.rows)).encode())
            for number, (table, rows) in enumerate(copied.rows.items(), 1):
                self._load(table, folder / f"{table}{_ENDING}")
                if _one(self._connection, sql.COUNT.format(table)) != rows:
                    raise Damaged(f"{table}{_ENDING}: it has another number of rows than the {rows} that were copied")
                advance(number, len(copied.rows))

    def _load(self, table: str, file: Path) -> None:
        with gzip.open(file) as source:
            columns = source.readline().decode().split()
            if {*columns} != {*_columns(self._connection, table)}:
                raise Damaged(f"{file.name}: its columns are not those of the table")
            statement = sql.COPY_IN.format(table=table, columns=", ".join(columns))
            with closing(self._connection.cursor()) as cursor, cursor.copy(statement.encode()) as copy:
                for piece in _pieces(source):
                    copy.write(piece)

    def keep(self) -> str | None:
        """Commit it. What was there before is gone."""
        with explained(self._name):
            self._connection.execute(sql.COMMIT.encode())
            self._connection.execute(b"ANALYZE")
        return None


def _tables(connection: Connection) -> list[str]:
    return [name for (name,) in connection.execute(sql.TABLES.encode()).fetchall()]


def _columns(connection: Connection, table: str) -> list[str]:
    return [name for (name,) in connection.execute(sql.COLUMNS.encode(), (table,)).fetchall()]


def _one(connection: Connection, statement: str, *values: object) -> int:
    """The one value of a statement's only row."""
    row = connection.execute(statement.encode(), values or None).fetchone()
    assert row is not None, statement
    value: int = row[0]
    return value
