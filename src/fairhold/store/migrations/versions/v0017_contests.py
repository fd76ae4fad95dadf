"""Chargebacks that operators contest: what was asked of the provider, and what came of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table, and the indexes of an order's and of what is due."""
    op.create_table(
        "contests",
        sa.Column("chargeback", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("asked_by", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("tries", BIG, nullable=False),
        sa.Column("next_at", BIG),
        sa.Column("done_at", BIG),
        sa.PrimaryKeyConstraint("chargeback"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("contests_of_order", "contests", ["order_id"])
    op.create_index("contests_due", "contests", ["next_at"])
