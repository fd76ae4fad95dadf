"""What must be true of reviews in every state and of every step: said anew, from DOMAIN."""

from __future__ import annotations

from fairhold.domain.actors import Role
from fairhold.domain.events import Event
from fairhold.domain.order import Order, PortionState
from fairhold.domain.review import ReviewStatus
from fairhold.domain.review_events import ReviewReplied, ReviewRevised, ReviewsClosed, ReviewWritten

_UNDECIDED = (PortionState.HELD, PortionState.DISPUTED)
_NEVER = (PortionState.HELD, PortionState.DISPUTED, PortionState.CANCELLED)


def check_state(order: Order) -> None:
    """One review a side; what is blind waits for something; what is shown is of a deal that was completed."""
    sides = [review.by for review in order.reviews]
    assert len(sides) == len(set(sides)), "two reviews by one side"
    for review in order.reviews:
        assert 1 <= review.rating <= 5, "stars are one to five"
        if review.blind:
            assert not order.reviews_closed, "blind beyond the end"
            assert len(sides) == 1, "blind though both have written"
        if review.status is ReviewStatus.PUBLISHED:
            assert not all(portion.state in _NEVER for portion in order.portions), "S16: nothing is completed"
        if review.automatic:
            assert order.reviews_closed, "silence was answered before the end"


def check_step(before: Order, event: Event, after: Order) -> None:
    """What an event of reviews alone can break."""
    match event:
        case ReviewWritten():
            assert not before.reviews_closed, "written after the end"
            assert not all(portion.state in _NEVER for portion in before.portions), "S15: nothing is completed"
            claimed = any(dispute.claimed_at is not None for dispute in before.disputes)
            barred = claimed and before.terms.reviews.bar != "none"
            assert not (event.side is Role.BUYER and barred), "S23: the dispute was escalated"
        case ReviewRevised():
            was, now = before.review(event.review), after.review(event.review)
            assert was is not None
            assert now is not None
            assert now.version == was.version + 1, "versions count up"
            rules = before.terms.reviews.revision
            assert rules != "none"
            assert was.rating < 3 or not rules.startswith("below_three"), "S28: only what was below three"
            assert now.rating > was.rating or not rules.endswith("upward"), "S28: only for the better"
        case ReviewReplied():
            about = before.review(event.review)
            assert about is not None
            assert about.status is ReviewStatus.PUBLISHED, "nobody answers what they cannot see"
            assert not event.by.startswith(about.by.value), "S29: the other side answers"
        case ReviewsClosed():
            assert not any(portion.state in _UNDECIDED for portion in before.portions), "something can still complete"
            given = {review.by: review.rating for review in before.reviews}
            for one in event.automatic:
                other = Role.SELLER if one.side is Role.BUYER else Role.BUYER
                assert one.side not in given, "S26: only silence is answered"
                silent_buyer = before.terms.reviews.automatic == "five_for_silent_buyer" and one.side is Role.BUYER
                assert given.get(other, 0) >= 4 or silent_buyer, "S27: few stars bring none"
        case _:
            pass
