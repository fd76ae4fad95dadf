"""Who may call what: no key, wrong keys, roles, and orders that are not one's own."""

import secrets
from typing import Any

import msgspec
import pytest

from fairhold.api.auth import TRACKING, key_hash
from fairhold.api.http import Head
from fairhold.api.table import ROUTES
from fairhold.domain.accident import Accident
from fairhold.domain.actors import PEOPLE, Role
from fairhold.domain.commands import AskExtension
from fairhold.domain.guards import GUARDS
from fairhold.domain.instants import Instant
from fairhold.engine.ports.admission import ApiKey
from fairhold.engine.ports.store import StoreUnavailable
from fairhold.wiring import Application
from tests.api.client import KEY, Client
from tests.api.deals import Deal, place
from tests.api.test_bad_input import COMMANDS
from tests.builders import BUYER, at, policy, shipped
from tests.builders import place as place_command

ACTORS = {
    "buyer": "buyer:ann",
    "seller": "seller:shop-7",
    "mediator": "mediator:mia",
    "support": "support:sam",
    "operator": "operator:ops",
}
STRANGERS = ("buyer:eve", "seller:shop-8")
MAY = {
    "place": {"buyer", "operator"},
    "pay": {"buyer"},
    "cancel": {"buyer", "seller", "operator"},
    "ship": {"seller"},
    "checkpoint": {"operator"},
    "confirm": {"buyer"},
    "undo": {"support"},
    "ask": {"buyer", "seller"},
    "answer": {"seller"},
    "review": {"buyer", "seller"},
    "advance": {"operator"},
}


def _request(deal: Deal, command: str) -> tuple[str, bytes]:
    path, _, good = COMMANDS[command]
    shipment = deal.now["shipments"][0]["id"]
    body = b"{" + b", ".join(b'"' + name + b'": ' + value for name, value in good.items()) + b"}"
    return "/v1" + path.format(order=f"/orders/{deal.id}", shipment=shipment), body


@pytest.mark.parametrize("role", ACTORS)
@pytest.mark.parametrize("command", MAY)
def test_a_role_that_may_never_do_it_is_told_so_whatever_the_body(operator: Client, command: str, role: str) -> None:
    deal = place(operator).pay().ship()
    url, good = _request(deal, command)
    client = operator.by(ACTORS[role])
    for body in (good, b"{", b'{"nonsense": 1}'):
        response = client.post(url, body)
        if role in MAY[command]:
            assert response.status not in (401, 403, 404, 500)
        else:
            assert (response.status, response.code) == (403, "not_allowed")


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("command", sorted(set(MAY) - {"place", "advance"}))
def test_a_strangers_order_is_answered_exactly_as_one_that_does_not_exist(
    operator: Client, command: str, stranger: str
) -> None:
    deal = place(operator).pay().ship()
    before = deal.now
    url, good = _request(deal, command)
    nowhere = url.replace(deal.id, deal.id[:-5] + "00000")
    client = operator.by(stranger)
    for body in (good, b"{", b"", b'{"nonsense": 1}', b"x" * 300_000):
        theirs, none = client.post(url, body), client.post(nowhere, body)
        assert (theirs.status, theirs.code) == (404, "not_found")
        assert theirs.body == none.body
        assert {name: value for name, value in theirs.headers.items() if name != "x-request-id"} == {
            name: value for name, value in none.headers.items() if name != "x-request-id"
        }
    assert client.post(f"{url}?dry_run=maybe", good).status == 404
    assert client.post(url, good, idempotency=None).status == 404
    assert deal.now == before


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("path", ["", "/events", "/receipt", "/receipt?lines=x", "/events?limit=x", "?unknown=1"])
def test_a_strangers_order_cannot_be_read(operator: Client, stranger: str, path: str) -> None:
    deal = place(operator)
    response = operator.by(stranger).get(deal.url + path)
    assert (response.status, response.code) == (404, "not_found")
    nowhere = operator.by(stranger).get(deal.url.replace(deal.id, "0" * 20) + path)
    assert nowhere.body == response.body


@pytest.mark.parametrize("role", ACTORS)
def test_staff_see_every_order_and_each_side_its_own(operator: Client, role: str) -> None:
    deal = place(operator)
    client = operator.by(ACTORS[role])
    assert client.get(deal.url).json["id"] == deal.id
    assert [order["id"] for order in client.get("/v1/orders").json["items"]] == [deal.id]
    assert client.get(f"{deal.url}/events").status == 200


def test_lists_hold_the_callers_own_orders_only(operator: Client) -> None:
    place(operator)
    for stranger in STRANGERS:
        listed = operator.by(stranger).get("/v1/orders").json
        assert listed["items"] == []
        assert set(listed["counts"].values()) == {0}
    crossed = operator.by("buyer:shop-7").get("/v1/orders").json
    assert crossed["items"] == []
    refused = operator.by("buyer:ann").get("/v1/orders?role=seller")
    assert (refused.status, refused.code, refused.field) == (403, "not_allowed", "role")


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("/ledger/accounts", {"operator", "seller"}),
        ("/ledger/transfers", {"operator"}),
        ("/policies", set(ACTORS)),
        ("/clock", set(ACTORS)),
    ],
)
def test_the_books_are_the_operators_and_a_sellers_account_is_theirs(
    operator: Client, path: str, roles: set[str]
) -> None:
    for role, actor in ACTORS.items():
        assert operator.by(actor).get(f"/v1{path}").status == (200 if role in roles else 403)


def test_an_account_that_is_not_ones_own_does_not_exist(operator: Client) -> None:
    deal = place(operator).deliver()
    deal.buyer.post(f"{deal.url}/receipt", {"lines": deal.lines, "acknowledged": True})
    operator.post("/v1/clock/advance", {"seconds": 86_400})
    own = "/v1/ledger/accounts/seller:shop-7:RUB"
    assert deal.seller.get(own).json == {"name": "seller:shop-7:RUB", "balance": {"amount": 503_500, "currency": "RUB"}}
    assert [item["name"] for item in deal.seller.get("/v1/ledger/accounts").json["items"]] == ["seller:shop-7:RUB"]
    for client in (operator.by("seller:shop-8"), deal.buyer):
        hidden = client.get(own)
        assert (hidden.status, hidden.code) == (404, "account_not_found")
        assert hidden.body == client.get("/v1/ledger/accounts/seller:nobody:RUB").body


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Bearer wrong"},
        {"authorization": "Basic b3BzOm9wcw=="},
        {"authorization": "Bearer \xff\xfe"},
        {"authorization": "Bearer " + "x" * 10_000},
    ],
)
def test_without_a_valid_key_nothing_is_told(operator: Client, headers: dict[str, str]) -> None:
    deal = place(operator)
    nobody = operator.by("buyer:ann", key=None)
    for method, path in (
        ("GET", deal.url),
        ("POST", f"{deal.url}/payment"),
        ("GET", "/v1/nope"),
        ("POST", "/v1/commands"),
    ):
        response = nobody.send(method, path, [b"{}"], headers)
        assert (response.status, response.code) == (401, "unauthorized")
        assert response.headers["www-authenticate"].startswith("Bearer realm=")


@pytest.mark.parametrize(
    ("actor", "status", "code"),
    [
        ("ann", 422, "actor_invalid"),
        ("", 422, "actor_invalid"),
        ("buyer:", 422, "actor_invalid"),
        (":ann", 403, "role_not_granted"),
        ("buyer:a b", 422, "actor_invalid"),
        ("buyer:ann\xff", 422, "actor_invalid"),
        ("buyer:" + "a" * 65, 422, "actor_invalid"),
        ("buyer:ann:x", 422, "actor_invalid"),
        ("system:system", 403, "role_not_granted"),
        ("admin:root", 403, "role_not_granted"),
        ("Buyer:ann", 403, "role_not_granted"),
    ],
)
def test_an_actor_that_is_nobody_is_refused(operator: Client, actor: str, status: int, code: str) -> None:
    response = operator.by(actor).get("/v1/orders")
    assert (response.status, response.code, response.field) == (status, code, "Fairhold-Actor")


def _new_key(application: Application, *roles: str, scopes: tuple[str, ...] = ()) -> str:
    key = secrets.token_urlsafe(32)
    row = ApiKey(secrets.token_hex(4), key_hash(key.encode()), "test", roles, scopes, 0)
    application.access.add_api_key(row)
    return key


def test_a_key_speaks_for_its_own_roles_only_and_until_it_is_revoked(
    application: Application, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairhold.api.auth._FRESH_FOR", 0.0)
    key = _new_key(application, "buyer")
    client = operator.by("buyer:ann", key=key)
    assert client.get("/v1/orders").status == 200
    for actor in ("seller:shop-7", "operator:ops", "support:sam", "mediator:mia"):
        refused = operator.by(actor, key=key).get("/v1/orders")
        assert (refused.status, refused.code) == (403, "role_not_granted")
    unnamed = operator.by(None, key=key).get("/v1/orders")
    assert (unnamed.status, unnamed.code, unnamed.field) == (422, "actor_missing", "Fairhold-Actor")
    [row] = application.access.api_keys()
    application.access.revoke_api_key(row.id, Instant(1))
    assert client.get("/v1/orders").status == 401


def test_while_keys_cannot_be_read_the_last_known_ones_count(
    application: Application, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairhold.api.auth._FRESH_FOR", 0.0)
    client = operator.by("buyer:ann", key=_new_key(application, "buyer"))
    assert client.get("/v1/orders").status == 200

    def away() -> list[ApiKey]:
        raise StoreUnavailable("the home database is away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(application.access, "api_keys", away)
        assert client.get("/v1/orders").status == 200
        assert operator.by("buyer:ann", key="never seen").get("/v1/orders").status == 401
    assert client.get("/v1/orders").status == 200


def test_checkpoints_take_the_scope_tracking(
    application: Application, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairhold.api.auth._FRESH_FOR", 0.0)
    deal = place(operator).pay().ship()
    url, body = _request(deal, "checkpoint")
    without = operator.by("operator:ops", key=_new_key(application, "operator"))
    refused = without.post(url, body)
    assert (refused.status, refused.code) == (403, "scope_not_granted")
    with_scope = operator.by("operator:ops", key=_new_key(application, "operator", scopes=(TRACKING,)))
    assert with_scope.post(url, body).status == 200


def test_nobody_named_is_the_operator_where_the_key_allows_it(operator: Client) -> None:
    place(operator)
    assert operator.by(None).get("/v1/orders").json["counts"]["all"] == 1


def test_the_tables_roles_are_those_of_the_guards() -> None:
    """Of the most permissive order: what a policy or an overdue answer adds is part of the table, decided order by order."""
    receipt: dict[str, object] = {"buyer_undo_minutes": 30, "seller_marks_delivered": True}
    answers = shipped(place_command(policy=policy(receipt=receipt))).do(AskExtension(days=10), BUYER).until(at(days=20))
    due = Instant(0)
    order = msgspec.structs.replace(answers.order, accident=Accident(reported_at=due, due=due, overdue=True))
    for route in ROUTES:
        found: set[Role] = set()
        for guard in GUARDS:
            if guard.command in route.asks:
                found |= (guard.roles | guard.also(order)) & PEOPLE
        if found:
            assert route.roles == found, route.name


def test_a_seller_whose_policy_does_not_let_them_report_is_refused_even_with_the_scope(operator: Client) -> None:
    deal = place(operator).pay().ship()
    url, body = _request(deal, "checkpoint")
    for sent in (body, b"{"):
        refused: Any = deal.seller.post(url, sent)
        assert (refused.status, refused.code) == (403, "not_allowed")
    permissive = place(operator, policy="sharetribe").pay().ship()
    url, body = _request(permissive, "checkpoint")
    assert permissive.seller.post(url, body).status == 200


def test_of_two_persons_named_by_two_headers_none_is_picked(operator: Client) -> None:
    head = Head({"headers": [(b"fairhold-actor", b"buyer:ann"), (b"fairhold-actor", b"operator:ops")]})
    assert head.actor is not None
    response = operator.by(head.actor.decode()).get("/v1/orders")
    assert (response.status, response.code, response.field) == (422, "actor_invalid", "Fairhold-Actor")
    keys = Head({"headers": [(b"authorization", b"Bearer wrong"), (b"authorization", f"Bearer {KEY}".encode())]})
    assert keys.authorization is not None
    assert operator.send("GET", "/v1/orders", headers={"authorization": keys.authorization.decode()}).status == 401
