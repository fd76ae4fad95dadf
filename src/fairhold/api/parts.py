"""What the API asks of the application that carries it, and what a call brings along."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from fairhold.access import may_see_order
from fairhold.api.auth import Caller
from fairhold.api.cursors import Cursors
from fairhold.domain.actors import Actor
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.accounts.membership import Membership
from fairhold.engine.audit.evidence import EvidenceRoom
from fairhold.engine.books.export import Exporter
from fairhold.engine.books.reconciliation import Reconciler
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.metrics import Metrics
from fairhold.engine.installation.policies import PolicyBook
from fairhold.engine.installation.settings import Settings
from fairhold.engine.intake.photos import Photos
from fairhold.engine.intake.review_reports import ReviewReports
from fairhold.engine.kernel.core import Engine
from fairhold.engine.notices.correspondence import Correspondence
from fairhold.engine.outside.tracking import Inbound
from fairhold.engine.parcels.by_number import Parcels
from fairhold.engine.payments.bank_transfers import BankTransfers
from fairhold.engine.payments.contests import Contests
from fairhold.engine.payments.news import PaymentNews
from fairhold.engine.payouts.office import PayoutOffice
from fairhold.engine.ports.admission import Access
from fairhold.engine.ports.store import Store
from fairhold.engine.reading.orders import Queries
from fairhold.engine.support.desk import SupportDesk
from fairhold.engine.webhooks.endpoints import Webhooks
from fairhold.words.reader import Reader


class Tracking(Protocol):
    """What tracks parcels."""

    @property
    def parcels(self) -> Parcels:
        """Tells orders what is told of their parcels."""
        ...

    @property
    def inbound(self) -> Mapping[str, Inbound]:
        """Who may call, by name."""
        ...


class Application(Protocol):
    """A whole Fairhold, as `wiring` puts it together."""

    @property
    def settings(self) -> Settings:
        """What this installation was told."""
        ...

    @property
    def secret(self) -> str:
        """What cursors are signed with."""
        ...

    @property
    def access(self) -> Access:
        """Where keys are kept."""
        ...

    @property
    def store(self) -> Store:
        """Where the sandbox keeps what was done to its clock."""
        ...

    @property
    def reports(self) -> ReviewReports:
        """Where reports about reviews go."""
        ...

    @property
    def support(self) -> SupportDesk:
        """Where people write to support."""
        ...

    @property
    def clock(self) -> Clock:
        """What tells the time."""
        ...

    @property
    def policies(self) -> PolicyBook:
        """Policies by name."""
        ...

    @property
    def engine(self) -> Engine:
        """What answers commands."""
        ...

    @property
    def queries(self) -> Queries:
        """What answers questions."""
        ...

    @property
    def photos(self) -> Photos:
        """What people sent pictures of."""
        ...

    @property
    def evidence(self) -> EvidenceRoom:
        """Daily heads and bundles."""
        ...

    @property
    def webhooks(self) -> Webhooks:
        """Where the marketplace is told what happens."""
        ...

    @property
    def tracking(self) -> Tracking:
        """Parcels, and who sends news of them."""
        ...

    @property
    def payments(self) -> PaymentNews:
        """Payment providers, and what they tell."""
        ...

    @property
    def payouts(self) -> PayoutOffice:
        """What is due to sellers, and how it leaves."""
        ...

    @property
    def contests(self) -> Contests:
        """Where evidence against chargebacks is handed in."""
        ...

    @property
    def reconciler(self) -> Reconciler:
        """Who compares the books with providers' statements."""
        ...

    @property
    def exporter(self) -> Exporter:
        """Who writes the books for other programs."""
        ...

    @property
    def bank(self) -> BankTransfers:
        """Where people say which bank transfers came and went."""
        ...

    @property
    def messages(self) -> Correspondence:
        """What people are told."""
        ...

    @property
    def members(self) -> Membership:
        """Who signs in, and the API's keys."""
        ...

    @property
    def metrics(self) -> Metrics:
        """The figures of `/metrics`."""
        ...

    def advance(self, to: Instant) -> Instant:
        """Sandbox only: make it `to`, with everything due on the way; blocks until the outbox is empty."""
        ...


class Parts(NamedTuple):
    """The application's parts that answer calls."""

    engine: Engine
    queries: Queries
    photos: Photos
    policies: PolicyBook
    cursors: Cursors
    sandbox: bool
    evidence: EvidenceRoom
    reports: ReviewReports
    webhooks: Webhooks
    parcels: Parcels
    inbound: Mapping[str, Inbound]
    payments: PaymentNews
    payouts: PayoutOffice
    bank: BankTransfers
    messages: Correspondence
    members: Membership
    url: str
    support: SupportDesk
    reconciler: Reconciler
    exporter: Exporter
    contests: Contests

    def order(self, actor: Actor, order: str) -> Order | Refusal:
        """The order as it now is, if this person may see it; one refusal for what is not there and for what is not theirs."""
        found = self.queries.order(OrderId(order))
        return found if found is not None and may_see_order(actor, found) else Refusal(Reason.NOT_FOUND)


class Streamed(NamedTuple):
    """A file that is sent piece by piece, as it is made."""

    pieces: Iterator[bytes]
    media_type: str
    name: str


class Download(NamedTuple):
    """An answer that is a file: what it is, and the name under which it is kept."""

    body: bytes
    media_type: str
    name: str


class Call(NamedTuple):
    """One call: by whom, with which names in its path and which parameters, for which reader."""

    caller: Caller
    names: dict[str, str]
    query: dict[str, Any]
    reader: Reader

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.caller.actor
