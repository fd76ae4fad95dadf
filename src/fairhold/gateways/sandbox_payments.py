"""Payments at once in the sandbox: what happens is said by the method paid with (`payments/sandbox/methods.py`)."""

import hashlib
from collections.abc import Callable

import msgspec

from fairhold.domain.commands import Command, RecordRefundPaid
from fairhold.domain.instants import Duration
from fairhold.domain.reasons import Reason
from fairhold.engine.kernel.messages import RefundDue, TakingBackDue, TransferDue
from fairhold.engine.outside.destinations import NotNow, message_key
from fairhold.engine.outside.payment_seen import Paid
from fairhold.engine.outside.payments import Provider
from fairhold.engine.ports.store import OutboxMessage
from fairhold.gateways.payments.passing import refund, take_back, transfer
from fairhold.gateways.payments.sandbox.methods import REFUND_LATER, REFUND_NEVER, REFUND_RETURNED, judge

_FAILURES_BEFORE_LATER = 2

_Due = RefundDue | TransferDue | TakingBackDue
_decode: Callable[[bytes], _Due] = msgspec.json.Decoder(_Due).decode


class SandboxPayments:
    """Takes and gives back what the method says.

    What goes to sellers, what comes back from them, and refunds that a bank sends back go through the sandbox's `provider`,
    which remembers them; without one nothing of it can be asked for.
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
        key, paid = message_key(message), Paid(due.method)
        if isinstance(due, RefundDue) and (due.method != REFUND_RETURNED or self._provider is None):
            return (_refunded(message, due, key),)
        assert self._provider is not None, "whoever pays sellers has a provider that remembers it"
        match due:
            case RefundDue():
                return (refund(self._provider, message, due, paid),)
            case TransferDue():
                return (transfer(self._provider, message.order_id, due, paid, key),)
            case TakingBackDue():
                return (take_back(self._provider, message.order_id, due, key),)


def _refunded(message: OutboxMessage, due: RefundDue, key: str) -> Command:
    if due.method == REFUND_NEVER:
        raise NotNow("the sandbox never refunds this method")
    if due.method == REFUND_LATER and message.attempts < _FAILURES_BEFORE_LATER:
        raise NotNow("the sandbox refunds this method at the third attempt")
    return RecordRefundPaid(number=due.number, reference="sbx_" + hashlib.sha256(key.encode()).hexdigest()[:20])
