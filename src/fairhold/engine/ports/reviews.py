"""What the engine asks of a store about reviews: rows that public pages, people and moderators look for, and their sums.

What a review is worth to a decision lives in its order's snapshot. These rows are written with the order, in one
transaction, and the audit compares them with it. Reports by strangers alone come from outside.
"""

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple, Protocol

from fairhold.domain.ids import Lane
from fairhold.domain.instants import Instant
from fairhold.domain.reputation import Tally


class StoredReview(NamedTuple):
    """A row of `reviews`; moments in microseconds. `author` and `subject` are as in events: `buyer:ann`, `seller:shop-7`.

    In a row that is written, None in one of the columns of `KEPT` leaves what stands there.
    """

    lane: int
    id: str
    order_id: str
    author: str
    subject: str
    """Whom it is about."""
    status: str
    shown: int
    """1 where it is listed for everybody: published, or withdrawn, which leaves its trace; else 0."""
    awaits: int
    """1 where a moderator has to decide on it or on the answer to it; else 0."""
    facet: int
    """What lists are filtered by, in one number (`facet`)."""
    rating: int
    accuracy: int | None
    communication: int | None
    speed: int | None
    language: str
    """`ru`, `en` or empty."""
    photos: int
    anonymous: int
    automatic: int
    version: int
    left_at: int
    revised_at: int | None
    reply_version: int | None
    reply_at: int | None
    reply_status: str
    """`published`, `in_moderation`, `hidden`, `withdrawn`, or empty where there is none."""
    changed_at: int
    """When something in this row last changed."""
    pictures: str
    """Names of photos, a blank between."""
    text: str | None
    """Empty where there is none."""
    reply: str | None
    held: str | None
    """What a moderator has to look at, a blank between."""
    reports: int | None
    """How many people reported it since a moderator last looked."""


KEPT = ("text", "reply", "held", "reports")
"""Columns of `reviews` that a change of something else leaves as they are."""


class StoredProductReview(NamedTuple):
    """A row of `product_reviews`: what a buyer's review says of one line's product, by `product` = `seller/sku`."""

    lane: int
    review_id: str
    line_id: str
    product: str
    shown: int
    facet: int
    rating: int
    left_at: int
    pictures: str
    text: str | None
    """Of this product alone; empty: the review's own is meant. In a row that is written, None leaves what stands there."""


class ProductReview(NamedTuple):
    """A product's review as it is listed: its own row, and the review that it is part of."""

    own: StoredProductReview
    review: StoredReview


class StoredReport(NamedTuple):
    """A row of `review_reports`: who says that a review should not be there, and why. One a person and review."""

    lane: int
    review_id: str
    reporter: str
    reason: str
    text: str
    at: int


AUTOMATIC = 1000
"""Added to the facet of a review that nobody wrote: filters by stars mean people's."""
GONE = 2000
"""The facet of a review that was withdrawn: it has no stars any more."""
LANGUAGES = ("", "ru", "en")


def facet(rating: int, photos: int, language: str, *, automatic: bool = False, withdrawn: bool = False) -> int:
    """Stars, with a photo or without, and language in one number."""
    if withdrawn:
        return GONE
    return automatic * AUTOMATIC + rating * 100 + (photos > 0) * 10 + LANGUAGES.index(language)


def facets(*, ratings: Sequence[int] = (), with_photo: bool = False, language: str = "") -> tuple[int, ...]:
    """All facets that a filter lets through; without any filter, those of automatic and withdrawn ones too."""
    chosen = [
        facet(rating, photos, spoken)
        for rating in (ratings or (1, 2, 3, 4, 5))
        for photos in ((1,) if with_photo else (0, 1))
        for spoken in ((language,) if language else LANGUAGES)
    ]
    if not ratings and not with_photo and not language:
        chosen += [facet(rating, 0, "", automatic=True) for rating in (1, 2, 3, 4, 5)]
        chosen.append(GONE)
    return tuple(sorted(chosen))


def stars_of(facet: int) -> int:
    """The stars that a facet sorts by; 0 for a review that was withdrawn."""
    return 0 if facet >= GONE else facet % AUTOMATIC // 100


class ReviewSort(Enum):
    """What a list of reviews is sorted by; equal ones by `left_at` and id, the latest first."""

    NEWEST = auto()
    HIGHEST = auto()
    LOWEST = auto()


class ReviewPlace(NamedTuple):
    """Where a review stands in such a list: its stars (as sorted by), when it was left, and its id."""

    stars: int
    left_at: int
    id: str


class ReviewQuery(NamedTuple):
    """Which reviews to list: `limit` of those behind a place in the list, or the first.

    Exactly one of the first three is given: about whom (`seller:shop-7`), about which product (`shop-7/SKU`), or by whom.
    About somebody or something: shown ones alone, of these facets. By somebody: all of them, NEWEST.
    """

    subject: str | None = None
    product: str | None = None
    author: str | None = None
    facets: tuple[int, ...] = ()
    sort: ReviewSort = ReviewSort.NEWEST
    behind: ReviewPlace | None = None
    ahead: ReviewPlace | None = None
    """Going back: those in front of this place and nearest to it, still answered in the list's order."""
    limit: int = 20


def place_of(row: StoredReview | StoredProductReview) -> ReviewPlace:
    """Where the row stands in a list."""
    return ReviewPlace(
        stars_of(row.facet), row.left_at, row.review_id if isinstance(row, StoredProductReview) else row.id
    )


class ReviewReader(Protocol):
    """What a reading connection answers about reviews, each with work that does not grow with how many there are."""

    def review(self, id: str) -> StoredReview | None:
        """The row of that review; its id tells the lane."""
        ...

    def list_reviews(self, query: ReviewQuery) -> list[StoredReview]:
        """Reviews about somebody or by somebody, in the query's order."""
        ...

    def list_product_reviews(self, query: ReviewQuery) -> list[ProductReview]:
        """Reviews about a product, in the query's order."""
        ...

    def review_queue(self, behind: tuple[int, str] | None, limit: int) -> list[StoredReview]:
        """What moderators have to look at, held or reported, by (`changed_at`, id), the longest waiting first."""
        ...

    def review_queue_length(self, most: int) -> int:
        """How many those are, counted up to `most`."""
        ...

    def reviews_by(self, author: str, most: int) -> int:
        """How many reviews that person wrote that are shown, automatic ones left out; counted up to `most`."""
        ...

    def reports(self, review: str, limit: int) -> list[StoredReport]:
        """Reports about a review, the latest first."""
        ...

    def figure(self, name: str) -> Tally:
        """A figure over all days, added up over lanes (`domain/reputation.py`)."""
        ...

    def figure_by_day(self, name: str, since: int) -> list[tuple[int, Tally]]:
        """A figure's days from `since` on (days since 1970), each added up over lanes, ascending."""
        ...

    def products_of(self, seller: str, limit: int) -> list[str]:
        """Products (`seller/sku`) of that seller that anybody reviewed, by name."""
        ...

    def scan_reviews(self, after: str, limit: int) -> list[StoredReview]:
        """All reviews by id, for the audit."""
        ...

    def scan_product_reviews(self, after: tuple[str, str], limit: int) -> list[StoredProductReview]:
        """All of them by (review id, line id), for the audit."""
        ...

    def lane_figures(self, lane: Lane, after: tuple[str, int], limit: int) -> list[tuple[str, int, Tally]]:
        """One lane's figures by (name, day) behind `after`, for the audit."""
        ...


class Reports(Protocol):
    """Reports about reviews. Safe from any thread; raises StoreUnavailable."""

    def add_report(self, report: StoredReport) -> bool:
        """Keep it and count it in the review's row, once a person; whether it is new. False, too, where there is no review."""
        ...

    def reports_since(self, reporter: str, since: Instant) -> int:
        """How many reviews that person reported since then."""
        ...
