"""Which database a URL means: `sqlite:///path`, read from the working folder, or `sqlite:////absolute/path`."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from fairhold.engine.ports import Store
from fairhold.store.sqlite.store import SqliteStore


class StoreUrlError(ValueError):
    """The URL names no database that Fairhold can use; the message says what would do."""


def open_store(url: str, *, placing_lanes: int = 1) -> Store:
    """The store that `url` names; nothing is read or written before it is asked something.

    `placing_lanes` is the number of lanes in which new orders are placed. It counts when the database is made and is
    read from it ever after. Raises StoreUrlError.
    """
    return SqliteStore(sqlite_path(url), placing_lanes=placing_lanes)


def sqlite_path(url: str) -> Path:
    """The file that a `sqlite:///…` URL names. Raises StoreUrlError."""
    parts = urlsplit(url)
    if parts.scheme != "sqlite":
        raise StoreUrlError(f"cannot use {parts.scheme or url!r} as a database: give sqlite:///fairhold.db")
    if parts.netloc or parts.query or parts.fragment:
        raise StoreUrlError(f"{url} needs three slashes before the path and nothing behind it: sqlite:///fairhold.db")
    path = unquote(parts.path.removeprefix("/"))
    if not path or path == ":memory:" or "\0" in path:
        raise StoreUrlError(f"{url} names no file; orders must outlive the process: sqlite:///fairhold.db")
    return Path(path)
