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

    A line with a fixed part stands by itself.
    """
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


def left(units: Iterable[Unit]) -> int:
    """What of the worth of these the bank has not taken."""
    return sum(unit.left for unit in units)
