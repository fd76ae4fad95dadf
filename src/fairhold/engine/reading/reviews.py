"""Reading reviews: one's own, those about a seller or a product, what moderators have to look at.

Plain calls, safe from any thread. Rows are as they were last written: a review that the end of its window brings is there
once the sweep has come by.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from fairhold.access.history import shown_versions
from fairhold.domain.actors import Actor, Role
from fairhold.domain.events import Event
from fairhold.domain.guards import actions
from fairhold.domain.ids import OrderId, PersonId, is_order_id
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reputation import figure_of, product_figure
from fairhold.domain.review_events import ReviewModerated, ReviewReplied, Said
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.reviews import (
    ProductReview,
    ReviewPlace,
    ReviewQuery,
    ReviewReader,
    ReviewSort,
    StoredReport,
    StoredReview,
    facets,
    place_of,
)

LONGEST_PAGE = 100
LOOKED_AT = 1000
"""How many of a person's orders, the newest, a page of those that await a review looks through."""
COUNTED = 1000

Row = TypeVar("Row", StoredReview, ProductReview)

_PLACE = re.compile(r"(\d)~(\d{1,19})~([0-9a-z]{20})", re.ASCII)
_WAITING = re.compile(r"(\d{1,19})~([0-9a-z]{20})", re.ASCII)


class Filter(NamedTuple):
    """Which reviews somebody wants to see; nothing given: all of them."""

    ratings: tuple[int, ...] = ()
    with_photo: bool = False
    language: str = ""


class ReviewPage(NamedTuple):
    """Reviews in the order asked for; `further` and `back` are the cursors of the neighbouring pages, where there are any."""

    items: tuple[StoredReview, ...]
    further: str | None
    back: str | None


class ProductPage(NamedTuple):
    """As `ReviewPage`, of a product."""

    items: tuple[ProductReview, ...]
    further: str | None
    back: str | None


class Awaiting(NamedTuple):
    """Orders that a person may review now, newest first; `older`: where to look on, if there may be more."""

    items: tuple[Order, ...]
    older: str | None


class Version(NamedTuple):
    """What a review said from `at` on."""

    number: int
    at: Instant
    said: Said


class ReviewQueries:
    """What the faces ask. `order` finds an order as it is now; `orders` lists a person's, newest first, behind an id."""

    def __init__(
        self,
        reader: ReviewReader,
        clock: Clock,
        order: Callable[[OrderId], Order | None],
        history: Callable[[OrderId], list[tuple[int, Event]]],
        orders: Callable[[Role, PersonId, str | None, int], Sequence[Order]],
    ) -> None:
        self._reader = reader
        self._clock = clock
        self._order = order
        self._history = history
        self._orders = orders

    def review(self, id: str) -> StoredReview | None:
        """The row of that review."""
        return self._reader.review(id) if is_order_id(id) else None

    def about(
        self,
        role: Role,
        person: PersonId,
        *,
        wanted: Filter = Filter(),  # noqa: B008 - a value that never changes
        sort: ReviewSort = ReviewSort.NEWEST,
        behind: str | None = None,
        ahead: str | None = None,
        limit: int = 20,
    ) -> ReviewPage:
        """Reviews about somebody that everybody may see. `behind` and `ahead` are cursors out of another page."""
        query = _query(wanted, sort, behind, ahead, limit)._replace(subject=figure_of(role, person))
        found, further, back = _page(self._reader.list_reviews(query), query, place_of)
        return ReviewPage(tuple(found), further, back)

    def about_product(
        self,
        seller: PersonId,
        sku: str,
        *,
        wanted: Filter = Filter(),  # noqa: B008 - a value that never changes
        sort: ReviewSort = ReviewSort.NEWEST,
        behind: str | None = None,
        ahead: str | None = None,
        limit: int = 20,
    ) -> ProductPage:
        """Reviews about a product that everybody may see."""
        query = _query(wanted, sort, behind, ahead, limit)._replace(product=_product(seller, sku))
        found, further, back = _page(self._reader.list_product_reviews(query), query, lambda one: place_of(one.own))
        return ProductPage(tuple(found), further, back)

    def by(self, actor: Actor, *, behind: str | None = None, ahead: str | None = None, limit: int = 20) -> ReviewPage:
        """Reviews that a person wrote, or is taken to have written, newest first."""
        query = _query(Filter(), ReviewSort.NEWEST, behind, ahead, limit)._replace(author=str(actor))
        found, further, back = _page(self._reader.list_reviews(query), query, place_of)
        return ReviewPage(tuple(found), further, back)

    def awaiting(self, actor: Actor, *, older_than: str | None = None, limit: int = 20) -> Awaiting:
        """Orders that this buyer or seller may review now."""
        now, limit = self._clock.now(), max(1, min(limit, LONGEST_PAGE))
        found: list[Order] = []
        after = older_than
        for _ in range(0, LOOKED_AT, LONGEST_PAGE):
            orders = self._orders(actor.role, actor.id, after, LONGEST_PAGE)
            for order in orders:
                if not may_review(order, actor, now):
                    continue
                if len(found) == limit:
                    return Awaiting(tuple(found), found[-1].id)
                found.append(order)
            if len(orders) < LONGEST_PAGE:
                return Awaiting(tuple(found), None)
            after = orders[-1].id
        return Awaiting(tuple(found), after)

    def products(self, seller: PersonId, limit: int = 100) -> list[str]:
        """The seller's products that somebody reviewed: their SKUs."""
        return [name.partition("/")[2] for name in self._reader.products_of(seller, limit)]

    def public_versions(self, review: StoredReview) -> list[Version]:
        """The versions that everybody could read, or can, the first one first."""
        shown = shown_versions([event for _, event in self._history(OrderId(review.order_id))], review.id)
        return [version for version in self.versions(review) if version.number in shown]

    def versions(self, review: StoredReview) -> list[Version]:
        """Every version of a review, the first one first."""
        said = [
            event
            for _, event in self._history(OrderId(review.order_id))
            if isinstance(event, Said) and event.review == review.id
        ]
        return [Version(number, event.at, event) for number, event in enumerate(said, 1)]

    def moderations(self, review: StoredReview) -> list[ReviewModerated]:
        """What moderators decided on a review and on its answer, in order."""
        events = (event for _, event in self._history(OrderId(review.order_id)))
        return [event for event in events if isinstance(event, ReviewModerated) and event.review == review.id]

    def reply(self, review: StoredReview) -> ReviewReplied | None:
        """The answer to a review, as it was given."""
        events = (event for _, event in self._history(OrderId(review.order_id)))
        return next((one for one in events if isinstance(one, ReviewReplied) and one.review == review.id), None)

    def queue(self, *, behind: str | None = None, limit: int = 20) -> ReviewPage:
        """What moderators have to look at, the longest waiting first."""
        found = _WAITING.fullmatch(behind or "")
        place = (min(int(found[1]), 2**63 - 1), found[2]) if found else None
        limit = max(1, min(limit, LONGEST_PAGE))
        rows = self._reader.review_queue(place, limit + 1)
        items = rows[:limit]
        further = f"{items[-1].changed_at}~{items[-1].id}" if len(rows) > limit else None
        return ReviewPage(tuple(items), further, None)

    def waiting(self) -> int:
        """How many those are, counted up to `COUNTED`."""
        return self._reader.review_queue_length(COUNTED)

    def reports(self, review: str, limit: int = 50) -> list[StoredReport]:
        """Who reported a review, and why, the latest first."""
        return self._reader.reports(review, limit)

    def order_of(self, review: StoredReview) -> Order | None:
        """The order that a review is about, as it is now."""
        return self._order(OrderId(review.order_id))


def may_review(order: Order, actor: Actor, now: Instant) -> bool:
    """Whether this person may review the order at this moment."""
    return any(action.name == "review" and action.available for action in actions(order, actor, now))


def _product(seller: PersonId, sku: str) -> str:
    return product_figure(seller, sku).removeprefix("product:")


def _query(wanted: Filter, sort: ReviewSort, behind: str | None, ahead: str | None, limit: int) -> ReviewQuery:
    chosen = facets(ratings=wanted.ratings, with_photo=wanted.with_photo, language=wanted.language)
    limit = max(1, min(limit, LONGEST_PAGE))
    return ReviewQuery(facets=chosen, sort=sort, behind=_place(behind), ahead=_place(ahead), limit=limit + 1)


def _page(
    rows: Sequence[Row], query: ReviewQuery, place: Callable[[Row], ReviewPlace]
) -> tuple[Sequence[Row], str | None, str | None]:
    """The rows of a page, and the cursors of those behind and before it."""
    limit = query.limit - 1
    more = len(rows) > limit
    if query.ahead is not None:
        items = rows[-limit:]
        further = _cursor(place(items[-1])) if items else None
        back = _cursor(place(items[0])) if items and more else None
        return items, further, back
    items = rows[:limit]
    further = _cursor(place(items[-1])) if items and more else None
    back = _cursor(place(items[0])) if items and query.behind is not None else None
    return items, further, back


def _cursor(place: ReviewPlace) -> str:
    return f"{place.stars}~{place.left_at}~{place.id}"


def _place(cursor: str | None) -> ReviewPlace | None:
    """Where the cursor points; None, the list's beginning, where it is none of ours."""
    found = _PLACE.fullmatch(cursor or "")
    return ReviewPlace(int(found[1]), min(int(found[2]), 2**63 - 1), found[3]) if found else None
