"""Every way that goods can go, found by trying: model orders take every command of the guards and every deadline.

The diagram and the tables of states come from here, so they show what the rules do and not what somebody meant.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache

import msgspec

from fairhold.domain import commands
from fairhold.domain.actors import SYSTEM, Actor, Role
from fairhold.domain.coming import Because, Deadline
from fairhold.domain.commands import Command
from fairhold.domain.deadlines import deadlines
from fairhold.domain.decide import decide
from fairhold.domain.evolve import evolve
from fairhold.domain.firing import fire
from fairhold.domain.guards import GUARDS, may
from fairhold.domain.ids import Lane, PersonId, line_id, order_id, shipment_id
from fairhold.domain.instants import HOUR, MINUTE, Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, ParcelStatus, PortionState
from fairhold.domain.policy import Policy, ProtectionRules, ProviderRules
from fairhold.domain.reasons import Refusal
from fairhold.domain.status import stage
from fairhold.engine.policies import preset


class Node(StrEnum):
    """Where goods (one line of one unit) can stand."""

    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_SHIPMENT = "awaiting_shipment"
    AWAITING_DELIVERY = "awaiting_delivery"
    RETURNED_TO_SENDER = "returned_to_sender"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    SETTLING = "settling"
    COMPLETED = "completed"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class Edge(msgspec.Struct, frozen=True, order=True):
    """From `source` to `target` by `what`: a command (`who` gives it) or a deadline (`who` is empty).

    `by_policy`: only where a policy says so; the default does not.
    """

    source: Node
    target: Node
    what: str
    who: tuple[str, ...]
    by_policy: bool = False


class Walk(msgspec.Struct):
    """What the walks found: ways, and for each reason of a deadline an order that has it."""

    edges: dict[tuple[Node, Node, str], Edge]
    orders: dict[Node, list[Order]]
    deadlines: dict[Because, tuple[Order, Deadline]]


_ID = order_id(1_767_600_000_000, 1, Lane(0))
_LINE, _PARCEL = line_id(_ID, 1), shipment_id(_ID, 1)
_START = Instant(1_767_600_000_000_000)
PEOPLE = {role: Actor(role, PersonId(role.value)) for role in Role if role is not Role.SYSTEM} | {Role.SYSTEM: SYSTEM}
_SCANS = (
    ParcelStatus.IN_TRANSIT,
    ParcelStatus.DELIVERED,
    ParcelStatus.ATTEMPT_FAILED,
    ParcelStatus.RETURNED_TO_SENDER,
)
_CLOSED = {
    PortionState.SETTLED: Node.COMPLETED,
    PortionState.REFUNDED: Node.REFUNDED,
    PortionState.CANCELLED: Node.CANCELLED,
}


def node_of(order: Order) -> Node:
    """Where the model's goods stand."""
    portion = order.portions[0]
    if portion.ship_again_by is not None and portion.state is PortionState.HELD:
        return Node.RETURNED_TO_SENDER
    open_stage = stage(order, portion)
    return _CLOSED[portion.state] if open_stage is None else Node(open_stage.value)


_BODIES: dict[type[Command], tuple[Command, ...]] = {
    commands.Pay: (commands.Pay(method="sandbox:ok"),),
    commands.CancelOrder: (commands.CancelOrder(),),
    commands.ShipParcel: (commands.ShipParcel(carrier="post", tracking_number="1"),),
    commands.ConfirmReceipt: (commands.ConfirmReceipt(lines=(_LINE,), acknowledged=True),),
    commands.UndoReceipt: (commands.UndoReceipt(lines=(_LINE,), why="an accident"),),
    commands.ExtendProtection: (commands.ExtendProtection(days=10),),
    commands.AskExtension: (commands.AskExtension(days=10),),
    commands.AnswerExtension: (commands.AnswerExtension(granted=True), commands.AnswerExtension(granted=False)),
}
"""Bodies of each command that the model order can take; scans need the time and are made below."""


def examples(command: type[Command], now: Instant) -> Iterator[tuple[str, Command]]:
    """Bodies of a command that the model order can take, each with the name to show."""
    if command is commands.RecordCheckpoint:
        for parcel in (_PARCEL, shipment_id(_ID, 2)):
            for status in _SCANS:
                yield status.value, commands.RecordCheckpoint(shipment=parcel, status=status, at=now)
    for body in _BODIES.get(command, ()):
        yield command.NAME, body


def _policies() -> tuple[Policy, ...]:
    """The default first; then what only some policies do."""
    default = preset("aliexpress")
    replace = msgspec.structs.replace
    undo = replace(default.receipt, buyer_undo_minutes=30, seller_marks_delivered=True)
    return (
        replace(default, providers=(ProviderRules(name="sandbox"),)),
        replace(default, providers=(ProviderRules(name="sandbox", ceiling_days=3),)),
        replace(default, receipt=undo, protection=ProtectionRules(on_lapse="extend_once")),
    )


@cache
def walk() -> Walk:
    """Everything that can happen to one unit of goods."""
    found = Walk({}, {}, {})
    for number, policy in enumerate(_policies()):
        _walk(policy, found, by_policy=number > 0)
    return found


def _walk(policy: Policy, found: Walk, *, by_policy: bool) -> None:
    order = _placed(policy)
    seen, waiting = {_key(order)}, [(order, _START)]
    while waiting:
        order, now = waiting.pop(0)
        found.orders.setdefault(node_of(order), []).append(order)
        for edge, after, then in _steps(order, now, by_policy=by_policy):
            _note(found, edge)
            if _key(after) not in seen:
                seen.add(_key(after))
                waiting.append((after, then))
        for coming in deadlines(order):
            found.deadlines.setdefault(coming.because, (order, coming))


def _steps(order: Order, now: Instant, *, by_policy: bool) -> Iterator[tuple[Edge, Order, Instant]]:
    source, soon = node_of(order), Instant(now + HOUR)
    for coming in deadlines(order)[:1]:
        after = evolve(order, fire(order, coming))
        yield Edge(source, node_of(after), coming.kind.value, (), by_policy), after, Instant(coming.at + MINUTE)
    for guard in GUARDS:
        for role in Role:
            for name, command in examples(guard.command, soon) if may(guard, order, PEOPLE[role]) else ():
                after_all = _decided(order, command, PEOPLE[role], soon)
                if after_all is not None:
                    yield Edge(source, node_of(after_all), name, (role.value,), by_policy), after_all, soon


def _decided(order: Order, command: Command, actor: Actor, now: Instant) -> Order | None:
    made = decide(order, command, actor, now)
    if isinstance(made, Refusal) or not made:
        return None
    for event in made:
        order = evolve(order, event)
    return order


def _note(found: Walk, edge: Edge) -> None:
    place = (edge.source, edge.target, edge.what)
    known = found.edges.get(place)
    if known is None:
        found.edges[place] = edge
    elif not edge.by_policy:
        found.edges[place] = msgspec.structs.replace(known, who=tuple(sorted({*known.who, *edge.who})))


def _placed(policy: Policy) -> Order:
    line = commands.NewLine(sku="model", title="model", quantity=1, unit_price=1000)
    command = commands.PlaceOrder(
        buyer=PersonId("buyer"), seller=PersonId("seller"), currency=Currency("RUB"), lines=(line,), policy=policy
    )
    made = decide(None, command, PEOPLE[Role.BUYER], _START, _ID)
    if isinstance(made, Refusal):
        raise AssertionError(f"the model order was refused: {made}")
    return evolve(None, made[0])


def _key(order: Order) -> tuple[object, ...]:
    """What tells orders apart here: the numbers of scans and of parcels are not explored beyond what changes the way."""
    last = order.shipments[-1].status if order.shipments else None
    coming = deadlines(order)[:1]
    return (
        node_of(order),
        last,
        len(order.shipments) > 1,
        order.extension_request is not None,
        order.extensions_granted,
        order.portions[0].lapse_extended,
        coming[0].because if coming else None,
    )
