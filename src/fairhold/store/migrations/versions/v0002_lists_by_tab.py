"""Lists by tab: an order stands in each list under the mask of its tabs, so that a rare tab is found among millions.

The two databases are told different indexes, because they pay for them differently. PostgreSQL writes a row's every
index whenever the row changes, so an index there is worth its place only if lists can do without another. SQLite
writes an index only when one of its own columns changes, and then pays by the page: there an index without `tabs` costs
a confirmation nothing, and a buyer's few hundred orders are looked through.

On PostgreSQL the indexes may be built beforehand, while the version before is at work (`CREATE INDEX CONCURRENTLY`
under these names): what is there is left as it is.
"""

from typing import Any

from alembic import op

revision = "0002"
down_revision = "0001"

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def number(position_in: str, big: str) -> str:
    """The number that people read, out of the id: what its characters 10 to 17 say in base 32, the last eight digits."""
    digits = (
        f"({position_in}('{_ALPHABET}', substr(order_id, {17 - power}, 1)) - 1) * {32**power}{big}"
        for power in range(8)
    )
    return f"(({' + '.join(digits)}) % 100000000)"


SQLITE = {
    "orders_of_seller": "seller, tabs, id",
    "orders_by_tab": "tabs, id",
}
# With the lane behind the id, a page's orders are found by their primary keys without a look at the table; it takes no
# room, since entries are filled up to eight bytes.
POSTGRES = {
    "orders_of_buyer": "buyer, tabs, id, lane",
    "orders_of_seller": "seller, tabs, id, lane",
    "orders_by_tab": "tabs, id, lane) WHERE (tabs >= 0",
}


def upgrade() -> None:
    """Make the new indexes, and drop those whose place they take."""
    postgres = op.get_context().dialect.name == "postgresql"
    indexes: dict[str, Any] = POSTGRES if postgres else SQLITE
    for name, columns in indexes.items():
        op.execute(f"CREATE INDEX IF NOT EXISTS {name} ON orders ({columns})")
    # An order's number never changes, and neither does its first event: there the index is written once an order and not
    # with each of its versions, whose places would lie in no order of time.
    numbers = number("strpos", "::bigint") if postgres else number("instr", "")
    op.execute(f"CREATE INDEX IF NOT EXISTS events_by_number ON events ({numbers}) WHERE seq = 1")
    for name in ("orders_by_seller", *(("orders_by_buyer", "orders_by_id") if postgres else ())):
        op.execute(f"DROP INDEX IF EXISTS {name}")
