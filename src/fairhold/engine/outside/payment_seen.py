"""What a payment provider tells: how it stands with payments, refunds, transfers, payouts, chargebacks, accounts; its statement.

It may come twice, late and in any order. Sums are minor units.
"""

from enum import StrEnum
from typing import NamedTuple

from fairhold.domain.instants import Instant


class No(StrEnum):
    """Why a provider refuses for good what it was asked."""

    DECLINED = "declined"
    EXPIRED = "expired"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    ACCOUNT_CLOSED = "account_closed"
    """The seller's account there does not exist, or may not be paid to."""
    TOO_LATE = "too_late"
    """Its ceiling has passed, or what it is about is over."""
    TOO_MUCH = "too_much"
    """More than is left of what it is about."""
    UNSUPPORTED = "unsupported"
    """A currency, a method or a kind of request that it does not know."""
    BROKEN = "broken"
    """It takes the request for a mistake: a person has to look."""


class Paid(NamedTuple):
    """What the provider calls a payment that it took: everything later about this money names it. `deal` where it keeps deals."""

    payment: str
    charge: str = ""
    deal: str = ""


class State(StrEnum):
    """How it stands with something that a provider was asked for."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    """Of a payment: it is ours as soon as it is captured."""
    DONE = "done"
    FAILED = "failed"
    RETURNED = "returned"
    """Of a payout: it came back after it had been done."""


class PaymentSeen(NamedTuple):
    """How it stands with a payment, to the provider's newest knowledge. `amount` was taken, `fee` is part of it."""

    order: str
    attempt: int
    paid: Paid
    state: State
    amount: int
    currency: str
    fee: int = 0
    why: No | None = None


class RefundSeen(NamedTuple):
    """How it stands with a refund; `number` is 0 where the provider gave it back by itself or a person did, in its own office."""

    order: str
    number: int
    reference: str
    state: State
    amount: int
    currency: str
    why: No | None = None


class TransferSeen(NamedTuple):
    """What has gone to a seller, how much of it was taken back since and, where it goes straight to a bank, how that stands."""

    order: str
    number: int
    reference: str
    amount: int
    taken_back: int
    currency: str
    state: State = State.DONE
    why: No | None = None


class PayoutSeen(NamedTuple):
    """How it stands with a payout; `payout` is our name for it."""

    payout: str
    reference: str
    state: State
    amount: int
    currency: str
    why: No | None = None


class Bank(StrEnum):
    """How far a buyer's bank has come with a chargeback."""

    ASKS = "asks"
    """An inquiry: no money has moved."""
    TOOK = "took"
    GAVE_BACK = "gave_back"
    WON = "won"
    LOST = "lost"


class ChargebackSeen(NamedTuple):
    """What the buyer's bank did. `payment` or the charge of it, as `Paid` has it; `fee` is what the provider takes for it."""

    order: str
    chargeback: str
    paid: Paid
    bank: Bank
    amount: int
    currency: str
    fee: int = 0
    answer_by: Instant | None = None
    reason: str = ""


class AccountSeen(NamedTuple):
    """How it stands with a seller's account there; `wanting` is what it still asks of them, in its own words."""

    account: str
    may_be_paid: bool
    wanting: tuple[str, ...] = ()


Seen = PaymentSeen | RefundSeen | TransferSeen | PayoutSeen | ChargebackSeen | AccountSeen


class LineKind(StrEnum):
    """What a line of a statement is about."""

    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    TRANSFER = "transfer"
    TAKEN_BACK = "taken_back"
    PAYOUT = "payout"
    PAYOUT_RETURNED = "payout_returned"
    CHARGEBACK = "chargeback"
    GIVEN_BACK = "given_back"
    FEE = "fee"
    OTHER = "other"


class Line(NamedTuple):
    """A line of the provider's statement: `amount` came in (or went out, below zero), and `fee` of it was kept."""

    reference: str
    kind: LineKind
    amount: int
    fee: int
    currency: str
    at: Instant
    about: str = ""
    """What it belongs to: the provider's name of the payment, refund, transfer, payout or chargeback."""
