"""The first tables.

Whatever belongs to an order has its lane first in its key, so that lanes can live in different databases, and so that
PostgreSQL can divide the tables by it. SQLite's tables are STRICT: a sum that no longer fits 64 bits fails instead of
turning into a float.

What a commit costs SQLite is the number of pages it touches, and a batch's orders lie far apart. So rows are appended
(tables with a rowid) and only the slim index of their key is written in the middle: in trees of whole rows (WITHOUT
ROWID) the same batches took half as long again. For the same reason an index holds a column that changes only where
it pays.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

# SQLite knows one integer. PostgreSQL compares texts as SQLite does: byte by byte, whatever the database's language.
SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
INT = sa.Integer()
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
BYTES = sa.LargeBinary()

OF_ORDERS = ("orders", "events", "transfers", "balances", "outbox", "idempotency")

# Only what is written anew all the time keeps room on its pages for the next version of a row. A snapshot stays in its
# row as it is: PostgreSQL would spend more on packing 2 KB than on writing them.
STORAGE = {
    "orders": "fillfactor = 80, toast_tuple_target = 8160",
    "events": "toast_tuple_target = 8160",
    "balances": "fillfactor = 50",
}


def needed(name: str, type_: Any, **more: Any) -> "sa.Column[Any]":
    """A column that always has a value."""
    return sa.Column(name, type_, nullable=False, **more)


def upgrade() -> None:
    """Make every table and index."""
    orders_and_events()
    money()
    messages_and_keys()
    people()
    for index in INDEXES:
        op.create_index(index.name, index.table, list(index.columns), unique=index.unique, **index.where())
    if op.get_context().dialect.name == "postgresql":
        postgres_only()


def orders_and_events() -> None:
    """The order as it is, and everything that happened to it."""
    of_orders(
        "orders",
        needed("lane", SMALL),
        needed("id", TEXT),
        needed("version", INT),
        needed("buyer", TEXT),
        needed("seller", TEXT),
        needed("currency", TEXT),
        needed("status", TEXT),
        needed("tabs", BIG),
        needed("total", BIG),
        needed("placed_at", BIG),
        needed("updated_at", BIG),
        sa.Column("next_deadline_at", BIG),
        sa.Column("closed_at", BIG),
        needed("parked", SMALL, server_default=sa.text("0")),
        needed("has_keys", SMALL, server_default=sa.text("1")),
        needed("search", TEXT),
        needed("snapshot", BYTES),
        sa.PrimaryKeyConstraint("lane", "id"),
        sa.CheckConstraint("version > 0", name="orders_version_counts"),
        sa.CheckConstraint("parked IN (0, 1)", name="orders_parked_or_not"),
        sa.CheckConstraint("has_keys IN (0, 1)", name="orders_with_keys_or_not"),
    )
    of_orders(
        "events",
        needed("lane", SMALL),
        needed("order_id", TEXT),
        needed("seq", INT),
        needed("at", BIG),
        needed("by", TEXT),
        needed("type", TEXT),
        needed("data", BYTES),
        sa.PrimaryKeyConstraint("lane", "order_id", "seq"),
        sa.CheckConstraint("seq > 0", name="events_seq_counts"),
    )


def money() -> None:
    """What moved from which account to which, and what lies on each."""
    of_orders(
        "transfers",
        needed("lane", SMALL),
        needed("order_id", TEXT),
        needed("seq", INT),
        needed("n", SMALL),
        needed("debit", TEXT),
        needed("credit", TEXT),
        needed("amount", BIG),
        needed("at", BIG),
        sa.PrimaryKeyConstraint("lane", "order_id", "seq", "n"),
        sa.CheckConstraint("amount > 0", name="transfers_amount_is_positive"),
    )
    of_orders(
        "balances",
        needed("lane", SMALL),
        needed("account", TEXT),
        needed("balance", BIG),
        sa.PrimaryKeyConstraint("lane", "account"),
        sqlite_with_rowid=False,
    )


def messages_and_keys() -> None:
    """What is to be told outside, and what was done under which key."""
    of_orders(
        "outbox",
        needed("lane", SMALL),
        needed("order_id", TEXT),
        needed("seq", INT),
        needed("n", SMALL),
        needed("destination", TEXT),
        needed("payload", BYTES),
        needed("not_before", BIG),
        needed("state", TEXT),
        needed("attempts", INT),
        sa.Column("error", TEXT),
        sa.CheckConstraint("state IN ('waiting', 'parked', 'done')", name="outbox_state_is_known"),
    )
    of_orders(
        "idempotency",
        needed("lane", SMALL),
        needed("order_id", TEXT),
        needed("key", TEXT),
        needed("fingerprint", BYTES),
        needed("made", TEXT),
        needed("version", INT),
        needed("at", BIG),
        sa.PrimaryKeyConstraint("lane", "order_id", "key"),
    )


def people() -> None:
    """Small tables that have no lane."""
    strict = {"sqlite_strict": True, "sqlite_with_rowid": False}
    op.create_table("meta", needed("name", TEXT), needed("value", TEXT), sa.PrimaryKeyConstraint("name"), **strict)
    op.create_table(
        "sessions",
        needed("token_hash", BYTES),
        needed("person", TEXT),
        needed("created_at", BIG),
        needed("seen_at", BIG),
        needed("expires_at", BIG),
        sa.PrimaryKeyConstraint("token_hash"),
        **strict,
    )
    op.create_table(
        "api_keys",
        needed("id", TEXT),
        needed("key_hash", BYTES),
        needed("label", TEXT),
        needed("roles", TEXT),
        needed("scopes", TEXT),
        needed("created_at", BIG),
        sa.Column("revoked_at", BIG),
        sa.PrimaryKeyConstraint("id"),
        **strict,
    )


def of_orders(name: str, *columns: "sa.schema.SchemaItem", **options: Any) -> None:
    """A table of what belongs to orders; PostgreSQL may divide it by lane."""
    if partitions():
        options["postgresql_partition_by"] = "HASH (lane)"
    op.create_table(name, *columns, sqlite_strict=True, **options)


def partitions() -> int:
    """Into how many parts the tables of orders are divided; 0: not at all."""
    count: int = op.get_context().opts.get("partitions", 0)
    return count


class Index:
    """An index, and for which rows."""

    def __init__(self, name: str, columns: str, only: str = "", *, unique: bool = False) -> None:
        self.name = name
        self.table = name.partition("_")[0]
        self.columns = columns.split()
        self.unique = unique
        self._only = only

    def where(self) -> dict[str, Any]:
        """The condition, as each database is told it."""
        return {"sqlite_where": sa.text(self._only), "postgresql_where": sa.text(self._only)} if self._only else {}


INDEXES = (
    # Lists by person. A seller may have millions of orders: their tabs are counted from the index alone. A buyer has
    # hundreds, whose rows are soon counted; without `tabs` a change of state leaves this index as it is.
    Index("orders_by_buyer", "buyer id"),
    Index("orders_by_seller", "seller id tabs"),
    # Lists over all lanes, by time of placing.
    Index("orders_by_id", "id"),
    # The sweep and the nightly jobs: finished orders leave these indexes.
    Index("orders_due", "lane next_deadline_at id", "next_deadline_at IS NOT NULL AND parked = 0"),
    Index("orders_parked", "id", "parked = 1"),
    Index("orders_closed", "lane closed_at id", "closed_at IS NOT NULL AND has_keys = 1"),
    # Only messages that are not done: which is which and who stands first; by time for the courier.
    Index("outbox_open", "lane order_id seq n", "state <> 'done'", unique=True),
    Index("outbox_waiting", "lane not_before order_id seq n", "state = 'waiting'"),
    # A placing's key stands under no order: this finds it when its order is forgotten.
    Index("idempotency_made", "lane made", "order_id = ''"),
    Index("sessions_expiring", "expires_at"),
)


def postgres_only() -> None:
    """The partitions, how pages are filled, and who is at work on what."""
    for table in OF_ORDERS:
        parts = [f"{table}_{n}" for n in range(partitions())]
        for n, part in enumerate(parts):
            op.execute(
                f"CREATE TABLE {part} PARTITION OF {table} FOR VALUES WITH (MODULUS {len(parts)}, REMAINDER {n})"
            )
        for stored in parts or [table]:
            if table in STORAGE:
                op.execute(f"ALTER TABLE {stored} SET ({STORAGE[table]})")
    # Which process sweeps or delivers what until when: after a crash nobody needs to know, so it is not logged.
    op.create_table(
        "claims",
        needed("lane", SMALL),
        needed("kind", TEXT),
        needed("order_id", TEXT),
        needed("by", BIG),
        needed("until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("lane", "kind", "order_id"),
        prefixes=["UNLOGGED"],
    )
