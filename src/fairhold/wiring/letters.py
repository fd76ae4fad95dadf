"""From settings to what people are told: who is written to, who notes down what, who writes, and who carries it away."""

from fairhold.domain.order import Order
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.installation.settings import Settings
from fairhold.engine.notices.correspondence import Correspondence
from fairhold.engine.notices.notifier import NOTICE, Notifier
from fairhold.engine.notices.order_links import OrderLinks
from fairhold.engine.notices.post_office import PostOffice
from fairhold.engine.notices.unsubscribing import Unsubscribing
from fairhold.engine.ports.store import Store
from fairhold.engine.reading.orders import Queries
from fairhold.gateways.mail.message import Sender
from fairhold.gateways.mail.opening import FILES, open_transport
from fairhold.gateways.mail.reading import SentFolder
from fairhold.store.contacts import ContactTables
from fairhold.store.mail import MailTables
from fairhold.store.notices import NoticeTables
from fairhold.store.wishes import WishTables
from fairhold.words.letters.notices import NoticeLetters
from fairhold.words.letters.writing import Desk


def messages_of(
    settings: Settings, store: Store, queries: Queries, links: OrderLinks, clock: Clock, metrics: Metrics, secret: str
) -> Correspondence:
    """The inboxes, the queue of letters, and all that fills and empties them."""
    contacts, inbox, wishes = (
        ContactTables(store.tables()),
        NoticeTables(store.tables()),
        WishTables(store.tables()),
    )
    unsubscribing = Unsubscribing(secret)
    letters = NoticeLetters(
        inbox,
        contacts,
        contacts,
        wishes,
        queries.order,
        lambda review: _reviewed(queries, review),
        links,
        unsubscribing,
    )
    mail = PostOffice(
        MailTables(store.tables()),
        Desk(contacts, settings.marketplace, settings.url, {NOTICE: letters.write}),
        open_transport(settings.mail, Sender(settings.marketplace, settings.mail_from)),
        contacts,
        clock,
        metrics,
    )
    notifier = Notifier(inbox, contacts, wishes, queries.order, clock, mail.wake)
    return Correspondence(contacts, inbox, wishes, unsubscribing, mail, notifier)


def _reviewed(queries: Queries, review: str) -> Order | None:
    """The order that a review is of."""
    row = queries.reviews.review(review)
    return None if row is None else queries.reviews.order_of(row)


def sent_letters(settings: Settings) -> SentFolder | None:
    """The letters that went into a folder, where they do."""
    return SentFolder(settings.mail.removeprefix(FILES)) if settings.mail.startswith(FILES) else None
