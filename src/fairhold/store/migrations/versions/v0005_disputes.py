"""Disputes: one row each, written with its order, for lists, the staff's queue and numbers.

Orders by the hundred stand against one dispute, which changes a handful of times: here each question has an index of its
own, the same in both databases, and a batch without disputes touches none. Lists stand under the mask of their
tabs, as those of orders do. Claims leave the queue's indexes when they are closed, and enter those of numbers.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from fairhold.store.migrations.versions.v0001_first_tables import BIG, SMALL, TEXT, needed

revision = "0005"
down_revision = "0004"

_QUEUE = "claimed = 1 AND closed_at IS NULL"
_CLOSED = "closed_at IS NOT NULL"
_TOLD = "currency, reason, outcome, opened_at, amount, refund"

# With the lane behind the id, a page's rows are found by their primary keys without a look at the table.
INDEXES = {
    "disputes_of_buyer": ("buyer, tabs, opened_at, id, lane", ""),
    "disputes_of_seller": ("seller, tabs, opened_at, id, lane", ""),
    "disputes_by_tab": ("tabs, opened_at, id, lane", ""),
    "disputes_between": ("buyer, seller, opened_at, id", ""),
    "disputes_due": ("tabs, deadline_at, id, lane", _QUEUE),
    "disputes_by_amount": ("tabs, amount, id, lane", _QUEUE),
    "disputes_of_mediator": ("mediator, tabs, deadline_at, id, lane", _QUEUE),
    "disputes_of_mediator_by_amount": ("mediator, tabs, amount, id, lane", _QUEUE),
    "disputes_ruled": ("reason, currency, outcome, amount, closed_at, id", f"{_CLOSED} AND claimed = 1"),
    "disputes_ruled_by": ("mediator, outcome, closed_at", f"{_CLOSED} AND mediator IS NOT NULL"),
    # Numbers are made from these alone.
    "disputes_closed": (f"closed_at, {_TOLD}", _CLOSED),
    "disputes_closed_of_seller": (f"seller, closed_at, {_TOLD}", _CLOSED),
    # An id begins with its order's, so these tell which of the orders of a time were disputed.
    "disputes_by_id": ("id", ""),
    "disputes_by_id_of_seller": ("seller, id", ""),
}


def upgrade() -> None:
    """Make the table, divided as the tables of orders are, and its indexes."""
    postgres = op.get_context().dialect.name == "postgresql"
    parts = _parts_of_orders() if postgres else 0
    options: dict[str, Any] = {"postgresql_partition_by": "HASH (lane)"} if parts else {"sqlite_strict": True}
    op.create_table(
        "disputes",
        needed("lane", SMALL),
        needed("id", TEXT),
        needed("order_id", TEXT),
        needed("buyer", TEXT),
        needed("seller", TEXT),
        needed("currency", TEXT),
        needed("reason", TEXT),
        needed("state", TEXT),
        needed("tabs", BIG),
        needed("turn", TEXT),
        # Where there is none, the largest number there is: so it comes last.
        needed("deadline_at", BIG),
        needed("amount", BIG),
        sa.Column("refund", BIG),
        sa.Column("mediator", TEXT),
        needed("claimed", SMALL),
        needed("opened_at", BIG),
        needed("updated_at", BIG),
        sa.Column("closed_at", BIG),
        sa.Column("outcome", TEXT),
        sa.Column("seller_answered_at", BIG),
        sa.PrimaryKeyConstraint("lane", "id"),
        sa.CheckConstraint("tabs >= 0", name="disputes_tabs_are_a_mask"),
        sa.CheckConstraint("claimed IN (0, 1)", name="disputes_claimed_or_not"),
        **options,
    )
    for part in range(parts):
        op.execute(
            f"CREATE TABLE disputes_{part} PARTITION OF disputes FOR VALUES WITH (MODULUS {parts}, REMAINDER {part})"
        )
    for number, (name, (columns, where)) in enumerate(INDEXES.items(), 1):
        # SQLite is told with each statement which index to use. In PostgreSQL plans are made while the table is empty and
        # all indexes are as good: there, each is for rows of which something is said that holds for all of them, and
        # only the statements that are meant to use it say that.
        conditions = [f"updated_at <> -{number}"] * postgres + [where] * bool(where)
        op.execute(
            f"CREATE INDEX {name} ON disputes ({columns}){' WHERE ' * bool(conditions)}{' AND '.join(conditions)}"
        )


def _parts_of_orders() -> int:
    """Into how many parts the orders of this database were divided when it was made; 0: not at all."""
    counted = op.get_bind().execute(sa.text("SELECT count(*) FROM pg_inherits WHERE inhparent = 'orders'::regclass"))
    return int(counted.scalar_one())
