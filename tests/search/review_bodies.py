"""Commands to reviews with their smallest sensible bodies, and the odd ones that must be refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fairhold.domain import commands as c
from fairhold.domain import review_commands as r
from fairhold.domain.actors import SYSTEM, Actor, Role
from fairhold.domain.evidence import Evidence, PhotoId
from fairhold.domain.ids import LineId
from fairhold.domain.order import Order
from fairhold.domain.review import Part, Review, Verdict
from tests.builders import (
    BUYER,
    MEDIATOR,
    OPERATOR,
    OTHER_MEDIATOR,
    SELLER,
    STRANGE_BUYER,
    STRANGE_SELLER,
    SUPPORT,
)

LINK, LONG = r.Screened(length=9, link=True), r.Screened(length=1001)
FOREIGN, HELD = r.Screened(length=9, clearly="other"), r.Screened(length=9, held=("contact",))
RELATED = Actor(Role.MEDIATOR, BUYER.id)
MODERATORS = (MEDIATOR, OTHER_MEDIATOR, OPERATOR)
NOBODY = (SUPPORT, SYSTEM, STRANGE_BUYER, STRANGE_SELLER)
MANY = tuple(Evidence(PhotoId(f"p{number}"), "0" * 64) for number in range(31))

Said = tuple[c.Command, Actor, bool]
"""A command, who gives it, and whether it is usual (`Ask`)."""
Saids = Iterator[Said]

STARS = (2, 5)


def write(order: Order) -> Saids:
    """Both sides, with few stars and with many."""
    for actor in (BUYER, SELLER):
        for rating in STARS:
            yield r.WriteReview(rating=rating), actor, True


def _revise(review: Review) -> Saids:
    for actor in (BUYER, SELLER):
        yield r.ReviseReview(review=review.id, rating=5), actor, True
        yield r.ReviseReview(review=review.id, rating=2), actor, False


def _reply(review: Review) -> Saids:
    for actor in (BUYER, SELLER):
        yield r.ReplyToReview(review=review.id, text="Thank you."), actor, True


def _moderate(review: Review) -> Saids:
    for actor in MODERATORS:
        for part in Part:
            for decision in Verdict:
                command = r.ModerateReview(review=review.id, decision=decision, reasons="as the rules say", part=part)
                yield command, actor, part is Part.REVIEW


def _contest(review: Review) -> Saids:
    for actor in (BUYER, SELLER):
        for part in Part:
            yield r.ContestModeration(review=review.id, text="It is true.", part=part), actor, part is Part.REVIEW


OF_REVIEW: dict[type[c.Command], Callable[[Review], Saids]] = {
    r.ReviseReview: _revise,
    r.ReplyToReview: _reply,
    r.ModerateReview: _moderate,
    r.ContestModeration: _contest,
}


def odd(order: Order) -> Iterator[tuple[c.Command, Actor]]:
    """Everything by those who may not, and bodies that break a rule of the request."""
    line = order.lines[0].id
    twice = (r.LineStars(id=line, rating=5), r.LineStars(id=line, rating=5))
    yield r.WriteReview(rating=5, text="…", screened=LINK), BUYER
    yield r.WriteReview(rating=5, text="…", screened=LONG), SELLER
    yield r.WriteReview(rating=5, text="…", screened=FOREIGN), BUYER
    yield r.WriteReview(rating=5, lines=twice), BUYER
    yield r.WriteReview(rating=5, lines=(r.LineStars(id=LineId("none"), rating=5),)), BUYER
    yield r.WriteReview(rating=5, lines=(r.LineStars(id=line, rating=5, text="…", screened=LINK),)), BUYER
    yield r.WriteReview(rating=5, photos=MANY), BUYER
    yield r.WriteReview(rating=5, communication=5), SELLER
    yield r.WriteReview(rating=5, lines=twice[:1]), SELLER
    for actor in (*NOBODY, *MODERATORS):
        yield r.WriteReview(rating=5), actor
    yield r.ReviseReview(review="none", rating=5), BUYER
    for review in order.reviews:
        yield from _odd_of(review)


def _odd_of(review: Review) -> Iterator[tuple[c.Command, Actor]]:
    name = review.id
    for actor in (BUYER, SELLER):
        yield r.ReviseReview(review=name, rating=5, text="…", screened=LINK), actor
        yield r.ReplyToReview(review=name, text="…", screened=LONG), actor
        yield r.ModerateReview(review=name, decision=Verdict.HIDE, reasons="mine"), actor
    yield r.ModerateReview(review=name, decision=Verdict.HIDE, reasons="mine"), RELATED
    for actor in (*NOBODY, *MODERATORS):
        yield r.ReviseReview(review=name, rating=5), actor
        yield r.ReplyToReview(review=name, text="Thank you."), actor
        yield r.ContestModeration(review=name, text="It is true."), actor
    for actor in NOBODY:
        yield r.ModerateReview(review=name, decision=Verdict.HIDE, reasons="mine"), actor
