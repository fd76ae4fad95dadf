"""One attempt to send a webhook: sign it as of now, send it, and say what that leads to."""

import random
import time
from collections.abc import Callable
from typing import NamedTuple

from fairhold.domain.instants import Instant
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.sealing import Seal
from fairhold.engine.ports.webhook_sending import Answered, Sender, Trouble
from fairhold.engine.ports.webhooks import Attempt, Delivery, DeliveryState, Endpoint, Result
from fairhold.engine.webhooks.schedule import next_try
from fairhold.engine.webhooks.signing import signed_headers

_HEADERS = {"content-type": "application/json", "user-agent": "Fairhold-Webhooks/1"}


class Tried(NamedTuple):
    """What came of an attempt. `gone`: nobody is there any more, and never will be."""

    result: Result
    gone: bool


class Trier:
    """Tries deliveries; safe from any thread. `machine` tells the machine's time in seconds."""

    def __init__(
        self,
        sender: Sender,
        seal: Seal,
        clock: Clock,
        *,
        chance: Callable[[], float] = random.random,
        machine: Callable[[], float] = time.time,
    ) -> None:
        self._sender = sender
        self._seal = seal
        self._clock = clock
        self._chance = chance
        self._machine = machine

    def attempt(self, endpoint: Endpoint, delivery: Delivery, payload: bytes) -> Tried:
        """Try once. Blocks for some seconds at most."""
        at, started = self._clock.now(), time.monotonic()
        answered = self._send(endpoint, delivery.message, payload, at)
        took = int((time.monotonic() - started) * 1000)
        made = Attempt(
            endpoint.id,
            delivery.message,
            delivery.attempts + 1,
            at,
            took,
            answered.status,
            answered.trouble,
            answered.response,
        )
        after = self._after(delivery, answered, self._clock.now())
        return Tried(Result(delivery, after, made), gone=answered.status == 410)

    def _send(self, endpoint: Endpoint, id: str, payload: bytes, now: Instant) -> Answered:
        secret = self._seal.open(endpoint.secret, endpoint.id)
        if secret is None:
            return Answered(Trouble.NO_SECRET)
        secrets = [secret]
        if endpoint.previous is not None and now < (endpoint.previous_until or 0):
            previous = self._seal.open(endpoint.previous, endpoint.id)
            secrets += [] if previous is None else [previous]
        # Receivers compare with their own clock, which no sandbox moves.
        headers = _HEADERS | signed_headers(id, int(self._machine()), payload, secrets)
        return self._sender.send(endpoint.url, headers, payload)

    def _after(self, delivery: Delivery, answered: Answered, now: Instant) -> Delivery:
        counted = delivery._replace(attempts=delivery.attempts + 1, tries=delivery.tries + 1)
        if answered.trouble is None:
            return counted._replace(state=DeliveryState.DELIVERED, done_at=now)
        due_at = next_try(counted.tries, now, self._chance(), answered.retry_after)
        if due_at is None:
            return counted._replace(state=DeliveryState.FAILED, done_at=now)
        return counted._replace(due_at=due_at)
