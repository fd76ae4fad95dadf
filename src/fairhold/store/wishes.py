"""Rows of letters that people do not want: a small table, the same in every store."""

from collections.abc import Sequence

from fairhold.engine.ports.notices import Kind
from fairhold.engine.ports.small_tables import Tables

UNWANTED = "SELECT person, kind FROM unwanted_letters WHERE person IN ({})"
ADD = "INSERT INTO unwanted_letters (person, kind) VALUES (?, ?) ON CONFLICT (person, kind) DO NOTHING"
CLEAR = "DELETE FROM unwanted_letters WHERE person = ?"


class WishTables:
    """Which letters people do not want; safe from any thread."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def unwanted(self, people: Sequence[str]) -> dict[str, frozenset[Kind]]:
        """The kinds of which each of these people wants no letters."""
        found: dict[str, frozenset[Kind]] = {}
        if people:
            for person, kind in self._tables.rows(UNWANTED.format(", ".join("?" * len(people))), *people):
                found[person] = found.get(person, frozenset()) | {Kind(kind)}
        return found

    def set_unwanted(self, person: str, kinds: frozenset[Kind]) -> None:
        """From now on this person wants no letters of these kinds, and all others."""
        self._tables.change((CLEAR, (person,)), *((ADD, (person, kind.value)) for kind in sorted(kinds)))

    def unsubscribe(self, person: str, kind: Kind) -> None:
        """This person wants no more letters of this kind."""
        self._tables.change((ADD, (person, kind.value)))
