"""What houses without a network have in common: a clock that goes on, and a database that fails at the wrong moment."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fairhold.domain.instants import SECOND, Duration, Instant
from fairhold.engine.ports.small_tables import Run, Tables
from fairhold.engine.ports.store import StoreUnavailable

START = Instant(1_780_000_000_000_000)


class GoingClock:
    """A clock that goes on by a second whenever somebody looks at it, so that nothing happens at the same moment."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> Instant:
        self.at = Instant(self.at + SECOND)
        return self.at

    def wait(self, duration: Duration) -> None:
        self.at = Instant(self.at + duration)


class FailingTables:
    """Tables whose next change fails: `lost` after it was made, `broken` before."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.lost = self.broken = False

    def rows(self, statement: str, *values: object) -> list[Any]:
        return self._tables.rows(statement, *values)

    def change(self, *steps: tuple[str, Sequence[Any]]) -> list[int]:
        self._break()
        done = self._tables.change(*steps)
        self._lose()
        return done

    @contextmanager
    def transaction(self) -> Iterator[Run]:
        self._break()
        with self._tables.transaction() as run:
            yield run
        self._lose()

    def _break(self) -> None:
        if self.broken:
            self.broken = False
            raise StoreUnavailable("the database is away")

    def _lose(self) -> None:
        if self.lost:
            self.lost = False
            raise StoreUnavailable("the answer to COMMIT was lost")
