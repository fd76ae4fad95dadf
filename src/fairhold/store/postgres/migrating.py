"""Bringing a database's tables up to date, one migration after the other."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fairhold.engine.ports.store import StoreUnavailable
from fairhold.store import migrations
from fairhold.store.migrations import NewerDatabase, Revision
from fairhold.store.postgres import statements as sql
from fairhold.store.postgres.connections import Connection

if TYPE_CHECKING:
    from sqlalchemy import Connection as SqlAlchemy

FIRST = "0001"


def pending(connection: Connection, name: str) -> list[Revision]:
    """The migrations that this database has not seen. Raises StoreUnavailable where it is not one of ours, or newer."""
    try:
        return migrations.pending(_current(connection, name))
    except NewerDatabase:
        raise StoreUnavailable(
            f"The database {name} was made by a newer Fairhold: use that version or a newer one."
        ) from None


def _current(connection: Connection, name: str) -> str | None:
    if _yes(connection, sql.HAS_TABLE, (migrations.VERSION_TABLE,)):
        row = connection.execute(migrations.CURRENT.encode()).fetchone()
        return row[0] if row else None
    if _yes(connection, sql.HAS_TABLES, ()):
        raise StoreUnavailable(
            f"The database {name} holds tables that are not Fairhold's: give another database or schema."
        )
    return None


def _yes(connection: Connection, statement: str, values: tuple[str, ...]) -> bool:
    row = connection.execute(statement.encode(), values).fetchone()
    return row is not None and bool(row[0])


def migrate(connection: Connection, name: str, fill: Callable[[Connection], None], partitions: int) -> list[str]:
    """Run what is pending as one transaction; `fill` writes the settings of a new database."""
    names = []
    with migrations.alchemy("postgresql+psycopg://", connection) as alchemy, connection.transaction():
        connection.execute(sql.LOCK_MIGRATIONS.encode())
        for revision in pending(connection, name):
            migrations.upgrade(alchemy, revision, partitions=partitions)
            if revision.id == FIRST:
                fill(connection)
            names.append(revision.title)
    return names


def make_tables(connection: Connection, alchemy: "SqlAlchemy", name: str, last: str, partitions: int) -> None:
    """Run what is pending up to the revision `last`, inside the caller's transaction; settings are left to the caller."""
    connection.execute(sql.LOCK_MIGRATIONS.encode())
    for revision in pending(connection, name):
        if revision.id <= last:
            migrations.upgrade(alchemy, revision, partitions=partitions)
