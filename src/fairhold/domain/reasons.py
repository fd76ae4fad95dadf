"""Why something is refused. A refusal is a value: the engine returns it, nothing changes, and a face puts it into words."""

from enum import StrEnum

import msgspec


class Blame(StrEnum):
    """What is at fault; faces turn it into an HTTP status."""

    REQUEST = "request"  # 422
    STATE = "state"  # 409
    ROLE = "role"  # 403
    UNKNOWN = "unknown"  # 404


class Reason(StrEnum):
    """Every reason the domain refuses for; the value is the stable `code` of the public contract."""

    # the request itself
    INVALID = "invalid_request"
    NOTHING_SELECTED = "nothing_selected"
    CONSEQUENCE_NOT_ACKNOWLEDGED = "consequence_not_acknowledged"
    UNKNOWN_LINE = "unknown_line"
    DUPLICATE_LINE = "duplicate_line"
    QUANTITY_TOO_LARGE = "quantity_too_large"
    BUYER_IS_SELLER = "buyer_is_seller"
    UNKNOWN_CURRENCY = "unknown_currency"
    UNKNOWN_POLICY = "unknown_policy"
    NO_LINES = "no_lines"
    AMOUNT_TOO_LARGE = "amount_too_large"
    NOTHING_TO_PAY = "nothing_to_pay"
    DISCOUNT_TOO_LARGE = "discount_too_large"
    SHIPPING_DAYS_OUT_OF_BOUNDS = "shipping_days_out_of_bounds"
    PROTECTION_DAYS_OUT_OF_BOUNDS = "protection_days_out_of_bounds"
    PROMISED_IN_THE_PAST = "promised_in_the_past"
    PROMISED_TOO_FAR = "promised_too_far"
    EXTENSION_TOO_LONG = "extension_too_long"
    CHECKPOINT_IN_THE_FUTURE = "checkpoint_in_the_future"
    UNKNOWN_PAYMENT_METHOD = "unknown_payment_method"
    OUTAGE_RUNS_BACKWARDS = "outage_runs_backwards"
    OUTAGE_NOT_OVER = "outage_not_over"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    # the state of the order
    PAYMENT_DECLINED = "payment_declined"
    ALREADY_PAID = "already_paid"
    NOT_PAID = "not_paid"
    ORDER_CLOSED = "order_closed"
    ALREADY_SHIPPED = "already_shipped"
    NOT_SHIPPED = "not_shipped"
    ALREADY_CONFIRMED = "already_confirmed"
    ALREADY_REFUNDED = "already_refunded"
    LINE_IN_DISPUTE = "line_in_dispute"
    NOTHING_TO_UNDO = "nothing_to_undo"
    ONLY_SUPPORT_UNDOES = "only_support_undoes"
    TOO_LATE_TO_UNDO = "too_late_to_undo"
    EXTENSIONS_USED_UP = "extensions_used_up"
    EXTENSION_ALREADY_ASKED = "extension_already_asked"
    NO_EXTENSION_ASKED = "no_extension_asked"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_MANY_SHIPMENTS = "too_many_shipments"
    TOO_MANY_CHECKPOINTS = "too_many_checkpoints"
    # who asks
    NOT_ALLOWED = "not_allowed"
    UNKNOWN_SHIPMENT = "unknown_shipment"
    NOT_FOUND = "not_found"


_STATE = frozenset(
    {
        Reason.PAYMENT_DECLINED,
        Reason.ALREADY_PAID,
        Reason.NOT_PAID,
        Reason.ORDER_CLOSED,
        Reason.ALREADY_SHIPPED,
        Reason.NOT_SHIPPED,
        Reason.ALREADY_CONFIRMED,
        Reason.ALREADY_REFUNDED,
        Reason.LINE_IN_DISPUTE,
        Reason.NOTHING_TO_UNDO,
        Reason.ONLY_SUPPORT_UNDOES,
        Reason.TOO_LATE_TO_UNDO,
        Reason.EXTENSIONS_USED_UP,
        Reason.EXTENSION_ALREADY_ASKED,
        Reason.NO_EXTENSION_ASKED,
        Reason.TOO_MANY_PARTS,
        Reason.TOO_MANY_SHIPMENTS,
        Reason.TOO_MANY_CHECKPOINTS,
    }
)


def blame(reason: Reason) -> Blame:
    """What a reason lays the blame on."""
    if reason in _STATE:
        return Blame.STATE
    if reason is Reason.NOT_ALLOWED:
        return Blame.ROLE
    if reason in (Reason.NOT_FOUND, Reason.UNKNOWN_SHIPMENT):
        return Blame.UNKNOWN
    return Blame.REQUEST


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """Why nothing happened.

    `field` names the part of the request at fault (`lines[0].quantity`); `limit` is the bound it broke.
    """

    reason: Reason
    field: str | None = None
    limit: int | None = None
