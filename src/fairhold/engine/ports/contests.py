"""Chargebacks that operators contest: one row each, as long as the provider has not said what came of it and ever after."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from fairhold.domain.instants import Instant

LONGEST_NOTE = 4000


class ContestState(StrEnum):
    """How far the evidence has come."""

    ASKED = "asked"
    """Somebody wants it handed in; the provider has not answered yet."""
    HANDED_IN = "handed_in"
    REFUSED = "refused"
    """The provider does not take it; it may be asked anew."""


class Contest(NamedTuple):
    """A row of `contests`. `reference` is the provider's name for the chargeback, `note` the operator's own words to the bank.

    `tries` counts how often somebody asked. `why` it was refused is one of `payment_seen.No`.
    """

    chargeback: str
    order: str
    reference: str
    provider: str
    asked_at: Instant
    asked_by: str
    note: str = ""
    state: ContestState = ContestState.ASKED
    why: str = ""
    tries: int = 1
    next_at: Instant | None = None
    done_at: Instant | None = None


class ContestRows(Protocol):
    """The table. Safe from any thread and from several processes; every method raises StoreUnavailable."""

    def ask(self, contest: Contest) -> Contest:
        """Keep it unless one of that chargeback is there; as it is kept."""
        ...

    def contest(self, chargeback: str) -> Contest | None:
        """The one of that chargeback."""
        ...

    def of_order(self, order: str) -> list[Contest]:
        """All of an order, by chargeback."""
        ...

    def move(self, before: Contest, after: Contest) -> bool:
        """Write it anew, unless somebody else was faster."""
        ...

    def due(self, now: Instant, limit: int) -> list[Contest]:
        """Those of which the provider is to be asked by now, the longest due first."""
        ...

    def next_due(self) -> Instant | None:
        """When a provider is to be asked next."""
        ...
