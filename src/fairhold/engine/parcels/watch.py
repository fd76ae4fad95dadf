"""Parcels that nobody reports on, and news that are nobody's: what an operator looks after."""

from collections.abc import Callable
from typing import NamedTuple

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order, Shipment
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.parcels import Parcel, ParcelRows, UnknownNumber

NEVER_HEARD = 3 * DAY
"""After this long a first scan is missing: a wrong number, or a provider that does not know the carrier."""
NOT_HEARD = 10 * DAY
MOST = 200


class Silent(NamedTuple):
    """A parcel that should have been told of, with its order."""

    parcel: Parcel
    order: Order
    shipment: Shipment


class ParcelWatch:
    """Answers operators. Every method raises StoreUnavailable."""

    def __init__(self, rows: ParcelRows, orders: Callable[[OrderId], Order | None], clock: Clock) -> None:
        self._rows = rows
        self._orders = orders
        self._clock = clock

    def silent(self) -> list[Silent]:
        """Parcels on their way that nobody told of for long, or that a provider does not take; the oldest first."""
        now = self._clock.now()
        rows = self._rows.silent(Instant(now - NEVER_HEARD), Instant(now - NOT_HEARD), MOST)
        found = []
        for parcel in rows:
            order = self._orders(parcel.order)
            shipment = None if order is None else order.shipment(parcel.shipment)
            if order is not None and shipment is not None and shipment.delivered_at is shipment.returned_at is None:
                found.append(Silent(parcel, order, shipment))
        return found

    def unknown(self) -> list[UnknownNumber]:
        """Numbers that were told of and are no parcel's, the newest news first."""
        return self._rows.unknown(MOST)
