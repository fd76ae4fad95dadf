"""The golden table of support: by command, role and state of what support was asked, what happens."""

from fairhold.domain.commands import AnswerExtension, AskExtension, Command, UndoReceipt
from fairhold.domain.reasons import Refusal
from fairhold.domain.support_commands import DeclineAccident, ReportAccident
from tests.builders import ACTORS, APPLY, LINE_1, Deal, name_of
from tests.golden.golden_table import SUPPORT, cells
from tests.states import SUPPORT_STATES

BODIES: dict[str, Command] = {
    "report_accident line 1": ReportAccident(lines=(LINE_1,)),
    "report_accident": ReportAccident(),
    "decline_accident": DeclineAccident(reasons="The parcel was collected an hour before."),
    "undo_receipt line 1": UndoReceipt(lines=(LINE_1,), why="pressed by accident"),
    "ask_extension": AskExtension(days=10),
    "answer_extension granted": AnswerExtension(granted=True),
    "answer_extension declined": AnswerExtension(granted=False),
    "apply_deadlines": APPLY,
}


def wrong_cells() -> list[str]:
    """Every cell in which core and table differ."""
    deals: dict[str, Deal] = {}
    wrong = []
    for cell in cells(SUPPORT):
        deal = deals.get(cell.state) or deals.setdefault(cell.state, SUPPORT_STATES[cell.state]())
        made = deal.ask(BODIES[cell.command], ACTORS[cell.role])
        found = f"!{made.reason.value}" if isinstance(made, Refusal) else "+".join(map(name_of, made)) or "-"
        if found != cell.expected:
            wrong.append(f"{cell}: {found}, not {cell.expected}")
    return wrong


def test_the_core_does_with_what_support_was_asked_what_the_golden_table_says() -> None:
    wrong = wrong_cells()
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_golden_table_of_support_leaves_no_command_role_or_state_out() -> None:
    found = [(cell.command, cell.role, cell.state) for cell in cells(SUPPORT)]
    assert len(found) == len(set(found)), "a cell stands twice"
    assert set(found) == {(command, role, state) for command in BODIES for role in ACTORS for state in SUPPORT_STATES}
