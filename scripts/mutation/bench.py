"""Runs tests against one mutant after another, the quickest tests that come by the fault first."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from scripts.mutation.anew import Anew
from scripts.mutation.children import GRACE, PATIENCE, Verdict, gently, in_child, run_items
from scripts.mutation.faults import NONE, Fault
from scripts.mutation.planting import put_into_memory
from scripts.mutation.reaching import Reached, measure


class Bench:
    """A plugin of pytest that, instead of running the tests once, runs them against mutants."""

    def __init__(self, faults: Sequence[Fault], told: Callable[[Fault, Verdict], bool], kept: Path, anew: Anew) -> None:
        self.faults, self.told, self.kept, self.anew = faults, told, kept, anew

    def pytest_collection(self) -> None:
        """Pytest's: the tests are about to be imported."""
        gently()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Find which tests come by which lines, then let each mutant meet its tests, as long as `told` wants more."""
        items = {item.nodeid: item for item in session.items}
        reached = self._reached(session)
        coming: dict[tuple[str, int], list[str]] = defaultdict(list)
        for name in sorted(reached.seconds, key=lambda one: reached.seconds[one]):
            for place in reached.lines[name]:
                coming[place].append(name)
        quick = sorted(reached.seconds, key=lambda one: reached.seconds[one])
        killers: dict[str, list[str]] = defaultdict(list)
        self._check(session, quick)
        for fault in self.faults:
            names = self._meeting(fault, coming, quick, killers[fault.file])
            seconds = GRACE + PATIENCE * sum(reached.seconds[name] for name in names)
            verdict = Verdict("not reached")
            if names and fault.function is not None:
                verdict = in_child(partial(_meet, session, fault, [items[name] for name in names]), seconds)
            if verdict.outcome in ("survived", "not reached") or verdict.by == "cannot":
                # What tests had made of the module before the fault was planted may have hidden it; or it is no function's.
                verdict = self.anew.meet(fault, names or quick, seconds)
            if verdict.outcome == "killed" and verdict.by in items:
                killers[fault.file] = [verdict.by, *(one for one in killers[fault.file] if one != verdict.by)][:8]
            if not self.told(fault, verdict):
                break
        return True

    def _check(self, session: pytest.Session, names: list[str]) -> None:
        """Without a fault nothing may fail, in either way of planting: else every fault would seem to be noticed."""
        items = {item.nodeid: item for item in session.items}
        seconds = GRACE + PATIENCE * 600
        none = Fault(self.faults[0].file, NONE, 1, (1, 1), None, "no fault")
        for verdict in (
            in_child(lambda: run_items(session, [items[one] for one in names]), seconds),
            self.anew.meet(none, names, seconds),
        ):
            assert verdict.outcome == "survived", f"without a fault: {verdict}"

    def _meeting(
        self, fault: Fault, coming: dict[tuple[str, int], list[str]], quick: list[str], killers: list[str]
    ) -> list[str]:
        """The tests that may notice, first those that lately noticed something in this module."""
        if fault.function is None:
            names = quick
        else:
            found = {name for line in range(fault.lines[0], fault.lines[1] + 1) for name in coming[fault.file, line]}
            names = [name for name in quick if name in found]
        first = [name for name in killers if name in set(names)]
        return [*first, *(name for name in names if name not in set(first))]

    def _reached(self, session: pytest.Session) -> Reached:
        if not self.kept.exists():
            in_child(lambda: measure(session, self.kept), 3600)
        seconds, lines = json.loads(self.kept.read_text(encoding="utf-8"))
        return Reached(seconds, {name: {(file, line) for file, line in places} for name, places in lines.items()})


def _meet(session: pytest.Session, fault: Fault, items: Sequence[pytest.Item]) -> str:
    return run_items(session, items) if put_into_memory(fault) else "cannot"
