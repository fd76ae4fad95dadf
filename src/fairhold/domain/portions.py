"""Cutting lines into portions: which units a command means, and what they are worth."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator

import msgspec

from fairhold.domain.commands import LineQuantity
from fairhold.domain.ids import LineId
from fairhold.domain.money import unit_range_share
from fairhold.domain.order import Order, Portion, Span
from fairhold.domain.reasons import Reason, Refusal

MAX_PORTIONS = 500
"""Into how many parts an order may be cut: each costs whoever reads or writes it, and a quantity allows 100 000."""


def worth(order: Order, span: Span) -> int:
    """What these units are worth, shares of shipping, tax and discount included (minor units)."""
    line = order.line(span.line)
    if line is None:
        raise ValueError(f"{span.line} is no line of {order.id}")
    return unit_range_share(line.total, line.quantity, span.start, span.quantity)


def worth_of(order: Order, spans: Iterable[Span]) -> int:
    """What all these units are worth together."""
    return sum(worth(order, span) for span in spans)


class Found:
    """Spans that do not overlap, by line: which of them meet a stretch of units is found without looking at the rest.

    An order has up to thousands of portions, and spans come as many: going through all of one for each of the other
    would hold up everybody who waits behind this order.
    """

    def __init__(self, spans: Iterable[Span]) -> None:
        by_line: dict[LineId, list[Span]] = {}
        for span in spans:
            by_line.setdefault(span.line, []).append(span)
        self._spans = {line: sorted(found, key=_start) for line, found in by_line.items()}

    def meeting(self, stretch: Span) -> list[Span]:
        """Those that share a unit with `stretch`, by their start."""
        spans = self._spans.get(stretch.line)
        if spans is None:
            return []
        first = bisect_right(spans, stretch.start, key=_end)
        return spans[first : bisect_left(spans, stretch.start + stretch.quantity, key=_start)]


def _start(span: Span) -> int:
    return span.start


def _end(span: Span) -> int:
    return span.start + span.quantity


def rewrite(order: Order, spans: Iterable[Span], change: Callable[[Portion], Portion]) -> Order:
    """The order with `change` applied to exactly these units; portions are cut where a span ends inside one."""
    return rewrite_each(order, ((span, change) for span in spans))


def rewrite_each(order: Order, changes: Iterable[tuple[Span, Callable[[Portion], Portion]]]) -> Order:
    """As `rewrite`, with a change of its own for each span; no two spans overlap."""
    by_span = dict(changes)
    found = Found(by_span)
    portions: list[Portion] = []
    for portion in order.portions:
        met = found.meeting(portion.span)
        if met:
            portions.extend(_rewritten(order, portion, met, by_span))
        else:
            portions.append(portion)
    return msgspec.structs.replace(order, portions=tuple(portions))


def _rewritten(
    order: Order, portion: Portion, spans: list[Span], changes: dict[Span, Callable[[Portion], Portion]]
) -> Iterator[Portion]:
    done, end = portion.start, _end(portion.span)
    for span in spans:
        first, last = max(done, span.start), min(end, _end(span))
        if done < first:
            yield _cut(order, portion, done, first)
        yield changes[span](_cut(order, portion, first, last))
        done = last
    if done < end:
        yield _cut(order, portion, done, end)


def _cut(order: Order, portion: Portion, start: int, end: int) -> Portion:
    if start == portion.start and end == portion.start + portion.quantity:
        return portion
    amount = worth(order, Span(portion.line, start, end - start))
    return msgspec.structs.replace(portion, start=start, quantity=end - start, amount=amount)


def overlapping(order: Order, spans: Iterable[Span], wanted: Callable[[Portion], bool]) -> tuple[Span, ...]:
    """Those units of `spans` whose portion is `wanted`, as the portions lie."""
    found = Found(spans)
    return tuple(
        Span(portion.line, first, last - first)
        for portion in order.portions
        if wanted(portion)
        for span in found.meeting(portion.span)
        if (first := max(portion.start, span.start)) < (last := min(_end(portion.span), _end(span)))
    )


def chosen(
    order: Order,
    lines: tuple[LineId | LineQuantity, ...],
    wanted: Callable[[Portion], bool],
    why_not: Callable[[Order, LineId], Reason],
    *,
    preferred: Callable[[Portion], tuple[bool, int]] = lambda portion: (False, portion.start),
) -> tuple[Span, ...] | Refusal:
    """The units that `lines` name, out of portions that are `wanted`; the `preferred` (lowest) first where a part is asked for.

    Refuses an unknown line, a line named twice, a line with nothing to take (`why_not` says the reason), a quantity
    above what can be taken, and one that would cut an order in too many parts, each with the field at fault. What is
    taken whole cuts nothing: nobody is ever kept from that.
    """
    spans: list[Span] = []
    parts = len(order.portions)
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
        taken = tuple(_taken(open_portions, quantity if quantity is not None else available))
        parts += taken[-1] != open_portions[len(taken) - 1].span
        if parts > max(MAX_PORTIONS, len(order.portions)):
            return Refusal(Reason.TOO_MANY_PARTS, f"lines[{position}].quantity", MAX_PORTIONS)
        spans.extend(taken)
    return tuple(spans)


def _taken(portions: list[Portion], quantity: int) -> Iterable[Span]:
    for portion in portions:
        count = min(portion.quantity, quantity)
        if count == 0:
            return
        quantity -= count
        yield Span(portion.line, portion.start, count)
