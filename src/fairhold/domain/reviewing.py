"""When an order can be reviewed, by whom, what is added for the silent and what can be revised (S15, S22–S28)."""

from fairhold.domain.actors import Role
from fairhold.domain.dispute import Dispute, Outcome
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Instant, after, between
from fairhold.domain.order import Order, Portion, PortionState
from fairhold.domain.policy import ReviewTerms
from fairhold.domain.reasons import Reason
from fairhold.domain.review import MAX_RATING, SIDES, Review, Standing, automatic_id, other_side
from fairhold.domain.review_events import AutomaticReview
from fairhold.domain.status import is_sent

_GOOD = 4
"""From so many stars on a review is a good one (S26)."""
_REVISABLE_BELOW = 3
_CONSENTED = frozenset({Outcome.AGREED, Outcome.SILENCE, Outcome.RETURNED, Outcome.NOT_RESENT})
"""Ways in which a dispute ends with what the seller agreed to, or let pass."""


def terms_of_reviews(order: Order) -> ReviewTerms:
    """The rules of reviews that hold for the order: those of the day, else those that it was placed under."""
    return order.review_terms or order.terms.reviews


def completed_at(order: Order, portion: Portion) -> Instant | None:
    """When the deal over these units was completed (S2): confirmed, lapsed, or out of a dispute; None where it was not.

    The money may still be on its way (S15). Goods that were never sent, or came back, complete no deal.
    """
    match portion.state:
        case PortionState.CONFIRMED:
            return portion.confirmed_at
        case PortionState.SETTLED | PortionState.REFUNDED:
            return _ended(order, portion) or (portion.state is PortionState.SETTLED and _lapsed(portion)) or None
        case _:
            return None


def _ended(order: Order, portion: Portion) -> Instant | None:
    dispute = order.dispute(portion.dispute)
    end = None if dispute is None else dispute.end
    if end is None or end.outcome in (Outcome.WITHDRAWN, Outcome.RESENT):
        return None
    return end.at


def _lapsed(portion: Portion) -> Instant | None:
    if portion.confirmed_at is not None:
        return portion.confirmed_at
    ends = [at for at in (portion.window_ends, portion.protection_ends) if at is not None]
    return min(ends, default=None)


def reached_buyer(order: Order, line: LineId) -> bool:
    """Whether some of the line was in the buyer's hands, or is on its way there: what can be rated."""
    return any(
        completed_at(order, portion) is not None
        or (portion.state in (PortionState.HELD, PortionState.DISPUTED) and is_sent(order, portion))
        for portion in order.portions
        if portion.line == line
    )


def is_reviewable(order: Order) -> bool:
    """Whether reviews have opened: with the first line that completes."""
    return any(completed_at(order, portion) is not None for portion in order.portions)


def reviews_end(order: Order) -> Instant | None:
    """Until when the order can be reviewed: so long after its last completion; None while something can still complete.

    Where what could still complete came to nothing much later, it is so long after that. It is never before the money of
    what was confirmed has left: until then the confirmation can be taken back (S16).
    """
    last: Instant | None = None
    for portion in order.portions:
        if portion.state in (PortionState.HELD, PortionState.DISPUTED):
            return None
        at = completed_at(order, portion)
        if at is not None and (last is None or at > last):
            last = at
    if last is None:
        return None
    window, undo = terms_of_reviews(order).window, order.terms.settlement_delay
    if order.closed_at is not None and order.closed_at > after(last, undo):
        last = order.closed_at
    return _beyond_outages(order, after(last, max(window, undo)))


def _beyond_outages(order: Order, at: Instant) -> Instant:
    """The end of somebody's right, later by each outage that it fell into."""
    for start, end in order.outages:
        if start <= at <= end:
            at = after(at, between(start, end))
    return at


def review_by(order: Order, side: Role) -> Review | None:
    """The review that this side left, or is taken to have left."""
    return next((review for review in order.reviews if review.by is side), None)


def barred(order: Order, side: Role) -> Reason | None:
    """Why this side may not review the deal at all (S23); None where it may. Sellers always may."""
    if side is not Role.BUYER or not order.disputes:
        return None
    match terms_of_reviews(order).bar:
        case "claim_or_full_refund":
            if any(dispute.claimed_at is not None for dispute in order.disputes):
                return Reason.BARRED_BY_CLAIM
            return Reason.BARRED_BY_FULL_REFUND if _all_refunded(order) else None
        case "any_dispute_unless_refunded":
            return Reason.BARRED_BY_DISPUTE if any(not _satisfied(dispute) for dispute in order.disputes) else None
        case "any_dispute":
            return Reason.BARRED_BY_DISPUTE
        case "none":
            return None


def _all_refunded(order: Order) -> bool:
    """Whether the seller agreed to give back all there was: nothing of the deal is left to be reviewed."""
    if any(portion.state not in (PortionState.REFUNDED, PortionState.CANCELLED) for portion in order.portions):
        return False
    refunded = [portion for portion in order.portions if _ended(order, portion) is not None]
    return bool(refunded) and all(_in_full(order.dispute(portion.dispute)) for portion in refunded)


def _in_full(dispute: Dispute | None) -> bool:
    end = None if dispute is None else dispute.end
    return dispute is not None and end is not None and end.outcome in _CONSENTED and end.decided >= dispute.amount


def _satisfied(dispute: Dispute) -> bool:
    """Whether the seller gave the buyer what they asked for, or what the two agreed on."""
    end = dispute.end
    if dispute.claimed_at is not None or end is None:
        return False
    return end.outcome is Outcome.RESENT or (end.outcome in _CONSENTED and end.decided > 0)


def waits_for_other(order: Order, side: Role) -> bool:
    """Whether a review of this side would be blind: the other may still write, and has not."""
    other = other_side(side)
    blind = terms_of_reviews(order).publication == "blind"
    return blind and review_by(order, other) is None and barred(order, other) is None


def automatic_reviews(order: Order) -> tuple[AutomaticReview, ...]:
    """What is added at the end of the time for reviews for a side that stayed silent (S26, S27).

    A side that was barred from reviewing did not stay silent.
    """
    found = []
    for side in SIDES:
        if review_by(order, side) is None and barred(order, side) is None:
            rating = _automatic_rating(order, side)
            if rating is not None:
                lines = tuple(line.id for line in order.lines if reached_buyer(order, line.id))
                rated = lines if side is Role.BUYER else ()
                name = automatic_id(order.id, side)
                found.append(AutomaticReview(review=name, side=side, rating=rating, lines=rated))
    return tuple(found)


def _automatic_rating(order: Order, silent: Role) -> int | None:
    given = review_by(order, other_side(silent))
    standing = given is not None and given.moderated.standing in (Standing.STANDING, Standing.HELD)
    rating = given.rating if given is not None and standing else None
    match terms_of_reviews(order).automatic:
        case "four_for_four":
            return _GOOD if rating is not None and rating >= _GOOD else None
        case "same_for_five":
            return MAX_RATING if rating == MAX_RATING else None
        case "five_for_silent_buyer":
            return MAX_RATING if silent is Role.BUYER else None
        case "none":
            return None


def closing(order: Order) -> Instant | None:
    """When the end of the time for reviews decides something; None where it does not.

    Where one side alone has written, it decides what the other is taken to have said (S26, S27), be it nothing: stars that
    are raised or shown later bring nothing more. It never comes before what was written under longer rules.
    """
    if order.reviews_closed:
        return None
    if not order.reviews:
        if terms_of_reviews(order).automatic != "five_for_silent_buyer" or not automatic_reviews(order):
            return None
    elif len(order.reviews) == len(SIDES) and not any(review.blind for review in order.reviews):
        return None
    ends = reviews_end(order)
    return None if ends is None else max([ends, *(_last_word(review) for review in order.reviews)])


def _last_word(review: Review) -> Instant:
    """When the review, or the answer to it, was last changed."""
    return max(review.left_at, review.revised_at or review.left_at, review.reply.at if review.reply else review.left_at)


def revisable_until(order: Order, review: Review) -> Instant:
    """Until when its author may change the review, where the policy lets them."""
    return _beyond_outages(order, after(review.left_at, terms_of_reviews(order).revision_for))


def why_not_revisable(order: Order, review: Review, now: Instant) -> Reason | None:
    """Why its author may not change the review (S28); None where they may."""
    terms = terms_of_reviews(order)
    if review.automatic:
        return Reason.AUTOMATIC_REVIEW
    if review.moderated.standing in (Standing.HIDDEN, Standing.WITHDRAWN):
        return Reason.REVIEW_TAKEN_DOWN
    if review.early:
        return Reason.NOT_COMPLETED
    if terms.revision == "none":
        return Reason.REVISION_OFF
    if now >= revisable_until(order, review):
        return Reason.REVISION_TOO_LATE
    if terms.revision in ("below_three", "below_three_upward") and review.rating >= _REVISABLE_BELOW:
        return Reason.RATING_TOO_HIGH_TO_REVISE
    if terms.revision == "upward" and review.rating == MAX_RATING:
        return Reason.RATING_TOO_HIGH_TO_REVISE
    return None


def must_rise(order: Order) -> bool:
    """Whether a revision has to give more stars than before."""
    return terms_of_reviews(order).revision in ("below_three_upward", "upward")
