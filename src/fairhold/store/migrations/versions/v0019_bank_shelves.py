"""Each part of the list of bank transfers has its index, and so has what orders have yet to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_OPEN = "(state = 'open' OR (first_by IS NOT NULL AND settled_at IS NULL))"


def upgrade() -> None:
    """Make the indexes."""
    for name, columns, where in (
        ("bank_tasks_open", ["asked_at", "id"], _OPEN),
        ("bank_tasks_done", ["asked_at", "id"], "state = 'done'"),
        ("bank_tasks_ended", ["asked_at", "id"], f"state IN ('failed', 'closed') AND NOT {_OPEN}"),
        ("bank_tasks_untold", ["settled_at", "id"], "settled_at IS NOT NULL AND told_at IS NULL"),
    ):
        op.create_index(name, "bank_tasks", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
