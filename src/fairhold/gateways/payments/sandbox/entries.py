"""What the sandbox's entries mean at a moment. Plain functions."""

from collections.abc import Iterator

from fairhold.domain.instants import Instant
from fairhold.engine.outside.payment_seen import (
    Line,
    LineKind,
    No,
    Paid,
    PaymentSeen,
    PayoutSeen,
    RefundSeen,
    Seen,
    State,
    TransferSeen,
)
from fairhold.engine.outside.payments import Answer
from fairhold.engine.ports.sandbox import Entry, EntryKind

_RETURNS = frozenset({EntryKind.TRANSFER, EntryKind.PAYOUT})
_WHY = {
    EntryKind.PAYMENT: No.TOO_LATE,
    EntryKind.REFUND: No.DECLINED,
    EntryKind.TRANSFER: No.ACCOUNT_CLOSED,
    EntryKind.TAKEN_BACK: No.INSUFFICIENT_BALANCE,
    EntryKind.PAYOUT: No.ACCOUNT_CLOSED,
}
_LINES = {
    EntryKind.PAYMENT: (1, LineKind.PAYMENT, LineKind.OTHER),
    EntryKind.REFUND: (-1, LineKind.REFUND, LineKind.REFUND_FAILED),
    EntryKind.TRANSFER: (-1, LineKind.TRANSFER, LineKind.PAYOUT_RETURNED),
    EntryKind.TAKEN_BACK: (1, LineKind.TAKEN_BACK, LineKind.OTHER),
    EntryKind.PAYOUT: (-1, LineKind.PAYOUT, LineKind.PAYOUT_RETURNED),
}
"""Which way the money goes, and what the line is called when it does and when it comes back."""


def state(entry: Entry, now: Instant) -> State:
    """How it stands with it."""
    done = entry.done_at is not None and entry.done_at <= now
    if entry.failed_at is not None and entry.failed_at <= now:
        return State.RETURNED if done and entry.kind in _RETURNS else State.FAILED
    if done:
        return State.DONE
    return State.FAILED if _expired(entry, now) else State.PENDING


def why(entry: Entry, now: Instant) -> No | None:
    """Why it came to nothing, or why a try to pay did."""
    if state(entry, now) in (State.FAILED, State.RETURNED):
        return No.EXPIRED if entry.failed_at is None else _WHY[entry.kind]
    declined = entry.declined_at is not None and entry.declined_at <= now and state(entry, now) is State.PENDING
    return No.DECLINED if declined else None


def answer(entry: Entry, now: Instant) -> Answer:
    """What came of a question."""
    return Answer(entry.name, state(entry, now), why=why(entry, now))


def payment_seen(entry: Entry, now: Instant) -> PaymentSeen:
    """How it stands with a payment."""
    found, no = state(entry, now), why(entry, now)
    return PaymentSeen(entry.order, entry.number, Paid(entry.name), found, entry.amount, entry.currency, 0, no)


def seen(entry: Entry, taken_back: int, now: Instant) -> Seen:
    """What a notification about it would tell. Taking back is told of by the transfer."""
    found, no = state(entry, now), why(entry, now)
    match entry.kind:
        case EntryKind.PAYMENT:
            return payment_seen(entry, now)
        case EntryKind.REFUND:
            return RefundSeen(entry.order, entry.number, entry.name, found, entry.amount, entry.currency, no)
        case EntryKind.PAYOUT:
            return PayoutSeen(entry.order, entry.name, found, entry.amount, entry.currency, no)
        case _:
            money = (entry.amount, taken_back, entry.currency)
            return TransferSeen(entry.order, entry.number, entry.name, *money, found, no)


def lines(entry: Entry, taken_back: int, now: Instant) -> Iterator[Line]:
    """What the statement has of it: a line when money moves, and another when what was not taken back comes back."""
    sign, gone, back = _LINES[entry.kind]
    if (
        entry.done_at is None
        or entry.done_at > now
        or (entry.failed_at is not None and entry.failed_at < entry.done_at)
    ):
        return
    yield Line(entry.name, gone, sign * entry.amount, 0, entry.currency, entry.done_at, entry.name)
    if entry.failed_at is not None and entry.failed_at <= now:
        left = entry.amount - taken_back
        yield Line(f"{entry.name}-back", back, -sign * left, 0, entry.currency, entry.failed_at, entry.name)


def _expired(entry: Entry, now: Instant) -> bool:
    return entry.kind is EntryKind.PAYMENT and entry.until is not None and entry.until <= now
