"""What goes into the engine and what comes out of it."""

import msgspec

from fairhold.domain.actors import Actor
from fairhold.domain.commands import Command
from fairhold.domain.events import Event
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.engine.ports.store import OutboxMessage


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """A command on its way: to which order (none when placing), who asks, and under which idempotency key.

    `fingerprint` is the sha256 of method, path, actor and canonical body: the same key with another one is refused.
    `source` is who shares the queue fairly with the others, such as the id of an API key. `answers` is the outbox
    message that this command answers: it becomes done in the same transaction. `at` decides as of an instant other
    than now and is for the sandbox's scheduled messages only.
    """

    order: OrderId | None
    command: Command
    actor: Actor
    key: str | None = None
    fingerprint: bytes = b""
    dry_run: bool = False
    source: str = ""
    answers: OutboxMessage | None = None
    at: Instant | None = None


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What became of the order at `now`, and the events that brought it there (none when `repeated` under its key)."""

    order: Order
    now: Instant
    events: tuple[Event, ...] = ()
    repeated: bool = False


Outcome = Answer | Refusal


RETRY_SECONDS = 2
"""After how long whoever was turned away at a full line comes again."""


class Overloaded(Exception):
    """The queue is full. Nothing happened; ask again in a moment."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"the queue is full; ask again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class Unavailable(Exception):
    """The store cannot be reached, or the engine is stopping: a 503. Whether the command happened, its key will tell."""


class Faulty(Exception):
    """Fairhold itself failed on this one command, and on no other. Nothing of it was written; the log has the cause."""
