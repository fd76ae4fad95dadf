"""Every call of the table, as everybody, on one's own, on a stranger's, and on what does not exist.

The calls are those of the table itself: a new one fails `tests/golden` until its table has its line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from fairhold.api.app import face
from fairhold.api.rows import Route
from fairhold.api.table import ROUTES
from fairhold.wiring import Application
from tests.api.client import KEY, Client, Response
from tests.differing import differ
from tests.web.conftest import Market
from tests.web.deals_of_two import VISITORS, Deal, bank_task, nowhere, two_deals
from tests.web.test_matrix import FOREIGN, MISSING, NAME, OWN, STAFF, cells_of

GOLDEN = Path(__file__).parent.parent / "golden" / "who_may_call_what.txt"
KEYLESS = "keyless"
EVERYBODY = (KEYLESS, *VISITORS)


@dataclass
class World:
    """The API, what is behind it, and a client for each visitor."""

    market: Market
    own: Deal
    other: Deal
    clients: dict[str, Client]

    def ask(self, who: str, route: Route, which: int) -> Response:
        """The call with an empty body and without effect, where it may be had without one."""
        deal = self.other if which == FOREIGN else self.own
        names = deal.names | {"person": deal.order.buyer, "refund": "1"}
        if "{webhook}" in route.path:
            # They are the marketplace's and not a person's; one of the calls takes it away.
            operator = self.clients["operator"]
            there = operator.get("/v1/webhooks").json["items"]
            hook = there[0] if there else operator.post("/v1/webhooks", {"url": "https://hooks.example/x"}).json
            names |= {"webhook": hook["id"], "delivery": "0"}
        if "{task}" in route.path:
            names |= {"task": bank_task(self.market.application, deal.order.id)}
        if "{key}" in route.path:
            # They are the marketplace's, too; made anew, as one of the calls revokes it.
            names |= {"key": self.clients["operator"].post("/v1/keys", {"roles": ["buyer"]}).json["id"]}
        if "{difference}" in route.path:
            names |= {"difference": differ(self.market.application)}
        if which == MISSING:
            names = nowhere(names)
        path = "/v1" + NAME.sub(lambda found: names[found[1]], route.path)
        if route.method == "GET":
            return self.clients[who].get(path)
        if route.special == "photo":
            return self.clients[who].form([])
        if route.method == "PUT":
            return self.clients[who].send("PUT", path, [b"{}"], {"content_type": "application/json"})
        return self.clients[who].post(f"{path}?dry_run=1" if route.build else path, {})


@contextmanager
def world_of(application: Application) -> Iterator[World]:
    """Two deals, and a client for each visitor."""
    market = Market(application)
    own, other = two_deals(market)
    with asyncio.Runner() as runner:
        api = face(application)
        clients = {who: Client(api, runner, str(actor)) for who, actor in VISITORS.items()}
        yield World(market, own, other, {KEYLESS: Client(api, runner, None, key=None), **clients})


@pytest.fixture
def world(application: Application) -> Iterator[World]:
    with world_of(application) as asked:
        yield asked


def rows_of() -> dict[str, Route]:
    """Every row that the table of this test must have."""
    return {f"{route.method} {route.path}": route for route in ROUTES}


def cell(world: World, who: str, route: Route) -> str:
    """What this visitor gets: statuses for one's own, a stranger's and nothing; one where the address names nothing.

    What somebody may not see is answered byte for byte as what is not there.
    """
    if not NAME.search(route.path):
        return str(world.ask(who, route, OWN).status)
    own, foreign, missing = (world.ask(who, route, which) for which in (OWN, FOREIGN, MISSING))
    if who not in STAFF and not route.public:
        assert (foreign.status, foreign.body) == (missing.status, missing.body), f"{who} can tell: {route.path}"
        headers = [
            {name: value for name, value in answer.headers.items() if name != "x-request-id"}
            for answer in (foreign, missing)
        ]
        assert headers[0] == headers[1]
    return f"{own.status}/{foreign.status}/{missing.status}"


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_gets_of_every_call_what_the_table_says(world: World, who: str) -> None:
    before = [world.market.order(deal.order.id) for deal in (world.own, world.other)]
    found = {row: cell(world, who, route) for row, route in rows_of().items()}
    assert [world.market.order(deal.order.id) for deal in (world.own, world.other)] == before
    told = cells_of(GOLDEN)
    assert found == {row: told.get(row, {}).get(who) for row in found}


def test_a_key_of_one_side_opens_nothing_of_another(world: World) -> None:
    """The bootstrap key speaks for all; who is named decides, and a name that is no one's own is a stranger's."""
    for who in ("buyer:shop-7", "seller:ann", "buyer:ANN", "seller:shop-77"):
        client = Client(world.clients["buyer"].app, world.clients["buyer"].runner, who, key=KEY)
        for path in (f"/v1/orders/{world.own.order.id}", f"/v1/photos/{world.own.photo}"):
            assert client.get(path).status == 404, (who, path)
