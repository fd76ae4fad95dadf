"""Reading disputes: lists, the staff's queue, what stands beside a case, numbers. Plain calls, safe from any thread.

Rows are as they were last written. Where `deadline_at` has passed, what the deadline does is about to be written: whoever
shows such a dispute in full reads its order.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fairhold.domain.ids import ORDER_ID_LENGTH, is_order_id
from fairhold.domain.instants import DAY, Duration, Instant
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.disputes import (
    DURATION_BOUNDS,
    DisputeQuery,
    DisputeRate,
    DisputeReader,
    DisputeSort,
    MediatorLoad,
    Place,
    SimilarQuery,
    StoredDispute,
    place_of,
)

LONGEST_PAGE = 200
COUNTED = 1000
"""How far disputes are counted for a page, by tab and by mediator: beyond it, the number says «or more»."""
ADDED_UP = 20_000
"""How many closed disputes, the latest of a time, numbers are made of."""
LATELY = Duration(30 * DAY)
"""How far back a mediator's rulings count as work done lately."""

_PLACE = re.compile(r"(\d{1,19})~([0-9a-z-]{1,40})", re.ASCII)


class DisputePage(NamedTuple):
    """Disputes in the order asked for; `further` and `back` are the cursors of the neighbouring pages, where there are any."""

    items: tuple[StoredDispute, ...]
    further: str | None
    back: str | None


class DisputeCounts(NamedTuple):
    """How many disputes stand in each tab, by its bit; under 0, how many there are. Of those in `at_least` there may be more."""

    numbers: Mapping[int, int]
    at_least: frozenset[int]


class Settled(NamedTuple):
    """Closed disputes of one currency, reason and outcome. Sums in minor units; `took` counts them by `DURATION_BOUNDS`."""

    currency: str
    reason: str
    outcome: str
    disputes: int
    amount: int
    refund: int
    took: tuple[int, ...]


class Numbers(NamedTuple):
    """What became of disputes: those closed from `since` until before `until`, and how many orders were disputed.

    Not `whole`: more were closed than are added up, and `since` is later than what was asked for. The rate is of orders
    placed in the time that was asked for.
    """

    since: Instant
    until: Instant
    whole: bool
    settled: tuple[Settled, ...]
    rate: DisputeRate


class DisputeQueries:
    """What the faces ask about disputes."""

    def __init__(self, reader: DisputeReader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    def dispute(self, id: str) -> StoredDispute | None:
        """The row of that dispute; None where there is none."""
        return self._reader.dispute(id) if id.isascii() and is_order_id(id[:ORDER_ID_LENGTH]) else None

    def list_disputes(self, query: DisputeQuery, *, further: str | None = None, back: str | None = None) -> DisputePage:
        """A page of disputes. `further` and `back` are cursors out of another page of the same list."""
        limit = max(1, min(query.limit, LONGEST_PAGE))
        behind, ahead = _place(further), _place(back)
        found = self._reader.list_disputes(query._replace(behind=behind, ahead=ahead, limit=limit + 1))
        more = len(found) > limit
        page = found[-limit:] if ahead is not None else found[:limit]
        is_more_behind, is_more_ahead = (True, more) if ahead is not None else (more, behind is not None)
        return DisputePage(
            tuple(page),
            _cursor(page[-1], query.sort) if page and is_more_behind else None,
            _cursor(page[0], query.sort) if page and is_more_ahead else None,
        )

    def counts(self, query: DisputeQuery) -> DisputeCounts:
        """How many disputes of the query's person and kind stand in each tab, counted up to `COUNTED`."""
        counts = self._reader.dispute_counts(query, COUNTED + 1)
        at_least = frozenset(bit for bit, count in counts.items() if count > COUNTED)
        return DisputeCounts({bit: min(count, COUNTED) for bit, count in counts.items()}, at_least)

    def between(self, buyer: str, seller: str, limit: int = 20) -> list[StoredDispute]:
        """The disputes that these two have had with each other, the latest first."""
        return self._reader.disputes_between(buyer, seller, max(1, min(limit, LONGEST_PAGE)))

    def similar(self, row: StoredDispute, rulings: Sequence[str], limit: int = 5) -> list[StoredDispute]:
        """Claims with the same reason over about as much, half to double, that ended in one of these outcomes."""
        amount = row.amount
        query = SimilarQuery(row.reason, row.currency, amount, amount // 2, amount * 2, rulings, limit + 1)
        return [found for found in self._reader.similar_rulings(query) if found.id != row.id][:limit]

    def load(self, rulings: Sequence[str]) -> list[MediatorLoad]:
        """Open claims by mediator, those that nobody has last; `ruled` counts the rulings that came into force `LATELY`.

        Counted up to `COUNTED`.
        """
        return self._reader.mediator_load(rulings, Instant(self._clock.now() - LATELY), COUNTED)

    def numbers(self, since: Instant, until: Instant, unpaid: int, seller: str | None = None) -> Numbers:
        """What became of the disputes of one seller or of everybody; orders in a tab of the mask `unpaid` do not count."""
        found = self._reader.dispute_numbers(seller, since, until, ADDED_UP)
        sums: dict[tuple[str, str, str], tuple[int, int, int]] = {}
        took: dict[tuple[str, str, str], list[int]] = {}
        for tally in found.tallies:
            group = tally[:3]
            before = sums.get(group, (0, 0, 0))
            sums[group] = before[0] + tally.disputes, before[1] + tally.amount, before[2] + tally.refund
            took.setdefault(group, [0] * (len(DURATION_BOUNDS) + 1))[tally.took] += tally.disputes
        settled = (Settled(*group, *sums[group], tuple(took[group])) for group in sorted(sums))
        rate = self._reader.dispute_rate(seller, since, until, unpaid)
        return Numbers(found.since, until, found.since == since, tuple(settled), rate)


def within(took: Sequence[int], percent: int) -> Duration | None:
    """The bound within which `percent` of these were settled; None where there are none, or it took longer than all bounds."""
    wanted = sum(took) * percent
    counted = 0
    for bound, count in zip(DURATION_BOUNDS, took, strict=False):
        counted += count
        if count and counted * 100 >= wanted:
            return bound
    return None


def _cursor(row: StoredDispute, sort: DisputeSort) -> str:
    by, name = place_of(row, sort)
    return f"{by}~{name}"


def _place(cursor: str | None) -> Place | None:
    """Where the cursor points; None, the list's beginning, where it is none of ours."""
    found = _PLACE.fullmatch(cursor or "")
    return (min(int(found[1]), 2**63 - 1), found[2]) if found else None
