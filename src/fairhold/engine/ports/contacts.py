"""Contacts: where a person is written to, in which language, and whose time they read."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from fairhold.domain.instants import Instant


class Contact(NamedTuple):
    """A row of `contacts`. `person` is the person's id without a role; `zone` is an IANA name.

    `email` is as `mail_addresses.py` reads it; None: this person gets no letters.
    """

    person: str
    email: str | None
    language: str
    zone: str
    name: str | None


class Contacts(Protocol):
    """Who can be written to. Safe from any thread; raises StoreUnavailable."""

    def contact(self, person: str) -> Contact | None:
        """What is known of this person."""
        ...

    def contacts(self, people: Sequence[str]) -> dict[str, Contact]:
        """What is known of these people, by their ids."""
        ...

    def set_contact(self, contact: Contact) -> None:
        """Put it in the place of what was known. An address set anew is written to again, whatever its server once said."""
        ...

    def forget_contact(self, person: str) -> None:
        """Know nothing of this person any more."""
        ...


class RefusedAddresses(Protocol):
    """Addresses whose servers said that they will never take a letter. Safe from any thread; raises StoreUnavailable."""

    def refused_since(self, email: str) -> Instant | None:
        """Since when; None for an address that may be written to."""
        ...

    def note_refused(self, email: str, at: Instant, answer: str) -> None:
        """The server of this address refused it for good, in these words."""
        ...
