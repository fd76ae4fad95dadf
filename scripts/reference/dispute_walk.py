"""Every way that a dispute can go, found by trying as in `walk.py`: all commands by everybody, and every deadline."""

from collections.abc import Iterator
from functools import cache

import msgspec

from fairhold.domain.actors import Role
from fairhold.domain.coming import Because, Deadline
from fairhold.domain.commands import Command, ContestReturnedParcel, Pay, RecordCheckpoint, ShipParcel
from fairhold.domain.deadlines import deadlines
from fairhold.domain.dispute import DemandKind, Dispute, DisputeState
from fairhold.domain.dispute_status import main_deadline
from fairhold.domain.evolve import evolve
from fairhold.domain.firing import fire
from fairhold.domain.guards import check
from fairhold.domain.ids import shipment_id
from fairhold.domain.instants import HOUR, MINUTE, Instant
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.policy import Policy
from scripts.reference.bodies import MODEL, examples, in_dispute, opening
from scripts.reference.walk import ACTORS, PEOPLE, decided, placed, policies, walk


class Step(msgspec.Struct, frozen=True, order=True):
    """From `source` to `target` by `what`: a command (`who` gives it) or a deadline (`who` is empty).

    `by_policy`: only where a policy or a payment provider says so.
    """

    source: DisputeState
    target: DisputeState
    what: str
    who: tuple[str, ...]
    by_policy: bool = False


class DisputeWalk(msgspec.Struct):
    """What the walks found; `orders` are those whose last dispute stands in the state, by default terms only."""

    steps: dict[tuple[DisputeState, DisputeState, str], Step]
    orders: dict[DisputeState, list[tuple[Order, Instant]]]
    deadlines: dict[Because, tuple[Order, Deadline]]


@cache
def dispute_walk() -> DisputeWalk:
    """Everything that can happen to a dispute over one unit of goods."""
    found = DisputeWalk({}, {}, {})
    for number, policy in enumerate(policies()):
        _walk(policy, found, by_policy=number > 0)
    return found


def all_deadlines() -> dict[Because, tuple[Order, Deadline]]:
    """For each reason of a deadline, an order that has it."""
    return {**dispute_walk().deadlines, **walk().deadlines}


def _walk(policy: Policy, found: DisputeWalk, *, by_policy: bool) -> None:
    waiting = list(_opened(policy))
    seen = {_key(order) for order, _ in waiting}
    while waiting:
        order, now = waiting.pop(0)
        if not by_policy:
            found.orders.setdefault(_last(order).state, []).append((order, now))
        for coming in deadlines(order):
            found.deadlines.setdefault(coming.because, (order, coming))
        if not _last(order).is_open:
            continue
        for step, after, then in _steps(order, now, by_policy=by_policy):
            _note(found, step)
            if _key(after) not in seen:
                seen.add(_key(after))
                waiting.append((after, then))


def _last(order: Order) -> Dispute:
    return order.disputes[-1]


def _opened(policy: Policy) -> Iterator[tuple[Order, Instant]]:
    """Disputes as they begin: for each demand, over a parcel that came back, and where protection lapsed by policy."""
    order, now = placed(policy), Instant(placed(policy).placed_at + HOUR)
    order = _told(order, Pay(method="sandbox:ok"), Role.BUYER, now)
    shipped = _told(order, ShipParcel(carrier="post", tracking_number="1"), Role.SELLER, now)
    delivered, returned = (
        _told(shipped, RecordCheckpoint(shipment=shipment_id(MODEL, 1), status=status, at=now), Role.OPERATOR, now)
        for status in (ParcelStatus.DELIVERED, ParcelStatus.RETURNED_TO_SENDER)
    )
    for kind in DemandKind:
        yield _told(delivered, opening(kind), Role.BUYER, now), now
    contest = next(command for _, command in examples(ContestReturnedParcel, now))
    yield _told(returned, contest, Role.SELLER, now), now
    lapse = deadlines(shipped)[0]
    lapsed = evolve(shipped, fire(shipped, lapse))
    if lapsed.disputes:
        yield lapsed, lapse.at


def _told(order: Order, command: Command, role: Role, now: Instant) -> Order:
    after = decided(order, command, PEOPLE[role], now)
    assert after is not None, f"the model order refused {command.NAME}"
    return after


def _steps(order: Order, now: Instant, *, by_policy: bool) -> Iterator[tuple[Step, Order, Instant]]:
    source, soon = _last(order).state, Instant(now + MINUTE)
    for coming in deadlines(order)[:1]:
        after = evolve(order, fire(order, coming))
        yield Step(source, _last(after).state, coming.kind.value, (), by_policy), after, Instant(coming.at + MINUTE)
        if coming.at <= soon:
            return
    for command in in_dispute(_last(order)):
        for actor in ACTORS:
            if check(order, command, actor, soon) is None:
                told = decided(order, command, actor, soon)
                if told is not None:
                    who = (actor.role.value,)
                    yield Step(source, _last(told).state, command.NAME, who, by_policy), told, soon


def _note(found: DisputeWalk, step: Step) -> None:
    place = (step.source, step.target, step.what)
    known = found.steps.setdefault(place, step)
    if known is not step and not step.by_policy:
        found.steps[place] = msgspec.structs.replace(known, who=tuple(sorted({*known.who, *step.who})))


def _key(order: Order) -> tuple[object, ...]:
    """What tells disputes apart here: offers and messages are not counted beyond what changes the way."""
    dispute = _last(order)
    newest = dispute.offers[-1] if dispute.offers else None
    offered = (newest.by, newest.resend, newest.return_goods, newest.lapsed) if newest is not None else None
    main = main_deadline(order, dispute)
    return (
        dispute.state,
        dispute.reason,
        dispute.overdue,
        dispute.contested,
        dispute.appealed_by,
        tuple(ruling.refund for ruling in dispute.rulings),
        offered,
        None if main is None else main.because,
    )
