"""An order's money back to its buyer, on to its seller and back from them: what is due is a question, the answer a command."""

import structlog

from fairhold.domain.commands import Command, RecordRefundPaid
from fairhold.domain.instants import MINUTE, Duration
from fairhold.domain.payout_commands import (
    RecordPayoutFailed,
    RecordPayoutNotTakenBack,
    RecordPayoutSent,
    RecordPayoutTakenBack,
)
from fairhold.engine.kernel.messages import RefundDue, TakingBackDue, TransferDue
from fairhold.engine.kernel.outbox import MOST_ATTEMPTS
from fairhold.engine.outside.destinations import AtWork, message_key
from fairhold.engine.outside.payment_seen import No, Paid, State
from fairhold.engine.outside.payments import Provider, RefundAsked, Refused, TakingBackAsked, TransferAsked
from fairhold.engine.payments.news import refund_returned
from fairhold.engine.ports.store import OutboxMessage

_log = structlog.get_logger("fairhold.payments")

ASKED_AGAIN = Duration(30 * MINUTE)
"""After so long is something asked about that the provider has taken and not carried out."""


def refund(provider: Provider, message: OutboxMessage, due: RefundDue, paid: Paid) -> Command:
    """Refused for good, it is not with the buyer: a person sees to it, as to one that came back.

    Too small a balance is no refusal for good before it has been asked of as often as anything is.
    """
    key = message_key(message)
    asked = RefundAsked(
        order=message.order_id,
        number=due.number,
        paid=paid,
        amount=due.amount,
        currency=due.currency,
        sellers_part=due.sellers_part,
    )
    try:
        answer = provider.refund(asked, key)
    except Refused as refused:
        if refused.why is No.INSUFFICIENT_BALANCE and message.attempts + 1 < MOST_ATTEMPTS:
            raise
        _log.error("a refund was refused", order=message.order_id, number=due.number, why=str(refused))
        return refund_returned(due.number, key, refused.why)
    if answer.state is State.FAILED:
        return refund_returned(due.number, answer.reference, answer.why)
    if answer.state is not State.DONE:
        raise AtWork(f"refund {answer.reference} is {answer.state}", ASKED_AGAIN)
    return RecordRefundPaid(number=due.number, reference=answer.reference[:64])


def transfer(provider: Provider, order: str, due: TransferDue, paid: Paid, key: str) -> Command:
    """Refused for good, it never left: the money is due again, and whoever makes payouts sees why."""
    asked = TransferAsked(
        order=order, number=due.number, paid=paid, amount=due.amount, currency=due.currency, account=due.account
    )
    try:
        answer = provider.transfer(asked, key)
    except Refused as refused:
        return RecordPayoutFailed(number=due.number, why=refused.why.value)
    match answer.state:
        case State.DONE:
            return RecordPayoutSent(number=due.number, reference=answer.reference[:64], provider_fee=answer.fee)
        case State.FAILED | State.RETURNED:
            return RecordPayoutFailed(number=due.number, why=(answer.why or No.BROKEN).value)
        case _:
            raise AtWork(f"transfer {answer.reference} is {answer.state}", ASKED_AGAIN)


def take_back(provider: Provider, order: str, due: TakingBackDue, key: str) -> Command:
    """Refused for good, it stays with the seller, who owes it all the same."""
    asked = TakingBackAsked(
        order=order, number=due.ask, transfer=due.transfer, amount=due.amount, currency=due.currency
    )
    try:
        answer = provider.take_back(asked, key)
    except Refused as refused:
        return RecordPayoutNotTakenBack(number=due.number, why=refused.why.value)
    if answer.state is State.DONE:
        return RecordPayoutTakenBack(number=due.number, reference=answer.reference[:64])
    if answer.state is State.FAILED:
        return RecordPayoutNotTakenBack(number=due.number, why=(answer.why or No.BROKEN).value)
    raise AtWork(f"taking back {answer.reference} is {answer.state}", ASKED_AGAIN)
