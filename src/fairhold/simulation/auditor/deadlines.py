"""What is to come for an order and when, reckoned from the auditor's own book; and whether what came was that."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from fairhold.simulation.auditor.book import CONFIRMED, HELD, Book, Case, Event, Unit
from fairhold.simulation.auditor.closing import closing
from fairhold.simulation.auditor.invariants import Invariant


class Due(NamedTuple):
    """Something that happens at `at` if nobody acts."""

    at: int
    what: str


def coming(book: Book) -> Iterator[Due]:
    """Everything that is to come, in no order."""
    for unit in book.every():
        due = of_unit(book, unit)
        if due is not None:
            yield due
    for case in book.cases.values():
        if case.is_open:
            yield from of_case(book, case)
    for chargeback in book.chargebacks.values():
        if chargeback.state == "open":
            yield Due(chargeback.due, "bank")
    if book.accident is not None and not book.accident[1]:
        yield Due(book.accident[0], "accident")
    if book.request is not None and book.request[1] is not None:
        yield Due(book.request[1], "extension")
    end = closing(book)
    if end is not None:
        yield Due(end, "reviews")


def of_unit(book: Book, unit: Unit) -> Due | None:
    """What becomes of one piece of goods, and when."""
    if unit.state == CONFIRMED:
        return None if unit.settles_at is None else Due(unit.settles_at, "confirmed")
    if unit.state != HELD:
        return None
    if book.payment == "awaited":
        return None if book.pay_by is None else Due(book.pay_by, "payment")
    due, ceiling = _of_held(book, unit), book.ceiling
    if ceiling is not None and (due is None or ceiling < due.at):
        return Due(ceiling, "provider_ceiling")
    return due


def _of_held(book: Book, unit: Unit) -> Due | None:
    if unit.ship_again_by is not None:
        return Due(unit.ship_again_by, "returned_to_sender")
    if not book.is_sent(unit) or unit.protection_ends is None:
        return None if book.shipping_due is None else Due(book.shipping_due, "not_shipped")
    if unit.window_ends is not None and unit.window_ends <= unit.protection_ends:
        return Due(unit.window_ends, "confirmation_window")
    return Due(unit.protection_ends, _at_lapse(book, unit))


def _at_lapse(book: Book, unit: Unit) -> str:
    """What lapsed protection does: without proof of delivery the policy may want to ask first."""
    rule = book.terms["on_lapse"] if unit.window_ends is None else "pay"
    if rule == "extend_once" and not unit.lapse_extended:
        return "extend"
    if rule == "dispute" and not unit.disputed and unit.left:
        return "open_dispute"
    return "protection"


_BARGAINING = ("negotiating", "claimed")
_UNDECIDED = ("awaiting_answer", "negotiating", "claimed", "appealed")


def of_case(book: Book, case: Case) -> Iterator[Due]:
    """What becomes of one dispute: its state's own end, the last day of all, and of the offer on the table."""
    if case.due is None:
        return
    ceiling = book.ceiling
    if case.state == "ruled":
        yield Due(case.due if ceiling is None else min(case.due, ceiling), "ruled")
        return
    last = [] if ceiling is None else [ceiling]
    if case.last is not None and case.state in _UNDECIDED:
        last.append(case.last)
    if not last or case.due < min(last):
        yield Due(case.due, case.state)
    if last:
        yield Due(min(last), "last_day")
    offer = case.offer
    if offer is not None and offer.get("expires") is not None and case.state in _BARGAINING:
        yield Due(offer["expires"], "offer")


def next_due(book: Book) -> Due | None:
    """The first that is to come."""
    return min(coming(book), default=None)


# Whether an event that says that a deadline came is right: what it says was to come then, of all that it names.


def _units(book: Book, event: Event, what: str) -> bool:
    return all(of_unit(book, unit) == Due(event["at"], what) for unit in book.of(event["spans"]))


def _released(book: Book, event: Event) -> bool:
    return _units(book, event, event["cause"])


def _refunded(book: Book, event: Event) -> bool:
    second_time = (book.before.get("type"), book.before.get("at")) == ("parcel_returned", event["at"])
    if second_time and event["cause"] == "returned_to_sender":
        # What comes back once more is refunded at once.
        return all(unit.shipped_again for unit in book.of(event["spans"]))
    return _units(book, event, event["cause"])


def _settled(book: Book, event: Event) -> bool:
    case, at, outcome = book.cases[event["dispute"]], event["at"], event["outcome"]
    state_of = {"silence": "awaiting_answer", "not_sent_back": "return_due", "not_resent": "resend_due"}
    state_of |= {"returned": "returning", "ruled": "ruled"}
    if outcome in state_of:
        return case.state == state_of[outcome] and Due(at, case.state) in of_case(book, case)
    right = {"undecided": case.last, "provider_ceiling": book.ceiling}
    return at == right.get(outcome) and Due(at, "last_day") in of_case(book, case)


def _of_state(*states: str) -> Callable[[Book, Event], bool]:
    def fires(book: Book, event: Event) -> bool:
        case = book.cases[event["dispute"]]
        return case.state in states and Due(event["at"], case.state) in of_case(book, case)

    return fires


def _escalated(book: Book, event: Event) -> bool:
    case, offered = book.cases[event["dispute"]], (book.before.get("type"), book.before.get("at"))
    if offered == ("offer_made", event["at"]) and case.due is not None and case.due <= event["at"]:
        # The answer came when the time to bargain, cut short by the provider's ceiling, was over already.
        return case.state == "negotiating"
    return case.state == "negotiating" and case.due == event["at"]


def _offer(book: Book, event: Event) -> bool:
    case = book.cases[event["dispute"]]
    return event["number"] == len(case.offers) and Due(event["at"], "offer") in of_case(book, case)


def _bank(book: Book, event: Event) -> bool:
    one = book.chargebacks[event["chargeback"]]
    # Until then it is the bank that says so, or whoever hears it from them.
    return one.state == "open" and event["at"] <= one.due


def _is_next(what: str) -> Callable[[Book, Event], bool]:
    return lambda book, event: Due(event["at"], what) in coming(book)


FIRED: dict[str, tuple[Callable[[Event], bool], Callable[[Book, Event], bool]]] = {
    "order_cancelled": (lambda event: event.get("lapsed", False), _is_next("payment")),
    "portions_released": (lambda event: True, _released),
    "portions_refunded": (lambda event: event["cause"] != "cancelled", _refunded),
    "protection_extended": (
        lambda event: event.get("on_lapse", False),
        lambda book, event: _units(book, event, "extend"),
    ),
    "dispute_opened": (
        lambda event: event["by"] == "system",
        lambda book, event: _units(book, event, "open_dispute"),
    ),
    "accident_overdue": (lambda event: True, _is_next("accident")),
    "extension_passed_on": (lambda event: True, _is_next("extension")),
    "chargeback_lost": (lambda event: event["by"] == "system", _bank),
    "reviews_closed": (lambda event: True, _is_next("reviews")),
    "dispute_agreed": (lambda event: event.get("silence", False), _of_state("awaiting_answer")),
    "dispute_escalated": (lambda event: event["by"] == "system", _escalated),
    "ruling_overdue": (lambda event: True, _of_state("claimed", "appealed")),
    "offer_lapsed": (lambda event: True, _offer),
    "dispute_settled": (
        lambda event: event["outcome"] != "agreed" and (event["by"] == "system" or event["outcome"] != "returned"),
        _settled,
    ),
}
"""By the type of event: whether it says that a deadline came, and whether one was to come just then."""


def check_deadlines(book: Book, event: Event) -> None:
    """Complain where the event fires what was not due, or passes over what was."""
    kind, at = event["type"], event["at"]
    fired = kind in FIRED and FIRED[kind][0](event)
    if fired and not FIRED[kind][1](book, event):
        book.complain(Invariant.DEADLINE_ONCE_NEVER_EARLY, f"{kind} at {at} fires what was not due then")
    if kind in ("outage_recorded", "order_placed"):
        # An outage is noted before what came due in it.
        return
    first = next_due(book)
    if first is None or first.at > at or (first.at == at and (fired or kind == "chargeback_moved")):
        return
    if fired and kind == "dispute_escalated" and book.before.get("type") == "offer_made":
        return
    book.complain(Invariant.DEADLINE_ONCE_NEVER_EARLY, f"{kind} at {at} passes over {first.what}, due at {first.at}")
