"""Bodies of the calls on reviews: photos by their ids, the review by the path."""

from typing import Annotated

from msgspec import Meta

from fairhold.api.bodies import Wire
from fairhold.api.dispute_bodies import PhotoIds
from fairhold.domain.commands import MAX_LINES, LineName, Statement
from fairhold.domain.review import Part, Verdict
from fairhold.domain.review_commands import ReviewText, Stars
from fairhold.engine.intake.review_reports import ReportReason


class RatingLine(Wire, frozen=True, kw_only=True):
    """What the buyer says of one product."""

    id: LineName
    rating: Stars
    text: ReviewText | None = None
    photos: PhotoIds = ()


class Reviewing(Wire, frozen=True, kw_only=True):
    """Stars for the deal, words if there are any. Criteria and `lines` are the buyer's; a line left out has the stars of all."""

    rating: Stars
    description_accuracy: Stars | None = None
    communication: Stars | None = None
    shipping_speed: Stars | None = None
    text: ReviewText | None = None
    photos: PhotoIds = ()
    anonymous: bool = True
    lines: Annotated[tuple[RatingLine, ...], Meta(max_length=MAX_LINES)] = ()


class Revising(Reviewing, frozen=True, kw_only=True):
    """The whole review anew: what is left out is gone."""


class Replying(Wire, frozen=True, kw_only=True):
    """The other side's one answer."""

    text: ReviewText


class Reporting(Wire, frozen=True, kw_only=True):
    """Why the review should not be there."""

    reason: ReportReason
    text: Statement | None = None


class Moderating(Wire, frozen=True, kw_only=True):
    """What becomes of the review, or of the answer to it, and why: the author is told."""

    decision: Verdict
    reasons: Statement
    part: Part = Part.REVIEW


class ContestingModeration(Wire, frozen=True, kw_only=True):
    """Why another moderator should look at it."""

    text: Statement
    part: Part = Part.REVIEW
