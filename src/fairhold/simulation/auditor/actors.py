"""Who may bring about which event: one table, read anew from the domain's description."""

from collections.abc import Callable, Iterable

from fairhold.simulation.auditor.book import Book, Event
from fairhold.simulation.auditor.invariants import Invariant

BUYER, SELLER, MEDIATOR, SUPPORT, OPERATOR, SYSTEM = "buyer", "seller", "mediator", "support", "operator", "system"
Roles = Callable[[Book, Event], Iterable[str]]


def _only(*roles: str) -> Roles:
    return lambda book, event: roles


def _carrier(book: Book, event: Event) -> Iterable[str]:
    """Whoever reports a parcel: by policy the seller, too."""
    return (OPERATOR, SYSTEM, SELLER) if book.terms["seller_marks_delivered"] else (OPERATOR, SYSTEM)


def _cancelled(book: Book, event: Event) -> Iterable[str]:
    return (SYSTEM,) if event.get("lapsed") else (BUYER, SELLER, OPERATOR)


def _refunded(book: Book, event: Event) -> Iterable[str]:
    if event["cause"] == "cancelled":
        return BUYER, SELLER, OPERATOR
    # What came back a second time is refunded on the word that it did.
    return (*_carrier(book, event),) if event["cause"] == "returned_to_sender" else (SYSTEM,)


def _extended(book: Book, event: Event) -> Iterable[str]:
    if event.get("on_lapse"):
        return (SYSTEM,)
    return _answers_request(book, event) if event.get("asked") else (SELLER,)


def _answers_request(book: Book, event: Event) -> Iterable[str]:
    """The seller; once they were silent, support; once support was too, the operator."""
    owner = book.request[0] if book.request is not None else None
    return {None: (SELLER,), SELLER: (SELLER,), SUPPORT: (SELLER, SUPPORT)}.get(owner, (SELLER, SUPPORT, OPERATOR))


def _undone(book: Book, event: Event) -> Iterable[str]:
    if event.get("by_buyer"):
        return (BUYER,) if book.terms["buyer_undo"] else ()
    return _support(book, event)


def _support(book: Book, event: Event) -> Iterable[str]:
    late = book.accident is not None and book.accident[1]
    return (SUPPORT, OPERATOR) if late else (SUPPORT,)


def _opened(book: Book, event: Event) -> Iterable[str]:
    if event["reason"] == "returned_parcel":
        return (SELLER,)
    return (BUYER, SYSTEM) if book.terms["on_lapse"] == "dispute" else (BUYER,)


def _offered(book: Book, event: Event) -> Iterable[str]:
    return (event["offer"]["by"],)


def _other(side: str) -> str:
    return SELLER if side == BUYER else BUYER


def _agreed(book: Book, event: Event) -> Iterable[str]:
    return (SYSTEM,) if event.get("silence") else (_other(event["offer"]["by"]),)


def _escalated(book: Book, event: Event) -> Iterable[str]:
    return (SELLER,) if event.get("contested") else (BUYER, SELLER, SYSTEM)


def _ruled(book: Book, event: Event) -> Iterable[str]:
    return (MEDIATOR, OPERATOR) if book.cases[event["dispute"]].overdue else (MEDIATOR,)


def _appealed(book: Book, event: Event) -> Iterable[str]:
    return (event["side"],) if event["side"] in (BUYER, SELLER) else ()


def _withdrawn(book: Book, event: Event) -> Iterable[str]:
    return (SELLER,) if book.cases[event["dispute"]].by_seller else (BUYER,)


def _settled(book: Book, event: Event) -> Iterable[str]:
    case = book.cases[event["dispute"]]
    match event["outcome"]:
        case "agreed":
            offer = case.offer
            return () if offer is None else (_other(offer["by"]),)
        case "ruled" if len(case.rulings) > 1:
            # The second ruling stands at once, and is whose it is.
            return MEDIATOR, OPERATOR, SYSTEM
        case "returned":
            return SELLER, SYSTEM
    return (SYSTEM,)


def _author(book: Book, event: Event) -> Iterable[str]:
    return (book.reviews[event["review"]].side,)


def _written(book: Book, event: Event) -> Iterable[str]:
    return (event["side"],) if event["side"] in (BUYER, SELLER) else ()


def _answers_review(book: Book, event: Event) -> Iterable[str]:
    return (_other(book.reviews[event["review"]].side),)


def _contests(book: Book, event: Event) -> Iterable[str]:
    return _author(book, event) if event["part"] == "review" else _answers_review(book, event)


ALLOWED: dict[str, Roles] = {
    "order_placed": _only(BUYER, OPERATOR),
    "payment_started": _only(BUYER),
    "payment_page_opened": _only(SYSTEM),
    "payment_failed": _only(SYSTEM),
    "payment_received": lambda book, event: (SYSTEM,) if event.get("attempt") else (BUYER,),
    "payment_returned": _only(SYSTEM),
    "order_cancelled": _cancelled,
    "parcel_shipped": _only(SELLER),
    "checkpoint_recorded": _carrier,
    "parcel_delivered": _carrier,
    "delivery_corrected": _carrier,
    "delivery_doubted": _carrier,
    "parcel_returned": _carrier,
    "return_arrived": _carrier,
    "number_shared": _only(SYSTEM),
    "protection_extended": _extended,
    "extension_asked": _only(BUYER),
    "extension_declined": _answers_request,
    "extension_passed_on": _only(SYSTEM),
    "receipt_confirmed": _only(BUYER),
    "receipt_undone": _undone,
    "portions_released": _only(SYSTEM),
    "portions_refunded": _refunded,
    "refund_paid": _only(SYSTEM),
    "refund_returned": _only(SYSTEM),
    "refund_sent_again": _only(OPERATOR),
    "refund_paid_elsewhere": _only(OPERATOR),
    "payout_started": _only(SYSTEM),
    "payout_sent": _only(SYSTEM),
    "payout_failed": _only(SYSTEM),
    "payout_returned": _only(SYSTEM),
    "payout_asked_back": _only(SYSTEM),
    "payout_taken_back": _only(SYSTEM),
    "payout_not_taken_back": _only(SYSTEM),
    "outage_recorded": _only(OPERATOR),
    "dispute_opened": _opened,
    "offer_made": _offered,
    "offer_lapsed": _only(SYSTEM),
    "dispute_agreed": _agreed,
    "dispute_escalated": _escalated,
    "claim_taken": _only(MEDIATOR),
    "ruling_overdue": _only(SYSTEM),
    "dispute_ruled": _ruled,
    "ruling_appealed": _appealed,
    "message_sent": _only(BUYER, SELLER, MEDIATOR, SUPPORT, OPERATOR),
    "return_shipped": _only(BUYER),
    "replacement_shipped": _only(SELLER),
    "dispute_withdrawn": _withdrawn,
    "dispute_settled": _settled,
    "chargeback_received": _only(OPERATOR, SYSTEM),
    "chargeback_moved": lambda book, event: (BUYER, SELLER, MEDIATOR, OPERATOR, SYSTEM),
    "chargeback_won": _only(OPERATOR, SYSTEM),
    "chargeback_lost": _only(OPERATOR, SYSTEM),
    "review_written": _written,
    "review_revised": _author,
    "review_replied": _answers_review,
    "review_moderated": _only(MEDIATOR, OPERATOR),
    "moderation_contested": _contests,
    "reviews_closed": _only(SYSTEM),
    "accident_reported": _only(BUYER),
    "accident_overdue": _only(SYSTEM),
    "accident_declined": _support,
}
"""By the type of event: who may. What the bank's money counts on changes with whatever brings a refund about."""

_IMPARTIAL = frozenset(
    {
        "receipt_undone",
        "accident_declined",
        "claim_taken",
        "dispute_ruled",
        "message_sent",
        "review_moderated",
        "extension_declined",
    }
)
"""What is said or decided between two sides: whoever of the staff does it is neither of them."""


def check_actor(book: Book, event: Event) -> None:
    """Complain where whoever did it was not allowed to."""
    kind, by = event["type"], event["by"]
    role, _, person = by.partition(":")
    if role not in ALLOWED[kind](book, event):
        book.complain(Invariant.ACTOR_ALLOWED, f"{kind} by {by}, who may not")
        return
    parties = {BUYER: book.buyer or event.get("buyer"), SELLER: book.seller}
    if role in parties and person != parties[role]:
        book.complain(Invariant.ACTOR_ALLOWED, f"{kind} by {by}; the {role} of the order is {parties[role]}")
    elif kind in _IMPARTIAL and role not in parties and person in parties.values():
        book.complain(Invariant.ACTOR_ALLOWED, f"{kind} by {by}, whose own deal it is")
    elif kind == "dispute_ruled" and person in [by for by, _ in book.cases[event["dispute"]].rulings]:
        book.complain(Invariant.ACTOR_ALLOWED, f"{kind} by {by}, who has ruled on it before")
