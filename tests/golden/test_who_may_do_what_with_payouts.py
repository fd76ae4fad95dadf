"""The golden table of payouts: by command, role and state, what happens."""

from fairhold.domain.commands import Command
from fairhold.domain.payout_commands import (
    RecordPayoutFailed,
    RecordPayoutNotTakenBack,
    RecordPayoutSent,
    RecordPayoutTakenBack,
    StartPayout,
    TakePayoutBack,
)
from fairhold.domain.reasons import Refusal
from tests.builders import ACTORS, Deal, name_of
from tests.golden.golden_table import PAYOUTS, cells
from tests.states import PAYOUT_STATES

BODIES: dict[str, Command] = {
    "start_payout": StartPayout(payout="po_9", amount=1000, account="acct_7"),
    "start_payout of the same": StartPayout(payout="po_1", amount=1805, account="acct_7"),
    "start_payout of more than there is": StartPayout(payout="po_9", amount=1806, account="acct_7"),
    "start_payout of nothing": StartPayout(payout="po_9", amount=0, account="acct_7"),
    "record_payout_sent": RecordPayoutSent(number=1, reference="tr_1"),
    "record_payout_failed": RecordPayoutFailed(number=1, why="account_closed"),
    "take_payout_back": TakePayoutBack(number=1, amount=900),
    "take_payout_back of more than is owed": TakePayoutBack(number=1, amount=904),
    "record_payout_taken_back": RecordPayoutTakenBack(number=1, reference="trr_1"),
    "record_payout_not_taken_back": RecordPayoutNotTakenBack(number=1, why="insufficient_balance"),
}


def wrong_cells() -> list[str]:
    """Every cell in which core and table differ."""
    deals: dict[str, Deal] = {}
    wrong = []
    for cell in cells(PAYOUTS):
        deal = deals.get(cell.state) or deals.setdefault(cell.state, PAYOUT_STATES[cell.state]())
        made = deal.ask(BODIES[cell.command], ACTORS[cell.role])
        found = f"!{made.reason.value}" if isinstance(made, Refusal) else "+".join(map(name_of, made)) or "-"
        if found != cell.expected:
            wrong.append(f"{cell}: {found}, not {cell.expected}")
    return wrong


def test_the_core_does_with_payouts_what_the_golden_table_says() -> None:
    wrong = wrong_cells()
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_golden_table_of_payouts_leaves_no_command_role_or_state_out() -> None:
    found = [(cell.command, cell.role, cell.state) for cell in cells(PAYOUTS)]
    assert len(found) == len(set(found)), "a cell stands twice"
    assert set(found) == {(command, role, state) for command in BODIES for role in ACTORS for state in PAYOUT_STATES}
