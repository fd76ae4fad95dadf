"""Accounts: who signs in and by what, links and guesses that count once or so many times, and more about sessions and keys.

None of it belongs to an order. Secrets that people bring are kept as hashes; the one that must be read again, of one-time
codes, is kept sealed with the installation's secret.
"""

import sqlalchemy as sa
from alembic import op

from fairhold.store.migrations.versions.v0001_first_tables import BIG, BYTES, INT, TEXT, needed

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables, and widen those of sessions and keys."""
    accounts()
    factors()
    once()
    for column in (
        sa.Column("proved_at", BIG, nullable=False, server_default="0"),
        sa.Column("factor_at", BIG),
        sa.Column("idle", BIG, nullable=False, server_default="0"),
        sa.Column("means", TEXT, nullable=False, server_default="demo"),
        sa.Column("device", TEXT, nullable=False, server_default=""),
    ):
        op.add_column("sessions", column)
    op.create_index("sessions_of_person", "sessions", ["person"])
    op.add_column("api_keys", sa.Column("used_at", BIG))
    op.add_column("api_keys", sa.Column("replaced_by", TEXT))


def accounts() -> None:
    """People who sign in here, and who they are elsewhere."""
    op.create_table(
        "accounts",
        needed("person", TEXT),
        needed("name", TEXT),
        sa.Column("email", TEXT),
        sa.Column("email_key", TEXT),
        sa.Column("password", TEXT),
        needed("roles", TEXT),
        needed("language", TEXT),
        needed("created_at", BIG),
        needed("changed_at", BIG),
        sa.Column("totp", BYTES),
        needed("totp_step", BIG),
        sa.Column("forgotten_at", BIG),
        sa.PrimaryKeyConstraint("person"),
        sqlite_strict=True,
    )
    # Several accounts may have no address at all; one address has one account.
    op.create_index("accounts_by_email", "accounts", ["email_key"], unique=True)
    op.create_table(
        "identities",
        needed("issuer", TEXT),
        needed("subject", TEXT),
        needed("person", TEXT),
        needed("linked_at", BIG),
        sa.PrimaryKeyConstraint("issuer", "subject"),
        sqlite_strict=True,
    )
    op.create_index("identities_of_person", "identities", ["person"])


def factors() -> None:
    """What a person has beside a password."""
    op.create_table(
        "passkeys",
        needed("id", TEXT),
        needed("person", TEXT),
        needed("public_key", BYTES),
        needed("uses", BIG),
        needed("name", TEXT),
        needed("added_at", BIG),
        sa.Column("used_at", BIG),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("passkeys_of_person", "passkeys", ["person"])
    op.create_table(
        "recovery_codes",
        needed("person", TEXT),
        needed("code_hash", BYTES),
        sa.PrimaryKeyConstraint("person", "code_hash"),
        sqlite_strict=True,
    )


def once() -> None:
    """What counts once, or so many times in a while."""
    op.create_table(
        "tickets",
        needed("token_hash", BYTES),
        needed("purpose", TEXT),
        needed("person", TEXT),
        needed("value", TEXT),
        needed("expires_at", BIG),
        sa.PrimaryKeyConstraint("token_hash"),
        sqlite_strict=True,
    )
    op.create_index("tickets_of_person", "tickets", ["person", "purpose"])
    op.create_index("tickets_expiring", "tickets", ["expires_at"])
    op.create_table(
        "spent",
        needed("token_hash", BYTES),
        needed("expires_at", BIG),
        sa.PrimaryKeyConstraint("token_hash"),
        sqlite_strict=True,
    )
    op.create_index("spent_expiring", "spent", ["expires_at"])
    op.create_table(
        "attempts",
        needed("bucket", BYTES),
        needed("count", INT),
        needed("ends_at", BIG),
        sa.PrimaryKeyConstraint("bucket"),
        sqlite_strict=True,
    )
    op.create_index("attempts_ending", "attempts", ["ends_at"])
