"""Notices in people's inboxes, what they are to be reminded of, and which letters they do not want.

Notices name orders and do not belong to them: they lie in the home database whatever lane their order is in.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables, and the indexes for an inbox, its unread ones, an order's notices and the next reminder."""
    op.create_table(
        "notices",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("order_id", TEXT),
        sa.Column("shown_at", BIG, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("because", TEXT),
        sa.Column("stands_at", BIG),
        sa.Column("about", TEXT),
        sa.Column("read_at", BIG),
        sa.PrimaryKeyConstraint("key"),
        sqlite_strict=True,
    )
    op.create_index("notices_of_recipient", "notices", ["recipient", "shown_at", "key"])
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "notices_unread", "notices", ["recipient", "shown_at"], sqlite_where=unread, postgresql_where=unread
    )
    op.create_index("notices_about_order", "notices", ["order_id"], sqlite_where=unread, postgresql_where=unread)
    op.create_index("notices_by_age", "notices", ["shown_at"])
    op.create_table(
        "reminders",
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("because", TEXT, nullable=False),
        sa.Column("stands_at", BIG, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("lead", BIG, nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "recipient", "because", "stands_at", "about", "lead"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("reminders_due", "reminders", ["due_at"])
    op.create_index("reminders_of_recipient", "reminders", ["recipient"])
    op.create_table(
        "unwanted_letters",
        sa.Column("person", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("person", "kind"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
