"""The golden table of refunds that come back: by command, role and state, what happens."""

from fairhold.domain.commands import Command, RecordRefundPaid
from fairhold.domain.reasons import Refusal
from fairhold.domain.refund_commands import RecordRefundElsewhere, RecordRefundReturned, SendRefundAgain
from tests.builders import ACTORS, Deal, name_of
from tests.golden.golden_table import REFUNDS, cells
from tests.states import REFUND_STATES

BODIES: dict[str, Command] = {
    "record_refund_paid": RecordRefundPaid(number=1, reference="re_1"),
    "record_refund_returned": RecordRefundReturned(number=1, reference="re_1", why="declined"),
    "record_refund_returned of the second": RecordRefundReturned(number=2, reference="re_2", why="declined"),
    "send_refund_again": SendRefundAgain(number=1),
    "send_refund_again of the second": SendRefundAgain(number=2),
    "record_refund_elsewhere": RecordRefundElsewhere(number=1, reference="transfer 7"),
}


def wrong_cells() -> list[str]:
    """Every cell in which core and table differ."""
    deals: dict[str, Deal] = {}
    wrong = []
    for cell in cells(REFUNDS):
        deal = deals.get(cell.state) or deals.setdefault(cell.state, REFUND_STATES[cell.state]())
        made = deal.ask(BODIES[cell.command], ACTORS[cell.role])
        found = f"!{made.reason.value}" if isinstance(made, Refusal) else "+".join(map(name_of, made)) or "-"
        if found != cell.expected:
            wrong.append(f"{cell}: {found}, not {cell.expected}")
    return wrong


def test_the_core_does_with_refunds_what_the_golden_table_says() -> None:
    wrong = wrong_cells()
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_golden_table_of_refunds_leaves_no_command_role_or_state_out() -> None:
    found = [(cell.command, cell.role, cell.state) for cell in cells(REFUNDS)]
    assert len(found) == len(set(found)), "a cell stands twice"
    assert set(found) == {(command, role, state) for command in BODIES for role in ACTORS for state in REFUND_STATES}
