"""The marketplace's endpoints for webhooks: made, changed, tried out, and what was sent to them looked at and sent again."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from fairhold.domain.instants import DAY, Duration, Instant, after
from fairhold.engine.installation.clock import Clock
from fairhold.engine.installation.sealing import Seal
from fairhold.engine.ports.webhook_sending import Sender, UnusableUrl
from fairhold.engine.ports.webhooks import (
    MOST_ENDPOINTS,
    UNDELIVERED,
    Asked,
    Attempt,
    Delivery,
    DeliveryState,
    Endpoint,
    Message,
    OffBecause,
    WebhookRows,
)
from fairhold.engine.webhooks.event_types import TEST
from fairhold.engine.webhooks.schedule import HELD_FOR, OVERLAP
from fairhold.engine.webhooks.signing import new_secret, shown
from fairhold.engine.webhooks.trying import Trier

SHOWN_AGAIN = Duration(DAY)
"""For so long a repeat under the same idempotency key is told the secret again."""
MOST_COUNTED = 1000
_KEY_BYTES = 12


class No(StrEnum):
    """Why something was not done."""

    NOT_FOUND = "not_found"
    TOO_MANY = "too_many"
    KEY_REUSED = "key_reused"
    OFF = "off"
    """Nothing is sent to an endpoint that is off."""


class Made(NamedTuple):
    """An endpoint, and its secret where it is new."""

    endpoint: Endpoint
    secret: str | None


class Listed(NamedTuple):
    """A delivery and the last attempt on it."""

    delivery: Delivery
    last: Attempt | None


class Whole(NamedTuple):
    """A delivery, what it is about, and every attempt."""

    delivery: Delivery
    message: Message
    attempts: list[Attempt]


class Key(NamedTuple):
    """An idempotency key, and the hash of the request that came with it."""

    key: str
    print: bytes


class Webhooks:
    """All endpoints of one installation; safe from any thread, and it may block. Every method raises StoreUnavailable."""

    def __init__(
        self,
        rows: WebhookRows,
        clock: Clock,
        sender: Sender,
        seal: Seal,
        trier: Trier,
        render_test: Callable[[Instant], bytes],
        wake: Callable[[], None],
    ) -> None:
        self._rows = rows
        self._clock = clock
        self._sender = sender
        self._seal = seal
        self._trier = trier
        self._render_test = render_test
        self._wake = wake

    def all(self) -> list[Endpoint]:
        """Every endpoint, the oldest first."""
        return self._rows.endpoints()

    def one(self, id: str) -> Endpoint | None:
        """The endpoint of this id."""
        return self._rows.endpoint(id)

    def undelivered(self, id: str) -> tuple[int, int]:
        """How much waits for an endpoint, and how much failed or was missed; counting ends at MOST_COUNTED."""
        return self._rows.undelivered(id, MOST_COUNTED)

    def add(self, url: str, description: str, types: Sequence[str], key: Key | None = None) -> Made | No | UnusableUrl:
        """A new endpoint, on from now; its secret is told this once."""
        unusable = self._sender.judge(url)
        if unusable is not None:
            return unusable
        name, now, secret = f"wh_{secrets.token_hex(_KEY_BYTES)}", self._clock.now(), new_secret()
        endpoint = Endpoint(name, url, description, tuple(types), None, now, self._seal.seal(secret, name), now)
        kept = self._rows.add_endpoint(endpoint, MOST_ENDPOINTS, _asked(key, name))
        if isinstance(kept, Asked):
            return self._repeated(kept, key)
        return Made(endpoint, shown(secret)) if kept else No.TOO_MANY

    def change(
        self, id: str, url: str | None, description: str | None, types: Sequence[str] | None, on: bool | None
    ) -> Endpoint | No | UnusableUrl:
        """Change what is given. Turned on again, it is sent what happens from now on."""
        before = self._rows.endpoint(id)
        if before is None:
            return No.NOT_FOUND
        unusable = None if url is None else self._sender.judge(url)
        if unusable is not None:
            return unusable
        url = before.url if url is None else url
        description = before.description if description is None else description
        if not self._rows.edit_endpoint(id, url, description, before.types if types is None else types):
            return No.NOT_FOUND
        if on is True and not before.on:
            self._rows.turn_on(id)
        if on is False:
            self._rows.turn_off(id, OffBecause.OPERATOR, self._clock.now())
        return self._rows.endpoint(id) or No.NOT_FOUND

    def rotate(self, id: str, overlap: Duration = OVERLAP, key: Key | None = None) -> Made | No:
        """A new secret, told this once; the one that it had signs too for `overlap`."""
        now, secret = self._clock.now(), new_secret()
        done = self._rows.rotate(id, self._seal.seal(secret, id), now, after(now, overlap), _asked(key, id))
        if isinstance(done, Asked):
            return self._repeated(done, key)
        endpoint = self._rows.endpoint(id) if done else None
        return No.NOT_FOUND if endpoint is None else Made(endpoint, shown(secret))

    def _repeated(self, asked: Asked, key: Key | None) -> Made | No:
        """What was answered under this key: with the secret as long as it is new, or a lost answer would have lost it."""
        if key is None or asked.print != key.print.hex():
            return No.KEY_REUSED
        endpoint = self._rows.endpoint(asked.made)
        if endpoint is None:
            return No.NOT_FOUND
        fresh = self._clock.now() < after(endpoint.secret_at, SHOWN_AGAIN)
        secret = self._seal.open(endpoint.secret, endpoint.id) if fresh else None
        return Made(endpoint, None if secret is None else shown(secret))

    def remove(self, id: str) -> bool:
        """Forget an endpoint and everything about what was sent to it; False where there is none."""
        return self._rows.remove_endpoint(id)

    def test(self, id: str, key: Key | None = None) -> Whole | No:
        """Send the test message now, once, even where the endpoint is off. Blocks for some seconds at most.

        Under the same key it is the same message: what became of it is told again, or where both come at once, both send it.
        """
        endpoint = self._rows.endpoint(id)
        if endpoint is None:
            return No.NOT_FOUND
        name = f"msg_test_{secrets.token_hex(_KEY_BYTES) if key is None else _print_of(id, key)}"
        known = None if key is None else self.delivery(id, name)
        if known is not None:
            return known
        now = self._clock.now()
        message = Message(name, "", 0, TEST, now, self._render_test(now))
        delivery = Delivery(id, message.id, "", 0, TEST, DeliveryState.WAITING, 0, 0, now, now)
        tried = self._trier.attempt(endpoint, delivery, message.payload)
        worked = tried.result.attempt.trouble is None
        state = DeliveryState.DELIVERED if worked else DeliveryState.FAILED
        ended = tried.result.after._replace(state=state, done_at=self._clock.now(), due_at=now)
        # It was never waiting, or the worker would take it too.
        self._rows.add([message], [ended])
        self._rows.record([tried.result._replace(after=ended)], now, HELD_FOR)
        if worked:
            self._rows.failing(id, None)
        return self.delivery(id, name) or Whole(ended, message, [tried.result.attempt])

    def again(self, id: str, message: str) -> Whole | No:
        """Have one sent again at once, whatever became of it."""
        endpoint = self._rows.endpoint(id)
        if endpoint is None:
            return No.NOT_FOUND
        if not endpoint.on:
            return No.OFF if self._rows.delivery(id, message) else No.NOT_FOUND
        if not self._rows.again(id, message, self._clock.now()):
            return No.NOT_FOUND
        self._wake()
        return self.delivery(id, message) or No.NOT_FOUND

    def again_since(self, id: str, since: Instant) -> int | No:
        """Have everything sent again that failed or was missed since then; how many those are."""
        endpoint = self._rows.endpoint(id)
        if endpoint is None:
            return No.NOT_FOUND
        if not endpoint.on:
            return No.OFF
        count = self._rows.again_since(id, since, self._clock.now())
        self._wake()
        return count

    def deliveries(
        self, id: str, state: DeliveryState | None, before: tuple[Instant, str] | None, limit: int
    ) -> list[Listed]:
        """What was sent to an endpoint or is to be, newest first; `failed` has what was missed, too."""
        states = UNDELIVERED if state is DeliveryState.FAILED else () if state is None else (state,)
        found = self._rows.deliveries(id, states, before, limit)
        last = {attempt.message: attempt for attempt in self._rows.attempts(id, [one.message for one in found])}
        return [Listed(one, last.get(one.message)) for one in found]

    def delivery(self, id: str, message: str) -> Whole | None:
        """One delivery with everything about it."""
        found = self._rows.delivery(id, message)
        return None if found is None else Whole(*found, self._rows.attempts(id, [message]))


def _print_of(id: str, key: Key) -> str:
    return hashlib.sha256(b"\0".join((id.encode(), key.key.encode(), key.print))).hexdigest()[: 2 * _KEY_BYTES]


def _asked(key: Key | None, made: str) -> Asked | None:
    return None if key is None else Asked(hashlib.sha256(key.key.encode()).hexdigest(), key.print.hex(), made)
