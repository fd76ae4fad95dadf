"""The statement of an account at Stripe: its balance transactions, oldest first.

Stripe lists the newest first, so they are fetched by the day, and each day is turned round.
"""

from collections.abc import Iterator

from fairhold.domain.instants import DAY, SECOND, Instant
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import Line, LineKind
from fairhold.engine.outside.payments import Refused
from fairhold.gateways.payments.stripe.client import Client
from fairhold.gateways.payments.stripe.objects import BalanceTransaction
from fairhold.gateways.payments.stripe.seen import sum_of

_SECONDS_A_DAY = DAY // SECOND

KINDS = {
    "charge": LineKind.PAYMENT,
    "payment": LineKind.PAYMENT,
    "refund": LineKind.REFUND,
    "payment_refund": LineKind.REFUND,
    "refund_failure": LineKind.REFUND_FAILED,
    "transfer": LineKind.TRANSFER,
    "transfer_refund": LineKind.TAKEN_BACK,
    "transfer_cancel": LineKind.TAKEN_BACK,
    "transfer_failure": LineKind.TAKEN_BACK,
    "payout": LineKind.PAYOUT,
    "payout_cancel": LineKind.PAYOUT_RETURNED,
    "payout_failure": LineKind.PAYOUT_RETURNED,
    "stripe_fee": LineKind.FEE,
    "stripe_fx_fee": LineKind.FEE,
    "tax_fee": LineKind.FEE,
}
"""By the type of a balance transaction."""
ADJUSTMENTS = {
    "dispute": LineKind.CHARGEBACK,
    "dispute_reversal": LineKind.GIVEN_BACK,
    "refund_failure": LineKind.REFUND_FAILED,
    "fee": LineKind.FEE,
}
"""What an `adjustment` is, by its reporting category («Reporting categories»)."""


def lines(client: Client, first: Instant, last: Instant, account: str = "") -> Iterator[Line]:
    """What came and went from `first` to before `last`; of a connected account where one is named."""
    start, end = -(-first // SECOND), -(-last // SECOND)
    while start < end:
        stop = min(start + _SECONDS_A_DAY, end)
        query = {"created": {"gte": start, "lt": stop}}
        found = [_line(one) for one in client.listed("balance_transactions", BalanceTransaction, query, account)]
        yield from reversed(found)
        start = stop


def _line(one: BalanceTransaction) -> Line:
    kinds = ADJUSTMENTS if one.type == "adjustment" else KINDS
    kind = kinds.get(one.reporting_category if one.type == "adjustment" else one.type, LineKind.OTHER)
    try:
        amount, fee = sum_of(one.amount, one.currency), sum_of(one.fee, one.currency)
    except Refused as error:
        raise TryLater(f"line {one.id} of the statement cannot be read: {error}") from None
    at = Instant(one.created * SECOND)
    return Line(one.id, kind, amount, fee, one.currency.upper(), at, one.source or "")
