"""What a batch writes of reviews, as statements with one array a column."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fairhold.engine.ports.reviews import StoredProductReview, StoredReview
from fairhold.engine.ports.store import Batch
from fairhold.store.postgres.arrays import Packed, ints, nullable_ints, nullable_texts, texts
from fairhold.store.postgres.pipeline import Statement
from fairhold.store.postgres.reviews import CHANGE_FIGURES, WRITE_PRODUCT_REVIEWS, WRITE_REVIEWS

_Packers = Mapping[str, Callable[[Sequence[Any]], Packed]]

_REVIEWS: _Packers = {
    "id": texts,
    "order_id": texts,
    "author": texts,
    "subject": texts,
    "status": texts,
    "shown": ints,
    "awaits": ints,
    "facet": ints,
    "rating": ints,
    "accuracy": nullable_ints,
    "communication": nullable_ints,
    "speed": nullable_ints,
    "language": texts,
    "photos": ints,
    "anonymous": ints,
    "automatic": ints,
    "version": ints,
    "left_at": ints,
    "revised_at": nullable_ints,
    "reply_version": nullable_ints,
    "reply_at": nullable_ints,
    "reply_status": texts,
    "changed_at": ints,
    "pictures": texts,
    "text": nullable_texts,
    "reply": nullable_texts,
    "held": nullable_texts,
    "reports": nullable_ints,
}
_PRODUCT_REVIEWS: _Packers = {
    "review_id": texts,
    "line_id": texts,
    "product": texts,
    "shown": ints,
    "facet": ints,
    "rating": ints,
    "left_at": ints,
    "pictures": texts,
    "text": nullable_texts,
}
assert tuple(_REVIEWS) == StoredReview._fields[1:]
assert tuple(_PRODUCT_REVIEWS) == StoredProductReview._fields[1:]


def reviewed(batch: Batch) -> list[Statement]:
    """What the batch has of reviews; nothing where it has none."""
    statements: list[Statement] = []
    if batch.reviews:
        statements.append((WRITE_REVIEWS, _packed(_REVIEWS, batch.reviews)))
    if batch.product_reviews:
        statements.append((WRITE_PRODUCT_REVIEWS, _packed(_PRODUCT_REVIEWS, batch.product_reviews)))
    if batch.figures:
        names, days, tallies = zip(*batch.figures, strict=True)
        statements.append((CHANGE_FIGURES, (texts(names), ints(days), *map(ints, zip(*tallies, strict=True)))))
    return statements


def _packed(packers: _Packers, rows: Sequence[tuple[Any, ...]]) -> tuple[Packed, ...]:
    _, *columns = zip(*rows, strict=True)
    return tuple(pack(column) for pack, column in zip(packers.values(), columns, strict=True))
