"""Webhooks in their shapes: endpoints, what was sent to them, and what they are sent."""

from typing import Annotated, Any

from msgspec import Meta, field

from fairhold.api.shapes import At, Out
from fairhold.api.wire import EventOut, OrderOut
from fairhold.engine.ports.webhook_sending import Trouble
from fairhold.engine.ports.webhooks import DeliveryState, OffBecause
from fairhold.engine.webhooks.event_types import ALL_TYPES, TEST

Type = Annotated[str, Meta(extra_json_schema={"enum": [*ALL_TYPES]})]


class WebhookOut(Out, frozen=True):
    """An endpoint: without `types` it takes all. `secret` is told once, when it is new; the one before signs too for a while.

    `waiting` and `failed` count deliveries, up to 1000; `failed` are those that were given up, and missed while it was off.
    """

    id: str
    url: str
    description: str
    types: list[Type]
    on: bool
    created_at: At
    waiting: int
    failed: int
    off_because: OffBecause | None = None
    off_since: At | None = None
    failing_since: At | None = None
    secret: str | None = None
    previous_secret_until: At | None = None


class WebhookList(Out, frozen=True):
    """All endpoints, the oldest first."""

    items: list[WebhookOut]
    next: str | None


class AttemptOut(Out, frozen=True):
    """One attempt: `trouble` says why it failed, `response` how the answer's body begins."""

    number: int
    at: At
    milliseconds: int
    status: int | None = None
    trouble: Trouble | None = None
    response: str | None = None


class DeliveryOut(Out, frozen=True):
    """One message on its way to one endpoint; `id` is its `webhook-id`."""

    id: str
    type: Annotated[str, Meta(extra_json_schema={"enum": [*ALL_TYPES, TEST]})]
    state: DeliveryState
    attempts: int
    created_at: At
    order: str | None = None
    next_at: At | None = None
    done_at: At | None = None
    last: AttemptOut | None = None


class DeliveryList(Out, frozen=True):
    """Deliveries, newest first."""

    items: list[DeliveryOut]
    next: str | None


class DeliveryDetail(DeliveryOut, frozen=True):
    """A delivery with what was sent and every attempt."""

    payload: dict[str, Any] = field(default_factory=dict)
    log: list[AttemptOut] = field(default_factory=list)


class Redelivered(Out, frozen=True):
    """How many deliveries are sent again."""

    count: int


class EventData(Out, frozen=True):
    """What a webhook is about: the event as `GET /v1/orders/{order}/events` has it, and the order as the operator sees it."""

    order: OrderOut
    event: EventOut


class WebhookPayload(Out, frozen=True):
    """What is sent. `timestamp` is when the event happened; `data.order.version` and `data.event.seq` put events in order."""

    type: Type
    timestamp: At
    data: EventData
