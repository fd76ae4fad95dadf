"""The auditor raises no alarm where nothing is wrong, and says of each invariant what it states."""

import random
from pathlib import Path

import pytest

from fairhold.domain.commands import CancelOrder
from fairhold.domain.instants import DAY
from fairhold.engine import background
from fairhold.engine.kernel.envelope import Answer
from fairhold.simulation.auditor import STATEMENTS, Invariant, Violated, Violation
from fairhold.simulation.auditor.accounts import Accounts
from fairhold.simulation.auditor.rows import TransferRow
from tests.builders import BUYER
from tests.simulation.audited import Audited, a_deal

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


def test_what_a_bank_takes_after_the_payout_is_owed_though_it_gave_other_money_back() -> None:
    """The bank had taken that while it was held; what it gave back was the seller's, and has been paid out."""
    found: list[str] = []
    accounts = Accounts()
    seller, bank = "seller:shop-1:USD", "provider:sandbox:USD"

    def book(debit: str, credit: str, amount: int, cause: str) -> None:
        row = TransferRow(1, 0, debit, credit, amount)
        accounts.book("0000000000000000a000", row, cause, lambda invariant, what: found.append(what))

    book(bank, seller, 50, "chargeback_won")
    book(seller, "payouts:USD", 50, "payout_started")
    book(seller, bank, 7, "chargeback_received")
    assert accounts.owed == {seller: 7}
    book(bank, seller, 7, "chargeback_won")
    assert accounts.owed == {seller: 0}
    assert not found


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


@pytest.mark.parametrize(("days", "kept"), [(399, True), (401, False)])
def test_a_key_may_have_its_effect_again_once_its_order_was_closed_for_400_days(
    days: int, kept: bool, tmp_path: Path
) -> None:
    """Seed 2000072 of the simulation asked a year later what nobody had answered."""
    assert placed_again(tmp_path, days).repeated is kept


def test_a_key_that_is_forgotten_before_its_time_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "KEYS_KEPT", 30 * DAY)
    with pytest.raises(Violated, match="one_key_one_effect"):
        placed_again(tmp_path, 399)


def placed_again(folder: Path, days: int) -> Answer:
    """An order is placed and cancelled, and so many days later the same is asked under the same key."""
    run = Audited(folder, 1)
    try:
        placing = run.market.envelope(None, a_deal(random.Random(1)), BUYER)
        run.note(placing, run.market.app.engine.submit_waiting(placing))
        run.ask(run.orders[0], CancelOrder(), BUYER)
        run.look()
        run.market.advance(days * DAY)
        run.market.app.background.tick()
        again = run.market.app.engine.submit_waiting(placing)
        assert isinstance(again, Answer)
        run.note(placing, again)
        run.look()
    finally:
        run.market.app.close()
    return again
