"""Refunds on their way to the buyer: carried out, sent back by the buyer's bank, sent again or paid in another way.

News of a provider may come twice and late, and then changes nothing. What is sent again has a number of its own: whatever the
provider still tells of the one that came back is not about it, and it cannot be taken for it.
"""

from fairhold.domain.actors import Actor
from fairhold.domain.bank_reach import decided_by_bank, taken_by_bank
from fairhold.domain.commands import RecordRefundPaid
from fairhold.domain.events import Event, RefundPaid
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.refund_commands import RecordRefundElsewhere, RecordRefundReturned, SendRefundAgain
from fairhold.domain.refund_events import RefundPaidElsewhere, RefundReturned, RefundSentAgain


def record_refund_paid(
    order: Order, command: RecordRefundPaid, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """The provider carried a refund out; told twice, or after it came back, it changes nothing."""
    refund = order.refund(command.number)
    if refund is None:
        return Refusal(Reason.NOT_FOUND, "number")
    if refund.paid_at is not None or refund.returned_why:
        return ()
    return (RefundPaid(at=now, by=str(actor), number=refund.number, amount=refund.amount, reference=command.reference),)


def record_refund_returned(
    order: Order, command: RecordRefundReturned, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """It is not with the buyer, whether the provider had said so before or not. It comes back once."""
    refund = order.refund(command.number)
    if refund is None:
        return Refusal(Reason.NOT_FOUND, "number")
    if refund.returned_why or not refund.amount:
        return ()
    return (
        RefundReturned(
            at=now,
            by=str(actor),
            number=refund.number,
            amount=refund.amount,
            reference=command.reference,
            why=command.why,
        ),
    )


def send_refund_again(
    order: Order, command: SendRefundAgain, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """It goes the way that it came, unless the buyer's bank has taken such money meanwhile: then they would have it twice."""
    refund = order.refund(command.number)
    if refund is None or not refund.waits:
        return Refusal(Reason.NO_REFUND_RETURNED, "number")
    if taken_by_bank(order, refund):
        return Refusal(Reason.TAKEN_BY_BANK, "number")
    return (
        RefundSentAgain(
            at=now,
            by=str(actor),
            number=len(order.refunds) + 1,
            returned=refund.number,
            amount=refund.amount,
        ),
    )


def record_refund_elsewhere(
    order: Order, command: RecordRefundElsewhere, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """It is settled, and nothing more of it goes out.

    Not while the bank decides: if it gives back what it took, that is the buyer's, and has to be sent.
    """
    refund = order.refund(command.number)
    if refund is None or not refund.waits:
        return Refusal(Reason.NO_REFUND_RETURNED, "number")
    if not decided_by_bank(order, refund):
        return Refusal(Reason.TAKEN_BY_BANK, "number")
    return (
        RefundPaidElsewhere(
            at=now, by=str(actor), number=refund.number, amount=refund.amount, reference=command.reference
        ),
    )
