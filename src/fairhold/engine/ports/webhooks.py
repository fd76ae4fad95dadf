"""Webhooks as the engine asks for them: endpoints, and what is sent to them, as rows.

All instants are microseconds of the engine's clock, but for `claimed_until`, which is the machine's: a claim does not end
because somebody moves the sandbox's time.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from fairhold.domain.instants import Instant
from fairhold.engine.ports.webhook_sending import Trouble

MOST_ENDPOINTS = 32
"""How many endpoints there can be: each may keep some threads waiting for it."""
LONGEST_URL = 2000
LONGEST_DESCRIPTION = 200


class OffBecause(StrEnum):
    """Why nothing is sent to an endpoint."""

    OPERATOR = "operator"
    FAILING = "failing"
    """Every attempt of some days has failed."""
    GONE = "gone"
    """It answered 410: nobody is there any more."""


class Endpoint(NamedTuple):
    """A row of `webhook_endpoints`.

    `types` are those it takes; none: all. `secret` and `previous` are sealed; the previous one signs too until
    `previous_until`. `failing_since`: since when every attempt has failed.
    """

    id: str
    url: str
    description: str
    types: tuple[str, ...]
    off_because: OffBecause | None
    created_at: Instant
    secret: bytes
    secret_at: Instant
    previous: bytes | None = None
    previous_until: Instant | None = None
    failing_since: Instant | None = None
    off_since: Instant | None = None

    @property
    def on(self) -> bool:
        """Whether anything is sent to it."""
        return self.off_because is None

    def takes(self, type: str) -> bool:
        """Whether it is told of what has this type."""
        return not self.types or type in self.types


class Message(NamedTuple):
    """A row of `webhook_messages`: what is told, whoever is told it, and however often. `id` is the `webhook-id`.

    `order` is the order's id, `seq` the event's number in it; of a test, nothing and 0.
    """

    id: str
    order: str
    seq: int
    type: str
    at: Instant
    payload: bytes


class DeliveryState(StrEnum):
    """How far a message has come on its way to an endpoint."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up after the last attempt."""
    MISSED = "missed"
    """Not sent, because the endpoint was off."""


UNDELIVERED = (DeliveryState.FAILED, DeliveryState.MISSED)
"""What is sent again when somebody asks for all that failed."""


class Delivery(NamedTuple):
    """A row of `webhook_deliveries`: one message for one endpoint.

    `attempts` counts all there were, `tries` those since it was last asked for; the next comes not before `due_at`.
    """

    endpoint: str
    message: str
    order: str
    seq: int
    type: str
    state: DeliveryState
    attempts: int
    tries: int
    at: Instant
    due_at: Instant
    done_at: Instant | None = None


class Attempt(NamedTuple):
    """A row of `webhook_attempts`: number `n` of a delivery, from 1, and how many milliseconds it took."""

    endpoint: str
    message: str
    n: int
    at: Instant
    milliseconds: int
    status: int | None
    trouble: Trouble | None
    response: str


class Asked(NamedTuple):
    """What was asked under an idempotency key: the hash of the key and of the request, and what came of it."""

    key: str
    print: str
    made: str


class Claimed(NamedTuple):
    """A delivery that this process is to try now."""

    delivery: Delivery
    payload: bytes


class Result(NamedTuple):
    """What an attempt leads to: its row, and the delivery as it then is."""

    before: Delivery
    after: Delivery
    attempt: Attempt


class WebhookRows(Protocol):
    """Endpoints, messages, deliveries and attempts. Safe from any thread; every method raises StoreUnavailable."""

    def endpoints(self) -> list[Endpoint]:
        """All, the oldest first."""
        ...

    def endpoint(self, id: str) -> Endpoint | None:
        """The one of this id."""
        ...

    def add_endpoint(self, endpoint: Endpoint, most: int, asked: Asked | None) -> Asked | bool:
        """Keep a new endpoint unless there are `most` already (then False).

        Where `asked` was asked before, what was asked then: nothing has changed then.
        """
        ...

    def edit_endpoint(self, id: str, url: str, description: str, types: Sequence[str]) -> bool:
        """Store where it is and what it takes; False where it is gone."""
        ...

    def turn_on(self, id: str) -> bool:
        """Send to it from now on; False where it is gone. What it missed stays missed until somebody asks for it."""
        ...

    def turn_off(self, id: str, because: OffBecause, now: Instant) -> bool:
        """Send nothing more; what waits for it is missed. False where it was not on."""
        ...

    def rotate(self, id: str, secret: bytes, now: Instant, until: Instant, asked: Asked | None) -> Asked | bool:
        """Take a new secret; the one that it had signs too until then. False where it is gone, `asked` as above."""
        ...

    def remove_endpoint(self, id: str) -> bool:
        """Forget the endpoint and everything about what was sent to it; False where it is gone."""
        ...

    def add(self, messages: Sequence[Message], deliveries: Sequence[Delivery]) -> None:
        """Keep those that are not there yet."""
        ...

    def due(self, machine: int) -> dict[str, Instant]:
        """For each endpoint that is on and has something waiting that nobody has claimed: when the first of it is due."""
        ...

    def claim(self, most: Mapping[str, int], now: Instant, machine: int, until: int, held_for: int) -> list[Claimed]:
        """Take up to so many due deliveries of each endpoint; nobody else gets them before the machine's clock says `until`.

        A delivery that has been tried fewer than `held_for` times holds up the later ones of its order.
        """
        ...

    def record(self, results: Sequence[Result], now: Instant, held_for: int) -> None:
        """Note down attempts and what they lead to; what was claimed is free again."""
        ...

    def failing(self, endpoint: str, since: Instant | None) -> None:
        """Note since when every attempt on an endpoint has failed; None: one succeeded."""
        ...

    def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give claimed ones back untried."""
        ...

    def again(self, endpoint: str, message: str, now: Instant) -> bool:
        """Have one sent again, at once; False where there is no such delivery."""
        ...

    def again_since(self, endpoint: str, since: Instant, now: Instant) -> int:
        """Have everything sent again that was not delivered and is of `since` or later; how many those are."""
        ...

    def deliveries(
        self, endpoint: str, states: Sequence[DeliveryState], before: tuple[Instant, str] | None, limit: int
    ) -> list[Delivery]:
        """What was sent or is to be, in one of these states or in any, newest first, behind the place `before`: (at, message)."""
        ...

    def delivery(self, endpoint: str, message: str) -> tuple[Delivery, Message] | None:
        """One delivery and what it is about."""
        ...

    def attempts(self, endpoint: str, messages: Sequence[str]) -> list[Attempt]:
        """The attempts on these, in their order."""
        ...

    def undelivered(self, endpoint: str, most: int) -> tuple[int, int]:
        """How many wait, and how many failed or were missed; counting ends at `most`."""
        ...

    def forget(self, before: Instant, limit: int) -> int:
        """Forget up to so many messages of before then that wait for nobody, with all about them; how many those were."""
        ...
