"""What happens to orders becomes messages for the marketplace's endpoints, written down before anything is sent."""

from collections.abc import Callable, Sequence

from fairhold.domain.events import Event
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.news import Turn
from fairhold.engine.ports.webhooks import Delivery, DeliveryState, Endpoint, Message, WebhookRows
from fairhold.engine.webhooks.event_types import type_of

Render = Callable[[str, Order, int, Event, Instant], bytes]
"""The payload of a type, for an event of an order by its number, as of a moment."""


class WebhookNews:
    """Listens to what happens. Hearing it again changes nothing: a message is named after its event."""

    def __init__(self, rows: WebhookRows, clock: Clock, render: Render, written: Callable[[], None]) -> None:
        self._rows = rows
        self._clock = clock
        self._render = render
        self._written = written

    def hear(self, turns: Sequence[Turn]) -> None:
        """Write down what is to be sent. Raises StoreUnavailable."""
        endpoints = self._rows.endpoints()
        if not endpoints:
            return
        now = self._clock.now()
        messages: list[Message] = []
        deliveries: list[Delivery] = []
        for order, events in turns:
            for seq, event in events:
                kind = type_of(event)
                takers = [endpoint for endpoint in endpoints if endpoint.takes(kind)]
                if takers:
                    payload = self._render(kind, order, seq, event, now)
                    message = Message(message_id(order, seq), order.id, seq, kind, now, payload)
                    messages.append(message)
                    deliveries += [delivery_to(endpoint, message) for endpoint in takers]
        if messages:
            self._rows.add(messages, deliveries)
            self._written()


def message_id(order: Order, seq: int) -> str:
    """The `webhook-id`: the same however often this event is told."""
    return f"msg_{order.id}_{seq}"


def delivery_to(endpoint: Endpoint, message: Message) -> Delivery:
    """The message on its way to an endpoint; where that is off, as missed."""
    return Delivery(
        endpoint.id,
        message.id,
        message.order,
        message.seq,
        message.type,
        DeliveryState.WAITING if endpoint.on else DeliveryState.MISSED,
        0,
        0,
        message.at,
        message.at,
        None if endpoint.on else message.at,
    )
