"""Letters: who can be written to, what waits to be sent, and addresses that take nothing.

They belong to no order: letters about accounts are sent by the same queue.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

INT = sa.Integer()
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables, and the indexes by which the next letter, a person's, and old keys are found."""
    op.create_table(
        "contacts",
        sa.Column("person", TEXT, nullable=False),
        sa.Column("email", TEXT),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("name", TEXT),
        sa.PrimaryKeyConstraint("person"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "refused_addresses",
        sa.Column("email", TEXT, nullable=False),
        sa.Column("refused_at", BIG, nullable=False),
        sa.Column("answer", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("email"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mail",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("person", TEXT),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("template", TEXT, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("not_before", BIG, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempts", INT, nullable=False),
        sa.Column("error", TEXT),
        sa.Column("done_at", BIG),
        sa.PrimaryKeyConstraint("key"),
        sqlite_strict=True,
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("mail_waiting", "mail", ["not_before"], sqlite_where=waiting, postgresql_where=waiting)
    known = sa.text("person IS NOT NULL")
    op.create_index("mail_of_person", "mail", ["person"], sqlite_where=known, postgresql_where=known)
    done = sa.text("done_at IS NOT NULL")
    op.create_index("mail_done", "mail", ["done_at"], sqlite_where=done, postgresql_where=done)
