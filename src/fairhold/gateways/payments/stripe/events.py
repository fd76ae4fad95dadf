"""Stripe's webhooks: whether Stripe sent them, and what they tell.

An event shows its object as it was when the event was written, and events come in any order. So we take only the name of it
from the event, and fetch the object anew: whatever comes first tells the newest, and the rest repeats it.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

import msgspec

from fairhold.domain.instants import SECOND, Instant
from fairhold.engine.outside.destinations import Unreadable
from fairhold.engine.outside.payment_seen import AccountSeen, Seen
from fairhold.engine.outside.payments import Refused
from fairhold.gateways.payments.stripe.looking import Looking, id_in
from fairhold.gateways.payments.stripe.objects import Happened, read

SIGNATURE = "stripe-signature"
TOLERANCE = 300
"""Seconds by which the moment of a message may be off, as Stripe's own libraries have it."""
MOST_SIGNATURES = 20


def is_signed(header: str, body: bytes, secrets: Sequence[str], now: Instant) -> bool:
    """Whether whoever knows one of the secrets sent this body within the last minutes.

    While a secret is being changed Stripe signs with both, so any `v1` is good that fits any secret. No other scheme counts.
    """
    parts = [part.partition("=")[::2] for part in header.split(",")]
    moments = [text for name, text in parts if name.strip() == "t"]
    given = [text.encode("utf-8", "replace") for name, text in parts if name.strip() == "v1"]
    if len(moments) != 1 or not given or len(given) > MOST_SIGNATURES:
        return False
    [sent] = moments
    if not sent.isascii() or not sent.isdigit() or len(sent) > 12 or abs(int(sent) - now // SECOND) > TOLERANCE:
        return False
    signed = f"{sent}.".encode() + body
    right = [hmac.new(secret.encode(), signed, sha256).hexdigest().encode() for secret in secrets if secret]
    # Every pair is compared, so that the time tells nothing of how many fit.
    return sum(hmac.compare_digest(one, other) for one in right for other in given) > 0


def tell(body: bytes, looking: Looking, *, livemode: bool) -> tuple[Seen, ...]:
    """What an event tells; nothing where it is of a kind that we do not need, or of the other mode.

    Endpoints for connected accounts get events of test mode beside those of live mode («Connect webhooks»).

    Raises:
        Unreadable: it is not what Stripe documents, or about something that Stripe itself does not know.
        TryLater: Stripe could not be asked.

    """
    happened = read(body, _Kind)
    if happened.type not in TELLERS:
        return ()
    event = read(body, Happened)
    if event.livemode != livemode:
        return ()
    teller = TELLERS[event.type]
    if event.account and teller not in _OF_SELLERS:
        # What a transfer becomes on the seller's account is a payment there, with refunds of its own: not the buyer's.
        return ()
    try:
        return tuple(seen for seen in teller(looking, event) if seen is not None)
    except Refused as error:
        raise Unreadable(f"{event.type} about something that Stripe does not show us: {error}") from None


class _Kind(msgspec.Struct, frozen=True):
    """So that nothing else is asked of an event that we do not need."""

    type: str


def _payment(looking: Looking, event: Happened) -> Iterable[Seen | None]:
    return (looking.payment(id_in(event)),)


def _charge(looking: Looking, event: Happened) -> Iterable[Seen | None]:
    """Only now it may say what Stripe kept of it."""
    return (looking.payment_of_charge(id_in(event)),)


def _refund(looking: Looking, event: Happened) -> Iterable[Seen | None]:
    return (looking.refund(id_in(event)),)


def _refunds(looking: Looking, event: Happened) -> Iterable[Seen | None]:
    return looking.refunds_of_charge(id_in(event))


def _transfer(looking: Looking, event: Happened) -> Iterable[Seen | None]:
    return (looking.transfer(id_in(event)),)


def _payout(looking: Looking, event: Happened) -> Iterable[Seen | None]:
    """Without an account it is the platform's own payout, which is nobody's order."""
    return (looking.payout(id_in(event), event.account),) if event.account else ()


def _dispute(looking: Looking, event: Happened) -> Iterable[Seen | None]:
    return looking.dispute(id_in(event))


def _account(looking: Looking, event: Happened) -> Iterable[Seen | None]:
    return (looking.account(event.account),) if event.account else ()


def _left(looking: Looking, event: Happened) -> Iterable[Seen | None]:
    """The seller has taken our platform off their account: from now on we cannot even ask."""
    return (AccountSeen(event.account, may_be_paid=False, wanting=("deauthorized",)),) if event.account else ()


_OF_SELLERS = frozenset({_payout, _account, _left})

TELLERS: Mapping[str, Callable[[Looking, Happened], Iterable[Seen | None]]] = {
    "checkout.session.completed": _payment,
    "checkout.session.async_payment_succeeded": _payment,
    "checkout.session.async_payment_failed": _payment,
    "checkout.session.expired": _payment,
    "payment_intent.succeeded": _payment,
    "payment_intent.amount_capturable_updated": _payment,
    "payment_intent.payment_failed": _payment,
    "payment_intent.processing": _payment,
    "payment_intent.canceled": _payment,
    "charge.updated": _charge,
    "charge.refunded": _refunds,
    "charge.refund.updated": _refund,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.funds_withdrawn": _dispute,
    "charge.dispute.funds_reinstated": _dispute,
    "charge.dispute.closed": _dispute,
    "transfer.created": _transfer,
    "transfer.updated": _transfer,
    "transfer.reversed": _transfer,
    "payout.paid": _payout,
    "payout.failed": _payout,
    "payout.canceled": _payout,
    "account.updated": _account,
    "account.application.deauthorized": _left,
}
"""Kinds of events that tell something. Any other is left alone."""
