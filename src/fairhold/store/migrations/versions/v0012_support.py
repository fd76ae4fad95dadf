"""Conversations with support: what was said about an order, and whose turn it is.

They lie with sessions and keys: a person writes to support about orders in whatever lane, and the queue is one.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

INT = sa.Integer()
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make both tables, and the indexes of the queue, of a member of staff's own, and of what a person wrote lately."""
    op.create_table(
        "support_cases",
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("other", TEXT, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("opened_at", BIG, nullable=False),
        sa.Column("changed_at", BIG, nullable=False),
        sa.Column("messages", INT, nullable=False),
        sa.Column("seen", INT, nullable=False),
        sa.Column("answered", INT, nullable=False),
        sa.Column("asked_since", BIG),
        sa.Column("accident_since", BIG),
        sa.Column("accident_due", BIG),
        sa.Column("leaves_at", BIG),
        sa.Column("request_since", BIG),
        sa.Column("request_due", BIG),
        sa.Column("overdue", INT, nullable=False),
        sa.Column("claimed_by", TEXT),
        sa.Column("order_version", BIG, nullable=False),
        sa.Column("place", INT, nullable=False),
        sa.Column("rank", BIG, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "person"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("support_queue", "support_cases", ["place", "rank", "order_id", "person"])
    claimed = sa.text("claimed_by IS NOT NULL")
    op.create_index(
        "support_claimed",
        "support_cases",
        ["claimed_by", "place", "rank", "order_id", "person"],
        sqlite_where=claimed,
        postgresql_where=claimed,
    )
    op.create_table(
        "support_messages",
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("person", TEXT, nullable=False),
        sa.Column("number", INT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("written_by", TEXT, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("photos", TEXT, nullable=False),
        sa.Column("note", TEXT),
        sa.Column("facts", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "person", "number"),
        sa.UniqueConstraint("order_id", "person", "key"),
        sqlite_strict=True,
    )
    op.create_index("support_messages_of", "support_messages", ["written_by", "at"])
