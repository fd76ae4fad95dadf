"""What was released to a seller lately, paid out or not, and the few payees with rules of their own are found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the indexes."""
    _partial(
        "purses_released",
        "purses",
        ["seller", "provider", "currency", "released_at", "released"],
        "released_at IS NOT NULL",
    )
    _partial("payees_agreed", "payees", ["seller", "provider", "own"], "own <> '{}'")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
