"""Payouts: what each order owes its seller, whom providers pay it to, payouts and their parts.

They lie with sessions and keys: a payout gathers orders in whatever lane.
"""

import sqlalchemy as sa
from alembic import op

from fairhold.store.migrations.versions.v0001_first_tables import BIG, SMALL, TEXT, needed

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables, and an index for each question."""
    _purses()
    _payees()
    _payouts()


def _purses() -> None:
    op.create_table(
        "purses",
        needed("order_id", TEXT),
        needed("version", BIG),
        needed("buyer", TEXT),
        needed("seller", TEXT),
        needed("currency", TEXT),
        needed("provider", TEXT),
        *(needed(name, BIG) for name in ("paid_at", "changed_at")),
        *(needed(name, BIG) for name in ("paid", "held", "settling", "released", "fee", "refunded", "charged_back")),
        *(needed(name, BIG) for name in ("due", "on_its_way", "passed_on")),
        sa.Column("released_at", BIG),
        sa.PrimaryKeyConstraint("order_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("purses_of_seller", "purses", ["seller", "changed_at", "order_id"])
    _partial("purses_due", "purses", ["seller", "provider", "currency", "released_at", "order_id", "due"], "due <> 0")
    _partial("purses_held", "purses", ["currency", "paid_at", "held", "settling"], "held > 0 OR settling > 0")


def _payees() -> None:
    op.create_table(
        "payees",
        needed("seller", TEXT),
        needed("provider", TEXT),
        needed("account", TEXT),
        needed("own", TEXT),
        needed("since", BIG),
        sa.Column("may_be_paid", SMALL),
        needed("wanting", TEXT),
        sa.Column("seen_at", BIG),
        needed("parked_why", TEXT),
        sa.Column("parked_at", BIG),
        needed("care", TEXT),
        needed("failures", SMALL),
        sa.PrimaryKeyConstraint("seller", "provider"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("payees_by_account", "payees", ["provider", "account"])
    _partial("payees_parked", "payees", ["seller", "provider"], "parked_at IS NOT NULL OR may_be_paid = 0")


def _payouts() -> None:
    op.create_table(
        "payouts",
        needed("id", TEXT),
        needed("seller", TEXT),
        needed("provider", TEXT),
        needed("currency", TEXT),
        needed("to_account", TEXT),
        needed("amount", BIG),
        needed("stage", TEXT),
        needed("made_at", BIG),
        needed("made_by", TEXT),
        needed("arrived", BIG),
        needed("reference", TEXT),
        needed("why", TEXT),
        needed("tries", SMALL),
        sa.Column("next_at", BIG),
        sa.Column("done_at", BIG),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("payouts_of_seller", "payouts", ["seller", "made_at", "id"])
    op.create_index("payouts_by_age", "payouts", ["made_at", "id"])
    _partial("payouts_open", "payouts", ["made_at", "id"], "stage IN ('made', 'on_its_way', 'to_bank')")
    op.create_table(
        "payout_parts",
        needed("payout", TEXT),
        needed("order_id", TEXT),
        needed("amount", BIG),
        needed("stage", TEXT),
        needed("why", TEXT),
        needed("taken_back", BIG),
        needed("noted", SMALL),
        sa.PrimaryKeyConstraint("payout", "order_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _partial(
        "payout_parts_unnoted", "payout_parts", ["payout", "order_id"], "noted = 0 AND stage IN ('failed', 'returned')"
    )


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
