"""What time the databases say it is: a machine's clock is wrong where it differs from everybody else's."""

from collections.abc import Iterator

from fairhold.domain.instants import Duration
from fairhold.engine.installation.clock import SystemClock
from fairhold.engine.installation.settings import database_urls
from fairhold.store.urls import is_postgres


def differences(url: str) -> Iterator[tuple[str, Duration]]:
    """How far each database's clock is ahead of this machine's. SQLite has none of its own. Raises StoreUnavailable."""
    if not is_postgres(url):
        return
    from fairhold.store.postgres.health import clock

    for one in database_urls(url):
        before = SystemClock().now()
        name, there = clock(one)
        after = SystemClock().now()
        # It was asked at some moment between the two: only what lies outside of them is a difference.
        yield name, Duration(max(there - after, 0) + min(there - before, 0))
