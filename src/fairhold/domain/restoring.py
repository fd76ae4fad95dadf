"""Giving protection back: after a confirmation that was an accident (S16), and after a dispute that was withdrawn (S17)."""

from fairhold.domain.event_shape import Restored
from fairhold.domain.instants import Duration, Instant, after, between
from fairhold.domain.order import Order, Portion
from fairhold.domain.spans import Span
from fairhold.domain.status import ceiling_of


def restoring(
    order: Order, portion: Portion, span: Span, *, since: Instant, now: Instant, minimum: Duration
) -> Restored:
    """The clocks of these units, which have stood still `since` then: what was left comes back, at least `minimum` of it."""
    shipment = order.shipment(portion.shipment)
    protection_ends = _given_back(order, portion.protection_ends, since, now, minimum)
    if shipment is not None and shipment.returned_at is not None:
        left = portion.ship_again_by
        again_by = (
            after(now, order.terms.returned_parcel) if left is None else _given_back(order, left, since, now, minimum)
        )
        return Restored(span=span, protection_ends=protection_ends, ship_again_by=again_by)
    if shipment is None or shipment.delivered_at is None:
        return Restored(span=span, protection_ends=protection_ends)
    if portion.window_ends is not None:
        window_ends = _given_back(order, portion.window_ends, since, now, minimum)
        return Restored(span=span, protection_ends=protection_ends, window_ends=window_ends)
    line = order.line(portion.line)
    window = order.terms.window_for(line.category if line else None)
    return Restored(span=span, protection_ends=protection_ends, window_ends=after(now, window))


def _given_back(order: Order, ends: Instant | None, since: Instant, now: Instant, minimum: Duration) -> Instant:
    left = between(since, ends or now)
    until = after(now, max(left, minimum))
    ceiling = ceiling_of(order)
    return until if ceiling is None else max(now, min(until, ceiling))
