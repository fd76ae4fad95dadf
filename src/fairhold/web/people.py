"""The people whom pages know: the marketplace's own ids with names to show and the sides they may take.

Fairhold keeps no accounts. A marketplace hands over a directory; the sandbox hands over its demo's people, and anybody
may sign in as any of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fairhold.domain.actors import Actor, Role
from fairhold.domain.ids import PersonId
from fairhold.words.catalog import Language


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in. `actors` are the sides that this person may take; `note` tells them apart in the demo."""

    key: str
    names: Mapping[Language, str]
    actors: tuple[Actor, ...]
    notes: Mapping[Language, str] = field(default_factory=dict)

    def name(self, language: Language) -> str:
        """The name to show."""
        return self.names.get(language) or self.key

    def initials(self, language: Language) -> str:
        """One or two letters that stand for the name."""
        words = [word for word in self.name(language).split() if word.strip("«»“”&") and not word.startswith("&")]
        return "".join(word.strip("«»“”")[:1] for word in words[:2]).upper()

    def note(self, language: Language) -> str:
        """A line about the person, empty where there is none."""
        return self.notes.get(language, "")

    def actor(self, role: Role) -> Actor | None:
        """Who this person is in `role`, if anybody."""
        return next((actor for actor in self.actors if actor.role is role), None)


class Directory:
    """Everybody who can sign in, and the names of those who only appear in orders (`shops`: seller id to name)."""

    def __init__(
        self, people: Iterable[Person] = (), shops: Mapping[str, Mapping[Language, str]] | None = None
    ) -> None:
        self._people = {person.key: person for person in people}
        self._names: dict[str, Mapping[Language, str]] = {}
        for person in self._people.values():
            for actor in person.actors:
                self._names[str(actor)] = person.names
        for seller, names in (shops or {}).items():
            self._names[f"{Role.SELLER}:{seller}"] = names

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())

    def person(self, key: str) -> Person | None:
        """The person of that key."""
        return self._people.get(key)

    def name(self, role: Role, who: PersonId, language: Language) -> str:
        """What to call somebody in a deal; their id where the directory has no name."""
        return self._names.get(f"{role}:{who}", {}).get(language) or who
