"""`fairhold migrate`."""

from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.options import Database, settings_from
from fairhold.cli.terminal import say
from fairhold.store import open_store


def migrate(
    *,
    check: Annotated[
        bool, Parameter(help="Only say what would be done; exit 1 if that is anything.", negative="")
    ] = False,
    database: Database = None,
) -> int:
    """Make the database's tables, or bring them up to date. Doing it twice changes nothing.

    `serve`, `demo` and `replay` do this by themselves.
    """
    settings = settings_from(database=database)
    store = open_store(settings.database, placing_lanes=settings.lanes)
    try:
        names = store.pending_migrations() if check else store.migrate()
    finally:
        store.close()
    for name in names:
        say(f"{'would run' if check else 'ran'}  {name}")
    if not names:
        say(f"{settings.database_shown} is up to date.")
    return int(check and bool(names))
