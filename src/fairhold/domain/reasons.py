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
    DEMAND_ABOVE_DISPUTED = "demand_above_disputed"
    NOTHING_DEMANDED = "nothing_demanded"
    REFUND_ABOVE_WHAT_IS_LEFT = "refund_above_what_is_left"
    RETURN_OR_RESEND = "return_or_resend"
    ONLY_SELLER_RESENDS = "only_seller_resends"
    SAME_OFFER = "same_offer"
    CHARGEBACK_ABOVE_WHAT_IS_LEFT = "chargeback_above_what_is_left"
    PHOTO_NOT_YOURS = "photo_not_yours"
    TEXT_TOO_LONG = "text_too_long"
    LINK_IN_TEXT = "link_in_text"
    LANGUAGE_NOT_TAKEN = "language_not_taken"
    ONLY_BUYER_RATES_THIS = "only_buyer_rates_this"
    ONLY_UPWARD = "only_upward"
    TOO_MANY_PHOTOS = "too_many_photos_in_review"
    # the state of the order
    PAYMENT_DECLINED = "payment_declined"
    ALREADY_PAID = "already_paid"
    TOO_LATE_TO_PAY = "too_late_to_pay"
    TOO_MANY_ATTEMPTS = "too_many_payment_attempts"
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
    ACCIDENT_REPORTED = "accident_already_reported"
    ACCIDENT_ANSWERED = "accident_already_answered"
    NO_ACCIDENT_REPORTED = "no_accident_reported"
    EXTENSIONS_USED_UP = "extensions_used_up"
    EXTENSION_ALREADY_ASKED = "extension_already_asked"
    NO_EXTENSION_ASKED = "no_extension_asked"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_MANY_SHIPMENTS = "too_many_shipments"
    TOO_MANY_CHECKPOINTS = "too_many_checkpoints"
    NOT_LATE_YET = "not_late_yet"
    NOTHING_RETURNED = "nothing_returned"
    NOTHING_LEFT = "nothing_left"
    TOO_MANY_DISPUTES = "too_many_disputes"
    TOO_MANY_OFFERS = "too_many_offers"
    TOO_MANY_MESSAGES = "too_many_messages"
    TOO_MANY_CHARGEBACKS = "too_many_chargebacks"
    TOO_MUCH_EVIDENCE = "too_much_evidence"
    DISPUTE_CLOSED = "dispute_closed"
    DISPUTE_AGREED = "dispute_agreed"
    ALREADY_ESCALATED = "already_escalated"
    ALREADY_RULED = "already_ruled"
    ALREADY_APPEALED = "already_appealed"
    NOT_ESCALATED = "not_escalated"
    NOT_RULED = "not_ruled"
    OFFER_REPLACED = "offer_replaced"
    OFFER_EXPIRED = "offer_expired"
    NO_RETURN_AGREED = "no_return_agreed"
    NO_RESEND_AGREED = "no_resend_agreed"
    RETURN_ALREADY_SHIPPED = "return_already_shipped"
    CLAIM_TAKEN = "claim_taken"
    NOT_DUE = "not_due"
    NOT_OWED = "not_owed"
    NO_REFUND_RETURNED = "no_refund_returned"
    TAKEN_BY_BANK = "taken_by_bank"
    CHARGEBACK_ENDED = "chargeback_ended"
    NOT_COMPLETED = "not_completed"
    REVIEWS_OVER = "reviews_over"
    ALREADY_REVIEWED = "already_reviewed"
    BARRED_BY_CLAIM = "barred_by_claim"
    BARRED_BY_FULL_REFUND = "barred_by_full_refund"
    BARRED_BY_DISPUTE = "barred_by_dispute"
    REVISION_OFF = "revision_off"
    REVISION_TOO_LATE = "revision_too_late"
    RATING_TOO_HIGH_TO_REVISE = "rating_too_high_to_revise"
    TOO_MANY_VERSIONS = "too_many_versions"
    AUTOMATIC_REVIEW = "automatic_review"
    REVIEW_TAKEN_DOWN = "review_taken_down"
    NOT_PUBLISHED = "not_published"
    ALREADY_REPLIED = "already_replied"
    NO_REPLY = "no_reply"
    ALREADY_PUBLISHED = "already_published"
    NOT_TAKEN_DOWN = "not_taken_down"
    ALREADY_CONTESTED = "already_contested"
    # who asks
    NOT_ALLOWED = "not_allowed"
    OWN_OFFER = "own_offer"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    SAME_MEDIATOR = "same_mediator"
    # what is not there
    UNKNOWN_SHIPMENT = "unknown_shipment"
    UNKNOWN_DISPUTE = "unknown_dispute"
    UNKNOWN_OFFER = "unknown_offer"
    UNKNOWN_CHARGEBACK = "unknown_chargeback"
    UNKNOWN_REVIEW = "unknown_review"
    NOT_FOUND = "not_found"


_GROUPS = {
    Reason.INVALID: Blame.REQUEST,
    Reason.PAYMENT_DECLINED: Blame.STATE,
    Reason.NOT_ALLOWED: Blame.ROLE,
    Reason.UNKNOWN_SHIPMENT: Blame.UNKNOWN,
}
"""The first reason of each group of the table above, and what its reasons lay the blame on."""


def _blamed() -> dict[Reason, Blame]:
    found, blamed = {}, Blame.REQUEST
    for reason in Reason:
        found[reason] = blamed = _GROUPS.get(reason, blamed)
    return found


_BLAME = _blamed()


def blame(reason: Reason) -> Blame:
    """What a reason lays the blame on."""
    return _BLAME[reason]


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """Why nothing happened.

    `field` names the part of the request at fault (`lines[0].quantity`); `limit` is the bound it broke.
    """

    reason: Reason
    field: str | None = None
    limit: int | None = None
