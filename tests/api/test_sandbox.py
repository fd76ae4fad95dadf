"""The test clock: the operator's alone, in the sandbox only, once per key."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fairhold.api.app import face
from fairhold.engine.installation.settings import Settings
from fairhold.wiring import build
from tests.api.client import KEY, Client

SOON = timedelta(minutes=4)
"""No test may take longer, however busy the machine is."""


def _now(operator: Client) -> datetime:
    return datetime.fromisoformat(operator.get("/v1/clock").json["now"])


def test_the_clock_moves_by_seconds_or_to_a_moment_and_ticks_between(operator: Client) -> None:
    start = _now(operator)
    assert abs(start - datetime.now(UTC)) < SOON
    answered = operator.post("/v1/clock/advance", {"seconds": 3600}).json["now"]
    assert timedelta(hours=1) <= datetime.fromisoformat(answered) - start < timedelta(hours=1) + SOON
    target = start + timedelta(days=400)
    assert operator.post("/v1/clock/advance", {"to": target.isoformat()}).status == 200
    assert target <= _now(operator) < target + SOON
    with_zone = (target + timedelta(days=1)).astimezone().isoformat()
    assert operator.post("/v1/clock/advance", {"to": with_zone}).status == 200
    assert operator.post("/v1/clock/advance", {"seconds": 0}).status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "seconds"),
        ({"seconds": 1, "to": "2030-01-01T00:00:00Z"}, "seconds"),
        ({"seconds": -1}, "seconds"),
        ({"seconds": 1.5}, "seconds"),
        ({"seconds": 10**12}, "seconds"),
        ({"to": "2020-01-01T00:00:00Z"}, "to"),
        ({"to": "2999-01-01T00:00:00Z"}, "to"),
        ({"to": "soon"}, "to"),
        ({"days": 1}, "days"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(operator: Client, body: object, field: str) -> None:
    before = _now(operator)
    response = operator.post("/v1/clock/advance", body)
    assert (response.status, response.field) == (422, field)
    assert _now(operator) - before < SOON


def test_the_same_key_moves_the_clock_once(operator: Client) -> None:
    first = operator.post("/v1/clock/advance", {"seconds": 3600}, idempotency="k")
    assert operator.post("/v1/clock/advance", {"seconds": 3600}, idempotency="k").body == first.body
    other = operator.post("/v1/clock/advance", {"seconds": 60}, idempotency="k")
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    assert _now(operator) - datetime.fromisoformat(first.json["now"]) < SOON
    assert operator.post("/v1/clock/advance", {"seconds": 60}, idempotency=None).status == 200


def test_outside_the_sandbox_there_is_no_test_clock(tmp_path: Path) -> None:
    settings = Settings(database=f"sqlite:///{tmp_path}/live.db", secret="a-secret-of-the-tests", operator_key=KEY)
    application = build(settings)
    application.start(background=False)
    with asyncio.Runner() as runner:
        operator = Client(face(application), runner)
        for response in (operator.get("/v1/clock"), operator.post("/v1/clock/advance", {"seconds": 1})):
            assert (response.status, response.code) == (404, "sandbox_only")
    application.close()
