"""Which database a URL means: `sqlite:///path`, from the working folder, or `postgresql://user@host/database`.

Several URLs of PostgreSQL databases, separated by commas or white space, mean one installation over all of them.
"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from fairhold.engine.installation.settings import database_urls
from fairhold.engine.ports.store import Store
from fairhold.store.migrations import REVISIONS
from fairhold.store.sqlite.store import SqliteStore

POSTGRES = frozenset({"postgresql", "postgres"})


class StoreUrlError(ValueError):
    """The URL names no database that Fairhold can use; the message says what would do."""


def open_store(url: str, *, placing_lanes: int = 1, partitions: int = 0) -> Store:
    """The store that `url` names; nothing is read or written before it is asked something.

    `placing_lanes` is the number of lanes in which new orders are placed, `partitions` the number of parts into which
    PostgreSQL divides its tables by lane (0: not at all). Both count when the database is made. Raises StoreUrlError.
    """
    if is_postgres(url):
        return _postgres(database_urls(url), placing_lanes, partitions)
    return SqliteStore(sqlite_path(url), placing_lanes=placing_lanes)


def is_postgres(url: str) -> bool:
    """Whether the URL names a PostgreSQL database."""
    return urlsplit(url).scheme in POSTGRES


def steps_of_new(url: str) -> int:
    """How many migrations are pending where none of these databases was ever used."""
    count = len(database_urls(url)) if is_postgres(url) else 1
    return len(REVISIONS) if count == 1 else count * (len(REVISIONS) + 1)


def _postgres(urls: tuple[str, ...], placing_lanes: int, partitions: int) -> Store:
    # Whoever keeps orders in SQLite does not wait for a driver that is not used.
    from psycopg import ProgrammingError

    from fairhold.store.routed.store import RoutedStore

    try:
        return RoutedStore(urls, placing_lanes=placing_lanes, partitions=partitions)
    except ProgrammingError as error:
        raise StoreUrlError(
            f"the database URL cannot be read ({error}): give postgresql://user@host/database or sqlite:///fairhold.db"
        ) from None


def sqlite_path(url: str) -> Path:
    """The file that a `sqlite:///…` URL names. Raises StoreUrlError."""
    parts = urlsplit(url)
    if parts.scheme != "sqlite":
        raise StoreUrlError(
            f"cannot use {parts.scheme or url!r} as a database: give sqlite:///fairhold.db or postgresql://host/database"
        )
    if parts.netloc or parts.query or parts.fragment:
        raise StoreUrlError(f"{url} needs three slashes before the path and nothing behind it: sqlite:///fairhold.db")
    path = unquote(parts.path.removeprefix("/"))
    if not path or path == ":memory:" or "\0" in path:
        raise StoreUrlError(f"{url} names no file; orders must outlive the process: sqlite:///fairhold.db")
    return Path(path)
