"""What happens to an order while its buyer pays through a provider. Total, as all of `evolve`."""

from collections.abc import Callable

import msgspec

from fairhold.domain.events import PaymentReceived
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order, Refund
from fairhold.domain.payment import UNDER_WAY, Attempt, AttemptState, ProviderNames
from fairhold.domain.payment_events import PaymentFailed, PaymentPageOpened, PaymentReturned, PaymentStarted

replace = msgspec.structs.replace


def payment_started(order: Order, event: PaymentStarted) -> Order:
    """One more attempt; nobody waits for the one before it."""
    attempt = Attempt(
        number=event.attempt,
        method=event.method,
        until=event.until,
        sellers_part=event.sellers_part,
        ceiling=event.ceiling,
    )
    before = closed(order)
    return replace(before, attempts=(*before.attempts, attempt))


def payment_page_opened(order: Order, event: PaymentPageOpened) -> Order:
    """The page is there; where the attempt is closed already, it is known what to close."""

    def opened(attempt: Attempt) -> Attempt:
        state = AttemptState.OPEN if attempt.state is AttemptState.ASKED else attempt.state
        return replace(attempt, state=state, names=event.names, page=event.page)

    return _changed(order, event.attempt, opened)


def payment_failed(order: Order, event: PaymentFailed) -> Order:
    """Nothing came of it."""
    changed = _changed(order, event.attempt, lambda attempt: replace(attempt, state=AttemptState.FAILED, why=event.why))
    return _waiting_no_longer(changed, event.at)


def payment_returned(order: Order, event: PaymentReturned) -> Order:
    """Paid and refunded in one: nothing of it is ever held."""
    after_it = _changed(
        order,
        event.attempt,
        lambda attempt: replace(attempt, state=AttemptState.RETURNED, names=known(attempt.names, event.names)),
    )
    money = order.money
    return replace(
        _waiting_no_longer(after_it, event.at),
        money=replace(money, paid=money.paid + event.amount, refunded=money.refunded + event.amount),
        refunds=(*order.refunds, Refund(event.number, event.amount, attempt=event.attempt)),
    )


def paid(order: Order, event: PaymentReceived) -> Order:
    """The attempt that paid the order; the others are over. What its provider kept is remembered for whoever bears it later."""
    fee = event.provider_fee if order.terms.provider_fees == "seller" else 0

    def taken(attempt: Attempt) -> Attempt:
        return replace(attempt, state=AttemptState.PAID, names=known(attempt.names, event.names), fee=fee)

    return closed(_changed(order, event.attempt, taken))


def closed(order: Order) -> Order:
    """Nobody waits any more for what is under way."""
    if not any(attempt.state in UNDER_WAY for attempt in order.attempts):
        return order
    attempts = tuple(
        replace(attempt, state=AttemptState.CLOSED) if attempt.state in UNDER_WAY else attempt
        for attempt in order.attempts
    )
    return replace(order, attempts=attempts)


def known(before: ProviderNames, told: ProviderNames) -> ProviderNames:
    """What is known of the names: what was told last, and where it says nothing what was known."""
    return ProviderNames(
        payment=told.payment or before.payment, charge=told.charge or before.charge, deal=told.deal or before.deal
    )


def _waiting_no_longer(order: Order, now: Instant) -> Order:
    """An order that was kept past its time for a payment is over now, not in hindsight."""
    if order.payment_due is None or order.payment_due >= now:
        return order
    return replace(order, payment_due=now)


def _changed(order: Order, number: int, change: Callable[[Attempt], Attempt]) -> Order:
    attempts = tuple(change(attempt) if attempt.number == number else attempt for attempt in order.attempts)
    return replace(order, attempts=attempts)
