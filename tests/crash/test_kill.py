"""`kill -9` in the middle of a stream of commands: nothing acknowledged is lost, nothing is done twice."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from fairhold.domain.ids import OrderId
from fairhold.engine.audit import audit
from fairhold.engine.envelope import Answer
from fairhold.engine.settings import Settings
from fairhold.wiring import Application, build
from tests.conftest import ROOT
from tests.crash.victim import WORKERS, envelope, steps

ROUNDS = 4


class Acknowledged(NamedTuple):
    key: str
    order: OrderId
    version: int


def killed(database: str, name: str, after_lines: int) -> list[Acknowledged]:
    """Let the victim acknowledge so many commands, kill it, and say what it had acknowledged."""
    victim = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.victim", database, name],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
        stdout=subprocess.PIPE,
    )
    assert victim.stdout is not None
    lines: list[bytes] = []
    deadline = time.monotonic() + 60
    while len(lines) < after_lines and time.monotonic() < deadline:
        line = victim.stdout.readline()
        assert line, "the victim ended by itself"
        lines.append(line)
    victim.kill()
    # What was acknowledged before the kill but not read yet lies in the pipe; its last line may be cut off.
    lines.extend(victim.stdout.read().splitlines(keepends=True))
    victim.wait()
    victim.stdout.close()
    whole = [line.decode().split() for line in lines if line.endswith(b"\n")]
    return [Acknowledged(key, OrderId(order), int(version)) for key, order, version in whole]


def check(app: Application, name: str, acknowledged: list[Acknowledged]) -> set[str]:
    """Repeat every command that was given, acknowledged or not; the orders that this round made."""
    made: dict[str, str] = {}
    last: dict[int, tuple[int, str, OrderId]] = {}
    for key, order, version in acknowledged:
        _, by, number, step = key.split("/")
        again = app.engine.submit_waiting(envelope(key, step, None if step == "place" else order))
        assert isinstance(again, Answer), again
        assert (again.repeated, again.order.id, again.order.version) == (True, order, version), key
        made[f"{by}/{number}"] = order
        last[int(by)] = int(number), step, order
    for worker in range(WORKERS):
        count, step, known = last.get(worker, (-1, "cancel", OrderId("")))
        in_flight = following(worker, count, step)
        key = f"{name}/{worker}/{in_flight[0]}/{in_flight[1]}"
        placed = in_flight[1] == "place"
        command = envelope(key, in_flight[1], None if placed else known)
        first, second = app.engine.submit_waiting(command), app.engine.submit_waiting(command)
        assert isinstance(first, Answer)
        assert isinstance(second, Answer)
        assert second.repeated
        assert (first.order.id, first.order.version) == (second.order.id, second.order.version)
        made[f"{worker}/{in_flight[0]}"] = first.order.id
    return set(made.values())


def following(worker: int, count: int, step: str) -> tuple[int, str]:
    """The command that a worker gave after its last acknowledged one."""
    names = steps(worker, max(count, 0))
    if count >= 0 and step in names[:-1]:
        return count, names[names.index(step) + 1]
    return count + 1, "place"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'killed.db'}"
    url: str = request.getfixturevalue("postgres")
    return url


@pytest.mark.timeout(600)
def test_nothing_acknowledged_is_lost_and_every_key_in_flight_has_one_answer(database: str) -> None:
    orders: set[str] = set()
    for round_ in range(ROUNDS):
        name = f"r{round_}"
        acknowledged = killed(database, name, after_lines=300 + 177 * round_)
        assert len({key for key, _, _ in acknowledged}) == len(acknowledged) >= 300
        app = build(Settings(database=database, sandbox=True))
        try:
            # Before anything is repeated: the database as the kill left it fits together.
            assert audit(app.store) == []
            app.start(background=False)
            orders |= check(app, name, acknowledged)
            app.background.tick()
            assert {order.id for order in app.queries.every_order()} == orders
            assert audit(app.store) == []
        finally:
            app.close()
