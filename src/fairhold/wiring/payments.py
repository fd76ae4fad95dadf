"""From settings to the payment providers: who can be asked, and who may tell what became of money."""

from functools import partial
from typing import NamedTuple

from fairhold.domain.instants import days
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.payment_settings import PaymentSettings
from fairhold.engine.installation.settings import Settings
from fairhold.engine.kernel.core import Engine
from fairhold.engine.outside.payments import Provider
from fairhold.engine.payments.bank_transfers import BankPages, BankTransfers
from fairhold.engine.payments.contests import Contests
from fairhold.engine.payments.news import PaymentNews
from fairhold.engine.payments.sandbox_news import SandboxNews
from fairhold.engine.payouts.office import PayoutOffice
from fairhold.engine.ports.store import Store
from fairhold.engine.reading.orders import Queries
from fairhold.gateways.payments.bank.provider import Bank
from fairhold.gateways.payments.sandbox.provider import Sandbox
from fairhold.gateways.payments.stripe.client import URL as STRIPE_URL
from fairhold.gateways.payments.stripe.provider import Stripe
from fairhold.gateways.payments.yookassa.calling import URL as YOOKASSA_URL
from fairhold.gateways.payments.yookassa.notifications import NETWORKS
from fairhold.gateways.payments.yookassa.provider import YooKassa
from fairhold.store.bank import BankTables
from fairhold.store.contests import ContestTables
from fairhold.store.sandbox import SandboxTables
from fairhold.words.bank_story import story_for_bank


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


class Money(NamedTuple):
    """What providers tell, and what people say in the place of one."""

    news: PaymentNews
    bank: BankTransfers
    sandbox: SandboxNews | None
    contests: Contests


class MoneyParts:
    """Whoever takes money for us, by name. Bank transfers are finished even where nobody can pay by one any more."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, secret: str, *, sandbox: bool) -> None:
        told = settings.payments
        self._clock = clock
        self._store = store
        self._rows = BankTables(store.tables())
        self._two_from = told.bank_two_from
        self._pages = BankPages(secret, settings.url)
        self._bank = Bank(self._rows, self._pages, clock)
        self.providers = providers_of(told) | ({self._bank.name: self._bank} if told.bank_details else {})
        self._entries = SandboxTables(store.tables())
        self.sandbox = Sandbox(self._entries, clock, settings.url) if sandbox else None

    @property
    def payers(self) -> dict[str, Provider]:
        """By name, whoever pays sellers: the sandbox, too, where there is one."""
        return self.providers if self.sandbox is None else {**self.providers, self.sandbox.name: self.sandbox}

    def at_work(self, engine: Engine, queries: Queries, payouts: PayoutOffice) -> Money:
        """Where the news of providers go, and the words of people; evidence is handed in beside payouts."""
        news = PaymentNews(self.providers, engine, queries.order, self._clock, payouts.progress)
        tell = partial(news.tell, self._bank)
        bank = BankTransfers(self._rows, self._pages, self._clock, queries.order, self._two_from, tell)
        rows = ContestTables(self._store.tables())
        contests = Contests(rows, self.providers, queries, self._clock, story_for_bank)
        payouts.paymaster.beside, contests.woken = (contests,), payouts.paymaster.wake
        return Money(news, bank, self._sandbox_news(news), contests)

    def _sandbox_news(self, news: PaymentNews) -> SandboxNews | None:
        if self.sandbox is None:
            return None
        return SandboxNews(self._entries, self.sandbox.seen, partial(news.tell_all, self.sandbox), self._store)
