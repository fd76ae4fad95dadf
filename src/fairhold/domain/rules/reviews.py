"""Writing, revising, answering and moderating reviews (S22–S33)."""

from typing import Any

from fairhold.domain.actors import Actor, Role
from fairhold.domain.events import Event
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Part, Review, ReviewId, Standing, Verdict
from fairhold.domain.review_commands import (
    MAX_REVIEW_LENGTH,
    ContestModeration,
    ModerateReview,
    ReplyToReview,
    ReviseReview,
    Screened,
    Stated,
    WriteReview,
)
from fairhold.domain.review_events import (
    LineReview,
    ModerationContested,
    ReviewModerated,
    ReviewReplied,
    ReviewRevised,
    ReviewWritten,
)
from fairhold.domain.reviewing import must_rise, reached_buyer, terms_of_reviews, waits_for_other

Decision = tuple[Event, ...] | Refusal

MAX_REVIEW_PHOTOS = 30
"""In a whole review, all its products together."""

_CRITERIA = ("description_accuracy", "communication", "shipping_speed")


def write_review(order: Order, command: WriteReview, actor: Actor, now: Instant, new_id: ReviewId) -> Decision:
    """One side reviews the deal; under a blind policy it is shown when the other has, too."""
    lines = _checked(order, command, actor.role)
    if isinstance(lines, Refusal):
        return lines
    other = next((review for review in order.reviews if review.by is not actor.role), None)
    return (
        ReviewWritten(
            at=now,
            by=str(actor),
            review=new_id,
            side=actor.role,
            **_said(command, lines),
            blind=waits_for_other(order, actor.role),
            reveals=other is not None and other.blind,
        ),
    )


def revise_review(order: Order, command: ReviseReview, actor: Actor, now: Instant) -> Decision:
    """The author says it anew; by the usual policy only for the better."""
    lines = _checked(order, command, actor.role)
    if isinstance(lines, Refusal):
        return lines
    review = _guarded(order, command.review)
    if must_rise(order) and command.rating <= review.rating:
        return Refusal(Reason.ONLY_UPWARD, "rating", review.rating)
    return (
        ReviewRevised(
            at=now,
            by=str(actor),
            review=review.id,
            version=review.version + 1,
            **_said(command, lines),
        ),
    )


def reply_to_review(order: Order, command: ReplyToReview, actor: Actor, now: Instant) -> Decision:
    """The other side answers the version that is shown."""
    refusal = _unreadable(order, command.screened, "text")
    if refusal is not None:
        return refusal
    review = _guarded(order, command.review)
    return (
        ReviewReplied(
            at=now,
            by=str(actor),
            review=review.id,
            version=review.version,
            text=command.text,
            held=command.screened.held,
        ),
    )


_ALREADY = {
    Verdict.PUBLISH: (Standing.STANDING, Reason.ALREADY_PUBLISHED),
    Verdict.HIDE: (Standing.HIDDEN, Reason.REVIEW_TAKEN_DOWN),
    Verdict.WITHDRAW: (Standing.WITHDRAWN, Reason.REVIEW_TAKEN_DOWN),
}


def moderate_review(order: Order, command: ModerateReview, actor: Actor, now: Instant) -> Decision:
    """Staff show it, hide it, or withdraw it after a legal demand. What is contested can be decided the same way again."""
    review = _guarded(order, command.review)
    moderated = review.moderated if command.part is Part.REVIEW or review.reply is None else review.reply.moderated
    standing, reason = _ALREADY[command.decision]
    # Strangers report a review without the order hearing of it: leaving it where it is answers them.
    leaves = command.decision is Verdict.PUBLISH and command.part is Part.REVIEW
    if moderated.standing is standing and not moderated.reopened and not leaves:
        return Refusal(reason, "decision")
    return (
        ReviewModerated(
            at=now,
            by=str(actor),
            review=review.id,
            part=command.part,
            decision=command.decision,
            reasons=command.reasons,
        ),
    )


def contest_moderation(order: Order, command: ContestModeration, actor: Actor, now: Instant) -> Decision:
    """The author asks another moderator."""
    review = _guarded(order, command.review)
    return (ModerationContested(at=now, by=str(actor), review=review.id, part=command.part, text=command.text),)


def _guarded(order: Order, name: str) -> Review:
    review = order.review(name)
    assert review is not None, "the guards found it"
    return review


def _checked(order: Order, command: Stated, side: Role) -> tuple[LineReview, ...] | Refusal:
    """What is said of each product, or what is wrong with what was said."""
    if side is not Role.BUYER:
        for name in _CRITERIA:
            if getattr(command, name) is not None:
                return Refusal(Reason.ONLY_BUYER_RATES_THIS, name)
        if command.lines:
            return Refusal(Reason.ONLY_BUYER_RATES_THIS, "lines")
    refusal = _unreadable(order, command.screened, "text")
    if refusal is not None:
        return refusal
    seen: set[LineId] = set()
    for place, given in enumerate(command.lines):
        at = f"lines[{place}]"
        if order.line(given.id) is None:
            return Refusal(Reason.UNKNOWN_LINE, f"{at}.id")
        if given.id in seen:
            return Refusal(Reason.DUPLICATE_LINE, f"{at}.id")
        if not reached_buyer(order, given.id):
            return Refusal(Reason.NOT_COMPLETED, f"{at}.id")
        seen.add(given.id)
        refusal = _unreadable(order, given.screened, f"{at}.text")
        if refusal is not None:
            return refusal
    photos = len(command.photos) + sum(len(given.photos) for given in command.lines)
    if photos > MAX_REVIEW_PHOTOS:
        return Refusal(Reason.TOO_MANY_PHOTOS, "photos", MAX_REVIEW_PHOTOS)
    return _of_products(order, command) if side is Role.BUYER else ()


def _of_products(order: Order, command: Stated) -> tuple[LineReview, ...]:
    """Stars for each product that reached the buyer or is on its way: its own, or those of the whole deal."""
    given = {line.id: line for line in command.lines}
    found = []
    for line in order.lines:
        own = given.get(line.id)
        if own is not None:
            found.append(
                LineReview(
                    line=line.id,
                    rating=own.rating,
                    own=True,
                    text=own.text,
                    language=own.screened.language,
                    photos=own.photos,
                )
            )
        elif reached_buyer(order, line.id):
            found.append(LineReview(line=line.id, rating=command.rating))
    return tuple(found)


def _unreadable(order: Order, screened: Screened, field: str) -> Refusal | None:
    """Why a text cannot be taken: too long (S25), a full link (S33), or clearly in another language than the policy takes."""
    if screened.length > MAX_REVIEW_LENGTH:
        return Refusal(Reason.TEXT_TOO_LONG, field, MAX_REVIEW_LENGTH)
    if screened.link:
        return Refusal(Reason.LINK_IN_TEXT, field)
    taken = terms_of_reviews(order).languages
    if taken and screened.clearly is not None and screened.clearly not in taken:
        return Refusal(Reason.LANGUAGE_NOT_TAKEN, field)
    return None


def _said(command: Stated, lines: tuple[LineReview, ...]) -> dict[str, Any]:
    """The fields of `Said`, as they were given."""
    return {
        "rating": command.rating,
        "description_accuracy": command.description_accuracy,
        "communication": command.communication,
        "shipping_speed": command.shipping_speed,
        "text": command.text,
        "language": command.screened.language,
        "photos": command.photos,
        "lines": lines,
        "anonymous": command.anonymous,
        "held": _held(command),
    }


def _held(command: Stated) -> tuple[str, ...]:
    found = [*command.screened.held, *(kind for line in command.lines for kind in line.screened.held)]
    return tuple(dict.fromkeys(found))
