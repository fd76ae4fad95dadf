"""For each invariant a bug, planted alone, that the simulator finds by that very invariant within a few lifecycles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from typing import Any, NamedTuple

import msgspec
import pytest

from fairhold.access import history
from fairhold.domain import decide, evolve, guards, settlement
from fairhold.domain.commands import ConfirmReceipt, ExtendProtection, RecordRefundPaid, UndoReceipt
from fairhold.domain.deadlines import next_deadline
from fairhold.domain.dispute_events import ChargebackReceived
from fairhold.domain.events import PortionsRefunded, ProtectionExtended
from fairhold.domain.firing import fire
from fairhold.domain.instants import HOUR, Instant
from fairhold.domain.order import Order, PaymentState, Portion, PortionState
from fairhold.domain.payment_commands import RecordPayment
from fairhold.domain.payment_events import PaymentReturned
from fairhold.domain.payout import PayoutPart, PayoutState
from fairhold.domain.payout_commands import RecordPayoutFailed, RecordPayoutSent, StartPayout, TakePayoutBack
from fairhold.domain.payout_events import PayoutStarted, PayoutTakenBack
from fairhold.domain.payout_sums import due
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.refund_commands import RecordRefundReturned
from fairhold.domain.rules import payouts as payout_rules
from fairhold.domain.rules import receipt, shipping
from fairhold.engine.kernel import batch, messages, rows
from fairhold.engine.kernel.outbox import Courier
from fairhold.engine.kernel.sweeper import Sweeper
from fairhold.engine.outside.destinations import Outside, message_key
from fairhold.engine.outside.payment_seen import State
from fairhold.engine.payouts import purses
from fairhold.engine.payouts.making import PayoutMaker
from fairhold.engine.ports.store import Batch, OutboxMessage, StoredKey
from fairhold.gateways.payments import passing
from fairhold.ledger import posting
from fairhold.ledger.balances import changes
from fairhold.simulation import provider, world
from fairhold.simulation.auditor import Invariant, Violated
from fairhold.simulation.house import House
from fairhold.simulation.simulate import simulate
from fairhold.simulation.watching import watched
from fairhold.simulation.witness import Witness
from fairhold.store.sqlite import statements
from fairhold.store.sqlite.writer import SqliteWriter

Patch = pytest.MonkeyPatch
replace = msgspec.structs.replace
_STEPS: dict[Any, Any] = evolve._STEPS
_RULES: dict[Any, Any] = decide._RULES
_GUARDS: dict[Any, Any] = guards._BY_COMMAND

LIFECYCLES = 24
SEEDS = 8
"""A planted bug is found within so many simulations of so many lifecycles each."""


class Bug(NamedTuple):
    """Something wrong with the engine, and by what it must be found."""

    invariant: Invariant
    plant: Callable[[Patch], None]


def unchecked(patch: Patch) -> None:
    """The engine's own check of an order's sums is off."""
    patch.setattr(evolve, "_check_sums", lambda order: None)


# the ledger and the balances


def a_balance_is_forgotten(patch: Patch) -> None:
    patch.setattr(batch, "changes", lambda booked: dict(list(changes(booked).items())[:-1]))


def the_commission_stays_with_the_held_money(patch: Patch) -> None:
    real = posting._released
    patch.setattr(posting, "_released", lambda *moved: real(*moved)[:2])


def a_refund_is_booked_twice(patch: Patch) -> None:
    real = posting._moves

    def moves(before: Order, event: Any, after: Order) -> Any:
        made = real(before, event, after)
        return (*made, *made) if isinstance(event, PortionsRefunded) else made

    patch.setattr(posting, "_moves", moves)


def a_refund_is_taken_from_the_seller(patch: Patch) -> None:
    real = posting._moves

    def moves(before: Order, event: Any, after: Order) -> Any:
        if not isinstance(event, PortionsRefunded):
            return real(before, event, after)
        currency = after.currency
        return ((f"seller:{after.seller}:{currency}", f"refunds:{currency}", event.amount),)

    patch.setattr(posting, "_moves", moves)


# an order's sums


def the_commission_is_rounded_up(patch: Patch) -> None:
    patch.setattr(settlement, "half_even", lambda numerator, denominator: -(-numerator // denominator))


def the_fixed_part_is_taken_at_every_release(patch: Patch) -> None:
    """As far as what is released covers it."""
    real = settlement.commission_on

    def taken(order: Order, released: Any) -> Any:
        found = list(released)
        commission, fee = real(order, found)
        gross = sum(amount for _, amount in found)
        if gross < 0:
            return commission, fee
        lines = [line for name in {name for name, _ in found} if (line := order.line(name)) is not None]
        again = settlement.fixed_on(order, found)
        whole = sum(order.terms.fixed_for(line.category) for line in lines)
        return commission, min(fee - again + whole, gross)

    patch.setattr(settlement, "commission_on", taken)


def the_providers_fee_is_taken_at_every_release(patch: Patch) -> None:
    """As far as what is released covers it, and however much of it was taken before."""
    real = settlement._borne

    def borne(order: Order, kept: int) -> int:
        return real(order, kept) if kept == settlement._kept(order) else real(order, settlement._kept_of_all(order))

    patch.setattr(settlement, "_borne", borne)


def a_refund_is_not_counted(patch: Patch) -> None:
    unchecked(patch)
    real = _STEPS[PortionsRefunded]

    def step(order: Order, event: PortionsRefunded) -> Any:
        after = real(order, event)
        return replace(after, money=replace(after.money, refunded=order.money.refunded))

    patch.setitem(_STEPS, PortionsRefunded, step)


def a_chargeback_is_taken_from_what_is_held_even_where_nothing_is(patch: Patch) -> None:
    unchecked(patch)
    real = _STEPS[ChargebackReceived]

    def step(order: Order, event: ChargebackReceived) -> Any:
        after = real(order, event)
        money = replace(order.money, held=order.money.held - event.amount, charged_back=after.money.charged_back)
        return replace(after, money=money)

    patch.setitem(_STEPS, ChargebackReceived, step)


def what_the_bank_takes_beyond_what_is_left_is_booked_nowhere(patch: Patch) -> None:
    real = posting._moves

    def moves(before: Order, event: Any, after: Order) -> Any:
        return tuple(move for move in real(before, event, after) if not move[0].startswith("losses:"))

    patch.setattr(posting, "_moves", moves)


# what becomes of goods


def support_undoes_what_has_been_paid_out(patch: Patch) -> None:
    unchecked(patch)

    def undoable(order: Order, portion: Portion, actor: object, now: Instant) -> bool:
        return portion.state in (PortionState.CONFIRMED, PortionState.SETTLED) and portion.confirmed_at is not None

    patch.setattr(receipt, "undoable", undoable)
    patch.setitem(_GUARDS, UndoReceipt, replace(_GUARDS[UndoReceipt], conditions=()))


def what_is_in_dispute_counts_as_held(patch: Patch) -> None:
    """For whoever confirms it, extends its protection or scans its parcel."""

    def still_there(order: Order, portion: Portion) -> bool:
        return portion.state in (PortionState.HELD, PortionState.DISPUTED) and portion.shipment is not None

    patch.setattr(receipt, "confirmable", still_there)
    patch.setattr(shipping, "confirmable", still_there)
    patch.setattr(
        shipping,
        "_waits_in",
        lambda portion, parcel: portion.shipment == parcel.id and portion.state is not PortionState.SETTLED,
    )
    for command in (ConfirmReceipt, ExtendProtection):
        patch.setitem(_GUARDS, command, replace(_GUARDS[command], conditions=()))


def a_more_generous_state_is_stored(patch: Patch) -> None:
    real = _STEPS[ProtectionExtended]

    def step(order: Order, event: ProtectionExtended) -> Any:
        return real(order, replace(event, length=event.length + HOUR))

    patch.setitem(_STEPS, ProtectionExtended, step)


def anybody_may_do_anything(patch: Patch) -> None:
    patch.setattr(guards, "may", lambda guard, order, actor: True)


# time


def a_deadline_fires_hours_early(patch: Patch) -> None:
    real = decide._Course.take_due
    patch.setattr(decide._Course, "take_due", lambda course, now: real(course, Instant(now + 12 * HOUR)))


def a_deadline_is_dated_with_the_sweep(patch: Patch) -> None:
    real = decide._Course.take_due

    def take_due(course: Any, now: Instant) -> None:
        with patch.context() as inner:
            inner.setattr(decide, "fire", lambda order, deadline: replace(fire(order, deadline), at=now))
            real(course, now)

    patch.setattr(decide._Course, "take_due", take_due)


def the_command_wins_over_the_deadline(patch: Patch) -> None:
    real = decide._Course.take_due
    patch.setattr(decide._Course, "take_due", lambda course, now: real(course, Instant(now - 6 * HOUR)))


def nobody_sweeps(patch: Patch) -> None:
    patch.setattr(Sweeper, "once", lambda sweeper: 0)


def the_next_deadline_is_not_stored(patch: Patch) -> None:
    patch.setattr(rows, "next_deadline", lambda order: None if order.shipments else next_deadline(order))


def the_next_deadline_is_stored_a_day_late(patch: Patch) -> None:
    def later(order: Order) -> Instant | None:
        due = next_deadline(order)
        return None if due is None else Instant(due + 24 * HOUR)

    patch.setattr(rows, "next_deadline", later)


# keys and answers


def a_key_is_noted_under_another_name(patch: Patch) -> None:
    def noted(lane: int, scope: str, key: str, *rest: Any) -> StoredKey:
        return StoredKey(lane, scope, f"{key} " if scope else key, *rest)

    patch.setattr(batch, "StoredKey", noted)


def a_known_key_has_its_effect_again(patch: Patch) -> None:
    """And is noted anew, so that nothing stands in its way."""
    real = batch.Draft._repeated

    def repeated(draft: batch.Draft, order: str, key: str, fingerprint: bytes) -> Any:
        return None if order else real(draft, order, key, fingerprint)

    patch.setattr(batch.Draft, "_repeated", repeated)
    patch.setattr(statements, "INSERT_KEY", statements.INSERT_KEY.replace("INSERT", "INSERT OR REPLACE", 1))


def now_and_then(patch: Patch, instead: Callable[[SqliteWriter, Batch, Callable[[Batch], None]], None]) -> None:
    """Every fifth batch is written in another way."""
    real, numbers = SqliteWriter.write, count(1)

    def write(writer: SqliteWriter, made: Batch) -> None:
        if next(numbers) % 5:
            real(writer, made)
        else:
            instead(writer, made, lambda other: real(writer, other))

    patch.setattr(SqliteWriter, "write", write)


def what_was_acknowledged_was_never_written(patch: Patch) -> None:
    now_and_then(patch, lambda writer, made, write: None)


def a_batch_writes_over_what_stood_there(patch: Patch) -> None:
    def instead(writer: SqliteWriter, made: Batch, write: Callable[[Batch], None]) -> None:
        write(made)
        writer._connection.execute("UPDATE events SET at = at + 1 WHERE seq = 1")

    now_and_then(patch, instead)


def a_transfer_is_mended_after_the_fact(patch: Patch) -> None:
    def instead(writer: SqliteWriter, made: Batch, write: Callable[[Batch], None]) -> None:
        write(made)
        writer._connection.execute("UPDATE transfers SET amount = amount + 1 WHERE seq = 2")

    now_and_then(patch, instead)


# the provider


def a_refund_is_asked_for_twice(patch: Patch) -> None:
    real = messages.letters
    patch.setattr(messages, "letters", lambda outside, order, event: real(outside, order, event) * 2)


def each_attempt_has_a_key_of_its_own(patch: Patch) -> None:
    """Where the answer to the first one is lost."""
    deliver = world.Till.deliver
    patch.setattr(world, "message_key", lambda message: f"{message_key(message)}-{message.attempts}")

    def lost(till: world.Till, message: OutboxMessage) -> Any:
        answer = deliver(till, message)
        if not message.attempts:
            raise TimeoutError
        return answer

    patch.setattr(world.Till, "deliver", lost)


def the_courier_notes_what_nobody_did(patch: Patch) -> None:
    real = Courier._commands

    def commands(courier: Courier, message: OutboxMessage) -> Sequence[Any]:
        if not message.destination.startswith("payments:"):
            return real(courier, message)
        told = msgspec.json.decode(message.payload)
        return (RecordRefundPaid(number=told["number"], reference="made up"),)

    patch.setattr(Courier, "_commands", commands)


def a_declined_payment_counts_as_money(patch: Patch) -> None:
    real = Outside.judge

    def judge(outside: Outside, method: str, amount: int, currency: str, *, page: bool) -> Reason | None:
        real(outside, method, amount, currency, page=page)
        return None

    patch.setattr(Outside, "judge", judge)


def less_is_taken_than_is_booked(patch: Patch) -> None:
    real = Outside.judge
    patch.setattr(
        Outside,
        "judge",
        lambda outside, method, amount, currency, page: real(outside, method, amount - 1, currency, page=page),
    )


def money_that_comes_too_late_is_kept(patch: Patch) -> None:
    real = _RULES[RecordPayment]

    def record(order: Order, command: RecordPayment, actor: Any, now: Instant) -> Any:
        return real(order, command, actor, now) if order.payment is PaymentState.AWAITED else ()

    patch.setitem(_RULES, RecordPayment, record)


def money_that_comes_back_is_no_refund(patch: Patch) -> None:
    real = _STEPS[PaymentReturned]

    def step(order: Order, event: PaymentReturned) -> Any:
        after = real(order, event)
        return replace(after, refunds=order.refunds)

    patch.setitem(_STEPS, PaymentReturned, step)


# what goes to sellers


def a_repeated_start_takes_of_the_order_twice(patch: Patch) -> None:
    """Whoever tells orders of their payouts tells them twice, and they no longer know its name."""
    real, start = _RULES[StartPayout], PayoutMaker._start

    def rule(order: Order, command: StartPayout, actor: Any, now: Instant) -> Any:
        others = tuple(part for part in order.payouts if part.payout != command.payout)
        made = real(replace(order, payouts=others), command, actor, now)
        if isinstance(made, Refusal):
            return made
        return tuple(replace(event, number=len(order.payouts) + 1) for event in made)

    def twice(maker: PayoutMaker, parts: Any, payout: Any) -> None:
        start(maker, parts, payout)
        start(maker, parts, payout)

    patch.setitem(_RULES, StartPayout, rule)
    patch.setattr(PayoutMaker, "_start", twice)


def what_is_due(patch: Patch, instead: Callable[[Order], int]) -> None:
    """Another answer to what of an order is due to its seller."""
    patch.setattr(payout_rules, "due", instead)
    patch.setattr(purses, "due", instead)


def what_has_left_is_due_again(patch: Patch) -> None:
    what_is_due(patch, lambda order: order.money.released)


def a_chargeback_changes_nothing_in_what_is_due(patch: Patch) -> None:
    what_is_due(patch, lambda order: due(order) + sum(one.amount for one in order.chargebacks))


def a_failed_part_stays_with_the_seller(patch: Patch) -> None:
    def left(part: PayoutPart) -> int:
        return 0 if part.state is PayoutState.RETURNED else part.amount - part.taken_back

    patch.setattr(PayoutPart, "left", property(left))


def more_is_asked_back_than_they_owe(patch: Patch) -> None:
    """By a minor unit."""
    real = _RULES[TakePayoutBack]

    def rule(order: Order, command: TakePayoutBack, actor: Any, now: Instant) -> Any:
        made = real(order, command, actor, now)
        return made if isinstance(made, Refusal) else tuple(replace(one, amount=one.amount + 1) for one in made)

    patch.setitem(_RULES, TakePayoutBack, rule)


def a_lost_answer_makes_a_second_transfer(patch: Patch) -> None:
    deliver = world.Till.deliver
    patch.setattr(world, "message_key", lambda message: f"{message_key(message)}-{message.attempts}")

    def lost(till: world.Till, message: OutboxMessage) -> Any:
        answer = deliver(till, message)
        if b'"transfer"' in message.payload and not message.attempts:
            raise TimeoutError
        return answer

    patch.setattr(world.Till, "deliver", lost)


def a_payout_has_another_name_at_the_bank_each_time(patch: Patch) -> None:
    """The provider does not mind how much lies there, and says that it is at work."""
    real, numbers = provider.Provider.pay_out, count(1)

    def pay_out(house: provider.Provider, asked: Any) -> Any:
        house._accounts[asked.account, asked.currency] += asked.amount
        answer = real(house, asked._replace(payout=f"{asked.payout}-{next(numbers)}"))
        return answer._replace(state=State.PENDING)

    patch.setattr(provider.Provider, "pay_out", pay_out)


def what_is_taken_back_is_booked_twice(patch: Patch) -> None:
    real = posting._paid_out

    def paid_out(event: Any, after: Order) -> Any:
        made = real(event, after)
        return (*made, *made) if isinstance(event, PayoutTakenBack) else made

    patch.setattr(posting, "_paid_out", paid_out)


def a_payout_is_booked_where_it_is_asked_for(patch: Patch) -> None:
    """And again when it leaves."""
    real = posting._paid_out

    def paid_out(event: Any, after: Order) -> Any:
        made = real(event, after)
        return ((made[0][0], posting._provider(after), made[0][2]),) if isinstance(event, PayoutStarted) else made

    patch.setattr(posting, "_paid_out", paid_out)


def what_the_provider_refuses_counts_as_sent(patch: Patch) -> None:
    def sent(*asked: Any) -> Any:
        told = passing.transfer(*asked)
        return RecordPayoutSent(number=told.number, reference="x") if isinstance(told, RecordPayoutFailed) else told

    patch.setattr(world, "transfer", sent)


def what_comes_back_from_a_sellers_bank_is_noted_nowhere(patch: Patch) -> None:
    real = _RULES[RecordPayoutFailed]

    def rule(order: Order, command: RecordPayoutFailed, actor: Any, now: Instant) -> Any:
        part = order.payout(command.number)
        return () if part is not None and part.state is PayoutState.SENT else real(order, command, actor, now)

    patch.setitem(_RULES, RecordPayoutFailed, rule)


def a_refund_that_comes_back_is_noted_nowhere(patch: Patch) -> None:
    patch.setitem(_RULES, RecordRefundReturned, lambda order, command, actor, now: ())


def buyers_read_what_their_sellers_are_paid(patch: Patch) -> None:
    patch.setattr(history, "may_know_of", lambda actor, order, event: True)


BUGS: tuple[Bug, ...] = (
    Bug(Invariant.DEBITS_EQUAL_CREDITS, a_balance_is_forgotten),
    Bug(Invariant.BOOKED_AS_DECIDED, the_commission_stays_with_the_held_money),
    Bug(Invariant.BOOKED_AS_DECIDED, a_refund_is_booked_twice),
    Bug(Invariant.BOOKED_AS_DECIDED, what_the_bank_takes_beyond_what_is_left_is_booked_nowhere),
    Bug(Invariant.SUMS_ADD_UP, the_commission_is_rounded_up),
    Bug(Invariant.SUMS_ADD_UP, the_fixed_part_is_taken_at_every_release),
    Bug(Invariant.SUMS_ADD_UP, the_providers_fee_is_taken_at_every_release),
    Bug(Invariant.SUMS_ADD_UP, a_refund_is_not_counted),
    Bug(Invariant.BUCKETS_IN_BOUNDS, a_chargeback_is_taken_from_what_is_held_even_where_nothing_is),
    Bug(Invariant.SELLER_OWES_BY_RECORD, a_refund_is_taken_from_the_seller),
    Bug(Invariant.ONE_ENDING, support_undoes_what_has_been_paid_out),
    Bug(Invariant.APPEND_ONLY, a_batch_writes_over_what_stood_there),
    Bug(Invariant.APPEND_ONLY, a_transfer_is_mended_after_the_fact),
    Bug(Invariant.STATE_IS_FOLD, a_more_generous_state_is_stored),
    Bug(Invariant.ONE_KEY_ONE_EFFECT, a_key_is_noted_under_another_name),
    Bug(Invariant.ONE_KEY_ONE_EFFECT, a_known_key_has_its_effect_again),
    Bug(Invariant.ACKNOWLEDGED_SURVIVES, what_was_acknowledged_was_never_written),
    Bug(Invariant.ONE_OPERATION_ONE_EFFECT, a_refund_is_asked_for_twice),
    Bug(Invariant.ONE_OPERATION_ONE_EFFECT, each_attempt_has_a_key_of_its_own),
    Bug(Invariant.DEADLINE_ONCE_NEVER_EARLY, the_command_wins_over_the_deadline),
    Bug(Invariant.DEADLINE_ONCE_NEVER_EARLY, a_deadline_fires_hours_early),
    Bug(Invariant.DEADLINE_ONCE_NEVER_EARLY, a_deadline_is_dated_with_the_sweep),
    Bug(Invariant.DEADLINE_ONCE_NEVER_EARLY, nobody_sweeps),
    Bug(Invariant.DISPUTED_STANDS_STILL, what_is_in_dispute_counts_as_held),
    Bug(Invariant.ACTOR_ALLOWED, anybody_may_do_anything),
    Bug(Invariant.SOMEBODY_OWES, the_next_deadline_is_not_stored),
    Bug(Invariant.SOMEBODY_OWES, the_next_deadline_is_stored_a_day_late),
    Bug(Invariant.BOOKS_MATCH_STATEMENT, the_courier_notes_what_nobody_did),
    Bug(Invariant.BOOKS_MATCH_STATEMENT, a_declined_payment_counts_as_money),
    Bug(Invariant.BOOKS_MATCH_STATEMENT, money_that_comes_too_late_is_kept),
    Bug(Invariant.STATE_IS_FOLD, money_that_comes_back_is_no_refund),
    Bug(Invariant.BOOKS_MATCH_STATEMENT, less_is_taken_than_is_booked),
    Bug(Invariant.NO_MORE_THAN_DUE, what_has_left_is_due_again),
    Bug(Invariant.NO_MORE_THAN_DUE, a_chargeback_changes_nothing_in_what_is_due),
    Bug(Invariant.NO_MORE_THAN_DUE, more_is_asked_back_than_they_owe),
    Bug(Invariant.ONE_OPERATION_ONE_EFFECT, a_repeated_start_takes_of_the_order_twice),
    Bug(Invariant.ONE_OPERATION_ONE_EFFECT, a_lost_answer_makes_a_second_transfer),
    Bug(Invariant.ONE_OPERATION_ONE_EFFECT, a_payout_has_another_name_at_the_bank_each_time),
    Bug(Invariant.STATE_IS_FOLD, a_failed_part_stays_with_the_seller),
    Bug(Invariant.BOOKED_AS_DECIDED, what_is_taken_back_is_booked_twice),
    Bug(Invariant.BOOKED_AS_DECIDED, a_payout_is_booked_where_it_is_asked_for),
    Bug(Invariant.BOOKS_MATCH_STATEMENT, what_the_provider_refuses_counts_as_sent),
    Bug(Invariant.BOOKS_MATCH_STATEMENT, what_comes_back_from_a_sellers_bank_is_noted_nowhere),
    Bug(Invariant.BOOKS_MATCH_STATEMENT, a_refund_that_comes_back_is_noted_nowhere),
    Bug(Invariant.BUYERS_HEAR_NOTHING, buyers_read_what_their_sellers_are_paid),
)


class Noting:
    """The auditor of a house, and what it found."""

    def __init__(self, house: House, found: list[Violated]) -> None:
        self._auditor = watched(house)
        self._found = found

    def __getattr__(self, name: str) -> Callable[..., None]:
        method = getattr(self._auditor, name)

        def noted(*told: Any) -> None:
            try:
                method(*told)
            except Violated as violated:
                self._found.append(violated)
                raise

        return noted


def noting(found: list[Violated], house: House) -> Witness:
    noted: Any = Noting(house, found)
    witness: Witness = noted
    return witness


def is_found(invariant: Invariant) -> bool:
    """Whether a simulation fails by this one; where the bug shows otherwise first, the next may meet it elsewhere."""
    for seed in range(SEEDS):
        found: list[Violated] = []
        simulate(seed, LIFECYCLES, watched=partial(noting, found))
        if any(one.invariant is invariant for violated in found for one in violated.violations):
            return True
    return False


def shared_out() -> list[object]:
    """Of each invariant the first bug is for every run, the others are for those that take their time."""
    found: list[object] = []
    known: set[Invariant] = set()
    for bug in BUGS:
        marks = [pytest.mark.slow] if bug.invariant in known else []
        known.add(bug.invariant)
        found.append(pytest.param(bug, marks=marks, id=bug.plant.__name__))
    return found


@pytest.mark.parametrize("bug", shared_out())
def test_the_simulator_finds_a_planted_bug_by_the_invariant_that_it_breaks(bug: Bug, monkeypatch: Patch) -> None:
    bug.plant(monkeypatch)
    assert is_found(bug.invariant)


def test_no_invariant_is_without_a_planted_bug() -> None:
    assert {bug.invariant for bug in BUGS} == set(Invariant)
