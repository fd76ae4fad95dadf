"""When a parcel is asked about next: often where something is about to happen, ever more rarely with age, in the end never."""

from fairhold.domain.instants import DAY, HOUR, Duration, Instant, after
from fairhold.domain.order import ParcelStatus, Shipment

BY_AGE: tuple[tuple[int, int], ...] = (
    (2 * DAY, 4 * HOUR),
    (10 * DAY, 8 * HOUR),
    (30 * DAY, 12 * HOUR),
    (60 * DAY, DAY),
    (120 * DAY, 2 * DAY),
)
"""Up to this age since shipping, so long between two calls; beyond the last a parcel is given up."""

SOON = {
    ParcelStatus.OUT_FOR_DELIVERY: 2 * HOUR,
    ParcelStatus.AVAILABLE_FOR_PICKUP: 4 * HOUR,
    ParcelStatus.ATTEMPT_FAILED: 4 * HOUR,
}
"""Between two calls at most, where the next scan may be the hand-over."""

AFTER_DELIVERY = 3 * DAY
"""For so long carriers take a delivery back; S4's seven days run meanwhile."""
_WATCHED = 12 * HOUR


def next_look(shipment: Shipment, now: Instant) -> Instant | None:
    """When to ask about the parcel next; None where it has come to its end or is given up."""
    if shipment.returned_at is not None:
        return None
    if shipment.delivered_at is not None:
        learned = max((scan.learned_at for scan in shipment.checkpoints), default=shipment.shipped_at)
        return after(now, Duration(_WATCHED)) if now - learned < AFTER_DELIVERY else None
    age = now - shipment.shipped_at
    pause = next((pause for until, pause in BY_AGE if age < until), None)
    return None if pause is None else after(now, Duration(min(pause, SOON.get(shipment.status, pause))))
