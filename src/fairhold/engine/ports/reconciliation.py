"""Rows of reconciliation: what a day's comparison came to, what the sides differ in, and whose turn it is.

Small tables that belong to no order. Sums are minor units as the provider counts: what it has for us is above zero.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from fairhold.domain.instants import Instant
from fairhold.ledger.reconciling import Entry, What


class Day(NamedTuple):
    """One day (since 1970, UTC) of one clearing account, as it was last compared.

    `stated` and `booked` are what came by the day's lines and movements; the balances are those at its end, both counted
    from the first day that was compared. Between them lie what was `on_the_way` then (one side had it, the other had it
    later), what is `open`, and what was explained by a person. `items` are the open items of the day.
    """

    provider: str
    currency: str
    day: int
    lines: int
    movements: int
    stated: int
    booked: int
    stated_balance: int
    booked_balance: int
    on_the_way: int
    open: int
    items: int
    ran_at: Instant

    @property
    def difference(self) -> int:
        """What the provider's balance has more than ours."""
        return self.stated_balance - self.booked_balance

    @property
    def explained(self) -> int:
        """What of the difference people have explained."""
        return self.difference - self.on_the_way - self.open


class Item(NamedTuple):
    """Something that statement and books differ in: open until both have it, or until a person (`closed_by`) gives a reason.

    `reference` is the provider's name of it. `seen_at`: when it was found; `checked_at`: when it was last looked at.
    """

    id: str
    provider: str
    currency: str
    what: What
    kind: str
    reference: str
    order: str | None
    stated: Entry | None
    booked: Entry | None
    seen_at: Instant
    checked_at: Instant
    closed_at: Instant | None = None
    closed_by: str | None = None
    reason: str | None = None

    @property
    def happened_at(self) -> Instant:
        """When the first of its sides happened."""
        return min(side.at for side in (self.stated, self.booked) if side is not None)

    @property
    def net(self) -> int:
        """By how much the provider has more than our books, because of it."""
        return (self.stated.net if self.stated else 0) - (self.booked.net if self.booked else 0)


class Turn(NamedTuple):
    """How it stands with a provider: every day up to `done_day` was compared once it was over.

    `asked_at` is the last run that read its statement; since then `failures` runs could not, the last one by `error`.
    """

    provider: str
    next_at: Instant
    busy_until: Instant
    done_day: int | None = None
    asked_at: Instant | None = None
    failures: int = 0
    error: str | None = None


class Result(NamedTuple):
    """What a run found: days as they now are, items that are open (old and new), and those that are closed with both sides."""

    days: Sequence[Day]
    open: Sequence[Item]
    closed: Sequence[Item]


class Balances(NamedTuple):
    """What both sides had at the end of a day."""

    stated: int
    booked: int


class OpenItems(NamedTuple):
    """How many items of a provider are open, and since when the oldest is."""

    items: int
    oldest: Instant


class ReconciliationRows(Protocol):
    """Reconciliation's tables. Safe from any thread and from several processes; raises StoreUnavailable."""

    def turns(self) -> list[Turn]:
        """Every provider that was ever asked, by name."""
        ...

    def claim(self, provider: str, now: Instant, until: Instant, *, only_due: bool) -> bool:
        """Take the provider's turn: nobody else compares it until then, or until this run is written."""
        ...

    def renew(self, provider: str, claimed: Instant, until: Instant) -> bool:
        """Have the turn that was `claimed` until then for longer; False where somebody else has it."""
        ...

    def failed(self, provider: str, claimed: Instant, next_at: Instant, why: str) -> None:
        """The statement could not be read: again at `next_at`."""
        ...

    def settle(self, turn: Turn, claimed: Instant, result: Result) -> bool:
        """Write what a run found, if the turn is still the one `claimed` until then; whether it was."""
        ...

    def open_items(self, provider: str) -> list[Item]:
        """Every open item of a provider, by id."""
        ...

    def remembered(self, provider: str, before: Instant, closed_since: Instant) -> list[Item]:
        """Items with a side before that moment that still matters: it is open or explained, or the other side came later."""
        ...

    def explained(self, provider: str, ids: Sequence[str]) -> set[str]:
        """Which of these items a person has explained."""
        ...

    def first_day(self, provider: str) -> int | None:
        """The first day that was compared."""
        ...

    def last_day(self, provider: str) -> int | None:
        """The last day that was compared."""
        ...

    def balances_before(self, provider: str, day: int) -> dict[str, Balances]:
        """What both sides had when that day began, by currency."""
        ...

    def days(self, before: tuple[int, str, str] | None, limit: int, provider: str | None = None) -> list[Day]:
        """Days, newest first; `before` is the (day, provider, currency) of the last one that is known."""
        ...

    def items(self, *, is_open: bool, after: tuple[int, str] | None, limit: int) -> list[Item]:
        """Open ones by when they were first seen, oldest first; closed ones by when they were, newest first."""
        ...

    def item(self, item: str) -> Item | None:
        """One item."""
        ...

    def explain(self, item: str, by: str, reason: str, now: Instant) -> bool:
        """Close it by a person's word; False where it is not open."""
        ...

    def open_by_provider(self) -> dict[str, OpenItems]:
        """What is open, by provider."""
        ...
