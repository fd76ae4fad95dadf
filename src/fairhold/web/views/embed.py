"""The block of reviews that other sites show in a frame: the score, and what was said last."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.instants import Instant
from fairhold.engine.ports.reviews import ProductReview
from fairhold.web.people import Directory
from fairhold.web.views.review_cards import Stars, author_name, stars
from fairhold.words import dates
from fairhold.words.reader import Reader

THEMES = ("auto", "light", "dark")
_LONGEST = 320
"""So much of a text stands in the block, in characters; the whole page has the rest."""


@dataclass(frozen=True)
class Entry:
    """A review in the block."""

    who: str
    when: str
    at: str
    stars: Stars
    text: str
    language: str
    photos: tuple[str, ...]


def entries(reader: Reader, names: Directory, rows: Iterable[ProductReview]) -> list[Entry]:
    """The reviews, shortly."""
    return [_entry(reader, names, row) for row in rows]


def _entry(reader: Reader, names: Directory, row: ProductReview) -> Entry:
    review, own = row.review, row.own
    apart = bool(own.text or own.pictures)
    text, pictures = (own.text or "", own.pictures) if apart else (review.text or "", review.pictures)
    left = Instant(review.left_at)
    return Entry(
        who=author_name(names, reader, review),
        when=dates.full_day(reader, left),
        at=dates.local(reader, left).date().isoformat(),
        stars=stars(reader.words, own.rating),
        text=shortened(text),
        language=review.language,
        photos=tuple(pictures.split())[:4],
    )


def shortened(text: str) -> str:
    """The text's beginning, ended at a word."""
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rsplit(maxsplit=1)[0].rstrip(",.;:— ") + "…"
