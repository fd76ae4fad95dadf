"""Whatever value of an option the domain would overlook, a test notices: of reviews, deliveries, support, the commission."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.policy_options import mutants

ROOT = Path(__file__).resolve().parents[3]


def test_every_such_option_has_values_to_be_confused() -> None:
    assert len({mutant.option for mutant in mutants()}) == 16


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_such_option_that_would_be_overlooked_is_noticed() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "scripts.policy_options"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
