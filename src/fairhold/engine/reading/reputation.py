"""Reading reputation: what sellers, buyers and products are known for. Plain calls, safe from any thread."""

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from statistics import median
from threading import Lock
from typing import NamedTuple

from fairhold.domain.actors import Role
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import MINUTE, Duration, Instant, after
from fairhold.domain.order import Order
from fairhold.domain.reputation import Tally, day_of, figure_of, plus, product_figure
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.reviews import ReviewReader

COUNTED = 1000
"""How far a buyer's deals and reviews are counted: beyond it, the number says «or more»."""
PARCELS = 100
"""Shipping speed is that of the parcels in so many of the newest completed orders."""
SELLERS_KEPT = 1000
"""Sellers whose shipping speed is remembered; who was looked up longest ago is forgotten first."""
PERIODS = {1: 30, 3: 91, 6: 182, 12: 365}
"""Months, and how many days back they reach, today included."""
_Z = 1.96
"""Standard deviations of a confidence of 95 per cent."""


class Shipping(NamedTuple):
    """How fast parcels were: the median time from payment to shipping and from there to delivery; None where none is known."""

    parcels: int
    dispatch: Duration | None
    delivery: Duration | None


class Reputation(NamedTuple):
    """What a seller is known for. `months` are of `PERIODS`; `score` ranks sellers, from 0 to 1 (`lower_bound`)."""

    whole: Tally
    months: dict[int, Tally]
    shipping: Shipping
    score: float


class BuyerStanding(NamedTuple):
    """What a buyer is known for (S35): completed deals, reviews given, each counted up to `COUNTED`, and what sellers say."""

    completed: int
    given: int
    received: Tally
    level: int


def lower_bound(positive: int, people: int) -> float:
    """What share of positive reviews is at least to be expected: the lower end of Wilson's interval, 95 per cent.

    One review of five stars says little and two hundred a lot: the first alone stands at 0.21, 190 of the second at 0.91.
    E. B. Wilson, «Probable inference, the law of succession, and statistical inference», JASA 22 (1927).
    """
    if not people:
        return 0.0
    share, z2 = positive / people, _Z * _Z
    middle = share + z2 / (2 * people)
    spread = _Z * math.sqrt((share * (1 - share) + z2 / (4 * people)) / people)
    return max(0.0, (middle - spread) / (1 + z2 / people))


LEVELS = ((0, 0), (3, 1), (10, 5), (30, 15), (100, 50))
"""Completed deals and reviews given from which a buyer stands on each level, from 0."""


def level_of(completed: int, given: int) -> int:
    """On which level a buyer stands."""
    return max(level for level, (deals, reviews) in enumerate(LEVELS) if completed >= deals and given >= reviews)


class ReputationQueries:
    """What the faces ask. `completed` lists so many of a seller's completed orders, the newest; `deals` counts a buyer's."""

    def __init__(
        self,
        reader: ReviewReader,
        clock: Clock,
        completed: Callable[[PersonId, int], Sequence[Order]],
        deals: Callable[[PersonId, int], int],
    ) -> None:
        self._reader = reader
        self._clock = clock
        self._completed = completed
        self._deals = deals
        self._speeds: OrderedDict[PersonId, tuple[Instant, Shipping]] = OrderedDict()
        self._turn = Lock()

    def tally(self, role: Role, person: PersonId) -> Tally:
        """All reviews about somebody, counted."""
        return self._reader.figure(figure_of(role, person))

    def product_tally(self, seller: PersonId, sku: str) -> Tally:
        """All reviews about a product, counted."""
        return self._reader.figure(product_figure(seller, sku))

    def reputation(self, seller: PersonId) -> Reputation:
        """What a seller is known for."""
        name = figure_of(Role.SELLER, seller)
        whole, today = self._reader.figure(name), day_of(self._clock.now())
        by_day = self._reader.figure_by_day(name, today - max(PERIODS.values()) + 1)
        months = {
            months: _sum([tally for day, tally in by_day if day > today - days]) for months, days in PERIODS.items()
        }
        return Reputation(whole, months, self.shipping(seller), lower_bound(whole.positive, whole.people))

    def shipping(self, seller: PersonId) -> Shipping:
        """How fast the seller ships: at most a minute old, since it is read out of a hundred orders."""
        now = self._clock.now()
        with self._turn:
            kept = self._speeds.get(seller)
        if kept is not None and kept[0] <= now < after(kept[0], MINUTE):
            return kept[1]
        found = self._shipping(seller)
        with self._turn:
            self._speeds[seller] = now, found
            self._speeds.move_to_end(seller)
            while len(self._speeds) > SELLERS_KEPT:
                self._speeds.popitem(last=False)
        return found

    def _shipping(self, seller: PersonId) -> Shipping:
        dispatched, delivered = [], []
        for order in self._completed(seller, PARCELS):
            for parcel in order.shipments:
                if parcel.returns is not None or order.paid_at is None:
                    continue
                dispatched.append(parcel.shipped_at - order.paid_at)
                if parcel.delivered_at is not None:
                    delivered.append(parcel.delivered_at - parcel.shipped_at)
        return Shipping(len(dispatched), _middle(dispatched), _middle(delivered))

    def standing(self, buyer: PersonId) -> BuyerStanding:
        """What a buyer is known for."""
        completed = self._deals(buyer, COUNTED)
        given = self._reader.reviews_by(figure_of(Role.BUYER, buyer), COUNTED)
        return BuyerStanding(completed, given, self.tally(Role.BUYER, buyer), level_of(completed, given))


def _sum(tallies: Sequence[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole = plus(whole, tally)
    return whole


def _middle(lengths: Sequence[int]) -> Duration | None:
    return Duration(int(median(lengths))) if lengths else None
