"""Databases of PostgreSQL that are up to date from the start: each is a copy of one in which the migrations ran once."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict

from fairhold.store import open_store


def copy(root: str, folder: Path, *, placing_lanes: int = 1, partitions: int = 0) -> str:
    """The URL of a new database, migrated as a store of these measures would, in the cluster that `root` is a URL of.

    `folder` is the run's own: whoever is first in it makes the template.
    """
    template = f"template_{placing_lanes}_{partitions}"
    with psycopg.connect(root, autocommit=True) as admin:
        with _alone(folder / f"{_version(root)}.{template}.lock"):
            found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (template,)).fetchone()
            if found is None:
                _make(admin, lambda name: at(root, name), template, placing_lanes, partitions)
        name = f"test_{uuid4().hex[:12]}"
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
    return at(root, name)


def at(root: str, database: str) -> str:
    """The URL of another database in the same cluster."""
    return root.replace("/postgres?", f"/{database}?")


def drop(root: str, url: str) -> None:
    """Take a database away, whoever is still connected: a run would fill the memory disk with them."""
    name = conninfo_to_dict(url)["dbname"]
    with psycopg.connect(root, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def _make(
    admin: "psycopg.Connection[tuple[object, ...]]",
    url: Callable[[str], str],
    template: str,
    placing_lanes: int,
    partitions: int,
) -> None:
    # Under its own name only once it is whole.
    draft = f"draft_{uuid4().hex[:12]}"
    admin.execute(f"CREATE DATABASE {draft}".encode())
    with closing(open_store(url(draft), placing_lanes=placing_lanes, partitions=partitions)) as store:
        store.migrate()
    admin.execute(f"ALTER DATABASE {draft} RENAME TO {template}".encode())


def _version(root: str) -> str:
    """The name of the cluster's folder."""
    return Path(str(conninfo_to_dict(root)["host"])).name


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
