"""Everything by which people are told, as the faces are given it."""

from typing import NamedTuple, Protocol

from fairhold.domain.actors import PEOPLE
from fairhold.engine.notices.notifier import Notifier
from fairhold.engine.notices.post_office import PostOffice
from fairhold.engine.notices.unsubscribing import Unsubscribing
from fairhold.engine.ports.contacts import Contacts, RefusedAddresses
from fairhold.engine.ports.notices import Inbox, NoticeBoard, Wishes, recipient_of


class AddressBook(Contacts, RefusedAddresses, Protocol):
    """Who can be written to, and who cannot."""


class Pinboard(Inbox, NoticeBoard, Protocol):
    """What people were told and are to be told."""


class Correspondence(NamedTuple):
    """Inboxes, letters, and what people want of them. `notifier.tell` puts something into an inbox and on its way."""

    contacts: AddressBook
    inbox: Pinboard
    wishes: Wishes
    unsubscribing: Unsubscribing
    mail: PostOffice
    notifier: Notifier

    def forget(self, person: str) -> None:
        """Know nothing more of this person: no address, no letter that waits, nothing they were told. Raises StoreUnavailable."""
        self.contacts.forget_contact(person)
        self.mail.forget(person)
        self.inbox.forget_recipients([recipient_of(role, person) for role in sorted(PEOPLE)])
        self.wishes.set_unwanted(person, frozenset())
