"""How well a delivery is proved: a score from 100 down, less for each doubt that the order itself gives rise to.

Numbers of other people's parcels, labels that were never handed in and parcels for somebody next door all end in a scan that
says «delivered». Nothing here says that a seller cheats: a low score gives the buyer more time and tells everybody why.
"""

from collections.abc import Iterable

from fairhold.domain.destination import is_elsewhere
from fairhold.domain.instants import DAY
from fairhold.domain.order import Checkpoint, Doubt, Order, ParcelStatus, Shipment

WHOLE = 100
LOW_BELOW = 70
"""A score below this counts as low: each doubt alone is enough, and two tell more than one."""

WEIGHTS: dict[Doubt, int] = {
    Doubt.SHARED_NUMBER: 50,
    Doubt.ACCEPTED_BEFORE_PAYMENT: 50,
    Doubt.OTHER_TOWN: 40,
    Doubt.NO_MOVEMENT: 35,
}
"""What each doubt takes away. The first two hardly happen by mistake; places and lost scans do."""

CLOCKS_APART = DAY
"""How far a carrier's moment may be off, with its zone missing or wrong: so close before payment nothing is doubted."""

_MOVEMENT = frozenset(ParcelStatus) - {
    ParcelStatus.PENDING,
    ParcelStatus.INFO_RECEIVED,
    ParcelStatus.DELIVERED,
    ParcelStatus.EXPIRED,
    ParcelStatus.RETURNED_TO_SENDER,
}
"""Scans that somebody made of a parcel in their hands; an announcement is made of a label."""


def score(doubts: Iterable[Doubt]) -> int:
    """From 100, nothing speaks against the delivery, to 0."""
    return max(0, WHOLE - sum(WEIGHTS[doubt] for doubt in doubts))


def is_low(doubts: Iterable[Doubt]) -> bool:
    """Whether the buyer gets more time."""
    return score(doubts) < LOW_BELOW


def doubts_about(order: Order, shipment: Shipment) -> tuple[Doubt, ...]:
    """What speaks against this parcel's delivery, by weight, as far as its scans are known now.

    Nothing does where the order's policy does not weigh deliveries, or where the buyer sends goods back. Before a delivery
    there is none that could lack movement or be elsewhere.
    """
    if not order.terms.delivery_evidence or shipment.returns is not None or shipment.returned_at is not None:
        return ()
    return tuple(doubt for doubt, holds in _CHECKS.items() if holds(order, shipment))


def _is_shared(_: Order, shipment: Shipment) -> bool:
    return shipment.shared_with > 0


def _accepted_before_payment(order: Order, shipment: Shipment) -> bool:
    if order.paid_at is None:
        return False
    before = order.paid_at - CLOCKS_APART
    return any(scan.at < before and scan.status in _SEEN for scan in shipment.checkpoints)


_SEEN = _MOVEMENT | {ParcelStatus.DELIVERED}


def _other_town(order: Order, shipment: Shipment) -> bool:
    """All places of its delivery that are known are elsewhere."""
    if order.destination is None:
        return False
    destination = order.destination
    places = [scan.place for scan in _deliveries(shipment) if scan.place]
    return bool(places) and all(is_elsewhere(destination, place) for place in places)


def _without_movement(_: Order, shipment: Shipment) -> bool:
    return bool(_deliveries(shipment)) and not any(scan.status in _MOVEMENT for scan in shipment.checkpoints)


def _deliveries(shipment: Shipment) -> list[Checkpoint]:
    """The scans of the delivery that stands."""
    if shipment.delivered_at is None:
        return []
    return [scan for scan in shipment.checkpoints if scan.status is ParcelStatus.DELIVERED]


_CHECKS = {
    Doubt.SHARED_NUMBER: _is_shared,
    Doubt.ACCEPTED_BEFORE_PAYMENT: _accepted_before_payment,
    Doubt.OTHER_TOWN: _other_town,
    Doubt.NO_MOVEMENT: _without_movement,
}
"""When each doubt holds, in the order in which they are told."""
