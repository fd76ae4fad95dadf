"""What a copy of a database is, whichever store made it, and who makes one and takes one in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from fairhold.engine.ports.photos import Photo
from fairhold.store.migrations import VERSION_TABLE

SQLITE, POSTGRESQL = "sqlite", "postgresql"
"""The two kinds of copies."""

NEW_HAVE = frozenset({"meta", VERSION_TABLE})
"""Tables that have rows in every new database."""

Advance = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


class Copied(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a copy has: the newest migration that it has seen, and how many rows of each table.

    `partitions`: into how many parts PostgreSQL divides its tables by lane; 0: not at all.
    """

    kind: str
    revision: str
    rows: dict[str, int]
    partitions: int = 0


class Held(NamedTuple):
    """What a database has already: its newest migration, how many orders, and whether any table of people has a row."""

    revision: str
    orders: int
    empty: bool


class Damaged(Exception):
    """A copy cannot be what was written: which file, and why."""


class Moment(Protocol):
    """A database at one moment, for as long as it is held."""

    def write(self, folder: Path, advance: Advance) -> Copied:
        """Copy all of it into an empty folder. Raises StoreUnavailable or OSError."""
        ...

    def photos(self) -> Iterator[Photo]:
        """The photos that it knew of, once it is written."""
        ...


class Place(Protocol):
    """A database into which a copy is put: nobody else uses it meanwhile. Every method raises StoreUnavailable."""

    def held(self) -> Held | None:
        """What it has; None where there are no tables yet."""
        ...

    def load(self, folder: Path, copied: Copied, advance: Advance) -> None:
        """Take in a copy; nobody sees any of it before `keep`. Raises OSError, too."""
        ...

    def keep(self) -> str | None:
        """The copy is the database from now on. Where what it replaced can be found, if anywhere."""
        ...
