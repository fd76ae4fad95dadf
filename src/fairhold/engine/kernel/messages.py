"""Which events put what into the outbox."""

import msgspec

from fairhold.domain.dispute_events import ChargebackWon, DisputeSettled, ReplacementShipped, ReturnShipped
from fairhold.domain.events import Event, OrderCancelled, ParcelShipped, PaymentReceived, PortionsRefunded
from fairhold.domain.ids import lane_of
from fairhold.domain.instants import SECOND, Duration, Instant, after
from fairhold.domain.money import half_even
from fairhold.domain.order import Order, Refund
from fairhold.domain.payment import AttemptState, ProviderNames
from fairhold.domain.payment_events import PaymentPageOpened, PaymentReturned, PaymentStarted
from fairhold.domain.payout_events import PayoutAskedBack, PayoutStarted
from fairhold.domain.refund_events import RefundSentAgain
from fairhold.engine.kernel.codec import encode
from fairhold.engine.outside.destinations import Letter, Outside, payments_address
from fairhold.engine.ports.store import OutboxMessage

FIRST_LOOK = Duration(30 * SECOND)
"""After so long is a page looked at for the first time: mostly the provider has told by then."""

_PAYOUTS = "payouts"

_WATCHING, _CLOSING = "watching", "closing"
"""Threads of their own: a page is asked about for as long as it is open, and that holds up neither its closing nor a refund."""


class PageDue(msgspec.Struct, frozen=True, gc=False, tag="page"):
    """Open a page on which the buyer pays `amount` (minor units of `currency`), of which `sellers_part` is the seller's."""

    attempt: int
    amount: int
    currency: str
    sellers_part: int
    title: str
    language: str
    back: str
    until: Instant


class PageOver(msgspec.Struct, frozen=True, gc=False, tag="page_over"):
    """Take no more money for that payment: nobody waits for it."""

    names: ProviderNames


class PageWatched(msgspec.Struct, frozen=True, gc=False, tag="page_watched"):
    """Look whether the buyer has paid there, in case nobody tells us; the page is open `since` then."""

    names: ProviderNames
    since: Instant


class RefundDue(msgspec.Struct, frozen=True, gc=False, tag="refund", omit_defaults=True):
    """Give `amount` (minor units of `currency`) back to whom paid by `method`; `number` counts the order's refunds.

    Through a provider: out of the payment that it has `names` for; `sellers_part` of it would have been the seller's.
    """

    number: int
    amount: int
    currency: str
    method: str
    names: ProviderNames = ProviderNames()
    sellers_part: int = 0


class TransferDue(msgspec.Struct, frozen=True, gc=False, tag="transfer"):
    """Pass `amount` (minor units of `currency`) of the payment that came by `method` on to the seller's `account`.

    `number` counts the parts of the order's money that have left for the seller; `names` are the payment's at the provider.
    """

    number: int
    amount: int
    currency: str
    method: str
    account: str
    names: ProviderNames = ProviderNames()


class TakingBackDue(msgspec.Struct, frozen=True, gc=False, tag="taking_back"):
    """Take `amount` (minor units of `currency`) of part `number` back, which the provider calls `transfer`; the `ask`th time."""

    number: int
    ask: int
    amount: int
    currency: str
    method: str
    transfer: str


def letters(outside: Outside, order: Order, event: Event) -> tuple[Letter, ...]:
    """What the world is told because of `event`; `order` is as the event left it."""
    if isinstance(event, _OF_PAYMENT):
        return _of_payment(order, event)
    if isinstance(event, PortionsRefunded | DisputeSettled | ChargebackWon):
        amount = event.amount if isinstance(event, PortionsRefunded) else event.refund
        method = order.payment_method
        if not amount or method is None or payments_address(method) not in outside.payments:
            return ()
        return (_refund(order, event.number, amount, method, event.at),)
    if isinstance(event, RefundSentAgain):
        return _refund_again(outside, order, event)
    if isinstance(event, PayoutStarted | PayoutAskedBack):
        return _of_payout(outside, order, event)
    if isinstance(event, ParcelShipped | ReturnShipped | ReplacementShipped):
        return tuple(
            letter
            for carrier in outside.carriers
            for letter in carrier.letters(event.shipment, event.tracking_number, event.at)
        )
    return ()


_OfPayment = PaymentStarted | PaymentPageOpened | PaymentReceived | PaymentReturned | OrderCancelled
_OF_PAYMENT = (PaymentStarted, PaymentPageOpened, PaymentReceived, PaymentReturned, OrderCancelled)


def _of_payment(order: Order, event: _OfPayment) -> tuple[Letter, ...]:
    """A page is asked for, and one that nobody waits for any more is closed; money that came there goes back."""
    match event:
        case PaymentStarted():
            return (_page(order, event), *_page_over(order, len(order.attempts) - 1, event.at))
        case PaymentPageOpened():
            return _page_watched(order, event) or _page_over(order, event.attempt, event.at)
        case PaymentReturned():
            return (_refund_of(order, event.attempt, event.number, event.amount, event.at),)
        case _:
            return _page_over(order, len(order.attempts), event.at)


def _page(order: Order, event: PaymentStarted) -> Letter:
    page = PageDue(
        attempt=event.attempt,
        amount=order.total,
        currency=order.currency,
        sellers_part=event.sellers_part,
        title=order.lines[0].title,
        language=event.language,
        back=event.back,
        until=event.until,
    )
    return Letter(payments_address(event.method), encode(page), event.at)


def _page_watched(order: Order, event: PaymentPageOpened) -> tuple[Letter, ...]:
    attempt = order.attempt(event.attempt)
    if attempt is None or attempt.state is not AttemptState.OPEN:
        return ()
    watched = PageWatched(event.names, event.at)
    address = f"{payments_address(attempt.method)}/{_WATCHING}-{attempt.number}"
    return (Letter(address, encode(watched), after(event.at, FIRST_LOOK)),)


def _page_over(order: Order, number: int, at: Instant) -> tuple[Letter, ...]:
    """The order is off, or paid, or to be paid elsewhere: only the last attempt before that can have had a page open."""
    attempt = order.attempt(number)
    if attempt is None or attempt.state is not AttemptState.CLOSED or not attempt.page:
        return ()
    address = f"{payments_address(attempt.method)}/{_CLOSING}-{number}"
    return (Letter(address, encode(PageOver(attempt.names)), at),)


def _refund(order: Order, number: int, amount: int, method: str, at: Instant) -> Letter:
    """Of each refund the seller's part is counted so that those of all refunds together are what they are of the sum."""
    paid = next((attempt for attempt in order.attempts if attempt.state is AttemptState.PAID), None)
    if paid is None:
        return Letter(payments_address(method), encode(RefundDue(number, amount, order.currency, method)), at)
    whole = paid.sellers_part
    before = sum(one.amount for one in order.refunds if _is_before(order, one, number))
    part = half_even(whole * (before + amount), order.total) - half_even(whole * before, order.total)
    due = RefundDue(number, amount, order.currency, method, paid.names, part)
    return Letter(payments_address(method), encode(due), at)


def _is_before(order: Order, refund: Refund, number: int) -> bool:
    """Whether this refund of the order's payment counts before refund `number`: what is sent again stands where it stood."""
    first = {one.again: one.number for one in order.refunds if one.again}
    place, other = number, refund.number
    while place in first:
        place = first[place]
    while other in first:
        other = first[other]
    return other < place and not refund.attempt and not refund.again


def _refund_of(order: Order, number: int, refund: int, amount: int, at: Instant) -> Letter:
    """Money of attempt `number`, which did not pay the order: none of it is the seller's."""
    attempt = order.attempt(number)
    assert attempt is not None, "money came by it"
    due = RefundDue(refund, amount, order.currency, attempt.method, attempt.names)
    return Letter(payments_address(attempt.method), encode(due), at)


def _refund_again(outside: Outside, order: Order, event: RefundSentAgain) -> tuple[Letter, ...]:
    """What came back is asked for once more, under the name of another refund."""
    refund, method = order.refund(event.number), order.payment_method
    assert refund is not None, "it is sent again"
    if refund.attempt:
        return (_refund_of(order, refund.attempt, event.number, event.amount, event.at),)
    if method is None or payments_address(method) not in outside.payments:
        return ()
    return (_refund(order, event.number, event.amount, method, event.at),)


def _of_payout(outside: Outside, order: Order, event: PayoutStarted | PayoutAskedBack) -> tuple[Letter, ...]:
    """On a thread of its own: a refund that waits for a person holds up no seller, and the other way round."""
    method, part = order.payment_method, order.payout(event.number)
    assert method is not None, "what is passed on was paid"
    assert part is not None, "it is a part of the order's money"
    address = payments_address(method)
    if address not in outside.payments:
        return ()
    due: TransferDue | TakingBackDue
    if isinstance(event, PayoutStarted):
        paid = next((attempt for attempt in order.attempts if attempt.state is AttemptState.PAID), None)
        names = ProviderNames() if paid is None else paid.names
        due = TransferDue(part.number, part.amount, order.currency, method, part.account, names)
    else:
        due = TakingBackDue(part.number, part.asks, event.amount, order.currency, method, part.reference)
    return (Letter(f"{address}/{_PAYOUTS}", encode(due), event.at),)


def messages(outside: Outside, order: Order, event: Event) -> list[OutboxMessage]:
    """The outbox rows of `event`, numbered from 0."""
    return [
        OutboxMessage(
            lane_of(order.id), order.id, order.version, n, letter.destination, letter.payload, letter.not_before
        )
        for n, letter in enumerate(letters(outside, order, event))
    ]
