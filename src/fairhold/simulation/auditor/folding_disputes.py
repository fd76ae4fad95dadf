"""What each event makes of the auditor's book: disputes, and the buyer's bank. One function per event."""

from typing import Any

from fairhold.simulation.auditor.book import (
    CONFIRMED,
    DISPUTED,
    HELD,
    REFUNDED,
    SETTLED,
    Book,
    Case,
    Chargeback,
    Event,
    Parcel,
    Unit,
    spread,
)
from fairhold.simulation.auditor.folding import refund, restore
from fairhold.simulation.auditor.invariants import Invariant
from fairhold.simulation.auditor.sums import commission_on, left, says


def dispute_opened(book: Book, event: Event) -> None:
    """These pieces stand still."""
    units = book.of(event["spans"])
    says(book, "what is disputed", event["amount"], sum(unit.worth for unit in units))
    for unit in units:
        unit.state, unit.dispute, unit.disputed = DISPUTED, event["dispute"], unit.disputed + 1
    claimed = event.get("ruling_due") is not None
    offer = event.get("offer")
    book.cases[event["dispute"]] = Case(
        amount=event["amount"],
        opened_at=event["at"],
        by_seller=event["reason"] == "returned_parcel",
        state="claimed" if claimed else "awaiting_answer",
        due=event["ruling_due"] if claimed else event.get("answer_due"),
        negotiation_due=event.get("negotiation_due"),
        last=event.get("undecided_after"),
        offers=[] if offer is None else [dict(offer)],
        claimed=claimed,
    )


def offer_made(book: Book, event: Event) -> None:
    """It replaces the one before; the seller's first one is the answer."""
    case = book.cases[event["dispute"]]
    case.offers.append(dict(event["offer"]))
    if event["offer"]["by"] == "seller" and case.state == "awaiting_answer":
        case.state, case.due = "negotiating", case.negotiation_due


def offer_lapsed(book: Book, event: Event) -> None:
    """Nothing lies on the table."""
    _off_the_table(book.cases[event["dispute"]])


def _off_the_table(case: Case) -> None:
    if case.offers:
        case.offers[-1]["lapsed"] = True


def dispute_agreed(book: Book, event: Event) -> None:
    """Goods travel first."""
    case = book.cases[event["dispute"]]
    case.state = "resend_due" if event["offer"].get("resend") else "return_due"
    case.due, case.overdue, case.agreed = event["due"], False, event["offer"]


def dispute_escalated(book: Book, event: Event) -> None:
    """A mediator rules."""
    case = book.cases[event["dispute"]]
    case.state, case.due, case.claimed = "claimed", event["due"], True
    case.contested = event.get("contested", False)
    if case.contested:
        case.last = None if case.last is None else max(case.last, event["due"])
        _off_the_table(case)


def claim_taken(book: Book, event: Event) -> None:
    """Somebody reads it."""


def message_sent(book: Book, event: Event) -> None:
    """Something was said."""


def ruling_overdue(book: Book, event: Event) -> None:
    """The operator owes the ruling too."""
    case = book.cases[event["dispute"]]
    case.due, case.overdue = event["due"], True


def dispute_ruled(book: Book, event: Event) -> None:
    """The ruling waits for an appeal, or stands."""
    case = book.cases[event["dispute"]]
    case.rulings.append((event["by"].partition(":")[2], event["refund"]))
    case.state, case.due, case.overdue = "ruled", event["effective_at"], False


def ruling_appealed(book: Book, event: Event) -> None:
    """Another mediator rules."""
    case = book.cases[event["dispute"]]
    case.state, case.due = "appealed", event["due"]
    case.last = None if case.last is None else max(case.last, event["due"])


def return_shipped(book: Book, event: Event) -> None:
    """The goods travel back."""
    case = book.cases[event["dispute"]]
    case.state, case.due, case.postage = "returning", event["due"], event.get("postage", 0)
    book.parcels[event["shipment"]] = Parcel(returns=event["dispute"])


def return_arrived(book: Book, event: Event) -> None:
    """The seller looks at them until then."""
    book.cases[event["dispute"]].due = event["due"]


def replacement_shipped(book: Book, event: Event) -> None:
    """The pieces begin anew."""
    book.parcels[event["shipment"]] = Parcel()
    for unit in book.of(event["spans"]):
        unit.state, unit.shipment = HELD, event["shipment"]
        unit.protection_ends, unit.window_ends, unit.ship_again_by = event["protection_ends"], None, None
    _end(book.cases[event["dispute"]], "resent", "resent")


def dispute_withdrawn(book: Book, event: Event) -> None:
    """Their clocks run on."""
    for restored in event["restored"]:
        for unit in book.of([restored["span"]]):
            restore(unit, restored)
    _end(book.cases[event["dispute"]], "withdrawn", "withdrawn")


def _end(case: Case, state: str, outcome: str) -> None:
    case.state, case.due, case.overdue, case.outcome = state, None, False, outcome


def dispute_settled(book: Book, event: Event) -> None:
    """The buyer's part goes back, the seller has the rest."""
    case, units = book.cases[event["dispute"]], book.of(event["spans"])
    by_bank = sum(unit.charged for unit in units)
    says(book, "what the buyer gets", event["refund"], max(0, event["decided"] - by_bank))
    says(book, "what the seller gets", event["gross"], left(units) - event["refund"])
    says(book, "the buyer's shares together", sum(event["shares"]), event["refund"])
    parts: list[tuple[Unit, int]] = []
    for span, owed, share in zip(event["spans"], event["owed"], event["shares"], strict=True):
        there = book.of([span])
        parts.append((there[0], left(there) - share))
        back = event["decided"] == case.amount or 0 < owed == sum(unit.worth for unit in there)
        spread(there, "owed", owed)
        spread(there, "returned", share)
        for unit in there:
            unit.state, unit.completed_at = REFUNDED if back else SETTLED, event["at"]
    says(book, "the commission", event["fee"], commission_on(book, parts))
    if event["number"]:
        refund(book, event["number"], event["refund"], event)
    book.released += event["gross"] - event["fee"]
    book.fee += event["fee"]
    _end(case, "settled", event["outcome"])
    case.decided = event["decided"]


class _Places:
    """Amounts, by where the money of each piece lies now."""

    def __init__(self) -> None:
        self.held = self.settling = 0
        self.decided: list[tuple[Unit, int]] = []

    def add(self, unit: Unit, amount: int) -> None:
        if unit.state in (HELD, DISPUTED):
            self.held += amount
        elif unit.state == CONFIRMED:
            self.settling += amount
        else:
            self.decided.append((unit, amount))

    @property
    def gross(self) -> int:
        return sum(amount for _, amount in self.decided)


def _charge(book: Book, spans: list[Any], sign: int) -> _Places:
    """The bank takes (or, with -1, gives back) so much of each of these."""
    places = _Places()
    for span, amount in spans:
        units = book.of([span])
        spread(units, "charged", sum(unit.charged for unit in units) + sign * amount)
        places.add(units[0], amount)
    return places


def chargeback_received(book: Book, event: Event) -> None:
    """The bank has it; what was the seller's, the seller owes."""
    number, beyond = event.get("attempt", 0), event["amount"] - sum(amount for _, amount in event["takes"])
    says(book, "what the bank took beyond what was there", event.get("beyond", 0), beyond)
    places = _charge(book, event["takes"], 1)
    if beyond and not number and sum(unit.worth - unit.charged - unit.returned for unit in book.every()):
        book.complain(Invariant.SUMS_ADD_UP, f"{beyond} are booked as lost, and there is money left of the order")
    said = event["from_held"], event["from_settling"], event["gross"]
    says(book, "what the bank took of each place", said, (places.held, places.settling, places.gross))
    fee = commission_on(book, [(unit, -amount) for unit, amount in places.decided])
    says(book, "the commission given up", event["fee"], -fee)
    book.released -= event["gross"] - event["fee"]
    book.fee -= event["fee"]
    fee = event.get("provider_fee", 0)
    book.chargebacks[event["chargeback"]] = Chargeback(event["amount"], event["due"], beyond, number, fee)
    at_banks = sum(one.amount for one in book.chargebacks.values() if one.attempt == number and one.state != "won")
    came = book.attempts[number].returned if number else sum(unit.worth for unit in book.every())
    if at_banks > came:
        book.complain(Invariant.SUMS_ADD_UP, f"banks have {at_banks} of payment {number}, by which {came} came")


def chargeback_moved(book: Book, event: Event) -> None:
    """What the bank has counts on other pieces."""
    given, taken = (sum(amount for _, amount in event[name]) for name in ("gives", "takes"))
    says(book, "what the bank's money counts on now", taken, given)
    _charge(book, event["takes"], 1)
    places = _charge(book, event["gives"], -1)
    said = event["to_held"], event["to_settling"], event["gross"]
    says(book, "what comes free at each place", said, (places.held, places.settling, places.gross))
    says(book, "the commission", event["fee"], commission_on(book, places.decided))
    book.released += event["gross"] - event["fee"]
    book.fee += event["fee"]


def chargeback_won(book: Book, event: Event) -> None:
    """It goes where it belongs by now."""
    one = book.chargebacks[event["chargeback"]]
    says(book, "what the bank gave back", sum(amount for _, amount in event["gives"]), one.amount - one.beyond)
    says(book, "what is no longer lost", event.get("beyond", 0), one.beyond)
    says(book, "the buyer's shares together", sum(event["refunds"]), event["refund"])
    places = _Places()
    for (span, amount), back in zip(event["gives"], event["refunds"], strict=True):
        units = book.of([span])
        spread(units, "charged", sum(unit.charged for unit in units) - amount)
        spread(units, "returned", sum(unit.returned for unit in units) + back)
        places.add(units[0], amount - back)
    said = event["to_held"], event["to_settling"], event["gross"]
    says(book, "what comes back to each place", said, (places.held, places.settling, places.gross))
    says(book, "the commission", event["fee"], commission_on(book, places.decided))
    book.released += event["gross"] - event["fee"]
    book.fee += event["fee"]
    if event["number"]:
        refund(book, event["number"], event["refund"], event)
    one.state = "won"
    one.fee -= event.get("provider_fee", 0)


def chargeback_lost(book: Book, event: Event) -> None:
    """It stays with the bank."""
    one = book.chargebacks[event["chargeback"]]
    one.state, one.lapsed = "lost", event["at"] == one.due


FOLDS = {
    one.__name__: one
    for one in (
        dispute_opened,
        offer_made,
        offer_lapsed,
        dispute_agreed,
        dispute_escalated,
        claim_taken,
        message_sent,
        ruling_overdue,
        dispute_ruled,
        ruling_appealed,
        return_shipped,
        return_arrived,
        replacement_shipped,
        dispute_withdrawn,
        dispute_settled,
        chargeback_received,
        chargeback_moved,
        chargeback_won,
        chargeback_lost,
    )
}
"""By the type of event."""
