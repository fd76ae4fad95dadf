"""Pages of Checkout: opened and closed."""

from fairhold.domain.instants import SECOND
from fairhold.engine.outside.payment_seen import No
from fairhold.engine.outside.payments import Page, PageAsked, Refused
from fairhold.gateways.payments.calling import Field
from fairhold.gateways.payments.stripe.client import Client, ReusedKey, Unexplained, name_in_path
from fairhold.gateways.payments.stripe.looking import SESSION, Looking
from fairhold.gateways.payments.stripe.objects import Charge, Intent, Session
from fairhold.gateways.payments.stripe.seen import ATTEMPT, ORDER, charge_of
from fairhold.gateways.payments.stripe.sums import to_stripe

SHORTEST = 30 * 60
LONGEST = 24 * 3600
"""Seconds for which a page may be open."""
_SPARE = 60
"""Seconds that our clocks may differ, and the question may take."""
_TITLE = 250

LANGUAGES = frozenset(
    {
        *("bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu"),
        *("id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl"),
        *("sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW"),
    }
)
"""That Checkout speaks; in any other it follows the browser."""


def opened(client: Client, asked: PageAsked, key: str, capture: str, now: int) -> Page:
    """A page that takes the whole sum. The payment begins only once somebody pays there, so the page is what is named."""
    try:
        amount = to_stripe(asked.amount, asked.currency)
        fields = _fields(asked, amount, capture, _end(asked.until // SECOND, now))
        try:
            session = client.post("checkout/sessions", Session, fields, key)
        except ReusedKey:
            # The first question under this key was lost with its answer, and what may be its end has moved since. Nobody knows
            # where that page is, so nobody can pay there.
            session = client.post("checkout/sessions", Session, fields, f"{key}-{fields.get('expires_at', 0)}")
    except Refused as error:
        raise Refused(No.UNSUPPORTED if error.why is No.TOO_MUCH else error.why, error.words) from None
    if not session.url:
        raise Refused(No.BROKEN, f"the page {session.id} has no address: it is {session.status}")
    return Page(session.id, session.url)


def _end(until: int, now: int) -> int | None:
    """When the page ends: `until`, if Stripe lets it; None for its own limit of a day."""
    if until >= now + LONGEST - _SPARE:
        return None
    return max(until, now + SHORTEST + _SPARE)


def _fields(asked: PageAsked, amount: int, capture: str, end: int | None) -> dict[str, Field]:
    marks = {ORDER: asked.order, ATTEMPT: str(asked.attempt)}
    item: dict[str, Field] = {
        "quantity": 1,
        "price_data": {
            "currency": asked.currency.lower(),
            "unit_amount": amount,
            "product_data": {"name": asked.title[:_TITLE]},
        },
    }
    fields: dict[str, Field] = {
        "mode": "payment",
        "line_items": (item,),
        "client_reference_id": asked.order,
        "metadata": marks,
        "payment_intent_data": {
            "transfer_group": asked.order,
            "metadata": marks,
            # Not `automatic_async`, the default: under that the fee is not known yet when the payment is told of.
            "capture_method": capture,
        },
        "locale": asked.language if asked.language in LANGUAGES else "auto",
        "success_url": asked.back,
        "cancel_url": asked.back,
        # Otherwise Stripe may offer the buyer to pay in their own currency, and the charge is in that.
        "adaptive_pricing": {"enabled": False},
    }
    return fields if end is None else {**fields, "expires_at": end}


def closed(client: Client, looking: Looking, payment: str, key: str) -> None:
    """Take nothing more for it. Refused(TOO_LATE) where it is paid, or on its way from the buyer's bank."""
    if payment.startswith(SESSION):
        try:
            client.post(f"checkout/sessions/{name_in_path(payment)}/expire", Session, {}, key)
        except Unexplained as error:
            session = looking.session(payment)
            if session.status == "open":
                raise
            if isinstance(session.payment_intent, Intent) and session.status == "complete":
                _let_go(client, looking, session.payment_intent, key, error.words)
        return
    intent = looking.intent(payment)
    _let_go(client, looking, intent, key, intent.status)


def _let_go(client: Client, looking: Looking, intent: Intent, key: str, words: str) -> None:
    if intent.status in ("succeeded", "processing"):
        raise Refused(No.TOO_LATE, words)
    if intent.status == "canceled":
        return
    try:
        client.post(f"payment_intents/{name_in_path(intent.id)}/cancel", Intent, {}, f"{key}-intent")
    except Refused:
        if looking.intent(intent.id).status != "canceled":
            raise


def charge_shown(intent: Intent) -> Charge | None:
    """The charge that took the money, where Stripe shows it whole."""
    charge = charge_of(intent)
    return charge if isinstance(charge, Charge) else None
