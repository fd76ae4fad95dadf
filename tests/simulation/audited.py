"""A small marketplace under the auditor's eyes: people who ask for anything at random, and a provider with a statement."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec

from fairhold.domain.actors import Actor
from fairhold.domain.commands import (
    Command,
    NewLine,
    PlaceOrder,
    RecordChargeback,
    RecordChargebackOutcome,
    RecordCheckpoint,
    RecordOutage,
)
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import Order
from fairhold.domain.policy import Policy
from fairhold.domain.reasons import Reason
from fairhold.engine.kernel.envelope import Answer, Envelope, Outcome
from fairhold.engine.kernel.messages import RefundDue
from fairhold.engine.outside.destinations import message_key
from fairhold.engine.ports.store import OutboxMessage
from fairhold.gateways.sandbox_payments import SandboxPayments
from fairhold.simulation.auditor import Auditor, Operation, Rows
from tests.builders import BUYER, OPERATOR, SELLER, policy
from tests.engine.market import Market
from tests.search import bodies, review_bodies

KINDS = frozenset((*bodies.OF_ORDER, *bodies.OF_DISPUTE, *review_bodies.OF_REVIEW))
STEPS = (1, SECOND, MINUTE, HOUR, 12 * HOUR, DAY, DAY, 3 * DAY, 5 * DAY, 7 * DAY, 14 * DAY, 30 * DAY)


class Provider(SandboxPayments):
    """The sandbox's provider; `lines` is its statement. A key that it knows is answered as before and does nothing more."""

    def __init__(self) -> None:
        self.lines: list[Operation] = []
        self._done: set[str] = set()

    def judge(self, method: str, amount: int, currency: str) -> Reason | None:
        declined = super().judge(method, amount, currency)
        if declined is None:
            self.lines.append(Operation("accepted", method, amount, currency))
        return declined

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        commands = super().deliver(message)
        due = msgspec.json.decode(message.payload, type=RefundDue)
        key = self.key_of(message)
        if key not in self._done:
            self._done.add(key)
            self.lines.append(Operation("refund", key, due.amount, due.currency, message.order_id))
        return commands

    def key_of(self, message: OutboxMessage) -> str:
        return message_key(message)


class Audited:
    """A market of its own in `folder`; `seed` decides everything that happens in it."""

    def __init__(self, folder: Path, seed: int, *, places: int = 3) -> None:
        self.random = random.Random(seed)
        self.market = Market(folder / f"audited-{seed}.db")
        self.provider = Provider()
        outside = self.market.app.engine._outside
        outside.payments[self.provider.name] = self.provider
        outside._destinations[self.provider.name] = self.provider
        self.rows = Rows(self.market.app.store.tables().rows)
        self.auditor = Auditor(self.rows, rules_today={"aliexpress": {}})
        self.orders: list[OrderId] = []
        self.given: list[Envelope] = []
        self.steps = self.stated = 0
        self._places = places

    def run(self, steps: int) -> None:
        """Let so many things happen, and look after each. Raises Violated."""
        for _ in range(steps):
            self.something_happens()
            self.look()
        self.market.app.advance(Instant(self.market.clock.now() + 400 * DAY))
        self.look()
        self.auditor.settled(self.steps, self.market.clock.now())
        self.auditor.finish(self.steps, self.market.clock.now())

    def look(self) -> None:
        """Show the auditor what there is."""
        self.steps += 1
        for line in self.provider.lines[self.stated :]:
            self.auditor.stated(line)
        self.stated = len(self.provider.lines)
        self.auditor.look(self.steps, self.market.clock.now(), self.rows.orders())

    def something_happens(self) -> None:
        if len(self.orders) < self._places and (not self.orders or self.random.random() < 0.1):
            self.ask(None, a_deal(self.random), BUYER)
            return
        match self.random.randrange(20):
            case 0:
                self.market.advance(self.random.choice(STEPS))
                self.look()
                self.auditor.settled(self.steps, self.market.clock.now())
            case 1:
                self.market.clock.move_to(Instant(self.market.clock.now() + self.random.choice(STEPS[:7])))
            case 2:
                self.market.app.background.tick()
            case 3 if self.given:
                envelope = self.random.choice(self.given)
                self.note(envelope, self.market.app.engine.submit_waiting(envelope))
            case 4:
                now = self.market.clock.now()
                start = Instant(now - self.random.choice(STEPS[2:9]))
                self.ask(self.random.choice(self.orders), RecordOutage(start=start, end=now), OPERATOR)
            case _:
                self.somebody_asks()

    def somebody_asks(self) -> None:
        """Mostly something that can be asked just now; now and then what cannot, or by whom it cannot be."""
        order = self.market.app.queries.order(self.random.choice(self.orders))
        assert order is not None
        asks = list(bodies.odd(order) if self.random.random() < 0.1 else self.usual(order))
        if asks:
            ask = self.random.choice(asks)
            self.ask(order.id, ask.command, ask.actor)

    def usual(self, order: Order) -> Iterator[bodies.Ask]:
        """As many kinds of things as there are, each as likely as any other; scans are of just now."""
        by_kind: dict[type[Command], list[bodies.Ask]] = {}
        for ask in bodies.usual(order, KINDS):
            if isinstance(ask.command, RecordCheckpoint):
                now = Instant(self.market.clock.now() - self.random.choice((0, 0, HOUR, 2 * DAY)))
                ask = ask._replace(command=msgspec.structs.replace(ask.command, at=now))  # noqa: PLW2901
            by_kind.setdefault(type(ask.command), []).append(ask)
        for asks in by_kind.values():
            yield self.random.choice(asks)

    def ask(self, order: OrderId | None, command: Command, actor: Actor) -> Outcome:
        """Ask, and tell the auditor what was answered, and what the bank did before anybody told us."""
        if order is not None and isinstance(command, RecordChargeback):
            self.auditor.stated(Operation("chargeback", "", command.amount, self.currency(order), order))
        if order is not None and isinstance(command, RecordChargebackOutcome) and command.won:
            for one in self.now(order).chargebacks:
                if one.id == command.chargeback:
                    self.auditor.stated(Operation("given_back", "", one.amount, self.currency(order), order))
        envelope = self.market.envelope(order, command, actor)
        outcome = self.market.app.engine.submit_waiting(envelope)
        self.note(envelope, outcome)
        return outcome

    def note(self, envelope: Envelope, outcome: Outcome) -> None:
        if isinstance(outcome, Answer):
            self.given.append(envelope)
            if envelope.order is None and not outcome.repeated:
                self.orders.append(outcome.order.id)
            self.auditor.acknowledged(envelope, outcome, self.market.clock.now())

    def now(self, order: OrderId) -> Order:
        found = self.market.app.queries.order(order)
        assert found is not None
        return found

    def currency(self, order: OrderId) -> str:
        return self.now(order).currency


def a_deal(chance: random.Random) -> PlaceOrder:
    """A few goods under a policy with some options changed."""
    lines = tuple(
        NewLine(
            sku=f"sku-{n}",
            title="goods",
            quantity=chance.randint(1, 4),
            unit_price=chance.choice((0, 1, 9, 333, 1000, 99_999)) or n,
            category=chance.choice((None, "books", "electronics")),
        )
        for n in range(1, chance.randint(1, 3) + 1)
    )
    return PlaceOrder(
        buyer=BUYER.id,
        seller=SELLER.id,
        currency=Currency(chance.choice(("RUB", "JPY"))),
        lines=lines,
        policy=a_policy(chance),
        shipping=chance.choice((0, 1, 499)),
        tax=chance.choice((0, 19)),
        discount=chance.choice((0, 1)),
        shipping_days=chance.choice((None, 1, 30)),
        protection_days=chance.choice((None, 15, 90)),
    )


def a_policy(chance: random.Random) -> Policy:
    """The default with options changed at random."""
    delay = chance.choice((24, 24, 0, 72))
    return policy(
        receipt={
            "settlement_delay_hours": delay,
            "buyer_undo_minutes": chance.choice((0, 30)) if delay else 0,
            "category_window_days": {"electronics": 14},
            "seller_marks_delivered": chance.random() < 0.3,
            "delivery_evidence": chance.random() < 0.5,
            "accident_freeze_hours": chance.choice((0, 0, 12, 72)),
        },
        protection={"on_lapse": chance.choice(("pay", "extend_once", "dispute")), "extensions": chance.choice((2, 0))},
        commission={"basis_points": chance.choice((500, 0, 333, 10_000)), "categories": {"books": 1250}},
        disputes={"refund_undecided_after_days": chance.choice((0, 0, 7, 30))},
        providers=[{"name": "sandbox", "ceiling_days": chance.choice((0, 0, 30, 70))}],  # type: ignore[arg-type]
    )
