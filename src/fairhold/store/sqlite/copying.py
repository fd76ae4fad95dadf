"""Copying a file of SQLite while it is in use, and putting a copy in its place."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from fairhold.engine.installation.durable import sync
from fairhold.engine.ports.photos import Photo
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store.copied import NEW_HAVE, SQLITE, Advance, Copied, Damaged, Held
from fairhold.store.migrations import CURRENT, VERSION_TABLE
from fairhold.store.photos import ALL_PHOTOS
from fairhold.store.sqlite import statements as sql
from fairhold.store.sqlite.connections import open_for_orders, open_reading
from fairhold.store.sqlite.faults import explained
from fairhold.store.sqlite.guard import Guard

FILE = "fairhold.db"
"""What a copy is called in its folder."""
_PAGES = 4096
"""Pages, of 4 KB as a rule, between two looks at how far it has come."""


class Moment:
    """The file `source`. The moment is that of `write`: until then nothing is held."""

    def __init__(self, source: Path) -> None:
        self._source = source
        self._copy = Path()

    def write(self, folder: Path, advance: Advance) -> Copied:
        """Copy every page as of one moment; whoever writes goes on, into the log. Raises StoreUnavailable or OSError."""
        self._copy = folder / FILE
        os.close(os.open(self._copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with explained(self._source), closing(open_reading(self._source)) as source:
            # Pages are read inside a transaction, so that it stays one moment and never begins anew, however much is
            # written meanwhile (sqlite.org/c3ref/backup_finish.html: a source that changes is otherwise read again).
            source.execute(sql.BEGIN_READING)
            source.execute(sql.START_MOMENT).fetchone()
            with closing(sqlite3.connect(self._copy, isolation_level=None)) as target:
                # It is synced as a whole once it is there, and thrown away when it breaks off.
                target.execute("PRAGMA journal_mode = OFF").fetchall()
                target.execute("PRAGMA synchronous = OFF")
                source.backup(target, pages=_PAGES, progress=lambda _, left, all_: advance(all_ - left, all_))
        return _checked(self._copy)

    def photos(self) -> Iterator[Photo]:
        """The photos of the copy."""
        with closing(_open(self._copy)) as copy:
            yield from (Photo(*row) for row in copy.execute(ALL_PHOTOS))


def look(folder: Path, advance: Advance) -> Copied:
    """What the copy has; every page and index of it is read. Raises Damaged."""
    return _checked(folder / FILE)


def _open(copy: Path) -> sqlite3.Connection:
    """A copy that nobody changes: reading it leaves no log beside it."""
    return sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _checked(copy: Path) -> Copied:
    try:
        with closing(_open(copy)) as connection:
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if verdict != "ok":
                raise Damaged(f"{copy.name}: {verdict}")
            return Copied(SQLITE, connection.execute(CURRENT).fetchone()[0], _rows(connection))
    except sqlite3.DatabaseError as error:
        raise Damaged(f"{copy.name}: {error}") from None


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = [name for (name,) in connection.execute(sql.TABLES).fetchall()]
    return {name: connection.execute(sql.COUNT.format(name)).fetchone()[0] for name in tables}


@contextmanager
def places(path: Path) -> Iterator[Sequence["Place"]]:
    """The file `path`, which need not be there. Raises StoreUnavailable where a server writes to it."""
    with Guard(path).held():
        place = Place(path)
        try:
            yield (place,)
        finally:
            place.clear()


class Place:
    """A file that is to be replaced, by one who holds the right to write to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._new = path.with_name(f"{path.name}.restoring")

    def held(self) -> Held | None:
        """What the file has; None where there is none, or no table in it."""
        if not self._path.exists():
            if self._log.exists():
                # SQLite would apply it to whatever file comes to lie there.
                raise StoreUnavailable(f"{self._log} is the log of a database that is not there: move it elsewhere.")
            return None
        with explained(self._path), closing(open_reading(self._path)) as connection:
            if connection.execute(sql.HAS_TABLES).fetchone() is None:
                return None
            rows = _rows(connection)
            current = connection.execute(CURRENT).fetchone() if VERSION_TABLE in rows else None
        empty = not any(rows[name] for name in rows.keys() - NEW_HAVE)
        return Held(current[0] if current else "", rows.get("orders", 0), empty)

    def load(self, folder: Path, copied: Copied, advance: Advance) -> None:  # noqa: ARG002 - the file says it all
        """Lay the copy beside the file, on the disk."""
        self.clear()
        with (folder / FILE).open("rb") as source, os.fdopen(_create(self._new), "wb") as target:
            size = os.fstat(source.fileno()).st_size
            while piece := source.read(_PAGES * 4096):
                target.write(piece)
                advance(target.tell(), size)
            target.flush()
            os.fsync(target.fileno())

    def keep(self) -> str | None:
        """Give it the file's name; the file before keeps one of its own."""
        before = self._put_aside() if self._path.exists() else None
        self._new.replace(self._path)
        sync(self._path.absolute().parent)
        return before

    def _put_aside(self) -> str:
        with explained(self._path), closing(open_for_orders(self._path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        # The last to leave a database takes its log away.
        if self._log.exists():
            raise StoreUnavailable(f"The database {self._path} is in use: {self._log} is there. Stop what uses it.")
        for number in count(1):
            aside = self._path.with_name(f"{self._path.name}.replaced-{number}")
            try:
                os.link(self._path, aside)
            except FileExistsError:
                continue
            return str(aside)
        raise AssertionError

    def clear(self) -> None:
        """Take away what was not kept."""
        self._new.unlink(missing_ok=True)


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
