"""The one function that answers a command. Pure: the order, the time and a fresh id come in as arguments."""

from collections.abc import Callable
from typing import Any

from fairhold.domain.actors import Actor
from fairhold.domain.commands import (
    AnswerExtension,
    ApplyDeadlines,
    AskExtension,
    CancelOrder,
    Command,
    ConfirmReceipt,
    ExtendProtection,
    Pay,
    PlaceOrder,
    RecordCheckpoint,
    RecordOutage,
    RecordRefundPaid,
    ShipParcel,
    UndoReceipt,
)
from fairhold.domain.deadlines import fire, soonest
from fairhold.domain.events import Event, ReceiptConfirmed
from fairhold.domain.evolve import evolve
from fairhold.domain.guards import check
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.rules import checkout, receipt, shipping, support

Decision = tuple[Event, ...] | Refusal

_RULES: dict[type[Command], Callable[[Order, Any, Actor, Instant], Decision]] = {
    Pay: checkout.pay,
    CancelOrder: checkout.cancel,
    ShipParcel: shipping.ship,
    RecordCheckpoint: shipping.record_checkpoint,
    ConfirmReceipt: receipt.confirm_receipt,
    UndoReceipt: receipt.undo_receipt,
    ExtendProtection: shipping.extend_protection,
    AskExtension: shipping.ask_extension,
    AnswerExtension: shipping.answer_extension,
    RecordOutage: support.record_outage,
    RecordRefundPaid: support.record_refund_paid,
    ApplyDeadlines: lambda order, command, actor, now: (),
}

_MOST_AT_ONCE = 10_000
"""More deadlines than any order can have: reaching it means that firing one does not move time on."""


def due(order: Order, now: Instant) -> tuple[Event, ...]:
    """What has come due on the order by `now`, in order, each at its own time; a deadline at exactly `now` is due."""
    events, _ = _apply_due(order, now)
    return events


def as_of(order: Order, now: Instant) -> Order:
    """The order as it is at `now`, whether or not a sweep has come by."""
    _, current = _apply_due(order, now)
    return current


def _apply_due(order: Order, now: Instant) -> tuple[tuple[Event, ...], Order]:
    deadline = soonest(order)
    events: list[Event] = []
    while deadline is not None and deadline.at <= now:
        if len(events) >= _MOST_AT_ONCE:
            raise AssertionError(f"firing deadlines of {order.id} does not move time on")
        event = fire(order, deadline)
        events.append(event)
        order = evolve(order, event)
        deadline = soonest(order)
    return tuple(events), order


def decide(
    order: Order | None, command: Command, actor: Actor, now: Instant, new_id: OrderId | None = None
) -> Decision:
    """Answer `command`: the events that happen, deadlines due by `now` first, or one refusal and nothing else.

    A refusal leaves what was due to whoever comes next: it is dated with its own time and comes out the same. An
    outage is noted before what came due in it, since it moves exactly that.
    """
    if isinstance(command, PlaceOrder):
        if new_id is None:
            raise ValueError("placing an order takes a fresh id")
        return checkout.place_order(command, actor, now, new_id)
    if order is None:
        return Refusal(Reason.NOT_FOUND)
    if isinstance(command, RecordOutage):
        return _decide_outage(order, command, actor, now)
    overdue, current = _apply_due(order, now)
    decision = check(current, command, actor, now) or _RULES[type(command)](current, command, actor, now)
    if isinstance(decision, Refusal):
        return decision
    return (*overdue, *decision, *_paid_at_once(current, decision, now))


def _paid_at_once(order: Order, decision: tuple[Event, ...], now: Instant) -> tuple[Event, ...]:
    """The release that a confirmation brings with it where no undo window holds the money back."""
    confirmed = decision[-1] if decision else None
    if not isinstance(confirmed, ReceiptConfirmed) or confirmed.settles_at > now:
        return ()
    return due(evolve(order, confirmed), now)


def _decide_outage(order: Order, command: RecordOutage, actor: Actor, now: Instant) -> Decision:
    earlier, current = _apply_due(order, Instant(command.start - 1))
    decision = check(current, command, actor, now) or support.record_outage(current, command, actor, now)
    if isinstance(decision, Refusal):
        return decision
    for event in decision:
        current = evolve(current, event)
    overdue, _ = _apply_due(current, now)
    return (*earlier, *decision, *overdue)
