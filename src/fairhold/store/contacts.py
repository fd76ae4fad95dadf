"""Rows of contacts and of addresses that refused letters: small tables, the same in every store."""

from collections.abc import Sequence

from fairhold.domain.instants import Instant
from fairhold.engine.ports.contacts import Contact
from fairhold.engine.ports.small_tables import Tables

CONTACTS = "SELECT person, email, language, zone, name FROM contacts WHERE person IN ({})"
SET_CONTACT = """
INSERT INTO contacts (person, email, language, zone, name) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (person) DO UPDATE
SET email = excluded.email, language = excluded.language, zone = excluded.zone, name = excluded.name
"""
FORGET_CONTACT = "DELETE FROM contacts WHERE person = ?"
REFUSED_SINCE = "SELECT refused_at FROM refused_addresses WHERE email = ?"
NOTE_REFUSED = """
INSERT INTO refused_addresses (email, refused_at, answer) VALUES (?, ?, ?) ON CONFLICT (email) DO NOTHING
"""
TRUST_AGAIN = "DELETE FROM refused_addresses WHERE email = ?"
FORGET_REFUSED = "DELETE FROM refused_addresses WHERE email IN (SELECT email FROM contacts WHERE person = ?)"


class ContactTables:
    """Contacts, and addresses that are no longer written to; safe from any thread."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def contact(self, person: str) -> Contact | None:
        """What is known of this person."""
        return self.contacts([person]).get(person)

    def contacts(self, people: Sequence[str]) -> dict[str, Contact]:
        """What is known of these people, by their ids."""
        if not people:
            return {}
        rows = self._tables.rows(CONTACTS.format(", ".join("?" * len(people))), *people)
        return {row[0]: Contact(*row) for row in rows}

    def set_contact(self, contact: Contact) -> None:
        """Put it in the place of what was known. An address set anew is written to again, whatever its server once said."""
        steps: list[tuple[str, Sequence[object]]] = [(SET_CONTACT, contact)]
        if contact.email is not None:
            steps.append((TRUST_AGAIN, (contact.email,)))
        self._tables.change(*steps)

    def forget_contact(self, person: str) -> None:
        """Know nothing of this person any more."""
        self._tables.change((FORGET_REFUSED, (person,)), (FORGET_CONTACT, (person,)))

    def refused_since(self, email: str) -> Instant | None:
        """Since when this address takes nothing; None for one that may be written to."""
        found = self._tables.rows(REFUSED_SINCE, email)
        return Instant(found[0][0]) if found else None

    def note_refused(self, email: str, at: Instant, answer: str) -> None:
        """The server of this address refused it for good, in these words."""
        self._tables.change((NOTE_REFUSED, (email, at, answer)))
