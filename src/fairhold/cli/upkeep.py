"""`fairhold migrate` and `fairhold backup`."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.options import Database, settings_from
from fairhold.cli.stopping import CLEAN, Stop
from fairhold.cli.stores import existing_store
from fairhold.cli.terminal import say
from fairhold.engine.settings import database_urls
from fairhold.store import open_store
from fairhold.store.urls import is_postgres, sqlite_path


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


def backup(
    target: Annotated[Path, Parameter(help="The file to write; it must not exist yet.")],
    /,
    *,
    database: Database = None,
) -> int:
    """Write a copy of the database, as it is at one moment, to a new file. A server may go on meanwhile.

    The copy is checked and on the disk before it gets its name. To restore it, stop the server and point
    FAIRHOLD_DATABASE at it, or put it in the place of the old file together with removing that one's -wal and -shm files.
    """
    settings = settings_from(database=database)
    if is_postgres(settings.database):
        several = (
            " Copy each database by itself: nothing lies in two." if len(database_urls(settings.database)) > 1 else ""
        )
        raise Stop(
            f"{settings.database_shown} is backed up by PostgreSQL's own programs.{several}",
            "pg_dump copies one moment of it; pg_basebackup with archived logs loses nothing that was acknowledged.",
        )
    if target.exists():
        raise Stop(f"{target} is there already, and a backup overwrites nothing.", "Choose another name.")
    with existing_store(settings, migrated=False):
        part = target.with_name(f"{target.name}.part")
        try:
            part.unlink(missing_ok=True)
            _copy(sqlite_path(settings.database), part)
            os.link(part, target)
        except FileExistsError:
            raise Stop(f"{target} is there already, and a backup overwrites nothing.", "Choose another name.") from None
        except (OSError, sqlite3.DatabaseError) as error:
            raise Stop(
                f"The backup to {target} failed: {error}.", "Check the folder and the room on its disk."
            ) from None
        finally:
            part.unlink(missing_ok=True)
        _sync(target.parent)
    say(f"{target}: {target.stat().st_size} bytes, checked. Restore it with FAIRHOLD_DATABASE=sqlite:///{target}")
    return CLEAN


def _copy(source: Path, target: Path) -> None:
    """SQLite's own way to copy a database that is in use: one moment of it, compacted, for its owner alone to read."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=30)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        verdict = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged ({verdict})")
    _sync(target)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
