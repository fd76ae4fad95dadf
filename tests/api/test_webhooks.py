"""The calls on webhooks, against a receiver over real HTTP."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError

from fairhold.api.app import face
from fairhold.api.auth import key_hash
from fairhold.api.table import ROUTES
from fairhold.api.table_webhooks import SCOPE
from fairhold.domain.instants import Instant
from fairhold.engine.installation.settings import Settings
from fairhold.engine.ports.admission import ApiKey
from fairhold.engine.webhooks.event_types import ALL_TYPES
from fairhold.wiring import Application, build
from tests.api.client import KEY, Client, check_against_schema
from tests.api.deals import Deal, advance, at_noon, place
from tests.databases import up_to_date
from tests.receiver import Receiver, answering, hanging_up, receiving


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    """A sandbox that may send to this machine; nothing is sent but by `pass_on`."""
    settings = Settings(
        database=f"sqlite:///{up_to_date(tmp_path / 'test.db')}",
        secret="a-secret-of-the-tests",
        operator_key=KEY,
        sandbox=True,
        webhook_networks=("127.0.0.0/8",),
    )
    application = build(settings)
    application.start(background=False)
    yield application
    application.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@dataclass(frozen=True)
class Hook:
    """An endpoint that was made, and the calls on it."""

    operator: Client
    made: dict[str, Any]

    @property
    def url(self) -> str:
        return f"/v1/webhooks/{self.made['id']}"

    @property
    def secret(self) -> str:
        return str(self.made["secret"])

    @property
    def now(self) -> Any:
        return self.operator.get(self.url).json

    def post(self, path: str = "", body: Any = None, status: int = 200) -> Any:
        response = self.operator.post(self.url + path, body)
        assert response.status == status, response.body
        return response.json

    def deliveries(self, query: str = "") -> list[Any]:
        found = self.operator.get(f"{self.url}/deliveries{query}").json["items"]
        assert isinstance(found, list)
        return found


def hook(operator: Client, receiver: Receiver, **given: Any) -> Hook:
    response = operator.post("/v1/webhooks", {"url": receiver.url} | given)
    assert response.status == 201, response.body
    return Hook(operator, response.json)


def pass_on(application: Application) -> int:
    """Hear of what happened and send what is due; how many attempts that were."""
    application.courier.once()
    return application.webhook_worker.once()


def test_what_happens_to_an_order_arrives_signed_and_in_order(
    application: Application, operator: Client, receiver: Receiver
) -> None:
    at_noon(operator)
    made = hook(operator, receiver, description="Warehouse")
    deal = place(operator).pay().ship().scan()
    while pass_on(application):
        pass
    told: list[Any] = [got.verified(made.secret) for got in receiver.got]
    assert [one["type"] for one in told] == [
        "order.placed",
        "order.paid",
        "parcel.shipped",
        "parcel.scanned",
        "parcel.delivered",
    ]
    assert [got.id for got in receiver.got] == [f"msg_{deal.id}_{n}" for n in range(1, 6)]
    events = operator.get(f"{deal.url}/events").json["items"]
    assert [one["data"]["event"] for one in told] == events
    assert [one["timestamp"] for one in told] == [event["at"] for event in events]
    assert told[-1]["data"]["order"] == operator.get(deal.url).json
    with pytest.raises(WebhookVerificationError):
        receiver.got[0].verified("whsec_" + "A" * 44)
    assert made.now == {key: value for key, value in made.made.items() if key != "secret"}
    assert {one["state"] for one in made.deliveries()} == {"delivered"}


def test_an_endpoint_hears_of_the_types_that_it_takes(
    application: Application, operator: Client, receiver: Receiver
) -> None:
    hook(operator, receiver, types=["order.paid", "review.written"])
    place(operator).pay().ship()
    pass_on(application)
    assert [json.loads(got.body)["type"] for got in receiver.got] == ["order.paid"]


def test_the_secret_is_told_once_and_again_only_to_a_repeat(operator: Client, receiver: Receiver) -> None:
    body = {"url": receiver.url}
    first = operator.post("/v1/webhooks", body, idempotency="one")
    again = operator.post("/v1/webhooks", body, idempotency="one")
    assert first.json == again.json
    assert first.json["secret"].startswith("whsec_")
    other = operator.post("/v1/webhooks", {"url": receiver.url + "/x"}, idempotency="one")
    assert (other.status, other.code, other.field) == (422, "idempotency_key_reused", "Idempotency-Key")
    assert "secret" not in operator.get(f"/v1/webhooks/{first.json['id']}").json
    assert len(operator.get("/v1/webhooks").json["items"]) == 1
    advance(operator, days=2)
    late = operator.post("/v1/webhooks", body, idempotency="one")
    assert (late.status, late.json) == (201, {name: value for name, value in first.json.items() if name != "secret"})


def test_the_secret_is_stored_sealed(application: Application, operator: Client, receiver: Receiver) -> None:
    made = hook(operator, receiver)
    stored = Path(application.settings.database.removeprefix("sqlite:///"))
    written = b"".join(path.read_bytes() for path in stored.parent.glob(f"{stored.name}*"))
    assert made.url.rpartition("/")[2].encode() in written
    assert made.secret.removeprefix("whsec_").encode() not in written


def test_after_a_rotation_both_secrets_sign_for_a_while(
    application: Application, operator: Client, receiver: Receiver
) -> None:
    made = hook(operator, receiver)
    rotated = made.post("/secret", {"overlap_hours": 2})
    assert rotated["secret"] != made.secret
    assert made.now["previous_secret_until"] == rotated["previous_secret_until"]
    made.post("/test", {})
    for secret in (made.secret, rotated["secret"]):
        receiver.got[-1].verified(secret)
    advance(operator, seconds=2 * 3600)
    made.post("/test", {})
    receiver.got[-1].verified(rotated["secret"])
    with pytest.raises(WebhookVerificationError):
        receiver.got[-1].verified(made.secret)
    assert "previous_secret_until" not in made.now


def test_the_test_button_says_at_once_what_came_of_it(operator: Client, receiver: Receiver) -> None:
    made = hook(operator, receiver)
    worked = made.post("/test", {})
    assert (worked["type"], worked["state"], worked["last"]["status"]) == ("webhook.test", "delivered", 200)
    assert receiver.got[0].verified(made.secret) == worked["payload"] == {**worked["payload"], "data": {}}
    receiver.behave = hanging_up
    made.post("", {"on": False})
    failed = made.post("/test", {})
    assert (failed["state"], failed["last"]["trouble"], failed["attempts"]) == ("failed", "closed_early", 1)
    assert [one["state"] for one in made.deliveries()] == ["failed", "delivered"]


def test_what_fails_is_tried_ten_times_over_three_days_under_the_same_id(
    application: Application, operator: Client, receiver: Receiver
) -> None:
    made = hook(operator, receiver, types=["order.placed"])
    receiver.behave = answering(500, b"down for lunch")
    place(operator)
    assert pass_on(application) == 1
    [waiting] = made.deliveries("?state=waiting")
    assert (waiting["attempts"], waiting["last"]["response"]) == (1, "down for lunch")
    assert made.now["failing_since"] is not None
    start = waiting["created_at"]
    for _ in range(9):
        due = made.deliveries()[0]["next_at"]
        advance(operator, to=due)
        assert pass_on(application) == 1
    advance(operator, days=30)
    assert pass_on(application) == 0
    [given_up] = made.deliveries("?state=failed")
    assert (given_up["state"], given_up["attempts"]) == ("failed", 10)
    assert "next_at" not in given_up
    assert made.now["failed"] == 1
    assert len({got.id for got in receiver.got}) == 1
    assert len({got.body for got in receiver.got}) == 1
    detail = operator.get(f"{made.url}/deliveries/{given_up['id']}").json
    moments = [_seconds(start, attempt["at"]) for attempt in detail["log"]]
    for moment, planned in zip(moments, (0, 0.1, 5, 35, 155, 455, 1055, 1895, 2975, 4295), strict=True):
        assert moment / 60 == pytest.approx(planned, rel=0.11, abs=1)


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def test_a_receiver_that_comes_back_hears_of_everything_in_order(
    application: Application, operator: Client, receiver: Receiver
) -> None:
    made = hook(operator, receiver)
    receiver.next = [answering(503)]
    deal = place(operator).pay().ship()
    assert pass_on(application) == 1, "later events of the order wait for the first"
    assert pass_on(application) == 0
    advance(operator, seconds=10)
    while pass_on(application):
        pass
    assert [got.id for got in receiver.got] == [f"msg_{deal.id}_{n}" for n in (1, 1, 2, 3)]
    assert "failing_since" not in made.now


def test_one_or_all_that_failed_are_sent_again(application: Application, operator: Client, receiver: Receiver) -> None:
    made = hook(operator, receiver)
    made.post("", {"on": False})
    first = place(operator)
    advance(operator, seconds=3600)
    second = place(operator)
    application.courier.once()
    assert made.now["failed"] == 2
    refused = operator.post(f"{made.url}/redelivery", {})
    assert (refused.status, refused.code) == (409, "webhook_off")
    one = f"/deliveries/msg_{first.id}_1/redelivery"
    assert operator.post(made.url + one, {}).code == "webhook_off"
    made.post("", {"on": True})
    assert pass_on(application) == 0, "what was missed is sent on request alone"
    since = made.deliveries()[0]["created_at"]
    assert made.post("/redelivery", {"since": since}) == {"count": 1}
    pass_on(application)
    assert [got.id for got in receiver.got] == [f"msg_{second.id}_1"]
    assert made.post(one, {})["state"] == "waiting"
    assert made.post(one, {})["state"] == "waiting"
    pass_on(application)
    assert [got.id for got in receiver.got] == [f"msg_{second.id}_1", f"msg_{first.id}_1"]
    assert made.post("/redelivery", {}) == {"count": 0}


def test_an_endpoint_that_failed_for_five_days_is_turned_off(
    application: Application, operator: Client, receiver: Receiver
) -> None:
    made = hook(operator, receiver, types=["order.placed"])
    receiver.behave = answering(500)
    for _ in range(5):
        place(operator)
        pass_on(application)
        assert made.now["on"]
        advance(operator, days=1)
    place(operator)
    pass_on(application)
    now = made.now
    assert (now["on"], now["off_because"], now["waiting"], now["failed"]) == (False, "failing", 0, 6)
    assert b'fairhold_parked_total{what="webhook_endpoint"} 1.0' in operator.get("/metrics").body
    receiver.behave = answering()
    assert made.post("", {"on": True})["on"]
    assert made.post("/redelivery", {}) == {"count": 6}
    while pass_on(application):
        pass
    assert made.now["failed"] == 0


def test_an_endpoint_that_says_it_is_gone_is_turned_off_at_once(
    application: Application, operator: Client, receiver: Receiver
) -> None:
    made = hook(operator, receiver)
    receiver.behave = answering(410)
    place(operator)
    pass_on(application)
    assert made.now["off_because"] == "gone"


def test_a_removed_endpoint_is_gone_with_its_log(
    application: Application, operator: Client, receiver: Receiver
) -> None:
    made = hook(operator, receiver)
    place(operator)
    application.courier.once()
    assert made.post("/removal", {})["waiting"] == 1
    assert pass_on(application) == 0
    for path in ("", "/deliveries", "/deliveries/msg_1"):
        response = operator.get(made.url + path)
        assert (response.status, response.code) == (404, "webhook_not_found")
    for path in ("", "/removal", "/secret", "/test", "/redelivery", "/deliveries/msg_1/redelivery"):
        for body in ({}, b"{", {"nonsense": 1}):
            response = operator.post(made.url + path, body)
            assert (response.status, response.code) == (404, "webhook_not_found"), path


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "missing_field", "url"),
        ({"url": ""}, "invalid_request", "url"),
        ({"url": "http://10.0.0.1/"}, "webhook_url_unusable", "url"),
        ({"url": "https://shop.example/\u0000"}, "webhook_url_unusable", "url"),
        ({"url": "https://shop.example/", "types": ["order.eaten"]}, "invalid_request", "types[0]"),
        ({"url": "https://shop.example/", "types": ["order.paid", "order.paid"]}, "invalid_request", "types[1]"),
        ({"url": "https://shop.example/", "description": "a\u0000b"}, "invalid_request", "description"),
        ({"url": "https://shop.example/", "description": "x" * 201}, "invalid_request", "description"),
        ({"url": "https://shop.example/", "colour": "red"}, "unknown_field", "colour"),
    ],
)
def test_what_cannot_be_an_endpoint_is_refused_by_the_field(operator: Client, body: Any, code: str, field: str) -> None:
    response = operator.post("/v1/webhooks", body)
    assert (response.status, response.code, response.field) == (422, code, field)
    assert operator.get("/v1/webhooks").json["items"] == []


def test_other_bad_requests_are_refused_by_name(operator: Client, receiver: Receiver) -> None:
    made = hook(operator, receiver)
    for path, body, field in (
        ("/secret", {"overlap_hours": 200}, "overlap_hours"),
        ("/redelivery", {"since": "yesterday"}, "since"),
        ("", {"types": ["x"]}, "types[0]"),
        ("", {"url": "https://10.0.0.1/"}, "url"),
    ):
        response = operator.post(made.url + path, body)
        assert (response.status, response.field) == (422, field)
    for query in ("?state=lost", "?cursor=x", "?limit=0"):
        assert operator.get(f"{made.url}/deliveries{query}").status == 422


def test_there_are_so_many_endpoints_and_no_more(operator: Client, receiver: Receiver) -> None:
    for _ in range(32):
        hook(operator, receiver)
    response = operator.post("/v1/webhooks", {"url": receiver.url})
    assert (response.status, response.code) == (409, "too_many_webhooks")


def test_the_log_is_read_page_by_page(application: Application, operator: Client, receiver: Receiver) -> None:
    made = hook(operator, receiver)
    place(operator).pay().ship().scan()
    application.courier.once()
    names, query = [], "?limit=2"
    while query:
        page = operator.get(f"{made.url}/deliveries{query}").json
        names += [one["id"].rpartition("_")[2] for one in page["items"]]
        query = f"?limit=2&cursor={page['next']}" if page["next"] else ""
    assert names == ["5", "4", "3", "2", "1"]


@pytest.mark.parametrize("role", ["buyer:ann", "seller:shop-7", "mediator:mia", "support:sam"])
def test_webhooks_are_the_operators_alone(operator: Client, receiver: Receiver, role: str) -> None:
    made = hook(operator, receiver)
    for route in ROUTES:
        if route.scope != SCOPE:
            continue
        for name in (made.made["id"], "wh_none"):
            path = "/v1" + route.path.format(webhook=name, delivery="msg_1")
            client = operator.by(role)
            response = client.get(path) if route.method == "GET" else client.post(path, {})
            assert (response.status, response.code) == (403, "not_allowed")


def test_a_key_needs_the_scope(application: Application, operator: Client, receiver: Receiver) -> None:
    made = hook(operator, receiver)
    for key, scopes in (("key-without-the-scope", ("tracking",)), ("key-with-the-scope", ("webhooks",))):
        row = ApiKey(key, key_hash(key.encode()), "a test", ("operator",), scopes, Instant(0), None)
        application.access.add_api_key(row)
    time.sleep(2.1)
    without = operator.by("operator:ops", key="key-without-the-scope")
    for response in (without.get(made.url), without.get("/v1/webhooks"), without.post(f"{made.url}/test", {})):
        assert (response.status, response.code) == (403, "scope_not_granted")
    assert operator.by("operator:ops", key="key-with-the-scope").get(made.url).status == 200


def test_a_restart_in_the_middle_loses_nothing(tmp_path: Path, receiver: Receiver) -> None:
    """One process claims and dies, or is told that it is done and dies before it has noted that down: the next one sends."""
    settings = Settings(
        database=f"sqlite:///{up_to_date(tmp_path / 'test.db')}",
        secret="a-secret-of-the-tests",
        operator_key=KEY,
        sandbox=True,
        webhook_networks=("127.0.0.0/8",),
    )
    first = build(settings)
    first.start(background=False)
    with asyncio.Runner() as runner:
        operator = Client(face(first), runner)
        made = hook(operator, receiver)
        deals: list[Deal] = [place(operator) for _ in range(5)]
        first.courier.once()
        first.webhook_worker._claim_seconds = 0
        first.webhook_worker._record = lambda: None  # type: ignore[method-assign]  # it dies before this
        assert first.webhook_worker.once() == 5
    first.close()
    second = build(settings)
    second.start(background=False)
    with asyncio.Runner() as runner:
        assert second.webhook_worker.once() == 5
        assert second.webhook_worker.once() == 0
        log = Hook(Client(face(second), runner), made.made).deliveries()
        assert {one["state"] for one in log} == {"delivered"}
    second.close()
    sent = [got.id for got in receiver.got]
    assert sorted(set(sent)) == sorted(f"msg_{deal.id}_1" for deal in deals)
    assert len(sent) == 10


def test_every_payload_is_of_the_shape_that_is_described(
    application: Application, operator: Client, receiver: Receiver
) -> None:
    hook(operator, receiver)
    deal = place(operator).deliver().dispute()
    deal.confirm(deal.lines[1:])
    deal.review(4)
    while pass_on(application):
        pass
    assert len(receiver.got) == 8
    assert set(operator.get("/openapi.json").json["webhooks"]) == set(ALL_TYPES)
    for got in receiver.got:
        check_against_schema("WebhookPayload", json.loads(got.body))
