"""Passing an order's released money on to its seller (S2), and taking back what a buyer's bank took (S21).

How much of what a seller has due leaves when is decided over all their orders, outside (`engine/payouts/paymaster.py`); here
no order ever gives away more than is due of it. News of a provider may come twice and late, and then changes nothing.
"""

from fairhold.domain.actors import Actor
from fairhold.domain.events import Event
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.payout import MAX_ASKS, MAX_PAYOUT_PARTS, PayoutPart, PayoutState
from fairhold.domain.payout_commands import (
    RecordPayoutFailed,
    RecordPayoutNotTakenBack,
    RecordPayoutSent,
    RecordPayoutTakenBack,
    StartPayout,
    TakePayoutBack,
)
from fairhold.domain.payout_events import (
    PayoutAskedBack,
    PayoutFailed,
    PayoutNotTakenBack,
    PayoutReturned,
    PayoutSent,
    PayoutStarted,
    PayoutTakenBack,
)
from fairhold.domain.payout_sums import due
from fairhold.domain.reasons import Reason, Refusal

_UNKNOWN = Refusal(Reason.NOT_FOUND, "number")


def start_payout(order: Order, command: StartPayout, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """A part leaves, of what is due and no more."""
    if any(part.payout == command.payout for part in order.payouts):
        return ()
    if len(order.payouts) >= MAX_PAYOUT_PARTS or not 0 < command.amount <= due(order):
        return Refusal(Reason.NOT_DUE, "amount")
    return (
        PayoutStarted(
            at=now,
            by=str(actor),
            number=len(order.payouts) + 1,
            payout=command.payout,
            amount=command.amount,
            account=command.account,
        ),
    )


def record_payout_sent(
    order: Order, command: RecordPayoutSent, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """It has left."""
    part = order.payout(command.number)
    if part is None:
        return _UNKNOWN
    if part.state is not PayoutState.STARTED:
        return ()
    return (
        PayoutSent(
            at=now,
            by=str(actor),
            number=part.number,
            amount=part.amount,
            reference=command.reference,
            provider_fee=command.provider_fee,
        ),
    )


def record_payout_failed(
    order: Order, command: RecordPayoutFailed, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """It did not arrive: it never left, or came back after it had."""
    part = order.payout(command.number)
    if part is None:
        return _UNKNOWN
    by = str(actor)
    if part.state is PayoutState.STARTED:
        return (PayoutFailed(at=now, by=by, number=part.number, amount=part.amount, why=command.why),)
    if part.state is PayoutState.SENT and part.left:
        return (PayoutReturned(at=now, by=by, number=part.number, amount=part.left, why=command.why),)
    return ()


def take_payout_back(order: Order, command: TakePayoutBack, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """The seller owes it, and has it of this part."""
    part = order.payout(command.number)
    if part is None:
        return _UNKNOWN
    if part.asked_back:
        return ()
    if part.state is not PayoutState.SENT or part.asks >= MAX_ASKS:
        return Refusal(Reason.NOT_OWED, "number")
    if not 0 < command.amount <= min(part.left, -due(order)):
        return Refusal(Reason.NOT_OWED, "amount")
    return (PayoutAskedBack(at=now, by=str(actor), number=part.number, amount=command.amount),)


def record_payout_taken_back(
    order: Order, command: RecordPayoutTakenBack, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """What was asked back is here."""
    part = order.payout(command.number)
    if part is None:
        return _UNKNOWN
    if not _is_asked_back(part):
        return ()
    reference = command.reference
    return (PayoutTakenBack(at=now, by=str(actor), number=part.number, amount=part.asked_back, reference=reference),)


def record_payout_not_taken_back(
    order: Order, command: RecordPayoutNotTakenBack, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """What was asked back stays with the seller."""
    part = order.payout(command.number)
    if part is None:
        return _UNKNOWN
    if not _is_asked_back(part):
        return ()
    why = command.why
    return (PayoutNotTakenBack(at=now, by=str(actor), number=part.number, amount=part.asked_back, why=why),)


def _is_asked_back(part: PayoutPart) -> bool:
    return part.state is PayoutState.SENT and part.asked_back > 0
