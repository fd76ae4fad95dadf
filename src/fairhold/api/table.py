"""Every call of the API, one row each: what the router, the checks and the documentation are made from.

Order of checks for each row: key → address → what the caller may see → role and scope → idempotency key → body → rules.
So another's order answers 404 whatever is sent to it.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import msgspec

from fairhold.api import asking, preview, readings
from fairhold.api.asking import Asked, Context
from fairhold.api.auth import TRACKING
from fairhold.api.bodies import Advance, Commands, Extension, Placing, Scan
from fairhold.api.parameters import CURSOR, DRY_RUN, LIMIT, LINES, OF_ORDER, ROLE, SEARCH, TAB, Parameter
from fairhold.api.parts import Call, Parts
from fairhold.api.readings import Reading
from fairhold.api.wire import (
    AccountList,
    AccountOut,
    ClockOut,
    ConsequenceOut,
    EventList,
    OrderList,
    OrderOut,
    Out,
    PolicyList,
    Results,
    TransferList,
)
from fairhold.domain.actors import PEOPLE, Role
from fairhold.domain.commands import (
    AnswerExtension,
    AskExtension,
    CancelOrder,
    Command,
    ConfirmReceipt,
    ExtendProtection,
    Pay,
    PlaceOrder,
    RecordCheckpoint,
    ShipParcel,
    UndoReceipt,
)

BUYER, SELLER, SUPPORT, OPERATOR = Role.BUYER, Role.SELLER, Role.SUPPORT, Role.OPERATOR
ANYBODY = PEOPLE

Special = Literal["batch", "advance"]


class Route(NamedTuple):
    """One call. Exactly one of `build` (a command on an order), `read` and `special` says what it does."""

    method: Literal["GET", "POST"]
    path: str
    name: str
    about: str
    roles: frozenset[Role]
    answers: type[Out]
    body: type[msgspec.Struct] | None = None
    build: Callable[[Any, Context], Asked] | None = None
    asks: tuple[type[Command], ...] = ()
    """The domain's commands that `build` can make: the guards of the domain say in detail who may give them."""
    read: Callable[[Parts, Call], Reading] | None = None
    special: Special | None = None
    parameters: tuple[Parameter, ...] = ()
    scope: str | None = None
    status: int = 200
    codes: tuple[str, ...] = ()
    """Codes worth naming beside those that every call can answer with."""


def _ask(
    path: str,
    name: str,
    about: str,
    body: type[msgspec.Struct],
    build: Callable[[Any, Context], Asked],
    asks: tuple[type[Command], ...],
    roles: set[Role],
    *codes: str,
) -> Route:
    return Route(
        "POST",
        path,
        name,
        about,
        frozenset(roles),
        OrderOut,
        body=body,
        build=build,
        asks=asks,
        parameters=(DRY_RUN,),
        codes=codes,
    )


def _read(
    path: str,
    name: str,
    about: str,
    read: Callable[[Parts, Call], Reading],
    answers: type[Out],
    roles: frozenset[Role],
    *parameters: Parameter,
) -> Route:
    return Route("GET", path, name, about, roles, answers, read=read, parameters=parameters)


ROUTES: tuple[Route, ...] = (
    _ask(
        "/orders",
        "placeOrder",
        "Place an order: what buyer and seller agreed on. It awaits payment.",
        Placing,
        asking.place,
        (PlaceOrder,),
        {BUYER, OPERATOR},
        "no_lines",
        "buyer_is_seller",
        "unknown_currency",
        "unknown_policy",
        "discount_too_large",
        "nothing_to_pay",
        "amount_too_large",
        "shipping_days_out_of_bounds",
        "protection_days_out_of_bounds",
        "promised_in_the_past",
        "promised_too_far",
    )._replace(status=201),
    _read(
        "/orders",
        "listOrders",
        "The caller's orders by tab, newest first, with the number in each tab.",
        readings.orders,
        OrderList,
        ANYBODY,
        ROLE,
        TAB,
        SEARCH,
        LIMIT,
        CURSOR,
    ),
    _read("/orders/{order}", "getOrder", "One order as it now is.", readings.order, OrderOut, ANYBODY),
    _read(
        "/orders/{order}/events",
        "listEvents",
        "What happened to an order, oldest first.",
        readings.events,
        EventList,
        ANYBODY,
        LIMIT,
        CURSOR,
    ),
    _ask(
        "/orders/{order}/payment",
        "payOrder",
        "The buyer pays the whole order, which is then held. In the sandbox `sandbox:ok` succeeds, `sandbox:declined` does not.",
        Pay,
        asking.as_it_is,
        (Pay,),
        {BUYER},
        "unknown_payment_method",
        "payment_declined",
        "already_paid",
        "order_closed",
    ),
    _ask(
        "/orders/{order}/cancellation",
        "cancelOrder",
        "Call the deal off before anything is shipped; what was paid goes back.",
        CancelOrder,
        asking.as_it_is,
        (CancelOrder,),
        {BUYER, SELLER, OPERATOR},
        "already_shipped",
        "order_closed",
    ),
    _ask(
        "/orders/{order}/shipments",
        "shipParcel",
        "A parcel left. Without `lines`: everything not yet shipped.",
        ShipParcel,
        asking.as_it_is,
        (ShipParcel,),
        {SELLER},
        "not_paid",
        "unknown_line",
        "duplicate_line",
        "quantity_too_large",
        "already_shipped",
        "too_many_shipments",
    ),
    _ask(
        "/orders/{order}/shipments/{shipment}/checkpoints",
        "recordCheckpoint",
        "A scan by the carrier. `delivered` starts the time to check (S4). Scans may come late, twice or out of order.",
        Scan,
        asking.record_checkpoint,
        (RecordCheckpoint,),
        {OPERATOR, SELLER},
        "unknown_shipment",
        "checkpoint_in_the_future",
        "too_many_checkpoints",
    )._replace(scope=TRACKING),
    _read(
        "/orders/{order}/receipt",
        "previewReceipt",
        "What confirming these lines would do, in words, sums and dates: the text of the second step.",
        preview.receipt,
        ConsequenceOut,
        frozenset({BUYER}),
        LINES,
    ),
    _ask(
        "/orders/{order}/receipt",
        "confirmReceipt",
        "The buyer has these lines in hand: their protection ends and their money goes to the seller (S6).",
        ConfirmReceipt,
        asking.as_it_is,
        (ConfirmReceipt,),
        {BUYER},
        "nothing_selected",
        "consequence_not_acknowledged",
        "unknown_line",
        "duplicate_line",
        "quantity_too_large",
        "already_confirmed",
        "line_in_dispute",
        "not_shipped",
        "already_refunded",
    ),
    _ask(
        "/orders/{order}/receipt/undo",
        "undoReceipt",
        "Support takes an accidental confirmation back until the release (S16); the buyer where the policy lets them.",
        UndoReceipt,
        asking.as_it_is,
        (UndoReceipt,),
        {SUPPORT, BUYER},
        "nothing_selected",
        "unknown_line",
        "nothing_to_undo",
        "too_late_to_undo",
    ),
    _ask(
        "/orders/{order}/protection",
        "extendProtection",
        "More days of protection: the seller gives them, the buyer asks for them (S3).",
        Extension,
        asking.extend_or_ask,
        (ExtendProtection, AskExtension),
        {BUYER, SELLER},
        "extension_too_long",
        "extensions_used_up",
        "extension_already_asked",
        "not_shipped",
    ),
    _ask(
        "/orders/{order}/protection/answer",
        "answerExtension",
        "The seller grants or declines what the buyer asked for.",
        AnswerExtension,
        asking.as_it_is,
        (AnswerExtension,),
        {SELLER},
        "no_extension_asked",
        "extensions_used_up",
    ),
    Route(
        "POST",
        "/commands",
        "runCommands",
        "Up to 1000 commands, each as its own POST would be; a bad one fails alone.",
        ANYBODY,
        Results,
        body=Commands,
        special="batch",
    ),
    _read(
        "/ledger/accounts",
        "listAccounts",
        "Accounts and balances; a seller sees their own.",
        readings.accounts,
        AccountList,
        frozenset({OPERATOR, SELLER}),
        LIMIT,
        CURSOR,
    ),
    _read("/ledger/accounts/{account}", "getAccount", "One account.", readings.account, AccountOut, ANYBODY),
    _read(
        "/ledger/transfers",
        "listTransfers",
        "Transfers between accounts, in the order of the books.",
        readings.transfers,
        TransferList,
        frozenset({OPERATOR}),
        OF_ORDER,
        LIMIT,
        CURSOR,
    ),
    _read(
        "/policies",
        "listPolicies",
        "The policies that an order can be placed under.",
        readings.policies,
        PolicyList,
        ANYBODY,
    ),
    _read("/clock", "getClock", "What time it is in the sandbox.", readings.clock, ClockOut, ANYBODY),
    Route(
        "POST",
        "/clock/advance",
        "advanceClock",
        "Move the sandbox's clock; answers after everything due by then has happened and the outbox is empty.",
        frozenset({OPERATOR}),
        ClockOut,
        body=Advance,
        special="advance",
    ),
)
