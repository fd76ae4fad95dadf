"""What each event makes of the auditor's book: reviews. And what follows from any event: what is over is no longer waited for."""

from fairhold.simulation.auditor import folding, folding_disputes, folding_payouts, paying
from fairhold.simulation.auditor.book import CONFIRMED, OPEN, Book, Event, Said

_MAKES = {"publish": "standing", "hide": "hidden", "withdraw": "withdrawn"}


def review_written(book: Book, event: Event) -> None:
    """One side has written."""
    if event.get("reveals"):
        _show(book)
    standing = "held" if event.get("held") else "standing"
    book.reviews[event["review"]] = Said(
        event["side"], event["rating"], event["at"], event["at"], blind=event.get("blind", False), standing=standing
    )


def _show(book: Book) -> None:
    for said in book.reviews.values():
        said.blind = False


def review_revised(book: Book, event: Event) -> None:
    """It says something else."""
    said = book.reviews[event["review"]]
    said.rating, said.version, said.last_at = event["rating"], event["version"], event["at"]
    said.standing = "held" if event.get("held") else "standing"


def review_replied(book: Book, event: Event) -> None:
    """The other side answered."""
    said = book.reviews[event["review"]]
    said.last_at, said.reply = event["at"], "held" if event.get("held") else "standing"


def review_moderated(book: Book, event: Event) -> None:
    """A text stands, or does not."""
    said, made = book.reviews[event["review"]], _MAKES[event["decision"]]
    if event["part"] == "review":
        said.standing = made
    else:
        said.reply = made


def moderation_contested(book: Book, event: Event) -> None:
    """Somebody else decides again."""


def reviews_closed(book: Book, event: Event) -> None:
    """The time is over; silence was answered."""
    _show(book)
    for one in event.get("automatic", ()):
        said = Said(one["side"], one["rating"], event["at"], event["at"], automatic=True)
        book.reviews[one["review"]] = said
    book.reviews_closed = True


FOLDS = {
    **folding.FOLDS,
    **paying.FOLDS,
    **folding_disputes.FOLDS,
    **folding_payouts.FOLDS,
    **{
        one.__name__: one
        for one in (
            review_written,
            review_revised,
            review_replied,
            review_moderated,
            moderation_contested,
            reviews_closed,
        )
    },
}
"""By the type of event: every one that there is."""


def fold(book: Book, event: Event) -> None:
    """Let the event happen to the book. Raises KeyError, ValueError or the like where it cannot."""
    FOLDS[event["type"]](book, event)
    is_open = any(unit.state in OPEN for unit in book.every())
    book.closed_at = None if is_open else book.closed_at or event["at"]
    if book.accident is not None and not any(awaits_support(book)):
        book.accident = None
    if book.request is not None and book.request[0] is not None and not any(map(book.is_protected, book.every())):
        book.request = None


def awaits_support(book: Book) -> list[bool]:
    """Of each piece, whether support owes an answer about it."""
    return [unit.state == CONFIRMED and unit.accident == "reported" for unit in book.every()]
