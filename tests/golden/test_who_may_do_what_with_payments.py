"""The golden table of payments through a provider: by command, role and state, what happens."""

from fairhold.domain.commands import CancelOrder, Command, Pay
from fairhold.domain.money import Currency
from fairhold.domain.payment import ProviderNames
from fairhold.domain.payment_commands import RecordPayment, RecordPaymentFailure, RecordPaymentPage, StartPayment
from fairhold.domain.reasons import Refusal
from tests.builders import ACTORS, APPLY, Deal, name_of
from tests.golden.golden_table import PAYMENTS, cells
from tests.states import PAYMENT_STATES

NAMES = ProviderNames(payment="pi_1", charge="ch_1")
TOTAL, RUB = 1900, Currency("RUB")
BODIES: dict[str, Command] = {
    "start_payment": StartPayment(method="stripe:card", back="https://shop.example/back"),
    "record_payment_page": RecordPaymentPage(attempt=1, names=NAMES, page="https://pay.example/1"),
    "record_payment": RecordPayment(provider="stripe", attempt=1, amount=TOTAL, currency=RUB, names=NAMES, fee=60),
    "record_payment another sum": RecordPayment(
        provider="stripe", attempt=1, amount=TOTAL - 1, currency=RUB, names=NAMES
    ),
    "record_payment of another provider": RecordPayment(
        provider="yookassa", attempt=1, amount=TOTAL, currency=RUB, names=NAMES
    ),
    "record_payment in another currency": RecordPayment(
        provider="stripe", attempt=1, amount=TOTAL, currency=Currency("USD"), names=NAMES
    ),
    "record_payment_failure": RecordPaymentFailure(attempt=1, why="declined"),
    "pay": Pay(method="sandbox:ok"),
    "cancel": CancelOrder(),
    "apply_deadlines": APPLY,
}


def wrong_cells() -> list[str]:
    """Every cell in which core and table differ."""
    deals: dict[str, Deal] = {}
    wrong = []
    for cell in cells(PAYMENTS):
        deal = deals.get(cell.state) or deals.setdefault(cell.state, PAYMENT_STATES[cell.state]())
        made = deal.ask(BODIES[cell.command], ACTORS[cell.role])
        found = f"!{made.reason.value}" if isinstance(made, Refusal) else "+".join(map(name_of, made)) or "-"
        if found != cell.expected:
            wrong.append(f"{cell}: {found}, not {cell.expected}")
    return wrong


def test_the_core_does_with_payments_what_the_golden_table_says() -> None:
    wrong = wrong_cells()
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_golden_table_of_payments_leaves_no_command_role_or_state_out() -> None:
    found = [(cell.command, cell.role, cell.state) for cell in cells(PAYMENTS)]
    assert len(found) == len(set(found)), "a cell stands twice"
    assert set(found) == {(command, role, state) for command in BODIES for role in ACTORS for state in PAYMENT_STATES}
