"""A store whose writes fail when a test says so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fairhold.domain.ids import Lane
from fairhold.engine.ports.store import Batch, Store, Writer

Fault = Callable[[Batch], None]


class FaultyWriter:
    """A writer that lets a test look at each batch before it is written, and after."""

    def __init__(self, writer: Writer, store: "FaultyStore") -> None:
        self._writer = writer
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    def write(self, batch: Batch) -> None:
        self._store.batches.append(batch)
        self._store.before(batch)
        self._writer.write(batch)
        self._store.after(batch)


class FaultyStore:
    """`before` and `after` each write may raise; `batches` keeps what was to be written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.batches: list[Batch] = []
        self.before: Fault = lambda batch: None
        self.after: Fault = lambda batch: None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def writer(self, lane: Lane) -> Iterator[Any]:
        with self._store.writer(lane) as writer:
            yield FaultyWriter(writer, self)
