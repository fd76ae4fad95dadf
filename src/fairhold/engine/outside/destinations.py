"""The world outside as the engine sees it: payment providers and carriers, each behind a small port.

Gateways say things only when the outbox asks them to, and answer with commands. They must take a repeated message for
the same one: `message_key` is what a provider gets as its idempotency key.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from fairhold.domain.commands import Command
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Duration, Instant
from fairhold.domain.reasons import Reason
from fairhold.engine.ports.store import OutboxMessage

PAYMENTS = "payments:"
"""What the addresses of payment providers begin with."""


class NotNow(Exception):
    """The destination could not take the message; the same message is tried again later."""


class TryLater(NotNow):
    """It could not answer, or nobody knows whether it did; `rest` says for how long it wants to be left alone, where it does."""

    def __init__(self, why: str, rest: Duration | None = None) -> None:
        super().__init__(why)
        self.rest = rest


class Unreadable(ValueError):
    """A message that is not what its sender documents, or not sent by them; nothing of it is used."""


class AtWork(NotNow):
    """The destination has taken the message and is not done with it: the same message asks again after `rest`, however often."""

    def __init__(self, why: str, rest: Duration) -> None:
        super().__init__(why)
        self.rest = rest


class Letter(NamedTuple):
    """What to tell a destination, not before an instant."""

    destination: str
    payload: bytes
    not_before: Instant


class Destination(Protocol):
    """Takes messages out of the outbox."""

    name: str
    """What stands before the `/` in a message's destination, such as `payments:sandbox`."""

    def deliver(self, message: OutboxMessage) -> tuple[Command, ...]:
        """Carry it out, and say what the order should learn of it. Raises NotNow to be asked again."""
        ...


class Payments(Destination, Protocol):
    """A payment provider: takes the buyer's money and gives it back."""

    pages: bool
    """Whether the buyer pays on a page of the provider's, and what came of it is told later; else `judge` is the payment."""
    far: bool
    """Whether telling it takes a call over the network."""
    ceiling: Duration | None
    """For how long it holds money at most."""

    def judge(self, method: str, amount: int, currency: str) -> Reason | None:
        """Why this method cannot pay that amount; None where it can, and without a page the money is there."""
        ...


class Carrier(Destination, Protocol):
    """Somebody who reports on parcels."""

    def letters(self, shipment: str, tracking_number: str, shipped_at: Instant) -> tuple[Letter, ...]:
        """What to tell, and when, about a parcel that was just shipped."""
        ...


class Announcer(Protocol):
    """Tells everyone in the house who passes it on of what happened to orders."""

    def deliver(self, messages: Sequence[OutboxMessage]) -> None:
        """Tell of these, of one order at most one. Raises anything to be asked again."""
        ...


class Outside:
    """Everything outside that this installation talks to."""

    def __init__(
        self,
        payments: Iterable[Payments] = (),
        carriers: Iterable[Carrier] = (),
        news: Announcer | None = None,
    ) -> None:
        self.news = news
        self.payments = {provider.name: provider for provider in payments}
        self.carriers = tuple(carriers)
        self._destinations: dict[str, Destination] = {**self.payments}
        self._destinations.update((carrier.name, carrier) for carrier in self.carriers)

    def destination(self, address: str) -> Destination | None:
        """Who takes messages for `address`; behind a `/` it may name a thread of its own, such as a parcel."""
        return self._destinations.get(address.partition("/")[0])

    def is_far(self, address: str) -> bool:
        """Whether telling them takes a call over the network."""
        provider = self.payments.get(address.partition("/")[0])
        return provider is not None and provider.far

    def judge(self, method: str, amount: int, currency: str, *, page: bool = False) -> Reason | None:
        """Whether the provider that `method` names takes the payment (on a `page` of its own, or at once), and if not, why."""
        provider = self.payments.get(payments_address(method))
        if provider is None or provider.pages is not page:
            return Reason.UNKNOWN_PAYMENT_METHOD
        return provider.judge(method, amount, currency)

    def ceiling(self, method: str) -> Duration | None:
        """For how long the provider that `method` names holds money at most."""
        provider = self.payments.get(payments_address(method))
        return None if provider is None else provider.ceiling


def payments_address(method: str) -> str:
    """Where messages about money paid by `method` go: `sandbox:ok` was paid through `payments:sandbox`."""
    return PAYMENTS + method.partition(":")[0]


def message_key(message: OutboxMessage) -> str:
    """The name under which a destination hears of this message, however often it does.

    It follows from the row, which lies in the outbox before the first call.
    """
    return f"{OrderId(message.order_id)}-{message.seq}-{message.n}"
