"""Stories made ready to be filled in many times, in PostgreSQL's binary COPY format."""

from typing import NamedTuple

from benchmarks.taking import Rows, Slot, Story
from fairhold.domain.ids import ALPHABET, ORDER_ID_LENGTH

_PAIRS = [(a + b).encode() for a in ALPHABET for b in ALPHABET]


class Loaded(NamedTuple):
    """An order that was loaded."""

    id: str
    tag: str
    buyer: str
    seller: str


class Form:
    """The rows of a story in one table, cut where something is filled in."""

    __slots__ = ("_literals", "_slots", "table")

    def __init__(self, table: str, literals: list[bytes], slots: list[Slot]) -> None:
        self.table = table
        self._literals = literals
        self._slots = slots

    @classmethod
    def of(cls, rows: Rows) -> "Form":
        """The rows as a story has them."""
        literals, slots, at = [], [], 0
        for place in sorted(rows.places):
            literals.append(rows.data[at : place.start])
            slots.append(place.slot)
            at = place.start + place.length
        return cls(rows.table, [*literals, rows.data[at:]], slots)

    def at(self, moment: int) -> "Form":
        """The same for orders placed at that moment: only who and whose is left open."""
        literals, slots = [self._literals[0]], []
        for slot, literal in zip(self._slots, self._literals[1:], strict=True):
            if slot[0] == "text":
                literals[-1] += b"%d" % (moment + slot[1]) + literal
            elif slot[0] == "int":
                literals[-1] += (moment + slot[1]).to_bytes(8) + literal
            else:
                literals.append(literal)
                slots.append(slot)
        return Form(self.table, literals, slots)

    def filled(self, values: dict[Slot, bytes]) -> bytes:
        """The rows of one order."""
        parts = [b""] * (2 * len(self._literals) - 1)
        parts[::2] = self._literals
        parts[1::2] = map(values.__getitem__, self._slots)
        return b"".join(parts)


class Pattern:
    """A story, ready to be filled in many times."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._forms = [Form.of(rows) for rows in story.rows]
        self.called = sorted(
            {slot for rows in story.rows for _, _, slot in rows.places if slot[0] in ("review", "automatic")}
        )
        """The reviews that are to be called something."""
        self._moment = -1
        self._then: list[Form] = []

    def at(self, moment: int) -> list[Form]:
        """Its rows for orders placed at that moment."""
        if moment != self._moment:
            self._moment, self._then = moment, [form.at(moment) for form in self._forms]
        return self._then


def encoded(number: int) -> bytes:
    """An order's id from its 100 bits."""
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(5 * ORDER_ID_LENGTH - 10, -1, -10)]
    return b"".join(pairs)


class Filling(NamedTuple):
    """An order about to be loaded: its rows, and what goes into them."""

    forms: list[Form]
    values: dict[Slot, bytes]
    order: Loaded
