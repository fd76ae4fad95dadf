"""What happened to orders, told to everyone in the house who passes it on: to people's letters, to marketplaces' servers.

Each transaction that changes an order leaves one message for all of it in the outbox; so nothing is missed, whatever dies
when. A listener only notes down what follows, in tables of its own: sending is the business of whoever reads those.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from fairhold.domain.events import Event
from fairhold.domain.ids import OrderId, lane_of
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.engine.installation.policies import Today
from fairhold.engine.kernel.codec import decode_event, decode_order
from fairhold.engine.ports.store import OutboxMessage, Reader

NEWS = "news"
"""The destination of these messages."""
_N = 99
"""Their number among the messages of one event: behind all others."""
_PAYLOAD = re.compile(rb"[1-9][0-9]*", re.ASCII)


class Turn(NamedTuple):
    """What one transaction made of an order.

    `events` are numbered as in the order's history. `order` is as it is stored now: with these events, and maybe later
    ones, of which a turn of their own tells.
    """

    order: Order
    events: tuple[tuple[int, Event], ...]


class Listener(Protocol):
    """Somebody who passes on what happened."""

    def hear(self, turns: Sequence[Turn]) -> None:
        """Note down what follows from these, of one order at most one, in the order of their times.

        Hearing the same again must change nothing. Raises StoreUnavailable, or whatever else, to be told again later.
        """
        ...


class News:
    """Takes the outbox's messages about turns to everyone who listens."""

    def __init__(self, reader: Reader, today: Today, listeners: Sequence[Listener]) -> None:
        self._reader = reader
        self._today = today
        self._listeners = tuple(listeners)

    def listen(self, listener: Listener) -> None:
        """From now on, tell this one too."""
        self._listeners = (*self._listeners, listener)

    def deliver(self, messages: Sequence[OutboxMessage]) -> None:
        """Tell of these, of one order at most one. Raises what a listener raises: then all of them are to be told again."""
        turns = [turn for message in messages if (turn := self._turn(message)) is not None]
        if turns:
            for listener in self._listeners:
                listener.hear(turns)

    def _turn(self, message: OutboxMessage) -> Turn | None:
        order = OrderId(message.order_id)
        found = self._reader.order(order)
        if found is None:
            return None
        first = int(message.payload) if _PAYLOAD.fullmatch(message.payload) else message.seq
        events = tuple(
            (stored.seq, decode_event(stored.data)) for stored in self._reader.events(order, message.seq, first)
        )
        return Turn(self._today(decode_order(found[1])), events)


def news_of(order: Order, since: int, at: Instant) -> OutboxMessage:
    """The message about what happened to `order` after its version `since`, the last of it at `at`."""
    return OutboxMessage(lane_of(order.id), order.id, order.version, _N, NEWS, b"%d" % (since + 1), at)
