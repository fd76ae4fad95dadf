"""What was released to a seller lately, paid out or not, and the few payees with rules of their own are found by an index.

Payouts of one payee's money are counted, so that of two who make one at the same moment one looks again.
"""

import sqlalchemy as sa
from alembic import op

from fairhold.store.migrations.versions.v0001_first_tables import BIG

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the indexes and the count."""
    op.add_column("payees", sa.Column("turn", BIG, nullable=False, server_default="0"))
    _partial("payouts_made", "payouts", ["seller", "provider", "currency", "made_at", "id"], "stage = 'made'")
    _partial(
        "purses_released",
        "purses",
        ["seller", "provider", "currency", "released_at", "released"],
        "released_at IS NOT NULL",
    )
    _partial("payees_agreed", "payees", ["seller", "provider", "own"], "own <> '{}'")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
