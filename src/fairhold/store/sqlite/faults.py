"""What SQLite's errors mean to the engine: a conflict, an unusable database, or a bug of ours that stays what it is."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fairhold.engine.ports.store import Conflict, StoreUnavailable

_TAKEN = frozenset({sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE})

_MEANINGS: dict[int, str] = {
    sqlite3.SQLITE_BUSY: "is in use: another process has kept it locked for too long",
    sqlite3.SQLITE_LOCKED: "is in use: another connection has kept it locked for too long",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full",
    sqlite3.SQLITE_READONLY: "may not be written to: check the permissions of the file, its folder and the disk",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error",
    sqlite3.SQLITE_CORRUPT: "is damaged: stop everything that uses it and restore a backup",
    sqlite3.SQLITE_NOTADB: "is not a database, or it is damaged",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check that its folder exists and may be written to",
    sqlite3.SQLITE_PERM: "cannot be opened: its permissions forbid it",
    sqlite3.SQLITE_AUTH: "cannot be opened: its permissions forbid it",
    sqlite3.SQLITE_PROTOCOL: "cannot be locked: does it lie on a network drive?",
    sqlite3.SQLITE_NOLFS: "is larger than this disk allows",
    sqlite3.SQLITE_NOMEM: "cannot be used: memory ran out",
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the database at `path` into Conflict or StoreUnavailable; what is a bug passes."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        meant = _meaning(path, error)
        if meant is None:
            raise
        raise meant from error


def _meaning(path: Path, error: sqlite3.DatabaseError) -> Exception | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code in _TAKEN:
        return Conflict(f"already there: {error}")
    if str(error).startswith(("no such table", "no such column", "no such index")):
        return StoreUnavailable(
            f"The database {path} has no tables for this version of Fairhold: run `fairhold migrate`."
        )
    meaning = _MEANINGS.get(code & 0xFF)
    return StoreUnavailable(f"The database {path} {meaning} ({error}).") if meaning else None
