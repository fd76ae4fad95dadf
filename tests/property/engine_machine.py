"""The machine that throws commands at a working engine on a real database, and compares it with the pure core.

What the core says about an order as it is stored must be what the engine answers, alone or in a batch; what is stored must
be what the auditor of `tests/property` takes for right, order by order; and the database's own audit must be clean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from fairhold.domain.actors import Actor
from fairhold.domain.commands import Command, Pay, PlaceOrder
from fairhold.domain.decide import decide
from fairhold.domain.events import Event
from fairhold.domain.evolve import evolve, fold
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order
from fairhold.domain.policy import ReviewTerms
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review_events import ReviewWritten
from fairhold.engine.kernel.codec import decode_event
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.engine.kernel.rows import stored_form
from tests.builders import ACTORS, BUYER, SELLER
from tests.engine.market import Market
from tests.property import bodies
from tests.property.auditor import Auditor
from tests.property.offers import fresh_for
from tests.property.places import Place

TODAY = ReviewTerms()
"""The rules of reviews that orders are loaded under: those that the engine's policy of this name has today."""
PLACINGS = bodies.placings(st.just({}))
"""Under the same ones: an order keeps its policy's name, and no policy of the engine's changes meanwhile."""
USUAL = st.sampled_from(["pay", "ship", "confirm_receipt", "record_checkpoint", "review"])


class Driven(RuleBasedStateMachine):
    """A few orders on one database."""

    place: ClassVar[Place]

    def __init__(self) -> None:
        super().__init__()
        self.market = Market(self.place.emptied())
        self.engine = self.market.app.engine
        self.auditors: dict[OrderId, Auditor] = {}
        self.given: list[tuple[Envelope, Order]] = []
        self.keys = 0

    @initialize(command=PLACINGS)
    def begin(self, command: PlaceOrder) -> None:
        self.place_an_order(command)

    @precondition(lambda self: len(self.auditors) < 4)
    @rule(command=PLACINGS)
    def place_an_order(self, command: PlaceOrder) -> None:
        envelope = self.envelope(None, command, BUYER)
        outcome = self.engine.submit_waiting(envelope)
        assert isinstance(outcome, Answer), outcome
        self.auditors[outcome.order.id] = Auditor(TODAY)
        self.given.append((envelope, outcome.order))
        self.look_at(outcome.order.id)

    @rule(data=st.data(), name=USUAL)
    def the_usual_thing(self, data: st.DataObject, name: str) -> None:
        """A body that makes sense where its action is on offer."""
        order = self.an_order(data)
        command = data.draw(st.sampled_from(bodies.SENSIBLE[name](self.now_of(order), self.market.clock.now())))
        self.give([(order, command, SELLER if name == "ship" else ACTORS["system"] if "record" in name else BUYER)])

    @rule(data=st.data())
    def anybody_asks_anything(self, data: st.DataObject) -> None:
        self.give([self.a_command(data)])

    @rule(data=st.data(), count=st.integers(2, 6))
    def many_ask_at_once(self, data: st.DataObject, count: int) -> None:
        """They are decided in one batch, those on one order in the order in which they were given."""
        self.give([self.a_command(data) for _ in range(count)])

    @precondition(lambda self: self.given)
    @rule(data=st.data())
    def somebody_asks_again(self, data: st.DataObject) -> None:
        """Under the same key: the first answer comes back, whatever has happened since."""
        envelope, first = data.draw(st.sampled_from(self.given))
        again = self.engine.submit_waiting(envelope)
        assert isinstance(again, Answer)
        assert again.repeated
        assert stored_form(again.order) == stored_form(first)

    @rule(step=st.sampled_from((*bodies.STEPS, 20 * DAY)))
    def time_passes_unnoticed(self, step: int) -> None:
        self.market.clock.move_to(Instant(self.market.clock.now() + step))

    @rule(step=st.sampled_from((*bodies.STEPS, 20 * DAY)))
    def time_passes(self, step: int) -> None:
        """With everything due on the way; afterwards nothing is due and nothing waits to be told."""
        self.market.advance(step)
        assert self.market.app.queries.overdue().orders == 0
        assert not self.market.app.queries.outbox("waiting", "parked")
        self.look_at_all()

    @rule()
    def the_sweeper_and_the_courier_come_by(self) -> None:
        self.market.app.background.tick()
        self.look_at_all()

    # how it is done and checked

    def an_order(self, data: st.DataObject) -> OrderId:
        return data.draw(st.sampled_from(sorted(self.auditors)))

    def a_command(self, data: st.DataObject) -> tuple[OrderId, Command, Actor]:
        order = self.an_order(data)
        command = data.draw(bodies.anything(self.now_of(order), self.market.clock.now()))
        return order, command, ACTORS[data.draw(st.sampled_from(("buyer", "seller", "system", *sorted(ACTORS))))]

    def envelope(self, order: OrderId | None, command: Command, actor: Actor) -> Envelope:
        self.keys += 1
        return Envelope(order, command, actor, f"key {self.keys}", str(self.keys).encode())

    def now_of(self, order: OrderId) -> Order:
        found = self.market.app.queries.order(order)
        assert found is not None
        return found

    def stored(self, order: OrderId) -> Order:
        written = fold([decode_event(row.data) for row in self.market.app.store.reader().events(order)])
        return self.market.app.policies.today(written)

    def give(self, commands: list[tuple[OrderId, Command, Actor]]) -> None:
        now = self.market.clock.now()
        models = {order: self.stored(order) for order, _, _ in commands}
        envelopes = [self.envelope(order, command, actor) for order, command, actor in commands]
        outcomes = self.engine.submit_many_waiting(envelopes)
        for (order, command, actor), envelope, outcome in zip(commands, envelopes, outcomes, strict=True):
            fresh = fresh_for(models[order])
            expected = decide(models[order], command, actor, now, fresh)
            note(f"{actor} asks {command} of {order} at {now}: {outcome}")
            if isinstance(outcome, Refusal):
                if isinstance(expected, Refusal):
                    assert outcome == expected
                else:
                    # What the core cannot know: whether the provider takes the payment.
                    assert isinstance(command, Pay)
                    assert outcome.reason in (Reason.PAYMENT_DECLINED, Reason.UNKNOWN_PAYMENT_METHOD)
                    assert command.method != "sandbox:ok"
                continue
            assert isinstance(outcome, Answer), outcome
            assert _named(outcome.events, fresh) == expected
            for event in outcome.events:
                models[order] = evolve(models[order], event)
            assert outcome.order == models[order]
            self.given.append((envelope, outcome.order))
        for order, model in models.items():
            assert self.stored(order) == model
            self.look_at(order)

    def look_at(self, order: OrderId) -> None:
        """Show the order's auditor what is new."""
        auditor = self.auditors[order]
        events = [decode_event(row.data) for row in self.market.app.store.reader().events(order)]
        for event in events[auditor.seen :]:
            auditor.see(event)
        auditor.check(self.market.app.policies.today(fold(events)))

    def look_at_all(self) -> None:
        for order in self.auditors:
            self.look_at(order)

    def teardown(self) -> None:
        try:
            self.look_at_all()
            listed = [row.id for row in self.market.app.store.reader().scan_orders(None, 100)]
            assert listed == sorted(self.auditors), "a repeated key placed an order twice"
            self.market.assert_clean()
        finally:
            self.market.app.close()


def _named(events: Sequence[Event], name: str) -> tuple[Event, ...]:
    """The events with the one review that they bring under another name: the engine chooses names by chance."""
    return tuple(
        msgspec.structs.replace(event, review=name) if isinstance(event, ReviewWritten) else event for event in events
    )
