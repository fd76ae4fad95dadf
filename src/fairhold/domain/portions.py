"""Cutting lines into portions: which units a command means, and what they are worth."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

import msgspec

from fairhold.domain.commands import LineQuantity
from fairhold.domain.ids import LineId
from fairhold.domain.money import unit_range_share
from fairhold.domain.order import Order, Portion
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.spans import Span

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


def left_of(order: Order, spans: Iterable[Span]) -> int:
    """What of these units' worth is still the order's: the rest the buyer's bank took (minor units)."""
    if not order.chargebacks:
        return worth_of(order, spans)
    return sum(left for _, _, _, left in shared(order, spans))


_FEW = 4
"""Up to so many, looking at each is faster than searching."""

Placed = TypeVar("Placed")


class Stretches(Generic[Placed]):
    """Stretches of units that do not overlap, by line, each with what belongs to it.

    Which of them meet a stretch is found without looking at the rest: an order has up to thousands of portions, and spans
    come as many. Going through all of one for each of the other would hold up everybody who waits behind this order.
    """

    def __init__(self, placed: Iterable[tuple[Span, Placed]]) -> None:
        self._by_line: dict[LineId, list[tuple[int, int, Placed]]] = {}
        for span, what in placed:
            entry = (span.start, span.start + span.quantity, what)
            self._by_line.setdefault(span.line, []).append(entry)
        for entries in self._by_line.values():
            if len(entries) > 1:
                entries.sort(key=_start)

    def meeting(self, line: LineId, start: int, end: int) -> list[tuple[int, int, Placed]]:
        """Start, end and what belongs to it of those that share a unit with the line's units from `start` up to `end`."""
        entries = self._by_line.get(line)
        if entries is None:
            return []
        if len(entries) <= _FEW:
            return [entry for entry in entries if entry[0] < end and entry[1] > start]
        first = bisect_right(entries, start, key=_end)
        return entries[first : bisect_left(entries, end, key=_start)]


def _start(entry: tuple[int, int, Placed]) -> int:
    return entry[0]


def _end(entry: tuple[int, int, Placed]) -> int:
    return entry[1]


class Found:
    """Spans that do not overlap, by line."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._stretches = Stretches((span, span) for span in spans)

    def meeting(self, stretch: Span) -> list[Span]:
        """Those that share a unit with `stretch`, by their start."""
        return [span for _, _, span in self._stretches.meeting(stretch.line, stretch.start, _after(stretch))]


def _after(stretch: Span | Portion) -> int:
    return stretch.start + stretch.quantity


def rewrite(order: Order, spans: Iterable[Span], change: Callable[[Portion], Portion]) -> Order:
    """The order with `change` applied to exactly these units; portions are cut where a span ends inside one."""
    return rewrite_each(order, [(span, change) for span in spans])


def rewrite_each(order: Order, changes: Iterable[tuple[Span, Callable[[Portion], Portion]]]) -> Order:
    """As `rewrite`, with a change of its own for each span; no two spans overlap."""
    stretches = Stretches(changes)
    portions: list[Portion] = []
    for portion in order.portions:
        met = stretches.meeting(portion.line, portion.start, _after(portion))
        if met:
            portions.extend(_rewritten(order, portion, met))
        else:
            portions.append(portion)
    return msgspec.structs.replace(order, portions=tuple(portions))


def _rewritten(
    order: Order, portion: Portion, met: list[tuple[int, int, Callable[[Portion], Portion]]]
) -> list[Portion]:
    done, end = portion.start, _after(portion)
    parts: list[Portion] = []
    for start, until, change in met:
        first, last = max(done, start), min(end, until)
        if done < first:
            parts.append(_cut(order, portion, done, first))
        parts.append(change(_cut(order, portion, first, last)))
        done = last
    if done < end:
        parts.append(_cut(order, portion, done, end))
    return parts


def _cut(order: Order, portion: Portion, start: int, end: int) -> Portion:
    if start == portion.start and end == _after(portion):
        return portion
    amount = worth(order, Span(portion.line, start, end - start))
    charged = _charged(order, portion, start, amount)
    return msgspec.structs.replace(portion, start=start, quantity=end - start, amount=amount, charged=charged)


def _charged(order: Order, portion: Portion, start: int, amount: int) -> int:
    """What the bank took of units from `start` on that are worth `amount`: of a portion it takes the first units first.

    So a unit's share does not depend on how, or how often, its portion was cut.
    """
    if not portion.charged:
        return 0
    before = worth(order, Span(portion.line, portion.start, start - portion.start)) if start > portion.start else 0
    return min(max(portion.charged - before, 0), amount)


def shared(order: Order, spans: Iterable[Span]) -> Iterator[tuple[Portion, int, int, int]]:
    """Every portion that shares units with `spans`: from which to which unit, and what is left of their worth (minor units)."""
    stretches = Stretches((span, None) for span in spans)
    for portion in order.portions:
        end = _after(portion)
        for start, until, _ in stretches.meeting(portion.line, portion.start, end):
            first, last = max(portion.start, start), min(end, until)
            whole = first == portion.start and last == end
            if whole:
                yield portion, first, last, portion.left
            else:
                amount = worth(order, Span(portion.line, first, last - first))
                yield portion, first, last, amount - _charged(order, portion, first, amount)


def overlapping(order: Order, spans: Iterable[Span], wanted: Callable[[Portion], bool]) -> tuple[Span, ...]:
    """Those units of `spans` whose portion is `wanted`, as the portions lie."""
    return tuple(
        Span(portion.line, first, last - first) for portion, first, last, _ in shared(order, spans) if wanted(portion)
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
