"""What `doctor` looks at: whether a commit is durable and the server one that Fairhold knows."""

from collections.abc import Iterator
from contextlib import closing

from fairhold.domain.instants import Instant
from fairhold.store.postgres.connections import READING, Address, Connection
from fairhold.store.postgres.faults import explained

CLOCK = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

OLDEST = 14
"""Below this, pipelines and their errors behave differently."""

# Setting, the value that is dangerous, and why.
_DANGEROUS = (
    ("fsync", "off", "a power cut may destroy the database"),
    ("full_page_writes", "off", "a power cut in the middle of a write may destroy the database"),
    ("synchronous_commit", "off", "a crash loses orders that were acknowledged"),
)


def problems(connection: Connection, name: str) -> Iterator[str]:
    """Everything that is wrong with the database `name`, as a writing connection sees it."""
    version = connection.info.server_version // 10000
    if version < OLDEST:
        yield f"The database {name} is PostgreSQL {version}: Fairhold needs {OLDEST} or newer."
    for setting, dangerous, why in _DANGEROUS:
        row = connection.execute("SELECT current_setting(%s)", (setting,)).fetchone()
        if row is not None and row[0] == dangerous:
            yield f"The database {name} has {setting} = {dangerous}: {why}."
    row = connection.execute("SELECT current_setting('server_encoding')").fetchone()
    if row is not None and row[0] != "UTF8":
        yield f"The database {name} keeps texts as {row[0]}: names in other scripts will be refused. It must be UTF8."


def clock(url: str) -> tuple[str, Instant]:
    """The database's name, and what time it says it is. Raises StoreUnavailable."""
    address = Address(url)
    with closing(address.open(READING)) as connection, explained(address.name):
        connection.execute(CLOCK.encode())
        row = connection.execute(CLOCK.encode()).fetchone()
        assert row is not None
        return address.name, Instant(row[0])
