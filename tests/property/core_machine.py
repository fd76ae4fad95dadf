"""The machine that throws commands and clock jumps at the core, and checks after each step what must always hold."""

from __future__ import annotations

import msgspec
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fairhold.domain import decide, guards
from fairhold.domain.actors import SYSTEM, Actor
from fairhold.domain.coming import Kind
from fairhold.domain.commands import ApplyDeadlines, Command, ConfirmReceipt, Pay, PlaceOrder, RecordOutage, ShipParcel
from fairhold.domain.consequence import Consequence, of_confirming
from fairhold.domain.deadlines import deadlines, next_deadline
from fairhold.domain.events import Event, ReceiptConfirmed
from fairhold.domain.evolve import evolve, fold
from fairhold.domain.instants import HOUR, Instant
from fairhold.domain.order import OPEN_STATES, Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.reputation import NOTHING, Figure, Tally, changed_figures, plus
from fairhold.domain.reviewing import is_reviewable
from fairhold.domain.status import headline, line_status, portion_counts, tabs
from fairhold.ledger import balances, posting
from tests.builders import (
    ACTORS,
    BUYER,
    ID,
    LINE_1,
    OPERATOR,
    OTHER_MEDIATOR,
    SELLER,
    SUPPORT,
    T0,
    name_of,
    open_dispute,
    scan,
)
from tests.property import bodies
from tests.property.auditor import Auditor
from tests.property.offers import check_actions, fresh_for

EVENT: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
ORDER = msgspec.json.Decoder(Order)
HEAD_STARTS = st.sampled_from([0, 1, 2, 2, 3, 4])
STAFF_TOO = {**ACTORS, "other_mediator": OTHER_MEDIATOR}


class Life:
    """One order's life, in one of two ways: nobody sweeps (deadlines wait for commands), or somebody always does."""

    def __init__(self, made: tuple[Event, ...]) -> None:
        self.events: list[Event] = []
        self.order: Order | None = None
        self.balances: dict[str, int] = {}
        self.figures: dict[Figure, Tally] = {}
        self.auditor = Auditor()
        self.take(made)

    def take(self, made: tuple[Event, ...]) -> None:
        """These events happen: to the order, to its books, to the auditor."""
        for event in made:
            before = self.order
            self.auditor.see(event)
            self.order = evolve(before, event)
            for account, change in balances.changes(posting.post(before, event, self.order)).items():
                self.balances[account] = self.balances.get(account, 0) + change
            for figure, added in changed_figures(before, self.order).items():
                self.figures[figure] = plus(self.figures.get(figure, NOTHING), added)
            assert EVENT.decode(msgspec.json.encode(event)) == event
            self.events.append(event)
            self.auditor.check(self.order)
            self._check_books()
            self._check_figures()

    def _check_books(self) -> None:
        order = self.order
        assert order is not None
        money, currency = order.money, order.currency
        unpaid = sum(refund.amount for refund in order.refunds if refund.paid_at is None)
        lost = sum(one.beyond for one in order.chargebacks if one.state != "won")
        expected = {
            f"provider:sandbox:{currency}": -(money.paid - money.charged_back - lost - money.refunded + unpaid),
            f"losses:{currency}": -lost,
            f"held:{currency}": money.held,
            f"settling:{currency}": money.settling,
            f"seller:{order.seller}:{currency}": money.released,
            f"fees:{currency}": money.fee,
            f"refunds:{currency}": unpaid,
        }
        assert {account: balance for account, balance in self.balances.items() if balance} == {
            account: balance for account, balance in expected.items() if balance
        }
        assert sum(self.balances.values()) == 0
        assert not balances.overdrawn(self.balances)
        assert not balances.unbalanced(self.balances)

    def _check_figures(self) -> None:
        """S34: the sum of all changes is what the auditor counts anew."""
        found = {
            figure: {name: count for name, count in tally._asdict().items() if count}
            for figure, tally in self.figures.items()
            if any(tally)
        }
        counted = self.auditor.reviews.figures()
        assert found == counted, f"reviews add up to {counted}, not to {found}"


class Core(RuleBasedStateMachine):
    """One order, thrown about."""

    @initialize(command=bodies.placings(), steps=HEAD_STARTS, whole=st.booleans())
    def place(self, command: PlaceOrder, steps: int, whole: bool) -> None:
        """A new order, and as many of its usual steps as `steps` says."""
        self.now = T0
        self.steps = 0
        made = decide.decide(None, command, BUYER, T0, ID)
        assert not isinstance(made, Refusal), made
        self.lazy, self.swept = Life(made), Life(made)
        usual: tuple[tuple[Command, Actor], ...] = (
            (Pay(method="sandbox:ok"), BUYER),
            (ShipParcel(carrier="post", tracking_number="RB1", lines=() if whole else (LINE_1,)), SELLER),
            (scan("delivered", Instant(self.now + 2 * HOUR)), SYSTEM),
            (open_dispute(LINE_1), BUYER),
        )
        for step, actor in usual[:steps]:
            self.now = Instant(self.now + HOUR)
            self.ask(step, actor)

    @precondition(lambda self: any(dispute.is_open for dispute in self.current().disputes))
    @rule(data=st.data())
    def they_settle_it_somehow(self, data: st.DataObject) -> None:
        """Something that somebody is offered in a dispute."""
        order = self.current()
        offered = [
            ask
            for dispute in order.disputes
            if dispute.is_open
            for ask in bodies.in_dispute(dispute)
            if guards.check(order, ask.command, ask.actor, self.now) is None
        ]
        if offered:
            ask = data.draw(st.sampled_from(offered))
            self.ask(ask.command, ask.actor)

    @precondition(lambda self: self.current().closed_at is not None)
    @rule(command=bodies.placings(), steps=HEAD_STARTS, whole=st.booleans())
    def place_another(self, command: PlaceOrder, steps: int, whole: bool) -> None:
        """This deal is over: on with the next one."""
        self.finish()
        self.place(command, steps, whole)

    @precondition(lambda self: is_reviewable(self.current()) or self.current().reviews)
    @rule(data=st.data())
    def they_review_it(self, data: st.DataObject) -> None:
        """Something that the two sides or a moderator can say of the deal, or to what was said of it."""
        order = self.current()
        asks = [(command, actor) for command in bodies.SENSIBLE["review"](order, self.now) for actor in (BUYER, SELLER)]
        asks += [(ask.command, ask.actor) for review in order.reviews for ask in bodies.of_review(review)]
        offered = [ask for ask in asks if guards.check(order, *ask, self.now) is None]
        if offered:
            self.ask(*data.draw(st.sampled_from(offered)))

    @precondition(lambda self: is_reviewable(self.current()) or self.current().reviews)
    @rule(data=st.data(), actor=st.sampled_from([BUYER, SELLER]))
    def one_side_says_anything(self, data: st.DataObject, actor: Actor) -> None:
        self.ask(data.draw(bodies.reviews(self.current())), actor)

    # what people, carriers and the provider do

    @rule(data=st.data())
    def the_usual_thing(self, data: st.DataObject) -> None:
        """One of the actions that somebody is offered."""
        order = self.current()
        offered = [
            (action.name, actor)
            for actor in (BUYER, SELLER, SUPPORT, OPERATOR)
            for action in guards.actions(order, actor, self.now)
            if action.available and action.name not in {"cancel", "record_checkpoint"}
        ]
        if offered:
            name, actor = data.draw(st.sampled_from(offered))
            self.ask(data.draw(st.sampled_from(bodies.SENSIBLE[name](order, self.now))), actor)

    @rule(data=st.data())
    def the_right_person_asks_anything(self, data: st.DataObject) -> None:
        command = data.draw(bodies.anything(self.current(), self.now))
        may = [actor for actor in STAFF_TOO.values() if not self.is_barred(command, actor)]
        # Nobody may revise what silence is taken for: somebody tries.
        self.ask(command, data.draw(st.sampled_from(may or list(STAFF_TOO.values()))))

    @rule(data=st.data(), actor=st.sampled_from(sorted(ACTORS)))
    def anybody_asks_anything(self, data: st.DataObject, actor: str) -> None:
        self.ask(data.draw(bodies.anything(self.current(), self.now)), ACTORS[actor])

    @precondition(lambda self: self.current().shipments)
    @rule(data=st.data())
    def a_carrier_reports(self, data: st.DataObject) -> None:
        self.ask(data.draw(bodies.scans(self.current(), self.now)), SYSTEM)

    @rule(data=st.data())
    def a_deadline_comes(self, data: st.DataObject) -> None:
        """To just before, exactly at or just after one that lies ahead."""
        coming = [deadline.at + off for deadline in deadlines(self.current()) for off in (-1, 0, 1)]
        near = [when for when in coming if when > self.now]
        if near:
            self.pass_time(Instant(data.draw(st.sampled_from(near))), data.draw(st.integers(1, 4)))

    @rule(step=st.sampled_from(bodies.STEPS), parts=st.integers(1, 4))
    def time_passes(self, step: int, parts: int) -> None:
        self.pass_time(Instant(self.now + step), parts)

    def pass_time(self, target: Instant, parts: int) -> None:
        """In several sweeps for the one life, unnoticed in the other."""
        start = self.now
        for part in range(1, parts + 1):
            self.now = Instant(start + (target - start) * part // parts)
            self.sweep()

    @precondition(lambda self: self.steps % 7 == 0)
    @rule(length=st.sampled_from([HOUR, 30 * HOUR, 20 * 24 * HOUR]))
    def nobody_can_reach_us(self, length: int) -> None:
        """An outage: no command and no sweep runs in it, and the operator records it when it is over."""
        start = Instant(self.now + 1)
        self.now = Instant(start + length)
        self.ask(RecordOutage(start=start, end=self.now), OPERATOR)

    # how it is done and checked

    def current(self) -> Order:
        assert self.lazy.order is not None
        return decide.as_of(self.lazy.order, self.now)

    def is_barred(self, command: Command, actor: Actor) -> bool:
        refusal = guards.check(self.current(), command, actor, self.now)
        return refusal is not None and refusal.reason in {Reason.NOT_ALLOWED, Reason.NOT_FOUND}

    def ask(self, command: Command, actor: Actor) -> None:
        """Both lives get the same command; both must answer alike, and refused ones must stay as they were."""
        answers = []
        preview = self.preview(command)
        for life in (self.lazy, self.swept):
            made = decide.decide(life.order, command, actor, self.now, fresh_for(life.order))
            answers.append(made if isinstance(made, Refusal) else None)
            if not isinstance(made, Refusal):
                life.take(made)
        note(f"{actor} asks {command} at {self.now}: {answers[0] or 'done'}")
        assert answers[0] == answers[1], "the answer depends on the sweeper"
        if isinstance(command, ConfirmReceipt) and not (command.lines and command.acknowledged):
            assert answers[0] is not None, "S11, S13: nothing is confirmed by accident"
        if preview is not None and actor == BUYER:
            self.check_preview(preview, answers[0])
        self.sweep()

    def preview(self, command: Command) -> Consequence | Refusal | None:
        """What the second step of confirming would show."""
        if not isinstance(command, ConfirmReceipt) or not command.acknowledged:
            return None
        return of_confirming(self.current(), command.lines, self.now)

    def check_preview(self, shown: Consequence | Refusal, refusal: Refusal | None) -> None:
        if isinstance(shown, Refusal) or refusal is not None:
            assert shown == refusal, "S13: what was shown is not what happened"
            return
        done = next(event for event in reversed(self.lazy.events) if isinstance(event, ReceiptConfirmed))
        assert (shown.amount, shown.settles_at) == (done.amount, done.settles_at)
        assert shown.net + shown.fee == shown.amount == sum(line.amount for line in shown.lines)
        assert sum(line.quantity for line in shown.lines) == sum(span.quantity for span in done.spans)

    def sweep(self) -> None:
        made = decide.decide(self.swept.order, ApplyDeadlines(), SYSTEM, self.now)
        assert not isinstance(made, Refusal)
        self.swept.take(made)

    @invariant()
    def the_sweeper_makes_no_difference(self) -> None:
        assert self.lazy.order is not None
        self.steps += 1
        overdue = decide.due(self.lazy.order, self.now)
        assert [*self.lazy.events, *overdue] == self.swept.events
        assert self.current() == self.swept.order

    @invariant()
    def sums_add_up(self) -> None:
        money = self.current().money
        parts = (money.held, money.settling, money.released, money.fee, money.refunded, money.charged_back)
        assert money.paid == sum(parts)
        assert min(parts) >= 0

    @invariant()
    def whoever_holds_money_has_a_deadline_ahead(self) -> None:
        order = self.current()
        coming = deadlines(order)
        due = next_deadline(order)
        assert due == (coming[0].at if coming else None)
        assert [deadline.at for deadline in coming] == sorted(deadline.at for deadline in coming)
        assert all(deadline.at > self.now for deadline in coming)
        if order.money.held or order.money.settling or order.closed_at is None:
            assert due is not None, "money would be held for ever"
            waiting = {span for deadline in coming for span in deadline.spans}
            assert waiting == {portion.span for portion in order.portions if portion.state in OPEN_STATES}
            assert all(
                any(deadline.dispute == dispute.id for deadline in coming)
                for dispute in order.disputes
                if dispute.is_open
            ), "a dispute without an owner and a deadline"
        else:
            assert all(deadline.chargeback or deadline.kind is Kind.REVIEW for deadline in coming)
            assert order.closed_at is not None
        assert not decide.due(order, self.now)

    @invariant()
    def the_order_is_the_fold_of_its_events_and_survives_storage(self) -> None:
        order = self.current()
        assert ORDER.decode(msgspec.json.encode(order)) == order
        if self.steps % 10 == 0:
            assert fold(self.swept.events) == order

    @invariant()
    def it_has_a_name_and_a_place_in_the_lists(self) -> None:
        order = self.current()
        assert headline(order).value in {tab.value for tab in tabs(order)}
        for line in order.lines:
            counts = portion_counts(order, line.id)
            assert sum(counts.values()) == line.quantity
            assert line_status(order, line.id).value in counts

    @invariant()
    def what_is_offered_can_be_done_and_what_is_not_is_refused_for_that_reason(self) -> None:
        """Two roles a step, in turn."""
        names = sorted(ACTORS)
        for turn in range(2):
            check_actions(self.current(), ACTORS[names[(2 * self.steps + turn) % len(names)]], self.now)

    def finish(self) -> None:
        assert fold(self.swept.events) == self.swept.order
        note(" ".join(name_of(event) for event in self.swept.events))

    def teardown(self) -> None:
        if hasattr(self, "swept"):
            self.finish()
