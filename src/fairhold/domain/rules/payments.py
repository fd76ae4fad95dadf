"""Paying through a provider (S1): a page is asked for, and later it is told what came of it, maybe twice and maybe late."""

from fairhold.domain.actors import Actor
from fairhold.domain.events import Event, PaymentReceived
from fairhold.domain.instants import Instant, after
from fairhold.domain.order import Order, PaymentState
from fairhold.domain.payment import MAX_ATTEMPTS, TOOK_MONEY, UNDER_WAY, AttemptState
from fairhold.domain.payment_commands import RecordPayment, RecordPaymentFailure, RecordPaymentPage, StartPayment
from fairhold.domain.payment_events import PaymentFailed, PaymentPageOpened, PaymentReturned, PaymentStarted
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.settlement import net_of, spans_of_lines


def start_payment(order: Order, command: StartPayment, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """Ask for a page that takes the money of the whole order; one that was opened before is closed."""
    if len(order.attempts) >= MAX_ATTEMPTS:
        return Refusal(Reason.TOO_MANY_ATTEMPTS)
    until = order.payment_due
    assert until is not None, "what waits for money has a deadline for it"
    if now >= until:
        return Refusal(Reason.TOO_LATE_TO_PAY)
    _, _, net = net_of(order, spans_of_lines(order))
    return (
        PaymentStarted(
            at=now,
            by=str(actor),
            attempt=len(order.attempts) + 1,
            method=command.method,
            back=command.back,
            language=command.language,
            until=until,
            sellers_part=net,
            ceiling=command.ceiling,
        ),
    )


def record_payment_page(
    order: Order, command: RecordPaymentPage, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """Note where the buyer can pay. Told twice, or after the end, it changes nothing."""
    attempt = order.attempt(command.attempt)
    if attempt is None:
        return Refusal(Reason.NOT_FOUND, "attempt")
    if attempt.page or attempt.state not in (AttemptState.ASKED, AttemptState.CLOSED):
        return ()
    return (PaymentPageOpened(at=now, by=str(actor), attempt=attempt.number, names=command.names, page=command.page),)


def record_payment(order: Order, command: RecordPayment, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """The money is here: it pays the order, or goes back where nobody waits for it. Told twice, it changes nothing."""
    attempt = order.attempt(command.attempt)
    if attempt is None or attempt.method.partition(":")[0] != command.provider:
        return Refusal(Reason.NOT_FOUND, "attempt")
    if command.currency != order.currency:
        return Refusal(Reason.UNKNOWN_CURRENCY, "currency")
    if attempt.state in TOOK_MONEY or not command.amount:
        return ()
    if order.payment is PaymentState.AWAITED and command.amount == order.total:
        return (
            PaymentReceived(
                at=now,
                by=str(actor),
                amount=command.amount,
                method=attempt.method,
                shipping_due=after(now, order.terms.shipping_deadline),
                attempt=attempt.number,
                names=command.names,
                provider_fee=command.fee,
            ),
        )
    return (
        PaymentReturned(
            at=now,
            by=str(actor),
            attempt=attempt.number,
            amount=command.amount,
            names=command.names,
            number=len(order.refunds) + 1,
            provider_fee=command.fee,
        ),
    )


def record_payment_failure(
    order: Order, command: RecordPaymentFailure, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """Nothing came of it. Where another attempt took its place, or money came after all, nobody needs to know."""
    attempt = order.attempt(command.attempt)
    if attempt is None:
        return Refusal(Reason.NOT_FOUND, "attempt")
    if attempt.state not in UNDER_WAY:
        return ()
    return (PaymentFailed(at=now, by=str(actor), attempt=attempt.number, why=command.why),)
