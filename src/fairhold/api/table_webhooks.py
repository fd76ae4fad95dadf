"""The calls on webhooks: the fourth part of the table of routes."""

from fairhold.api import webhooks
from fairhold.api.parameters import CURSOR, LIMIT, Parameter, Wrong
from fairhold.api.rows import Route, change, read
from fairhold.api.webhook_bodies import NewWebhook, Nothing, Redelivery, Rotation, WebhookChange
from fairhold.api.wire_webhooks import DeliveryDetail, DeliveryList, Redelivered, WebhookList, WebhookOut
from fairhold.domain.actors import Role
from fairhold.engine.ports.webhooks import DeliveryState

SCOPE = "webhooks"
"""The scope that every call on webhooks takes: whoever sets one up hears of everything."""

_OPERATOR = frozenset({Role.OPERATOR})
_STATES = (DeliveryState.WAITING, DeliveryState.DELIVERED, DeliveryState.FAILED)


def _state(text: str) -> DeliveryState:
    if text not in _STATES:
        raise Wrong("choice")
    return DeliveryState(text)


STATE = Parameter(
    "state",
    _state,
    {"type": "string", "enum": [state.value for state in _STATES]},
    "Only those; `failed` has what was missed while the endpoint was off, too.",
)

_ROWS: tuple[Route, ...] = (
    read(
        "/webhooks",
        "listWebhooks",
        "The endpoints to which Fairhold tells what happens, the oldest first.",
        webhooks.listed,
        WebhookList,
        _OPERATOR,
    ),
    change(
        "/webhooks",
        "addWebhook",
        "A new endpoint, on from now. Its secret is told in this answer alone.",
        NewWebhook,
        webhooks.add,
        WebhookOut,
        _OPERATOR,
        "webhook_url_unusable",
        "too_many_webhooks",
        "idempotency_key_reused",
    )._replace(status=201),
    read("/webhooks/{webhook}", "getWebhook", "One endpoint.", webhooks.one, WebhookOut, _OPERATOR),
    change(
        "/webhooks/{webhook}",
        "changeWebhook",
        "Another address, other types, another description, on or off. What is not named stays.",
        WebhookChange,
        webhooks.change,
        WebhookOut,
        _OPERATOR,
        "webhook_url_unusable",
    ),
    change(
        "/webhooks/{webhook}/removal",
        "removeWebhook",
        "Forget an endpoint and the log of what was sent to it. The answer is what it was.",
        Nothing,
        webhooks.remove,
        WebhookOut,
        _OPERATOR,
    ),
    change(
        "/webhooks/{webhook}/secret",
        "rotateWebhookSecret",
        "A new secret, told in this answer alone. For a while the one before signs too.",
        Rotation,
        webhooks.rotate,
        WebhookOut,
        _OPERATOR,
        "idempotency_key_reused",
    ),
    change(
        "/webhooks/{webhook}/test",
        "testWebhook",
        "Send a test message now, once, even where the endpoint is off; the answer says what came of it.",
        Nothing,
        webhooks.test,
        DeliveryDetail,
        _OPERATOR,
    ),
    change(
        "/webhooks/{webhook}/redelivery",
        "redeliverFailed",
        "Send everything again that was not delivered, or what was not since a moment. It keeps its `webhook-id`.",
        Redelivery,
        webhooks.again_since,
        Redelivered,
        _OPERATOR,
        "webhook_off",
    ),
    read(
        "/webhooks/{webhook}/deliveries",
        "listDeliveries",
        "What was sent to an endpoint in the last 30 days, or is to be, newest first.",
        webhooks.deliveries,
        DeliveryList,
        _OPERATOR,
        STATE,
        LIMIT,
        CURSOR,
    ),
    read(
        "/webhooks/{webhook}/deliveries/{delivery}",
        "getDelivery",
        "One delivery, with what was sent and every attempt.",
        webhooks.delivery,
        DeliveryDetail,
        _OPERATOR,
    ),
    change(
        "/webhooks/{webhook}/deliveries/{delivery}/redelivery",
        "redeliver",
        "Send one again at once, whatever became of it, under the same `webhook-id`.",
        Nothing,
        webhooks.again,
        DeliveryDetail,
        _OPERATOR,
        "webhook_off",
    ),
)
WEBHOOK_ROUTES: tuple[Route, ...] = tuple(route._replace(scope=SCOPE) for route in _ROWS)
