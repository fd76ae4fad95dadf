"""What an order's reviews and lost disputes add to the figures of a seller, a buyer and a product (S34).

A figure is a sum over orders. What one order adds follows from the order alone, so that a change adds the difference, in
the order's own lane, and the audit can add everything up anew.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fairhold.domain.actors import Role
from fairhold.domain.dispute import Dispute, Outcome
from fairhold.domain.evidence import PhotoId
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Line, Order
from fairhold.domain.review import LineRating, Review, ReviewStatus

ALL_DAYS = 0
"""Stands for the sum over all days; nobody reviewed anything on the first of January 1970."""


class Tally(NamedTuple):
    """Sums over reviews. `one`…`five` count those of people by stars; `…_n` and `…_stars` are of one criterion.

    Automatic ones are counted in `automatic` and nowhere else. `lost` counts disputes that a ruling gave to the buyer.
    """

    one: int = 0
    two: int = 0
    three: int = 0
    four: int = 0
    five: int = 0
    with_photo: int = 0
    in_ru: int = 0
    in_en: int = 0
    accuracy_n: int = 0
    accuracy_stars: int = 0
    communication_n: int = 0
    communication_stars: int = 0
    speed_n: int = 0
    speed_stars: int = 0
    automatic: int = 0
    lost: int = 0

    @property
    def by_stars(self) -> tuple[int, int, int, int, int]:
        """How many gave one, two, three, four and five stars."""
        return self.one, self.two, self.three, self.four, self.five

    @property
    def people(self) -> int:
        """How many reviewed."""
        return sum(self.by_stars)

    @property
    def stars(self) -> int:
        """All their stars together."""
        return sum(stars * count for stars, count in enumerate(self.by_stars, 1))

    @property
    def positive(self) -> int:
        """How many gave four or five."""
        return self.four + self.five


NOTHING = Tally()

Figure = tuple[str, int]
"""Whose figure (`seller:shop-7`, `buyer:ann`, `product:shop-7/SKU`), and of which day: days since 1970, or `ALL_DAYS`."""


def plus(one: Tally, other: Tally) -> Tally:
    """Both together."""
    return Tally._make(map(int.__add__, one, other))


def minus(one: Tally, other: Tally) -> Tally:
    """What the first has more than the second."""
    return Tally._make(map(int.__sub__, one, other))


def figure_of(role: Role, person: PersonId) -> str:
    """The name of a person's figure."""
    return f"{role.value}:{person}"


def product_figure(seller: PersonId, sku: str) -> str:
    """The name of a product's figure; a seller's name has no `/` in it."""
    return f"product:{seller}/{sku}"


def day_of(at: Instant) -> int:
    """The day of an instant, in days since 1970 (UTC)."""
    return at // DAY


def figures(order: Order) -> dict[Figure, Tally]:
    """What the order's reviews add to each figure, by the day on which they were left and in all."""
    found: dict[Figure, Tally] = {}
    for at, name, tally in _added(order):
        for day in (ALL_DAYS, day_of(at)):
            found[name, day] = plus(found.get((name, day), NOTHING), tally)
    return found


def changed_figures(before: Order | None, after: Order) -> dict[Figure, Tally]:
    """What a change of the order adds to each figure; what goes is below zero."""
    if not after.reviews and not after.disputes:
        return {}
    had: Mapping[Figure, Tally] = {} if before is None else figures(before)
    has = figures(after)
    if had == has:
        return {}
    changes = {
        figure: minus(has.get(figure, NOTHING), had.get(figure, NOTHING)) for figure in dict.fromkeys([*had, *has])
    }
    return {figure: change for figure, change in changes.items() if any(change)}


def _added(order: Order) -> Iterator[tuple[Instant, str, Tally]]:
    for review in order.reviews:
        for name, tally in _of_review(order, review):
            yield review.left_at, name, tally
    for dispute in order.disputes:
        end = dispute.end
        if end is not None and is_lost(dispute):
            yield end.at, figure_of(Role.SELLER, order.seller), Tally(lost=1)


def is_lost(dispute: Dispute) -> bool:
    """Whether a mediator gave the buyer more of the disputed sum than the seller."""
    end = dispute.end
    return end is not None and end.outcome is Outcome.RULED and end.decided * 2 > dispute.amount


def _of_review(order: Order, review: Review) -> Iterator[tuple[str, Tally]]:
    if review.status is not ReviewStatus.PUBLISHED:
        return
    if review.by is Role.SELLER:
        yield figure_of(Role.BUYER, order.buyer), _tally(review, review.rating, review.photos, review.language)
        return
    yield figure_of(Role.SELLER, order.seller), _tally(review, review.rating, review.photos, review.language)
    for line, rated in rated_products(order, review):
        yield product_figure(order.seller, line.sku), _tally(review, rated.rating, rated.photos, rated.language)


def rated_products(order: Order, review: Review) -> Iterator[tuple[Line, LineRating]]:
    """What a review says of each product, each once: without words or photos of its own, it has those of the deal."""
    given = {rated.line: rated for rated in review.lines}
    seen: set[str] = set()
    for line in order.lines:
        rated = given.get(line.id)
        if rated is None or line.sku in seen:
            continue
        seen.add(line.sku)
        if rated.language is None and not rated.photos:
            rated = LineRating(line=line.id, rating=rated.rating, language=review.language, photos=review.photos)
        yield line, rated


def _tally(review: Review, rating: int, photos: tuple[PhotoId, ...], language: str | None) -> Tally:
    if review.automatic:
        return Tally(automatic=1)
    accuracy, communication, speed = review.description_accuracy, review.communication, review.shipping_speed
    return Tally(
        one=int(rating == 1),
        two=int(rating == 2),
        three=int(rating == 3),
        four=int(rating == 4),
        five=int(rating == 5),
        with_photo=int(bool(photos)),
        in_ru=int(language == "ru"),
        in_en=int(language == "en"),
        accuracy_n=int(accuracy is not None),
        accuracy_stars=accuracy or 0,
        communication_n=int(communication is not None),
        communication_stars=communication or 0,
        speed_n=int(speed is not None),
        speed_stars=speed or 0,
    )
