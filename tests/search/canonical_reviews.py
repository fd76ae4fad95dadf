"""The part of `canonical.py` about reviews: of an order that is reviewed, when it was completed is live, too."""

from __future__ import annotations

import msgspec

from fairhold.domain.dispute import Dispute
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import OPEN_STATES, Order, Portion
from fairhold.domain.policy import ReviewTerms
from fairhold.domain.review import Moderated, Reply, Review

replace = msgspec.structs.replace
_MEDIATORS = (PersonId("mia"), PersonId("max"))


def is_live(order: Order) -> bool:
    """Whether the market that the order belongs to is about reviews: such a one has rules of its own for them."""
    return order.terms.reviews != ReviewTerms()


def portion_of(order: Order, portion: Portion, shift: int, now: Instant) -> Portion:
    """A portion that is decided, as if it were `now`."""
    longest = max(order.terms.reviews.window, order.terms.settlement_delay) + DAY
    return replace(
        portion,
        protection_ends=_moved(portion.protection_ends, shift, now, longest),
        window_ends=_moved(portion.window_ends, shift, now, longest),
        confirmed_at=_moved(portion.confirmed_at, shift, now, longest),
    )


def disputes_of(order: Order, shift: int, now: Instant) -> tuple[Dispute, ...]:
    """Disputes that are over: what bars a review of them, and when they ended."""
    longest = order.terms.reviews.window + DAY
    return tuple(
        Dispute(
            id=dispute.id,
            reason=dispute.reason,
            demand=dispute.demand,
            spans=(),
            amount=dispute.amount,
            opened_at=now,
            state=dispute.state,
            claimed_at=None if dispute.claimed_at is None else now,
            end=None if dispute.end is None else replace(dispute.end, at=_moved(dispute.end.at, shift, now, longest)),
        )
        for dispute in order.disputes
    )


def closed_at(order: Order, shift: int, now: Instant) -> Instant | None:
    """When everything was decided."""
    if any(portion.state in OPEN_STATES for portion in order.portions):
        return None
    longest = max(order.terms.reviews.window, order.terms.settlement_delay) + DAY
    return _moved(order.closed_at, shift, now, longest)


def reviews_of(order: Order, shift: int, now: Instant) -> tuple[Review, ...]:
    """The reviews, the first of them first: of words and photos nothing depends on what they are."""
    longest = order.terms.reviews.revision_for
    return tuple(
        Review(
            id=review.id,
            by=review.by,
            rating=review.rating,
            left_at=_moved(review.left_at, shift, now, longest) or now,
            automatic=review.automatic,
            version=review.version,
            blind=review.blind,
            early=review.early,
            moderated=_moderated(review.moderated),
            reply=None
            if review.reply is None
            else Reply(
                version=review.reply.version, at=Instant(now - longest), moderated=_moderated(review.reply.moderated)
            ),
        )
        for review in order.reviews
    )


def _moved(at: Instant | None, shift: int, now: Instant, longest: int) -> Instant | None:
    """What lies further back than anything counts from it is all the same."""
    return None if at is None else Instant(max(at + shift, now - longest))


def _moderated(moderated: Moderated) -> Moderated:
    """Who decided counts until it was contested and somebody else has; two moderators are alike."""
    if moderated.contested and not moderated.reopened:
        return replace(moderated, by=())
    known: dict[str, PersonId] = {"ops": PersonId("ops")}
    for person in moderated.by:
        if person not in known:
            known[person] = _MEDIATORS[len(known) - 1]
    return replace(moderated, by=tuple(sorted({known[person] for person in moderated.by})))
