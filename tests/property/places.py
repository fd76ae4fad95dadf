"""Where the machine's orders lie: a database that is emptied for each example."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

from fairhold.engine.installation.settings import database_urls

TABLES = (
    "orders",
    "events",
    "transfers",
    "balances",
    "outbox",
    "idempotency",
    "claims",
    "disputes",
    "reviews",
    "product_reviews",
    "review_reports",
    "review_figures",
    "daily_leaves",
    "daily_heads",
)


@dataclass
class Place:
    """A folder for SQLite files, or the URLs of PostgreSQL databases."""

    where: Path | str

    def __post_init__(self) -> None:
        self._files = count()

    def emptied(self) -> Path | str:
        """What to open next."""
        if isinstance(self.where, Path):
            return self.where / f"example-{next(self._files)}.db"
        for url in database_urls(self.where):
            with psycopg.connect(url) as connection:
                for table in TABLES:
                    connection.execute(f"DELETE FROM {table}".encode())
        return self.where
