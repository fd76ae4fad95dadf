"""What each event makes of the auditor's book while money goes to the seller and comes back. One function per event."""

from fairhold.simulation.auditor.book import Book, Event
from fairhold.simulation.auditor.invariants import Invariant
from fairhold.simulation.auditor.parts import Part, with_seller
from fairhold.simulation.auditor.sums import says


def payout_started(book: Book, event: Event) -> None:
    """No more leaves than was released, less what banks took of that and what has left before."""
    due, amount = book.released - with_seller(book.parts.values()), event["amount"]
    if not 0 < amount <= due:
        book.complain(Invariant.NO_MORE_THAN_DUE, f"{amount} leaves for the seller, {due} is due")
    if any(part.payout == event["payout"] for part in book.parts.values()):
        book.complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"payout {event['payout']} takes of the order twice")
    says(book, "the number of the part", event["number"], len(book.parts) + 1)
    book.parts[event["number"]] = Part(event["payout"], amount, event["account"], book.seen)


def payout_sent(book: Book, event: Event) -> None:
    """The seller has it."""
    part = _part(book, event, "started")
    says(book, "what left", event["amount"], part.amount)
    part.state, part.why, part.reference = "sent", "", event["reference"]
    part.fee = event.get("provider_fee", 0)


def payout_failed(book: Book, event: Event) -> None:
    """It is due as before."""
    part = _part(book, event, "started")
    says(book, "what did not leave", event["amount"], part.amount)
    part.state, part.why = "failed", event["why"]


def payout_returned(book: Book, event: Event) -> None:
    """What the seller still had of it is due again."""
    part = _part(book, event, "sent")
    says(book, "what came back", event["amount"], part.left)
    part.returned = part.left
    part.state, part.why, part.asked_back = "returned", event["why"], 0


def payout_asked_back(book: Book, event: Event) -> None:
    """No more is asked back, of all parts together, than the seller owes."""
    part, amount = _part(book, event, "sent"), event["amount"]
    owed = with_seller(book.parts.values()) - book.released - sum(one.asked_back for one in book.parts.values())
    if not 0 < amount <= min(owed, part.left):
        what = f"{amount} is asked back, the seller has {part.left} of it and owes {owed} beside what was asked before"
        book.complain(Invariant.NO_MORE_THAN_DUE, what)
    if part.asked_back:
        book.complain(
            Invariant.ONE_OPERATION_ONE_EFFECT, f"part {event['number']} is asked back while it is asked back"
        )
    part.asked_back, part.why = amount, ""
    part.asked[book.seen] = amount


def payout_taken_back(book: Book, event: Event) -> None:
    """So much less is with the seller."""
    part = _answered(book, event)
    part.taken_back, part.asked_back = part.taken_back + event["amount"], 0


def payout_not_taken_back(book: Book, event: Event) -> None:
    """It stays with them."""
    part = _answered(book, event)
    part.why, part.asked_back = event["why"], 0


def _part(book: Book, event: Event, state: str) -> Part:
    part = book.parts[event["number"]]
    if part.state != state:
        what = f"{event['type']} of part {event['number']}, which is {part.state}"
        book.complain(Invariant.ONE_OPERATION_ONE_EFFECT, what)
    return part


def _answered(book: Book, event: Event) -> Part:
    part = _part(book, event, "sent")
    if not part.asked_back:
        what = f"{event['type']} of part {event['number']}, of which nothing is asked back"
        book.complain(Invariant.ONE_OPERATION_ONE_EFFECT, what)
    says(book, "what was asked back", event["amount"], part.asked_back)
    return part


FOLDS = {
    one.__name__: one
    for one in (
        payout_started,
        payout_sent,
        payout_failed,
        payout_returned,
        payout_asked_back,
        payout_taken_back,
        payout_not_taken_back,
    )
}
"""By the type of event."""
