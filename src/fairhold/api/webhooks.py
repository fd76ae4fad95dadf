"""`/webhooks`: where the operator says what is sent to which servers, and looks at what was."""

import hashlib
from typing import Any

import msgspec

from fairhold.api.acting import Given
from fairhold.api.instants import parse_instant
from fairhold.api.moments import moment
from fairhold.api.parameters import ON_A_PAGE
from fairhold.api.parts import Call, Parts
from fairhold.api.problems import Problem
from fairhold.api.shapes import Out
from fairhold.api.webhook_bodies import NewWebhook, Nothing, Redelivery, Rotation, WebhookChange
from fairhold.api.wire_webhooks import (
    AttemptOut,
    DeliveryDetail,
    DeliveryList,
    DeliveryOut,
    Redelivered,
    WebhookList,
    WebhookOut,
)
from fairhold.domain.instants import Instant, hours
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.ports.webhook_sending import UnusableUrl
from fairhold.engine.ports.webhooks import Attempt, Delivery, DeliveryState, Endpoint
from fairhold.engine.webhooks.endpoints import Key, Listed, Made, No, Whole
from fairhold.engine.webhooks.event_types import ALL_TYPES
from fairhold.words.dates import rfc3339
from fairhold.words.faults import Fault

Answer = Out | Problem | Refusal

_NOT_FOUND = Problem(Fault.WEBHOOK_NOT_FOUND)
_REFUSED: dict[No, Problem | Refusal] = {
    No.NOT_FOUND: _NOT_FOUND,
    No.TOO_MANY: Problem(Fault.TOO_MANY_WEBHOOKS),
    No.KEY_REUSED: Refusal(Reason.IDEMPOTENCY_KEY_REUSED, "Idempotency-Key"),
    No.OFF: Problem(Fault.WEBHOOK_OFF),
}


def listed(parts: Parts, call: Call) -> Answer:
    """All endpoints; there are never more than a page of them."""
    return WebhookList([_out(parts, endpoint) for endpoint in parts.webhooks.all()], None)


def one(parts: Parts, call: Call) -> Answer:
    """One endpoint."""
    found = parts.webhooks.one(call.names["webhook"])
    return _NOT_FOUND if found is None else _out(parts, found)


def add(parts: Parts, call: Call, given: Given[NewWebhook] | Problem) -> Answer:
    """A new endpoint."""
    if isinstance(given, Problem):
        return given
    body = given.body
    wrong = _unknown_type(body.types)
    if wrong is not None:
        return wrong
    return _made(parts, parts.webhooks.add(body.url, body.description, body.types, _key(call, given, "add")))


def change(parts: Parts, call: Call, given: Given[WebhookChange] | Problem) -> Answer:
    """Another address, other types, on or off."""
    webhook = call.names["webhook"]
    if parts.webhooks.one(webhook) is None:
        return _NOT_FOUND
    if isinstance(given, Problem):
        return given
    body = given.body
    wrong = _unknown_type(body.types or ())
    if wrong is not None:
        return wrong
    done = parts.webhooks.change(webhook, body.url, body.description, body.types, body.on)
    return _out(parts, done) if isinstance(done, Endpoint) else _refused(done)


def remove(parts: Parts, call: Call, given: Given[Nothing] | Problem) -> Answer:
    """Forget an endpoint; the answer is what it was."""
    before = parts.webhooks.one(call.names["webhook"])
    if before is None:
        return _NOT_FOUND
    if isinstance(given, Problem):
        return given
    answer = _out(parts, before)
    return answer if parts.webhooks.remove(before.id) else _NOT_FOUND


def rotate(parts: Parts, call: Call, given: Given[Rotation] | Problem) -> Answer:
    """A new secret."""
    webhook = call.names["webhook"]
    if parts.webhooks.one(webhook) is None:
        return _NOT_FOUND
    if isinstance(given, Problem):
        return given
    return _made(parts, parts.webhooks.rotate(webhook, hours(given.body.overlap_hours), _key(call, given, "rotate")))


def test(parts: Parts, call: Call, given: Given[Nothing] | Problem) -> Answer:
    """Send the test message and say what came of it."""
    webhook = call.names["webhook"]
    if parts.webhooks.one(webhook) is None:
        return _NOT_FOUND
    if isinstance(given, Problem):
        return given
    return _detail(parts.webhooks.test(webhook, _key(call, given, "test")))


def deliveries(parts: Parts, call: Call) -> Answer:
    """What was sent to an endpoint or is to be."""
    webhook, query = call.names["webhook"], call.query
    if parts.webhooks.one(webhook) is None:
        return _NOT_FOUND
    before = None
    if "cursor" in query:
        position = parts.cursors.read(f"deliveries/{webhook}", query["cursor"])
        if position is None:
            return Problem(Fault.INVALID_CURSOR, "cursor")
        at, _, message = position.partition(" ")
        before = Instant(int(at)), message
    limit = query.get("limit", ON_A_PAGE)
    found = parts.webhooks.deliveries(webhook, query.get("state"), before, limit + 1)
    more = None
    if len(found) > limit:
        last = found[limit - 1].delivery
        more = parts.cursors.write(f"deliveries/{webhook}", f"{last.at} {last.message}")
    return DeliveryList([_listed(one) for one in found[:limit]], more)


def delivery(parts: Parts, call: Call) -> Answer:
    """One delivery, with what was sent and every attempt."""
    return _detail(parts.webhooks.delivery(call.names["webhook"], call.names["delivery"]) or No.NOT_FOUND)


def again(parts: Parts, call: Call, given: Given[Nothing] | Problem) -> Answer:
    """Send one again."""
    webhook, message = call.names["webhook"], call.names["delivery"]
    if isinstance(given, Problem):
        return _NOT_FOUND if parts.webhooks.delivery(webhook, message) is None else given
    return _detail(parts.webhooks.again(webhook, message))


def again_since(parts: Parts, call: Call, given: Given[Redelivery] | Problem) -> Answer:
    """Send again what was not delivered."""
    webhook = call.names["webhook"]
    if parts.webhooks.one(webhook) is None:
        return _NOT_FOUND
    if isinstance(given, Problem):
        return given
    since: Instant | None = Instant(0)
    if given.body.since is not None:
        since = parse_instant(given.body.since)
        if since is None:
            return Problem(Fault.INVALID_VALUE, "since", "instant")
    assert since is not None
    done = parts.webhooks.again_since(webhook, since)
    return _refused(done) if isinstance(done, No) else Redelivered(done)


def _key(call: Call, given: Given[Any], what: str) -> Key | None:
    """What a repeat must share with the first request: call, person, endpoint and meaning of the body."""
    if given.key is None:
        return None
    said = f"{what} {call.names.get('webhook', '')}\n{call.actor}\n".encode() + given.canonical
    return Key(given.key, hashlib.sha256(said).digest())


def _unknown_type(types: tuple[str, ...]) -> Problem | None:
    for position, kind in enumerate(types):
        if kind not in ALL_TYPES:
            return Problem(Fault.INVALID_VALUE, f"types[{position}]", "choice")
        if kind in types[:position]:
            return Problem(Fault.INVALID_VALUE, f"types[{position}]", "given twice")
    return None


def _made(parts: Parts, done: Made | No | UnusableUrl) -> Answer:
    return _out(parts, done.endpoint, done.secret) if isinstance(done, Made) else _refused(done)


def _refused(done: No | UnusableUrl) -> Problem | Refusal:
    return _REFUSED[done] if isinstance(done, No) else Problem(Fault.WEBHOOK_URL_UNUSABLE, "url", f"url {done.value}")


def _out(parts: Parts, endpoint: Endpoint, secret: str | None = None) -> WebhookOut:
    waiting, failed = parts.webhooks.undelivered(endpoint.id)
    overlaps = endpoint.previous_until is not None and parts.queries.now() < endpoint.previous_until
    return WebhookOut(
        id=endpoint.id,
        url=endpoint.url,
        description=endpoint.description,
        types=list(endpoint.types),
        on=endpoint.on,
        created_at=rfc3339(endpoint.created_at),
        waiting=waiting,
        failed=failed,
        off_because=endpoint.off_because,
        off_since=moment(endpoint.off_since),
        failing_since=moment(endpoint.failing_since),
        secret=secret,
        previous_secret_until=moment(endpoint.previous_until) if overlaps else None,
    )


def _listed(found: Listed) -> DeliveryOut:
    last = None if found.last is None else _attempt(found.last)
    return DeliveryOut(**_delivery(found.delivery), last=last)


def _detail(found: Whole | No) -> Answer:
    if isinstance(found, No):
        return _REFUSED[found]
    log = [_attempt(attempt) for attempt in found.attempts]
    payload = msgspec.json.decode(found.message.payload)
    return DeliveryDetail(**_delivery(found.delivery), last=log[-1] if log else None, payload=payload, log=log)


def _delivery(delivery: Delivery) -> dict[str, Any]:
    waiting = delivery.state is DeliveryState.WAITING
    return {
        "id": delivery.message,
        "type": delivery.type,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "created_at": rfc3339(delivery.at),
        "order": delivery.order or None,
        "next_at": rfc3339(delivery.due_at) if waiting else None,
        "done_at": moment(delivery.done_at),
    }


def _attempt(attempt: Attempt) -> AttemptOut:
    return AttemptOut(
        number=attempt.n,
        at=rfc3339(attempt.at),
        milliseconds=attempt.milliseconds,
        status=attempt.status,
        trouble=attempt.trouble,
        response=attempt.response or None,
    )
