"""Reviews: rows for lists, for moderators and for people's own pages, reports about them, and sums of them.

A review is written when its deal has ended and changes a few times at most: each list has an index of its own, the same in
both databases, and a batch without reviews touches none. What everybody sees stands in indexes for shown rows alone,
under its facet: stars, photo or not and language in one number.

Sums are written as balances are: a row a lane, figure and day, to which each batch adds.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from fairhold.store.migrations.versions.v0001_first_tables import BIG, INT, SMALL, TEXT, needed

revision = "0006"
down_revision = "0005"

TABLES = ("reviews", "product_reviews", "review_reports", "review_figures")

# A page is found without a look at the table where its list's index has what else is asked for: in PostgreSQL the primary
# key of its rows, in SQLite, which knows rows by number, the columns of the condition.
INDEXES = (
    ("reviews_of_subject", "reviews", "subject, facet, left_at, id, {lane}", "shown = 1"),
    ("reviews_of_author", "reviews", "author, left_at, id", ""),
    ("reviews_counted", "reviews", "author, shown, automatic", "shown = 1 AND automatic = 0"),
    ("reviews_waiting", "reviews", "changed_at, id", "(awaits = 1 OR reports > 0)"),
    ("product_reviews_of_product", "product_reviews", "product, facet, left_at, review_id, {line}", "shown = 1"),
    ("review_reports_of_review", "review_reports", "lane, review_id, at, reporter", ""),
    ("review_reports_of_reporter", "review_reports", "reporter, at", ""),
)
POSTGRES = {"lane": "lane", "line": "lane, line_id"}
SQLITE = {"lane": "shown", "line": "shown"}

SUMS = """
one two three four five with_photo in_ru in_en accuracy_n accuracy_stars communication_n communication_stars speed_n
speed_stars automatic lost
"""


def upgrade() -> None:
    """Make the tables, divided as those of orders are, and their indexes."""
    postgres = op.get_context().dialect.name == "postgresql"
    parts = _parts_of_orders() if postgres else 0
    reviews(parts)
    reports_and_figures(parts)
    for table in TABLES if postgres else ():
        own = [f"{table}_{part}" for part in range(parts)]
        for part, name in enumerate(own):
            op.execute(f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES WITH (MODULUS {parts}, REMAINDER {part})")
        for stored in own or [table]:
            if table == "review_figures":
                # Written anew all the time, as balances are: room on the page for the next version of a row.
                op.execute(f"ALTER TABLE {stored} SET (fillfactor = 50)")
    for number, (name, table, columns, where) in enumerate(INDEXES, 1):
        # Those of `reviews` are each for rows of which something is said that holds for all of them; only statements
        # that say so, too, are planned with it (0005). SQLite is told by name.
        conditions = [f"left_at <> -{number}"] * (postgres and table == "reviews") + [where] * bool(where)
        op.execute(
            f"CREATE INDEX {name} ON {table} ({columns.format_map(POSTGRES if postgres else SQLITE)})"
            f"{' WHERE ' * bool(conditions)}{' AND '.join(conditions)}"
        )


def reviews(parts: int) -> None:
    """What is said of a deal, and of each of its products."""
    of_orders(
        "reviews",
        parts,
        needed("lane", SMALL),
        needed("id", TEXT),
        needed("order_id", TEXT),
        needed("author", TEXT),
        needed("subject", TEXT),
        needed("status", TEXT),
        needed("shown", SMALL),
        needed("awaits", SMALL),
        needed("facet", SMALL),
        needed("rating", SMALL),
        sa.Column("accuracy", SMALL),
        sa.Column("communication", SMALL),
        sa.Column("speed", SMALL),
        needed("language", TEXT),
        needed("photos", SMALL),
        needed("anonymous", SMALL),
        needed("automatic", SMALL),
        needed("version", INT),
        needed("left_at", BIG),
        sa.Column("revised_at", BIG),
        sa.Column("reply_version", INT),
        sa.Column("reply_at", BIG),
        needed("reply_status", TEXT),
        needed("changed_at", BIG),
        needed("pictures", TEXT),
        # A change of something else is written with nothing here, which leaves what stands in the row.
        sa.Column("text", TEXT),
        sa.Column("reply", TEXT),
        sa.Column("held", TEXT),
        sa.Column("reports", INT),
        sa.PrimaryKeyConstraint("lane", "id"),
        sa.CheckConstraint("shown IN (0, 1)", name="reviews_shown_or_not"),
        sa.CheckConstraint("awaits IN (0, 1)", name="reviews_awaited_or_not"),
    )
    of_orders(
        "product_reviews",
        parts,
        needed("lane", SMALL),
        needed("review_id", TEXT),
        needed("line_id", TEXT),
        needed("product", TEXT),
        needed("shown", SMALL),
        needed("facet", SMALL),
        needed("rating", SMALL),
        needed("left_at", BIG),
        needed("pictures", TEXT),
        sa.Column("text", TEXT),
        sa.PrimaryKeyConstraint("lane", "review_id", "line_id"),
        sa.CheckConstraint("shown IN (0, 1)", name="product_reviews_shown_or_not"),
    )


def reports_and_figures(parts: int) -> None:
    """What strangers say about reviews, and what reviews add up to."""
    of_orders(
        "review_reports",
        parts,
        needed("lane", SMALL),
        needed("review_id", TEXT),
        needed("reporter", TEXT),
        needed("reason", TEXT),
        needed("text", TEXT),
        needed("at", BIG),
        sa.PrimaryKeyConstraint("lane", "review_id", "reporter"),
    )
    of_orders(
        "review_figures",
        parts,
        needed("lane", SMALL),
        needed("name", TEXT),
        needed("day", INT),
        *(needed(name, BIG) for name in SUMS.split()),
        sa.PrimaryKeyConstraint("lane", "name", "day"),
        sqlite_with_rowid=False,
    )


def of_orders(name: str, parts: int, *columns: "sa.schema.SchemaItem", **options: Any) -> None:
    """A table of what belongs to orders, divided by lane where they are."""
    divided: dict[str, Any] = {"postgresql_partition_by": "HASH (lane)"} if parts else {}
    op.create_table(name, *columns, sqlite_strict=True, **divided, **options)


def _parts_of_orders() -> int:
    """Into how many parts the orders of this database were divided when it was made; 0: not at all."""
    counted = op.get_bind().execute(sa.text("SELECT count(*) FROM pg_inherits WHERE inhparent = 'orders'::regclass"))
    return int(counted.scalar_one())
