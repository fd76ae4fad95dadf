"""One simulation from a seed to its report."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, NoReturn

import structlog

from fairhold.engine.settings import Settings
from fairhold.simulation.house import SECRET, House, new_file
from fairhold.simulation.plan import BEGINS, Plan, Setting, Step, turns
from fairhold.simulation.play import Play
from fairhold.simulation.schedule import Schedule, setting
from fairhold.simulation.witness import Witness

Witnesses = Callable[[House], Witness]


class Failure(NamedTuple):
    """What went wrong, and the plan up to there."""

    error: str
    plan: Plan


class Report(NamedTuple):
    """What became of a simulation. `counts` by what is counted and by name."""

    seed: int
    completed: int
    event_hash: str
    counts: dict[str, Counter[str]]
    seconds: float
    failure: Failure | None = None


def simulate(seed: int, lifecycles: int, *, watched: Witnesses, database: str | None = None) -> Report:
    """Play a simulation until so many orders have run their course."""
    chosen = setting(seed, processes=1 if database is None else 3)
    schedule = Schedule(chosen, lifecycles)
    return _played(chosen, schedule.turns, watched, database)


def replay(plan: Plan, *, watched: Witnesses, database: str | None = None) -> Report:
    """Play the steps of a plan."""
    return _played(plan.setting, lambda play: turns(plan.steps), watched, database)


def _played(
    chosen: Setting,
    made: Callable[[Play], Iterable[Sequence[Step]]],
    watched: Witnesses,
    database: str | None,
) -> Report:
    began = time.perf_counter()
    settings = Settings(
        database=database or f"sqlite:///{new_file()}",
        secret=SECRET,
        sandbox=True,
        batch=chosen.batch,
        policy=chosen.policy,
        mail="console",
    )
    house = House(chosen.seed, settings, BEGINS, chosen.processes, quiet=chosen.quiet)
    played: list[Step] = []
    failure: Failure | None = None
    before = structlog.get_config()
    structlog.configure(processors=[_unheard])
    try:
        play = Play(house, watched(house))
        try:
            for turn in made(play):
                played += turn
                play.play(turn)
            play.witness.finish(play.done, play.latest)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
            failure = Failure(f"{type(error).__name__}: {error}", Plan(chosen, tuple(played)))
        return Report(chosen.seed, play.completed, play.event_hash, play.counts, time.perf_counter() - began, failure)
    finally:
        house.close()
        structlog.configure(**before)


def _unheard(logger: Any, name: str, event: Any) -> NoReturn:
    """What processes log of mishaps that were brought about on purpose is nothing to read."""
    raise structlog.DropEvent
