"""Small tables, which lie in the home database."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fairhold.engine.ports.small_tables import Run
from fairhold.store.routed.databases import Database


class RoutedTables:
    """Small tables; safe from any thread. Every method raises StoreUnavailable while the home is away."""

    def __init__(self, home: Callable[[], Database]) -> None:
        self._home = home

    def rows(self, statement: str, *values: object) -> list[Any]:
        """What a query finds."""
        home = self._home()
        with home.asked():
            return home.store.tables().rows(statement, *values)

    def change(self, *steps: tuple[str, Sequence[Any]]) -> list[int]:
        """Run these statements in one transaction; how many rows each changed."""
        home = self._home()
        with home.asked():
            return home.store.tables().change(*steps)

    @contextmanager
    def transaction(self) -> Iterator[Run]:
        """A transaction that ends with the `with`."""
        home = self._home()
        with home.asked(), home.store.tables().transaction() as run:
            yield run
