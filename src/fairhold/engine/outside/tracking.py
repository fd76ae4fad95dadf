"""Whoever knows where parcels are, as the engine sees them: what they tell, how they are asked, and what they send."""

from collections.abc import Mapping, Sequence
from typing import Annotated, NamedTuple, Protocol

import msgspec
from msgspec import Meta

from fairhold.domain.commands import Note, Short
from fairhold.domain.instants import Duration, Instant
from fairhold.domain.order import ParcelStatus


class CarrierScan(NamedTuple):
    """One scan. `code` is the provider's own word for it, kept as it came."""

    status: ParcelStatus
    at: Instant
    code: str
    place: str | None = None
    note: str | None = None


class News(NamedTuple):
    """All that a provider tells of one number; by which carrier, in the provider's word for it, where it says."""

    number: str
    carrier: str
    scans: tuple[CarrierScan, ...]


class Wanted(NamedTuple):
    """A parcel that a provider is asked about: its number as the sender wrote it, and our code of its carrier."""

    number: str
    carrier: str


class Report(NamedTuple):
    """What a call brought.

    `refused` says by number why the provider takes no such parcel; `unknown` are those that it wants to be told of
    first. With a `ticket`, the answer itself is to be fetched later, not before `ready` has passed.
    """

    news: tuple[News, ...] = ()
    refused: Mapping[str, str] = {}
    unknown: frozenset[str] = frozenset()
    ticket: str | None = None
    ready: Duration = Duration(0)


class Tracker(Protocol):
    """A provider that is asked. Every call raises TryLater and may take seconds; never two at once."""

    name: str
    """What scans name as their source, such as `17track`."""
    registers: bool
    """Whether it must be told of a parcel before it can be asked about it."""
    pause: Duration
    """Between two calls, at least."""
    calls_a_day: int | None

    def takes(self, wanted: Wanted) -> bool:
        """Whether it is worth asking about such a number."""
        ...

    def batch(self, due: int, calls_left: int | None, /) -> int:
        """How many of so many parcels the next call is to be about, with so many calls left for the day."""
        ...

    def register(self, parcels: Sequence[Wanted], /) -> Report:
        """Tell it of these; of one that it knows already it may be told again."""
        ...

    def ask(self, parcels: Sequence[Wanted]) -> Report:
        """Where these are, or a ticket for that."""
        ...

    def collect(self, ticket: str, /) -> Report:
        """What was asked for under the ticket; a report with the same ticket where it is not ready yet."""
        ...

    def close(self) -> None:
        """There are no more calls."""
        ...


class Inbound(Protocol):
    """A provider that calls us."""

    name: str

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether the provider sent this body, byte for byte; names of headers in small letters."""
        ...

    def read(self, body: bytes) -> tuple[News, ...]:
        """What it tells. Raises Unreadable."""
        ...


class WordScan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scan of a parcel; `at` is when it happened, `code` the carrier's own word for it."""

    status: ParcelStatus
    at: Annotated[str, Meta(max_length=40)]
    place: Note | None = None
    note: Note | None = None
    code: Short | None = None


class CarrierWord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a carrier tells of a parcel in our own vocabulary. One that names itself speaks of its own numbers only."""

    tracking_number: Short
    carrier: Short | None = None
    checkpoints: Annotated[tuple[WordScan, ...], Meta(min_length=1, max_length=200)]
