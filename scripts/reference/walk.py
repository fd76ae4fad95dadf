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
from fairhold.domain.dispute import Dispute
from fairhold.domain.evolve import evolve
from fairhold.domain.firing import fire
from fairhold.domain.guards import GUARDS, may
from fairhold.domain.ids import Lane, PersonId, order_id
from fairhold.domain.instants import HOUR, MINUTE, Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, PortionState
from fairhold.domain.policy import Policy, ProtectionRules, ProviderRules
from fairhold.domain.reasons import Refusal
from fairhold.domain.status import stage
from fairhold.engine.installation.policies import preset
from scripts.reference.bodies import MODEL, WORTH, examples, in_dispute, open_dispute


class Node(StrEnum):
    """Where goods (one line of one unit) can stand."""

    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_SHIPMENT = "awaiting_shipment"
    AWAITING_DELIVERY = "awaiting_delivery"
    RETURNED_TO_SENDER = "returned_to_sender"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    IN_DISPUTE = "in_dispute"
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


_FRESH = order_id(1_767_600_000_000, 2, Lane(0))
"""For the one review that a walk writes."""
_START = Instant(1_767_600_000_000_000)
PEOPLE = {role: Actor(role, PersonId(role.value)) for role in Role if role is not Role.SYSTEM} | {Role.SYSTEM: SYSTEM}
ACTORS = (*PEOPLE.values(), Actor(Role.MEDIATOR, PersonId("another")))
"""Everybody who tries: an appeal needs a second mediator."""

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


def policies() -> tuple[Policy, ...]:
    """The default first; then what only some policies do."""
    default = preset("aliexpress")
    replace = msgspec.structs.replace
    undo = replace(default.receipt, buyer_undo_minutes=30, seller_marks_delivered=True)
    return (
        replace(default, providers=(ProviderRules(name="sandbox"),)),
        replace(default, providers=(ProviderRules(name="sandbox", ceiling_days=3),)),
        replace(default, receipt=undo, protection=ProtectionRules(on_lapse="extend_once")),
        replace(
            default,
            protection=ProtectionRules(on_lapse="dispute"),
            disputes=replace(default.disputes, refund_undecided_after_days=10),
        ),
    )


@cache
def walk() -> Walk:
    """Everything that can happen to one unit of goods."""
    found = Walk({}, {}, {})
    for number, policy in enumerate(policies()):
        _walk(policy, found, by_policy=number > 0)
    return found


def _walk(policy: Policy, found: Walk, *, by_policy: bool) -> None:
    order = placed(policy)
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
        if coming.at <= soon:
            return
    for name, actor, command in _asked(order, soon):
        after_all = decided(order, command, actor, soon)
        if after_all is not None:
            yield Edge(source, node_of(after_all), name, (actor.role.value,), by_policy), after_all, soon


def _asked(order: Order, now: Instant) -> Iterator[tuple[str, Actor, Command]]:
    """Everything that anybody might ask, in the order of the guards."""
    for guard in GUARDS:
        for actor in PEOPLE.values():
            if may(guard, order, actor):
                for name, command in examples(guard.command, now):
                    yield name, actor, command
    dispute = open_dispute(order)
    if dispute is not None:
        for command in in_dispute(dispute):
            for actor in ACTORS:
                yield command.NAME, actor, command


def decided(order: Order, command: Command, actor: Actor, now: Instant) -> Order | None:
    """The order after the command; None where it is refused or changes nothing."""
    made = decide(order, command, actor, now, _FRESH)
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


def placed(policy: Policy) -> Order:
    """The model order, unpaid."""
    line = commands.NewLine(sku="model", title="model", quantity=1, unit_price=WORTH)
    command = commands.PlaceOrder(
        buyer=PersonId("buyer"), seller=PersonId("seller"), currency=Currency("RUB"), lines=(line,), policy=policy
    )
    made = decide(None, command, PEOPLE[Role.BUYER], _START, MODEL)
    if isinstance(made, Refusal):
        raise AssertionError(f"the model order was refused: {made}")
    return evolve(None, made[0])


def _key(order: Order) -> tuple[object, ...]:
    """What tells orders apart here: the numbers of scans and of parcels are not explored beyond what changes the way.

    A dispute is told apart by what leads out of it: how it goes by itself is explored in `dispute_walk.py`. What a
    chargeback took is seen once in each place.
    """
    node, portion = node_of(order), order.portions[0]
    if order.chargebacks:
        return node, order.chargebacks[-1].state
    dispute = open_dispute(order)
    if dispute is not None:
        return node, *_key_of_dispute(dispute), portion.window_ends is not None, portion.ship_again_by is not None
    last = order.shipments[-1].status if order.shipments else None
    coming = deadlines(order)
    return (
        node,
        last,
        len(order.shipments) > 1,
        order.extension_request is not None,
        order.extensions_granted,
        portion.lapse_extended,
        portion.accident,
        frozenset(deadline.because for deadline in coming),
    )


def _key_of_dispute(dispute: Dispute) -> tuple[object, ...]:
    ruled = dispute.rulings[-1].refund if dispute.rulings else None
    newest = dispute.offers[-1] if dispute.offers else None
    offered = (newest.by, newest.resend, newest.return_goods) if newest is not None else None
    return dispute.state, dispute.overdue, ruled, offered
