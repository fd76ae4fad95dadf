"""From settings to the payment providers: who can be asked, and who may tell what became of money."""

from collections.abc import Callable
from functools import partial

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import days
from fairhold.domain.order import Order
from fairhold.engine.bank_transfers import BankPages, BankTransfers
from fairhold.engine.clock import Clock
from fairhold.engine.payment_news import PaymentNews
from fairhold.engine.payment_ports import Provider
from fairhold.engine.payment_settings import PaymentSettings
from fairhold.engine.ports import Store
from fairhold.gateways.payments.bank.provider import Bank
from fairhold.gateways.payments.stripe.client import URL as STRIPE_URL
from fairhold.gateways.payments.stripe.provider import Stripe
from fairhold.gateways.payments.yookassa.calling import URL as YOOKASSA_URL
from fairhold.gateways.payments.yookassa.notifications import NETWORKS
from fairhold.gateways.payments.yookassa.provider import YooKassa
from fairhold.store.bank import BankTables


def providers_of(settings: PaymentSettings) -> dict[str, Provider]:
    """By name, whoever takes money for us and is asked over the network."""
    found: list[Provider] = []
    if settings.stripe_key:
        url = settings.stripe_url or STRIPE_URL
        found.append(Stripe(settings.stripe_key, settings.stripe_secrets, url=url))
    if settings.yookassa_shop and settings.yookassa_key:
        agent, agent_key = settings.yookassa_agent, settings.yookassa_agent_key
        found.append(
            YooKassa(
                (settings.yookassa_shop, settings.yookassa_key),
                (agent, agent_key) if agent and agent_key else None,
                life=days(settings.yookassa_days),
                url=settings.yookassa_url or YOOKASSA_URL,
                networks=settings.yookassa_networks or NETWORKS,
            )
        )
    return {provider.name: provider for provider in found}


class BankParts:
    """Bank transfers that people see to. They finish what has begun even where nobody can pay so any more."""

    def __init__(self, settings: PaymentSettings, store: Store, clock: Clock, secret: str, url: str) -> None:
        self.details = settings.bank_details
        self.pages = BankPages(secret, url)
        self._rows = BankTables(store.tables())
        self._clock = clock
        self._two_from = settings.bank_two_from
        self._bank = Bank(self._rows, self.pages, clock)

    @property
    def offered(self) -> dict[str, Provider]:
        """The provider, where buyers are told where to send money."""
        return {self._bank.name: self._bank} if self.details else {}

    def transfers(self, news: PaymentNews, order: Callable[[OrderId], Order | None]) -> BankTransfers:
        """Where people say what came and went."""
        return BankTransfers(self._rows, self._clock, order, self._two_from, partial(news.tell, self._bank))
