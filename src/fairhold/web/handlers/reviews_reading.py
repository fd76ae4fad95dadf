"""Reading reviews for the pages of their two sides."""

from starlette.exceptions import HTTPException

from fairhold.access.reviews import eyes_on
from fairhold.domain.commands import Command
from fairhold.domain.events import Event
from fairhold.domain.guards import review_actions
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Review, Standing, other_side
from fairhold.domain.review_events import ReviewModerated, ReviewsClosed, Said
from fairhold.domain.reviewing import review_by
from fairhold.engine.kernel.review_rows import review_row
from fairhold.engine.ports.reviews import StoredReview
from fairhold.engine.reading.reviews import Version
from fairhold.web.views.reviews_lists import Kept, own_review, received_review
from fairhold.web.views.reviews_waiting import OrderReviews, is_shown, order_reviews
from fairhold.web.visits import Visit

History = list[tuple[int, Event]]


def review_of_path(visit: Visit) -> tuple[StoredReview, Order, Review]:
    """The review that the path names. Raises 404 where there is none that this person may see."""
    queries = visit.site.queries.reviews
    row = queries.review(visit.request.path_params["review"])
    found = queries.order_of(row) if row is not None else None
    review = found.review(row.id) if row is not None and found is not None else None
    if row is None or found is None or review is None:
        raise HTTPException(404)
    eyes = eyes_on(found, review, visit.who())
    if eyes is None or not eyes.party:
        raise HTTPException(404)
    return _as_it_is(row, review), found, review


def kept(visit: Visit, row: StoredReview, found: Order, history: History | None = None) -> Kept | None:
    """Everything that is shown of a stored review; None where its order no longer has it."""
    review = found.review(row.id)
    if review is None:
        return None
    history = _history(visit, found, review) if history is None else history
    said = [event for _, event in history if isinstance(event, Said) and event.review == row.id]
    moderations = (event for _, event in history if isinstance(event, ReviewModerated) and event.review == row.id)
    return Kept(
        _as_it_is(row, review),
        review,
        tuple(Version(number, event.at, event) for number, event in enumerate(said, 1)),
        tuple(moderations),
    )


def _as_it_is(row: StoredReview, review: Review) -> StoredReview:
    """The row with the status of this moment: the end of the time for reviews may be due and not written down yet."""
    return row._replace(status=review.status.value)


def _history(visit: Visit, found: Order, review: Review) -> History:
    """The order's events, where something in them is shown that the row does not have."""
    replied = review.reply.moderated.standing if review.reply is not None else Standing.STANDING
    plain = review.version == 1 and review.moderated.standing is Standing.STANDING and replied is Standing.STANDING
    if review.automatic or (plain and len(found.lines) == 1):
        return []
    return visit.site.queries.history(found.id)


def beside_order(visit: Visit, found: Order, history: History) -> OrderReviews | None:
    """What the order's page shows of its reviews."""
    sight, side = visit.sight(found), visit.who().role
    mine, theirs = (_of_side(visit, found, review_by(found, role), history) for role in (side, other_side(side)))
    return order_reviews(
        sight,
        own_review(sight, mine) if mine is not None else None,
        received_review(sight, theirs) if theirs is not None and is_shown(sight, theirs.review) else None,
    )


def _of_side(visit: Visit, found: Order, review: Review | None, history: History) -> Kept | None:
    if review is None:
        return None
    row = visit.site.queries.reviews.review(review.id)
    if row is None:
        # The end of the time for reviews brought it just now, and nobody has written that down yet.
        closed = next(event for _, event in reversed(history) if isinstance(event, ReviewsClosed))
        row = review_row(found, review, closed)
    return kept(visit, row, found, history)


def why_not_to_review(visit: Visit, found: Order, review: Review, command: type[Command]) -> Refusal | None:
    """What keeps this person from the command just now."""
    actions = review_actions(found, review, visit.who(), visit.now)
    action = next((one for one in actions if one.name == command.NAME), None)
    if action is None:
        return Refusal(Reason.NOT_ALLOWED)
    return None if action.code is None else Refusal(action.code)
