"""What webhooks send: an event as the API lists it, with its order as the operator sees it, in English."""

import msgspec

from fairhold.api.history import event_out
from fairhold.api.orders import order_out
from fairhold.api.wire_webhooks import EventData, WebhookPayload
from fairhold.domain.actors import Actor, Role
from fairhold.domain.events import Event
from fairhold.domain.ids import PersonId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.engine.webhooks.event_types import TEST
from fairhold.words.catalog import Language
from fairhold.words.dates import rfc3339
from fairhold.words.reader import reader_of

_OPERATOR = Actor(Role.OPERATOR, PersonId("ops"))
_READER = reader_of(Language.EN)
_encode = msgspec.json.Encoder().encode


def payload(type: str, order: Order, seq: int, event: Event, now: Instant) -> bytes:
    """The body that tells of event number `seq`."""
    data = EventData(order_out(order, _OPERATOR, now, _READER), event_out(order, seq, event, now, _READER))
    return _encode(WebhookPayload(type, rfc3339(event.at), data))


def test_payload(now: Instant) -> bytes:
    """The body that the test button sends: it has the shape of the others and is about nothing."""
    return _encode({"type": TEST, "timestamp": rfc3339(now), "data": {}})
