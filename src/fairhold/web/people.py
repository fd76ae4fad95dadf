"""The people whom pages know: the marketplace's own ids with names to show and the sides they may take.

They have accounts, or are the demo's people: in the sandbox anybody may sign in as any of these.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic

from fairhold.domain.actors import STAFF, Actor, Role
from fairhold.domain.ids import PersonId
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.store import StoreUnavailable
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


def member(account: Account, *, staff: bool) -> Person:
    """Whoever has this account; with the sides of the staff only where `staff` says so."""
    sides = tuple(Role(role) for role in account.roles)
    return Person(
        account.person,
        dict.fromkeys(Language, account.name),
        tuple(Actor(role, PersonId(account.person)) for role in sides if staff or role not in STAFF),
    )


Called = Callable[[str], str | None]
"""What the person of an id is called, where an account says so."""
_FRESH_SECONDS = 60.0
_REMEMBERED = 20_000


class Directory:
    """Who can be in the demo, and what everybody is called (`shops`: names of sellers by id)."""

    def __init__(
        self, people: Iterable[Person] = (), shops: Mapping[str, Mapping[Language, str]] | None = None
    ) -> None:
        self._called: Called | None = None
        self._seen: dict[str, tuple[str | None, float]] = {}
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
        """What to call somebody in a deal; their id where nobody has said."""
        return self._names.get(f"{role}:{who}", {}).get(language) or self._of_account(who) or who

    def with_accounts(self, called: Called) -> "Directory":
        """The same, which also knows what those with accounts are called; a new name is noticed within a minute."""
        found = Directory()
        found._people, found._names, found._called = self._people, self._names, called
        return found

    def _of_account(self, who: str) -> str | None:
        """A list names many people, most of them again and again, and most of them without an account."""
        if self._called is None:
            return None
        name, read_at = self._seen.get(who, (None, -_FRESH_SECONDS))
        if monotonic() - read_at < _FRESH_SECONDS:
            return name
        try:
            name = self._called(who)
        except StoreUnavailable:
            # The orders may lie in a database that answers; an id will do.
            return name
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen[who] = (name, monotonic())
        return name
