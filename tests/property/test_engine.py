"""The same on a real database: whatever is thrown at the engine, it answers as the core does and its books fit."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from fairhold.store import open_store
from tests.conftest import POSTGRES
from tests.property.engine_machine import Driven
from tests.property.places import Place
from tests.property.test_core import EXAMPLES

STEPS = int(os.environ.get("FAIRHOLD_STEPS", "25"))
KINDS = (
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("two postgres, routed", marks=pytest.mark.postgres),
)


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path, new_schema: Callable[[str], str]) -> Place:
    if request.param == "sqlite":
        return Place(tmp_path)
    version = os.environ.get(POSTGRES) or "18"
    where = " ".join(new_schema(version) for _ in range(2 if "two" in request.param else 1))
    store = open_store(where)
    store.migrate()
    store.close()
    return Place(where)


@pytest.mark.timeout(0 if EXAMPLES > 1000 else 300)
def test_random_commands_and_clock_jumps_never_break_the_engine(place: Place) -> None:
    machine = type("DrivenHere", (Driven,), {"place": place})
    if settings.default is not None and settings.default.derandomize:
        machine = seed(7)(machine)
    chosen = settings(max_examples=max(1, EXAMPLES // 25), stateful_step_count=STEPS, deadline=None)
    run_state_machine_as_test(machine, settings=chosen)
