"""The simulator itself: what follows from a seed, what it comes across, and how it tells of what is wrong."""

from __future__ import annotations

import secrets
import sys
from collections import Counter
from pathlib import Path

import pytest

from fairhold.cli import simulate as command
from fairhold.domain.actors import PEOPLE
from fairhold.domain.dispute_guards import DISPUTE_GUARDS
from fairhold.domain.guards import GUARDS
from fairhold.domain.instants import Instant
from fairhold.domain.reasons import Reason
from fairhold.domain.review_guards import REVIEW_GUARDS
from fairhold.simulation import sensible
from fairhold.simulation.coverage import ALONE, NEVER, expected
from fairhold.simulation.crowd import EACH, portions, run
from fairhold.simulation.house import House
from fairhold.simulation.mishaps import MISHAPS, Crash, Mishaps, Point
from fairhold.simulation.plan import Kind, Plan, read, write
from fairhold.simulation.schedule import MISHAPS_OF, SPEAKING
from fairhold.simulation.shrink import kind_of, shrunk
from fairhold.simulation.simulate import Failure, Report, replay, simulate
from fairhold.simulation.watching import watched
from fairhold.simulation.witness import Witness

SEEDS: tuple[int, ...] = (13,)
"""Those that once found something, and the first one of all."""
SOURCE = Path(__file__).parents[2] / "src" / "fairhold"


class Objecting:
    """Watches as always, and objects to any order that `wrong` names by what happened to it."""

    def __init__(self, house: House, wrong: str) -> None:
        self._inner = watched(house)
        self._house = house
        self._wrong = wrong

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def finish(self, step: int, now: Instant) -> None:
        self._inner.finish(step, now)
        query = "SELECT count(*) FROM events WHERE type = ?"
        [(count,)] = self._house.store.tables().rows(query, self._wrong)
        assert not count, f"{self._wrong} happened"


def objecting(wrong: str) -> object:
    def made(house: House) -> Witness:
        return Objecting(house, wrong)  # type: ignore[return-value]  # the rest is passed on

    return made


def failure_of(report: Report) -> Failure:
    assert report.failure is not None, report
    return report.failure


def test_a_simulation_with_a_fresh_seed_finds_nothing_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    seed = secrets.randbelow(10**9)
    with capsys.disabled():
        sys.stdout.write(f"\nfairhold simulate --seed {seed} --lifecycles 25\n")
    sums = run(seed, 25, 1)
    assert not sums.failed, f"seed {seed}: {sums.failed[0].failure}"
    # Orders that are placed at once, sixteen at most, are lost together with a process that dies of it.
    assert sums.completed


def test_whatever_people_are_offered_somebody_in_the_simulation_does() -> None:
    """The names are those of `actions`; an outage is no action of an order, and the world tells of it."""
    offered = {guard.command.NAME for guard in GUARDS if guard.roles & PEOPLE} - {"record_outage"}
    assert offered == {*sensible.OF_ORDER, "review"}
    assert {guard.command.NAME for guard in DISPUTE_GUARDS if guard.roles & PEOPLE} == sensible.OF_DISPUTE.keys()
    assert {guard.command.NAME for guard in REVIEW_GUARDS} == {*sensible.OF_REVIEW, "revise_review"}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_that_once_found_something_finds_it_no_more(seed: int) -> None:
    assert simulate(seed, 12, watched=watched).failure is None


def test_the_same_seed_gives_the_same_events_and_another_gives_others() -> None:
    first, again = (simulate(11, 12, watched=watched) for _ in range(2))
    assert first.failure is None
    assert first[:4] == again[:4]
    assert simulate(12, 4, watched=watched).event_hash != first.event_hash


def test_a_failing_plan_plays_again_to_the_same_events_and_can_be_cut_short() -> None:
    report = simulate(13, 6, watched=objecting("order_cancelled"))  # type: ignore[arg-type]  # as above
    failed = failure_of(report)

    def again(plan: Plan) -> Report:
        return replay(plan, watched=objecting("order_cancelled"))  # type: ignore[arg-type]  # as above

    assert read(write(failed.plan)) == failed.plan
    assert again(failed.plan).event_hash == report.event_hash
    short = shrunk(failed, again, 100.0)
    assert kind_of(short) == kind_of(failed)
    assert len(short.plan.steps) < len(failed.plan.steps) / 10
    assert Kind.PLACE in {step.kind for step in short.plan.steps}


def test_a_failure_names_its_seed_and_the_command_that_repeats_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fairhold.simulation.crowd.watched", objecting("payment_received"))
    monkeypatch.setattr("fairhold.cli.simulate.watched", objecting("payment_received"))
    assert command.simulate(seed=14, lifecycles=8, workers=1) == 1
    told = capsys.readouterr().err
    assert "Seed 14 fails: AssertionError: payment_received happened" in told
    assert "fairhold simulate --plan simulation-14.json" in told
    assert command.simulate(plan=Path("simulation-14.json")) == 1


def test_seeds_and_orders_are_shared_out_among_simulations() -> None:
    assert list(portions(7, 2 * EACH + 1)) == [(7, EACH), (8, EACH), (9, 1)]


def test_every_crash_and_fault_can_strike_in_some_step() -> None:
    struck = {mishap.value for mishaps in (*MISHAPS_OF.values(), SPEAKING) for mishap in mishaps}
    assert struck == MISHAPS.keys()
    assert struck - ALONE == expected()["mishaps"]


@pytest.mark.parametrize("name", sorted(NEVER))
def test_what_cannot_come_up_is_refused_nowhere_below_the_faces(name: str) -> None:
    files = [path for floor in ("domain", "ledger", "engine", "gateways") for path in (SOURCE / floor).rglob("*.py")]
    assert Reason[name]
    assert not [
        path for path in files if f"Reason.{name}\n" in path.read_text() or f"Reason.{name}," in path.read_text()
    ]


def test_a_process_that_died_does_nothing_more() -> None:
    happened: Counter[str] = Counter()
    mishaps = Mishaps(happened)
    mishaps.arm(Point.AFTER_COMMIT, 2)
    mishaps.reach(Point.AFTER_COMMIT)
    mishaps.reach(Point.BEFORE_COMMIT)
    with pytest.raises(Crash):
        mishaps.reach(Point.AFTER_COMMIT)
    with pytest.raises(Crash):
        mishaps.reach(Point.BEFORE_COMMIT)
    assert happened == {"after_commit": 1}
