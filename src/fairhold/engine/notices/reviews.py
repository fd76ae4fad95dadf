"""Who is told of reviews. What S32 keeps from the other side is kept here, too.

An anonymous review is told without its order, and on the day after, so that its hour does not tell which it was. A blind
one is nobody's but its author's.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from fairhold.domain.actors import Actor, Role
from fairhold.domain.events import Event
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order
from fairhold.domain.review import Part, Review, ReviewStatus, Standing, Verdict, other_side
from fairhold.domain.review_events import (
    ReviewModerated,
    ReviewReplied,
    ReviewRevised,
    ReviewsClosed,
    ReviewWritten,
)
from fairhold.domain.review_guards import is_named
from fairhold.engine.notices.facts import Facts
from fairhold.engine.notices.tellings import Topic


class ReviewTold(NamedTuple):
    """One side hears of a review. `once` names what they hear only once, whichever event brings it up."""

    reader: Role
    topic: Topic
    facts: Facts
    named: bool
    at: Instant
    once: str | None = None


def review_told(order: Order, event: Event) -> tuple[ReviewTold, ...]:
    """Who hears what because of this event; `order` says what of it can be seen by now."""
    tell = _TELL.get(type(event))
    return () if tell is None else tuple(tell(order, event))


def is_public(order: Order, review: str) -> bool:
    """Whether everybody can read this review now."""
    found = order.review(review)
    return found is not None and found.status is ReviewStatus.PUBLISHED


def _told(
    order: Order, review: Review, reader: Role, topic: Topic, at: Instant, facts: Facts, once: str | None = None
) -> ReviewTold:
    actor = Actor(reader, order.buyer if reader is Role.BUYER else order.seller)
    named = is_named(review, actor)
    shown = at if named else Instant(at - at % DAY + DAY)
    return ReviewTold(reader, topic, {"review": review.id, **facts}, named, shown, once)


def _received(order: Order, review: Review | None, at: Instant) -> Iterator[ReviewTold]:
    """The other side hears of a review once it can be read."""
    if review is not None and not review.automatic and review.status is ReviewStatus.PUBLISHED:
        facts: Facts = {"rating": review.rating}
        yield _told(order, review, other_side(review.by), Topic.REVIEW_RECEIVED, at, facts, f"review/{review.id}")


def _answered(order: Order, review: Review | None, at: Instant) -> Iterator[ReviewTold]:
    """The author hears of the answer once it can be read."""
    if review is not None and review.reply is not None and review.reply.moderated.standing is Standing.STANDING:
        yield _told(order, review, review.by, Topic.REVIEW_REPLIED, at, {}, f"reply/{review.id}")


def _written(order: Order, event: ReviewWritten) -> Iterator[ReviewTold]:
    yield from _received(order, order.review(event.review), event.at)
    if event.reveals:
        for review in order.reviews:
            if review.by is not event.side:
                yield from _received(order, review, event.at)


def _revised(order: Order, event: ReviewRevised) -> Iterator[ReviewTold]:
    review = order.review(event.review)
    if review is not None and review.status is ReviewStatus.PUBLISHED:
        yield _told(order, review, other_side(review.by), Topic.REVIEW_REVISED, event.at, {"rating": review.rating})


def _replied(order: Order, event: ReviewReplied) -> Iterator[ReviewTold]:
    yield from _answered(order, order.review(event.review), event.at)


def _moderated(order: Order, event: ReviewModerated) -> Iterator[ReviewTold]:
    review = order.review(event.review)
    if review is None:
        return
    author = review.by if event.part is Part.REVIEW else other_side(review.by)
    facts: Facts = {"decision": event.decision.value, "part": event.part.value}
    yield _told(order, review, author, Topic.REVIEW_MODERATED, event.at, facts)
    if event.decision is Verdict.PUBLISH:
        yield from _received(order, review, event.at)
        yield from _answered(order, review, event.at)


def _closed(order: Order, event: ReviewsClosed) -> Iterator[ReviewTold]:
    for one in event.automatic:
        review = order.review(one.review)
        if review is not None:
            facts: Facts = {"rating": one.rating}
            yield _told(order, review, other_side(one.side), Topic.REVIEW_AUTOMATIC, event.at, facts)
    for review in order.reviews:
        # What was blind until now; whoever has read the others has heard of them.
        yield from _received(order, review, event.at)


_TELL: dict[type, Callable[[Order, Any], Iterator[ReviewTold]]] = {
    ReviewWritten: _written,
    ReviewRevised: _revised,
    ReviewReplied: _replied,
    ReviewModerated: _moderated,
    ReviewsClosed: _closed,
}
