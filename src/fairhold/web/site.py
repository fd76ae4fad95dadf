"""What the pages are given by whoever puts Fairhold together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from fairhold.domain.actors import Actor
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.policy import Policy
from fairhold.engine.accounts.membership import Membership
from fairhold.engine.books.export import Exporter
from fairhold.engine.books.reconciliation import Reconciler
from fairhold.engine.intake.photos import Photos
from fairhold.engine.intake.review_reports import ReviewReports
from fairhold.engine.kernel.envelope import Envelope, Outcome
from fairhold.engine.notices.correspondence import Correspondence
from fairhold.engine.notices.order_links import OrderLinks
from fairhold.engine.outside.payments import Terms
from fairhold.engine.parcels.watch import ParcelWatch
from fairhold.engine.payments.bank_transfers import BankTransfers
from fairhold.engine.payments.contests import Contests
from fairhold.engine.payouts.office import PayoutOffice
from fairhold.engine.ports.admission import Access
from fairhold.engine.ports.bank import BANK
from fairhold.engine.ports.mail import SentLetters
from fairhold.engine.reading.orders import Queries
from fairhold.engine.support.desk import SupportDesk
from fairhold.engine.support.watch import ChatWatch
from fairhold.engine.webhooks.endpoints import Webhooks
from fairhold.web.people import Directory
from fairhold.web.shelves import Shelf
from fairhold.words.reader import Reader


class Commands(Protocol):
    """The engine, as pages use it: one command at a time, from a thread of their own."""

    def submit_waiting(self, envelope: Envelope) -> Outcome:
        """Answer one command. Raises Overloaded, Unavailable or Faulty."""
        ...


Bundle = Callable[[Order, Actor, Instant, Reader], tuple[bytes, str]]
"""Packs the evidence bundle of an order for somebody who sees it: the file, and its name. Raises StoreUnavailable."""


class TestClock(Protocol):
    """The sandbox's clock."""

    def advance(self, to: Instant) -> Instant:
        """Go on to `to`, and come back once everything due by then has happened; the moment it then is."""
        ...


@dataclass(frozen=True)
class Site:
    """One installation's pages, which people reach at `url`.

    `providers` are those on whose pages buyers pay, and what each can; `bank_details` tell them where to send money. `clock`
    is there in the sandbox alone, and so are the controls that need it. `shop` is what can be bought there;
    `tracking_numbers` are examples that the sandbox's carrier knows, `sent` the letters that it put into a folder.
    """

    engine: Commands
    queries: Queries
    access: Access
    photos: Photos
    reports: ReviewReports
    webhooks: Webhooks
    bank: BankTransfers
    links: OrderLinks
    parcels: ParcelWatch
    support: SupportDesk
    chats: ChatWatch
    directory: Directory
    members: Membership
    policy: Policy
    messages: Correspondence
    reconciler: Reconciler
    exporter: Exporter
    payouts: PayoutOffice
    contests: Contests
    clock: TestClock | None = None
    zone: str = "Europe/Moscow"
    marketplace: str = "Fairhold"
    url: str = "http://localhost:8000"
    shop: tuple[Shelf, ...] = ()
    bundle: Bundle | None = None
    tracking_numbers: tuple[str, ...] = ()
    providers: Mapping[str, Terms] = field(default_factory=dict)
    bank_details: str = ""
    sent: SentLetters | None = None

    @property
    def sandbox(self) -> bool:
        """Whether money, people and time are for trying out."""
        return self.clock is not None

    @property
    def has_bank(self) -> bool:
        """Whether buyers may pay by a transfer that people see to."""
        return BANK in self.providers

    @property
    def without(self) -> frozenset[str]:
        """Sections that nobody is shown, because there is nothing in them."""
        there = {"/shop": self.has_shop, "/operator/bank": self.has_bank}
        return frozenset(url for url, has in there.items() if not has)

    @property
    def has_shop(self) -> bool:
        """Whether goods can be bought on the pages."""
        return self.sandbox and bool(self.shop)
