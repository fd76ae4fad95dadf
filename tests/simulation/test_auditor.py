"""The auditor raises no alarm where nothing is wrong, and says of each invariant what it states."""

from pathlib import Path

import pytest

from fairhold.simulation.auditor import STATEMENTS, Invariant, Violated, Violation
from tests.simulation.audited import Audited

RELIABILITY = Path(__file__).parents[2] / "docs" / "reliability.md"


def test_each_invariant_has_a_statement() -> None:
    assert list(STATEMENTS) == list(Invariant)


def test_the_document_lists_every_invariant_and_what_it_states() -> None:
    rows = [f"| `{invariant}` | {statement} |" for invariant, statement in STATEMENTS.items()]
    assert [line for line in RELIABILITY.read_text(encoding="utf-8").splitlines() if line in rows] == rows


def test_a_violation_says_what_is_wrong_with_which_order_and_after_which_step() -> None:
    wrong = Violation(Invariant.ONE_ENDING, "released twice", "order-1", 7)
    assert str(Violated((wrong,))) == "step 7, order order-1: one_ending: released twice"
    assert str(wrong._replace(order=None)) == "step 7, the books: one_ending: released twice"


def seeds(count: int) -> list[object]:
    """The first is for every run, the others take their time."""
    return [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, count))]


@pytest.mark.parametrize("seed", seeds(6))
def test_whatever_people_ask_for_the_auditor_finds_nothing_wrong(seed: int, tmp_path: Path) -> None:
    run = Audited(tmp_path, seed)
    try:
        run.run(150)
    finally:
        run.market.app.close()
