"""Whether every state that holds money ends, and how long the longest way to the end is.

Checked by walking: model orders in every stage that holds money are left alone, and only their deadlines act. What holds
for them holds for any order, since each portion's deadlines depend on nothing but its own stage and the terms.
"""

import msgspec

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import (
    AskExtension,
    Command,
    ConfirmReceipt,
    ExtendProtection,
    NewLine,
    Pay,
    PlaceOrder,
    RecordCheckpoint,
    ShipParcel,
)
from fairhold.domain.deadlines import deadlines
from fairhold.domain.decide import decide
from fairhold.domain.evolve import evolve, fold
from fairhold.domain.firing import fire
from fairhold.domain.ids import Lane, PersonId, order_id, shipment_id
from fairhold.domain.instants import DAY, HOUR, Duration, Instant, days
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.policy import Policy, PolicyProblem
from fairhold.domain.reasons import Refusal

_ID = order_id(0, 0, Lane(0))
_PARCEL = shipment_id(_ID, 1)
_START = Instant(0)
_BUYER = Actor(Role.BUYER, PersonId("buyer"))
_SELLER = Actor(Role.SELLER, PersonId("seller"))
_CARRIER = Actor(Role.OPERATOR, PersonId("carrier"))
_MOST_STEPS = 20


class PathStep(msgspec.Struct, frozen=True):
    """One stretch of the longest way: what for, and how long."""

    what: str
    length: Duration


def _model(policy: Policy) -> PlaceOrder:
    line = NewLine(sku="model", title="model", quantity=1, unit_price=1000)
    buyer, seller = _BUYER.id, _SELLER.id
    return PlaceOrder(buyer=buyer, seller=seller, currency=Currency("EUR"), lines=(line,), policy=policy)


def _play(policy: Policy, *steps: tuple[Command, Actor]) -> Order:
    """The model order after these commands, one hour apart."""
    placed = decide(None, _model(policy), _BUYER, _START, _ID)
    if isinstance(placed, Refusal):
        raise AssertionError(f"the model order was refused: {placed}")
    order = fold(placed)
    for count, (command, actor) in enumerate(steps, 1):
        events = decide(order, command, actor, Instant(_START + count * HOUR))
        if not isinstance(events, Refusal):
            order = fold(events, order)
    return order


def _stages(policy: Policy) -> dict[str, Order]:
    """A model order in every stage that holds money."""
    pay = (Pay(method="sandbox:ok"), _BUYER)
    ship = (ShipParcel(carrier="carrier", tracking_number="1"), _SELLER)
    longest = min(policy.protection.extension_max_days, 400)
    confirm = (ConfirmReceipt(lines=(f"{_PARCEL.split('-', maxsplit=1)[0]}-1",), acknowledged=True), _BUYER)  # type: ignore[arg-type]
    return {
        "paid": _play(policy, pay),
        "shipped": _play(policy, pay, ship),
        "asked for an extension": _play(policy, pay, ship, (AskExtension(days=longest), _BUYER)),
        "extended": _play(
            policy, pay, ship, *(((ExtendProtection(days=longest), _SELLER),) * policy.protection.extensions)
        ),
        "delivered": _play(policy, pay, ship, _scan(ParcelStatus.DELIVERED)),
        "returned to the sender": _play(policy, pay, ship, _scan(ParcelStatus.RETURNED_TO_SENDER)),
        "confirmed": _play(policy, pay, ship, confirm),
    }


def _scan(status: ParcelStatus) -> tuple[Command, Actor]:
    return RecordCheckpoint(shipment=_PARCEL, status=status, at=Instant(_START + HOUR)), _CARRIER


def check(policy: Policy) -> tuple[PolicyProblem, ...]:
    """Every stage that holds money and would hold it for ever under this policy."""
    problems = []
    for stage, model in _stages(policy).items():
        order = model
        for _ in range(_MOST_STEPS):
            coming = deadlines(order)
            if not coming:
                break
            order = evolve(order, fire(order, coming[0]))
        if order.money.held or order.money.settling:
            problems.append(PolicyProblem("policy", f"an order that is {stage} would hold its money for ever"))
    return tuple(problems)


def longest_path(policy: Policy) -> tuple[PathStep, ...]:
    """The longest way from payment to the end that this policy allows, stretch by stretch."""
    protection = policy.protection
    steps = [
        PathStep("shipping deadline", days(policy.shipping.deadline_max_days)),
        PathStep("protection period", days(protection.max_days)),
    ]
    if protection.extensions:
        steps.append(
            PathStep(f"{protection.extensions} extensions", days(protection.extensions * protection.extension_max_days))
        )
    again = policy.shipping.returned_parcel_days + protection.max_days
    steps.append(PathStep("one return to the sender, shipping again and its protection", days(again)))
    if protection.on_lapse == "extend_once":
        steps.append(PathStep("extension on lapse", days(protection.lapse_extension_days)))
    if policy.receipt.settlement_delay_hours:
        steps.append(PathStep("settlement delay", Duration(policy.receipt.settlement_delay_hours * HOUR)))
    return tuple(steps)


def outlasted(policy: Policy) -> tuple[tuple[str, int, int], ...]:
    """Providers whose ceiling the longest way outlasts: name, ceiling and longest way in days (rounded up)."""
    whole = -(-sum(step.length for step in longest_path(policy)) // DAY)
    return tuple(
        (provider.name, provider.ceiling_days, whole)
        for provider in policy.providers
        if provider.ceiling_days and whole > provider.ceiling_days
    )
