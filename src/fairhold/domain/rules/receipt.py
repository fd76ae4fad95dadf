"""Confirming receipt, in two steps and never by accident (S6, S10–S14), and taking it back (S16)."""

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import ConfirmReceipt, UndoReceipt
from fairhold.domain.conditions import confirmable, undoable, why_not_confirmable, why_not_undoable
from fairhold.domain.events import Event, ReceiptConfirmed, ReceiptUndone
from fairhold.domain.instants import Instant, after
from fairhold.domain.order import Order
from fairhold.domain.portions import Found, chosen, left_of
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.restoring import restoring
from fairhold.domain.spans import Span
from fairhold.domain.status import ceiling_of


def confirm_receipt(order: Order, command: ConfirmReceipt, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """Confirm the named portions; the hold on each settles once the undo window has passed."""
    if not command.lines:
        return Refusal(Reason.NOTHING_SELECTED, "lines")
    if not command.acknowledged:
        return Refusal(Reason.CONSEQUENCE_NOT_ACKNOWLEDGED, "acknowledged")
    spans = confirmed_spans(order, command)
    if isinstance(spans, Refusal):
        return spans
    settles_at = settling_until(order, now)
    return (ReceiptConfirmed(at=now, by=str(actor), spans=spans, amount=left_of(order, spans), settles_at=settles_at),)


def confirmed_spans(order: Order, command: ConfirmReceipt) -> tuple[Span, ...] | Refusal:
    """The units that the command means; delivered ones before those still travelling where only a part is confirmed."""
    return chosen(
        order,
        command.lines,
        lambda portion: confirmable(order, portion),
        why_not_confirmable,
        preferred=lambda portion: (portion.window_ends is None, portion.start),
    )


def settling_until(order: Order, now: Instant) -> Instant:
    """When the money of a confirmation made now is released: after the undo window, within the provider's ceiling."""
    settles_at = after(now, order.terms.settlement_delay)
    ceiling = ceiling_of(order)
    return settles_at if ceiling is None else max(now, min(settles_at, ceiling))


def undo_receipt(order: Order, command: UndoReceipt, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """Take a confirmation back: the time that was left comes back, at least 72 h of it (S16)."""
    if not command.lines:
        return Refusal(Reason.NOTHING_SELECTED, "lines")
    spans = chosen(order, command.lines, lambda portion: undoable(order, portion, actor, now), why_not_undoable)
    if isinstance(spans, Refusal):
        return spans
    found = Found(spans)
    minimum = order.terms.undo_minimum
    restored = tuple(
        restoring(order, portion, span, since=portion.confirmed_at or now, now=now, minimum=minimum)
        for portion in order.portions
        for span in found.meeting(portion.span)
    )
    return (
        ReceiptUndone(
            at=now,
            by=str(actor),
            restored=restored,
            amount=left_of(order, spans),
            why=command.why,
            by_buyer=actor.role is Role.BUYER,
        ),
    )
