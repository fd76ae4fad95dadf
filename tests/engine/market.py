"""A small marketplace on a real database and a clock that stands until it is moved."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from fairhold.domain.actors import Actor
from fairhold.domain.commands import Command, ConfirmReceipt, Pay, PlaceOrder, ShipParcel
from fairhold.domain.events import Event
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Duration, Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import Order
from fairhold.domain.policy import Policy
from fairhold.domain.reasons import Refusal
from fairhold.engine.audit.auditing import audit
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.installation.settings import Settings
from fairhold.engine.kernel.codec import decode_event
from fairhold.engine.kernel.envelope import Answer, Envelope, Outcome
from fairhold.engine.kernel.news import Listener
from fairhold.wiring import Application, build
from tests.builders import BUYER, POLICY, SELLER, T0, new_line
from tests.databases import up_to_date


class Market:
    """An application and short ways to talk to it; commands go by an idempotency key each."""

    def __init__(
        self,
        where: Path | str,
        *,
        background: bool = False,
        queue: int = 8192,
        batch: int = 256,
        secret: str | None = None,
        listeners: Sequence[Listener] = (),
        begins: Instant = T0,
    ) -> None:
        self.clock = VirtualClock(begins)
        self.path = Path(where)
        self.database = where if isinstance(where, str) else f"sqlite:///{up_to_date(where)}"
        settings = Settings(database=self.database, sandbox=True, queue=queue, batch=batch, secret=secret)
        self.app: Application = build(settings, clock=self.clock, listeners=listeners)
        self.app.start(background=background)
        self._keys = 0

    def envelope(self, order: OrderId | None, command: Command, actor: Actor, key: str | None = None) -> Envelope:
        """The command under `key`, or under a fresh one."""
        self._keys += 1
        body = hashlib.sha256(repr((order, command, actor)).encode()).digest()
        return Envelope(order, command, actor, key or f"key-{self._keys}", body)

    def ask(self, order: OrderId | None, command: Command, actor: Actor, key: str | None = None) -> Outcome:
        """What the engine says to the command."""
        return self.app.engine.submit_waiting(self.envelope(order, command, actor, key))

    def tell(self, order: OrderId | None, command: Command, actor: Actor, key: str | None = None) -> Order:
        """The order after a command that must succeed."""
        outcome = self.ask(order, command, actor, key)
        assert isinstance(outcome, Answer), outcome
        return outcome.order

    def refused(self, order: OrderId | None, command: Command, actor: Actor, key: str | None = None) -> Refusal:
        """The refusal of a command that must not succeed."""
        outcome = self.ask(order, command, actor, key)
        assert isinstance(outcome, Refusal), outcome
        return outcome

    def placed(self, *, buyer: Actor = BUYER, seller: Actor = SELLER, policy: Policy = POLICY) -> Order:
        """An order of two lines, three units and one, worth 2.500 together."""
        return self.tell(None, placing(buyer, seller, policy), buyer)

    def paid(self, *, method: str = "sandbox:ok", policy: Policy = POLICY) -> Order:
        """A paid order."""
        return self.tell(self.placed(policy=policy).id, Pay(method=method), BUYER)

    def shipped(self, tracking_number: str = "FH-DELIVERED-1", *, policy: Policy = POLICY) -> Order:
        """An order on its way."""
        parcel = ShipParcel(carrier="post", tracking_number=tracking_number)
        return self.tell(self.paid(policy=policy).id, parcel, SELLER)

    def confirmed(self, order: Order) -> Order:
        """The order with its first line confirmed."""
        return self.tell(order.id, ConfirmReceipt(lines=(order.lines[0].id,), acknowledged=True), BUYER)

    def advance(self, length: int) -> Instant:
        """Let that much time pass, with everything due on the way."""
        return self.app.advance(Instant(self.clock.now() + Duration(length)))

    def events(self, order: Order) -> list[Event]:
        """The order's history as it is written down: without what is only due."""
        return [decode_event(stored.data) for stored in self.app.store.reader().events(order.id)]

    def kinds(self, order: Order) -> list[str]:
        """The names of the order's events."""
        return [type(event).__name__ for event in self.events(order)]

    def now(self, order: Order) -> Order:
        """The order as it is now."""
        found = self.app.queries.order(order.id)
        assert found is not None
        return found

    def assert_clean(self) -> None:
        """Whatever the test did, the database fits together."""
        findings = audit(self.app.store)
        assert findings == [], findings


def placing(buyer: Actor = BUYER, seller: Actor = SELLER, policy: Policy = POLICY) -> PlaceOrder:
    """Two kinds of goods, worth 2.500 together."""
    return PlaceOrder(
        buyer=buyer.id,
        seller=seller.id,
        currency=Currency("RUB"),
        lines=(new_line(1000), new_line(500, 3, sku="second")),
        policy=policy,
    )
