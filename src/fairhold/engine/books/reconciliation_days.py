"""What a comparison came to, day by day: sums and balances of both sides, and what lies between them."""

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from fairhold.domain.instants import DAY, Instant
from fairhold.engine.ports.reconciliation import Balances, Day
from fairhold.ledger.reconciling import Comparison, Difference, Entry


class Span(NamedTuple):
    """Days from `first` to before `end`; what is younger than `settled` may still find its counterpart by itself."""

    first: int
    end: int
    settled: Instant
    now: Instant

    def place(self, at: Instant) -> int:
        """Which of the days it is, from 0; below zero before the first."""
        return at // DAY - self.first

    @property
    def starts(self) -> Instant:
        """When the first day begins."""
        return Instant(self.first * DAY)


def day_rows(
    account: tuple[str, str],
    span: Span,
    before: Balances,
    stated: Iterable[Entry],
    booked: Iterable[Entry],
    found: Comparison,
    items: Sequence[Difference],
) -> list[Day]:
    """One row a day of the account (provider, currency); `items` are those of the differences that are open items."""
    length = span.end - span.first
    lines, theirs = _by_day(span, stated)
    movements, ours = _by_day(span, booked)
    open_, counts, opened = _lasting(span, items), [0] * length, set(items)
    for one in items:
        place = span.place(one.first_at)
        if 0 <= place < length:
            counts[place] += 1
    young = [one for one in found.differences if one not in opened and one.first_at >= span.settled]
    way = _summed(_crossing(span, found), _lasting(span, young))
    stated_balances = list(accumulate(theirs, initial=before.stated))[1:]
    booked_balances = list(accumulate(ours, initial=before.booked))[1:]
    return [
        Day(
            *account,
            span.first + n,
            lines[n],
            movements[n],
            theirs[n],
            ours[n],
            stated_balances[n],
            booked_balances[n],
            way[n],
            open_[n],
            counts[n],
            span.now,
        )
        for n in range(length)
    ]


def opening(span: Span, found: Comparison) -> Balances:
    """What both sides begin with where no earlier day was compared: what was stated before and is booked in the span."""
    return Balances(
        sum(one.stated.net for one in found.matched if one.stated.at < span.starts <= one.booked.at),
        sum(one.booked.net for one in found.matched if one.booked.at < span.starts <= one.stated.at),
    )


def _by_day(span: Span, entries: Iterable[Entry]) -> tuple[list[int], list[int]]:
    """How many there are on each day, and what came by them."""
    counts, sums = [0] * (span.end - span.first), [0] * (span.end - span.first)
    for entry in entries:
        place = span.place(entry.at)
        if 0 <= place < len(sums):
            counts[place] += 1
            sums[place] += entry.net
    return counts, sums


def _lasting(span: Span, differences: Iterable[Difference]) -> list[int]:
    """At the end of each day, what of these there was by then."""
    steps = [0] * (span.end - span.first)
    for one in differences:
        for side, sign in ((one.stated, 1), (one.booked, -1)):
            if side is not None and (place := max(0, span.place(side.at))) < len(steps):
                steps[place] += sign * side.net
    return list(accumulate(steps))


def _crossing(span: Span, found: Comparison) -> list[int]:
    """At the end of each day, what one side had by then of what both have, and the other side only later."""
    length = span.end - span.first
    steps = [0] * length
    for stated, booked in found.matched:
        begins, ends = sorted((span.place(stated.at), span.place(booked.at)))
        begins, ends = max(0, begins), max(0, ends)
        had = stated.net if stated.at < booked.at else -stated.net
        if begins < ends:
            if begins < length:
                steps[begins] += had
            if ends < length:
                steps[ends] -= had
    return list(accumulate(steps))


def _summed(one: list[int], other: list[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]
