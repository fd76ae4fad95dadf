"""What the sandbox's payment provider was asked to do: its memory, as that of a real one lies with it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table, and the indexes of what belongs to a payment, of an account's, and of the statement."""
    op.create_table(
        "sandbox_entries",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("until", BIG),
        sa.Column("done_at", BIG),
        sa.Column("failed_at", BIG),
        sa.Column("declined_at", BIG),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("sandbox_entries_about", "sandbox_entries", ["about", "kind"])
    op.create_index("sandbox_entries_on_account", "sandbox_entries", ["account", "kind"])
    op.create_index("sandbox_entries_done", "sandbox_entries", ["done_at"])
    op.create_index("sandbox_entries_failed", "sandbox_entries", ["failed_at"])
