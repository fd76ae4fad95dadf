"""Cutting a failing plan short: as few deals and steps as still fail in the same way (delta debugging)."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from fairhold.simulation.plan import Kind, Plan, Step
from fairhold.simulation.simulate import Failure, Report

T = TypeVar("T")


def shrunk(failure: Failure, again: Callable[[Plan], Report], seconds: float) -> Failure:
    """The shortest history found within so many seconds that goes wrong in the same way."""
    return _Shrinking(failure, again, time.monotonic() + seconds).run()


class _Shrinking:
    def __init__(self, failure: Failure, again: Callable[[Plan], Report], until: float) -> None:
        self._best = failure
        self._again = again
        self._until = until
        self._kind = kind_of(failure)

    def run(self) -> Failure:
        deals = sorted({step.deal for step in self._best.plan.steps if step.deal >= 0})
        self._cut(deals, lambda kept: [step for step in self._steps if step.deal < 0 or step.deal in kept])
        # What happens by itself first, then what people ask: orders that nobody places need no steps.
        for kinds in (frozenset(Kind) - {Kind.PLACE, Kind.ASK}, frozenset(Kind)):
            steps = self._steps
            about = [place for place, step in enumerate(steps) if step.kind in kinds]
            rest = {place for place, step in enumerate(steps) if step.kind not in kinds}
            self._cut(
                about,
                lambda kept, steps=steps, rest=rest: [  # type: ignore[misc]  # bound at once
                    step for place, step in enumerate(steps) if place in kept or place in rest
                ],
            )
        return self._best

    @property
    def _steps(self) -> tuple[Step, ...]:
        return self._best.plan.steps

    def _cut(self, things: list[T], steps: Callable[[set[T]], Sequence[Step]]) -> None:
        """Leave out as many of these as can be, half of them at a time, then fewer (Zeller's ddmin)."""
        size = max(1, len(things) // 2)
        while things and time.monotonic() < self._until:
            smaller = False
            for start in range(0, len(things), size):
                kept = things[:start] + things[start + size :]
                if self._fails(steps(set(kept))):
                    things, smaller = kept, True
                    break
            if not smaller:
                if size == 1:
                    return
                size = max(1, size // 2)

    def _fails(self, steps: Sequence[Step]) -> bool:
        if time.monotonic() >= self._until:
            return False
        report = self._again(Plan(self._best.plan.setting, tuple(steps)))
        if report.failure is None or kind_of(report.failure) != self._kind:
            return False
        self._best = report.failure
        return True


def kind_of(failure: Failure) -> str:
    """What makes two failures the same one: the error without the names and figures in it."""
    return "".join(letter for letter in failure.error.split("\n")[0][:60] if not letter.isdigit())
