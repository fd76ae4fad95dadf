"""YooKassa's objects, and what they mean. Of contradicting fields the status is believed and nothing else.

Names of fields, statuses and reasons are those of its OpenAPI description (`yookassa-openapi-specification.yaml`) and of the
pages «Declined payments», «Refunds», «Declined payouts».
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from fairhold.engine.outside.destinations import Unreadable
from fairhold.engine.outside.payment_seen import No, Paid, PaymentSeen, RefundSeen, State, TransferSeen
from fairhold.engine.outside.payments import Answer
from fairhold.gateways.payments.yookassa.sums import Sum, minor

SUCCEEDED, CANCELED, WAITING, PENDING = "succeeded", "canceled", "waiting_for_capture", "pending"
CLOSED = "closed"
"""Of a deal: nothing more can be done in it."""
_STATES = {PENDING: State.PENDING, WAITING: State.AUTHORIZED, SUCCEEDED: State.DONE, CANCELED: State.FAILED}

PAYMENT_REASONS = {
    "expired_on_confirmation": No.EXPIRED,
    "expired_on_capture": No.EXPIRED,
    "internal_timeout": No.EXPIRED,
    "deal_expired": No.TOO_LATE,
    "canceled_by_merchant": No.TOO_LATE,
    "payment_method_restricted": No.UNSUPPORTED,
    "unsupported_mobile_operator": No.UNSUPPORTED,
}
REFUND_REASONS = {"insufficient_funds": No.INSUFFICIENT_BALANCE, "rejected_by_timeout": No.EXPIRED}
PAYOUT_REASONS = {
    "insufficient_funds": No.INSUFFICIENT_BALANCE,
    "one_time_limit_exceeded": No.TOO_MUCH,
    "identification_required": No.ACCOUNT_CLOSED,
    "recipient_not_found": No.ACCOUNT_CLOSED,
    "recipient_check_failed": No.ACCOUNT_CLOSED,
}
"""`cancellation_details.reason`; any other is a refusal without more to it."""

_NUMBER = re.compile(r"[0-9]{1,9}")


class _Cancellation(msgspec.Struct, frozen=True):
    reason: str = ""


class _InDeal(msgspec.Struct, frozen=True):
    id: str


class _Confirmation(msgspec.Struct, frozen=True):
    confirmation_url: str = ""


class Payment(msgspec.Struct, frozen=True):
    """What a buyer pays or paid."""

    id: str
    status: str
    amount: Sum
    created_at: str
    captured_at: str | None = None
    income_amount: Sum | None = None
    refunded_amount: Sum | None = None
    metadata: dict[str, Any] | None = None
    cancellation_details: _Cancellation | None = None
    confirmation: _Confirmation | None = None
    deal: _InDeal | None = None


class Refund(msgspec.Struct, frozen=True):
    """What a buyer gets back."""

    id: str
    payment_id: str
    status: str
    amount: Sum
    created_at: str
    metadata: dict[str, Any] | None = None
    cancellation_details: _Cancellation | None = None


class Payout(msgspec.Struct, frozen=True):
    """What a seller gets."""

    id: str
    status: str
    amount: Sum
    created_at: str
    succeeded_at: str | None = None
    metadata: dict[str, Any] | None = None
    cancellation_details: _Cancellation | None = None
    deal: _InDeal | None = None


class Deal(msgspec.Struct, frozen=True):
    """What holds a payment. `payout_balance` is what a seller may still get of it."""

    id: str
    status: str
    payout_balance: Sum
    created_at: str
    expires_at: str
    metadata: dict[str, Any] | None = None


def marks(order: str, **numbers: int) -> dict[str, str]:
    """What we write on an object, so that it can be told whose it is."""
    return {"order": order, **{name: str(number) for name, number in numbers.items()}}


def mark(metadata: Mapping[str, Any] | None, name: str) -> tuple[str, int] | None:
    """The order and the number under `name` that we wrote on an object; None where it is not one of ours."""
    order, number = (metadata or {}).get("order"), (metadata or {}).get(name)
    if not isinstance(order, str) or not order or not isinstance(number, str) or not _NUMBER.fullmatch(number):
        return None
    return order, int(number)


def state(thing: Payment | Refund | Payout) -> State:
    """How it stands with it. Raises Unreadable."""
    found = _STATES.get(thing.status)
    if found is None:
        raise Unreadable(f"no status: {thing.status[:40]!r}")
    return found


def why(thing: Payment | Refund | Payout) -> No | None:
    """Why it came to nothing; None where it did not, whatever else stands in it."""
    if thing.status != CANCELED:
        return None
    reasons = {Payment: PAYMENT_REASONS, Refund: REFUND_REASONS, Payout: PAYOUT_REASONS}[type(thing)]
    return reasons.get(thing.cancellation_details.reason if thing.cancellation_details else "", No.DECLINED)


def fee(payment: Payment) -> int:
    """What it kept of a payment: what was paid less what it lets us have, which it says once the payment is through."""
    if payment.status != SUCCEEDED or payment.income_amount is None:
        return 0
    if payment.income_amount.currency != payment.amount.currency:
        raise Unreadable("an income in another currency")
    return max(0, minor(payment.amount) - minor(payment.income_amount))


def refunded(payment: Payment) -> int:
    """What of a payment went back so far."""
    return 0 if payment.refunded_amount is None else minor(payment.refunded_amount)


def payment_seen(payment: Payment) -> PaymentSeen | None:
    """What a payment tells; None where it is not one of ours. Raises Unreadable."""
    ours = mark(payment.metadata, "attempt")
    if ours is None:
        return None
    paid = Paid(payment.id, deal=payment.deal.id if payment.deal else "")
    amount, currency = minor(payment.amount), payment.amount.currency
    return PaymentSeen(*ours, paid, state(payment), amount, currency, fee(payment), why(payment))


def refund_seen(refund: Refund, order: str) -> RefundSeen:
    """What a refund for `order` tells. One without our number YooKassa made, or a person in its office. Raises Unreadable."""
    ours = mark(refund.metadata, "number")
    number = ours[1] if ours is not None and ours[0] == order else 0
    return RefundSeen(
        order, number, refund.id, state(refund), minor(refund.amount), refund.amount.currency, why(refund)
    )


def transfer_seen(payout: Payout) -> TransferSeen | None:
    """What a payout within a deal tells; None where it is not one of ours. Raises Unreadable."""
    ours = mark(payout.metadata, "number")
    if ours is None:
        return None
    amount, currency = minor(payout.amount), payout.amount.currency
    return TransferSeen(*ours, payout.id, amount, 0, currency, state(payout), why(payout))


def answer(thing: Payment | Refund | Payout) -> Answer:
    """What came of a question. Raises Unreadable."""
    return Answer(thing.id, state(thing), fee(thing) if isinstance(thing, Payment) else 0, why(thing))
