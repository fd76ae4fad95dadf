"""Who may do what in which state, and why not: one table.

The engine's refusals, the API's `actions`, the buttons on a page and the generated state diagram all read it.
"""

from collections.abc import Callable
from functools import cache

import msgspec

from fairhold.domain import conditions as when
from fairhold.domain.actors import PEOPLE, STAFF, Actor, Role
from fairhold.domain.commands import (
    AcceptOffer,
    AnswerExtension,
    ApplyDeadlines,
    AskExtension,
    CancelOrder,
    Command,
    ConfirmReceipt,
    ContestReturnedParcel,
    DisputeCommand,
    ExtendProtection,
    OpenDispute,
    Pay,
    RecordChargeback,
    RecordChargebackOutcome,
    RecordCheckpoint,
    RecordOutage,
    RecordRefundPaid,
    ReportSharedNumber,
    ShipParcel,
    UndoReceipt,
)
from fairhold.domain.dispute import Dispute
from fairhold.domain.dispute_guards import DISPUTE_GUARD, DISPUTE_GUARDS, why_not
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order, Portion
from fairhold.domain.payment_commands import RecordPayment, RecordPaymentFailure, RecordPaymentPage, StartPayment
from fairhold.domain.payout_commands import (
    RecordPayoutFailed,
    RecordPayoutNotTakenBack,
    RecordPayoutSent,
    RecordPayoutTakenBack,
    StartPayout,
    TakePayoutBack,
)
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.refund_commands import RecordRefundElsewhere, RecordRefundReturned, SendRefundAgain
from fairhold.domain.review import Part, Review
from fairhold.domain.review_commands import ContestModeration, ModerateReview, ReviewCommand, WriteReview
from fairhold.domain.review_guards import (
    REVIEW_GUARD,
    REVIEW_GUARDS,
    ReviewMoment,
    may_see_review,
    why_not_to_review,
)
from fairhold.domain.support_commands import DeclineAccident, ReportAccident

_NONE: frozenset[Role] = frozenset()


def _nobody(order: Order) -> frozenset[Role]:
    return _NONE


def _seller_by_policy(order: Order) -> frozenset[Role]:
    return frozenset({Role.SELLER}) if order.terms.seller_marks_delivered else _NONE


def _operator_once_overdue(order: Order) -> frozenset[Role]:
    """An overdue duty of staff is the operator's too."""
    return frozenset({Role.OPERATOR}) if order.accident is not None and order.accident.overdue else _NONE


def _buyer_by_policy_and_operator_once_overdue(order: Order) -> frozenset[Role]:
    return (frozenset({Role.BUYER}) if order.terms.buyer_undo else _NONE) | _operator_once_overdue(order)


def _whom_it_was_passed_on_to(order: Order) -> frozenset[Role]:
    """Support where the seller was silent, and the operator where support was too."""
    request = order.extension_request
    if request is None or request.owner is None or request.owner is Role.SELLER:
        return _NONE
    return frozenset({Role.SUPPORT, request.owner})


class Guard(msgspec.Struct, frozen=True, gc=False):
    """One command: who may give it (`also`: whom the order adds), and what must hold, checked in this order."""

    command: type[Command]
    roles: frozenset[Role]
    conditions: tuple[when.Condition, ...]
    also: Callable[[Order], frozenset[Role]] = _nobody


def _guard(
    command: type[Command],
    roles: set[Role],
    *conditions: when.Condition,
    also: Callable[[Order], frozenset[Role]] = _nobody,
) -> Guard:
    return Guard(command, frozenset(roles), conditions, also)


_BUYER, _SELLER, _SUPPORT, _OPERATOR, _SYSTEM = Role.BUYER, Role.SELLER, Role.SUPPORT, Role.OPERATOR, Role.SYSTEM

GUARDS: tuple[Guard, ...] = (
    _guard(Pay, {_BUYER}, when.NOT_GIVEN_UP, when.UNPAID),
    _guard(StartPayment, {_BUYER}, when.NOT_GIVEN_UP, when.UNPAID),
    _guard(CancelOrder, {_BUYER, _SELLER, _OPERATOR}, when.OPEN, when.NOTHING_SHIPPED),
    _guard(ShipParcel, {_SELLER}, when.NOT_GIVEN_UP, when.SOMETHING_UNSHIPPED, when.ROOM_FOR_PARCELS),
    _guard(RecordCheckpoint, {_OPERATOR, _SYSTEM}, when.SOMETHING_SHIPPED, also=_seller_by_policy),
    _guard(ConfirmReceipt, {_BUYER}, when.SOMETHING_CONFIRMABLE),
    _guard(
        UndoReceipt,
        {_SUPPORT},
        when.SOMETHING_UNDOABLE,
        when.NO_DEAL_OF_THEIR_OWN,
        also=_buyer_by_policy_and_operator_once_overdue,
    ),
    _guard(ReportAccident, {_BUYER}, when.SOMETHING_REPORTABLE),
    _guard(DeclineAccident, {_SUPPORT}, when.ACCIDENT_OPEN, when.NO_DEAL_OF_THEIR_OWN, also=_operator_once_overdue),
    _guard(ExtendProtection, {_SELLER}, when.SOMETHING_PROTECTED, when.EXTENSIONS_LEFT),
    _guard(AskExtension, {_BUYER}, when.SOMETHING_PROTECTED, when.EXTENSIONS_LEFT, when.NO_EXTENSION_ASKED),
    _guard(
        AnswerExtension,
        {_SELLER},
        when.EXTENSION_ASKED,
        when.SOMETHING_PROTECTED,
        when.EXTENSIONS_LEFT,
        when.NO_DEAL_OF_THEIR_OWN,
        also=_whom_it_was_passed_on_to,
    ),
    _guard(OpenDispute, {_BUYER}, when.SOMETHING_DISPUTABLE, when.ROOM_FOR_DISPUTES),
    _guard(ContestReturnedParcel, {_SELLER}, when.SOMETHING_RETURNED, when.ROOM_FOR_DISPUTES),
    _guard(
        WriteReview,
        {_BUYER, _SELLER},
        when.SOMETHING_COMPLETED,
        when.NOT_BARRED,
        when.NOT_REVIEWED,
        when.REVIEWS_OPEN,
    ),
    _guard(
        RecordChargeback, {_OPERATOR, _SYSTEM}, when.MONEY_CAME, when.IN_REACH_OF_THE_BANK, when.ROOM_FOR_CHARGEBACKS
    ),
    _guard(RecordChargebackOutcome, {_OPERATOR, _SYSTEM}, when.BANK_DECIDES),
    _guard(RecordPaymentPage, {_SYSTEM}),
    _guard(RecordPayment, {_SYSTEM}),
    _guard(RecordPaymentFailure, {_SYSTEM}),
    _guard(RecordRefundPaid, {_SYSTEM}),
    _guard(RecordRefundReturned, {_SYSTEM}),
    _guard(SendRefundAgain, {_OPERATOR}, when.A_REFUND_CAN_BE_SENT),
    _guard(RecordRefundElsewhere, {_OPERATOR}, when.A_REFUND_CAN_BE_SETTLED),
    _guard(StartPayout, {_SYSTEM}),
    _guard(RecordPayoutSent, {_SYSTEM}),
    _guard(RecordPayoutFailed, {_SYSTEM}),
    _guard(TakePayoutBack, {_SYSTEM}),
    _guard(RecordPayoutTakenBack, {_SYSTEM}),
    _guard(RecordPayoutNotTakenBack, {_SYSTEM}),
    _guard(ReportSharedNumber, {_SYSTEM}, when.SOMETHING_SHIPPED),
    _guard(RecordOutage, {_OPERATOR}),
    _guard(ApplyDeadlines, {_SYSTEM}),
)

_UNSHOWN = (RecordOutage, StartPayment)
"""Not on offer as such: the one is the operator's own page, the other is a way to pay."""

_BY_COMMAND = {guard.command: guard for guard in GUARDS}
_SHOWN = tuple(guard for guard in GUARDS if guard.roles & PEOPLE and guard.command not in _UNSHOWN)
_SHOWN_TO = {
    role: tuple(guard for guard in _SHOWN if role in guard.roles or guard.also is not _nobody) for role in Role
}


class Action(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
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
    role = actor.role
    return role in guard.roles or (guard.also is not _nobody and role in guard.also(order))


def check(order: Order, command: Command, actor: Actor, now: Instant) -> Refusal | None:
    """Why this actor may not give this command to the order as it is, if they may not; the body is not looked at.

    Of a command to a dispute only which one it names is.
    """
    if isinstance(command, DisputeCommand):
        return _check_dispute(order, command, actor)
    if isinstance(command, ReviewCommand):
        return _check_review(order, command, actor, now)
    guard = _BY_COMMAND[type(command)]
    if not is_party(order, actor):
        return Refusal(Reason.NOT_FOUND)
    if not may(guard, order, actor):
        return Refusal(Reason.NOT_ALLOWED)
    reason = _failing(guard, order, actor, now)
    return Refusal(reason) if reason is not None else None


def _check_dispute(order: Order, command: DisputeCommand, actor: Actor) -> Refusal | None:
    guard = DISPUTE_GUARD[type(command)]
    if not is_party(order, actor):
        return Refusal(Reason.NOT_FOUND)
    dispute = order.dispute(command.dispute)
    if dispute is None:
        return Refusal(Reason.UNKNOWN_DISPUTE)
    if actor.role not in guard.roles:
        return Refusal(Reason.NOT_ALLOWED)
    if isinstance(command, AcceptOffer) and command.number < len(dispute.offers) and dispute.is_open:
        return Refusal(Reason.OFFER_REPLACED)
    reason = why_not(guard, order, dispute, actor)
    return Refusal(reason) if reason is not None else None


def dispute_actions(order: Order, dispute: Dispute, actor: Actor) -> tuple[Action, ...]:
    """What this person may do in the dispute; each is available or says why not."""
    if not is_party(order, actor):
        return ()
    return tuple(
        _action(guard.command.NAME, why_not(guard, order, dispute, actor))
        for guard in DISPUTE_GUARDS
        if actor.role in guard.roles
    )


def _check_review(order: Order, command: ReviewCommand, actor: Actor, now: Instant) -> Refusal | None:
    guard = REVIEW_GUARD[type(command)]
    if not is_party(order, actor):
        return Refusal(Reason.NOT_FOUND)
    review = order.review(command.review)
    if review is None or not may_see_review(review, actor):
        return Refusal(Reason.UNKNOWN_REVIEW)
    part = command.part if isinstance(command, ModerateReview | ContestModeration) else Part.REVIEW
    if actor.role not in guard.whose(review, part):
        return Refusal(Reason.NOT_ALLOWED)
    if part is Part.REPLY and review.reply is None:
        return Refusal(Reason.NO_REPLY)
    reason = why_not_to_review(guard, ReviewMoment(order, review, part, actor, now))
    return Refusal(reason) if reason is not None else None


def review_actions(order: Order, review: Review, actor: Actor, now: Instant) -> tuple[Action, ...]:
    """What this person may do with the review itself; each is available or says why not."""
    if not is_party(order, actor) or not may_see_review(review, actor):
        return ()
    moment = ReviewMoment(order, review, Part.REVIEW, actor, now)
    return tuple(
        _action(guard.command.NAME, why_not_to_review(guard, moment))
        for guard in REVIEW_GUARDS
        if actor.role in guard.whose(review, Part.REVIEW)
    )


def _failing(guard: Guard, order: Order, actor: Actor, now: Instant) -> Reason | None:
    for condition in guard.conditions:
        if not condition.holds(order, actor, now):
            return condition.reason(order)
    return None


@cache
def _action(name: str, reason: Reason | None) -> Action:
    return Action(name, reason is None, reason)


def actions(order: Order, actor: Actor, now: Instant) -> tuple[Action, ...]:
    """What this person may do on the order, in the order of the table; each is available or says why not."""
    if not is_party(order, actor):
        return ()
    shown = [guard for guard in _SHOWN_TO[actor.role] if may(guard, order, actor)]
    return tuple([_action(guard.command.NAME, _failing(guard, order, actor, now)) for guard in shown])


class _LineAction(msgspec.Struct, frozen=True, gc=False):
    command: type[Command]
    wanted: Callable[[Order, Portion, Actor, Instant], bool]
    why_not: Callable[[Order, LineId], Reason]


_LINE_ACTIONS = (
    _LineAction(ShipParcel, lambda order, portion, actor, now: when.unshipped(order, portion), when.why_not_unshipped),
    _LineAction(
        ConfirmReceipt, lambda order, portion, actor, now: when.confirmable(order, portion), when.why_not_confirmable
    ),
    _LineAction(UndoReceipt, when.undoable, when.why_not_undoable),
    _LineAction(
        ReportAccident, lambda order, portion, actor, now: when.reportable(order, portion), when.why_not_reportable
    ),
    _LineAction(
        OpenDispute, lambda order, portion, actor, now: when.disputable(order, portion), when.why_not_disputable
    ),
)


def line_actions(order: Order, actor: Actor, now: Instant) -> dict[LineId, tuple[Action, ...]]:
    """What this person may do with each line."""
    found: dict[LineId, tuple[Action, ...]] = {line.id: () for line in order.lines}
    if not is_party(order, actor):
        return found
    for action in _LINE_ACTIONS:
        guard = _BY_COMMAND[action.command]
        if not may(guard, order, actor):
            continue
        # What keeps the whole order from it is the same for every line.
        whole = _failing(guard, order, actor, now)
        wanted: set[LineId] = set()
        if whole is None:
            wanted = {portion.line for portion in order.portions if action.wanted(order, portion, actor, now)}
        for line in found:
            reason = whole or (None if line in wanted else action.why_not(order, line))
            found[line] += (_action(action.command.NAME, reason),)
    return found
