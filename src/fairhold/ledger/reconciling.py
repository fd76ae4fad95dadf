"""Comparing a clearing account with the provider's statement: what both have, and what they differ in. Pure.

Both sides are entries of one account. An entry that was stated has one name, the provider's for what it belongs to; one that
was booked has every name under which the provider may state it. Entries belong together by kind and name. Within such a group
those are taken for one another first that agree in everything, then those of one sum, then whatever is left, oldest first; so
the result does not depend on the order in which entries come.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple

from fairhold.domain.instants import Instant


class What(StrEnum):
    """How the two sides differ."""

    ONLY_STATED = "only_stated"
    """The provider has it, and we have not booked it."""
    ONLY_BOOKED = "only_booked"
    """We have booked it, and the provider does not state it."""
    AMOUNT_DIFFERS = "amount_differs"
    FEE_DIFFERS = "fee_differs"
    """The sum is the same, and what the provider kept of it is not."""
    STATED_TWICE = "stated_twice"
    """The provider states once more what has its counterpart already."""
    BOOKED_TWICE = "booked_twice"


class Entry(NamedTuple):
    """One movement: `amount` minor units came in (or went out, below zero), and the provider kept `fee` of it.

    `mark` names the entry on its own side: a line of the statement, an event of an order.
    """

    kind: str
    names: tuple[str, ...]
    amount: int
    fee: int
    at: Instant
    mark: str

    @property
    def net(self) -> int:
        """What the account has more of by it, as the provider counts."""
        return self.amount - self.fee


class Pair(NamedTuple):
    """The same movement on both sides, to the minor unit."""

    stated: Entry
    booked: Entry


class Difference(NamedTuple):
    """What the sides differ in; `name` is the provider's name of it, and `n` counts from 0 what is otherwise the same."""

    what: What
    kind: str
    name: str
    stated: Entry | None
    booked: Entry | None
    n: int = 0

    @property
    def first_at(self) -> Instant:
        """When the first of its sides happened."""
        return min(side.at for side in (self.stated, self.booked) if side is not None)

    @property
    def net(self) -> int:
        """By how much the statement has more than the books."""
        stated = 0 if self.stated is None else self.stated.net
        return stated - (0 if self.booked is None else self.booked.net)


class Comparison(NamedTuple):
    """What both sides have, and everything else."""

    matched: tuple[Pair, ...]
    differences: tuple[Difference, ...]


def compare(stated: Iterable[Entry], booked: Iterable[Entry]) -> Comparison:
    """Compare all that was stated with all that was booked on one account."""
    groups: dict[tuple[str, str], tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    known: set[tuple[str, str]] = set()
    for entry in stated:
        place = (entry.kind, entry.names[0])
        groups[place][0].append(entry)
        known.add(place)
    for entry in booked:
        name = next((name for name in entry.names if (entry.kind, name) in known), entry.names[0])
        groups[entry.kind, name][1].append(entry)
    matched: list[Pair] = []
    differences: list[Difference] = []
    for (kind, name), (theirs, ours) in sorted(groups.items()):
        pairs, different = _group(kind, name, sorted(theirs, key=_order), sorted(ours, key=_order))
        matched += pairs
        differences += different
    return Comparison(tuple(matched), tuple(differences))


def _group(kind: str, name: str, theirs: list[Entry], ours: list[Entry]) -> tuple[list[Pair], list[Difference]]:
    same = _taken(theirs, ours, lambda entry: (entry.amount, entry.fee))
    of_one_sum = _taken(theirs, ours, lambda entry: (entry.amount,))
    others = _taken(theirs, ours, lambda entry: ())
    paired = bool(same or of_one_sum or others)
    found = [Difference(What.FEE_DIFFERS, kind, name, *pair, n) for n, pair in enumerate(of_one_sum)]
    found += [Difference(What.AMOUNT_DIFFERS, kind, name, *pair, n) for n, pair in enumerate(others)]
    for n, one in enumerate(theirs):
        what = What.STATED_TWICE if paired or n else What.ONLY_STATED
        found.append(Difference(what, kind, name, one, None, n))
    for n, one in enumerate(ours):
        what = What.BOOKED_TWICE if paired or n else What.ONLY_BOOKED
        found.append(Difference(what, kind, name, None, one, n))
    return same, found


def _taken(theirs: list[Entry], ours: list[Entry], agree: Callable[[Entry], tuple[int, ...]]) -> list[Pair]:
    """Take those off both lists that agree in this, oldest first."""
    waiting: dict[tuple[int, ...], deque[int]] = defaultdict(deque)
    for n, entry in enumerate(ours):
        waiting[agree(entry)].append(n)
    taken: set[int] = set()
    pairs: list[Pair] = []
    left: list[Entry] = []
    for entry in theirs:
        fitting = waiting[agree(entry)]
        if fitting:
            n = fitting.popleft()
            taken.add(n)
            pairs.append(Pair(entry, ours[n]))
        else:
            left.append(entry)
    ours[:] = [entry for n, entry in enumerate(ours) if n not in taken]
    theirs[:] = left
    return pairs


def _order(entry: Entry) -> tuple[object, ...]:
    return entry.at, entry.mark, entry.amount, entry.fee


def net(entries: Iterable[Entry]) -> int:
    """What the account has more of by all of these."""
    return sum(entry.net for entry in entries)
