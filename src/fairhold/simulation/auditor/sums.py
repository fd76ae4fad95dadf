"""Sums that events name, reckoned anew."""

from collections.abc import Iterable
from fractions import Fraction

from fairhold.simulation.auditor.book import Book, Unit
from fairhold.simulation.auditor.invariants import Invariant


def says(book: Book, what: str, said: object, right: object) -> None:
    """Complain where a sum that an event names is another."""
    if said != right:
        book.complain(Invariant.SUMS_ADD_UP, f"{what} is {said}, it should be {right}")


def commission_on(book: Book, parts: Iterable[tuple[Unit, int]]) -> int:
    """What is taken of these amounts now: what all released so far costs, per rate, less what was taken of it.

    A line with a fixed part stands by itself. What the seller bears of the payment provider's fee comes on top.
    """
    borne = _providers_fee_borne(book)
    return _commission_itself(book, parts) + _providers_fee_borne(book) - borne


def _commission_itself(book: Book, parts: Iterable[tuple[Unit, int]]) -> int:
    gross: dict[int, int] = {}
    lines: dict[str, tuple[Unit, int]] = {}
    for unit, amount in parts:
        if book.fixed(unit):
            _, before = lines.get(unit.line, (unit, 0))
            lines[unit.line] = unit, before + amount
        else:
            rate = book.rate(unit)
            gross[rate] = gross.get(rate, 0) + amount
    fee = 0
    for rate, amount in gross.items():
        before, taken = book.commission.get(rate, (0, 0))
        owed = round(Fraction(rate * (before + amount), 10_000))
        book.commission[rate] = before + amount, owed
        fee += owed - taken
    for line, (unit, amount) in lines.items():
        before, taken = book.by_line.get(line, (0, 0))
        owed = _of_line(book, unit, before + amount)
        book.by_line[line] = before + amount, owed
        fee += owed - taken
    return fee


def _of_line(book: Book, unit: Unit, released: int) -> int:
    """The percentage of it, and of the fixed part as much as of what that leaves of the line. Python rounds halves to even."""
    rate, worth = book.rate(unit), sum(one.worth for one in book.units[unit.line])
    kept, kept_of_all = (amount - round(Fraction(rate * amount, 10_000)) for amount in (released, worth))
    fixed = round(Fraction(min(book.fixed(unit), kept_of_all) * kept, kept_of_all)) if kept_of_all else 0
    return released - kept + fixed


def _providers_fee_borne(book: Book) -> int:
    """What of the fee for the payment is the seller's by now, by what of everything has stayed with them so far."""
    fee = sum(one.fee for one in book.attempts.values() if one.state == "paid")
    if not fee or book.terms["provider_fees"] != "seller":
        return 0
    stayed = sum(gross - taken for gross, taken in (*book.commission.values(), *book.by_line.values()))
    if book.terms["provider_fees_on_refund"] == "seller":
        return min(fee, stayed)
    everything = _if_all_were_released(book)
    return round(Fraction(min(fee, everything) * stayed, everything)) if everything else 0


def _if_all_were_released(book: Book) -> int:
    """What of the whole order would stay with its seller after the commission."""
    rates: dict[int, int] = {}
    stays = 0
    for units in book.units.values():
        worth, unit = sum(one.worth for one in units), units[0]
        if book.fixed(unit):
            stays += worth - _of_line(book, unit, worth)
        else:
            rates[book.rate(unit)] = rates.get(book.rate(unit), 0) + worth
    return stays + sum(worth - round(Fraction(rate * worth, 10_000)) for rate, worth in rates.items())


def left(units: Iterable[Unit]) -> int:
    """What of the worth of these the bank has not taken."""
    return sum(unit.left for unit in units)
