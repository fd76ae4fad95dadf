"""From settings to webhooks: who writes down what is told, who sends it, and who looks after the endpoints."""

from ipaddress import ip_network
from typing import NamedTuple

from fairhold.api import webhook_payloads
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.installation.sealing import Seal
from fairhold.engine.installation.settings import Settings
from fairhold.engine.ports.mail import MailQueue
from fairhold.engine.ports.store import Store
from fairhold.engine.webhooks.endpoints import Webhooks
from fairhold.engine.webhooks.news import WebhookNews
from fairhold.engine.webhooks.notice import NoticeToOperators
from fairhold.engine.webhooks.signing import PURPOSE
from fairhold.engine.webhooks.trying import Trier
from fairhold.engine.webhooks.worker import WebhookWorker
from fairhold.gateways.webhooks.sending import HttpSender
from fairhold.store.accounts import AccountTables
from fairhold.store.webhooks import WebhookTables


class WebhookParts(NamedTuple):
    """What tells the marketplace's servers what happens."""

    news: WebhookNews
    worker: WebhookWorker
    keeper: Webhooks


def webhook_parts(
    settings: Settings, store: Store, secret: str, clock: Clock, metrics: Metrics, mail: MailQueue, *, plain: bool
) -> WebhookParts:
    """Webhooks; over plain HTTP too where `plain`. `mail` takes letters to operators."""
    rows, seal = WebhookTables(store.tables()), Seal(secret, PURPOSE)
    sender = HttpSender(plain=plain, allowed=[ip_network(network) for network in settings.webhook_networks])
    trier = Trier(sender, seal, clock)
    notice = NoticeToOperators(AccountTables(store.tables()).staff, mail, clock)
    worker = WebhookWorker(rows, trier, clock, metrics, notice=notice)
    return WebhookParts(
        WebhookNews(rows, clock, webhook_payloads.payload, worker.wake),
        worker,
        Webhooks(rows, clock, sender, seal, trier, webhook_payloads.test_payload, worker.wake),
    )
