"""Answers about reviews: to those who have to do with the order, and to everybody."""

from msgspec import field

from fairhold.api.shapes import ActionOut, At, Out
from fairhold.domain.actors import Role
from fairhold.domain.review import Part, ReviewStatus, Verdict


class ReplyOut(Out, frozen=True):
    """The other side's answer, to version `version` of the review. `text` is there for whoever may read it."""

    version: int
    at: At
    status: ReviewStatus
    text: str | None = None


class LineRatingOut(Out, frozen=True):
    """Stars for one product of the order; words and photos of its own, if it has any."""

    id: str
    sku: str
    rating: int
    text: str | None = None
    photos: list[str] = field(default_factory=list)


class ReviewOut(Out, frozen=True, tag="review", tag_field="kind"):
    """A review as the caller may see it. What was withdrawn has no stars.

    Without `order`, it is not told whose it is (S32); its moments are then the days on which they lie.
    """

    id: str
    by: Role
    rating: int | None
    automatic: bool
    status: ReviewStatus
    revised: bool
    reply: ReplyOut | None
    version: int
    anonymous: bool
    left_at: At
    actions: list[ActionOut]
    description_accuracy: int | None = None
    communication: int | None = None
    shipping_speed: int | None = None
    text: str | None = None
    language: str | None = None
    photos: list[str] = field(default_factory=list)
    lines: list[LineRatingOut] = field(default_factory=list)
    revised_at: At | None = None
    author: str | None = None
    order: str | None = None
    held: list[str] = field(default_factory=list)
    reports: int = 0


class VersionOut(Out, frozen=True):
    """What a review said from `at` on."""

    number: int
    at: At
    rating: int
    description_accuracy: int | None = None
    communication: int | None = None
    shipping_speed: int | None = None
    text: str | None = None
    photos: list[str] = field(default_factory=list)
    lines: list[LineRatingOut] = field(default_factory=list)


class ModerationOut(Out, frozen=True):
    """What a moderator decided on the review or on the answer to it, and why. `by` is for the staff."""

    part: Part
    decision: Verdict
    reasons: str
    at: At
    by: str | None = None


class ReportOut(Out, frozen=True):
    """Why somebody thinks that a review should not be there."""

    reason: str
    at: At
    by: str
    text: str | None = None


class ReviewDetail(ReviewOut, frozen=True, tag="review", tag_field="kind"):
    """A review by itself: also its earlier versions, what moderators decided, and, for the staff, who reported it."""

    versions: list[VersionOut] = field(default_factory=list)
    moderation: list[ModerationOut] = field(default_factory=list)
    reported: list[ReportOut] = field(default_factory=list)


class AwaitedLine(Out, frozen=True):
    """A line of an order that awaits a review."""

    id: str
    sku: str
    title: str
    quantity: int


class AwaitingOut(Out, frozen=True, tag="awaiting", tag_field="kind"):
    """An order that the caller may review now; `until` is not known while some of it can still complete."""

    order: str
    number: str
    buyer: str
    seller: str
    lines: list[AwaitedLine]
    until: At | None


class ReviewList(Out, frozen=True):
    """Reviews, or orders that await one. `waiting`: how long the queue of moderators is, counted up to 1000."""

    items: list[ReviewOut | AwaitingOut]
    next: str | None
    waiting: int | None = None


class PublicReply(Out, frozen=True):
    """The answer to a review, to its version `version`."""

    version: int
    at: At
    text: str


class PublicReview(Out, frozen=True):
    """A review as everybody sees it. Of an anonymous one it is not told whose it is, and the moments are days.

    `automatic`: nobody wrote it, the time for reviews ran out; it is part of no average. A withdrawn one leaves this trace.
    """

    id: str
    rating: int | None
    status: ReviewStatus
    automatic: bool
    revised: bool
    left_at: At
    reply: PublicReply | None
    author: str | None = None
    description_accuracy: int | None = None
    communication: int | None = None
    shipping_speed: int | None = None
    text: str | None = None
    language: str | None = None
    photos: list[str] = field(default_factory=list)
    revised_at: At | None = None


class CriterionOut(Out, frozen=True):
    """The average of one criterion, over as many reviews as rate it."""

    rating: float
    reviews: int


class TallyOut(Out, frozen=True):
    """People's reviews counted: their average, how many gave how many stars, how many per cent of them four or five.

    `automatic` ones are counted here and nowhere else.
    """

    rating: float | None
    reviews: int
    stars: dict[str, int]
    positive_percent: float | None
    criteria: dict[str, CriterionOut]
    with_photo: int
    languages: dict[str, int]
    automatic: int


class PublicReviews(Out, frozen=True):
    """Reviews, and all of them counted, whatever the list is filtered by."""

    items: list[PublicReview]
    next: str | None
    summary: TallyOut


class ShippingOut(Out, frozen=True):
    """The median time from payment to shipping and from there to delivery, in seconds, over so many parcels."""

    parcels: int
    dispatch_seconds: int | None
    delivery_seconds: int | None


class ReputationOut(Out, frozen=True):
    """What a seller is known for: everything, and the last 1, 3, 6 and 12 months.

    `shipping` is that of the newest 100 completed orders, at most a minute old. `score`, from 0 to 1, ranks sellers: the
    share of good reviews that can be expected at least. `disputes_lost`: those that a mediator gave to the buyer.
    """

    seller: str
    summary: TallyOut
    months: dict[str, TallyOut]
    shipping: ShippingOut
    score: float
    disputes_lost: int


class StandingOut(Out, frozen=True):
    """What a buyer is known for (S35): completed deals and reviews given, each counted up to 1000, and what sellers say.

    `level` is from 0 to 4.
    """

    buyer: str
    level: int
    deals_completed: int
    reviews_given: int
    received: TallyOut
