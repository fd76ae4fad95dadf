"""Opening the database for those who look after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from fairhold.cli.stopping import Stop
from fairhold.engine.ports import Store
from fairhold.engine.settings import Settings
from fairhold.store import open_store
from fairhold.store.schema import MIGRATIONS
from fairhold.store.urls import sqlite_path


def refuse_half_migrated(settings: Settings) -> None:
    """A server makes the tables of an empty database itself; one with data is brought up to date by a person. Raises Stop."""
    store = open_store(settings.database)
    try:
        waiting = store.pending_migrations()
    finally:
        store.close()
    if waiting and len(waiting) < len(MIGRATIONS):
        raise Stop(f"{settings.database} needs: {', '.join(waiting)}.", "Make a backup, then run `fairhold migrate`.")


@contextmanager
def existing_store(settings: Settings, *, migrated: bool = True) -> Iterator[Store]:
    """The database of `settings`, which must be there and, where it says so, up to date. Raises Stop."""
    if not sqlite_path(settings.database).exists():
        raise Stop(
            f"There is no database {settings.database}.",
            "Name it with --database or FAIRHOLD_DATABASE; `fairhold migrate` makes a new one.",
        )
    store = open_store(settings.database)
    try:
        if migrated and (waiting := store.pending_migrations()):
            raise Stop(f"{settings.database} needs: {', '.join(waiting)}.", "Run `fairhold migrate` first.")
        yield store
    finally:
        store.close()
