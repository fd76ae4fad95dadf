"""What is written and asked about disputes, as the statements of both stores take it."""

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise
from typing import Any

from fairhold.domain.ids import Lane, order_id
from fairhold.domain.instants import Instant
from fairhold.engine.ports.disputes import NO_DEADLINE, DisputeQuery, DisputeSort, Place, StoredDispute
from fairhold.store.asking import Named

BEFORE_ALL: Place = (-1, "")
BEHIND_ALL: Place = (NO_DEADLINE, "\x7f")

WINDOWS = 25
"""Into how many windows a time is divided in which orders are looked at."""
IN_WINDOW = 200
"""How many orders are looked at in each, at most."""


def dispute_columns(row: StoredDispute) -> StoredDispute:
    """The row as it lies in the table: there, what has no deadline has the last there is."""
    return row if row.deadline_at is not None else row._replace(deadline_at=NO_DEADLINE)


def dispute_of(columns: Sequence[Any]) -> StoredDispute:
    """What lies in the table, as a row."""
    row = StoredDispute(*columns)
    return row if row.deadline_at != NO_DEADLINE else row._replace(deadline_at=None)


class Of(Enum):
    """Whose disputes; the last two are open claims alone."""

    BUYER = auto()
    SELLER = auto()
    ALL = auto()
    MEDIATOR = auto()
    QUEUE = auto()


def whose(query: DisputeQuery) -> tuple[Of, Named]:
    """Whose disputes those are, and the value that says so."""
    named = [
        (of, {"person": person})
        for of, person in ((Of.BUYER, query.buyer), (Of.SELLER, query.seller), (Of.MEDIATOR, query.mediator))
        if person is not None
    ]
    assert len(named) <= 1, "a list of disputes is of one person or of everybody"
    queue = query.sort is not DisputeSort.NEWEST
    of, values = named[0] if named else (Of.QUEUE if queue else Of.ALL, {})
    assert queue is (of in (Of.MEDIATOR, Of.QUEUE)), "open claims are sorted by deadline or amount, lists by age"
    return of, dict(values)


def is_down(sort: DisputeSort) -> bool:
    """Whether what is largest comes first."""
    return sort is not DisputeSort.DEADLINE


def reads_down(query: DisputeQuery) -> bool:
    """Whether what is largest is read first; going back, the list is read from its far side."""
    return is_down(query.sort) is (query.ahead is None)


def asked(query: DisputeQuery) -> Named:
    """The values of the list's statement: between which two places it is read."""
    _, values = whose(query)
    behind, ahead = query.behind, query.ahead
    if is_down(query.sort):
        low, high = ahead or BEFORE_ALL, behind or BEHIND_ALL
    else:
        low, high = behind or BEFORE_ALL, ahead or BEHIND_ALL
    return values | {
        "tab": query.tab,
        "low": low[0],
        "low_id": low[1],
        "high": high[0],
        "high_id": high[1],
        "limit": query.limit,
    }


def seller_asked(seller: str | None) -> tuple[Of, Named]:
    """Of one seller or of everybody."""
    return (Of.ALL, {}) if seller is None else (Of.SELLER, {"person": seller})


def windows(since: Instant, until: Instant) -> list[tuple[str, str]]:
    """The ids between which orders placed in that time lie, window by window."""
    steps = [since + (until - since) * step // WINDOWS for step in range(WINDOWS + 1)]
    ids = [order_id(max(0, at) // 1000, 0, Lane(0)) for at in steps]
    return [(first, last) for first, last in pairwise(ids) if first < last]
