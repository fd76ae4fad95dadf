"""Every page and every form, as everybody, on one's own, on a stranger's, and on what does not exist.

The addresses are those of the application itself: a new one fails `tests/golden` until its table has its line.
"""

from __future__ import annotations

import hashlib
import html
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from fairhold.domain.commands import NewLine
from fairhold.engine.ports.accounts import Account
from fairhold.engine.ports.admission import Session
from fairhold.engine.webhooks.endpoints import Made
from fairhold.web.app import build_web
from fairhold.web.assets import Assets
from fairhold.web.security import form_token
from fairhold.web.sessions import COOKIE
from fairhold.web.shelves import Shelf, Ware
from fairhold.wiring import Application, asgi, site_of
from tests.differing import differ
from tests.web.conftest import LAMP, SHOP, Market
from tests.web.deals_of_two import DIRECTORY, VISITORS, Deal, bank_task, nowhere, two_deals
from tests.web.shielding import shielded

GOLDEN = Path(__file__).parent.parent / "golden" / "who_sees_which_page.txt"
NOBODY, MEMBER = "nobody", "member"
"""A member has an account and buys; neither deal is theirs."""
EVERYBODY = (NOBODY, MEMBER, *VISITORS)
STAFF = ("mediator", "support", "operator")
SHARED = frozenset(
    {
        "/embed/reviews/{seller}/{sku}",
        "/sellers/{seller}",
        "/sellers/{seller}/products/{sku}",
        "/shop/{seller}",
        "/shop/{seller}/orders",
        "/shop/{seller}/review",
    }
)
"""Pages about what everybody may see: a stranger's is there and says so."""
NOBODYS = frozenset({"language", "address", "link", "key", "side"})
"""Names in addresses that stand for nothing of anybody's."""
NAME = re.compile(r"\{(\w+)(?::\w+)?\}")
OWN, FOREIGN, MISSING = range(3)
Cell = tuple[str, ...]


def _ware(line: NewLine) -> Ware:
    return Ware(line.sku, line.title, line.unit_price)


@dataclass
class World:
    """The pages, what is in them, and a client for each visitor."""

    market: Market
    own: Deal
    other: Deal
    clients: dict[str, TestClient]
    routes: list[tuple[str, str]]
    webhook: str
    difference: str

    def path(self, pattern: str, which: int) -> str:
        """The address of one's own, a stranger's, or nothing."""
        deal = self.other if which == FOREIGN else self.own
        names = deal.names | {"language": "ru", "address": Assets().url("tokens.css").removeprefix("/static/")}
        names |= {
            "webhook": self.webhook,
            "difference": self.difference,
            "delivery": "0",
            "letter": "0",
            "refund": "1",
            "chargeback": "none",
            "link": "made-up",
            "key": "none",
            "person": "p-member",
            "side": "buyer",
        }
        if "{task}" in pattern:
            names["task"] = bank_task(self.market.application, deal.order.id)
            if pattern.startswith("/bank"):
                names["token"] = self.market.application.bank.pages.address(names["task"]).rpartition("/")[2]
        if which == MISSING:
            names = nowhere(names) | {"language": "xx", "address": "nothing.css", "link": "made-up"}
        if which == FOREIGN:
            # Whoever has a letter may look; a stranger's is one to somebody whose order it is not.
            link = self.market.application.links.signed_order_link(deal.order.id, self.own.order.buyer)
            names["token"] = link.rpartition("/")[2]
        # Under an order, its disputes are counted; staff know a dispute by its name.
        if "{dispute:int}" in pattern:
            names["dispute"] = "77" if which == MISSING else "1"
        return NAME.sub(lambda found: names[found[1]], pattern)

    def get(self, who: str, pattern: str, which: int) -> httpx2.Response:
        return self.clients[who].get(self.path(pattern, which), follow_redirects=False)

    def post(self, who: str, pattern: str, which: int, token: str | None) -> httpx2.Response:
        """An empty form, with that token; as a form with files where the page takes no other."""
        client, path = self.clients[who], self.path(pattern, which)
        data = {} if token is None else {"token": token}
        answer = client.post(path, data=data or {"nothing": ""}, follow_redirects=False)
        if answer.status_code == 415:
            files = [("files", ("", b"", "application/octet-stream"))]
            answer = client.post(path, data=data, files=files, follow_redirects=False)
        return answer

    def token(self, who: str) -> str | None:
        """The token that this visitor's forms carry."""
        session = self.clients[who].cookies.get(COOKIE)
        return None if session is None else form_token(session)


def member_of(application: Application) -> str:
    """A session of somebody with an account of their own: its token."""
    now = application.clock.now()
    account = Account("p-member", "Mary", "mary@mail.test", None, ("buyer",), "en", now, now)
    assert application.members.accounts.keep(account)
    token = secrets.token_urlsafe(32)
    began = time.time_ns() // 1000
    session = Session(
        hashlib.sha256(token.encode()).digest(),
        account.person,
        began,
        began,
        began + 3_600_000_000,
        began,
        None,
        0,
        "password",
    )
    application.access.add_session(session)
    return token


def routes_of(application: Application, shop: tuple[Shelf, ...] = ()) -> list[tuple[str, str]]:
    """The method and the pattern of every address of the pages, in order."""
    return sorted(
        (method, route.path)
        for route in build_web(site_of(application, DIRECTORY, shop)).routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    )


def world_of(market: Market) -> World:
    """Two deals, and a client for each visitor."""
    shop = (Shelf(SHOP.id, "RUB", 30_000, (_ware(LAMP),)),)  # type: ignore[arg-type]  # a currency's code
    application = asgi(market.application, DIRECTORY, shop)
    clients = {}
    for who in EVERYBODY:
        client = clients[who] = TestClient(
            application, "http://fairhold.test", headers={"Accept-Language": "en"}, raise_server_exceptions=False
        )
        if who == MEMBER:
            client.cookies.set(COOKIE, member_of(market.application))
        elif who != NOBODY:
            answer = client.post("/sign-in", data={"person": VISITORS[who].id}, follow_redirects=False)
            assert answer.status_code == 303
    own, other = two_deals(market)
    # Whoever may follow a chat would do so without end; a server that stops takes nobody in any more: that is 429.
    market.application.chats.close()
    made = market.application.webhooks.add("https://hooks.example/fairhold", "", ())
    assert isinstance(made, Made)
    routes = routes_of(market.application, shop)
    return World(market, own, other, clients, routes, made.endpoint.id, differ(market.application))


@pytest.fixture
def world(market: Market) -> World:
    return world_of(market)


def _plain(response: httpx2.Response) -> str:
    """The answer without what is new in each: addresses, keys, tokens, the moment."""
    text = html.unescape(response.text)
    text = re.sub(r'data-now="[^"]*"|name="(key|token)" value="[^"]*"|<p class="sandbox">.*?</p>', "", text)
    text = re.sub(r'(href|action)="[^"]*"|data-session="\w+"', "", text)
    kept = {name: value for name, value in response.headers.items() if name not in ("location", "content-length")}
    return f"{response.status_code}\n{kept}\n{text}"


def cell(world: World, who: str, method: str, pattern: str) -> Cell:
    """What this visitor gets: statuses for one's own, a stranger's and nothing; one where the address names nothing.

    Of a form on one's own: what happens without its token, which must be nothing. Then, with the token, a stranger's (not by
    staff, for whom nobody is a stranger) and nothing. Every answer carries the headers.
    """
    named = bool(NAME.search(pattern))
    if method == "GET":
        answers = [world.get(who, pattern, which) for which in ((OWN, FOREIGN, MISSING) if named else (OWN,))]
    else:
        answers = [world.post(who, pattern, OWN, "0" * 64 if who != NOBODY else None)]
        if named:
            # Staff may do what they do to anybody's order: only of what does not exist can theirs be asked without a deed.
            theirs = (MISSING,) if who in STAFF else (FOREIGN, MISSING)
            answers += [world.post(who, pattern, which, world.token(who)) for which in theirs]
    for answer in answers:
        assert answer.status_code < 500, (method, pattern, who, answer.text[-2000:])
        shielded(answer)
    of_somebody = set(NAME.findall(pattern)) - NOBODYS
    if of_somebody and who not in STAFF and _shown(pattern) not in SHARED:
        assert _plain(answers[1]) == _plain(answers[2]), f"{method} {pattern}: {who} can tell a stranger's from nothing"
    return tuple(_told(answer) for answer in answers)


def _told(answer: httpx2.Response) -> str:
    """The status; of a redirection also whether it leads to the sign-in."""
    where = answer.headers.get("location", "")
    return f"{answer.status_code}{'→in' if where.startswith('/sign-in') else ''}"


def _shown(pattern: str) -> str:
    """An address without what its names may look like."""
    return NAME.sub(lambda found: f"{{{found[1]}}}", pattern)


def cells_of(golden: Path) -> dict[str, dict[str, str]]:
    """The table: by method and address, by visitor, what they get. Those who get the same stand together in it."""
    found = {}
    for line in golden.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            row, *told = re.split(r" {3,}", line)
            found[row] = {who: group.split(" ")[1] for group in told for who in group.split(" ")[0].split(",")}
    return found


def line_of(row: str, cells: dict[str, str]) -> str:
    """A row as the table has it."""
    groups: dict[str, list[str]] = {}
    for who, cell in cells.items():
        groups.setdefault(cell, []).append(who)
    return "   ".join([row, *(f"{','.join(whos)} {cell}" for cell, whos in groups.items())])


def rows_of(routes: list[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Every row that the table must have, and the method and the route's own pattern behind it."""
    return {f"{method} {_shown(pattern)}": (method, pattern) for method, pattern in routes}


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_sees_of_every_page_what_the_table_says(world: World, who: str) -> None:
    """One's own, a stranger's and nothing; where these two could be told apart, `cell` fails."""
    before = [world.market.order(deal.order.id) for deal in (world.own, world.other)]
    found = {row: "/".join(cell(world, who, *route)) for row, route in rows_of(world.routes).items()}
    assert [world.market.order(deal.order.id) for deal in (world.own, world.other)] == before
    told = cells_of(GOLDEN)
    assert found == {row: told.get(row, {}).get(who) for row in found}
