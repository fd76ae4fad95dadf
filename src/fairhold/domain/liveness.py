"""Whether every state that holds money ends, and how long the longest way to the end is.

Checked by walking: model orders in every stage that holds money are left alone, and only their deadlines act. What holds
for them holds for any order, since each portion's deadlines depend on nothing but its own stage and the terms.
"""

import msgspec

from fairhold.domain.actors import Actor, Role
from fairhold.domain.coming import Kind
from fairhold.domain.commands import (
    AcceptOffer,
    AskExtension,
    Command,
    ConfirmReceipt,
    Demand,
    ExtendProtection,
    MakeOffer,
    NewLine,
    OpenDispute,
    Pay,
    PlaceOrder,
    RecordCheckpoint,
    ShipParcel,
    ShipReturn,
)
from fairhold.domain.deadlines import deadlines
from fairhold.domain.decide import decide
from fairhold.domain.dispute import DemandKind, DisputeReason, dispute_id
from fairhold.domain.evolve import evolve, fold
from fairhold.domain.firing import fire
from fairhold.domain.ids import Lane, PersonId, line_id, order_id, shipment_id
from fairhold.domain.instants import DAY, HOUR, Duration, Instant, days
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.policy import Policy, PolicyProblem
from fairhold.domain.reasons import Refusal
from fairhold.domain.support_commands import ReportAccident

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
    confirm = (ConfirmReceipt(lines=(line_id(_ID, 1),), acknowledged=True), _BUYER)
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
        "confirmed by accident": _play(policy, pay, ship, confirm, (ReportAccident(), _BUYER)),
        **_disputes(policy, pay, ship),
    }


def _disputes(policy: Policy, *before: tuple[Command, Actor]) -> dict[str, Order]:
    """A model order in dispute, in every state in which not a mediator has to act: that one is answered for by staff."""
    line, name = line_id(_ID, 1), dispute_id(_ID, 1)

    def opened(kind: DemandKind) -> tuple[Command, Actor]:
        demand = Demand(kind=kind)
        return OpenDispute(lines=(line,), reason=DisputeReason.DAMAGED, demand=demand, text="model"), _BUYER

    accept = (AcceptOffer(dispute=name, number=1), _SELLER)
    back = (ShipReturn(dispute=name, carrier="carrier", tracking_number="2"), _BUYER)
    return {
        "in dispute": _play(policy, *before, opened(DemandKind.REFUND)),
        "under negotiation": _play(
            policy, *before, opened(DemandKind.REFUND), (MakeOffer(dispute=name, refund=1), _SELLER)
        ),
        "to be sent back": _play(policy, *before, opened(DemandKind.RETURN_AND_REFUND), accept),
        "being sent back": _play(policy, *before, opened(DemandKind.RETURN_AND_REFUND), accept, back),
        "to be sent again": _play(policy, *before, opened(DemandKind.RESEND), accept),
    }


def _scan(status: ParcelStatus) -> tuple[Command, Actor]:
    return RecordCheckpoint(shipment=_PARCEL, status=status, at=Instant(_START + HOUR)), _CARRIER


def check(policy: Policy) -> tuple[PolicyProblem, ...]:
    """Every stage that holds money and would hold it for ever under this policy."""
    problems = []
    for stage, model in _stages(policy).items():
        order, coming = model, deadlines(model)
        for _ in range(_MOST_STEPS):
            coming = deadlines(order)
            if not coming or coming[0].kind is Kind.RULING:
                # A ruling is owed by staff: an overdue one alarms, and never moves money.
                break
            order = evolve(order, fire(order, coming[0]))
        owed = bool(coming) and coming[0].kind is Kind.RULING
        if (order.money.held or order.money.settling) and not owed:
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
    steps.append(_longest_dispute(policy))
    if policy.receipt.settlement_delay_hours:
        steps.append(PathStep("settlement delay", Duration(policy.receipt.settlement_delay_hours * HOUR)))
        if policy.receipt.accident_freeze_hours:
            steps.append(
                PathStep("freeze after a report of an accident", Duration(policy.receipt.accident_freeze_hours * HOUR))
            )
    return tuple(steps)


def _longest_dispute(policy: Policy) -> PathStep:
    """One dispute: bargained over to the last day, ruled on, appealed and ruled on again, or ended by the policy before that."""
    rules = policy.disputes
    talking = max(rules.negotiation_days, rules.answer_days)
    whole = talking + rules.ruling_days + rules.appeal_days + rules.ruling_days
    last = rules.refund_undecided_after_days
    return PathStep("one dispute with negotiation, ruling and appeal", days(min(whole, last) if last else whole))


def outlasted(policy: Policy) -> tuple[tuple[str, int, int], ...]:
    """Providers whose ceiling the longest way outlasts: name, ceiling and longest way in days (rounded up)."""
    whole = -(-sum(step.length for step in longest_path(policy)) // DAY)
    return tuple(
        (provider.name, provider.ceiling_days, whole)
        for provider in policy.providers
        if provider.ceiling_days and whole > provider.ceiling_days
    )
