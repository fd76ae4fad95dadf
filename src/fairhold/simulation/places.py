"""Where a simulation keeps its orders: a file in memory, or a schema of its own in a PostgreSQL database."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from fairhold.store import open_store


@contextmanager
def empty_place(database: str | None) -> Iterator[str]:
    """The URL of a database with all tables and nothing in them, gone afterwards.

    `database` names a PostgreSQL database in which a schema is made and dropped; whatever else lies in it stays as it is.
    """
    if database is None:
        yield f"sqlite:///{_file()}"
        return
    with _schema(database) as url:
        yield url


@cache
def _folder(owner: int) -> "TemporaryDirectory[str]":
    """Where the process `owner` keeps its files: in memory where the machine has such a place."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    folder = TemporaryDirectory(prefix=f"fairhold-simulation-{owner}-", dir=memory if memory.is_dir() else None)
    store = open_store(f"sqlite:///{folder.name}/template.db")
    store.migrate()
    store.close()
    return folder


def _file() -> Path:
    """Making all the tables takes longer than most simulations, so a file that has them is copied."""
    folder = Path(_folder(os.getpid()).name)
    path = folder / "house.db"
    for old in folder.glob("house.db*"):
        old.unlink()
    shutil.copy(folder / "template.db", path)
    return path


@contextmanager
def _schema(database: str) -> Iterator[str]:
    # Whoever simulates on SQLite does not wait for a driver that is not used.
    import psycopg

    name = f"simulation_{uuid4().hex[:12]}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
        try:
            url = f"{database}{'&' if '?' in database else '?'}options=-csearch_path%3D{name}"
            store = open_store(url)
            store.migrate()
            store.close()
            yield url
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE".encode())
