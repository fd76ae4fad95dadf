"""Payments at once in the sandbox: what happens is said by the method paid with (`payments/sandbox/methods.py`)."""

import hashlib
from collections.abc import Callable

import msgspec

from fairhold.domain.commands import Command, RecordRefundPaid
from fairhold.domain.instants import Duration
from fairhold.domain.payout_commands import RecordPayoutSent, RecordPayoutTakenBack
from fairhold.domain.reasons import Reason
from fairhold.engine.messages import RefundDue, TakingBackDue, TransferDue
from fairhold.engine.outside import NotNow, message_key
from fairhold.engine.payment_ports import Provider, RefundAsked
from fairhold.engine.payment_seen import Paid
from fairhold.engine.ports import OutboxMessage
from fairhold.gateways.payments.passing import take_back, transfer
from fairhold.gateways.payments.sandbox.methods import REFUND_LATER, REFUND_NEVER, REFUND_RETURNED, judge

_FAILURES_BEFORE_LATER = 2

_Due = RefundDue | TransferDue | TakingBackDue
_decode: Callable[[bytes], _Due] = msgspec.json.Decoder(_Due).decode


class SandboxPayments:
    """Takes and gives back what the method says.

    What goes to sellers, and what comes back, goes through the sandbox's `provider`, which remembers it; without one it is
    done at once.
    """

    name = "payments:sandbox"
    pages = far = False
    ceiling: Duration | None = None

    def __init__(self, provider: Provider | None = None) -> None:
        self._provider = provider

    def judge(self, method: str, amount: int, currency: str) -> Reason | None:  # noqa: ARG002 - the port's shape
        """Why this method cannot pay; None where it can."""
        return judge(method)

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        """Carry it out. The reference follows from what it is about, so a repeat is the same refund or transfer."""
        due = _decode(message.payload)
        reference = "sbx_" + hashlib.sha256(message_key(message).encode()).hexdigest()[:20]
        match due:
            case TransferDue() if self._provider is not None:
                return (transfer(self._provider, message.order_id, due, Paid(due.method), message_key(message)),)
            case TransferDue():
                return (RecordPayoutSent(number=due.number, reference=reference),)
            case TakingBackDue() if self._provider is not None:
                return (take_back(self._provider, message.order_id, due, message_key(message)),)
            case TakingBackDue():
                return (RecordPayoutTakenBack(number=due.number, reference=reference),)
        if due.method == REFUND_RETURNED and self._provider is not None:
            return self._refund(self._provider, message, due)
        if due.method == REFUND_NEVER:
            raise NotNow("the sandbox never refunds this method")
        if due.method == REFUND_LATER and message.attempts < _FAILURES_BEFORE_LATER:
            raise NotNow("the sandbox refunds this method at the third attempt")
        return (RecordRefundPaid(number=due.number, reference=reference),)

    def _refund(self, provider: Provider, message: OutboxMessage, due: RefundDue) -> tuple[Command, ...]:
        """One that the provider is to remember, since the buyer's bank sends it back."""
        asked = RefundAsked(message.order_id, due.number, Paid(due.method), due.amount, due.currency, due.sellers_part)
        answer = provider.refund(asked, message_key(message))
        return (RecordRefundPaid(number=due.number, reference=answer.reference),)
