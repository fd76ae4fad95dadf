"""The review that a path names, as its asker may see it."""

from typing import NamedTuple

from fairhold.access.reviews import Eyes, eyes_on
from fairhold.api.parts import Call, Parts
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Review
from fairhold.engine.ports.reviews import StoredReview


class Seen(NamedTuple):
    """A review that somebody may see."""

    order: Order
    review: Review
    row: StoredReview
    eyes: Eyes


def seen_review(parts: Parts, call: Call) -> Seen | Refusal:
    """The review that the path names, if the caller may see it; one refusal for what is not there and for what they may not."""
    row = parts.queries.reviews.review(call.names["review"])
    order = None if row is None else parts.queries.reviews.order_of(row)
    review = None if row is None or order is None else order.review(row.id)
    if row is None or order is None or review is None:
        return Refusal(Reason.UNKNOWN_REVIEW)
    eyes = eyes_on(order, review, call.actor)
    return Refusal(Reason.UNKNOWN_REVIEW) if eyes is None else Seen(order, review, row, eyes)


def day_of(at: Instant) -> Instant:
    """The beginning of the day (UTC)."""
    return Instant(at - at % DAY)
