"""What may become of goods in which state: nothing decided is decided again, and disputed goods stand still."""

from fairhold.simulation.auditor.book import (
    CONFIRMED,
    DECIDED,
    DISPUTED,
    HELD,
    Book,
    Event,
    Unit,
)
from fairhold.simulation.auditor.invariants import Invariant
from fairhold.simulation.auditor.terms import later

_BY_SPANS = {
    "receipt_confirmed": HELD,
    "accident_reported": CONFIRMED,
    "portions_refunded": HELD,
    "parcel_shipped": HELD,
    "protection_extended": HELD,
    "dispute_opened": HELD,
    "delivery_corrected": HELD,
    "parcel_returned": HELD,
    "dispute_settled": DISPUTED,
    "replacement_shipped": DISPUTED,
}
"""Events that name goods under `spans`, and the state in which those have to be."""

_ENDS_DISPUTE = frozenset({"dispute_settled", "replacement_shipped", "dispute_withdrawn"})
_BANK = frozenset({"chargeback_received", "chargeback_moved", "chargeback_won"})


def check_moves(book: Book, event: Event) -> None:
    """Complain where the event moves goods that it must not move. Raises KeyError where it names some that do not exist."""
    kind = event["type"]
    for units, state in _named(book, event):
        for unit in units:
            if unit.state != state:
                book.complain(_broken(unit), f"{kind} moves goods that are {unit.state}, not {state}")
            elif state == DISPUTED and unit.dispute != event["dispute"]:
                book.complain(Invariant.DISPUTED_STANDS_STILL, f"{kind} moves goods of another dispute")
    if kind == "order_cancelled" and any(unit.state != HELD for unit in book.every()):
        book.complain(Invariant.ONE_ENDING, "a cancelled order is cancelled again")
    if kind == "order_cancelled" and book.payment == "received":
        book.complain(Invariant.ONE_ENDING, "an order that is paid is cancelled as if it were not")
    if kind == "payment_received" and book.payment != "awaited":
        book.complain(Invariant.ONE_ENDING, f"a payment for an order whose payment is {book.payment}")
    if kind in _ENDS_DISPUTE:
        _check_end(book, event)
    if kind in ("chargeback_won", "chargeback_lost"):
        one = book.chargebacks[event["chargeback"]]
        if one.state != "open" and not (one.lapsed and one.state == "lost" and kind == "chargeback_won"):
            book.complain(Invariant.ONE_ENDING, f"{kind} for a chargeback that has ended")
    if kind in ("refund_paid", "refund_sent_again", "refund_paid_elsewhere"):
        _check_refund(book, event)


def _check_refund(book: Book, event: Event) -> None:
    """It is paid once, and goes another way only where it came back."""
    kind = event["type"]
    refund = book.refunds[event["returned"] if kind == "refund_sent_again" else event["number"]]
    if refund.paid_at is not None:
        book.complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"refund {event['number']} is noted as paid again")
    if refund.returned is (kind == "refund_paid") or refund.again:
        book.complain(Invariant.ONE_OPERATION_ONE_EFFECT, f"{kind} of a refund that is not to go that way")


def _named(book: Book, event: Event) -> list[tuple[list[Unit], str]]:
    kind = event["type"]
    if kind in _BY_SPANS:
        return [(book.of(event["spans"]), _BY_SPANS[kind])]
    match kind:
        case "portions_released":
            state = CONFIRMED if event["cause"] == "confirmed" else HELD
            return [(book.of(event["spans"]), state)]
        case "parcel_delivered" | "delivery_doubted":
            return [(book.of(span for span, _ in event.get("windows", ())), HELD)]
        case "accident_declined":
            return [(book.of(span for span, _ in event["settles"]), CONFIRMED)]
        case "receipt_undone" | "dispute_withdrawn":
            state = CONFIRMED if kind == "receipt_undone" else DISPUTED
            return [(book.of(restored["span"] for restored in event["restored"]), state)]
    return []


def _broken(unit: Unit) -> Invariant:
    if unit.state == DISPUTED:
        return Invariant.DISPUTED_STANDS_STILL
    return Invariant.ONE_ENDING if unit.state in DECIDED else Invariant.STATE_IS_FOLD


def _check_end(book: Book, event: Event) -> None:
    case, kind = book.cases[event["dispute"]], event["type"]
    if not case.is_open:
        book.complain(Invariant.ONE_ENDING, f"{kind} ends a dispute that has ended")
    disputed = [unit for unit in book.every() if (unit.state, unit.dispute) == (DISPUTED, event["dispute"])]
    [(named, _)] = _named(book, event)
    if {id(unit) for unit in disputed} - {id(unit) for unit in named}:
        book.complain(Invariant.ONE_ENDING, f"{kind} leaves goods in a dispute that is over")
    for restored in event.get("restored", ()):
        for unit in book.of([restored["span"]]):
            still = max(0, (unit.protection_ends or 0) - case.opened_at)
            right = max(event["at"], book.within(later(event["at"], still)))
            if restored["protection_ends"] != right:
                said = f"protection runs until {restored['protection_ends']}, what was left of it until {right}"
                book.complain(Invariant.DISPUTED_STANDS_STILL, said)
