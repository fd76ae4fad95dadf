"""A review: what one side of a deal says of the other (S22–S34). A small machine beside the dispute's.

Texts and photos are not here: they stand in the events, and a decision needs none of them.
"""

import hashlib
from enum import StrEnum
from typing import NewType

import msgspec

from fairhold.domain.actors import Role
from fairhold.domain.evidence import PhotoId
from fairhold.domain.ids import LANE_BITS, LineId, OrderId, PersonId, lane_of, number_id
from fairhold.domain.instants import Instant

ReviewId = NewType("ReviewId", str)
"""Looks like an order's id and lies in its lane, but does not tell which order that is: S32."""

MAX_RATING = 5
SIDES = (Role.BUYER, Role.SELLER)


class Criterion(StrEnum):
    """What the buyer rates apart from the whole (S24)."""

    DESCRIPTION_ACCURACY = "description_accuracy"
    COMMUNICATION = "communication"
    SHIPPING_SPEED = "shipping_speed"


class Standing(StrEnum):
    """What moderation has made of a text: it stands, waits for somebody to read it, or was taken away."""

    STANDING = "standing"
    HELD = "held"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class ReviewStatus(StrEnum):
    """What a review is called."""

    PUBLISHED = "published"
    BLIND = "blind"
    IN_MODERATION = "in_moderation"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class Part(StrEnum):
    """What of a review is moderated: its own words, or the other side's answer."""

    REVIEW = "review"
    REPLY = "reply"


class Verdict(StrEnum):
    """What a moderator decides. `withdraw` follows a legal demand and leaves a trace that says so."""

    PUBLISH = "publish"
    HIDE = "hide"
    WITHDRAW = "withdraw"


class LineRating(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Stars for one product, and what comes with them: the language of its own text, and its photos."""

    line: LineId
    rating: int
    language: str | None = None
    photos: tuple[PhotoId, ...] = ()


class Moderated(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Where a text stands with moderation. `by`: who has decided so far; `contested`: the author has asked once more."""

    standing: Standing = Standing.STANDING
    by: tuple[PersonId, ...] = ()
    contested: bool = False
    reopened: bool = False

    @property
    def awaits(self) -> bool:
        """Whether a moderator has something to decide."""
        return self.standing is Standing.HELD or self.reopened


class Reply(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """The other side's one answer, to the version it names (S29)."""

    version: int
    at: Instant
    moderated: Moderated = Moderated()


class Review(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One side's stars for the deal, as its latest version gives them. `lines` are stars by product, of the buyer alone.

    `events` counts what happened to it so far. `blind`: nobody but its author sees it until both have written or the time is
    over. `early`: nothing of the deal is completed any more, because a confirmation was taken back (S16). `language` is its
    text's.
    """

    id: ReviewId
    by: Role
    rating: int
    left_at: Instant
    description_accuracy: int | None = None
    communication: int | None = None
    shipping_speed: int | None = None
    lines: tuple[LineRating, ...] = ()
    anonymous: bool = True
    automatic: bool = False
    language: str | None = None
    photos: tuple[PhotoId, ...] = ()
    version: int = 1
    events: int = 1
    revised_at: Instant | None = None
    blind: bool = False
    early: bool = False
    moderated: Moderated = Moderated()
    reply: Reply | None = None

    @property
    def status(self) -> ReviewStatus:
        """What it is called. One that was withdrawn leaves its trace where it would have been shown, and not before."""
        if self.early:
            return ReviewStatus.HIDDEN
        match self.moderated.standing:
            case Standing.WITHDRAWN:
                return ReviewStatus.HIDDEN if self.blind else ReviewStatus.WITHDRAWN
            case Standing.HIDDEN:
                return ReviewStatus.HIDDEN
            case Standing.HELD:
                return ReviewStatus.IN_MODERATION
        return ReviewStatus.BLIND if self.blind else ReviewStatus.PUBLISHED

    @property
    def counts(self) -> bool:
        """Whether it is part of averages: public, and of a person (S34)."""
        return self.status is ReviewStatus.PUBLISHED and not self.automatic

    @property
    def criteria(self) -> dict[Criterion, int]:
        """The stars given to each criterion that got any."""
        given = {criterion: getattr(self, criterion.value) for criterion in Criterion}
        return {criterion: stars for criterion, stars in given.items() if stars is not None}


def photos_of(review: Review) -> frozenset[PhotoId]:
    """Every photo that the review shows, of the deal and of its products."""
    return frozenset((*review.photos, *(photo for line in review.lines for photo in line.photos)))


def other_side(side: Role) -> Role:
    """The other of the two who made the deal."""
    return Role.SELLER if side is Role.BUYER else Role.BUYER


def automatic_id(order: OrderId, side: Role) -> ReviewId:
    """The name of the review that a side is taken to have left by its silence.

    It follows from the order, so that whoever looks before the deadline was written down sees the same name, and lies in
    its lane.
    """
    chance = hashlib.sha256(f"{order}/{side.value}".encode()).digest()
    return ReviewId(number_id(int.from_bytes(chance[:10]) << LANE_BITS | lane_of(order)))
