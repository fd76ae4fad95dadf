"""When the end of the time for reviews decides something (S22–S27), reckoned from the auditor's own book."""

from fairhold.simulation.auditor.book import CANCELLED, DISPUTED, HELD, REFUNDED, Book, Case
from fairhold.simulation.auditor.terms import Terms, later

_CONSENTED = frozenset({"agreed", "silence", "returned", "not_resent"})
"""Ways in which a dispute ends with what the seller agreed to, or let pass."""


def reviews_end(book: Book) -> int | None:
    """Until when reviews are taken; None while something of the order can still complete, or nothing did."""
    if any(unit.state in (HELD, DISPUTED) for unit in book.every()):
        return None
    completed = [unit.completed_at for unit in book.every() if unit.completed_at is not None]
    if not completed:
        return None
    last, undo = max(completed), book.terms["settlement_delay"]
    if book.closed_at is not None and book.closed_at > later(last, undo):
        last = book.closed_at
    end = later(last, max(_rules(book)["window"], undo))
    for start, until in book.outages:
        if start <= end <= until:
            end = later(end, until - start)
    return end


def closing(book: Book) -> int | None:
    """When the end decides something; None where it does not."""
    if book.reviews_closed:
        return None
    told = list(book.reviews.values())
    if not told:
        if _rules(book)["automatic"] != "five_for_silent_buyer" or _is_barred(book):
            return None
    elif len(told) == 2 and not any(said.blind for said in told):
        return None
    end = reviews_end(book)
    return None if end is None else max([end, *(said.last_at for said in told)])


def _rules(book: Book) -> Terms:
    """Those of the day, else those of the order."""
    rules: Terms = book.rules_today or book.terms["reviews"]
    return rules


def _is_barred(book: Book) -> bool:
    """Whether the buyer may not review (S23)."""
    cases = book.cases.values()
    match _rules(book)["bar"]:
        case "claim_or_full_refund":
            return any(case.claimed for case in cases) or (bool(cases) and _all_given_back(book))
        case "any_dispute_unless_refunded":
            return any(not _satisfied(case) for case in cases)
        case "any_dispute":
            return bool(cases)
    return False


def _all_given_back(book: Book) -> bool:
    if any(unit.state not in (REFUNDED, CANCELLED) for unit in book.every()):
        return False
    ends = [book.cases[unit.dispute or ""] for unit in book.every() if unit.completed_at is not None]
    return bool(ends) and all(case.outcome in _CONSENTED and case.decided >= case.amount for case in ends)


def _satisfied(case: Case) -> bool:
    if case.claimed or case.outcome is None:
        return False
    return case.outcome == "resent" or (case.outcome in _CONSENTED and case.decided > 0)
