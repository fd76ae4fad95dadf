"""Sums that events name, reckoned anew."""

from collections.abc import Iterable

from fairhold.simulation.auditor.book import Book, Unit
from fairhold.simulation.auditor.invariants import Invariant


def says(book: Book, what: str, said: object, right: object) -> None:
    """Complain where a sum that an event names is another."""
    if said != right:
        book.complain(Invariant.SUMS_ADD_UP, f"{what} is {said}, it should be {right}")


def commission_on(book: Book, parts: Iterable[tuple[Unit, int]]) -> int:
    """What is taken of these amounts now: per rate, half even of all released so far, less what was taken of it."""
    gross: dict[int, int] = {}
    for unit, amount in parts:
        rate = book.rate(unit)
        gross[rate] = gross.get(rate, 0) + amount
    fee = 0
    for rate, amount in gross.items():
        before, taken = book.commission.get(rate, (0, 0))
        owed = _half_even(rate * (before + amount))
        book.commission[rate] = before + amount, owed
        fee += owed - taken
    return fee


def _half_even(hundredths: int) -> int:
    whole, rest = divmod(hundredths, 10_000)
    return whole + (rest > 5_000 or (rest == 5_000 and whole % 2 == 1))


def left(units: Iterable[Unit]) -> int:
    """What of the worth of these the bank has not taken."""
    return sum(unit.left for unit in units)
