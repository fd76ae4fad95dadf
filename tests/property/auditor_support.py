"""The second model's part about support: what was reported and asked, unit by unit, moved by events alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from fairhold.domain import support_events as e
from fairhold.domain.actors import Role
from fairhold.domain.order import Order, Portion
from fairhold.domain.policy import Terms
from fairhold.domain.spans import Span

if TYPE_CHECKING:
    from tests.property.auditor import Unit

REPORTED, DECLINED = "reported", "declined"


@dataclass
class Desk:
    """What support knows of one order: when its answer is due, and whose answer to a request for more time."""

    due: int | None = None
    overdue: bool = False
    request_owner: Role | None = None
    request_due: int | None = None
    would_leave: dict[int, int] = field(default_factory=dict)
    """By unit (its identity): when its money would have left, where it was kept."""


class _Audits(Protocol):
    """What the other parts know."""

    units: dict[tuple[str, int], Unit]
    desk: Desk

    @property
    def _terms(self) -> Terms: ...
    def _of(self, spans: Iterable[Span]) -> list[Unit]: ...
    def _ceiling(self) -> int: ...


class AuditsSupport:
    """One method per event, and what must be true of the order afterwards."""

    def check_desk(self: _Audits, order: Order) -> None:
        """The order says the same as this model."""
        told = [
            portion.accident.value if portion.accident else None for portion in order.portions for _ in _units(portion)
        ]
        known = [self.units[str(portion.line), unit].accident for portion in order.portions for unit in _units(portion)]
        assert told == known, "the order and its events differ about what was reported"
        waiting = any((unit.state, unit.accident) == ("confirmed", REPORTED) for unit in self.units.values())
        if not waiting:
            self.desk.due, self.desk.overdue = None, False
        said = None if order.accident is None else (order.accident.due, order.accident.overdue)
        assert said == ((self.desk.due, self.desk.overdue) if waiting else None)
        request = order.extension_request
        if request is None:
            self.desk.request_owner = self.desk.request_due = None
        else:
            assert (request.owner, request.due) == (self.desk.request_owner, self.desk.request_due)

    def _AccidentReported(self: _Audits, event: e.AccidentReported) -> None:  # noqa: N802
        assert event.by.startswith("buyer:"), "S16: the buyer confirmed, and the buyer says so"
        units = self._of(event.spans)
        assert event.amount == sum(unit.left for unit in units)
        kept = min(event.at + self._terms.accident_freeze, self._ceiling())
        for unit in units:
            assert (unit.state, unit.accident) == ("confirmed", None)
            assert unit.settles_at is not None
            assert event.at < unit.settles_at, "the money has left"
            unit.accident = REPORTED
            if kept > unit.settles_at:
                self.desk.would_leave[id(unit)] = unit.settles_at
                unit.settles_at = kept
        stretches = [span for span, _ in event.settles]
        moved = self._of(stretches) if stretches else []
        assert {id(unit) for unit in moved} == {id(unit) for unit in units if id(unit) in self.desk.would_leave}
        assert all(until == kept for _, until in event.settles)
        first = min(unit.settles_at for unit in units if unit.settles_at is not None)
        assert event.due == min(event.at + self._terms.accident_answer, first)
        self.desk.due = event.due if self.desk.due is None else min(self.desk.due, event.due)

    def _AccidentOverdue(self: _Audits, event: e.AccidentOverdue) -> None:  # noqa: N802
        assert (event.at, event.by, self.desk.overdue) == (self.desk.due, "system", False)
        self.desk.overdue = True

    def _AccidentDeclined(self: _Audits, event: e.AccidentDeclined) -> None:  # noqa: N802
        assert event.by.startswith("support:") or (event.by.startswith("operator:") and self.desk.overdue)
        answered = self._of(span for span, _ in event.settles)
        waiting = [unit for unit in self.units.values() if (unit.state, unit.accident) == ("confirmed", REPORTED)]
        assert {id(unit) for unit in answered} == {id(unit) for unit in waiting}
        for span, settles_at in event.settles:
            for unit in self._of([span]):
                would = self.desk.would_leave.pop(id(unit), unit.settles_at)
                assert would is not None
                assert settles_at == max(event.at, would), "a no leaves the money where it was"
                unit.accident, unit.settles_at = DECLINED, settles_at

    def _ExtensionPassedOn(self: _Audits, event: e.ExtensionPassedOn) -> None:  # noqa: N802
        assert (event.at, event.by) == (self.desk.request_due, "system")
        if self.desk.request_owner is Role.SELLER:
            assert (event.to, event.due) == (Role.SUPPORT, event.at + self._terms.extension_answer)
        else:
            assert (self.desk.request_owner, event.to, event.due) == (Role.SUPPORT, Role.OPERATOR, None)
        self.desk.request_owner, self.desk.request_due = event.to, event.due


def _units(portion: Portion) -> range:
    return range(portion.start, portion.start + portion.quantity)
