"""What is asked about reviews, as the statements of both stores take it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from fairhold.engine.ports.reviews import (
    ReviewPlace,
    ReviewQuery,
    ReviewSort,
    stars_of,
)

T = TypeVar("T")
_Edge = tuple[int, str]

_BEFORE_ALL: _Edge = (-1, "")
_BEHIND_ALL: _Edge = (2**63 - 1, "\x7f")


class Run(NamedTuple):
    """One facet's part of a list: what of it lies between two moments of leaving, both left out.

    A list has all of a smaller `rank` in front of what has a larger one, and of one rank the latest first.
    """

    facet: int
    rank: int
    low: int
    low_id: str
    high: int
    high_id: str


def rank_of(stars: int, sort: ReviewSort) -> int:
    """Where a review of so many stars stands in such a list."""
    return {ReviewSort.NEWEST: 0, ReviewSort.HIGHEST: -stars, ReviewSort.LOWEST: stars}[sort]


def runs_of(query: ReviewQuery) -> list[Run]:
    """The runs that a list is merged from; none of facets that lie wholly on the other side of its places."""
    found = []
    for facet in query.facets:
        rank = rank_of(stars_of(facet), query.sort)
        low, high = _BEFORE_ALL, _BEHIND_ALL
        if query.behind is not None:
            place = rank_of(query.behind.stars, query.sort)
            if rank < place:
                continue
            high = _edge(query.behind) if rank == place else high
        if query.ahead is not None:
            place = rank_of(query.ahead.stars, query.sort)
            if rank > place:
                continue
            low = _edge(query.ahead) if rank == place else low
        found.append(Run(facet, rank, *low, *high))
    return found


def _edge(place: ReviewPlace) -> _Edge:
    return place.left_at, place.id


def by_author(query: ReviewQuery) -> dict[str, Any]:
    """The values of the statement that lists what somebody wrote."""
    assert query.sort is ReviewSort.NEWEST, "what somebody wrote is listed by age"
    low = _BEFORE_ALL if query.ahead is None else _edge(query.ahead)
    high = _BEHIND_ALL if query.behind is None else _edge(query.behind)
    return {
        "author": query.author,
        "low": low[0],
        "low_id": low[1],
        "high": high[0],
        "high_id": high[1],
        "limit": query.limit,
    }


def reads_down(query: ReviewQuery) -> bool:
    """Whether the list is read as it is answered; going back, it is read from its far side."""
    return query.ahead is None


def columns_of(runs: Sequence[Run]) -> dict[str, list[Any]]:
    """The runs column by column."""
    return {f"{name}s": [getattr(run, name) for run in runs] for name in Run._fields}


def in_order(rows: Iterable[T], sort: ReviewSort, place: Callable[[T], ReviewPlace]) -> list[T]:
    """These rows, each of which stands at its place, as such a list has them."""
    latest_first = sorted(rows, key=lambda row: place(row)[1:], reverse=True)
    return sorted(latest_first, key=lambda row: rank_of(place(row).stars, sort))


def products_from(seller: str) -> tuple[str, str]:
    """Between which two names that seller's products lie."""
    return f"{seller}/", f"{seller}{chr(ord('/') + 1)}"


def named_once(query: ReviewQuery) -> None:
    """A list is about one person or product, or by one person."""
    named = [name for name in (query.subject, query.product, query.author) if name is not None]
    assert len(named) == 1, "a list of reviews is about somebody, about a product or by somebody"
