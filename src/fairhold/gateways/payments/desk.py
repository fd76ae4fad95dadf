"""A payment provider as the outbox reaches it: what is due becomes a question, and the answer a command."""

from collections.abc import Callable

import msgspec

from fairhold.domain.commands import Command
from fairhold.domain.instants import HOUR, MINUTE, SECOND, Duration, Instant, between
from fairhold.domain.payment import ProviderNames
from fairhold.domain.payment_commands import RecordPaymentFailure, RecordPaymentPage
from fairhold.domain.reasons import Reason
from fairhold.engine.kernel.messages import PageDue, PageOver, PageWatched, RefundDue, TakingBackDue, TransferDue
from fairhold.engine.outside.destinations import PAYMENTS, AtWork, TryLater, message_key
from fairhold.engine.outside.payment_seen import No, Paid
from fairhold.engine.outside.payments import PageAsked, Provider, Refused
from fairhold.engine.payments.news import of_payment
from fairhold.engine.ports.store import OutboxMessage
from fairhold.gateways.payments.passing import refund, take_back, transfer

_LOOKED_AT = (
    (5 * MINUTE, Duration(15 * SECOND)),
    (HOUR, Duration(MINUTE)),
    (24 * HOUR, Duration(15 * MINUTE)),
)
"""Up to which age of a page it is looked at how often: somebody who pays is soon to see that they have."""

_Due = PageDue | PageOver | PageWatched | RefundDue | TransferDue | TakingBackDue
_due: Callable[[bytes], _Due] = msgspec.json.Decoder(_Due).decode


class Desk:
    """Asks one provider. `url` is where people reach us: whoever is not told where to go back to comes to their order."""

    pages = far = True

    def __init__(self, provider: Provider, url: str) -> None:
        self.name = PAYMENTS + provider.name
        self.ceiling = provider.terms.ceiling
        self._provider = provider
        self._url = url

    def judge(self, method: str, amount: int, currency: str) -> Reason | None:  # noqa: ARG002 - the port's shape
        """Why it cannot take such a sum at all; whether the buyer has it is seen on its page."""
        return None if self._provider.terms.take(amount, currency) else Reason.UNKNOWN_PAYMENT_METHOD

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        """As the port says."""
        due = _due(message.payload)
        key = message_key(message)
        match due:
            case PageDue():
                return (self._open(message.order_id, due, key),)
            case PageOver():
                return self._close(due, key)
            case PageWatched():
                return self._look(due, Instant(message.not_before))
            case RefundDue():
                return (refund(self._provider, message, due, _paid(due.names)),)
            case TransferDue():
                return (transfer(self._provider, message.order_id, due, _paid(due.names), key),)
            case TakingBackDue():
                return (take_back(self._provider, message.order_id, due, key),)

    def _open(self, order: str, due: PageDue, key: str) -> Command:
        back = due.back or f"{self._url}/orders/{order}"
        asked = PageAsked(
            order=order,
            attempt=due.attempt,
            amount=due.amount,
            currency=due.currency,
            sellers_part=due.sellers_part,
            title=due.title,
            language=due.language,
            back=back,
            until=due.until,
        )
        try:
            page = self._provider.open(asked, key)
        except Refused as refused:
            return RecordPaymentFailure(attempt=due.attempt, why=refused.why.value)
        return RecordPaymentPage(attempt=due.attempt, names=ProviderNames(payment=page.payment), page=page.url)

    def _look(self, due: PageWatched, now: Instant) -> tuple[Command, ...]:
        """Whether somebody has paid. The page's end ends this, too."""
        told = of_payment(self._provider, self._provider.payment(due.names.payment))
        if told is not None:
            return (told,)
        age = between(due.since, now)
        rest = next((rest for until, rest in _LOOKED_AT if age < until), _LOOKED_AT[-1][1])
        raise AtWork("nobody has paid yet", rest)

    def _close(self, due: PageOver, key: str) -> tuple[Command, ...]:
        try:
            self._provider.close(due.names.payment, key)
        except Refused as refused:
            if refused.why is not No.TOO_LATE:
                raise
            # Somebody was faster and has paid: that has to be known.
            told = of_payment(self._provider, self._provider.payment(due.names.payment))
            if told is not None:
                return (told,)
        except TryLater as later:
            if later.rest is None:
                raise
            # Some pages cannot be closed, and end by themselves.
            raise AtWork(str(later), later.rest) from None
        return ()


def _paid(names: ProviderNames) -> Paid:
    return Paid(names.payment, names.charge, names.deal)
