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
from fairhold.engine.ports import OutboxMessage
from fairhold.gateways.payments.sandbox.methods import REFUND_LATER, REFUND_NEVER, judge

_FAILURES_BEFORE_LATER = 2

_Due = RefundDue | TransferDue | TakingBackDue
_decode: Callable[[bytes], _Due] = msgspec.json.Decoder(_Due).decode


class SandboxPayments:
    """Takes and gives back what the method says."""

    name = "payments:sandbox"
    pages = far = False
    ceiling: Duration | None = None

    def judge(self, method: str, amount: int, currency: str) -> Reason | None:  # noqa: ARG002 - the port's shape
        """Why this method cannot pay; None where it can."""
        return judge(method)

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        """Carry it out. The reference follows from the message's key, so a repeat is the same refund or transfer."""
        reference = "sbx_" + hashlib.sha256(message_key(message).encode()).hexdigest()[:20]
        refund = _decode(message.payload)
        if isinstance(refund, TransferDue):
            return (RecordPayoutSent(number=refund.number, reference=reference),)
        if isinstance(refund, TakingBackDue):
            return (RecordPayoutTakenBack(number=refund.number, reference=reference),)
        if refund.method == REFUND_NEVER:
            raise NotNow("the sandbox never refunds this method")
        if refund.method == REFUND_LATER and message.attempts < _FAILURES_BEFORE_LATER:
            raise NotNow("the sandbox refunds this method at the third attempt")
        return (RecordRefundPaid(number=refund.number, reference=reference),)
