"""Bringing a file's tables up to date, one migration after the other."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store import migrations
from fairhold.store.migrations import NewerDatabase, Revision
from fairhold.store.sqlite import statements as sql
from fairhold.store.sqlite.connections import transaction

NUMBERED = "migrations"
"""The table of files whose first migration had a number instead of a name; their tables are those of `0001`."""
FIRST = "0001"
UNKNOWN = "a number that no version gave"


def pending(connection: sqlite3.Connection, path: Path) -> list[Revision]:
    """The migrations that this database has not seen. Raises StoreUnavailable where it is not one of ours, or newer."""
    try:
        return migrations.pending(_current(connection, path))
    except NewerDatabase:
        raise StoreUnavailable(
            f"The database {path} was made by a newer Fairhold: use that version or a newer one."
        ) from None


def _current(connection: sqlite3.Connection, path: Path) -> str | None:
    if _has(connection, migrations.VERSION_TABLE):
        row = connection.execute(migrations.CURRENT).fetchone()
        return row[0] if row else None
    if _has(connection, NUMBERED):
        numbers = [number for (number,) in connection.execute(sql.MIGRATIONS_DONE)]
        return FIRST if numbers == [1] else UNKNOWN
    if connection.execute(sql.HAS_TABLES).fetchone():
        raise StoreUnavailable(f"The database {path} holds tables that are not Fairhold's: give another file.")
    return None


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute(sql.HAS_TABLE, (table,)).fetchone() is not None


def migrate(connection: sqlite3.Connection, path: Path, fill: Callable[[sqlite3.Connection], None]) -> list[str]:
    """Run what is pending, each in a transaction of its own; `fill` writes the settings of a new database."""
    names = []
    for revision in pending(connection, path):
        with migrations.alchemy("sqlite://", connection) as alchemy, transaction(connection, path):
            migrations.upgrade(alchemy, revision)
            if revision.id == FIRST:
                fill(connection)
        names.append(revision.title)
    return names
