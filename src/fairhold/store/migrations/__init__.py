"""The tables of both stores, as Alembic's migrations: one definition, written for SQLite and PostgreSQL at once.

What has been released is never edited: changes are further migrations. `REVISIONS` names them, so that a server whose
database is up to date starts without loading Alembic and SQLAlchemy.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory
    from sqlalchemy import Connection

FOLDER = Path(__file__).parent


class Revision(NamedTuple):
    """A step from one version of the tables to the next."""

    id: str
    name: str

    @property
    def title(self) -> str:
        """The step as people see it."""
        return f"{self.id} {self.name}"


REVISIONS = (
    Revision("0001", "the first tables"),
    Revision("0002", "lists by tab"),
    Revision("0003", "photos"),
    Revision("0004", "commitments"),
    Revision("0005", "disputes"),
    Revision("0006", "reviews"),
    Revision("0007", "mail"),
    Revision("0008", "accounts"),
    Revision("0009", "webhooks"),
    Revision("0010", "parcels"),
    Revision("0011", "notices"),
    Revision("0012", "support"),
    Revision("0013", "payouts"),
    Revision("0014", "reconciliation"),
    Revision("0015", "bank_tasks"),
    Revision("0016", "sandbox_entries"),
    Revision("0017", "contests"),
    Revision("0018", "reserves"),
    Revision("0019", "bank_shelves"),
)
VERSION_TABLE = "alembic_version"
CURRENT = f"SELECT version_num FROM {VERSION_TABLE}"  # noqa: S608 - a constant


class NewerDatabase(Exception):
    """The database has seen a migration that this version does not know."""


def pending(current: str | None) -> list[Revision]:
    """What a database at the revision `current` has not seen. Raises NewerDatabase."""
    if current is None:
        return list(REVISIONS)
    ids = [revision.id for revision in REVISIONS]
    if current not in ids:
        raise NewerDatabase(current)
    return list(REVISIONS[ids.index(current) + 1 :])


@contextmanager
def alchemy(url: str, driver: Any) -> Iterator["Connection"]:
    """SQLAlchemy's view of an open connection of the driver that `url` names; transactions stay the caller's business."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine(
        url,
        creator=lambda: driver,
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
    )
    with engine.connect() as connection:
        yield connection


def upgrade(connection: "Connection", revision: Revision, *, partitions: int = 0) -> None:
    """Run one migration inside the transaction that the caller has begun.

    `partitions`: into how many parts PostgreSQL divides the tables of orders by their lane; 0: not at all.
    """
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.exc import DBAPIError

    script = _scripts()
    context = MigrationContext.configure(
        connection, opts={"transactional_ddl": False, "partitions": partitions, "version_table": VERSION_TABLE}
    )
    step = script.get_revision(revision.id)
    assert step is not None, f"migration {revision.id} is not there"
    try:
        with Operations.context(context):
            step.module.upgrade()
        context.stamp(script, revision.id)
    except DBAPIError as error:
        # The stores know what their own driver's errors mean.
        if error.orig is None:
            raise
        raise error.orig from error


@cache
def _scripts() -> "ScriptDirectory":
    """The folder as Alembic knows it: it compiles every file of it for each that it is asked for."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(FOLDER))
