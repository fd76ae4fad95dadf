"""Photos: who sent them, and what is stored. The pictures themselves are files beside the database.

Like sessions and keys they belong to no order: whoever sends a photo has not said yet what it is evidence for. Which order
may come to show it is noted beside it, so that the other party finds it by its name alone.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

INT = sa.Integer()
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make both tables, and the index by which a person's photos of a day are counted."""
    op.create_table(
        "photos",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("width", INT, nullable=False),
        sa.Column("height", INT, nullable=False),
        sa.Column("size", INT, nullable=False),
        sa.Column("uploaded_at", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("photos_of_owner", "photos", ["owner", "uploaded_at"])
    op.create_table(
        "photo_orders",
        sa.Column("photo_id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("photo_id", "order_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
