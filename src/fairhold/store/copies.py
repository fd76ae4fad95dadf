"""Whole databases, copied as they are at one moment, and put back: which store makes such a copy, and takes it.

A copy of SQLite is the file itself; one of PostgreSQL a compressed file a table, in the text that `COPY` writes.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from fairhold.engine.installation.settings import database_urls
from fairhold.store.copied import POSTGRESQL, SQLITE, Advance, Copied, Moment, Place
from fairhold.store.sqlite import copying as sqlite
from fairhold.store.urls import is_postgres, sqlite_path


@contextmanager
def moments(url: str) -> Iterator[Sequence[Moment]]:
    """Each database of the URL, all as of almost the same moment. Raises StoreUnavailable."""
    if is_postgres(url):
        from fairhold.store.postgres import copying as postgres

        with postgres.moments(database_urls(url)) as found:
            yield found
    else:
        yield [sqlite.Moment(sqlite_path(url))]


def places(url: str) -> AbstractContextManager[Sequence[Place]]:
    """Each database of the URL, for one who is alone with all of them. Raises StoreUnavailable."""
    if is_postgres(url):
        from fairhold.store.postgres import copying as postgres

        return postgres.places(database_urls(url))
    return sqlite.places(sqlite_path(url))


def look(kind: str, folder: Path, advance: Advance) -> Copied:
    """What the copy in the folder has, all of it read. Raises StoreUnavailable, OSError, EOFError or zlib's error."""
    if kind == SQLITE:
        return sqlite.look(folder, advance)
    from fairhold.store.postgres import copying as postgres

    return postgres.look(folder, advance)


def kind_of(url: str) -> str:
    """Which kind of copy the databases of the URL take."""
    return POSTGRESQL if is_postgres(url) else SQLITE
