"""Codes of what can be wrong with a request before any rule of the marketplace is asked. They are stable."""

from enum import StrEnum


class Fault(StrEnum):
    """Codes of the transport; beside `Reason`, the other half of the contract's table of codes."""

    # who calls
    UNAUTHORIZED = "unauthorized"
    ROLE_NOT_GRANTED = "role_not_granted"
    SCOPE_NOT_GRANTED = "scope_not_granted"
    ACTOR_MISSING = "actor_missing"
    ACTOR_INVALID = "actor_invalid"
    SIGNATURE_INVALID = "signature_invalid"
    # where
    ROUTE_NOT_FOUND = "route_not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    ACCOUNT_NOT_FOUND = "account_not_found"
    HEAD_NOT_FOUND = "head_not_found"
    SANDBOX_ONLY = "sandbox_only"
    NOT_IN_A_BATCH = "not_in_a_batch"
    # the key
    IDEMPOTENCY_KEY_MISSING = "idempotency_key_missing"
    IDEMPOTENCY_KEY_INVALID = "idempotency_key_invalid"
    # the body
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    BODY_TOO_LARGE = "body_too_large"
    MALFORMED_JSON = "malformed_json"
    NESTED_TOO_DEEPLY = "nested_too_deeply"
    DUPLICATE_FIELD = "duplicate_field"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    INVALID_VALUE = "invalid_request"
    MALFORMED_FORM = "malformed_form"
    # a photo
    PHOTO_TOO_LARGE = "photo_too_large"
    UNSUPPORTED_PHOTO_TYPE = "unsupported_photo_type"
    PHOTO_UNREADABLE = "photo_unreadable"
    PHOTO_TOO_MANY_PIXELS = "photo_too_many_pixels"
    PHOTO_TOO_SMALL = "photo_too_small"
    TOO_MANY_PHOTOS = "too_many_photos"
    # a report
    TOO_MANY_REPORTS = "too_many_reports"
    # a webhook
    WEBHOOK_NOT_FOUND = "webhook_not_found"
    WEBHOOK_URL_UNUSABLE = "webhook_url_unusable"
    TOO_MANY_WEBHOOKS = "too_many_webhooks"
    WEBHOOK_OFF = "webhook_off"
    # a difference between statement and books
    DIFFERENCE_NOT_FOUND = "difference_not_found"
    DIFFERENCE_CLOSED = "difference_closed"
    # a key of the API
    KEY_NOT_FOUND = "key_not_found"
    KEY_REPLACED = "key_replaced"
    TOO_MANY_KEYS = "too_many_keys"
    # a payout
    PAYOUT_NOT_FOUND = "payout_not_found"
    PAYEE_NOT_FOUND = "payee_not_found"
    UNKNOWN_PROVIDER = "unknown_provider"
    NOTHING_DUE = "nothing_due"
    SELLER_OWES = "seller_owes"
    NO_PAYOUT_ACCOUNT = "no_payout_account"
    ACCOUNT_NOT_PAYABLE = "account_not_payable"
    PAYOUTS_PARKED = "payouts_parked"
    ALL_RESERVED = "all_reserved"
    NOT_STOPPED = "not_stopped"
    ACCOUNT_NUMBER = "account_number"
    NO_ONBOARDING = "no_onboarding"
    SELLER_REFUSED = "seller_refused"
    # evidence against a chargeback
    EVIDENCE_NOT_ASKED = "evidence_not_asked"
    EVIDENCE_ASKED_BEFORE = "evidence_asked_before"
    EVIDENCE_NOT_TAKEN = "evidence_not_taken"
    TOO_LATE_FOR_EVIDENCE = "too_late_for_evidence"
    # a bank transfer
    BANK_TASK_NOT_FOUND = "bank_task_not_found"
    BANK_OWN_ORDER = "bank_own_order"
    BANK_ANOTHER_WORD = "bank_another_word"
    BANK_SETTLED = "bank_settled"
    # a message to support
    TOO_MANY_MESSAGES = "too_many_messages_to_support"
    # the query
    UNKNOWN_PARAMETER = "unknown_parameter"
    INVALID_PARAMETER = "invalid_parameter"
    INVALID_CURSOR = "invalid_cursor"
    # us
    OVERLOADED = "overloaded"
    UNAVAILABLE = "unavailable"
    INTERNAL_ERROR = "internal_error"
