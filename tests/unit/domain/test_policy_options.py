"""Whatever value of an option of reviews the domain would overlook, a test notices (`scripts/policy_options.py`)."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.policy_options import mutants

ROOT = Path(__file__).resolve().parents[3]


def test_every_option_of_reviews_has_values_to_be_confused() -> None:
    assert len({mutant.option for mutant in mutants()}) == 7


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_option_of_reviews_that_would_be_overlooked_is_noticed() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "scripts.policy_options"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
