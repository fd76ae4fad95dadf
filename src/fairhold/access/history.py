"""What of an order's history whom may be told.

S32 keeps reviews from the other side, and moderation some from all; what the seller has of the money is theirs to know.
"""

from collections.abc import Iterable, Sequence

from fairhold.access import may_know_of
from fairhold.domain.actors import STAFF, Actor
from fairhold.domain.events import Event
from fairhold.domain.order import Order
from fairhold.domain.review import Part, ReviewStatus, Standing, Verdict
from fairhold.domain.review_events import (
    ModerationContested,
    ReviewModerated,
    ReviewReplied,
    ReviewsClosed,
    Said,
)


def history_for(order: Order, actor: Actor, history: Iterable[tuple[int, Event]]) -> list[tuple[int, Event]]:
    """What of the order's history the actor may know, numbered anew: a gap would tell what was left out."""
    listed = list(history)
    if actor.role in STAFF or not (order.reviews or order.payouts):
        return listed
    events = [event for _, event in listed]
    may = may_read(order, actor, events)
    return list(enumerate((event for event, readable in zip(events, may, strict=True) if readable), 1))


def may_read(order: Order, actor: Actor, events: Sequence[Event]) -> tuple[bool, ...]:
    """Of each event of the whole history, whether the actor may know that it happened and what it says."""
    if actor.role in STAFF or not (order.reviews or order.payouts):
        return (True,) * len(events)
    public: dict[str, frozenset[int]] = {one.id: shown_versions(events, one.id) for one in order.reviews}
    return tuple(_may_read(order, actor, event, public) for event in events)


def _may_read(order: Order, actor: Actor, event: Event, public: dict[str, frozenset[int]]) -> bool:
    review = order.review(getattr(event, "review", None))
    if not may_know_of(actor, order, event):
        return False
    if review is None:
        return True
    author = actor.role is review.by
    match event:
        case Said():
            version = getattr(event, "version", 1)
            return author or (review.status is ReviewStatus.PUBLISHED and version in public[review.id])
        case ReviewReplied():
            return not author or (review.reply is not None and review.reply.moderated.standing is Standing.STANDING)
        case ReviewModerated() | ModerationContested():
            return author is (event.part is Part.REVIEW)
        case _:
            return True


def shown_versions(history: Iterable[Event], review: str) -> frozenset[int]:
    """The versions of a review that others could read, or can: neither held until they were replaced, nor blind till then."""
    found: set[int] = set()
    version, standing, blind = 0, Standing.STANDING, False
    for event in history:
        if isinstance(event, Said) and event.review == review:
            if version and standing is Standing.STANDING and not blind:
                found.add(version)
            version += 1
            standing = Standing.HELD if event.held else Standing.STANDING
            blind = getattr(event, "blind", blind)
        elif isinstance(event, ReviewModerated) and event.review == review and event.part is Part.REVIEW:
            standing = _MADE[event.decision]
        elif isinstance(event, ReviewsClosed) or getattr(event, "reveals", False):
            blind = False
    if version and standing is Standing.STANDING and not blind:
        found.add(version)
    return frozenset(found)


_MADE = {Verdict.PUBLISH: Standing.STANDING, Verdict.HIDE: Standing.HIDDEN, Verdict.WITHDRAW: Standing.WITHDRAWN}
