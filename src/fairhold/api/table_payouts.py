"""The calls on payouts: a part of the table of routes."""

from fairhold.api import payouts
from fairhold.api.parameters import CURSOR, LIMIT, Parameter, Wrong, flag, person
from fairhold.api.payout_bodies import AtProvider, NewOnboarding, NewPayout, PayeeChange
from fairhold.api.rows import Route, change, read
from fairhold.api.webhook_bodies import Nothing
from fairhold.api.wire_payouts import (
    BalanceList,
    OnboardingOut,
    PayeeList,
    PayeeOut,
    PayoutDetail,
    PayoutList,
    StatementList,
)
from fairhold.domain.actors import Role
from fairhold.engine.ports.payouts import PayoutStage

_OPERATOR = frozenset({Role.OPERATOR})
_BOTH = frozenset({Role.OPERATOR, Role.SELLER})


def _stage(text: str) -> PayoutStage:
    try:
        return PayoutStage(text)
    except ValueError:
        raise Wrong("choice") from None


STAGE = Parameter(
    "stage",
    _stage,
    {"type": "string", "enum": [stage.value for stage in PayoutStage]},
    "Only those that have come so far.",
)
SELLER = Parameter("seller", person, {"type": "string"}, "Only this seller's; sellers see their own in any case.")
PARKED = Parameter(
    "parked", flag, {"type": "boolean"}, "Only those to whom nothing is paid before somebody has looked."
)

PAYOUT_ROUTES: tuple[Route, ...] = (
    read(
        "/payouts",
        "listPayouts",
        "Payouts to sellers, the newest first; a seller sees their own.",
        payouts.listed,
        PayoutList,
        _BOTH,
        SELLER,
        STAGE,
        LIMIT,
        CURSOR,
    ),
    change(
        "/payouts",
        "makePayout",
        "Pay out to a seller all that can leave now, whatever day it is and however little it is.",
        NewPayout,
        payouts.make,
        PayoutList,
        _OPERATOR,
        "nothing_due",
        "seller_owes",
        "no_payout_account",
        "account_not_payable",
        "payouts_parked",
        "all_reserved",
    )._replace(status=201),
    read("/payouts/{payout}", "getPayout", "One payout, with its orders.", payouts.one, PayoutDetail, _BOTH),
    change(
        "/payouts/{payout}/again",
        "payOutAgain",
        "Send what came back from a seller's bank, or was not sent there, once more.",
        Nothing,
        payouts.again,
        PayoutDetail,
        _OPERATOR,
        "not_stopped",
    ),
    read(
        "/payees",
        "listPayees",
        "Sellers as payment providers know them, by name.",
        payouts.payees,
        PayeeList,
        _OPERATOR,
        PARKED,
        LIMIT,
        CURSOR,
    ),
    read("/payees/{seller}", "getPayee", "One seller, at every provider.", payouts.payee, PayeeList, _BOTH),
    change(
        "/payees/{seller}",
        "setPayee",
        "Where a provider pays a seller to, and what was agreed with them. What is left out stays.",
        PayeeChange,
        payouts.set_payee,
        PayeeOut,
        _OPERATOR,
        "unknown_provider",
        "account_number",
    ),
    change(
        "/payees/{seller}/onboarding",
        "onboardPayee",
        "A page on which the provider asks a seller who they are, and where to pay them to: send their browser there.",
        NewOnboarding,
        payouts.onboard,
        OnboardingOut,
        _BOTH,
        "unknown_provider",
        "no_onboarding",
        "seller_refused",
    ),
    change(
        "/payees/{seller}/resumption",
        "resumePayouts",
        "Pay out to a seller again, after a look at what was in the way.",
        AtProvider,
        payouts.resume,
        PayeeOut,
        _OPERATOR,
    ),
    change(
        "/payees/{seller}/care",
        "careForPayee",
        "Look after a seller's payouts from now on: others see by whom it is done.",
        AtProvider,
        payouts.take_care,
        PayeeOut,
        _OPERATOR,
    ),
    read(
        "/sellers/{seller}/balance",
        "getBalance",
        "What is due to a seller, and what is in its way.",
        payouts.balance,
        BalanceList,
        _BOTH,
    ),
    read(
        "/sellers/{seller}/statement",
        "getStatement",
        "Where the money of a seller's orders is, the last changed first.",
        payouts.statement,
        StatementList,
        _BOTH,
        LIMIT,
        CURSOR,
    ),
)
