"""Bank transfers that people see to: what is to come in or go out, and who said what of it.

They lie with sessions and keys: whoever looks at the bank's statement looks at all orders, in whatever lane.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table, and the indexes of an order's, of what is open, of what belongs to a payment, and of the statement."""
    op.create_table(
        "bank_tasks",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("amount", BIG, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("account", TEXT, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("back", TEXT, nullable=False),
        sa.Column("until", BIG),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("said", TEXT),
        sa.Column("sum", BIG, nullable=False),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("first_by", TEXT),
        sa.Column("first_at", BIG),
        sa.Column("second_by", TEXT),
        sa.Column("second_at", BIG),
        sa.Column("settled_at", BIG),
        sa.Column("told_at", BIG),
        sa.Column("revision", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("bank_tasks_by_age", "bank_tasks", ["asked_at", "id"])
    op.create_index("bank_tasks_of_order", "bank_tasks", ["order_id"])
    op.create_index("bank_tasks_about", "bank_tasks", ["about", "kind"])
    op.create_index("bank_tasks_settled", "bank_tasks", ["settled_at", "id"])
