"""With whose eyes a review is looked at: what S32 keeps from the other side, and moderation from all."""

from typing import NamedTuple

from fairhold.access import may_see_order
from fairhold.api.parts import Call, Parts
from fairhold.domain.actors import STAFF, Actor
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Review, ReviewStatus
from fairhold.domain.review_guards import is_named, may_see_review
from fairhold.engine.review_ports import StoredReview

PUBLIC = frozenset({ReviewStatus.PUBLISHED, ReviewStatus.WITHDRAWN})


class Eyes(NamedTuple):
    """What somebody may see of a review. `party`: they have to do with its order, and may answer it and the like."""

    party: bool
    named: bool
    """Whose it is, and of which order."""
    inside: bool
    """Also what is not shown to others, and why: its author and the staff."""
    replier: bool
    """The same of the answer: the other side and the staff."""


STRANGER = Eyes(party=False, named=False, inside=False, replier=False)


def eyes_on(order: Order, review: Review, actor: Actor) -> Eyes | None:
    """With whose eyes this person looks at the review; None where it does not exist for them."""
    if not may_see_order(actor, order):
        return STRANGER if review.status in PUBLIC else None
    if not may_see_review(review, actor):
        return None
    staff = actor.role in STAFF
    named = is_named(review, actor) and not (review.automatic and _tells_on_another(order, review, actor))
    return Eyes(True, named, staff or actor.role is review.by, staff or actor.role is not review.by)


def _tells_on_another(order: Order, review: Review, actor: Actor) -> bool:
    """Whether this automatic review is there because of one whose order the actor may not know."""
    return any(other.by is not review.by and not is_named(other, actor) for other in order.reviews)


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


def version_for(order: Order, actor: Actor) -> int:
    """The order's version without what happened to reviews of which the actor may not know.

    Otherwise the number would tell the seller which order an anonymous review belongs to.
    """
    version = order.version
    hidden = False
    for review in order.reviews:
        eyes = eyes_on(order, review, actor)
        if eyes is None or not eyes.named:
            hidden = True
            version -= 0 if review.automatic else review.events
    return version - int(hidden and order.reviews_closed)
