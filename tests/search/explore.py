"""Breadth first through every state that a model can come to, over the real `decide`, until there is nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

import msgspec

from fairhold.domain import decide, guards
from fairhold.domain.actors import SYSTEM, Actor
from fairhold.domain.commands import (
    AcceptOffer,
    ApplyDeadlines,
    Command,
    ConfirmReceipt,
    DisputeCommand,
    OpenDispute,
    RecordOutage,
    RecordRefundPaid,
    ShipParcel,
    UndoReceipt,
)
from fairhold.domain.deadlines import next_deadline
from fairhold.domain.decide import Happened
from fairhold.domain.dispute import DemandKind, Outcome
from fairhold.domain.dispute_events import ChargebackLost, DisputeSettled
from fairhold.domain.dispute_guards import DISPUTE_GUARD
from fairhold.domain.events import Cause, PortionsRefunded, PortionsReleased
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Part
from fairhold.domain.review_commands import ContestModeration, ModerateReview, ReviewCommand
from fairhold.domain.review_guards import REVIEW_GUARD, ReviewMoment
from fairhold.domain.support_commands import ReportAccident
from tests.builders import BUYER, MEDIATOR, OPERATOR, SELLER, SUPPORT, fresh_id, name_of
from tests.search import bodies, checks
from tests.search.bodies import Ask
from tests.search.canonical import NOW, canonical, key_of
from tests.search.canonical_reviews import is_live

_GUARD = {guard.command: guard for guard in guards.GUARDS}
TOMORROW = Instant(NOW + DAY)
_SHOWN_TO = (BUYER, SELLER, SUPPORT, MEDIATOR, bodies.SECOND_MEDIATOR, OPERATOR, SYSTEM)
_APPLY = ApplyDeadlines()


@dataclass
class Covered:
    """What was reached on the way."""

    reasons: set[Reason] = field(default_factory=set)
    done: set[tuple[str, str]] = field(default_factory=set)
    """Command and role."""
    events: set[str] = field(default_factory=set)
    in_state: set[tuple[str, str]] = field(default_factory=set)
    """Command to a dispute, and its state."""
    kept_from: set[tuple[str, str]] = field(default_factory=set)
    """Command, and the condition of its guard that did not hold."""

    def add(self, other: Covered) -> None:
        """Both together."""
        for mine in ("reasons", "done", "events", "in_state", "kept_from"):
            getattr(self, mine).update(getattr(other, mine))


class Seen(NamedTuple):
    """What one state leads to."""

    successors: list[Order]
    tomorrow: Order | None
    """Where it comes to when nobody acts until the next day; None where nothing is to come."""


class Explorer:
    """Looks at one state after the other."""

    def __init__(self, kinds: frozenset[type[Command]], *, odd: bool, outages: bool) -> None:
        self.kinds, self.odd, self.outages = kinds, odd, outages
        self.covered = Covered()

    def expand(self, order: Order) -> Seen:
        """Ask everything of this state, and let time pass."""
        checks.check_state(order, NOW)
        asks = list(bodies.usual(order, self.kinds))
        if self.odd:
            asks.extend(bodies.odd(order))
        successors: list[Order] = []
        answers: list[tuple[Ask, Reason | None]] = []
        accepted: list[Ask] = []
        for ask in asks:
            made = _ask(order, ask.command, ask.actor, NOW)
            if isinstance(made, Refusal):
                self.covered.reasons.add(made.reason)
                self._note_guard(order, ask)
                answers.append((ask, made.reason))
                continue
            answers.append((ask, None))
            accepted.append(ask)
            self._note(order, ask)
            after = self._step(order, made, NOW)
            if after is not order:
                successors.append(canonical(after, NOW))
        checks.check_actions(order, NOW, answers, _SHOWN_TO)
        self._check_lines(order, answers)
        tomorrow = self._until_tomorrow(order, accepted, successors)
        return Seen(successors, tomorrow)

    def _note(self, order: Order, ask: Ask) -> None:
        command, covered = ask.command, self.covered
        covered.done.add((command.NAME, ask.actor.role.value))
        if isinstance(command, DisputeCommand):
            dispute = order.dispute(command.dispute)
            assert dispute is not None
            covered.in_state.add((command.NAME, dispute.state.value))
            if isinstance(command, AcceptOffer):
                assert command.number == len(dispute.offers), "an offer that was replaced was accepted"

    def _note_guard(self, order: Order, ask: Ask) -> None:
        """The first condition that keeps this actor from it, where they have the role for it."""
        command, actor = ask.command, ask.actor
        if isinstance(command, DisputeCommand):
            dispute, about = order.dispute(command.dispute), DISPUTE_GUARD[type(command)]
            if dispute is not None and actor.role in about.roles and dispute.state in about.states:
                failing = (one.name for one in about.conditions if not one.holds(order, dispute, actor))
                self.covered.kept_from.update((command.NAME, name) for name in islice(failing, 1))
            return
        if isinstance(command, ReviewCommand):
            self._note_review_guard(order, ask, command)
            return
        guard = _GUARD[type(command)]
        if guards.is_party(order, actor) and guards.may(guard, order, actor):
            failing = (one.name for one in guard.conditions if not one.holds(order, actor, NOW))
            self.covered.kept_from.update((command.NAME, name) for name in islice(failing, 1))

    def _note_review_guard(self, order: Order, ask: Ask, command: ReviewCommand) -> None:
        review, about = order.review(command.review), REVIEW_GUARD[type(command)]
        part = command.part if isinstance(command, ModerateReview | ContestModeration) else Part.REVIEW
        if review is not None and guards.is_party(order, ask.actor) and ask.actor.role in about.whose(review, part):
            moment = ReviewMoment(order, review, part, ask.actor, NOW)
            failing = (one.name for one in about.conditions if one.why_not(moment) is not None)
            self.covered.kept_from.update((command.NAME, name) for name in islice(failing, 1))

    def _step(self, order: Order, made: Sequence[Happened], now: Instant) -> Order:
        checks.check_step(order, made, now, since=NOW)
        if not made:
            return order
        self.covered.events.update(name_of(event) for event, _ in made)
        after = made[-1].after
        for refund in after.refunds:
            if refund.paid_at is None:
                self._pay_back(after, refund.number, now)
        return after

    def _pay_back(self, order: Order, number: int, now: Instant) -> None:
        """The provider carries a refund out; it moves nothing else, and being told twice changes nothing."""
        command = RecordRefundPaid(number=number, reference="r")
        made = decide.happen(order, command, SYSTEM, now)
        assert not isinstance(made, Refusal), f"refund {number} could not be paid: {made}"
        checks.check_step(order, made, now, since=now)
        assert not decide.happen(made[-1].after, command, SYSTEM, now)
        self.covered.events.add("refund_paid")
        self.covered.done.add((command.NAME, SYSTEM.role.value))

    def _check_lines(self, order: Order, answers: Iterable[tuple[Ask, Reason | None]]) -> None:
        for actor in (BUYER, SELLER, SUPPORT):
            by_line: dict[tuple[str, str], Reason | None] = {}
            for (command, asker, _), reason in answers:
                if asker == actor and isinstance(command, _OF_LINES) and _plain(command):
                    by_line[command.NAME, str(command.lines[0])] = reason
            if by_line:
                checks.check_lines(order, NOW, actor, by_line)

    def _until_tomorrow(self, order: Order, accepted: list[Ask], successors: list[Order]) -> Order | None:
        due_at = next_deadline(order)
        if due_at is None:
            assert checks.holds_nothing(order), "money is held, and nothing is to come"
            return canonical(order, TOMORROW) if is_live(order) else None
        made = decide.happen(order, _APPLY, SYSTEM, TOMORROW)
        assert not isinstance(made, Refusal)
        after = self._step(order, made, TOMORROW)
        tomorrow = canonical(after, TOMORROW)
        if due_at <= TOMORROW:
            for ask in accepted:
                self._at_the_deadline(order, ask, due_at)
            if self.outages:
                successors.append(self._with_outage(order))
        return tomorrow

    def _at_the_deadline(self, order: Order, ask: Ask, due_at: Instant) -> None:
        """What could be done could be done until just before; at its very instant the deadline came first."""
        command, actor = ask.command, ask.actor
        early = _ask(order, command, actor, Instant(due_at - 1))
        assert not isinstance(early, Refusal), f"{actor} may {command}, and just before the deadline no more: {early}"
        swept = decide.happen(order, _APPLY, SYSTEM, due_at)
        late = _ask(order, command, actor, due_at)
        assert not isinstance(swept, Refusal)
        assert swept, "the deadline did nothing"
        if isinstance(command, RecordOutage):
            return
        again = _ask(swept[-1].after, command, actor, due_at)
        if isinstance(late, Refusal) or isinstance(again, Refusal):
            assert late == again, f"{actor}, {command}: {late}, and once swept {again}"
        else:
            assert [*swept, *again] == list(late), f"{actor}, {command}: the sweep makes a difference"
            self._step(order, late, due_at)

    def _with_outage(self, order: Order) -> Order:
        """Nobody could act until tomorrow: nothing that is a person's to prevent has happened."""
        command = RecordOutage(start=NOW, end=TOMORROW)
        made = decide.happen(order, command, OPERATOR, TOMORROW)
        assert not isinstance(made, Refusal)
        checks.check_step(order, made, TOMORROW, since=NOW)
        self.covered.events.add("outage_recorded")
        self.covered.done.add((command.NAME, OPERATOR.role.value))
        for event, _ in made[1:]:
            assert _nobodys(event), f"{event} came in the outage"
        return canonical(made[-1].after, TOMORROW)


def _ask(order: Order, command: Command, actor: Actor, now: Instant) -> Sequence[Happened] | Refusal:
    return decide.happen(order, command, actor, now, fresh_id(len(order.reviews) + 1))


_OF_LINES = (ShipParcel, ConfirmReceipt, UndoReceipt, ReportAccident, OpenDispute)


def _plain(command: ShipParcel | ConfirmReceipt | UndoReceipt | ReportAccident | OpenDispute) -> bool:
    """Whether it asks for one whole line as the line's own button would."""
    if len(command.lines) != 1 or not isinstance(command.lines[0], str):
        return False
    if isinstance(command, ConfirmReceipt):
        return command.acknowledged
    if isinstance(command, OpenDispute):
        late = command.reason.value in ("late", "not_received", "returned_parcel")
        return not late and command.demand.amount is None and command.demand.kind is DemandKind.REFUND
    return True


def _nobodys(event: object) -> bool:
    """Whether it is money on its way, the provider's or the bank's: no person could have stopped it."""
    match event:
        case PortionsReleased():
            return event.cause is Cause.CONFIRMED
        case PortionsRefunded():
            return event.cause is Cause.PROVIDER_CEILING
        case DisputeSettled():
            return event.outcome in (Outcome.PROVIDER_CEILING, Outcome.RULED)
        case _:
            return isinstance(event, ChargebackLost)


@dataclass
class Found:
    """A finished search."""

    states: int
    steps: int
    covered: Covered


def _name(order: Order) -> bytes:
    return blake2b(key_of(order), digest_size=12).digest()


def search(explorer: Explorer, starts: Iterable[tuple[Order, Instant]], most: int = 10**9) -> Found:
    """Every state from these on; AssertionError says what is wrong with one of them, and how it was reached."""
    known: dict[bytes, int] = {}
    tomorrow: list[int | None] = []
    ends: list[bool] = []
    frontier = [canonical(order, now) for order, now in starts]
    for order in frontier:
        known.setdefault(_name(order), len(known))
    steps = 0
    while frontier:
        coming: list[Order] = []
        for order in frontier:
            try:
                seen = explorer.expand(order)
            except Exception as error:
                error.add_note(f"in {msgspec.json.encode(order).decode()}")
                raise
            ends.append(checks.holds_nothing(order) or checks.staff_owes(order))
            steps += len(seen.successors)
            for after in (*seen.successors, *(() if seen.tomorrow is None else (seen.tomorrow,))):
                name = _name(after)
                if name not in known:
                    known[name] = len(known)
                    coming.append(after)
            tomorrow.append(None if seen.tomorrow is None else known[_name(seen.tomorrow)])
            if len(tomorrow) >= most:
                raise AssertionError(f"more than {most} states")
        frontier = coming
    _check_ends(tomorrow, ends)
    return Found(len(known), steps, explorer.covered)


def _check_ends(tomorrow: list[int | None], ends: list[bool]) -> None:
    """From each state, days alone lead to where nothing is held, or a person of staff owes an answer."""
    good = list(ends)
    for start in range(len(tomorrow)):
        path, at = [], start
        on_path: set[int] = set()
        while not good[at]:
            after = tomorrow[at]
            assert after is not None, f"state {start} holds money for ever"
            assert at not in on_path, f"state {start} holds money for ever"
            on_path.add(at)
            path.append(at)
            at = after
        for passed in path:
            good[passed] = True
