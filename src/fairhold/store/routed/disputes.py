"""Disputes of several databases: lists merged, counts and sums added."""

from collections import Counter
from collections.abc import Sequence

from fairhold.domain.ids import ORDER_ID_LENGTH, lane_of
from fairhold.domain.instants import Instant
from fairhold.engine.ports.disputes import (
    DisputeNumbers,
    DisputeQuery,
    DisputeRate,
    DisputeTally,
    MediatorLoad,
    SimilarQuery,
    StoredDispute,
    place_of,
)
from fairhold.store.dispute_asking import is_down
from fairhold.store.dispute_reading import nearest
from fairhold.store.routed.parts import Parts


class RoutedDisputes(Parts):
    """Answers about disputes."""

    def dispute(self, id: str) -> StoredDispute | None:
        """The row of that dispute."""
        return self._of(lane_of(id[:ORDER_ID_LENGTH]), lambda reader: reader.dispute(id), None)

    def list_disputes(self, query: DisputeQuery) -> list[StoredDispute]:
        """Disputes in the order that the query names."""
        found = [row for rows in self._each(lambda reader: reader.list_disputes(query)) for row in rows]
        found.sort(key=lambda row: place_of(row, query.sort), reverse=is_down(query.sort))
        return found[: query.limit] if query.ahead is None else found[-query.limit :]

    def dispute_counts(self, query: DisputeQuery, most: int) -> dict[int, int]:
        """How many disputes have each tab's bit, under key 0 how many there are; `most` means that many or more."""
        counts: Counter[int] = Counter()
        for part in self._each(lambda reader: reader.dispute_counts(query, most)):
            counts.update(part)
        return {bit: min(count, most) for bit, count in counts.items()}

    def disputes_between(self, buyer: str, seller: str, limit: int) -> list[StoredDispute]:
        """The disputes of these two with each other, the latest first."""
        return self._merged(
            lambda reader: reader.disputes_between(buyer, seller, limit),
            limit,
            lambda row: (row.opened_at, row.id),
            down=True,
        )

    def similar_rulings(self, query: SimilarQuery) -> list[StoredDispute]:
        """Closed claims, the nearest by amount first and of equal ones the latest."""
        found = self._each(lambda reader: reader.similar_rulings(query))
        return nearest([row for rows in found for row in rows], query)

    def mediator_load(self, outcomes: Sequence[str], since: Instant, most: int) -> list[MediatorLoad]:
        """What lies with whom, by mediator and None last."""
        has: Counter[str | None] = Counter()
        ruled: Counter[str | None] = Counter()
        for loads in self._each(lambda reader: reader.mediator_load(outcomes, since, most)):
            for load in loads:
                has[load.mediator] += load.open
                ruled[load.mediator] += load.ruled
        people = sorted(has, key=lambda person: (person is None, person or ""))
        return [MediatorLoad(person, min(has[person], most), min(ruled[person], most)) for person in people]

    def dispute_numbers(self, seller: str | None, since: Instant, until: Instant, most: int) -> DisputeNumbers:
        """What was closed in that time: the latest `most` of it in the database that has most.

        Where one database could not count all of it, none is counted further back.
        """
        found = self._each(lambda reader: reader.dispute_numbers(seller, since, until, most))
        begins = max(part.since for part in found)
        if begins > since:
            found = self._each(lambda reader: reader.dispute_numbers(seller, begins, until, most))
        sums: dict[tuple[str, str, str, int], tuple[int, int, int]] = {}
        for tally in (tally for part in found for tally in part.tallies):
            before = sums.get(tally[:4], (0, 0, 0))
            sums[tally[:4]] = before[0] + tally.disputes, before[1] + tally.amount, before[2] + tally.refund
        return DisputeNumbers(begins, [DisputeTally(*group, *added) for group, added in sums.items()])

    def dispute_rate(self, seller: str | None, since: Instant, until: Instant, unpaid: int) -> DisputeRate:
        """Of the orders looked at in all databases, how many were ever disputed."""
        found = self._each(lambda reader: reader.dispute_rate(seller, since, until, unpaid))
        return DisputeRate(
            sum(part.orders for part in found),
            sum(part.disputed for part in found),
            all(part.whole for part in found),
        )

    def scan_disputes(self, after: str, limit: int) -> list[StoredDispute]:
        """All disputes by id."""
        return self._merged(lambda reader: reader.scan_disputes(after, limit), limit, lambda row: row.id)
