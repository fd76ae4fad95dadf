"""Many simulations, side by side on the processors there are."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count
from multiprocessing import get_context

from fairhold.simulation.coverage import KINDS, Counts
from fairhold.simulation.simulate import Failure, Report, simulate
from fairhold.simulation.watching import watched

EACH = 100
"""Lifecycles of one simulation: small enough to be read where it fails, large enough to be busy."""


class Sums:
    """What many simulations came across together."""

    def __init__(self) -> None:
        self.simulations = 0
        self.completed = 0
        self.seconds = 0.0
        self.counts: Counts = {kind: Counter() for kind in KINDS}
        self.failed: list[Report] = []
        self._hashes: dict[int, str] = {}

    def add(self, report: Report) -> None:
        """One more."""
        self.simulations += 1
        self.completed += report.completed
        self.seconds += report.seconds
        for kind, counted in report.counts.items():
            self.counts[kind].update(counted)
        self._hashes[report.seed] = report.event_hash
        if report.failure is not None:
            self.failed.append(report)

    @property
    def event_hash(self) -> str:
        """Of all of them, in the order of their seeds, whoever was done first."""
        text = "".join(f"{seed} {self._hashes[seed]}\n" for seed in sorted(self._hashes))
        return hashlib.sha256(text.encode()).hexdigest()


def portions(seed: int, lifecycles: int | None) -> Iterator[tuple[int, int]]:
    """(seed, lifecycles) of each simulation, seed after seed; without end where `lifecycles` is None."""
    left = lifecycles
    for one in count(seed):
        if left is not None and left <= 0:
            return
        yield one, EACH if left is None else min(EACH, left)
        left = None if left is None else left - EACH


def run(
    seed: int,
    lifecycles: int | None,
    workers: int,
    *,
    database: str | None = None,
    until: float | None = None,
    told: Callable[[Sums], None] = lambda sums: None,
) -> Sums:
    """Play them all, or until one fails, or until that time (`time.monotonic`) has come."""
    sums = Sums()
    todo = portions(seed, lifecycles)
    if workers == 1:
        for one, many in todo:
            sums.add(_play(one, many, database))
            told(sums)
            if sums.failed or _over(until):
                break
        return sums
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: set[Future[Report]] = set()
        while True:
            while len(running) < workers and not sums.failed and not _over(until):
                task = next(todo, None)
                if task is None:
                    break
                running.add(pool.submit(_play, *task, database))
            if not running:
                return sums
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                sums.add(future.result())
                told(sums)


def _over(until: float | None) -> bool:
    return until is not None and time.monotonic() >= until


def _play(seed: int, lifecycles: int, database: str | None) -> Report:
    return simulate(seed, lifecycles, watched=watched, database=database)


__all__ = ["EACH", "Failure", "Sums", "portions", "run"]
