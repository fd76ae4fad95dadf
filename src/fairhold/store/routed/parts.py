"""Asking one of the databases, or each of them and putting together what they answer."""

from collections.abc import Callable, Iterable
from heapq import merge
from itertools import islice
from typing import Any, TypeVar

from fairhold.domain.ids import Lane
from fairhold.store.postgres.reader import PostgresReader
from fairhold.store.routed.databases import Database

T = TypeVar("T")
Owner = Callable[[Lane], Database | None]
"""Whose a lane is; None: nobody's. Raises StoreUnavailable where that cannot be told just now."""


class Parts:
    """The databases' readers."""

    def __init__(self, readers: dict[Database, PostgresReader], owner: Owner) -> None:
        self._readers = readers
        self._owner = owner

    def _of(self, lane: Lane, ask: Callable[[PostgresReader], T], nothing: T) -> T:
        database = self._owner(lane)
        if database is None:
            return nothing
        with database.asked():
            return ask(self._readers[database])

    def _each(self, ask: Callable[[PostgresReader], T]) -> list[T]:
        found = []
        for database, reader in self._readers.items():
            with database.asked():
                found.append(ask(reader))
        return found

    def _merged(
        self, ask: Callable[[PostgresReader], Iterable[T]], limit: int, by: Callable[[T], Any], *, down: bool = False
    ) -> list[T]:
        return list(islice(merge(*self._each(ask), key=by, reverse=down), limit))
