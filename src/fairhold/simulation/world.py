"""The world outside: a payment provider and a carrier, the sandbox's own with everything that real ones do wrong.

The provider keeps a statement of its own, as a bank would: one line for each key, whatever it was asked how often.
"""

from collections.abc import Callable
from copy import copy

import msgspec

from fairhold.domain.commands import Command, RecordCheckpoint, RecordRefundPaid
from fairhold.domain.instants import Duration, days
from fairhold.domain.order import ParcelStatus
from fairhold.domain.payment import ProviderNames
from fairhold.domain.payment_commands import RecordPaymentPage
from fairhold.domain.reasons import Reason
from fairhold.engine.messages import PageDue, PageOver, PageWatched, RefundDue
from fairhold.engine.outside import Announcer, Letter, NotNow, Outside, message_key
from fairhold.engine.ports import OutboxMessage
from fairhold.gateways.sandbox_carrier import SandboxCarrier
from fairhold.gateways.sandbox_payments import SandboxPayments
from fairhold.simulation.auditor import Operation
from fairhold.simulation.mishaps import Fault, Mishaps, Point

_NOBODYS = 1000
"""So far from any refund's number that it is none."""

_refund = msgspec.json.Decoder(RefundDue).decode
_due = msgspec.json.Decoder(PageDue | PageOver | PageWatched | RefundDue).decode


class Provider:
    """The payment provider's own house: what it was asked to do under which key, and did once. It outlives our processes."""

    def __init__(self) -> None:
        self.did: dict[str, Operation] = {}
        self.tells: Callable[[Operation], None] = lambda line: None
        """Called with each line of its statement."""

    def refund(self, key: str, order: str, due: RefundDue) -> None:
        """Give money back, unless that was done under this key."""
        line = Operation("refund", key, due.amount, due.currency, order)
        known = self.did.setdefault(key, line)
        if known is line:
            self.tells(line)
        elif known != line:
            raise ValueError(f"{key} was asked for as {known} and now as {line}")


class Till:
    """The client of the payment provider: the sandbox's, with everything that can go wrong on the way."""

    name = SandboxPayments.name
    pages = far = False
    ceiling: Duration | None = None

    def __init__(self, provider: Provider, mishaps: Mishaps) -> None:
        self._inner = SandboxPayments()
        self._provider = provider
        self._mishaps = mishaps

    def judge(self, method: str, amount: int, currency: str) -> Reason | None:
        """As the port says."""
        declined = self._inner.judge(method, amount, currency)
        if declined is None:
            self._provider.tells(Operation("accepted", method, amount, currency))
        return declined

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        """As the port says."""
        mishaps = self._mishaps
        mishaps.reach(Point.BEFORE_PROVIDER_ACTS)
        if mishaps.strikes(Fault.PROVIDER_LATE):
            raise NotNow("simulated: the provider is busy")
        answer = self._inner.deliver(message)
        due = _refund(message.payload)
        self._provider.refund(message_key(message), message.order_id, due)
        mishaps.reach(Point.AFTER_PROVIDER_ACTED)
        if mishaps.strikes(Fault.PROVIDER_TIMED_OUT_AFTER_ACTING):
            raise TimeoutError("simulated: the provider's answer was lost")
        if mishaps.strikes(Fault.PROVIDER_GARBLED):
            raise ValueError("simulated: the provider answered a page of HTML")
        if mishaps.strikes(Fault.PROVIDER_ANSWERED_TWICE):
            return (*map(copy, answer), *answer)
        if mishaps.strikes(Fault.PROVIDER_ANSWERED_OTHER):
            return (RecordRefundPaid(number=due.number + _NOBODYS, reference="another"), *answer)
        return answer


class Cashdesk(Till):
    """The client of a provider on whose pages people pay. Whether and when they do is told later, by what it reports."""

    name = "payments:elsewhere"
    pages = True
    ceiling = days(75)

    def judge(self, method: str, amount: int, currency: str) -> Reason | None:  # noqa: ARG002 - the port's shape
        """As the port says."""
        return None

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        """As the port says."""
        due = _due(message.payload)
        if isinstance(due, RefundDue):
            return super().deliver(message)
        if isinstance(due, PageWatched):
            # Whoever pays here is told of by what the provider reports.
            return ()
        mishaps = self._mishaps
        mishaps.reach(Point.BEFORE_PROVIDER_ACTS)
        if mishaps.strikes(Fault.PROVIDER_LATE):
            raise NotNow("simulated: the provider is busy")
        mishaps.reach(Point.AFTER_PROVIDER_ACTED)
        if mishaps.strikes(Fault.PROVIDER_TIMED_OUT_AFTER_ACTING):
            raise TimeoutError("simulated: the provider's answer was lost")
        if isinstance(due, PageOver):
            return ()
        key = message_key(message)
        return (
            RecordPaymentPage(attempt=due.attempt, names=ProviderNames(payment=key), page=f"https://pay.example/{key}"),
        )


class Carrier:
    """The sandbox's carrier, whose scans may come late, twice, or in another order."""

    name = SandboxCarrier.name

    def __init__(self, mishaps: Mishaps) -> None:
        self._inner = SandboxCarrier()
        self._mishaps = mishaps

    def letters(self, shipment: str, tracking_number: str, shipped_at: int) -> tuple[Letter, ...]:
        """As the port says."""
        return self._inner.letters(shipment, tracking_number, shipped_at)  # type: ignore[arg-type]  # an instant

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        """As the port says."""
        mishaps = self._mishaps
        mishaps.reach(Point.BEFORE_CARRIER_ANSWERS)
        if mishaps.strikes(Fault.CARRIER_LATE):
            raise NotNow("simulated: no news yet")
        if mishaps.strikes(Fault.CARRIER_GARBLED):
            raise ValueError("simulated: the carrier answered a page of HTML")
        answer = self._inner.deliver(message)
        mishaps.reach(Point.AFTER_CARRIER_ANSWERED)
        if mishaps.strikes(Fault.CARRIER_REPEATED):
            return (*map(copy, answer), *answer)
        if mishaps.strikes(Fault.CARRIER_REORDERED):
            return (*_earlier(answer), *answer)
        return answer


def _earlier(scans: tuple[Command, ...]) -> list[Command]:
    """Scans of an hour before, told only now."""
    return [
        msgspec.structs.replace(scan, status=ParcelStatus.IN_TRANSIT, at=scan.at - 3_600_000_000)
        for scan in scans
        if isinstance(scan, RecordCheckpoint)
    ]


class Town:
    """Whoever in the house passes news on, and may not get it noted down."""

    def __init__(self, news: Announcer, mishaps: Mishaps) -> None:
        self._news = news
        self._mishaps = mishaps

    def deliver(self, messages: list[OutboxMessage]) -> None:
        """As the port says."""
        self._mishaps.reach(Point.BEFORE_NEWS)
        if self._mishaps.strikes(Fault.NEWS_NOT_NOTED):
            raise RuntimeError("simulated: a listener failed")
        self._news.deliver(messages)


def surrounded(outside: Outside, provider: Provider, mishaps: Mishaps) -> Outside:
    """The same with a provider and a carrier that meet the mishaps of one process."""
    news = None if outside.news is None else Town(outside.news, mishaps)
    tills = (Till(provider, mishaps), Cashdesk(provider, mishaps))
    return Outside(tills, (Carrier(mishaps),), news)  # type: ignore[arg-type]  # ports
