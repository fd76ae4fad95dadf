"""Calls by payment providers: not ours to shape."""

from fairhold.api.rows import Route
from fairhold.api.wire_news import PaymentNewsTaken
from fairhold.domain.actors import PEOPLE

PAYMENT_ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/payments/stripe/events",
        "receiveStripe",
        "An event of Stripe, signed in the header `Stripe-Signature`. It may come late, repeatedly and in any order.",
        PEOPLE,
        PaymentNewsTaken,
        special="payments",
        inbound="stripe",
        public=True,
        codes=("signature_invalid",),
    ),
    Route(
        "POST",
        "/payments/yookassa/events",
        "receiveYookassa",
        "A notification of YooKassa. It proves nothing by itself: what it is about is asked of YooKassa before anything is done.",
        PEOPLE,
        PaymentNewsTaken,
        special="payments",
        inbound="yookassa",
        public=True,
        codes=("signature_invalid",),
    ),
)
