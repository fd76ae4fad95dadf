"""A whole Fairhold: its parts, and how it is run."""

import gc
from dataclasses import dataclass

from fairhold.domain.instants import Instant
from fairhold.engine.accounts.membership import Membership
from fairhold.engine.audit.evidence import EvidenceRoom
from fairhold.engine.audit.sealer import Sealer
from fairhold.engine.background import Background, Workers
from fairhold.engine.books.export import Exporter
from fairhold.engine.books.reconciliation import Reconciler
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.installation.policies import PolicyBook
from fairhold.engine.installation.settings import Settings
from fairhold.engine.intake.photos import Photos
from fairhold.engine.intake.review_reports import ReviewReports
from fairhold.engine.kernel.core import Engine
from fairhold.engine.kernel.outbox import Courier
from fairhold.engine.kernel.sweeper import Sweeper
from fairhold.engine.notices.correspondence import AddressBook, Correspondence
from fairhold.engine.notices.order_links import OrderLinks
from fairhold.engine.notices.post_office import PostOffice
from fairhold.engine.payments.bank_transfers import BankTransfers
from fairhold.engine.payments.contests import Contests
from fairhold.engine.payments.news import PaymentNews
from fairhold.engine.payouts.office import PayoutOffice
from fairhold.engine.ports.admission import Access
from fairhold.engine.ports.store import Store
from fairhold.engine.reading.orders import Queries
from fairhold.engine.support.desk import SupportDesk
from fairhold.engine.support.watch import ChatWatch
from fairhold.engine.webhooks.endpoints import Webhooks
from fairhold.engine.webhooks.worker import WebhookWorker
from fairhold.wiring.helping import Helping
from fairhold.wiring.payments import Money
from fairhold.wiring.reconciling import Reconciling
from fairhold.wiring.tracking import Tracking


@dataclass(frozen=True)
class Application:
    """A whole Fairhold in one process. `start` and `stop` run it; `close` gives the database back."""

    settings: Settings
    secret: str
    store: Store
    access: Access
    clock: Clock
    policies: PolicyBook
    engine: Engine
    queries: Queries
    photos: Photos
    reports: ReviewReports
    links: OrderLinks
    workers: Workers
    background: Background
    webhooks: Webhooks
    webhook_worker: WebhookWorker
    metrics: Metrics
    evidence: EvidenceRoom
    messages: Correspondence
    helping: Helping
    members: Membership
    tracking: Tracking
    money: Money
    payouts: PayoutOffice
    reconciling: Reconciling

    @property
    def reconciler(self) -> Reconciler:
        """Who compares the books with providers' statements."""
        return self.reconciling.reconciler

    @property
    def exporter(self) -> Exporter:
        """Who writes the books for other programs."""
        return self.reconciling.exporter

    @property
    def sweeper(self) -> Sweeper:
        """Who applies deadlines."""
        return self.workers.sweeper

    @property
    def courier(self) -> Courier:
        """Who delivers the outbox."""
        return self.workers.courier

    @property
    def sealer(self) -> Sealer:
        """Who makes daily heads."""
        return self.workers.sealer

    @property
    def payments(self) -> PaymentNews:
        """Payment providers, and what they tell."""
        return self.money.news

    @property
    def bank(self) -> BankTransfers:
        """Where people say which bank transfers came and went."""
        return self.money.bank

    @property
    def contests(self) -> Contests:
        """Where evidence against chargebacks is handed in."""
        return self.money.contests

    @property
    def contacts(self) -> AddressBook:
        """Who can be written to."""
        return self.messages.contacts

    @property
    def mail(self) -> PostOffice:
        """The queue of letters, and who sends them."""
        return self.messages.mail

    @property
    def support(self) -> SupportDesk:
        """Where people write to support."""
        return self.helping.desk

    @property
    def chats(self) -> ChatWatch:
        """Who follows conversations with support just now."""
        return self.helping.chats

    def start(self, *, background: bool = True) -> None:
        """Take commands; with `background`, also sweep deadlines and deliver the outbox as time passes."""
        _spare_the_collector()
        self.engine.start()
        if background:
            self.start_background()

    def start_background(self) -> None:
        """Sweep, deliver, send letters and webhooks, ask about parcels and read statements from now on."""
        self.background.start()
        self.mail.start()
        self.webhook_worker.start()
        self.tracking.rounds.start()
        self.payouts.paymaster.start()
        self.reconciling.worker.start()

    async def stop(self) -> None:
        """Finish what was accepted, then stop."""
        self.background.stop()
        self.mail.stop()
        self.webhook_worker.stop()
        self.tracking.rounds.stop()
        self.payouts.paymaster.stop()
        self.reconciling.worker.stop()
        await self.engine.stop()

    def advance(self, to: Instant) -> Instant:
        """Sandbox only: make it `to`, with everything on the way happening at its own time; answers the new moment. Blocks."""
        return self.background.advance(to)

    def close(self) -> None:
        """Stop if that has not been done, and close the database."""
        self.background.stop()
        self.mail.stop()
        self.webhook_worker.stop()
        self.tracking.rounds.stop()
        self.payouts.paymaster.stop()
        self.reconciling.worker.stop()
        self.engine.stop_waiting()
        self.payments.hang_up()
        self.store.close()


def _spare_the_collector() -> None:
    """What was loaded so far is never garbage, and an order is a tree without cycles: so look for cycles rarely.

    With Python's own thresholds the collector takes a third of a busy server's time to find nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
