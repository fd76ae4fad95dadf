"""Who may do what in which state, and why not: one table.

The engine's refusals, the API's `actions`, the buttons on a page and the generated state diagram all read it.
"""

from collections.abc import Callable

import msgspec

from fairhold.domain import conditions as when
from fairhold.domain.actors import PEOPLE, STAFF, Actor, Role
from fairhold.domain.commands import (
    AnswerExtension,
    ApplyDeadlines,
    AskExtension,
    CancelOrder,
    Command,
    ConfirmReceipt,
    ExtendProtection,
    Pay,
    RecordCheckpoint,
    RecordOutage,
    RecordRefundPaid,
    ShipParcel,
    UndoReceipt,
)
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order, Portion
from fairhold.domain.policy import Terms
from fairhold.domain.reasons import Reason, Refusal


def _nobody(terms: Terms) -> frozenset[Role]:
    return frozenset()


def _seller_by_policy(terms: Terms) -> frozenset[Role]:
    return frozenset({Role.SELLER}) if terms.seller_marks_delivered else frozenset()


def _buyer_by_policy(terms: Terms) -> frozenset[Role]:
    return frozenset({Role.BUYER}) if terms.buyer_undo else frozenset()


class Guard(msgspec.Struct, frozen=True):
    """One command: who may give it (`also`: whom the order's terms add), and what must hold, checked in this order."""

    command: type[Command]
    roles: frozenset[Role]
    conditions: tuple[when.Condition, ...]
    also: Callable[[Terms], frozenset[Role]] = _nobody


def _guard(
    command: type[Command],
    roles: set[Role],
    *conditions: when.Condition,
    also: Callable[[Terms], frozenset[Role]] = _nobody,
) -> Guard:
    return Guard(command, frozenset(roles), conditions, also)


_BUYER, _SELLER, _SUPPORT, _OPERATOR, _SYSTEM = Role.BUYER, Role.SELLER, Role.SUPPORT, Role.OPERATOR, Role.SYSTEM

GUARDS: tuple[Guard, ...] = (
    _guard(Pay, {_BUYER}, when.NOT_GIVEN_UP, when.UNPAID),
    _guard(CancelOrder, {_BUYER, _SELLER, _OPERATOR}, when.OPEN, when.NOTHING_SHIPPED),
    _guard(ShipParcel, {_SELLER}, when.NOT_GIVEN_UP, when.SOMETHING_UNSHIPPED, when.ROOM_FOR_PARCELS),
    _guard(RecordCheckpoint, {_OPERATOR, _SYSTEM}, when.SOMETHING_SHIPPED, also=_seller_by_policy),
    _guard(ConfirmReceipt, {_BUYER}, when.SOMETHING_CONFIRMABLE),
    _guard(UndoReceipt, {_SUPPORT}, when.SOMETHING_UNDOABLE, also=_buyer_by_policy),
    _guard(ExtendProtection, {_SELLER}, when.SOMETHING_PROTECTED, when.EXTENSIONS_LEFT),
    _guard(AskExtension, {_BUYER}, when.SOMETHING_PROTECTED, when.EXTENSIONS_LEFT, when.NO_EXTENSION_ASKED),
    _guard(AnswerExtension, {_SELLER}, when.EXTENSION_ASKED, when.SOMETHING_PROTECTED, when.EXTENSIONS_LEFT),
    _guard(RecordRefundPaid, {_SYSTEM}),
    _guard(RecordOutage, {_OPERATOR}),
    _guard(ApplyDeadlines, {_SYSTEM}),
)

_BY_COMMAND = {guard.command: guard for guard in GUARDS}
_SHOWN = tuple(guard for guard in GUARDS if guard.roles & PEOPLE and guard.command is not RecordOutage)


class Action(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something this person may do on the order, now or (with the reason why not) at another time."""

    name: str
    available: bool
    code: Reason | None = None


def is_party(order: Order, actor: Actor) -> bool:
    """Whether this actor has to do with the order at all: its buyer, its seller, staff, or Fairhold itself."""
    match actor.role:
        case Role.BUYER:
            return actor.id == order.buyer
        case Role.SELLER:
            return actor.id == order.seller
        case _:
            return actor.role in STAFF or actor.role is Role.SYSTEM


def may(guard: Guard, order: Order, actor: Actor) -> bool:
    """Whether the actor's role may ever give the command on this order."""
    return actor.role in guard.roles or actor.role in guard.also(order.terms)


def check(order: Order, command: Command, actor: Actor, now: Instant) -> Refusal | None:
    """Why this actor may not give this command to the order as it is, if they may not; the body is not looked at."""
    guard = _BY_COMMAND[type(command)]
    if not is_party(order, actor):
        return Refusal(Reason.NOT_FOUND)
    if not may(guard, order, actor):
        return Refusal(Reason.NOT_ALLOWED)
    reason = _failing(guard, order, actor, now)
    return Refusal(reason) if reason is not None else None


def _failing(guard: Guard, order: Order, actor: Actor, now: Instant) -> Reason | None:
    for condition in guard.conditions:
        if not condition.holds(order, actor, now):
            return condition.reason(order)
    return None


def actions(order: Order, actor: Actor, now: Instant) -> tuple[Action, ...]:
    """What this person may do on the order, in the order of the table; each is available or says why not."""
    if not is_party(order, actor):
        return ()
    found = []
    for guard in _SHOWN:
        if may(guard, order, actor):
            reason = _failing(guard, order, actor, now)
            found.append(Action(guard.command.NAME, reason is None, reason))
    return tuple(found)


class _LineAction(msgspec.Struct, frozen=True):
    command: type[Command]
    wanted: Callable[[Order, Portion, Actor, Instant], bool]
    why_not: Callable[[Order, LineId], Reason]


_LINE_ACTIONS = (
    _LineAction(ShipParcel, lambda order, portion, actor, now: when.unshipped(order, portion), when.why_not_unshipped),
    _LineAction(
        ConfirmReceipt, lambda order, portion, actor, now: when.confirmable(order, portion), when.why_not_confirmable
    ),
    _LineAction(UndoReceipt, when.undoable, when.why_not_undoable),
)


def line_actions(order: Order, line: LineId, actor: Actor, now: Instant) -> tuple[Action, ...]:
    """What this person may do with one line."""
    if not is_party(order, actor):
        return ()
    found = []
    for action in _LINE_ACTIONS:
        guard = _BY_COMMAND[action.command]
        if may(guard, order, actor):
            reason = _failing(guard, order, actor, now) or _line_failing(action, order, line, actor, now)
            found.append(Action(action.command.NAME, reason is None, reason))
    return tuple(found)


def _line_failing(action: _LineAction, order: Order, line: LineId, actor: Actor, now: Instant) -> Reason | None:
    if any(portion.line == line and action.wanted(order, portion, actor, now) for portion in order.portions):
        return None
    return action.why_not(order, line)
