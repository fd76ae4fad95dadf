"""The money rules of an order, as its first event holds them: what it leaves out is what the domain's description says."""

from typing import Any

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
LATEST = 32_503_680_000 * SECOND
"""The year 3000: no instant that an order knows lies beyond it."""

Terms = dict[str, Any]

_USUAL: Terms = {
    "payment_deadline": 24 * HOUR,
    "shipping_deadline": 7 * DAY,
    "late_after": 30 * DAY,
    "returned_parcel": 5 * DAY,
    "protection": 60 * DAY,
    "extensions": 2,
    "extension_max": 30 * DAY,
    "extension_answer": 3 * DAY,
    "on_lapse": "pay",
    "lapse_extension": 15 * DAY,
    "window": 7 * DAY,
    "category_windows": {},
    "settlement_delay": 24 * HOUR,
    "buyer_undo": 0,
    "undo_minimum": 72 * HOUR,
    "accident_answer": 12 * HOUR,
    "accident_freeze": 0,
    "seller_marks_delivered": False,
    "commission": 500,
    "category_commission": {},
    "fixed_commission": 0,
    "category_fixed": {},
    "provider_fees": "marketplace",
    "provider_fees_on_refund": "marketplace",
    "ceiling": None,
}
_USUAL_OF_DISPUTES: Terms = {
    "answer": 5 * DAY,
    "offer": 3 * DAY,
    "negotiation": 15 * DAY,
    "return_shipping": 10 * DAY,
    "return_inspection": 5 * DAY,
    "ruling": 14 * DAY,
    "appeal": 7 * DAY,
    "undecided_after": None,
}
_USUAL_OF_REVIEWS: Terms = {
    "window": 30 * DAY,
    "bar": "claim_or_full_refund",
    "automatic": "four_for_four",
    "revision": "below_three_upward",
    "revision_for": 30 * DAY,
    "publication": "at_once",
}


def complete(stored: Terms) -> Terms:
    """The terms with everything that is usual put in."""
    return {
        **_USUAL,
        **stored,
        "disputes": {**_USUAL_OF_DISPUTES, **stored.get("disputes", {})},
        "reviews": reviews_under(stored.get("reviews", {})),
    }


def reviews_under(stored: Terms) -> Terms:
    """Rules of reviews with everything that is usual put in."""
    return {**_USUAL_OF_REVIEWS, **stored}


def later(at: int, length: int) -> int:
    """The instant `length` after `at`."""
    return min(at + length, LATEST)
