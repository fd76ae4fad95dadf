"""Reconciliation: days of clearing accounts, what statements and books differ in, and how the booked side is read by time.

Days and items lie with the other small tables: a provider's statement knows no lanes.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

INT = sa.Integer()
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

# Of an order's dozen of transfers three touch a provider: only those are written into the index.
OF_PROVIDERS = "(debit >= 'provider:' AND debit < 'provider;') OR (credit >= 'provider:' AND credit < 'provider;')"


def upgrade() -> None:
    """Make the tables, the indexes of items that are open and closed, and that of the transfers that touch providers."""
    where = sa.text(OF_PROVIDERS)
    by_time = ["at", "lane", "order_id", "seq", "n"]
    op.create_index("transfers_of_providers", "transfers", by_time, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "reconciliation_turns",
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("next_at", BIG, nullable=False),
        sa.Column("busy_until", BIG, nullable=False),
        sa.Column("done_day", INT),
        sa.Column("asked_at", BIG),
        sa.Column("failures", INT, nullable=False),
        sa.Column("error", TEXT),
        sa.PrimaryKeyConstraint("provider"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reconciliation_days",
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("day", INT, nullable=False),
        sa.Column("lines", INT, nullable=False),
        sa.Column("movements", INT, nullable=False),
        sa.Column("stated", BIG, nullable=False),
        sa.Column("booked", BIG, nullable=False),
        sa.Column("stated_balance", BIG, nullable=False),
        sa.Column("booked_balance", BIG, nullable=False),
        sa.Column("on_the_way", BIG, nullable=False),
        sa.Column("open", BIG, nullable=False),
        sa.Column("items", INT, nullable=False),
        sa.Column("ran_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("day", "provider", "currency"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reconciliation_items",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("provider", TEXT, nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("reference", TEXT, nullable=False),
        sa.Column("order_id", TEXT),
        *_side("stated"),
        *_side("booked"),
        sa.Column("seen_at", BIG, nullable=False),
        sa.Column("checked_at", BIG, nullable=False),
        sa.Column("closed_at", BIG),
        sa.Column("closed_by", TEXT),
        sa.Column("reason", TEXT),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _by_age()


def _by_age() -> None:
    still_open, closed = sa.text("closed_at IS NULL"), sa.text("closed_at IS NOT NULL")
    items = "reconciliation_items"
    op.create_index(f"{items}_open", items, ["seen_at", "id"], sqlite_where=still_open, postgresql_where=still_open)
    op.create_index(f"{items}_closed", items, ["closed_at", "id"], sqlite_where=closed, postgresql_where=closed)


def _side(name: str) -> tuple["sa.Column[int]", "sa.Column[int]", "sa.Column[int]", "sa.Column[str]", "sa.Column[str]"]:
    """One side of an item: none of it is there where the item is of the other side alone. The names are a JSON list."""
    return (
        sa.Column(name, BIG),
        sa.Column(f"{name}_fee", BIG),
        sa.Column(f"{name}_at", BIG),
        sa.Column(f"{name}_names", TEXT),
        sa.Column(f"{name}_mark", TEXT),
    )
