"""Small tables as their keepers ask for them: people, messages, endpoints and the like, none of which belongs to an order.

They lie in the home database. Their SQL stands in `store/`, is the same for every store, and says `?` where a value
goes; `%` stands for nothing else in it.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Ran(Protocol):
    """What a statement did."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""
        ...

    def fetchall(self) -> list[Any]:
        """The rows that its `RETURNING`, or a query, answers."""
        ...


class Run(Protocol):
    """Runs a statement inside an open transaction."""

    def __call__(self, statement: str, *values: object) -> Ran:
        """What it did. Raises Conflict where a row of that key is there, or StoreUnavailable."""
        ...


class Tables(Protocol):
    """How small tables are asked and changed; safe from any thread. Every method raises StoreUnavailable."""

    def rows(self, statement: str, *values: object) -> list[Any]:
        """What a query finds."""
        ...

    def change(self, *steps: tuple[str, Sequence[Any]]) -> list[int]:
        """Run these statements in one transaction; how many rows each changed. Raises Conflict."""
        ...

    def transaction(self) -> AbstractContextManager[Run]:
        """A transaction that ends with the `with`: durable, or, where that raises, as if nothing had been done.

        On SQLite nobody else writes meanwhile, orders included: ask nothing of the world outside in it.
        """
        ...
