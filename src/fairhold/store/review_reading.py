"""Reading reviews, as far as it is the same in every store: which statement answers what, and how rows become records."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from fairhold.domain.ids import Lane, lane_of
from fairhold.domain.reputation import ALL_DAYS, NOTHING, Tally
from fairhold.engine.ports.reviews import (
    ProductReview,
    ReviewQuery,
    StoredProductReview,
    StoredReport,
    StoredReview,
)
from fairhold.store.review_asking import Run, by_author, named_once, products_from, reads_down, runs_of

T = TypeVar("T")

_OWN = len(StoredProductReview._fields)


class Reviews(Protocol):
    """A store's statements about reviews; `REVIEW`, `REPORTS` and `LANE_FIGURES` are asked with a lane and values behind it."""

    REVIEW: str
    REPORTS: str
    LANE_FIGURES: str
    QUEUE: str
    QUEUE_LENGTH: str
    REVIEWS_BY: str
    FIGURE: str
    FIGURE_BY_DAY: str
    PRODUCTS: str
    SCAN_REVIEWS: str
    SCAN_PRODUCT_REVIEWS: str

    def list_reviews(self, order: str) -> str:
        """The statement of such a list, read DESC as it is answered or ASC from its far side."""
        ...

    def list_product_reviews(self, order: str) -> str:
        """The same of a product."""
        ...

    def list_by_author(self, order: str) -> str:
        """The statement that lists what somebody wrote."""
        ...

    def bound(self, runs: Sequence[Run]) -> dict[str, Any]:
        """The runs of a list as its statement takes them."""
        ...

    def restored(self, row: Sequence[Any]) -> Sequence[Any]:
        """A row with its texts as they were before the store was told them."""
        ...


class ReviewRecords:
    """What a store answers about reviews. How statements are put is said by `rows`, and by `in_lane` for those of a lane."""

    def __init__(
        self,
        reviews: Reviews,
        rows: Callable[[str, Any], list[Any]],
        in_lane: Callable[[Lane, str, tuple[Any, ...]], list[Any]],
    ) -> None:
        self._reviews = reviews
        self._rows = rows
        self._in_lane = in_lane

    def _review(self, row: Sequence[Any]) -> StoredReview:
        found = StoredReview(*self._reviews.restored(row))
        return found._replace(
            text=found.text or "", reply=found.reply or "", held=found.held or "", reports=found.reports or 0
        )

    def _of_product(self, row: Sequence[Any]) -> StoredProductReview:
        found = StoredProductReview(*self._reviews.restored(row))
        return found if found.text is not None else found._replace(text="")

    def review(self, id: str) -> StoredReview | None:
        """The row of that review."""
        found = self._in_lane(lane_of(id), self._reviews.REVIEW, (id,))
        return self._review(found[0]) if found else None

    def list_reviews(self, query: ReviewQuery) -> list[StoredReview]:
        """Reviews about somebody or by somebody, in the query's order."""
        named_once(query)
        if query.author is not None:
            found = self._rows(self._reviews.list_by_author(_order(query)), by_author(query))
        else:
            assert query.subject is not None, "a product's reviews are listed with what they say of it"
            found = self._merged(self._reviews.list_reviews(_order(query)), query, query.subject)
        return _as_answered([self._review(row) for row in found], query)

    def list_product_reviews(self, query: ReviewQuery) -> list[ProductReview]:
        """Reviews about a product, in the query's order."""
        named_once(query)
        assert query.product is not None, "about a product"
        found = self._merged(self._reviews.list_product_reviews(_order(query)), query, query.product)
        rows = [ProductReview(self._of_product(row[:_OWN]), self._review(row[_OWN:])) for row in found]
        return _as_answered(rows, query)

    def _merged(self, statement: str, query: ReviewQuery, of: str) -> list[Any]:
        runs = runs_of(query)
        if not runs:
            return []
        return self._rows(statement, self._reviews.bound(runs) | {"of": of, "limit": query.limit})

    def review_queue(self, behind: tuple[int, str] | None, limit: int) -> list[StoredReview]:
        """What moderators have to look at, the longest waiting first."""
        at, id_ = behind or (-1, "")
        found = self._rows(self._reviews.QUEUE, {"behind": at, "behind_id": id_, "limit": limit})
        return [self._review(row) for row in found]

    def review_queue_length(self, most: int) -> int:
        """How many those are, counted up to `most`."""
        [(count,)] = self._rows(self._reviews.QUEUE_LENGTH, {"most": most})
        return int(count)

    def reviews_by(self, author: str, most: int) -> int:
        """How many shown reviews that person wrote, counted up to `most`."""
        [(count,)] = self._rows(self._reviews.REVIEWS_BY, {"author": author, "most": most})
        return int(count)

    def reports(self, review: str, limit: int) -> list[StoredReport]:
        """Reports about a review, the latest first."""
        found = self._in_lane(lane_of(review), self._reviews.REPORTS, (review, limit))
        return [StoredReport(*self._reviews.restored(row)) for row in found]

    def figure(self, name: str) -> Tally:
        """A figure over all days, added up over lanes."""
        [sums] = self._rows(self._reviews.FIGURE, {"name": name})
        return NOTHING if sums[0] is None else Tally(*sums)

    def figure_by_day(self, name: str, since: int) -> list[tuple[int, Tally]]:
        """A figure's days from `since` on, each added up over lanes, ascending."""
        found = self._rows(self._reviews.FIGURE_BY_DAY, {"name": name, "since": max(since, ALL_DAYS + 1)})
        return [(day, Tally(*sums)) for day, *sums in found]

    def products_of(self, seller: str, limit: int) -> list[str]:
        """Products of that seller of which any review is shown, by name."""
        first, last = products_from(seller)
        found = self._rows(self._reviews.PRODUCTS, {"first": first, "last": last, "limit": limit})
        return [str(product) for (product,) in map(self._reviews.restored, found)]

    def scan_reviews(self, after: str, limit: int) -> list[StoredReview]:
        """All reviews by id."""
        found = self._rows(self._reviews.SCAN_REVIEWS, {"after": after, "limit": limit})
        return [self._review(row) for row in found]

    def scan_product_reviews(self, after: tuple[str, str], limit: int) -> list[StoredProductReview]:
        """All of them by (review id, line id)."""
        values = {"after": after[0], "after_line": after[1], "limit": limit}
        return [self._of_product(row) for row in self._rows(self._reviews.SCAN_PRODUCT_REVIEWS, values)]

    def lane_figures(self, lane: Lane, after: tuple[str, int], limit: int) -> list[tuple[str, int, Tally]]:
        """One lane's figures by (name, day)."""
        found = self._in_lane(lane, self._reviews.LANE_FIGURES, (*after, limit))
        return [(name, day, Tally(*sums)) for name, day, *sums in map(self._reviews.restored, found)]


def _order(query: ReviewQuery) -> str:
    return "DESC" if reads_down(query) else "ASC"


def _as_answered(rows: list[T], query: ReviewQuery) -> list[T]:
    return rows if reads_down(query) else rows[::-1]
