"""Cutting lines into portions: which units a command means, and what they are worth."""

from collections.abc import Callable, Iterable

import msgspec

from fairhold.domain.commands import LineQuantity
from fairhold.domain.ids import LineId
from fairhold.domain.money import unit_range_share
from fairhold.domain.order import Order, Portion, Span
from fairhold.domain.reasons import Reason, Refusal


def worth(order: Order, span: Span) -> int:
    """What these units are worth, shares of shipping, tax and discount included (minor units)."""
    line = order.line(span.line)
    if line is None:
        raise ValueError(f"{span.line} is no line of {order.id}")
    return unit_range_share(line.total, line.quantity, span.start, span.quantity)


def worth_of(order: Order, spans: Iterable[Span]) -> int:
    """What all these units are worth together."""
    return sum(worth(order, span) for span in spans)


def rewrite(order: Order, spans: Iterable[Span], change: Callable[[Portion], Portion]) -> Order:
    """The order with `change` applied to exactly these units; portions are cut where a span ends inside one."""
    portions = list(order.portions)
    for span in spans:
        portions = [piece for portion in portions for piece in _rewritten(order, portion, span, change)]
    return msgspec.structs.replace(order, portions=tuple(portions))


def _rewritten(order: Order, portion: Portion, span: Span, change: Callable[[Portion], Portion]) -> list[Portion]:
    start = max(portion.start, span.start)
    end = min(portion.start + portion.quantity, span.start + span.quantity)
    if portion.line != span.line or start >= end:
        return [portion]
    pieces = []
    if portion.start < start:
        pieces.append(_cut(order, portion, portion.start, start))
    pieces.append(change(_cut(order, portion, start, end)))
    if end < portion.start + portion.quantity:
        pieces.append(_cut(order, portion, end, portion.start + portion.quantity))
    return pieces


def _cut(order: Order, portion: Portion, start: int, end: int) -> Portion:
    if start == portion.start and end == portion.start + portion.quantity:
        return portion
    amount = worth(order, Span(portion.line, start, end - start))
    return msgspec.structs.replace(portion, start=start, quantity=end - start, amount=amount)


def overlapping(order: Order, spans: Iterable[Span], wanted: Callable[[Portion], bool]) -> tuple[Span, ...]:
    """Those units of `spans` whose portion is `wanted`."""
    found = []
    for span in spans:
        for portion in order.portions:
            start = max(portion.start, span.start)
            end = min(portion.start + portion.quantity, span.start + span.quantity)
            if portion.line == span.line and start < end and wanted(portion):
                found.append(Span(portion.line, start, end - start))
    return tuple(found)


def chosen(
    order: Order,
    lines: tuple[LineId | LineQuantity, ...],
    wanted: Callable[[Portion], bool],
    why_not: Callable[[Order, LineId], Reason],
    *,
    preferred: Callable[[Portion], tuple[bool, int]] = lambda portion: (False, portion.start),
) -> tuple[Span, ...] | Refusal:
    """The units that `lines` name, out of portions that are `wanted`; the `preferred` (lowest) first where a part is asked for.

    Refuses an unknown line, a line named twice, a line with nothing to take (`why_not` says the reason), and a
    quantity above what can be taken, each with the field at fault.
    """
    spans: list[Span] = []
    seen: set[LineId] = set()
    for position, item in enumerate(lines):
        name, quantity = (item.id, item.quantity) if isinstance(item, LineQuantity) else (item, None)
        if order.line(name) is None:
            return Refusal(Reason.UNKNOWN_LINE, f"lines[{position}]")
        if name in seen:
            return Refusal(Reason.DUPLICATE_LINE, f"lines[{position}]")
        seen.add(name)
        open_portions = sorted(
            (portion for portion in order.portions if portion.line == name and wanted(portion)), key=preferred
        )
        available = sum(portion.quantity for portion in open_portions)
        if available == 0:
            return Refusal(why_not(order, name), f"lines[{position}]")
        if quantity is not None and quantity > available:
            return Refusal(Reason.QUANTITY_TOO_LARGE, f"lines[{position}].quantity", available)
        spans.extend(_taken(open_portions, quantity if quantity is not None else available))
    return tuple(spans)


def _taken(portions: list[Portion], quantity: int) -> Iterable[Span]:
    for portion in portions:
        count = min(portion.quantity, quantity)
        if count == 0:
            return
        quantity -= count
        yield Span(portion.line, portion.start, count)
