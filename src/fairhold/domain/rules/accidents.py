"""«I confirmed by accident»: the buyer says so, support answers, and by policy the money waits for that (S16)."""

from fairhold.domain.actors import Actor
from fairhold.domain.conditions import awaiting_support, reportable, why_not_reportable
from fairhold.domain.events import Event
from fairhold.domain.instants import Instant, after
from fairhold.domain.order import Order, Portion
from fairhold.domain.portions import chosen, left_of, shared
from fairhold.domain.reasons import Refusal
from fairhold.domain.spans import Span
from fairhold.domain.status import ceiling_of
from fairhold.domain.support_commands import DeclineAccident, ReportAccident
from fairhold.domain.support_events import AccidentDeclined, AccidentReported


def report_accident(order: Order, command: ReportAccident, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """Support owes an answer, at the latest when the first of the money leaves; by policy it stays here meanwhile."""
    spans = reported_spans(order, command)
    if isinstance(spans, Refusal):
        return spans
    kept = kept_until(order, now)
    leaving = [
        (Span(portion.line, first, last - first), portion.settles_at or now)
        for portion, first, last, _ in shared(order, spans)
    ]
    settles = tuple((span, kept) for span, settles_at in leaving if kept > settles_at)
    leaves = min(max(settles_at, kept) for _, settles_at in leaving)
    due = min(after(now, order.terms.accident_answer), leaves)
    amount = left_of(order, spans)
    return (
        AccidentReported(
            at=now, by=str(actor), spans=spans, amount=amount, due=due, settles=settles, text=command.text
        ),
    )


def reported_spans(order: Order, command: ReportAccident) -> tuple[Span, ...] | Refusal:
    """The units that the command means: all that can be reported where it names no line."""
    if not command.lines:
        return tuple(portion.span for portion in order.portions if reportable(order, portion))
    return chosen(order, command.lines, lambda portion: reportable(order, portion), why_not_reportable)


def kept_until(order: Order, now: Instant) -> Instant:
    """Until when a report made now keeps money here that would leave before: `now` where the policy keeps none."""
    until, ceiling = after(now, order.terms.accident_freeze), ceiling_of(order)
    return until if ceiling is None else max(now, min(until, ceiling))


def decline_accident(order: Order, command: DeclineAccident, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """Support says no: the money leaves when it would have without the report, or now where that time is past."""
    settles = tuple(
        (portion.span, _would_have_left(portion, now)) for portion in order.portions if awaiting_support(portion)
    )
    return (AccidentDeclined(at=now, by=str(actor), settles=settles, reasons=command.reasons),)


def _would_have_left(portion: Portion, now: Instant) -> Instant:
    return max(now, portion.kept_since or portion.settles_at or now)
