"""The lists of a public page: reviews with what can be done about each, buyers' photos, products, and when there are none."""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.order import Line, Order
from fairhold.domain.reputation import Tally
from fairhold.domain.review import ReviewStatus
from fairhold.engine.ports.reviews import ProductReview, StoredReview
from fairhold.web.people import Person
from fairhold.web.views.moderation_desk import REVIEW_FOLDERS
from fairhold.web.views.parts import Empty, Link
from fairhold.web.views.public import Rating, product_url, rating_of
from fairhold.web.views.public_filters import Wish
from fairhold.web.views.review_cards import ReviewCard, stars
from fairhold.words.catalog import N_
from fairhold.words.reader import Reader
from fairhold.words.typography import keep_numbers


@dataclass(frozen=True)
class Listed:
    """A review in a public list, and the quiet link below it, if any. `said`: by a person, and still there."""

    card: ReviewCard
    link: Link | None
    said: bool = True


@dataclass(frozen=True)
class Shot:
    """A buyer's photo, said to be of a review with so many stars."""

    photo: str
    text: str


@dataclass(frozen=True)
class ProductRow:
    """A product of the seller's that was reviewed."""

    title: str
    url: str
    rating: Rating


def listed(reader: Reader, row: StoredReview, card: ReviewCard, person: Person | None, *, sandbox: bool) -> Listed:
    """The card with its link: to report it, or for whoever moderates, to its case. Nobody reports what nobody wrote."""
    if row.automatic or row.status != ReviewStatus.PUBLISHED.value:
        return Listed(card, None, said=False)
    words = reader.words
    moderator = next((actor for actor in person.actors if actor.role in REVIEW_FOLDERS), None) if person else None
    if moderator is not None:
        return Listed(card, Link(words.gettext(N_("Moderate")), f"{REVIEW_FOLDERS[moderator.role]}/{row.id}"))
    may = sandbox if person is None else any(actor.role in (Role.BUYER, Role.SELLER) for actor in person.actors)
    mine = person is not None and row.author in {str(actor) for actor in person.actors}
    if not may or mine:
        return Listed(card, None)
    return Listed(card, Link(words.gettext(N_("Report…")), f"/reviews/{row.id}/report"))


def about_of(order: Order | None, row: StoredReview) -> Line | None:
    """The item that a review is listed with.

    Only the first: all that were bought together would tell a seller which order an anonymous review is of (S32).
    """
    return order.lines[0] if order is not None and row.author.startswith(f"{Role.BUYER.value}:") else None


def shots_of(reader: Reader, rows: Iterable[StoredReview | ProductReview], most: int) -> tuple[Shot, ...]:
    """Photos of these reviews, the newest review's first, each once."""
    words, found = reader.words, dict[str, Shot]()
    for row in rows:
        review, own = (row.review, row.own) if isinstance(row, ProductReview) else (row, None)
        pictures = own.pictures if own is not None and own.pictures else review.pictures
        given = stars(words, own.rating if own is not None else review.rating).text
        for photo in pictures.split():
            found.setdefault(photo, Shot(photo, words.gettext(N_("A buyer's photo, rated %(stars)s"), stars=given)))
    return tuple(found.values())[:most]


def product_row(reader: Reader, seller: str, sku: str, title: str, tally: Tally) -> ProductRow | None:
    """A product with its score; None where no person has reviewed it."""
    rating = rating_of(reader, tally)
    return ProductRow(keep_numbers(title), product_url(seller, sku), rating) if rating else None


def nothing(reader: Reader, wish: Wish, reset: str) -> Empty:
    """In place of the list, when it is empty."""
    words = reader.words
    if wish.filtered:
        title = words.gettext(N_("No such reviews"))
        text = words.gettext(N_("Nobody has written one that fits all of what you chose."))
        return Empty("search", title, text, Link(words.gettext(N_("Show all reviews")), reset))
    title = words.gettext(N_("No reviews yet"))
    text = words.gettext(N_("Only who bought here can write one, once the deal is completed."))
    return Empty("chat", title, text)
