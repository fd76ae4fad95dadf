"""Parcels by their numbers: to which order what a carrier tells belongs, and who is asked about it when.

They lie with the other small tables: a carrier knows a number and no order, and one number may be on several.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

INT = sa.Integer()
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables, and the indexes by which numbers, what is due, and what is silent are found."""
    op.create_table(
        "parcels",
        sa.Column("shipment_id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("written", TEXT, nullable=False),
        sa.Column("carrier", TEXT, nullable=False),
        sa.Column("addressee", TEXT, nullable=False),
        sa.Column("shipped_at", BIG, nullable=False),
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("due_at", BIG),
        sa.Column("attempts", INT, nullable=False),
        sa.Column("asked_at", BIG),
        sa.Column("heard_at", BIG),
        sa.Column("ticket", TEXT),
        sa.Column("error", TEXT),
        sa.PrimaryKeyConstraint("shipment_id"),
        sqlite_strict=True,
    )
    op.create_index("parcels_by_number", "parcels", ["number"])
    due = sa.text("due_at IS NOT NULL")
    op.create_index("parcels_due", "parcels", ["provider", "state", "due_at"], sqlite_where=due, postgresql_where=due)
    still_open = sa.text("state <> 'finished'")
    op.create_index("parcels_open", "parcels", ["shipped_at"], sqlite_where=still_open, postgresql_where=still_open)
    finished = sa.text("state = 'finished'")
    op.create_index("parcels_finished", "parcels", ["shipped_at"], sqlite_where=finished, postgresql_where=finished)
    op.create_table(
        "early_scans",
        sa.Column("number", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("carrier", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("learned_at", BIG, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("place", TEXT),
        sa.Column("note", TEXT),
        sa.PrimaryKeyConstraint("number", "status", "at"),
        sqlite_strict=True,
    )
    op.create_index("early_scans_by_age", "early_scans", ["learned_at"])
    op.create_table(
        "provider_turns",
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("next_at", BIG, nullable=False),
        sa.Column("day", BIG, nullable=False),
        sa.Column("calls", INT, nullable=False),
        sa.PrimaryKeyConstraint("provider"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
