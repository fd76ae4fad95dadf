"""The calls on bank transfers: where operators say what came and what went."""

from fairhold.api import bank
from fairhold.api.bank_bodies import BankReturn, BankWord
from fairhold.api.parameters import CURSOR, LIMIT, Parameter, Wrong
from fairhold.api.rows import Route, change, read
from fairhold.api.webhook_bodies import Nothing
from fairhold.api.wire_bank import BankTaskList, BankTaskOut
from fairhold.domain.actors import Role
from fairhold.engine.ports.bank import Shelf

SCOPE = "bank"
"""The scope that every call on bank transfers takes: what is said there is money in the books."""

_OPERATOR = frozenset({Role.OPERATOR})


def _shelf(text: str) -> Shelf:
    try:
        return Shelf(text)
    except ValueError:
        raise Wrong("choice") from None


STATE = Parameter(
    "state",
    _shelf,
    {"type": "string", "enum": [shelf.value for shelf in Shelf], "default": Shelf.OPEN.value},
    "`open`: what waits for somebody's word. `ended`: what did not come or cannot be sent, and what nobody waits for any more.",
)

_ROWS: tuple[Route, ...] = (
    read(
        "/bank/tasks",
        "listBankTasks",
        "Bank transfers that are to come in or go out.",
        bank.listed,
        BankTaskList,
        _OPERATOR,
        STATE,
        LIMIT,
        CURSOR,
    ),
    read("/bank/tasks/{task}", "getBankTask", "One of them.", bank.one, BankTaskOut, _OPERATOR),
    change(
        "/bank/tasks/{task}/words",
        "sayOfBankTask",
        "An operator says that it came, that it was sent, or that neither will be. Of a large sum another operator has to say the"
        " same before anything moves. Nobody says anything of an order that they buy or sell in.",
        BankWord,
        bank.say,
        BankTaskOut,
        _OPERATOR,
        "bank_task_not_found",
        "bank_own_order",
        "bank_another_word",
        "bank_settled",
        "idempotency_key_reused",
    ),
    change(
        "/bank/tasks/{task}/words/withdrawal",
        "takeBackBankWord",
        "The word that waits for a second person's is taken back; it has moved nothing.",
        Nothing,
        bank.take_back,
        BankTaskOut,
        _OPERATOR,
        "bank_task_not_found",
        "bank_own_order",
        "bank_settled",
        "idempotency_key_reused",
    ),
    change(
        "/bank/tasks/{task}/return",
        "sayBankReturn",
        "What had been sent came back from the bank. The answer is the task of what came back; of a large sum another operator"
        " has to say the same.",
        BankReturn,
        bank.came_back,
        BankTaskOut,
        _OPERATOR,
        "bank_task_not_found",
        "bank_own_order",
        "bank_another_word",
        "bank_settled",
        "idempotency_key_reused",
    ),
)
BANK_ROUTES: tuple[Route, ...] = tuple(route._replace(scope=SCOPE) for route in _ROWS)
