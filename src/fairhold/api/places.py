"""Where a page of reviews ended, written so that it does not tell when a review was left: S32."""

from fairhold.engine.reading.reviews import ReviewQueries


def written(position: str | None) -> str | None:
    """A position of `ReviewQueries` without its moment."""
    if position is None:
        return None
    stars, _, id_ = position.split("~")
    return f"{stars}~{id_}"


def read(reviews: ReviewQueries, text: str) -> str | None:
    """The position again; None where there is no such review."""
    stars, _, id_ = text.partition("~")
    row = reviews.review(id_)
    return None if row is None else f"{stars}~{row.left_at}~{id_}"
