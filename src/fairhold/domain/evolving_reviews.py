"""One function per event of reviews: the order as it is after it. `evolve.py` holds the table of them."""

from collections.abc import Callable

import msgspec

from fairhold.domain.ids import PersonId
from fairhold.domain.order import Order
from fairhold.domain.review import LineRating, Moderated, Part, Reply, Review, Standing, Verdict
from fairhold.domain.review_events import (
    LineReview,
    ModerationContested,
    ReviewModerated,
    ReviewReplied,
    ReviewRevised,
    ReviewsClosed,
    ReviewWritten,
    Said,
)
from fairhold.domain.reviewing import is_reviewable

replace = msgspec.structs.replace


def review_written(order: Order, event: ReviewWritten) -> Order:
    """One side has reviewed; where each waited for the other, both are shown."""
    shown = _shown(order) if event.reveals else order.reviews
    review = _said(Review(id=event.review, by=event.side, rating=event.rating, left_at=event.at), event)
    return replace(order, reviews=(*shown, replace(review, blind=event.blind)))


def review_revised(order: Order, event: ReviewRevised) -> Order:
    """The review says something else now."""

    def revised(review: Review) -> Review:
        return replace(_said(review, event), version=event.version, revised_at=event.at)

    return _with_review(order, event.review, revised)


def review_replied(order: Order, event: ReviewReplied) -> Order:
    """The review is answered."""
    reply = Reply(version=event.version, at=event.at, moderated=_read(event.held))
    return _with_review(order, event.review, lambda review: replace(review, reply=reply))


_MAKES = {Verdict.PUBLISH: Standing.STANDING, Verdict.HIDE: Standing.HIDDEN, Verdict.WITHDRAW: Standing.WITHDRAWN}


def review_moderated(order: Order, event: ReviewModerated) -> Order:
    """The text stands where the moderator put it."""
    moderator = PersonId(event.by.partition(":")[2])

    def decided(before: Moderated) -> Moderated:
        by = tuple(dict.fromkeys((*before.by, moderator)))
        return replace(before, standing=_MAKES[event.decision], by=by, reopened=False)

    return _with_part(order, event.review, event.part, decided)


def moderation_contested(order: Order, event: ModerationContested) -> Order:
    """Another moderator has to decide; until then it stays away."""

    def contested(before: Moderated) -> Moderated:
        return replace(before, contested=True, reopened=True)

    return _with_part(order, event.review, event.part, contested)


def reviews_closed(order: Order, event: ReviewsClosed) -> Order:
    """Nobody reviews any more; what was blind is shown."""
    added = tuple(
        Review(
            id=automatic.review,
            by=automatic.side,
            rating=automatic.rating,
            left_at=event.at,
            lines=tuple(LineRating(line=line, rating=automatic.rating) for line in automatic.lines),
            automatic=True,
        )
        for automatic in event.automatic
    )
    return replace(order, reviews=(*_shown(order), *added), reviews_closed=True)


def timely(order: Order) -> Order:
    """Reviews stand aside while nothing of the deal is completed: a confirmation can be taken back after they were left."""
    early = not is_reviewable(order)
    if all(review.early is early for review in order.reviews):
        return order
    return replace(order, reviews=tuple(replace(review, early=early) for review in order.reviews))


def _said(review: Review, event: Said) -> Review:
    return replace(
        review,
        rating=event.rating,
        description_accuracy=event.description_accuracy,
        communication=event.communication,
        shipping_speed=event.shipping_speed,
        lines=tuple(_rated(line) for line in event.lines),
        anonymous=event.anonymous,
        language=event.language,
        photos=tuple(photo.id for photo in event.photos),
        moderated=_read(event.held),
    )


def _rated(line: LineReview) -> LineRating:
    return LineRating(
        line=line.line, rating=line.rating, language=line.language, photos=tuple(photo.id for photo in line.photos)
    )


def _read(held: tuple[str, ...]) -> Moderated:
    return Moderated(standing=Standing.HELD) if held else Moderated()


def _shown(order: Order) -> tuple[Review, ...]:
    return tuple(replace(review, blind=False) if review.blind else review for review in order.reviews)


def _with_review(order: Order, name: str, change: Callable[[Review], Review]) -> Order:
    def changed(review: Review) -> Review:
        return replace(change(review), events=review.events + 1)

    return replace(order, reviews=tuple(changed(one) if one.id == name else one for one in order.reviews))


def _with_part(order: Order, name: str, part: Part, change: Callable[[Moderated], Moderated]) -> Order:
    def changed(review: Review) -> Review:
        if part is Part.REVIEW:
            return replace(review, moderated=change(review.moderated))
        assert review.reply is not None, "an answer was moderated"
        return replace(review, reply=replace(review.reply, moderated=change(review.reply.moderated)))

    return _with_review(order, name, changed)
