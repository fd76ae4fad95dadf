"""What the store keeps of an order's reviews beside its bytes. The audit calculates it anew from the order and its events."""

from fairhold.domain.actors import Role
from fairhold.domain.events import Event
from fairhold.domain.ids import lane_of
from fairhold.domain.order import Order
from fairhold.domain.reputation import figure_of, product_figure, rated_products
from fairhold.domain.review import Moderated, Review, ReviewStatus, Standing
from fairhold.domain.review_events import ReviewModerated, ReviewReplied, Said
from fairhold.engine.ports.reviews import KEPT, StoredProductReview, StoredReview, facet

_SHOWN = frozenset({ReviewStatus.PUBLISHED, ReviewStatus.WITHDRAWN})
_REPLY_STATUS = {
    Standing.STANDING: ReviewStatus.PUBLISHED,
    Standing.HELD: ReviewStatus.IN_MODERATION,
    Standing.HIDDEN: ReviewStatus.HIDDEN,
    Standing.WITHDRAWN: ReviewStatus.WITHDRAWN,
}


def changed_reviews(before: Order | None, after: Order, event: Event) -> list[StoredReview]:
    """The rows of `reviews` that the event made or changed."""
    if not after.reviews or (before is not None and before.reviews == after.reviews):
        return []
    known = {review.id: review for review in before.reviews} if before is not None else {}
    return [review_row(after, review, event) for review in after.reviews if review != known.get(review.id)]


def review_row(order: Order, review: Review, event: Event) -> StoredReview:
    """The row of a review as the event left it; what the event does not speak of stays as it is stored."""
    said = event if isinstance(event, Said) and event.review == review.id else None
    replied = event if isinstance(event, ReviewReplied) and event.review == review.id else None
    looked = isinstance(event, ReviewModerated) and event.review == review.id
    made = said is not None or review.automatic
    author, subject = _people(order, review)
    reply = review.reply
    status = review.status
    return StoredReview(
        lane=lane_of(order.id),
        id=review.id,
        order_id=order.id,
        author=author,
        subject=subject,
        status=status.value,
        shown=int(status in _SHOWN),
        awaits=int(review.moderated.awaits or (reply is not None and reply.moderated.awaits)),
        facet=_facet(review, review.rating, len(review.photos), review.language),
        rating=review.rating,
        accuracy=review.description_accuracy,
        communication=review.communication,
        speed=review.shipping_speed,
        language=review.language or "",
        photos=len(review.photos),
        anonymous=int(review.anonymous),
        automatic=int(review.automatic),
        version=review.version,
        left_at=review.left_at,
        revised_at=review.revised_at,
        reply_version=None if reply is None else reply.version,
        reply_at=None if reply is None else reply.at,
        reply_status="" if reply is None else reply_status(reply.moderated).value,
        changed_at=event.at,
        pictures=" ".join(review.photos),
        text=(said.text or "" if said is not None else "") if made else None,
        reply=replied.text if replied is not None else ("" if made and reply is None else None),
        held=_held(said, replied, made=made),
        reports=0 if looked or (made and review.version == 1) else None,
    )


def _held(said: Said | None, replied: ReviewReplied | None, *, made: bool) -> str | None:
    if said is not None:
        return " ".join(said.held)
    if replied is not None:
        return " ".join(replied.held)
    return "" if made else None


def reply_status(moderated: Moderated) -> ReviewStatus:
    """What an answer is called."""
    return _REPLY_STATUS[moderated.standing]


def _people(order: Order, review: Review) -> tuple[str, str]:
    buyer, seller = figure_of(Role.BUYER, order.buyer), figure_of(Role.SELLER, order.seller)
    return (buyer, seller) if review.by is Role.BUYER else (seller, buyer)


def _facet(review: Review, rating: int, photos: int, language: str | None) -> int:
    return facet(
        rating,
        photos,
        language or "",
        automatic=review.automatic,
        withdrawn=review.status is ReviewStatus.WITHDRAWN,
    )


def changed_product_reviews(before: Order | None, after: Order, event: Event) -> list[StoredProductReview]:
    """The rows of `product_reviews` that the event made or changed; those that a revision leaves out are shown no more."""
    if not after.reviews or (before is not None and before.reviews == after.reviews):
        return []
    known = {review.id: review for review in before.reviews} if before is not None else {}
    found: list[StoredProductReview] = []
    for review in after.reviews:
        earlier = known.get(review.id)
        if review == earlier or review.by is not Role.BUYER:
            continue
        rows = product_rows(after, review, event)
        found.extend(rows)
        if earlier is not None:
            named = {row.line_id for row in rows}
            gone = (row for row in product_rows(after, earlier, event) if row.line_id not in named)
            found.extend(row._replace(shown=0) for row in gone)
    return found


def product_rows(order: Order, review: Review, event: Event) -> list[StoredProductReview]:
    """What a buyer's review says of each product, each once."""
    said = event if isinstance(event, Said) and event.review == review.id else None
    texts = {} if said is None else {line.line: line.text or "" for line in said.lines}
    made = said is not None or review.automatic
    own = {rated.line: rated.photos for rated in review.lines}
    return [
        StoredProductReview(
            lane=lane_of(order.id),
            review_id=review.id,
            line_id=line.id,
            product=product_figure(order.seller, line.sku).removeprefix("product:"),
            shown=int(review.status in _SHOWN),
            facet=_facet(review, rated.rating, len(rated.photos), rated.language),
            rating=rated.rating,
            left_at=review.left_at,
            pictures=" ".join(own[line.id]),
            text=texts.get(line.id, "") if made else None,
        )
        for line, rated in rated_products(order, review)
    ]


def merged(earlier: StoredReview | None, later: StoredReview) -> StoredReview:
    """What two changes in one batch write together."""
    if earlier is None:
        return later
    kept = {name: getattr(earlier, name) for name in KEPT if getattr(later, name) is None}
    return later._replace(**kept)


def merged_product(earlier: StoredProductReview | None, later: StoredProductReview) -> StoredProductReview:
    """As `merged`."""
    if earlier is None:
        return later
    return later._replace(text=earlier.text) if later.text is None else later
