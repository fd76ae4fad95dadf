"""What each event makes of the auditor's book: deals, parcels and receipt. One function per event."""

from fairhold.simulation.auditor.book import (
    CONFIRMED,
    HELD,
    REFUNDED,
    SETTLED,
    Book,
    Event,
    Parcel,
    Refund,
    Unit,
)
from fairhold.simulation.auditor.sums import commission_on, left, says
from fairhold.simulation.auditor.terms import complete, later


def order_placed(book: Book, event: Event) -> None:
    """Every piece waits for its money."""
    book.id, book.buyer, book.seller = event["order"], event["buyer"], event["seller"]
    book.currency, book.terms = event["currency"], complete(event["terms"])
    book.payment_due = event["payment_due"]
    for line in event["lines"]:
        total, quantity = line["total"], line["quantity"]
        parts = line.get("shipping", 0) + line.get("tax", 0) - line.get("discount", 0)
        says(book, f"the total of {line['id']}", total, line["unit_price"] * quantity + parts)
        # A piece is worth what the whole line is worth up to it, less what it is worth without it.
        upto = [total * count // quantity for count in range(quantity + 1)]
        book.units[line["id"]] = [
            Unit(upto[count + 1] - upto[count], line.get("category"), line["id"]) for count in range(quantity)
        ]


def parcel_shipped(book: Book, event: Event) -> None:
    """These pieces travel; protection is never shortened."""
    book.parcels[event["shipment"]] = Parcel()
    for unit in book.of(event["spans"]):
        unit.shipped_again = unit.shipped_again or unit.ship_again_by is not None
        unit.shipment, unit.window_ends, unit.ship_again_by = event["shipment"], None, None
        unit.protection_ends = max(event["protection_ends"], unit.protection_ends or 0)


def checkpoint_recorded(book: Book, event: Event) -> None:
    """A scan alone changes nothing."""


def number_shared(book: Book, event: Event) -> None:
    """A number that others use too changes nothing by itself."""


def parcel_delivered(book: Book, event: Event) -> None:
    """The windows of its pieces run."""
    book.parcels[event["shipment"]].delivered_at = event["delivered_at"]
    _windows(book, event)


def delivery_doubted(book: Book, event: Event) -> None:
    """They run longer."""
    _windows(book, event)


def _windows(book: Book, event: Event) -> None:
    for span, ends in event.get("windows", ()):
        for unit in book.of([span]):
            unit.window_ends = ends


def delivery_corrected(book: Book, event: Event) -> None:
    """They stop."""
    book.parcels[event["shipment"]].delivered_at = None
    for unit in book.of(event["spans"]):
        unit.window_ends = None


def parcel_returned(book: Book, event: Event) -> None:
    """It is back at the seller, who ships again by then."""
    parcel = book.parcels[event["shipment"]]
    parcel.returned, parcel.delivered_at = True, None
    for unit in book.of(event["spans"]):
        unit.window_ends, unit.ship_again_by = None, event["ship_again_by"]


def protection_extended(book: Book, event: Event) -> None:
    """Protection ends later."""
    for unit in book.of(event["spans"]):
        if unit.protection_ends is not None:
            unit.protection_ends = later(unit.protection_ends, event["length"])
            unit.lapse_extended = unit.lapse_extended or event.get("on_lapse", False)
    if not event.get("on_lapse"):
        book.extensions, book.request = book.extensions + 1, None


def extension_asked(book: Book, event: Event) -> None:
    """The seller owes an answer."""
    due = event.get("due")
    book.request = None if due is None else "seller", due, event["length"]


def extension_declined(book: Book, event: Event) -> None:
    """It was answered."""
    book.request = None


def extension_passed_on(book: Book, event: Event) -> None:
    """Somebody else answers."""
    assert book.request is not None, "nobody had asked"
    book.request = event["to"], event.get("due"), book.request[2]


def receipt_confirmed(book: Book, event: Event) -> None:
    """These pieces settle."""
    units = book.of(event["spans"])
    says(book, "what was confirmed", event["amount"], left(units))
    for unit in units:
        unit.state, unit.confirmed_at, unit.settles_at = CONFIRMED, event["at"], event["settles_at"]
        unit.completed_at = event["at"]


def receipt_undone(book: Book, event: Event) -> None:
    """These pieces are protected again."""
    says(book, "what was undone", event["amount"], left(book.of(one["span"] for one in event["restored"])))
    for restored in event["restored"]:
        for unit in book.of([restored["span"]]):
            restore(unit, restored)
            unit.confirmed_at = unit.settles_at = unit.kept_since = unit.accident = unit.completed_at = None
            unit.buyer_undid = unit.buyer_undid or event.get("by_buyer", False)


def restore(unit: Unit, restored: Event) -> None:
    """It is held, and its clocks run until then."""
    unit.state, unit.protection_ends = HELD, restored["protection_ends"]
    unit.window_ends, unit.ship_again_by = restored.get("window_ends"), restored.get("ship_again_by")


def portions_released(book: Book, event: Event) -> None:
    """The seller has their money, less the commission."""
    units = book.of(event["spans"])
    parts = [(unit, unit.left) for unit in units]
    says(book, "what was released", event["gross"], left(units))
    says(book, "the commission", event["fee"], commission_on(book, parts))
    for unit in units:
        unit.state, unit.settles_at, unit.kept_since = SETTLED, None, None
        unit.completed_at = unit.completed_at or event["at"]
    book.released += event["gross"] - event["fee"]
    book.fee += event["fee"]


def portions_refunded(book: Book, event: Event) -> None:
    """The buyer has it back."""
    units = book.of(event["spans"])
    says(book, "what was refunded", event["amount"], left(units))
    for unit in units:
        unit.state, unit.settles_at, unit.owed, unit.returned = REFUNDED, None, unit.worth, unit.left
        unit.completed_at = None
    refund(book, event["number"], event["amount"], event)


def refund(book: Book, number: int, amount: int, event: Event, attempt: int = 0) -> None:
    """Note that it is decided; where it is nothing, there is nothing to carry out."""
    says(book, "the number of the refund", number, len(book.refunds) + 1)
    book.refunds[number] = Refund(amount, book.seen, paid_at=None if amount else event["at"], attempt=attempt)
    book.refunded += amount


def refund_paid(book: Book, event: Event) -> None:
    """The provider has carried it out."""
    done = book.refunds[event["number"]]
    says(book, f"refund {event['number']} as it was paid", event["amount"], done.amount)
    done.paid_at = event["at"]


def refund_returned(book: Book, event: Event) -> None:
    """It is owed as if it had never gone."""
    back = book.refunds[event["number"]]
    says(book, f"refund {event['number']} as it came back", event["amount"], back.amount)
    back.paid_at, back.returned = None, True


def refund_sent_again(book: Book, event: Event) -> None:
    """Another carries the same sum, which was counted as refunded when it was decided."""
    back = book.refunds[event["returned"]]
    says(book, "what is sent again", event["amount"], back.amount)
    refund(book, event["number"], event["amount"], event, back.attempt)
    book.refunded -= event["amount"]
    back.again = event["number"]


def refund_paid_elsewhere(book: Book, event: Event) -> None:
    """The marketplace has paid it by itself."""
    done = book.refunds[event["number"]]
    says(book, "what was paid elsewhere", event["amount"], done.amount)
    done.paid_at, done.elsewhere = event["at"], True


def outage_recorded(book: Book, event: Event) -> None:
    """What people could not do in time they can do as much later."""
    start, end = event["start"], event["end"]
    book.outages.append((start, end))
    book.payment_due = book.moved_by_outage(book.payment_due, start, end)
    book.shipping_due = book.moved_by_outage(book.shipping_due, start, end)
    if book.accident is not None:
        book.accident = book.moved_by_outage(book.accident[0], start, end) or 0, book.accident[1]
    if book.request is not None:
        book.request = book.request[0], book.moved_by_outage(book.request[1], start, end), book.request[2]
    for unit in book.every():
        if unit.state == HELD:
            for name in ("protection_ends", "window_ends", "ship_again_by"):
                setattr(unit, name, book.moved_by_outage(getattr(unit, name), start, end))
    for case in book.cases.values():
        if case.is_open:
            for name in ("due", "negotiation_due", "last"):
                setattr(case, name, book.moved_by_outage(getattr(case, name), start, end))
            for offer in case.offers:
                offer["expires"] = book.moved_by_outage(offer.get("expires"), start, end)


def accident_reported(book: Book, event: Event) -> None:
    """Support owes an answer; by policy the money waits for it."""
    units = book.of(event["spans"])
    says(book, "what was reported", event["amount"], left(units))
    for unit in units:
        unit.accident = "reported"
    for span, until in event.get("settles", ()):
        for unit in book.of([span]):
            unit.kept_since, unit.settles_at = unit.settles_at, until
    due = event["due"] if book.accident is None else min(book.accident[0], event["due"])
    book.accident = due, False if book.accident is None else book.accident[1]


def accident_overdue(book: Book, event: Event) -> None:
    """The operator owes it too."""
    assert book.accident is not None, "nothing was reported"
    book.accident = book.accident[0], True


def accident_declined(book: Book, event: Event) -> None:
    """The money leaves then."""
    for span, until in event["settles"]:
        for unit in book.of([span]):
            unit.accident, unit.settles_at, unit.kept_since = "declined", until, None


FOLDS = {
    one.__name__: one
    for one in (
        order_placed,
        parcel_shipped,
        checkpoint_recorded,
        number_shared,
        parcel_delivered,
        delivery_doubted,
        delivery_corrected,
        parcel_returned,
        protection_extended,
        extension_asked,
        extension_declined,
        extension_passed_on,
        receipt_confirmed,
        receipt_undone,
        portions_released,
        portions_refunded,
        refund_paid,
        refund_returned,
        refund_sent_again,
        refund_paid_elsewhere,
        outage_recorded,
        accident_reported,
        accident_overdue,
        accident_declined,
    )
}
"""By the type of event."""
