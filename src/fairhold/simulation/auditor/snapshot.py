"""The order as it is stored, compared with the auditor's own book of it."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import msgspec

from fairhold.simulation.auditor.book import Book, Unit
from fairhold.simulation.auditor.invariants import Invariant
from fairhold.simulation.auditor.parts import Part

_UNIT = (
    "state",
    "shipment",
    "protection_ends",
    "window_ends",
    "ship_again_by",
    "confirmed_at",
    "settles_at",
    "kept_since",
    "dispute",
    "accident",
)
"""What all pieces of a portion share, by the names that both sides use."""
_COUNTED = ("lapse_extended", "shipped_again", "buyer_undid", "disputed")
_known: Callable[[Unit], tuple[object, ...]] = attrgetter(*_UNIT, *_COUNTED)
_SUMMED = ("charged", "owed", "returned")
_BUCKETS = ("held", "settling", "released", "fee", "refunded", "charged_back")
_NOTHING = dict.fromkeys(("paid", *_BUCKETS), 0)

Sums = dict[str, int]


def check_snapshot(book: Book, snapshot: bytes, sums: Sums) -> None:
    """Complain of everything in which the stored order is not what its events make of it, `sums` among that."""
    order = msgspec.json.decode(snapshot)
    money: Sums = {**_NOTHING, **order.get("money", {})}
    if money != sums:
        book.complain(Invariant.STATE_IS_FOLD, f"its money is stored as {money}, the events make it {sums}")
        check_sums(book, money, "the stored order's")
    for what, said, right in _differing(book, order):
        if said != right:
            book.complain(Invariant.STATE_IS_FOLD, f"{what} is stored as {said}, the events make it {right}")


def check_sums(book: Book, sums: Sums, whose: str) -> None:
    """Complain where an order's money cannot be so."""
    if sums["paid"] != sum(sums[name] for name in _BUCKETS):
        book.complain(Invariant.SUMS_ADD_UP, f"{whose} sums do not add up: {sums}")
    if any(not 0 <= sums[name] <= sums["paid"] for name in _BUCKETS):
        book.complain(Invariant.BUCKETS_IN_BOUNDS, f"one of {whose} sums is out of bounds: {sums}")


def _differing(book: Book, order: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    yield "version", order["version"], book.seen
    for name in ("payment_due", "shipping_due", "closed_at", "paid_at"):
        yield name, order.get(name), getattr(book, name)
    yield "payment", order.get("payment", "awaited"), book.payment
    yield "extensions granted", order.get("extensions_granted", 0), book.extensions
    yield "the time for reviews", order.get("reviews_closed", False), book.reviews_closed
    yield "commission", {rate: (gross, fee) for rate, gross, fee in order.get("commission", ())}, book.commission
    yield from _portions(book, order)
    yield from _disputes(book, order)
    yield from _bank(book, order)
    yield from _waiting(book, order)
    reviews = [
        (one["id"], one["by"], one["rating"], one.get("version", 1), one.get("blind", False))
        for one in order.get("reviews", ())
    ]
    told = [(name, said.side, said.rating, said.version, said.blind) for name, said in book.reviews.items()]
    yield "reviews", reviews, told


def _portions(book: Book, order: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    seen = 0
    for portion in order["portions"]:
        line, start, quantity = portion["line"], portion["start"], portion["quantity"]
        units = book.units[line][start : start + quantity]
        seen += len(units)
        what = f"{line}, {quantity} from {start}"
        said = _said(portion)
        for unit in units:
            known = _known(unit)
            if known != said:
                yield what, said, known
        yield f"{what}: worth", portion["amount"], sum(unit.worth for unit in units)
        for name in _SUMMED:
            yield f"{what}: {name}", portion.get(name, 0), sum(getattr(unit, name) for unit in units)
    yield "pieces of goods", seen, sum(map(len, book.units.values()))


def _said(portion: dict[str, Any]) -> tuple[object, ...]:
    first = portion.get("state", "held")
    return (first, *[portion.get(name) for name in _UNIT[1:]], *[portion.get(name, 0) for name in _COUNTED])


def _disputes(book: Book, order: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    stored = {
        one["id"]: (
            one["state"],
            one.get("due"),
            one["amount"],
            one.get("negotiation_due"),
            one.get("undecided_after"),
            [(offer["refund"], offer.get("expires"), offer.get("lapsed", False)) for offer in one.get("offers", ())],
            [(ruling["by"], ruling["refund"]) for ruling in one.get("rulings", ())],
            one.get("overdue", False),
            one.get("postage", 0),
        )
        for one in order.get("disputes", ())
    }
    known = {
        name: (
            case.state,
            case.due,
            case.amount,
            case.negotiation_due,
            case.last,
            [(offer["refund"], offer.get("expires"), offer.get("lapsed", False)) for offer in case.offers],
            case.rulings,
            case.overdue,
            case.postage,
        )
        for name, case in book.cases.items()
    }
    yield "disputes", stored, known


def _bank(book: Book, order: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    refunds = {one["number"]: (one["amount"], one.get("paid_at")) for one in order.get("refunds", ())}
    parts = {
        one["number"]: (
            one["payout"],
            one["amount"],
            one["account"],
            one.get("state", "started"),
            one.get("reference", ""),
            one.get("why", ""),
            one.get("taken_back", 0),
            one.get("asked_back", 0),
            one.get("asks", 0),
        )
        for one in order.get("payouts", ())
    }
    yield "payouts", parts, {number: _of_part(part) for number, part in book.parts.items()}
    yield "refunds", refunds, {number: (one.amount, one.paid_at) for number, one in book.refunds.items()}
    taken = {
        one["id"]: (one["amount"], one["due"], one.get("state", "open"), one.get("beyond", 0), one.get("attempt", 0))
        for one in order.get("chargebacks", ())
    }
    known = {name: (one.amount, one.due, one.state, one.beyond, one.attempt) for name, one in book.chargebacks.items()}
    yield "chargebacks", taken, known
    parcels = {
        one["id"]: (one.get("delivered_at"), one.get("returned_at") is not None) for one in order.get("shipments", ())
    }
    yield "parcels", parcels, {name: (one.delivered_at, one.returned) for name, one in book.parcels.items()}


def _of_part(part: Part) -> tuple[object, ...]:
    known = part.payout, part.amount, part.account, part.state, part.reference, part.why
    return (*known, part.taken_back, part.asked_back, len(part.asked))


def _waiting(book: Book, order: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    accident, request = order.get("accident"), order.get("extension_request")
    reported = None if accident is None else (accident["due"], accident.get("overdue", False))
    yield "what support owes", reported, book.accident
    asked = None if request is None else (request.get("owner"), request.get("due"), request["length"])
    yield "the request for more time", asked, book.request
