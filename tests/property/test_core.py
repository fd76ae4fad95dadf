"""Random commands and clock jumps never break what must always hold. FAIRHOLD_EXAMPLES=5000 looks longer."""

import os

import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.core_machine import Core

EXAMPLES = int(os.environ.get("FAIRHOLD_EXAMPLES", "60"))
MANY = 3 * EXAMPLES
STEPS = int(os.environ.get("FAIRHOLD_STEPS", "40"))
WORKERS = 4


@pytest.mark.timeout(0 if EXAMPLES > 100 else 300)
@pytest.mark.parametrize("share", range(WORKERS))
def test_random_commands_and_clock_jumps_never_break_the_core(share: int) -> None:
    """A quarter of the examples, so that several processes share the work."""
    run(share, EXAMPLES)


@pytest.mark.slow
@pytest.mark.timeout(0 if EXAMPLES > 100 else 600)
@pytest.mark.parametrize("share", range(WORKERS, 2 * WORKERS))
def test_many_more_random_commands_do_not_either(share: int) -> None:
    run(share, MANY)


def run(share: int, examples: int) -> None:
    machine = type(f"Core{share}", (Core,), {})
    if settings.default is not None and settings.default.derandomize:
        machine = seed(share)(machine)
    chosen = settings(max_examples=max(1, examples // WORKERS), stateful_step_count=STEPS, deadline=None)
    run_state_machine_as_test(machine, settings=chosen)
