"""What became of a deal, and why something in it was refused: both are read off the objects, not out of words for people."""

from collections.abc import Iterator

from fairhold.domain.instants import HOUR, MINUTE, Duration, Instant
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import No, Seen, State
from fairhold.engine.outside.payments import Refused
from fairhold.gateways.answers import moment, moment_written
from fairhold.gateways.payments.yookassa.calling import Way
from fairhold.gateways.payments.yookassa.reading import (
    CANCELED,
    CLOSED,
    SUCCEEDED,
    Deal,
    Payment,
    Refund,
    mark,
    payment_seen,
    refund_seen,
    refunded,
)
from fairhold.gateways.payments.yookassa.sums import minor

_WINDOWS = (Duration(2 * MINUTE), HOUR, Duration(25 * HOUR))
"""How long after its deal a payment is looked for: it is made in the same breath, or at the latest while keys are remembered."""


def closed(shop: Way, deal: Deal) -> tuple[Seen, ...]:
    """What a closed deal tells: its payment, and what went back of it, by whoever's will. Nothing where it is open or not ours.

    Raises:
        TryLater: more went back than its list of refunds says so far.
        Unreadable: something of it is not what is documented.

    """
    if deal.status != CLOSED or mark(deal.metadata, "attempt") is None:
        return ()
    payment = _payment_of(shop, deal)
    seen = None if payment is None else payment_seen(payment)
    if payment is None or seen is None:
        return ()
    back = tuple(refund_seen(one, seen.order) for one in refunds(shop, payment.id))
    if refunded(payment) > sum(one.amount for one in back if one.state is not State.FAILED):
        raise TryLater("a refund that is not in its list yet", MINUTE)
    return (seen, *back)


def refunds(shop: Way, payment: str) -> list[Refund]:
    """All refunds of a payment, oldest first."""
    return list(shop.every("refunds", Refund, payment_id=payment))[::-1]


def _payment_of(shop: Way, deal: Deal) -> Payment | None:
    """The payment in a deal. No list can be asked for it, but it was made right after."""
    for one in _around(shop, moment(deal.created_at)):
        if one.deal is not None and one.deal.id == deal.id:
            return one
    return None


def _around(shop: Way, made: Instant) -> Iterator[Payment]:
    since = Instant(made - MINUTE)
    for length in _WINDOWS:
        until = Instant(made + length)
        within = {"created_at__gte": moment_written(since), "created_at__lt": moment_written(until)}
        yield from shop.every("payments", Payment, **within)
        since = until


def no_refund(shop: Way, no: Refused, payment: str, amount: int) -> Refused:
    """Why a refund of `amount` minor units was refused, as far as it can be seen."""
    if no.why is not No.BROKEN:
        return no
    found = shop.fetch(f"payments/{payment}", Payment)
    if found.status != SUCCEEDED:
        return Refused(No.TOO_LATE if found.status == CANCELED else No.BROKEN, f"it is {found.status}: {no.words}")
    if found.deal is not None and shop.fetch(f"deals/{found.deal.id}", Deal).status == CLOSED:
        return Refused(No.TOO_LATE, no.words)
    if amount > minor(found.amount) - refunded(found):
        return Refused(No.TOO_MUCH, no.words)
    return no


def given_back(shop: Way, payment: str, deal: str, amount: int) -> Refund | None:
    """What YooKassa gave back by itself when the deal's time had passed, if it is `amount` minor units: the buyer has them."""
    ends = moment(shop.fetch(f"deals/{deal}", Deal).expires_at) - MINUTE
    for one in refunds(shop, payment):
        its_own = mark(one.metadata, "number") is None and one.status == SUCCEEDED
        if its_own and moment(one.created_at) >= ends and minor(one.amount) == amount:
            return one
    return None


def no_payout(shop: Way, no: Refused, deal: str, amount: int) -> Refused:
    """Why a payout of `amount` minor units was refused, as far as it can be seen."""
    if no.why is not No.BROKEN:
        return no
    found = shop.fetch(f"deals/{deal}", Deal)
    if found.status == CLOSED:
        return Refused(No.TOO_LATE, no.words)
    if amount > minor(found.payout_balance):
        return Refused(No.TOO_MUCH, no.words)
    return no
