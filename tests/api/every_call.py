"""What the tests of all calls share: the description as schemathesis reads it, and a market that every call is tried on."""

import asyncio
from collections.abc import Iterator
from functools import cache, partial
from typing import Any
from uuid import uuid4

import msgspec
import pytest
import schemathesis
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
from fairhold.api.table import ROUTES
from fairhold.engine.installation.payment_settings import PaymentSettings
from fairhold.engine.installation.settings import Settings
from fairhold.engine.installation.tracking_settings import TrackingSettings
from fairhold.wiring import Application, build
from tests.api.client import KEY, Client
from tests.api.ways import Asked, World, way_to
from tests.databases import up_to_date
from tests.differing import differ
from tests.fakes.serving import served_fast
from tests.fakes.stripe import server as stripe
from tests.fakes.yookassa import fake as yookassa
from tests.gateways.fakes import aftership, seventeentrack
from tests.receiver import receiving

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
TRACKING = TrackingSettings(
    seventeentrack_key=seventeentrack.KEY,
    aftership_webhook_secret=aftership.SECRET,
    webhook_secrets=("whsec_" + "A" * 44,),
)

PAYMENTS = PaymentSettings(
    stripe_key=stripe.KEY,
    stripe_secrets=(stripe.SECRET,),
    yookassa_shop=yookassa.SHOP[0],
    yookassa_key=yookassa.SHOP[1],
    yookassa_networks=("127.0.0.1/32",),
    bank_details="Fairhold Ltd, IBAN DE89 3704 0044 0532 0130 00",
    bank_two_from={},
)


class _Served:
    """Describes itself at once; answers calls once `inner` is there."""

    inner: ASGIApp = Starlette(
        routes=[Route("/openapi.json", lambda _: Response(msgspec.json.encode(openapi.document())))]
    )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # One provider is known by its address.
        await self.inner({**scope, "client": ("127.0.0.1", 50_000)}, receive, send)


served = _Served()


@cache
def document() -> Any:
    """The description, as schemathesis reads it."""
    return schemathesis.openapi.from_asgi("/openapi.json", served)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def sandbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """A sandbox that takes the word of carriers; on either store."""
    folder = tmp_path_factory.mktemp("every-call")
    if request.param == "sqlite":
        database = f"sqlite:///{up_to_date(folder / 'test.db')}"
    else:
        database = request.getfixturevalue("copies_of_module")()
    with served_fast(stripe.StripeFake()) as url:
        application = build(
            Settings(
                database=database,
                photos=str(folder / "photos"),
                secret="a-secret-of-the-tests",
                operator_key=KEY,
                sandbox=True,
                webhook_networks=("127.0.0.0/8",),
                tracking=TRACKING,
                payments=msgspec.structs.replace(PAYMENTS, stripe_url=url),
            )
        )
        application.start(background=False)
        yield application
        application.close()


@pytest.fixture(scope="module")
def world(sandbox: Application) -> Iterator[World]:
    """The sandbox as it is asked over HTTP, which sends webhooks to a receiver."""
    app = face(sandbox)
    document()
    served.inner = app

    def pass_on() -> None:
        sandbox.courier.once()
        sandbox.webhook_worker.once()

    with asyncio.Runner() as runner, receiving() as receiver:
        yield World(Client(app, runner), receiver, pass_on, sandbox.store.tables(), partial(differ, sandbox))


def ask(world: World, name: str) -> Asked:
    """What is asked on the way of the call of that name, once everything for it has happened."""
    route = next(route for route in ROUTES if route.name == name)
    return way_to(name, openapi.roles_of(route), reads=route.method == "GET")(world)


def headers_of(asked: Asked) -> dict[str, str]:
    """The request's headers, with a key where it is not signed and not for everybody."""
    headers = {"content-type": "application/json", "idempotency-key": f"way-{uuid4().hex}"}
    if asked.actor is not None:
        headers |= {"authorization": f"Bearer {KEY}", "fairhold-actor": asked.actor}
    return headers | dict(asked.headers)
