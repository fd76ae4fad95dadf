"""What happened to an order's reviews: the third part of `events.py`."""

import msgspec

from fairhold.domain.actors import Role
from fairhold.domain.event_shape import EventBase
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import LineId
from fairhold.domain.review import Part, ReviewId, Verdict


class LineReview(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What was said of one product. `own`: not merely the stars of the whole deal."""

    line: LineId
    rating: int
    own: bool = False
    text: str | None = None
    language: str | None = None
    photos: tuple[Evidence, ...] = ()


class Said(EventBase, frozen=True, kw_only=True):
    """Stars and words as they were given. `held` names what a moderator has to look at; empty: nothing."""

    review: ReviewId
    rating: int
    description_accuracy: int | None = None
    communication: int | None = None
    shipping_speed: int | None = None
    text: str | None = None
    language: str | None = None
    photos: tuple[Evidence, ...] = ()
    lines: tuple[LineReview, ...] = ()
    anonymous: bool = True
    held: tuple[str, ...] = ()


class ReviewWritten(Said, frozen=True, kw_only=True, tag="review_written"):
    """One side reviewed the deal (S22). `blind`: it waits for the other; `reveals`: the other's has waited for this one."""

    side: Role
    blind: bool = False
    reveals: bool = False


class ReviewRevised(Said, frozen=True, kw_only=True, tag="review_revised"):
    """Its author changed it (S28): this is version `version`; the earlier ones stay where they are."""

    version: int


class ReviewReplied(EventBase, frozen=True, kw_only=True, tag="review_replied"):
    """The other side answered version `version` (S29)."""

    review: ReviewId
    version: int
    text: str
    held: tuple[str, ...] = ()


class ReviewModerated(EventBase, frozen=True, kw_only=True, tag="review_moderated"):
    """A moderator decided on a review or on the answer to it; the author is told the reasons."""

    review: ReviewId
    part: Part
    decision: Verdict
    reasons: str


class ModerationContested(EventBase, frozen=True, kw_only=True, tag="moderation_contested"):
    """The author disagrees: another moderator decides."""

    review: ReviewId
    part: Part
    text: str


class AutomaticReview(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Stars that a side is taken to have given by its silence (S26); a buyer, to each of `lines`, too."""

    review: ReviewId
    side: Role
    rating: int
    lines: tuple[LineId, ...] = ()


class ReviewsClosed(EventBase, frozen=True, kw_only=True, tag="reviews_closed"):
    """The time for reviews is over: what was blind is public, and who got none for good stars has one (S26)."""

    automatic: tuple[AutomaticReview, ...] = ()
