"""Everything by which people are told, as the faces are given it."""

from typing import NamedTuple, Protocol

from fairhold.engine.contact_ports import Contacts, RefusedAddresses
from fairhold.engine.notice_ports import Inbox, Wishes
from fairhold.engine.notifier import Notifier
from fairhold.engine.post_office import PostOffice
from fairhold.engine.unsubscribing import Unsubscribing


class AddressBook(Contacts, RefusedAddresses, Protocol):
    """Who can be written to, and who cannot."""


class Correspondence(NamedTuple):
    """Inboxes, letters, and what people want of them. `notifier.tell` puts something into an inbox and on its way."""

    contacts: AddressBook
    inbox: Inbox
    wishes: Wishes
    unsubscribing: Unsubscribing
    mail: PostOffice
    notifier: Notifier
