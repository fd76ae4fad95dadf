"""Stripe's objects, as far as we read them: strict in what money depends on, deaf to what later versions add.

Amounts are still Stripe's own here, see `sums`. Fields that Stripe names by id or shows whole, as asked, are unions.
"""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from fairhold.engine.outside.destinations import Unreadable

VERSION = "2026-05-27.dahlia"
"""The version of Stripe's interface that these follow, asked for with every call."""

Sum = Annotated[int, Meta(ge=0, le=10**15)]
Change = Annotated[int, Meta(ge=-(10**15), le=10**15)]
Id = Annotated[str, Meta(min_length=1, max_length=255)]
Code = Annotated[str, Meta(pattern="^[a-z]{3}$")]
Moment = Annotated[int, Meta(ge=0, le=32_503_680_000)]
"""Seconds since 1970."""

_T = TypeVar("_T")


class BalanceTransaction(msgspec.Struct, frozen=True):
    """A line of a balance. `amount` is before `fee`."""

    id: Id
    amount: Change
    fee: Change
    currency: Code
    created: Moment
    type: str
    reporting_category: str = ""
    source: str | None = None


class Charge(msgspec.Struct, frozen=True):
    """Money that was taken."""

    id: Id
    amount: Sum
    currency: Code
    amount_captured: Sum | None = None
    """Less than `amount` where only a part of what was authorized was taken."""
    amount_refunded: Sum = 0
    balance_transaction: BalanceTransaction | str | None = None
    payment_intent: str | None = None


class Failure(msgspec.Struct, frozen=True):
    """What went wrong: in an answer that refuses, and in a payment that came to nothing."""

    type: str = ""
    code: str | None = None
    decline_code: str | None = None
    message: str | None = None
    param: str | None = None


class Charges(msgspec.Struct, frozen=True):
    """The list in which a payment had its charges before 2022-11-15."""

    data: tuple[Charge, ...] = ()


class Intent(msgspec.Struct, frozen=True):
    """A PaymentIntent: the buyer's payment, over all its attempts."""

    id: Id
    amount: Sum
    currency: Code
    status: str
    amount_received: Sum
    amount_capturable: Sum
    latest_charge: Charge | str | None = None
    charges: Charges = Charges()
    metadata: Mapping[str, str] = {}
    last_payment_error: Failure | None = None


class Session(msgspec.Struct, frozen=True):
    """A page of Checkout."""

    id: Id
    status: str | None
    payment_status: str
    amount_total: Sum | None = None
    currency: Code | None = None
    payment_intent: Intent | str | None = None
    metadata: Mapping[str, str] = {}
    url: str | None = None


class Refund(msgspec.Struct, frozen=True):
    """Money on its way back to the buyer."""

    id: Id
    amount: Sum
    currency: Code
    status: str | None = None
    payment_intent: Intent | str | None = None
    metadata: Mapping[str, str] | None = None
    failure_reason: str | None = None


class Transfer(msgspec.Struct, frozen=True):
    """Money that went from the platform's balance to a connected account's."""

    id: Id
    amount: Sum
    amount_reversed: Sum
    currency: Code
    metadata: Mapping[str, str] = {}


class Reversal(msgspec.Struct, frozen=True):
    """Money that came back of a transfer."""

    id: Id
    amount: Sum
    currency: Code
    metadata: Mapping[str, str] | None = None


class Payout(msgspec.Struct, frozen=True):
    """Money on its way to a bank account."""

    id: Id
    amount: Sum
    currency: Code
    status: str
    created: Moment
    metadata: Mapping[str, str] | None = None
    failure_code: str | None = None


class EvidenceDetails(msgspec.Struct, frozen=True):
    """How far the answer to a dispute is."""

    due_by: Moment | None = None
    submission_count: int = 0
    past_due: bool = False


class Dispute(msgspec.Struct, frozen=True):
    """What the buyer's bank says of a charge."""

    id: Id
    amount: Sum
    currency: Code
    charge: str
    status: str
    balance_transactions: tuple[BalanceTransaction, ...]
    reason: str = ""
    payment_intent: Intent | str | None = None
    evidence_details: EvidenceDetails = EvidenceDetails()


class Requirements(msgspec.Struct, frozen=True):
    """What Stripe wants of a seller."""

    currently_due: tuple[str, ...] | None = None
    past_due: tuple[str, ...] | None = None
    disabled_reason: str | None = None


class Account(msgspec.Struct, frozen=True):
    """A seller's account."""

    id: Id
    payouts_enabled: bool = False
    capabilities: Mapping[str, Any] | None = None
    requirements: Requirements | None = None


class Balance(msgspec.Struct, frozen=True):
    """What lies on an account: at hand, and soon."""

    class Part(msgspec.Struct, frozen=True):
        """Of one currency."""

        amount: Change
        currency: Code

    available: tuple[Part, ...]
    pending: tuple[Part, ...]


class Named(msgspec.Struct, frozen=True):
    """Anything, of which only the name matters."""

    id: Id


class Link(msgspec.Struct, frozen=True):
    """A page of Stripe's."""

    url: Annotated[str, Meta(min_length=1)]


class Listed(msgspec.Struct, frozen=True):
    """A page of a list, newest first."""

    data: tuple[dict[str, Any], ...]
    has_more: bool = False


class Happened(msgspec.Struct, frozen=True):
    """The part of an event that does not change with its version."""

    class Data(msgspec.Struct, frozen=True):
        """What it is about, as it was when the event was written down."""

        object: dict[str, Any]

    id: Id
    type: str
    livemode: bool
    data: Data
    account: str | None = None


def read(body: bytes, shape: type[_T]) -> _T:
    """An object as Stripe documents it.

    Raises:
        Unreadable: it is something else.

    """
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from None


def read_part(part: object, shape: type[_T]) -> _T:
    """A part of something that was read as JSON already.

    Raises:
        Unreadable: it is not what Stripe documents.

    """
    try:
        return msgspec.convert(part, shape)
    except msgspec.ValidationError as error:
        raise Unreadable(str(error)) from None
