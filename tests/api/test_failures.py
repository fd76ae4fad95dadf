"""What fails on our side is said as such, and when to come again; nothing of the inside shows."""

import asyncio
from typing import Any

import pytest

from fairhold.api.service import Api
from fairhold.engine.kernel.core import Engine
from fairhold.engine.kernel.envelope import Faulty, Overloaded, Unavailable
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.engine.reading.orders import Queries
from fairhold.wiring import Application
from tests.api.client import KEY, Client
from tests.api.deals import place
from tests.api.test_batches import _entry
from tests.api.test_idempotency import PLACING


@pytest.mark.parametrize(
    ("failure", "status", "code", "again"),
    [
        (Overloaded(7), 503, "overloaded", "7"),
        (Unavailable("stopping"), 503, "unavailable", "1"),
        (StoreUnavailable("disk full at /secret"), 503, "unavailable", "1"),
        (Faulty("place_order: KeyError at /secret"), 500, "internal_error", None),
        (ZeroDivisionError("/secret"), 500, "internal_error", None),
    ],
)
def test_a_failing_engine_is_told_with_when_to_come_again(
    operator: Client, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int, code: str, again: str | None
) -> None:
    async def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(Engine, "submit", fail)
    monkeypatch.setattr(Engine, "submit_many", fail)
    batch = {"commands": [_entry("/orders", PLACING, "k", "buyer:ann")]}
    for response in (operator.post("/v1/orders", PLACING), operator.post("/v1/commands", batch)):
        assert (response.status, response.code, response.headers.get("retry-after")) == (status, code, again)
        assert b"secret" not in response.body


def test_one_faulty_command_of_a_batch_fails_alone(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Engine.submit_many

    async def one_fails(engine: Engine, envelopes: list[object]) -> list[object]:
        outcomes: list[object] = list(await real(engine, envelopes))  # type: ignore[arg-type]  # passed through
        return [Faulty("a bug"), Unavailable("gone"), *outcomes[2:]]

    monkeypatch.setattr(Engine, "submit_many", one_fails)
    body = {"commands": [_entry("/orders", PLACING, f"k{n}", "buyer:ann") for n in range(3)]}
    outcomes = operator.post("/v1/commands", body).json["outcomes"]
    assert [(outcome["status"], outcome["body"].get("code")) for outcome in outcomes] == [
        (500, "internal_error"),
        (503, "unavailable"),
        (201, None),
    ]


def test_a_store_that_cannot_be_read_is_a_503(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    deal = place(operator)

    def fail(*_: object, **__: object) -> None:
        raise StoreUnavailable("locked")

    for name in ("order", "list_orders", "balances"):
        monkeypatch.setattr(Queries, name, fail)
    for path in (deal.url, "/v1/orders", "/v1/ledger/accounts"):
        response = operator.get(path)
        assert (response.status, response.code, response.headers["retry-after"]) == (503, "unavailable", "1")


def test_a_caller_who_hangs_up_before_the_body_is_complete_changes_nothing(
    application: Application, operator: Client
) -> None:
    messages = [{"type": "http.request", "body": b'{"buyer":', "more_body": True}, {"type": "http.disconnect"}]
    sent: list[object] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: object) -> None:
        sent.append(message)

    headers = [(b"authorization", f"Bearer {KEY}".encode()), (b"idempotency-key", b"k")]
    scope = {"type": "http", "method": "POST", "path": "/v1/orders", "query_string": b"", "headers": headers}
    asyncio.run(Api(application)(scope, receive, send))
    assert sent == []
    assert operator.get("/v1/orders").json["counts"]["all"] == 0
