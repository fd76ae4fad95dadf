"""Commitments of events, and the daily heads over them.

Events of before have none: they are committed to by their bytes alone, and stand under a daily head once their order has
another event. The index by the time of writing is only ever written at its end, and only for events that have one; so a
batch pays for one page of it and not for one an event.
"""

import sqlalchemy as sa
from alembic import op

from fairhold.store.migrations.versions.v0001_first_tables import BIG, BYTES, INT, TEXT, needed

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Widen `events`, and make the tables of heads."""
    for column in (sa.Column("salt", BYTES), sa.Column("commitment", BYTES), sa.Column("written_at", BIG)):
        op.add_column("events", column)
    op.execute("CREATE INDEX events_written ON events (lane, written_at) WHERE written_at IS NOT NULL")
    strict = {"sqlite_strict": True, "sqlite_with_rowid": False}
    op.create_table(
        "daily_leaves",
        needed("day", INT),
        needed("order_id", TEXT),
        needed("seq", INT),
        needed("head", BYTES),
        sa.PrimaryKeyConstraint("day", "order_id"),
        **strict,
    )
    op.execute("CREATE INDEX daily_leaves_of_order ON daily_leaves (order_id, day)")
    op.create_table(
        "daily_heads",
        needed("day", INT),
        needed("previous", BYTES),
        needed("root", BYTES),
        needed("orders", INT),
        needed("blocks", BYTES),
        needed("public_key", BYTES),
        needed("signature", BYTES),
        needed("made_at", BIG),
        sa.PrimaryKeyConstraint("day"),
        **strict,
    )
