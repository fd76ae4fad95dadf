"""Reading disputes, as far as it is the same in every store: which statement answers what, and how rows become records."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from fairhold.domain.ids import ORDER_ID_LENGTH, Lane, lane_of
from fairhold.domain.instants import Instant
from fairhold.engine.ports.disputes import (
    DisputeNumbers,
    DisputeQuery,
    DisputeRate,
    DisputeSort,
    DisputeTally,
    MediatorLoad,
    SimilarQuery,
    StoredDispute,
)
from fairhold.store.dispute_asking import (
    IN_WINDOW,
    Of,
    asked,
    dispute_of,
    reads_down,
    seller_asked,
    whose,
    windows,
)


class Disputes(Protocol):
    """A store's statements about disputes; `DISPUTE` is asked with a lane and the values behind it."""

    DISPUTE: str
    BETWEEN: str
    SIMILAR_BELOW: str
    SIMILAR_ABOVE: str
    OPEN_BY_MEDIATOR: str
    OPEN_OF_NOBODY: str
    RULED_BY_MEDIATOR: str
    SCAN_DISPUTES: str

    def list_disputes(self, of: Of, sort: DisputeSort, order: str) -> str:
        """The statement of such a list, read ASC or DESC."""
        ...

    def count_tabs(self, of: Of) -> str:
        """The statement that counts by mask of tabs."""
        ...

    def closed(self, of: Of) -> str:
        """The statement that adds up what was closed."""
        ...

    def placed(self, of: Of) -> str:
        """The statement that counts orders and says which is the last counted."""
        ...

    def disputed(self, of: Of) -> str:
        """The statement that counts disputed orders."""
        ...


class DisputeRecords:
    """What a store answers about disputes. How statements are put is said by `rows`, and by `in_lane` for those of a lane."""

    def __init__(
        self,
        disputes: Disputes,
        rows: Callable[[str, Any], list[Any]],
        in_lane: Callable[[Lane, str, tuple[Any, ...]], list[Any]],
    ) -> None:
        self._disputes = disputes
        self._rows = rows
        self._in_lane = in_lane

    def dispute(self, id: str) -> StoredDispute | None:
        """The row of that dispute."""
        found = self._in_lane(lane_of(id[:ORDER_ID_LENGTH]), self._disputes.DISPUTE, (id,))
        return dispute_of(found[0]) if found else None

    def list_disputes(self, query: DisputeQuery) -> list[StoredDispute]:
        """Disputes in the order that the query names."""
        of, _ = whose(query)
        statement = self._disputes.list_disputes(of, query.sort, "DESC" if reads_down(query) else "ASC")
        found = [dispute_of(row) for row in self._rows(statement, asked(query))]
        return found if query.ahead is None else found[::-1]

    def dispute_counts(self, query: DisputeQuery, most: int) -> dict[int, int]:
        """How many disputes have each tab's bit, under key 0 how many there are; `most` means that many or more."""
        of, values = whose(query)
        counts = Counter({0: 0})
        for mask, count in self._rows(self._disputes.count_tabs(of), values | {"most": most}):
            counts[0] += count
            for bit in (1 << place for place in range(int(mask).bit_length())):
                if mask & bit:
                    counts[bit] += count
        return {bit: min(count, most) for bit, count in counts.items()}

    def disputes_between(self, buyer: str, seller: str, limit: int) -> list[StoredDispute]:
        """The disputes of these two with each other, the latest first."""
        values = {"buyer": buyer, "seller": seller, "limit": limit}
        return [dispute_of(row) for row in self._rows(self._disputes.BETWEEN, values)]

    def similar_rulings(self, query: SimilarQuery) -> list[StoredDispute]:
        """Closed claims, the nearest by amount first and of equal ones the latest."""
        found: list[StoredDispute] = []
        for outcome in dict.fromkeys(query.outcomes):
            values = query._asdict() | {"outcome": outcome}
            del values["outcomes"]
            for statement in (self._disputes.SIMILAR_BELOW, self._disputes.SIMILAR_ABOVE):
                found += [dispute_of(row) for row in self._rows(statement, values)]
        return nearest(found, query)

    def mediator_load(self, outcomes: Sequence[str], since: Instant, most: int) -> list[MediatorLoad]:
        """What lies with whom, by mediator and None last."""
        has: dict[str, int] = dict(self._rows(self._disputes.OPEN_BY_MEDIATOR, {"most": most}))
        ruled: Counter[str] = Counter()
        for outcome in dict.fromkeys(outcomes):
            values = {"outcome": outcome, "since": since, "most": most}
            ruled.update(dict(self._rows(self._disputes.RULED_BY_MEDIATOR, values)))
        [(nobody,)] = self._rows(self._disputes.OPEN_OF_NOBODY, {"most": most})
        # Whoever ruled on nothing lately and has nothing open has no load.
        people = sorted(person for person in {*has, *ruled} if has.get(person) or ruled[person])
        named = [MediatorLoad(person, has.get(person, 0), min(ruled[person], most)) for person in people]
        return [*named, MediatorLoad(None, nobody, 0)]

    def dispute_numbers(self, seller: str | None, since: Instant, until: Instant, most: int) -> DisputeNumbers:
        """What was closed in that time: the latest `most` of it."""
        of, values = seller_asked(seller)
        found = self._rows(self._disputes.closed(of), values | {"since": since, "until": until, "most": most})
        tallies = [DisputeTally(*row[:7]) for row in found]
        if sum(tally.disputes for tally in tallies) < most:
            return DisputeNumbers(since, tallies)
        return DisputeNumbers(Instant(min(row[7] for row in found)), tallies)

    def dispute_rate(self, seller: str | None, since: Instant, until: Instant, unpaid: int) -> DisputeRate:
        """Of the orders placed in that time, without those in a tab of `unpaid`, how many were ever disputed."""
        of, values = seller_asked(seller)
        orders = disputed = 0
        whole = True
        for after, before in windows(since, until):
            looked = values | {"after": after, "before": before, "unpaid": unpaid, "limit": IN_WINDOW}
            [(count, last)] = self._rows(self._disputes.placed(of), looked)
            if not count:
                continue
            whole = whole and count < IN_WINDOW
            orders += count
            # The ids of an order's disputes lie right behind its own.
            of_these = values | {"after": after, "before": f"{last}\x7f"}
            [(there,)] = self._rows(self._disputes.disputed(of), of_these)
            disputed += there
        return DisputeRate(orders, disputed, whole)

    def scan_disputes(self, after: str, limit: int) -> list[StoredDispute]:
        """All disputes by id."""
        return [dispute_of(row) for row in self._rows(self._disputes.SCAN_DISPUTES, {"after": after, "limit": limit})]


def nearest(found: Sequence[StoredDispute], query: SimilarQuery) -> list[StoredDispute]:
    """As many of these as the query asks for: the nearest by amount, of equal ones the latest."""

    def distance(row: StoredDispute) -> tuple[int, int, str]:
        return abs(row.amount - query.amount), -(row.closed_at or 0), row.id

    return sorted(found, key=distance)[: query.limit]
