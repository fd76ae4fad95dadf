"""From settings to letters: who is written to, who writes, and who carries the letters away."""

from fairhold.engine.clock import Clock
from fairhold.engine.metrics import Metrics
from fairhold.engine.ports import Store
from fairhold.engine.post_office import PostOffice
from fairhold.engine.settings import Settings
from fairhold.gateways.mail.message import Sender
from fairhold.gateways.mail.opening import open_transport
from fairhold.store.contacts import ContactTables
from fairhold.store.mail import MailTables
from fairhold.words.letters.writing import Desk


def post_office(
    settings: Settings, store: Store, contacts: ContactTables, clock: Clock, metrics: Metrics
) -> PostOffice:
    """The queue of letters and all that sends them."""
    return PostOffice(
        MailTables(store.tables()),
        Desk(contacts, settings.marketplace, settings.url),
        open_transport(settings.mail, Sender(settings.marketplace, settings.mail_from)),
        contacts,
        clock,
        metrics,
    )
