"""The audit of reviews: the rows that an order's events make against those that are stored, and the sums over them."""

from collections.abc import Iterator
from typing import TypeVar

from fairhold.domain.events import Event
from fairhold.domain.ids import Lane, lane_of
from fairhold.domain.order import Order
from fairhold.domain.reputation import NOTHING, Figure, Tally, changed_figures, plus
from fairhold.engine.audit.findings import Finding, Kind
from fairhold.engine.kernel.review_rows import changed_product_reviews, changed_reviews, merged, merged_product
from fairhold.engine.ports.reviews import ReviewReader, StoredProductReview, StoredReview

Row = TypeVar("Row", StoredReview, StoredProductReview)

_PAGE = 500
_FROM_OUTSIDE = frozenset({"reports"})
"""Columns that no order accounts for."""


class ReviewRows:
    """What an order's events make of the rows beside it."""

    def __init__(self) -> None:
        self.reviews: dict[str, StoredReview] = {}
        self.products: dict[tuple[str, str], StoredProductReview] = {}
        self.figures: dict[Figure, Tally] = {}
        self.lane = Lane(0)

    def take(self, before: Order | None, after: Order, event: Event) -> None:
        """The event made `after` out of `before`."""
        if not after.reviews and not after.disputes:
            return
        self.lane = lane_of(after.id)
        for row in changed_reviews(before, after, event):
            self.reviews[row.id] = merged(self.reviews.get(row.id), row)
        for product in changed_product_reviews(before, after, event):
            place = product.review_id, product.line_id
            self.products[place] = merged_product(self.products.get(place), product)
        for figure, change in changed_figures(before, after).items():
            self.figures[figure] = plus(self.figures.get(figure, NOTHING), change)


class ReviewAudit:
    """Looks for each order's rows as the orders come by, and at the end for what belongs to none of them."""

    def __init__(self, reader: ReviewReader) -> None:
        self._reader = reader
        self._reviews = 0
        self._products = 0
        self._figures: dict[Lane, dict[Figure, Tally]] = {}

    def check(self, rows: ReviewRows) -> Iterator[Finding]:
        """What does not fit about the rows of one order."""
        self._reviews += len(rows.reviews)
        self._products += len(rows.products)
        sums = self._figures.setdefault(rows.lane, {})
        for figure, change in rows.figures.items():
            sums[figure] = plus(sums.get(figure, NOTHING), change)
        for name, right in rows.reviews.items():
            yield from _compared(f"review {name}", right, self._reader.review(name))
            wanted = {place: row for place, row in rows.products.items() if place[0] == name}
            if wanted:
                yield from self._check_products(name, wanted)

    def _check_products(self, name: str, wanted: dict[tuple[str, str], StoredProductReview]) -> Iterator[Finding]:
        found = self._reader.scan_product_reviews((name, ""), len(wanted) + 1)
        there = {(row.review_id, row.line_id): row for row in found if row.review_id == name}
        for place, right in wanted.items():
            yield from _compared(f"review {name} of {place[1]}", right, there.get(place))

    def finish(self) -> Iterator[Finding]:
        """Rows that nothing made, and sums that do not add up."""
        for what, expected, stored in (
            ("reviews", self._reviews, self._count_reviews()),
            ("reviews of products", self._products, self._count_products()),
        ):
            if stored > expected:
                yield Finding(Kind.REVIEW, None, f"there are {stored} rows of {what}, the orders make {expected}")
        for lane in sorted(self._figures):
            yield from self._check_figures(lane)

    def _count_reviews(self) -> int:
        count, after = 0, ""
        while rows := self._reader.scan_reviews(after, _PAGE):
            count, after = count + len(rows), rows[-1].id
        return count

    def _count_products(self) -> int:
        count, after = 0, ("", "")
        while rows := self._reader.scan_product_reviews(after, _PAGE):
            count, after = count + len(rows), (rows[-1].review_id, rows[-1].line_id)
        return count

    def _check_figures(self, lane: Lane) -> Iterator[Finding]:
        expected = {figure: sums for figure, sums in self._figures[lane].items() if any(sums)}
        after = ("", -1)
        while rows := self._reader.lane_figures(lane, after, _PAGE):
            for name, day, stored in rows:
                right = expected.pop((name, day), NOTHING)
                if stored != right:
                    yield Finding(
                        Kind.FIGURE, None, f"{name} of day {day} in lane {lane} is {_told(stored)}, not {_told(right)}"
                    )
            after = rows[-1][:2]
        for name, day in sorted(expected):
            yield Finding(Kind.FIGURE, None, f"{name} of day {day} in lane {lane} is missing")


def _compared(what: str, right: Row, stored: Row | None) -> Iterator[Finding]:
    if stored is None:
        yield Finding(Kind.REVIEW, None, f"{what} has no row")
        return
    for column, said, wanted in zip(right._fields, stored, right, strict=True):
        if said != wanted and column not in _FROM_OUTSIDE:
            yield Finding(Kind.REVIEW, None, f"{what}: {column} is {said!r}, the order says {wanted!r}")


def _told(tally: Tally) -> str:
    return ", ".join(f"{name} {count}" for name, count in tally._asdict().items() if count) or "nothing"
