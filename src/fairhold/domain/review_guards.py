"""Who may do what with a review, when, and why not: the third part of the table in `guards.py`."""

from collections.abc import Callable

import msgspec

from fairhold.domain.actors import STAFF, Actor, Role
from fairhold.domain.commands import Command
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason
from fairhold.domain.review import Moderated, Part, Review, ReviewStatus, Standing, other_side
from fairhold.domain.review_commands import ContestModeration, ModerateReview, ReplyToReview, ReviseReview
from fairhold.domain.reviewing import why_not_revisable

MAX_VERSIONS = 20
MODERATORS = frozenset({Role.MEDIATOR, Role.OPERATOR})


class ReviewMoment(msgspec.Struct, frozen=True, gc=False):
    """What a guard looks at: which review, or the answer to it (`part`), and who asks when."""

    order: Order
    review: Review
    part: Part
    actor: Actor
    now: Instant

    @property
    def moderated(self) -> Moderated:
        """Where the part stands with moderation."""
        reply = self.review.reply
        if self.part is Part.REPLY and reply is not None:
            return reply.moderated
        return self.review.moderated


class ReviewCondition(msgspec.Struct, frozen=True, gc=False):
    """`why_not` says why the command may not go on; None where it may."""

    name: str
    why_not: Callable[[ReviewMoment], Reason | None]


class ReviewGuard(msgspec.Struct, frozen=True, gc=False):
    """One command: whose it is, and what must hold, checked in this order."""

    command: type[Command]
    whose: Callable[[Review, Part], frozenset[Role]]
    told: str
    """Whose it is, in words."""
    conditions: tuple[ReviewCondition, ...]


def may_see_review(review: Review, actor: Actor) -> bool:
    """Whether this actor, who has to do with the order, sees the review: staff, its author, the other side once it is shown."""
    if actor.role in STAFF or actor.role in (review.by, Role.SYSTEM):
        return True
    return review.status in (ReviewStatus.PUBLISHED, ReviewStatus.WITHDRAWN)


def is_named(review: Review, actor: Actor) -> bool:
    """Whether this actor may know whose the review is, and of which order: S32 keeps it from the other side."""
    return review.automatic or not review.anonymous or actor.role in STAFF or actor.role in (review.by, Role.SYSTEM)


def _author(review: Review, part: Part) -> frozenset[Role]:
    if part is Part.REPLY:
        return _other(review, Part.REVIEW)
    # Nobody wrote what silence is taken for.
    return frozenset() if review.automatic else frozenset({review.by})


def _other(review: Review, part: Part) -> frozenset[Role]:
    return frozenset({other_side(review.by)})


def _moderators(review: Review, part: Part) -> frozenset[Role]:
    return MODERATORS


def _if(reason: Reason, fails: Callable[[ReviewMoment], bool]) -> Callable[[ReviewMoment], Reason | None]:
    return lambda at: reason if fails(at) else None


REVISABLE = ReviewCondition("the policy lets it be revised", lambda at: why_not_revisable(at.order, at.review, at.now))
ROOM_FOR_VERSIONS = ReviewCondition(
    f"fewer than {MAX_VERSIONS} versions", _if(Reason.TOO_MANY_VERSIONS, lambda at: at.review.version >= MAX_VERSIONS)
)
WRITTEN = ReviewCondition("a person wrote it", _if(Reason.AUTOMATIC_REVIEW, lambda at: at.review.automatic))
PUBLISHED = ReviewCondition(
    "it is published", _if(Reason.NOT_PUBLISHED, lambda at: at.review.status is not ReviewStatus.PUBLISHED)
)
UNANSWERED = ReviewCondition("it was not answered", _if(Reason.ALREADY_REPLIED, lambda at: at.review.reply is not None))
NO_PARTY = ReviewCondition(
    "whoever is of the staff is neither buyer nor seller",
    _if(Reason.CONFLICT_OF_INTEREST, lambda at: at.actor.id in (at.order.buyer, at.order.seller)),
)
NOT_THE_SAME = ReviewCondition(
    "this moderator has not decided on it before what is contested",
    _if(Reason.SAME_MEDIATOR, lambda at: at.moderated.reopened and at.actor.id in at.moderated.by),
)
TAKEN_DOWN = ReviewCondition(
    "it was taken down",
    _if(Reason.NOT_TAKEN_DOWN, lambda at: at.moderated.standing not in (Standing.HIDDEN, Standing.WITHDRAWN)),
)
NOT_CONTESTED = ReviewCondition(
    "it was not contested before", _if(Reason.ALREADY_CONTESTED, lambda at: at.moderated.contested)
)

REVIEW_GUARDS: tuple[ReviewGuard, ...] = (
    ReviewGuard(ReviseReview, _author, "its author", (REVISABLE, ROOM_FOR_VERSIONS)),
    ReviewGuard(ReplyToReview, _other, "the other side", (WRITTEN, PUBLISHED, UNANSWERED)),
    ReviewGuard(ModerateReview, _moderators, "a mediator or the operator", (WRITTEN, NO_PARTY, NOT_THE_SAME)),
    ReviewGuard(ContestModeration, _author, "its author", (TAKEN_DOWN, NOT_CONTESTED)),
)

REVIEW_GUARD = {guard.command: guard for guard in REVIEW_GUARDS}


def why_not_to_review(guard: ReviewGuard, moment: ReviewMoment) -> Reason | None:
    """What keeps the actor, whose command it is, from it; None where nothing does."""
    for condition in guard.conditions:
        reason = condition.why_not(moment)
        if reason is not None:
            return reason
    return None
