"""Several processes on one PostgreSQL: what one has loaded another may change, and whoever dies leaves nothing claimed."""

from __future__ import annotations

import secrets
import sys

import pytest

from fairhold.simulation.simulate import simulate
from fairhold.simulation.watching import watched


@pytest.mark.slow
def test_processes_that_share_a_database_and_overtake_each_other_break_nothing(
    postgres: str, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = secrets.randbelow(10**9)
    with capsys.disabled():
        sys.stdout.write(f"\nfairhold simulate --seed {seed} --lifecycles 30 --database postgresql://…\n")
    first, again = (simulate(seed, 30, watched=watched, database=postgres) for _ in range(2))
    assert first.failure is None, f"seed {seed}: {first.failure}"
    assert first[:4] == again[:4]
