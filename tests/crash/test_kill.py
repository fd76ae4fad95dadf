"""`kill -9` in the middle of a stream of commands: nothing acknowledged is lost, nothing is done twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fairhold.domain.ids import OrderId
from fairhold.engine.audit.auditing import audit
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import build
from tests.conftest import ROOT
from tests.crash.promises import Acknowledged, broken, resolved

ROUNDS = 4


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
    while len(lines) < after_lines:
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
            assert broken(app, acknowledged) == []
            orders |= resolved(app, name, acknowledged)
            app.background.tick()
            assert {order.id for order in app.queries.every_order()} == orders
            assert audit(app.store) == []
        finally:
            app.close()
