"""What confirming would do, before it is done: the sums and dates of the second step (S7, S13), and the advice of S36."""

import msgspec

from fairhold.domain.commands import ConfirmReceipt, LineQuantity
from fairhold.domain.conditions import confirmable, why_not_confirmable
from fairhold.domain.deadlines import deadlines
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Line, Order
from fairhold.domain.portions import Found, left_of, overlapping
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.rules.receipt import confirmed_spans, settling_until
from fairhold.domain.settlement import net_of
from fairhold.domain.spans import Span


class Confirmed(msgspec.Struct, frozen=True, gc=False):
    """One line's part in a confirmation: how many units, worth how much (minor units)."""

    line: LineId
    quantity: int
    amount: int


class Consequence(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What confirming `lines` now does.

    `in_transit`: some of it is still on its way; `otherwise_at`: when it would happen by itself.
    """

    lines: tuple[Confirmed, ...]
    amount: int
    fee: int
    net: int
    settles_at: Instant
    undo_until: Instant
    in_transit: bool
    otherwise_at: Instant | None
    still_held: int
    still_protected_until: Instant | None


def of_confirming(order: Order, lines: tuple[LineId | LineQuantity, ...], now: Instant) -> Consequence | Refusal:
    """The consequence of confirming `lines`, or the refusal that confirming them would meet."""
    if not any(confirmable(order, portion) for portion in order.portions):
        return Refusal(why_not_confirmable(order))
    if not lines:
        return Refusal(Reason.NOTHING_SELECTED, "lines")
    spans = confirmed_spans(order, ConfirmReceipt(lines=lines, acknowledged=True))
    if isinstance(spans, Refusal):
        return spans
    gross, fee, net = net_of(order, spans)
    settles_at = settling_until(order, now)
    rest = _rest(order, spans)
    return Consequence(
        lines=_by_line(order, spans),
        amount=gross,
        fee=fee,
        net=net,
        settles_at=settles_at,
        undo_until=settles_at,
        in_transit=bool(overlapping(order, spans, lambda portion: portion.window_ends is None)),
        otherwise_at=_otherwise(order, spans),
        still_held=left_of(order, rest),
        still_protected_until=_otherwise(order, rest),
    )


def _by_line(order: Order, spans: tuple[Span, ...]) -> tuple[Confirmed, ...]:
    found: dict[LineId, Confirmed] = {}
    for span in spans:
        before = found.get(span.line, Confirmed(span.line, 0, 0))
        found[span.line] = Confirmed(
            span.line, before.quantity + span.quantity, before.amount + left_of(order, (span,))
        )
    return tuple(found.values())


def _rest(order: Order, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Confirmable units that are not among `spans`."""
    found = Found(spans)
    rest: list[Span] = []
    for portion in order.portions:
        if not confirmable(order, portion):
            continue
        start = portion.start
        for span in found.meeting(portion.span):
            if span.start > start:
                rest.append(Span(portion.line, start, span.start - start))
            start = max(start, span.start + span.quantity)
        if start < portion.start + portion.quantity:
            rest.append(Span(portion.line, start, portion.start + portion.quantity - start))
    return tuple(rest)


def _otherwise(order: Order, spans: tuple[Span, ...]) -> Instant | None:
    """When the first of these units would change by itself."""
    mine = Found(spans)
    for deadline in deadlines(order):
        if any(mine.meeting(span) for span in deadline.spans):
            return deadline.at
    return None


def try_first(order: Order, line: Line) -> bool:
    """S36: whether the buyer is advised to try these goods before confirming, by their category or their price."""
    if line.category is not None and line.category in order.terms.try_first_categories:
        return True
    return order.terms.try_first_from is not None and line.unit_price >= order.terms.try_first_from
