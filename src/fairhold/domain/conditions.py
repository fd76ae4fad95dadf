"""What must be true of an order for a command, each with the reason that is given where it is not. The guards' vocabulary."""

from collections.abc import Callable

import msgspec

from fairhold.domain.accident import AccidentState
from fairhold.domain.actors import STAFF, Actor, Role
from fairhold.domain.bank_reach import decided_by_bank, in_reach, payments, taken_by_bank
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Duration, Instant, after
from fairhold.domain.order import Order, PaymentState, Portion, PortionState
from fairhold.domain.reasons import Reason
from fairhold.domain.reviewing import barred, is_reviewable, reviews_end
from fairhold.domain.settlement import sellers_part
from fairhold.domain.status import is_open, is_sent

MAX_SHIPMENTS = 50
MAX_DISPUTES = 50
MAX_CHARGEBACKS = 20
MAX_DISPUTES_A_UNIT = 3
"""Each dispute stops the clock: who opens and withdraws them without end would keep the other side waiting for ever."""


class Condition(msgspec.Struct, frozen=True):
    """`holds` says whether the command may go on; `reason` why it may not."""

    name: str
    holds: Callable[[Order, Actor, Instant], bool]
    reason: Callable[[Order], Reason]


def confirmable(order: Order, portion: Portion) -> bool:
    """Whether the buyer may confirm these units: held, and shipped (S6, S7)."""
    return portion.state is PortionState.HELD and order.payment is PaymentState.RECEIVED and is_sent(order, portion)


def unshipped(order: Order, portion: Portion) -> bool:
    """Whether the seller still has these units: held, paid, and not with a carrier or the buyer."""
    return portion.state is PortionState.HELD and order.payment is PaymentState.RECEIVED and not is_sent(order, portion)


def undoable(order: Order, portion: Portion, actor: Actor, now: Instant) -> bool:
    """Whether this actor may take the confirmation of these units back: support until the release, a buyer as the policy says.

    A buyer does so once: each undo gives protection back, and the seller would wait for ever.
    """
    if portion.state is not PortionState.CONFIRMED or portion.confirmed_at is None:
        return False
    if actor.role is not Role.BUYER:
        return True
    return not portion.buyer_undid and now < after(portion.confirmed_at, order.terms.buyer_undo)


def reportable(order: Order, portion: Portion) -> bool:
    """Whether the buyer may say that these units were confirmed by accident: their money is here, and they have not yet (S16)."""
    return portion.state is PortionState.CONFIRMED and portion.accident is None


def awaiting_support(portion: Portion) -> bool:
    """Whether support owes an answer about these units."""
    return portion.state is PortionState.CONFIRMED and portion.accident is AccidentState.REPORTED


_CONFIRMED_WHY = {
    PortionState.HELD: Reason.NOT_SHIPPED,
    PortionState.DISPUTED: Reason.LINE_IN_DISPUTE,
    PortionState.CONFIRMED: Reason.ALREADY_CONFIRMED,
    PortionState.SETTLED: Reason.ALREADY_CONFIRMED,
    PortionState.REFUNDED: Reason.ALREADY_REFUNDED,
    PortionState.CANCELLED: Reason.ORDER_CLOSED,
}


def _states(order: Order, line: LineId | None) -> set[PortionState]:
    return {portion.state for portion in order.portions if line is None or portion.line == line}


def why_not_confirmable(order: Order, line: LineId | None = None) -> Reason:
    """Why nothing of the line (or of the order) can be confirmed."""
    found = _states(order, line)
    return next(reason for state, reason in _CONFIRMED_WHY.items() if state in found)


def why_not_unshipped(order: Order, line: LineId | None = None) -> Reason:
    """Why nothing of the line (or of the order) is left to ship."""
    if order.payment is PaymentState.AWAITED:
        return Reason.NOT_PAID
    if any(portion.shipment is not None for portion in order.portions if line is None or portion.line == line):
        return Reason.ALREADY_SHIPPED
    return Reason.ALREADY_REFUNDED if PortionState.REFUNDED in _states(order, line) else Reason.ORDER_CLOSED


def why_not_undoable(order: Order, line: LineId | None = None) -> Reason:
    """Why no confirmation of the line (or of the order) can be taken back."""
    confirmed = {
        portion.state
        for portion in order.portions
        if portion.confirmed_at is not None and (line is None or portion.line == line)
    }
    if PortionState.CONFIRMED in confirmed:
        return Reason.ONLY_SUPPORT_UNDOES
    return Reason.TOO_LATE_TO_UNDO if PortionState.SETTLED in confirmed else Reason.NOTHING_TO_UNDO


def why_not_reportable(order: Order, line: LineId | None = None) -> Reason:
    """Why no confirmation of the line (or of the order) can be reported as an accident."""
    confirmed = {
        (portion.state, portion.accident)
        for portion in order.portions
        if portion.confirmed_at is not None and (line is None or portion.line == line)
    }
    if (PortionState.CONFIRMED, AccidentState.REPORTED) in confirmed:
        return Reason.ACCIDENT_REPORTED
    if (PortionState.CONFIRMED, AccidentState.DECLINED) in confirmed:
        return Reason.ACCIDENT_ANSWERED
    settled = any(state is PortionState.SETTLED for state, _ in confirmed)
    return Reason.TOO_LATE_TO_UNDO if settled else Reason.NOTHING_TO_UNDO


def _why_not_protected(order: Order) -> Reason:
    if not is_open(order):
        return Reason.ORDER_CLOSED
    found = {portion.state for portion in order.portions}
    if PortionState.HELD in found:
        return Reason.NOT_SHIPPED
    return Reason.LINE_IN_DISPUTE if PortionState.DISPUTED in found else Reason.ALREADY_CONFIRMED


def disputable(order: Order, portion: Portion) -> bool:
    """Whether the buyer may open a dispute on these units: under protection, and not all of it with the bank (S17)."""
    return confirmable(order, portion) and portion.left > 0 and portion.disputed < MAX_DISPUTES_A_UNIT


def why_not_disputable(order: Order, line: LineId | None = None) -> Reason:
    """Why no dispute can be opened on the line (or on anything of the order)."""
    under_protection = [
        portion for portion in order.portions if (line is None or portion.line == line) and confirmable(order, portion)
    ]
    if not under_protection:
        return why_not_confirmable(order, line)
    if all(portion.left == 0 for portion in under_protection):
        return Reason.NOTHING_LEFT
    return Reason.TOO_MANY_DISPUTES


def contestable(order: Order, portion: Portion) -> bool:
    """Whether the seller may contest that these units are refunded because they came back."""
    return _came_back(portion) and portion.left > 0 and portion.disputed < MAX_DISPUTES_A_UNIT


def _came_back(portion: Portion) -> bool:
    return portion.state is PortionState.HELD and portion.ship_again_by is not None


def why_not_contestable(order: Order, line: LineId | None = None) -> Reason:
    """Why there is no returned parcel to contest."""
    back = [portion for portion in order.portions if (line is None or portion.line == line) and _came_back(portion)]
    if back:
        return Reason.NOTHING_LEFT if all(portion.left == 0 for portion in back) else Reason.TOO_MANY_DISPUTES
    found = _states(order, line)
    return Reason.LINE_IN_DISPUTE if PortionState.DISPUTED in found else Reason.NOTHING_RETURNED


def takeable(portion: Portion) -> int:
    """What the buyer's bank can still take of these units: what the buyer was not given back already (minor units)."""
    if portion.state in (PortionState.REFUNDED, PortionState.SETTLED):
        return sellers_part(portion)
    return 0 if portion.state is PortionState.CANCELLED else portion.left


def _why_no_refund(order: Order) -> Reason:
    return Reason.TAKEN_BY_BANK if any(refund.waits for refund in order.refunds) else Reason.NO_REFUND_RETURNED


def _payments(order: Order, actor: Actor) -> tuple[int, ...]:
    """Those of which this one can say that a bank took them back: people say it of the one that paid the order."""
    return tuple(payment for payment in payments(order) if not payment or actor.role is Role.SYSTEM)


NOT_GIVEN_UP = Condition(
    "the order was not cancelled",
    lambda order, actor, now: order.payment is not PaymentState.GIVEN_UP,
    lambda order: Reason.ORDER_CLOSED,
)
UNPAID = Condition(
    "the order awaits payment",
    lambda order, actor, now: order.payment is PaymentState.AWAITED,
    lambda order: Reason.ALREADY_PAID,
)
OPEN = Condition(
    "something of the order is undecided",
    lambda order, actor, now: is_open(order),
    lambda order: Reason.ORDER_CLOSED,
)
NOTHING_SHIPPED = Condition(
    "nothing was shipped",
    lambda order, actor, now: not order.shipments,
    lambda order: Reason.ALREADY_SHIPPED,
)
SOMETHING_SHIPPED = Condition(
    "something was shipped",
    lambda order, actor, now: bool(order.shipments),
    lambda order: Reason.NOT_SHIPPED,
)
SOMETHING_UNSHIPPED = Condition(
    "something paid is not shipped",
    lambda order, actor, now: any(unshipped(order, portion) for portion in order.portions),
    why_not_unshipped,
)
ROOM_FOR_PARCELS = Condition(
    f"fewer than {MAX_SHIPMENTS} parcels",
    lambda order, actor, now: len(order.shipments) < MAX_SHIPMENTS,
    lambda order: Reason.TOO_MANY_SHIPMENTS,
)
SOMETHING_CONFIRMABLE = Condition(
    "something shipped is not confirmed",
    lambda order, actor, now: any(confirmable(order, portion) for portion in order.portions),
    why_not_confirmable,
)
SOMETHING_UNDOABLE = Condition(
    "a confirmation's money is still here",
    lambda order, actor, now: any(undoable(order, portion, actor, now) for portion in order.portions),
    why_not_undoable,
)
SOMETHING_REPORTABLE = Condition(
    "a confirmation's money is here, and it was not called an accident",
    lambda order, actor, now: any(reportable(order, portion) for portion in order.portions),
    why_not_reportable,
)
NO_DEAL_OF_THEIR_OWN = Condition(
    "whoever speaks as staff is neither the buyer nor the seller",
    lambda order, actor, now: actor.role not in STAFF or actor.id not in (order.buyer, order.seller),
    lambda order: Reason.CONFLICT_OF_INTEREST,
)
ACCIDENT_OPEN = Condition(
    "a report of an accident awaits an answer",
    lambda order, actor, now: order.accident is not None,
    lambda order: Reason.NO_ACCIDENT_REPORTED,
)
A_REFUND_CAN_BE_SETTLED = Condition(
    "a refund came back and waits for a person, and no bank is deciding about the money",
    lambda order, actor, now: any(refund.waits and decided_by_bank(order, refund) for refund in order.refunds),
    _why_no_refund,
)
A_REFUND_CAN_BE_SENT = Condition(
    "a refund came back and waits for a person, and no bank has taken the money",
    lambda order, actor, now: any(refund.waits and not taken_by_bank(order, refund) for refund in order.refunds),
    _why_no_refund,
)
SOMETHING_PROTECTED = Condition(
    "protection runs on something shipped",
    lambda order, actor, now: any(confirmable(order, portion) for portion in order.portions),
    _why_not_protected,
)
EXTENSIONS_LEFT = Condition(
    "the policy allows one more extension",
    lambda order, actor, now: order.extensions_granted < order.terms.extensions,
    lambda order: Reason.EXTENSIONS_USED_UP,
)
NO_EXTENSION_ASKED = Condition(
    "no request for an extension is open",
    lambda order, actor, now: order.extension_request is None,
    lambda order: Reason.EXTENSION_ALREADY_ASKED,
)
EXTENSION_ASKED = Condition(
    "a request for an extension is open",
    lambda order, actor, now: order.extension_request is not None,
    lambda order: Reason.NO_EXTENSION_ASKED,
)
SOMETHING_DISPUTABLE = Condition(
    "something shipped is under protection",
    lambda order, actor, now: any(disputable(order, portion) for portion in order.portions),
    why_not_disputable,
)
SOMETHING_RETURNED = Condition(
    "a parcel came back to the seller",
    lambda order, actor, now: any(contestable(order, portion) for portion in order.portions),
    why_not_contestable,
)
ROOM_FOR_DISPUTES = Condition(
    f"fewer than {MAX_DISPUTES} disputes",
    lambda order, actor, now: len(order.disputes) < MAX_DISPUTES,
    lambda order: Reason.TOO_MANY_DISPUTES,
)
MONEY_CAME = Condition(
    "the order is paid, or a provider tells of money that came when nobody waited for it",
    lambda order, actor, now: bool(_payments(order, actor)),
    lambda order: Reason.NOT_PAID,
)
IN_REACH_OF_THE_BANK = Condition(
    "the bank has not taken all of it",
    lambda order, actor, now: any(in_reach(order, payment) for payment in _payments(order, actor)),
    lambda order: Reason.NOTHING_LEFT,
)
ROOM_FOR_CHARGEBACKS = Condition(
    f"fewer than {MAX_CHARGEBACKS} chargebacks",
    lambda order, actor, now: len(order.chargebacks) < MAX_CHARGEBACKS,
    lambda order: Reason.TOO_MANY_CHARGEBACKS,
)
BANK_DECIDES = Condition(
    "a chargeback awaits the bank's word",
    lambda order, actor, now: any(one.is_undecided for one in order.chargebacks),
    lambda order: Reason.CHARGEBACK_ENDED if order.chargebacks else Reason.UNKNOWN_CHARGEBACK,
)
SOMETHING_COMPLETED = Condition(
    "the deal over some of it is completed",
    lambda order, actor, now: is_reviewable(order),
    lambda order: Reason.NOT_COMPLETED,
)
NOT_BARRED = Condition(
    "no dispute bars the buyer's review",
    lambda order, actor, now: barred(order, actor.role) is None,
    lambda order: barred(order, Role.BUYER) or Reason.BARRED_BY_DISPUTE,
)
NOT_REVIEWED = Condition(
    "this side has not reviewed it",
    lambda order, actor, now: all(review.by is not actor.role or review.automatic for review in order.reviews),
    lambda order: Reason.ALREADY_REVIEWED,
)
REVIEWS_OPEN = Condition(
    "the time for reviews is not over",
    lambda order, actor, now: not order.reviews_closed and now < (reviews_end(order) or after(now, Duration(1))),
    lambda order: Reason.REVIEWS_OVER,
)
