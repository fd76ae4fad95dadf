"""Requests made up from the description, good and bad: never a 500, always an answer that the description knows."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fairhold.api import openapi
from fairhold.api.app import face
from fairhold.engine.settings import Settings
from fairhold.wiring import build
from tests.api.client import KEY, Client
from tests.api.deals import Deal, place

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
PEOPLE = {
    "buyer": "buyer:ann",
    "seller": "seller:shop-7",
    "mediator": "mediator:max",
    "support": "support:sam",
    "operator": "operator:ops",
}


class _Served:
    """Describes itself at once, so that collecting tests opens no database; answers calls once `inner` is there."""

    inner: ASGIApp = Starlette(
        routes=[Route("/openapi.json", lambda _: Response(msgspec.json.encode(openapi.document())))]
    )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.inner(scope, receive, send)


served = _Served()
reviewed: dict[str, str] = {}
schema = schemathesis.openapi.from_asgi("/openapi.json", served)


@pytest.fixture(scope="module")
def deal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deal]:
    """A sandbox with an order that has come: of its lines one is disputed, the other confirmed and reviewed."""
    database: Path = tmp_path_factory.mktemp("fuzz") / "test.db"
    application = build(
        Settings(database=f"sqlite:///{database}", secret="a-secret-of-the-tests", operator_key=KEY, sandbox=True)
    )
    application.start(background=False)
    app = face(application)
    served.inner = app
    with asyncio.Runner() as runner:
        deal = place(Client(app, runner)).deliver().dispute()
        deal.confirm(deal.lines[1:])
        reviewed["id"] = deal.review(2, text="The mugs are fine.")["id"]
        yield deal
    application.close()


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_asked_the_answer_is_one_that_the_description_knows(
    case: schemathesis.Case[Any], deal: Deal
) -> None:
    if "order" in case.path_parameters:
        case.path_parameters["order"] = deal.id
    if "dispute" in case.path_parameters:
        case.path_parameters["dispute"] = f"{deal.id}-d1"
    if "review" in case.path_parameters:
        case.path_parameters["review"] = reviewed["id"]
    role = case.operation.definition.raw["x-roles"][0]
    case.call_and_validate(headers={"Authorization": f"Bearer {KEY}", "Fairhold-Actor": PEOPLE[role]}, checks=CHECKS)
