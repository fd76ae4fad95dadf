"""Reviews of several databases: lists merged by place, counts and sums added."""

from collections.abc import Callable
from typing import TypeVar

from fairhold.domain.ids import Lane, lane_of
from fairhold.domain.reputation import NOTHING, Tally, plus
from fairhold.engine.ports.reviews import (
    ProductReview,
    ReviewPlace,
    ReviewQuery,
    StoredProductReview,
    StoredReport,
    StoredReview,
    place_of,
)
from fairhold.store.review_asking import in_order, reads_down
from fairhold.store.routed.parts import Parts

T = TypeVar("T")


class RoutedReviews(Parts):
    """Answers about reviews."""

    def review(self, id: str) -> StoredReview | None:
        """The row of that review."""
        return self._of(lane_of(id), lambda reader: reader.review(id), None)

    def list_reviews(self, query: ReviewQuery) -> list[StoredReview]:
        """Reviews about somebody or by somebody, in the query's order."""
        found = [row for rows in self._each(lambda reader: reader.list_reviews(query)) for row in rows]
        return _page(found, query, place_of)

    def list_product_reviews(self, query: ReviewQuery) -> list[ProductReview]:
        """Reviews about a product, in the query's order."""
        found = [row for rows in self._each(lambda reader: reader.list_product_reviews(query)) for row in rows]
        return _page(found, query, lambda row: place_of(row.own))

    def review_queue(self, behind: tuple[int, str] | None, limit: int) -> list[StoredReview]:
        """What moderators have to look at, the longest waiting first."""
        return self._merged(
            lambda reader: reader.review_queue(behind, limit), limit, lambda row: (row.changed_at, row.id)
        )

    def review_queue_length(self, most: int) -> int:
        """How many those are, counted up to `most`."""
        return min(most, sum(self._each(lambda reader: reader.review_queue_length(most))))

    def reviews_by(self, author: str, most: int) -> int:
        """How many shown reviews that person wrote, counted up to `most`."""
        return min(most, sum(self._each(lambda reader: reader.reviews_by(author, most))))

    def reports(self, review: str, limit: int) -> list[StoredReport]:
        """Reports about a review, the latest first."""
        return self._of(lane_of(review), lambda reader: reader.reports(review, limit), [])

    def figure(self, name: str) -> Tally:
        """A figure over all days, added up over lanes and databases."""
        total = NOTHING
        for part in self._each(lambda reader: reader.figure(name)):
            total = plus(total, part)
        return total

    def figure_by_day(self, name: str, since: int) -> list[tuple[int, Tally]]:
        """A figure's days from `since` on, each added up over lanes and databases, ascending."""
        days: dict[int, Tally] = {}
        for part in self._each(lambda reader: reader.figure_by_day(name, since)):
            for day, tally in part:
                days[day] = plus(days.get(day, NOTHING), tally)
        return sorted(days.items())

    def products_of(self, seller: str, limit: int) -> list[str]:
        """Products of that seller of which any review is shown, by name."""
        found = self._each(lambda reader: reader.products_of(seller, limit))
        return sorted({product for products in found for product in products})[:limit]

    def scan_reviews(self, after: str, limit: int) -> list[StoredReview]:
        """All reviews by id."""
        return self._merged(lambda reader: reader.scan_reviews(after, limit), limit, lambda row: row.id)

    def scan_product_reviews(self, after: tuple[str, str], limit: int) -> list[StoredProductReview]:
        """All of them by (review id, line id)."""
        return self._merged(
            lambda reader: reader.scan_product_reviews(after, limit),
            limit,
            lambda row: (row.review_id, row.line_id),
        )

    def lane_figures(self, lane: Lane, after: tuple[str, int], limit: int) -> list[tuple[str, int, Tally]]:
        """One lane's figures by (name, day)."""
        return self._of(lane, lambda reader: reader.lane_figures(lane, after, limit), [])


def _page(rows: list[T], query: ReviewQuery, place: Callable[[T], ReviewPlace]) -> list[T]:
    found = in_order(rows, query.sort, place)
    return found[: query.limit] if reads_down(query) else found[-query.limit :]
