"""What the engine asks of a store about disputes: rows that pages list, staff work through and numbers are made of.

A dispute itself lives in its order's snapshot. These rows are what is looked for without knowing the order; they are
written with the order, in one transaction, and the audit compares them with it.
"""

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple, Protocol

from fairhold.domain.instants import HOUR, Duration, Instant


class StoredDispute(NamedTuple):
    """A row of `disputes`. `id` is its order's id and `-d1`, `-d2` …; amounts in minor units, moments in microseconds.

    `id`, `order_id`, `buyer`, `seller`, `currency`, `reason` and `opened_at` are stored with the first version and never
    change. `updated_at` is when something in this row last changed.
    """

    lane: int
    id: str
    order_id: str
    buyer: str
    seller: str
    currency: str
    reason: str
    state: str
    tabs: int
    """The bits of the tabs it stands in, never negative."""
    turn: str
    """The role that is expected to act; empty when closed."""
    deadline_at: int | None
    """Until when; None when closed."""
    amount: int
    """The disputed sum."""
    refund: int | None
    """What was decided to go back to the buyer; None until then."""
    mediator: str | None
    claimed: int
    """1 once it was escalated to a claim, else 0."""
    opened_at: int
    updated_at: int
    closed_at: int | None
    outcome: str | None
    seller_answered_at: int | None


class DisputeSort(Enum):
    """What a list of disputes is sorted by."""

    NEWEST = auto()
    """By `opened_at`, the latest first."""
    DEADLINE = auto()
    """By `deadline_at`, the earliest first; those without one last."""
    AMOUNT = auto()
    """By `amount`, the largest first, whatever the currency."""


Place = tuple[int, str]
"""Where a dispute stands in a list: what the list is sorted by, and its id."""

NO_DEADLINE = 2**63 - 1
"""Stands for a missing deadline where disputes are sorted by it."""


class DisputeQuery(NamedTuple):
    """Which disputes to list: `limit` of those behind a place in the list, or the first.

    Of one buyer, of one seller, or of everybody: sorted by NEWEST. Sorted by DEADLINE or AMOUNT: open claims alone, of
    everybody or of one mediator.
    """

    buyer: str | None = None
    seller: str | None = None
    mediator: str | None = None
    tab: int = 0
    """A bit of the tab mask; 0 for all."""
    sort: DisputeSort = DisputeSort.NEWEST
    behind: Place | None = None
    ahead: Place | None = None
    """Going back: those in front of this place and nearest to it, still answered in the list's order."""
    limit: int = 50


def place_of(row: StoredDispute, sort: DisputeSort) -> Place:
    """Where the dispute stands in a list sorted that way."""
    if sort is DisputeSort.NEWEST:
        return row.opened_at, row.id
    if sort is DisputeSort.AMOUNT:
        return row.amount, row.id
    return NO_DEADLINE if row.deadline_at is None else row.deadline_at, row.id


class SimilarQuery(NamedTuple):
    """Which closed claims to show beside a case: ended in one of `outcomes`, nearest to `amount` within `low`…`high`."""

    reason: str
    currency: str
    amount: int
    low: int
    high: int
    outcomes: Sequence[str]
    limit: int


class MediatorLoad(NamedTuple):
    """How many open claims a mediator has, and how many of theirs were closed by a ruling. None: claims that nobody has."""

    mediator: str | None
    open: int
    ruled: int


DURATION_BOUNDS: tuple[Duration, ...] = tuple(Duration(HOUR << power) for power in range(13))
"""The upper ends of the groups that times to settle are counted in: 1, 2, 4 … 4096 hours; what took longer follows them."""


class DisputeTally(NamedTuple):
    """Closed disputes of one currency, reason and outcome that took about as long: `took` is their group's number from 0."""

    currency: str
    reason: str
    outcome: str
    took: int
    disputes: int
    amount: int
    refund: int


class DisputeNumbers(NamedTuple):
    """The disputes closed from `since` on. It is later than what was asked for where more were closed than are counted."""

    since: Instant
    tallies: list[DisputeTally]


class DisputeRate(NamedTuple):
    """Of `orders` placed and paid, how many were ever disputed. Not `whole`: the orders are a sample spread over the time."""

    orders: int
    disputed: int
    whole: bool


class DisputeReader(Protocol):
    """What a reading connection answers about disputes, each with work that does not grow with how many there are."""

    def dispute(self, id: str) -> StoredDispute | None:
        """The row of that dispute; `id` begins with an order's id."""
        ...

    def list_disputes(self, query: DisputeQuery) -> list[StoredDispute]:
        """Disputes in the order that the query names."""
        ...

    def dispute_counts(self, query: DisputeQuery, most: int) -> dict[int, int]:
        """How many disputes of the query's person and kind have each tab's bit; under key 0, how many there are.

        Counting each ends at `most`, which then means that many or more. Tab, places and limit count for nothing.
        """
        ...

    def disputes_between(self, buyer: str, seller: str, limit: int) -> list[StoredDispute]:
        """The disputes of these two with each other, the latest first."""
        ...

    def similar_rulings(self, query: SimilarQuery) -> list[StoredDispute]:
        """Closed claims, the nearest by amount first and of equal ones the latest."""
        ...

    def mediator_load(self, outcomes: Sequence[str], since: Instant, most: int) -> list[MediatorLoad]:
        """What lies with whom, by mediator and None last; `ruled` counts what was closed in `outcomes` from `since` on.

        Each count ends at `most`, and so does the number of mediators.
        """
        ...

    def dispute_numbers(self, seller: str | None, since: Instant, until: Instant, most: int) -> DisputeNumbers:
        """What was closed from `since` until before `until`, of one seller or of everybody: the latest `most` of it."""
        ...

    def dispute_rate(self, seller: str | None, since: Instant, until: Instant, unpaid: int) -> DisputeRate:
        """Of the orders placed from `since` until before `until`, without those in a tab of the mask `unpaid`.

        A few thousand orders are looked at, in windows spread evenly over that time; all of them where there are few.
        """
        ...

    def scan_disputes(self, after: str, limit: int) -> list[StoredDispute]:
        """All disputes by id, for the audit."""
        ...
