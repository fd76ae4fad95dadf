"""What each event makes of the auditor's book while the buyer pays on a provider's page."""

from fairhold.simulation.auditor.book import CANCELLED, Attempt, Book, Event
from fairhold.simulation.auditor.folding import refund
from fairhold.simulation.auditor.invariants import Invariant
from fairhold.simulation.auditor.sums import says

_UNDER_WAY = ("asked", "open")


def payment_started(book: Book, event: Event) -> None:
    """One more attempt, and only this one is waited for."""
    close_pages(book)
    if event["attempt"] != len(book.attempts) + 1:
        book.complain(Invariant.STATE_IS_FOLD, f"attempt {event['attempt']} is number {len(book.attempts) + 1}")
    book.attempts[event["attempt"]] = Attempt(event["method"], event.get("ceiling"))


def payment_page_opened(book: Book, event: Event) -> None:
    """The page is there."""
    attempt = book.attempts[event["attempt"]]
    attempt.state = "open" if attempt.state == "asked" else attempt.state


def payment_failed(book: Book, event: Event) -> None:
    """No money came of it."""
    end(book, event["attempt"], "failed")
    _is_over(book, event)


def payment_received(book: Book, event: Event) -> None:
    """All of it is held."""
    says(book, "the payment", event["amount"], sum(unit.worth for unit in book.every()))
    book.payment, book.paid, book.paid_at = "received", book.paid + event["amount"], event["at"]
    book.method, book.payment_due, book.shipping_due = event["method"], None, event["shipping_due"]
    number = event.get("attempt", 0)
    if number:
        says(book, "the method", event["method"], book.attempts[number].method)
        book.attempts[number].fee = event.get("provider_fee", 0)
        end(book, number, "paid")
    close_pages(book)


def payment_returned(book: Book, event: Event) -> None:
    """Nothing of it is ever held."""
    end(book, event["attempt"], "returned")
    attempt = book.attempts[event["attempt"]]
    attempt.returned, attempt.fee = event["amount"], event.get("provider_fee", 0)
    book.paid += event["amount"]
    refund(book, event["number"], event["amount"], event, event["attempt"])
    _is_over(book, event)


def order_cancelled(book: Book, event: Event) -> None:
    """No money ever came that was wanted."""
    book.payment, book.payment_due = "given_up", None
    close_pages(book)
    for unit in book.every():
        unit.state = CANCELLED


def end(book: Book, number: int, how: str) -> None:
    """An attempt takes money once."""
    attempt = book.attempts[number]
    if attempt.state in ("paid", "returned"):
        book.complain(Invariant.ONE_ENDING, f"attempt {number} is {attempt.state}, and now {how}")
    attempt.state = how


def close_pages(book: Book) -> None:
    """What is under way is waited for no longer."""
    for attempt in book.attempts.values():
        if attempt.state in _UNDER_WAY:
            attempt.state = "closed"


def _is_over(book: Book, event: Event) -> None:
    if book.payment_due is not None:
        book.payment_due = max(book.payment_due, event["at"])


FOLDS = {
    one.__name__: one
    for one in (
        payment_started,
        payment_page_opened,
        payment_failed,
        payment_received,
        payment_returned,
        order_cancelled,
    )
}
"""By the type of event."""
