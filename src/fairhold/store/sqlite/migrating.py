"""Bringing a file's tables up to date, one numbered migration after the other."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from fairhold.engine.ports import StoreUnavailable
from fairhold.store.schema import MIGRATIONS, Migration
from fairhold.store.sqlite import statements as sql
from fairhold.store.sqlite.connections import transaction


def pending(connection: sqlite3.Connection, path: Path) -> list[Migration]:
    """The migrations that this database has not seen. Raises StoreUnavailable where it is not one of ours, or newer."""
    if not connection.execute(sql.HAS_TABLE, ("migrations",)).fetchone():
        if connection.execute(sql.HAS_TABLES).fetchone():
            raise StoreUnavailable(f"The database {path} holds tables that are not Fairhold's: give another file.")
        return list(MIGRATIONS)
    done = {number for (number,) in connection.execute(sql.MIGRATIONS_DONE)}
    if done - {migration.number for migration in MIGRATIONS}:
        raise StoreUnavailable(f"The database {path} was made by a newer Fairhold: use that version or a newer one.")
    return [migration for migration in MIGRATIONS if migration.number not in done]


def migrate(connection: sqlite3.Connection, path: Path, fill: Callable[[sqlite3.Connection], None]) -> list[str]:
    """Run what is pending, each in a transaction of its own; `fill` writes the settings of a new database."""
    names = []
    for migration in pending(connection, path):
        with transaction(connection, path):
            connection.execute(sql.CREATE_MIGRATIONS)
            for statement in migration.statements:
                connection.execute(statement)
            connection.execute(sql.ADD_MIGRATION, (migration.number, migration.name, time.time_ns() // 1000))
            if migration.number == 1:
                fill(connection)
        names.append(title(migration))
    return names


def title(migration: Migration) -> str:
    """A migration as people see it."""
    return f"{migration.number:04d} {migration.name}"
