"""What can be asked about an order's reviews: the second part of `commands.py`."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from fairhold.domain.commands import MAX_LINES, STATEMENT_PATTERN, Command, LineName, Photos, Statement
from fairhold.domain.review import MAX_RATING, Part, Verdict


class Screened(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What a reading of a text by machine found. `length` is in characters as a person counts them.

    `language` is `ru` or `en` where it can be told; `clearly` is what the text is beyond doubt, `other` for neither.
    `held` names what a moderator has to look at; `link`: a full one, which no review takes (S33).
    """

    length: int = 0
    language: Literal["ru", "en"] | None = None
    clearly: Literal["ru", "en", "other"] | None = None
    held: tuple[str, ...] = ()
    link: bool = False


Stars = Annotated[int, Meta(ge=1, le=MAX_RATING)]
MAX_REVIEW_LENGTH = 1000
"""In characters as a person counts them (S25)."""
ReviewText = Annotated[str, Meta(min_length=1, max_length=8 * MAX_REVIEW_LENGTH, pattern=STATEMENT_PATTERN)]
"""A character as a person counts them may be several; nobody's thousand is eight thousand code points."""


class LineStars(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """What the buyer says of one product."""

    id: LineName
    rating: Stars
    text: ReviewText | None = None
    photos: Photos = ()
    screened: Screened = Screened()


class Stated(Command, frozen=True, kw_only=True):
    """Stars for the deal, and words if the author likes (S24, S25). Criteria and `lines` are the buyer's alone."""

    rating: Stars
    description_accuracy: Stars | None = None
    communication: Stars | None = None
    shipping_speed: Stars | None = None
    text: ReviewText | None = None
    photos: Photos = ()
    anonymous: bool = True
    lines: Annotated[tuple[LineStars, ...], Meta(max_length=MAX_LINES)] = ()
    screened: Screened = Screened()


class WriteReview(Stated, frozen=True, kw_only=True):
    """One side says what it thinks of the deal (S22)."""

    NAME = "review"


class ReviseReview(Stated, frozen=True, kw_only=True):
    """Its author says it anew (S28)."""

    NAME = "revise_review"

    review: str


class ReplyToReview(Command, frozen=True, kw_only=True):
    """The other side answers, once (S29)."""

    NAME = "reply_to_review"

    review: str
    text: ReviewText
    screened: Screened = Screened()


class ModerateReview(Command, frozen=True, kw_only=True):
    """Staff decide whether a review, or the answer to it, is shown; the author is told the reasons."""

    NAME = "moderate_review"

    review: str
    decision: Verdict
    reasons: Statement
    part: Part = Part.REVIEW


class ContestModeration(Command, frozen=True, kw_only=True):
    """The author of what was taken down asks for another pair of eyes, once."""

    NAME = "contest_moderation"

    review: str
    text: Statement
    part: Part = Part.REVIEW


ReviewCommand = ReviseReview | ReplyToReview | ModerateReview | ContestModeration
"""A question to one review of an order."""
