"""Webhooks: endpoints of the marketplace, what is told, to whom it was told, and every attempt.

Like sessions and keys they belong to no order. A message is kept once, however many endpoints take it, so that each attempt
sends the same bytes under the same id.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

INT = sa.Integer()
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
BYTES = sa.LargeBinary()


def upgrade() -> None:
    """Make the tables, and the indexes by which work is found, an order's deliveries are kept in turn, and logs are read."""
    _endpoints()
    _messages()
    _deliveries()


def _endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("types", TEXT, nullable=False),
        sa.Column("off_because", TEXT),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("secret", BYTES, nullable=False),
        sa.Column("secret_at", BIG, nullable=False),
        sa.Column("previous", BYTES),
        sa.Column("previous_until", BIG),
        sa.Column("failing_since", BIG),
        sa.Column("off_since", BIG),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "webhook_requests",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("print", TEXT, nullable=False),
        sa.Column("made", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sqlite_strict=True,
    )


def _messages() -> None:
    op.create_table(
        "webhook_messages",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("seq", INT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("payload", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("webhook_messages_by_age", "webhook_messages", ["at"])


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("endpoint", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("seq", INT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempts", INT, nullable=False),
        sa.Column("tries", INT, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("due_at", BIG, nullable=False),
        sa.Column("done_at", BIG),
        sa.Column("claimed_until", BIG, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("endpoint", "message"),
        sqlite_strict=True,
    )
    op.create_index("webhook_deliveries_by_message", "webhook_deliveries", ["message"])
    op.create_index("webhook_deliveries_due", "webhook_deliveries", ["endpoint", "state", "due_at"])
    op.create_index("webhook_deliveries_of_order", "webhook_deliveries", ["endpoint", "order_id", "seq"])
    op.create_index("webhook_deliveries_log", "webhook_deliveries", ["endpoint", "at", "message"])
    op.create_table(
        "webhook_attempts",
        sa.Column("endpoint", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("n", INT, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("milliseconds", INT, nullable=False),
        sa.Column("status", INT),
        sa.Column("trouble", TEXT),
        sa.Column("response", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("endpoint", "message", "n"),
        sqlite_strict=True,
    )
