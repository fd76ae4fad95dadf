"""Who may do what in a dispute, in which of its states, and why not: the second half of the table in `guards.py`."""

from collections.abc import Callable

import msgspec

from fairhold.domain.actors import PEOPLE, Actor, Role
from fairhold.domain.commands import (
    AcceptOffer,
    AppealRuling,
    DisputeCommand,
    EscalateDispute,
    MakeOffer,
    ReceiveReturn,
    RuleOnDispute,
    SendMessage,
    ShipReplacement,
    ShipReturn,
    TakeClaim,
    WithdrawDispute,
)
from fairhold.domain.dispute import CLOSED_DISPUTES, Dispute, DisputeReason, DisputeState
from fairhold.domain.evidence import Evidence
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal

MAX_OFFERS = 100
MAX_MESSAGES = 500
MAX_EVIDENCE = 50


class DisputeCondition(msgspec.Struct, frozen=True):
    """`holds` says whether the command may go on; `reason` why it may not."""

    name: str
    holds: Callable[[Order, Dispute, Actor], bool]
    reason: Reason


class DisputeGuard(msgspec.Struct, frozen=True):
    """One command: who may give it, in which states (`otherwise`: why not before them), and what else must hold."""

    command: type[DisputeCommand]
    roles: frozenset[Role]
    states: frozenset[DisputeState]
    otherwise: Reason
    conditions: tuple[DisputeCondition, ...] = ()


_ANSWER, _TALK, _CLAIMED = DisputeState.AWAITING_ANSWER, DisputeState.NEGOTIATING, DisputeState.CLAIMED
_RULED, _APPEALED = DisputeState.RULED, DisputeState.APPEALED
_RETURN_DUE, _RETURNING, _RESEND_DUE = DisputeState.RETURN_DUE, DisputeState.RETURNING, DisputeState.RESEND_DUE
_OPEN = frozenset(DisputeState) - CLOSED_DISPUTES

_WHY_NOT = {
    _CLAIMED: Reason.ALREADY_ESCALATED,
    _RULED: Reason.ALREADY_RULED,
    _APPEALED: Reason.ALREADY_APPEALED,
    _RETURN_DUE: Reason.DISPUTE_AGREED,
    _RETURNING: Reason.DISPUTE_AGREED,
    _RESEND_DUE: Reason.DISPUTE_AGREED,
    **dict.fromkeys(CLOSED_DISPUTES, Reason.DISPUTE_CLOSED),
}
"""Why a command comes too late in a state; where it comes too early, its guard's `otherwise` says why."""


_BUYER, _SELLER, _MEDIATOR, _OPERATOR = Role.BUYER, Role.SELLER, Role.MEDIATOR, Role.OPERATOR
_BOTH = {_BUYER, _SELLER}


def _opened_by(dispute: Dispute) -> Role:
    return Role.SELLER if dispute.reason is DisputeReason.RETURNED_PARCEL else Role.BUYER


OPENED_IT = DisputeCondition(
    "this side opened it", lambda order, dispute, actor: actor.role is _opened_by(dispute), Reason.NOT_ALLOWED
)
ROOM_FOR_OFFERS = DisputeCondition(
    f"fewer than {MAX_OFFERS} offers",
    lambda order, dispute, actor: len(dispute.offers) < MAX_OFFERS,
    Reason.TOO_MANY_OFFERS,
)
ROOM_FOR_MESSAGES = DisputeCondition(
    f"fewer than {MAX_MESSAGES} messages",
    lambda order, dispute, actor: dispute.messages < MAX_MESSAGES,
    Reason.TOO_MANY_MESSAGES,
)
OFFER_ON_THE_TABLE = DisputeCondition(
    "an offer lies on the table", lambda order, dispute, actor: dispute.offer is not None, Reason.OFFER_EXPIRED
)
OTHER_SIDES_OFFER = DisputeCondition(
    "the other side made it",
    lambda order, dispute, actor: dispute.offer is None or dispute.offer.by is not actor.role,
    Reason.OWN_OFFER,
)
NO_PARTY = DisputeCondition(
    "whoever is of the staff is neither buyer nor seller",
    lambda order, dispute, actor: actor.role in _BOTH or actor.id not in (order.buyer, order.seller),
    Reason.CONFLICT_OF_INTEREST,
)
NOT_THE_SAME = DisputeCondition(
    "this mediator has not ruled on it before",
    lambda order, dispute, actor: all(ruling.by != actor.id for ruling in dispute.rulings),
    Reason.SAME_MEDIATOR,
)
OPERATOR_WHEN_OVERDUE = DisputeCondition(
    "a mediator, or the operator once the ruling is overdue",
    lambda order, dispute, actor: actor.role is not Role.OPERATOR or dispute.overdue,
    Reason.NOT_ALLOWED,
)
NOBODY_ELSE_TOOK_IT = DisputeCondition(
    "no other mediator has it, or it is overdue",
    lambda order, dispute, actor: dispute.mediator in (None, actor.id) or dispute.overdue,
    Reason.CLAIM_TAKEN,
)


def _guard(
    command: type[DisputeCommand],
    roles: set[Role],
    states: set[DisputeState] | frozenset[DisputeState],
    otherwise: Reason,
    *conditions: DisputeCondition,
) -> DisputeGuard:
    return DisputeGuard(command, frozenset(roles), frozenset(states), otherwise, conditions)


DISPUTE_GUARDS: tuple[DisputeGuard, ...] = (
    _guard(
        AcceptOffer, _BOTH, {_ANSWER, _TALK, _CLAIMED}, Reason.DISPUTE_AGREED, OFFER_ON_THE_TABLE, OTHER_SIDES_OFFER
    ),
    _guard(MakeOffer, _BOTH, {_ANSWER, _TALK, _CLAIMED}, Reason.DISPUTE_AGREED, ROOM_FOR_OFFERS),
    _guard(EscalateDispute, _BOTH, {_ANSWER, _TALK}, Reason.ALREADY_ESCALATED),
    _guard(WithdrawDispute, _BOTH, {_ANSWER, _TALK, _CLAIMED}, Reason.DISPUTE_AGREED, OPENED_IT),
    _guard(ShipReturn, {_BUYER}, {_RETURN_DUE}, Reason.NO_RETURN_AGREED),
    _guard(ReceiveReturn, {_SELLER}, {_RETURNING}, Reason.NO_RETURN_AGREED),
    _guard(ShipReplacement, {_SELLER}, {_RESEND_DUE}, Reason.NO_RESEND_AGREED),
    _guard(
        TakeClaim, {_MEDIATOR}, {_CLAIMED, _APPEALED}, Reason.NOT_ESCALATED, NO_PARTY, NOT_THE_SAME, NOBODY_ELSE_TOOK_IT
    ),
    _guard(
        RuleOnDispute,
        {_MEDIATOR, _OPERATOR},
        {_CLAIMED, _APPEALED},
        Reason.NOT_ESCALATED,
        OPERATOR_WHEN_OVERDUE,
        NO_PARTY,
        NOT_THE_SAME,
    ),
    _guard(AppealRuling, _BOTH, {_RULED}, Reason.NOT_RULED),
    _guard(SendMessage, set(PEOPLE), _OPEN, Reason.DISPUTE_CLOSED, NO_PARTY, ROOM_FOR_MESSAGES),
)

DISPUTE_GUARD = {guard.command: guard for guard in DISPUTE_GUARDS}

_TOO_LATE = {
    AppealRuling: frozenset({_APPEALED}),
    RuleOnDispute: frozenset({_RULED}),
    TakeClaim: frozenset({_RULED}),
    ShipReturn: frozenset({_RETURNING}),
    ReceiveReturn: frozenset({_RETURN_DUE}),
    MakeOffer: _OPEN,
    AcceptOffer: _OPEN,
    EscalateDispute: _OPEN,
    WithdrawDispute: _OPEN,
}
"""The open states that a command's own time lies before; in the other ones it comes too early."""

_SPECIAL = {
    (ShipReturn, _RETURNING): Reason.RETURN_ALREADY_SHIPPED,
    (ReceiveReturn, _RETURN_DUE): Reason.NOT_SHIPPED,
}


def why_not(guard: DisputeGuard, order: Order, dispute: Dispute, actor: Actor) -> Reason | None:
    """What keeps the actor, who has the role for it, from the command; None where nothing does."""
    state = dispute.state
    if state in CLOSED_DISPUTES:
        return Reason.DISPUTE_CLOSED
    if state not in guard.states:
        if state in _TOO_LATE.get(guard.command, ()):
            return _SPECIAL.get((guard.command, state)) or _WHY_NOT[state]
        return guard.otherwise
    for condition in guard.conditions:
        if not condition.holds(order, dispute, actor):
            return condition.reason
    return None


def guarded(order: Order, name: str) -> Dispute:
    """The dispute that a command is about, where the guards have found it already."""
    dispute = order.dispute(name)
    assert dispute is not None, "the guards found it"
    return dispute


def room_for(dispute: Dispute, evidence: tuple[Evidence, ...]) -> Refusal | None:
    """A dispute holds so many photos and no more: they all lie before the mediator."""
    if len({*dispute.evidence, *evidence}) > MAX_EVIDENCE:
        return Refusal(Reason.TOO_MUCH_EVIDENCE, "evidence", MAX_EVIDENCE)
    return None
