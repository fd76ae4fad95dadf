"""The golden table: by command, role and state, what happens. The table is written by hand; this file only asks."""

import pytest

from fairhold.domain import commands, decide, review_commands, support_commands
from fairhold.domain.commands import (
    AcceptOffer,
    AnswerExtension,
    AppealRuling,
    AskExtension,
    CancelOrder,
    Command,
    ConfirmReceipt,
    EscalateDispute,
    ExtendProtection,
    MakeOffer,
    Pay,
    RecordChargeback,
    RecordChargebackOutcome,
    RecordOutage,
    RecordRefundPaid,
    ReportSharedNumber,
    RuleOnDispute,
    SendMessage,
    ShipParcel,
    TakeClaim,
    UndoReceipt,
    WithdrawDispute,
)
from fairhold.domain.instants import HOUR, Instant
from fairhold.domain.reasons import Refusal
from fairhold.domain.support_commands import DeclineAccident, ReportAccident
from tests.builders import (
    ACTORS,
    APPLY,
    CAME_BACK,
    CHARGEBACK_1,
    CONTEST_PARCEL,
    CONTESTED,
    DISPUTE_1,
    ID,
    LINE_1,
    LINE_2,
    PARCEL_1,
    SEND_ANEW,
    SEND_BACK,
    T0,
    Deal,
    name_of,
    open_dispute,
    place,
    said_of,
    scan,
)
from tests.golden.golden_table import NO_ORDER, REVIEWS, Cell, cells
from tests.states import STATES


def body(command: str, now: Instant) -> Command:
    """What the table's blocks ask."""
    bodies: dict[str, Command] = {
        "place_order": place(),
        "pay": Pay(method="sandbox:ok"),
        "cancel": CancelOrder(),
        "ship": ShipParcel(carrier="post", tracking_number="RB123456789CN"),
        "record_checkpoint in_transit": scan("in_transit", now),
        "record_checkpoint delivered": scan("delivered", now),
        "record_checkpoint returned_to_sender": scan("returned_to_sender", now),
        "confirm_receipt line 1": ConfirmReceipt(lines=(LINE_1,), acknowledged=True),
        "confirm_receipt line 2": ConfirmReceipt(lines=(LINE_2,), acknowledged=True),
        "confirm_receipt nothing": ConfirmReceipt(lines=(), acknowledged=True),
        "confirm_receipt unacknowledged": ConfirmReceipt(lines=(LINE_2,), acknowledged=False),
        "undo_receipt": UndoReceipt(lines=(LINE_1,), why="pressed by accident"),
        "report_accident line 1": ReportAccident(lines=(LINE_1,)),
        "decline_accident": DeclineAccident(reasons="The parcel was collected an hour before."),
        "extend_protection": ExtendProtection(days=10),
        "ask_extension": AskExtension(days=10),
        "answer_extension granted": AnswerExtension(granted=True),
        "answer_extension declined": AnswerExtension(granted=False),
        "record_refund_paid": RecordRefundPaid(number=1, reference="sandbox-1"),
        "report_shared_number": ReportSharedNumber(shipment=PARCEL_1, orders=1),
        "record_outage": RecordOutage(start=Instant(now - 2 * HOUR), end=Instant(now - HOUR)),
        "apply_deadlines": APPLY,
        "open_dispute line 1": open_dispute(LINE_1),
        "contest_returned_parcel": CONTEST_PARCEL,
        "review": said_of(5),
        "make_offer": MakeOffer(dispute=DISPUTE_1, refund=500),
        "accept_offer 1": AcceptOffer(dispute=DISPUTE_1, number=1),
        "accept_offer 2": AcceptOffer(dispute=DISPUTE_1, number=2),
        "escalate_dispute": EscalateDispute(dispute=DISPUTE_1),
        "withdraw_dispute": WithdrawDispute(dispute=DISPUTE_1),
        "ship_return": SEND_BACK,
        "receive_return accepted": CAME_BACK,
        "receive_return contested": CONTESTED,
        "ship_replacement": SEND_ANEW,
        "take_claim": TakeClaim(dispute=DISPUTE_1),
        "rule_on_dispute": RuleOnDispute(dispute=DISPUTE_1, refund=400, reasons="as the photos show"),
        "appeal_ruling": AppealRuling(dispute=DISPUTE_1),
        "send_message": SendMessage(dispute=DISPUTE_1, text="hello"),
        "record_chargeback": RecordChargeback(amount=100),
        "record_chargeback_outcome won": RecordChargebackOutcome(chargeback=CHARGEBACK_1, won=True),
        "record_chargeback_outcome lost": RecordChargebackOutcome(chargeback=CHARGEBACK_1, won=False),
    }
    return bodies[command]


def answer(cell: Cell, deals: dict[str, Deal]) -> str:
    """What the core answers, in the table's words; `deals` keeps those that were made."""
    actor = ACTORS[cell.role]
    if cell.state == NO_ORDER:
        made = decide.decide(None, body(cell.command, T0), actor, T0, ID)
    else:
        deal = deals.get(cell.state) or deals.setdefault(cell.state, STATES[cell.state]())
        made = deal.ask(body(cell.command, deal.now), actor)
    if isinstance(made, Refusal):
        return f"!{made.reason.value}"
    return "+".join(name_of(event) for event in made) or "-"


def wrong_cells() -> list[str]:
    """Every cell in which core and table differ."""
    deals: dict[str, Deal] = {}
    return [
        f"{cell}: {found}, not {cell.expected}" for cell in cells() if (found := answer(cell, deals)) != cell.expected
    ]


def test_the_core_does_what_the_golden_table_says() -> None:
    wrong = wrong_cells()
    assert not wrong, "\n" + "\n".join(wrong)


def leaves(kind: type[Command]) -> set[type[Command]]:
    """The commands of this kind themselves."""
    below = kind.__subclasses__()
    return {leaf for one in below for leaf in leaves(one)} if below else {kind}


def test_the_golden_table_leaves_no_command_role_or_state_out() -> None:
    found = {(cell.command, cell.role, cell.state) for cell in cells()}
    assert len(found) == len(cells()), "a cell stands twice"
    asked = sorted({command for command, _, _ in found})
    wanted = {(command, role, state) for command in asked for role in ACTORS for state in (NO_ORDER, *STATES)}
    wanted -= {("place_order", role, state) for role in ACTORS for state in STATES}
    assert found == wanted
    ours = (commands.__name__, review_commands.__name__, support_commands.__name__)
    known = {kind.NAME for kind in leaves(Command) if kind.__module__ in ours}
    of_reviews = {cell.command.split()[0] for cell in cells(REVIEWS)}
    assert {command.split()[0] for command in asked} | of_reviews == known


@pytest.mark.parametrize("role", sorted(ACTORS))
def test_the_table_has_every_role(role: str) -> None:
    assert any(cell.role == role for cell in cells())
