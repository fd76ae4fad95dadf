"""With whose eyes a review is looked at: what S32 keeps from the other side, and moderation from all."""

from typing import NamedTuple

from fairhold.access import may_see_order
from fairhold.domain.actors import STAFF, Actor
from fairhold.domain.order import Order
from fairhold.domain.review import Review, ReviewStatus
from fairhold.domain.review_guards import is_named, may_see_review

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


def may_see_reports(actor: Actor) -> bool:
    """Who reported a review, why and how often: the staff."""
    return actor.role in STAFF


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
