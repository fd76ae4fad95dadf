"""One simulation from a seed to its report."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

import structlog

from fairhold.engine.installation.settings import Settings
from fairhold.simulation.house import SECRET, House, Worlds
from fairhold.simulation.places import empty_place
from fairhold.simulation.plan import BEGINS, Plan, Setting, Step, turns
from fairhold.simulation.play import Play
from fairhold.simulation.schedule import Schedule, setting
from fairhold.simulation.witness import Witness
from fairhold.simulation.world import World

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


def simulate(
    seed: int, lifecycles: int, *, watched: Witnesses, database: str | None = None, world: Worlds = World
) -> Report:
    """Play a simulation until so many orders have run their course, in the simple world or in another."""
    chosen = setting(seed, processes=1 if database is None else 3)
    schedule = Schedule(chosen, lifecycles)
    return _played(chosen, schedule.turns, watched, database, world)


def replay(plan: Plan, *, watched: Witnesses, database: str | None = None) -> Report:
    """Play the steps of a plan."""
    return _played(plan.setting, lambda play: turns(plan.steps), watched, database)


def _played(
    chosen: Setting,
    made: Callable[[Play], Iterable[Sequence[Step]]],
    watched: Witnesses,
    database: str | None,
    world: Worlds = World,
) -> Report:
    began = time.perf_counter()
    with empty_place(database) as url, _unheard():
        settings = Settings(database=url, secret=SECRET, sandbox=True, batch=chosen.batch, policy=chosen.policy)
        house = House(chosen.seed, settings, BEGINS, chosen.processes, quiet=chosen.quiet, world=world)
        try:
            play, failure = _until_it_fails(house, chosen, made, watched)
        finally:
            house.close()
    seconds = time.perf_counter() - began
    return Report(chosen.seed, play.completed, play.event_hash, play.counts, seconds, failure)


def _until_it_fails(
    house: House, chosen: Setting, made: Callable[[Play], Iterable[Sequence[Step]]], watched: Witnesses
) -> tuple[Play, Failure | None]:
    play = Play(house, watched(house))
    played: list[Step] = []
    try:
        for turn in made(play):
            played += turn
            play.play(turn)
        play.finish()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
        return play, Failure(f"{type(error).__name__}: {error}", Plan(chosen, tuple(played)))
    return play, None


@contextmanager
def _unheard() -> Iterator[None]:
    """What processes log of mishaps that were brought about on purpose is nothing to read."""

    def drop(logger: Any, name: str, event: Any) -> NoReturn:
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[drop])
    try:
        yield
    finally:
        structlog.configure(**before)
