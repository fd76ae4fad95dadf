"""The table of parcels as the engine asks for it: which order a tracking number belongs to, and who is asked about it when."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from fairhold.domain.ids import OrderId, ShipmentId
from fairhold.domain.instants import Duration, Instant
from fairhold.domain.order import ParcelStatus


class ParcelState(StrEnum):
    """How far a provider is with a parcel."""

    NEW = "new"
    FOLLOWED = "followed"
    REFUSED = "refused"
    FINISHED = "finished"


class Parcel(NamedTuple):
    """A row of `parcels`. `number` is the tracking number as it is compared, `written` as the sender wrote it.

    `addressee` is to whom it travels, as the stored actor (`buyer:ann`). `provider` is who is asked, nobody where it is
    empty; the next time at `due_at`, where there is one. `heard_at`: when somebody last told of it; `attempts` count
    how often in a row the provider refused it. `ticket` is an answer that is still to be fetched.
    """

    shipment: ShipmentId
    order: OrderId
    number: str
    written: str
    carrier: str
    addressee: str
    shipped_at: Instant
    provider: str = ""
    state: ParcelState = ParcelState.FOLLOWED
    due_at: Instant | None = None
    attempts: int = 0
    asked_at: Instant | None = None
    heard_at: Instant | None = None
    ticket: str | None = None
    error: str | None = None


class EarlyScan(NamedTuple):
    """A scan of a number that no parcel has, or not yet: senders often write a number down after the carrier's first scan."""

    number: str
    carrier: str
    source: str
    status: ParcelStatus
    at: Instant
    learned_at: Instant
    code: str
    place: str | None = None
    note: str | None = None


class UnknownNumber(NamedTuple):
    """A number that was told of and is no parcel's."""

    number: str
    source: str
    scans: int
    last_learned_at: Instant


class ParcelRows(Protocol):
    """The table. Safe from any thread; every method raises StoreUnavailable."""

    def register(self, parcels: Sequence[Parcel]) -> None:
        """Keep these; a parcel that is there already stays as it is."""
        ...

    def with_numbers(self, numbers: Sequence[str]) -> list[Parcel]:
        """All parcels with these numbers, as they are compared; the oldest first."""
        ...

    def of_shipments(self, shipments: Sequence[str]) -> list[Parcel]:
        """The parcels of these shipments that are there."""
        ...

    def due(self, provider: str, now: Instant, most: int) -> dict[ParcelState, int]:
        """How many are due, counted up to `most`: new ones, and others."""
        ...

    def claim(self, provider: str, state: ParcelState, now: Instant, lease: Duration, limit: int) -> list[Parcel]:
        """Take what is due and waits for no answer, soonest first; nobody else gets it before the lease ends."""
        ...

    def claim_ticket(self, provider: str, now: Instant, lease: Duration) -> list[Parcel]:
        """Take the parcels of one ticket whose answer is due."""
        ...

    def settle(self, parcels: Sequence[Parcel]) -> None:
        """Write down who is asked, when next, and what came of it last; when they were heard of is not touched."""
        ...

    def heard(self, parcels: Sequence[Parcel]) -> None:
        """Write down when these were heard of, and when they are asked about next."""
        ...

    def astray(self, providers: Sequence[str], limit: int) -> list[Parcel]:
        """Open parcels about which somebody else is asked, or nobody."""
        ...

    def silent(self, shipped_before: Instant, heard_before: Instant, limit: int) -> list[Parcel]:
        """Open parcels that were shipped and not heard of since those, and any that are refused; the oldest first."""
        ...

    def keep_early(self, scans: Sequence[EarlyScan]) -> None:
        """Keep these for a parcel to come; of one number at most 200."""
        ...

    def early(self, numbers: Sequence[str]) -> list[EarlyScan]:
        """What was told of these numbers before there was a parcel, by the scans' own times."""
        ...

    def unknown(self, limit: int) -> list[UnknownNumber]:
        """Numbers that were told of and are no parcel's, the newest news first."""
        ...

    def forget_early(self, learned_before: Instant) -> None:
        """Drop what nobody has waited for."""
        ...

    def forget_finished(self, shipped_before: Instant) -> None:
        """Drop parcels that came to their end long ago, a portion at a time."""
        ...


class ProviderTurns(Protocol):
    """Whose turn it is to call a provider, among all processes of this installation. Raises StoreUnavailable."""

    def take(self, provider: str, now: Instant, pause: Duration, day: int, a_day: int | None) -> bool:
        """Whether a call may be made now; then none may be for `pause`, and it counts for that day."""
        ...

    def calls(self, provider: str, day: int) -> int:
        """How many calls were made on that day."""
        ...

    def rest(self, provider: str, until: Instant) -> None:
        """Nobody calls before then."""
        ...
