"""The chart of accounts and what each event books, tried out on model orders."""

from fairhold.domain.actors import Role
from fairhold.domain.commands import (
    Command,
    ConfirmReceipt,
    Pay,
    RecordChargeback,
    RecordChargebackOutcome,
    RecordRefundPaid,
    UndoReceipt,
)
from fairhold.domain.deadlines import deadlines
from fairhold.domain.decide import decide
from fairhold.domain.dispute import DisputeState, chargeback_id
from fairhold.domain.events import Event
from fairhold.domain.evolve import evolve
from fairhold.domain.firing import fire
from fairhold.domain.instants import MINUTE, Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.ledger import accounts
from fairhold.ledger.posting import post
from scripts.reference import markdown
from scripts.reference.bodies import MODEL, WORTH
from scripts.reference.dispute_walk import dispute_walk
from scripts.reference.markdown import code, table
from scripts.reference.walk import PEOPLE, Node, walk

_INTRO = """
Double entry: a transfer takes an amount above zero from one account (debit) to another (credit), in one currency. A balance is
credits minus debits, in minor units. The balances of a currency always add up to zero, and only the payment provider's account
may always stand below zero: what it holds for us is what we owe to everybody else. A seller's may after a chargeback of money
that was theirs already, until later sales have filled it up.
"""
_AFTER = """
`GET /v1/ledger/accounts` lists the accounts with their balances, `GET /v1/ledger/transfers?order=` the transfers of one order:
[how to read the ledger](../how-to/read-the-ledger.md). `fairhold audit` replays every order's history and compares.
"""


def page() -> str:
    """The page."""
    chart = (accounts.__doc__ or "").partition("\n\n")[2]
    return markdown.page("Ledger", _INTRO, "## Accounts", chart, _postings(), _AFTER)


def _postings() -> str:
    rows = []
    for what, before, event in _samples():
        for transfer in post(before, event, evolve(before, event)):
            name = str(event.__struct_config__.tag)
            rows.append((code(name), what, code(transfer.debit), code(transfer.credit), str(transfer.amount)))
    remark = (
        "What moves in the life of an order of 10.00 roubles at 5 % commission, sold by `seller`. Sums are in kopecks; "
        "events that are not named here move nothing."
    )
    return f"## What is booked\n\n{remark}\n\n" + table(
        ("event", "when", "from (debit)", "to (credit)", "amount"), rows
    )


def _samples() -> list[tuple[str, Order, Event]]:
    orders = {node: found[0] for node, found in walk().orders.items()}
    confirmed, delivered = orders[Node.SETTLING], orders[Node.AWAITING_CONFIRMATION]
    paid, refunded = orders[Node.AWAITING_SHIPMENT], orders[Node.REFUNDED]
    awaiting, lines = orders[Node.AWAITING_PAYMENT], (delivered.lines[0].id,)
    return [
        ("the buyer pays", awaiting, _event(awaiting, Pay(method="sandbox:ok"), Role.BUYER)),
        (
            "the buyer confirms",
            delivered,
            _event(delivered, ConfirmReceipt(lines=lines, acknowledged=True), Role.BUYER),
        ),
        ("support undoes it", confirmed, _event(confirmed, UndoReceipt(lines=lines, why="an accident"), Role.SUPPORT)),
        ("the undo window has passed", confirmed, fire(confirmed, deadlines(confirmed)[0])),
        ("the window or protection lapses", delivered, fire(delivered, deadlines(delivered)[0])),
        ("nothing was shipped in time, or the order is cancelled", paid, fire(paid, deadlines(paid)[0])),
        (
            "the provider has sent the refund",
            refunded,
            _event(refunded, RecordRefundPaid(number=1, reference="r-1"), Role.SYSTEM),
        ),
        *_disputes(),
        *_chargebacks(orders),
    ]


def _disputes() -> list[tuple[str, Order, Event]]:
    """A ruling of half, a demand granted by silence, and goods that never went back."""
    orders = dispute_walk().orders
    ruled = next(
        order for order, _ in orders[DisputeState.RULED] if order.disputes[-1].rulings[-1].refund == WORTH // 2
    )
    silent, kept = orders[DisputeState.AWAITING_ANSWER][0][0], orders[DisputeState.RETURN_DUE][0][0]
    return [
        ("a ruling of half is carried out", ruled, fire(ruled, deadlines(ruled)[0])),
        ("silence grants a full refund", silent, fire(silent, deadlines(silent)[0])),
        ("the goods were not sent back", kept, fire(kept, deadlines(kept)[0])),
    ]


def _chargebacks(orders: dict[Node, Order]) -> list[tuple[str, Order, Event]]:
    """Of money that is held, and of money that was paid out; the latter won, and won for a buyer who was to have it anyway."""
    held, completed = orders[Node.AWAITING_DELIVERY], orders[Node.COMPLETED]
    taken = _event(completed, RecordChargeback(amount=WORTH), Role.OPERATOR)
    charged = evolve(completed, taken)
    refunded = orders[Node.REFUNDED]
    lost = _event(refunded, RecordChargeback(amount=WORTH), Role.OPERATOR)
    disputed = dispute_walk().orders[DisputeState.AWAITING_ANSWER][0][0]
    charged_in_dispute = evolve(disputed, _event(disputed, RecordChargeback(amount=WORTH), Role.OPERATOR))
    decided = evolve(charged_in_dispute, fire(charged_in_dispute, deadlines(charged_in_dispute)[0]))
    won = RecordChargebackOutcome(chargeback=chargeback_id(MODEL, 1), won=True)
    return [
        ("a chargeback of money that is held", held, _event(held, RecordChargeback(amount=WORTH), Role.OPERATOR)),
        ("a chargeback after the seller was paid", completed, taken),
        ("that one is won", charged, _event(charged, won, Role.OPERATOR)),
        ("a chargeback after everything was refunded", refunded, lost),
        ("that one is won", evolve(refunded, lost), _event(evolve(refunded, lost), won, Role.OPERATOR)),
        (
            "one is won after the dispute gave the buyer what their bank had already",
            decided,
            _event(decided, won, Role.OPERATOR),
        ),
    ]


def _event(order: Order, command: Command, role: Role) -> Event:
    now = Instant((order.paid_at or order.placed_at) + MINUTE)
    made = decide(order, command, PEOPLE[role], now)
    if isinstance(made, Refusal):
        raise AssertionError(f"the model order refused {command.NAME}: {made}")
    return made[-1]
