"""Opening the database for those who look after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from fairhold.cli.stopping import Stop
from fairhold.engine.installation.settings import Settings
from fairhold.engine.ports.store import Store
from fairhold.store import open_store
from fairhold.store.urls import is_postgres, sqlite_path, steps_of_new


def refuse_half_migrated(settings: Settings) -> None:
    """A server makes the tables of an empty database itself; one with data is brought up to date by a person. Raises Stop."""
    store = open_store(settings.database)
    try:
        waiting = store.pending_migrations()
    finally:
        store.close()
    if waiting and len(waiting) < steps_of_new(settings.database):
        raise Stop(
            f"{settings.database_shown} needs: {', '.join(waiting)}.", "Make a backup, then run `fairhold migrate`."
        )


@contextmanager
def existing_store(settings: Settings, *, migrated: bool = True) -> Iterator[Store]:
    """The database of `settings`, which must be there and, where it says so, up to date. Raises Stop."""
    missing = Stop(
        f"There is no database {settings.database_shown}.",
        "Name it with --database or FAIRHOLD_DATABASE; `fairhold migrate` makes a new one.",
    )
    if not is_postgres(settings.database) and not sqlite_path(settings.database).exists():
        raise missing
    store = open_store(settings.database)
    try:
        waiting = store.pending_migrations()
        if is_postgres(settings.database) and len(waiting) == steps_of_new(settings.database):
            raise missing
        if migrated and waiting:
            raise Stop(f"{settings.database_shown} needs: {', '.join(waiting)}.", "Run `fairhold migrate` first.")
        yield store
    finally:
        store.close()
