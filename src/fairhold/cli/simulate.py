"""`fairhold simulate`."""

import os
import secrets
import time
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from fairhold.cli.stopping import CLEAN, FOUND_SOMETHING, Stop
from fairhold.cli.terminal import complaints, progress, say
from fairhold.simulation.coverage import KINDS, NEVER, missing
from fairhold.simulation.crowd import EACH, Sums, run
from fairhold.simulation.plan import Plan, read, turns, write
from fairhold.simulation.shrink import shrunk
from fairhold.simulation.simulate import Failure, Report, replay
from fairhold.simulation.watching import watched

_SHRINK_SECONDS = 120.0
_TITLES = {"events": "Events", "refusals": "Refusals", "mishaps": "Crashes and faults", "steps": "Steps"}
_SHOWN = 40
"""Turns of a history that are printed; all of it is in the file."""


def simulate(
    *,
    seed: Annotated[
        int | None,
        Parameter(help="Where chance begins. The same seed gives the same events; a fresh one when not given."),
    ] = None,
    lifecycles: Annotated[int, Parameter(help="How many orders run their course in all.")] = EACH,
    minutes: Annotated[
        float | None, Parameter(help="Go on for so long, seed after seed, however many orders that makes.")
    ] = None,
    workers: Annotated[
        int | None,
        Parameter(help="How many simulations run side by side; as many as there are processors when not given."),
    ] = None,
    every: Annotated[
        bool, Parameter(help="Fail where an event, a refusal or a crash point never came up.", negative="")
    ] = False,
    plan: Annotated[Path | None, Parameter(help="Play this plan again, which a failed simulation has written.")] = None,
    database: Annotated[
        str | None,
        Parameter(
            help="Simulate on this PostgreSQL database, three processes at a time, each simulation in a schema that is made and"
            " dropped. On SQLite in memory when not given."
        ),
    ] = None,
) -> int:
    """Run a whole marketplace on a virtual clock, with everything that can go wrong, and check the books after every step.

    The engine, the database, the sweeper and the courier are the real ones; people, carriers, banks and crashes are made
    up from the seed. Where something is wrong, the history is cut short and written to a file that --plan plays again.
    """
    if plan is not None:
        return _again(plan, database)
    chosen = secrets.randbelow(10**9) if seed is None else seed
    until = None if minutes is None else time.monotonic() + 60 * minutes
    count = None if minutes is not None else lifecycles
    say(f"Seed {chosen}.")
    side_by_side = 1 if database is not None else workers or os.cpu_count() or 1
    with progress("Simulating") as advance:
        sums = run(
            chosen,
            count,
            min(side_by_side, -(-lifecycles // EACH)) if count is not None else side_by_side,
            database=database,
            until=until,
            told=lambda sums: advance(sums.completed, count or sums.completed),
        )
    _show(sums)
    if sums.failed:
        _explain(sums.failed[0], database)
        return FOUND_SOMETHING
    lacking = missing(sums.counts, alone=database is None)
    for kind, names in lacking.items():
        say(f"{_TITLES[kind]} that never came up: {', '.join(names)}.")
    return FOUND_SOMETHING if every and lacking else CLEAN


def _show(sums: Sums) -> None:
    for kind in KINDS:
        say(f"\n{_TITLES[kind]}:")
        for name, count in sorted(sums.counts[kind].items()):
            say(f"  {count:>9,}  {name}")
    for name, why in NEVER.items():
        say(f"  {'never':>9}  {name}: {why}")
    say(f"\n{sums.completed:,} orders ran their course in {sums.simulations:,} simulations.")
    say(f"Event hash {sums.event_hash}.")


def _explain(report: Report, database: str | None) -> None:
    assert report.failure is not None, "it failed"
    console = complaints()
    console.print(f"\nSeed {report.seed} fails: {report.failure.error}", style="bold red")
    console.print(f"Cutting its {len(report.failure.plan.steps)} steps short…")
    short = shrunk(report.failure, partial(replay, watched=watched, database=database), _SHRINK_SECONDS)
    path = Path(f"simulation-{report.seed}.json")
    path.write_bytes(write(short.plan))
    _tell(short)
    console.print(f"\nTo play it again: fairhold simulate --plan {path}")


def _tell(failure: Failure) -> None:
    console = complaints()
    groups = turns(failure.plan.steps)
    console.print(f"{len(failure.plan.steps)} steps are left:")
    for turn in groups[-_SHOWN:]:
        for step in turn:
            console.print(f"  {step}")
    console.print(failure.error, style="bold red")


def _again(path: Path, database: str | None) -> int:
    try:
        found: Plan = read(path.read_bytes())
    except (OSError, msgspec.MsgspecError) as error:
        raise Stop(f"{path} is no plan that can be played: {error}.") from None
    report = replay(found, watched=watched, database=database)
    if report.failure is None:
        say(f"The plan of seed {report.seed} plays without a fault. Event hash {report.event_hash}.")
        return CLEAN
    _tell(report.failure)
    return FOUND_SOMETHING
