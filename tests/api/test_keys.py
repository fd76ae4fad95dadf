"""Keys of the API and links that let people in: never more rights than the key that asks, told once, counted once."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from fairhold.api import auth
from fairhold.api.table import ROUTES
from fairhold.domain.instants import HOUR
from fairhold.engine.accounts.key_ring import SCOPES
from fairhold.wiring import Application
from tests.api.client import Client

LINE = {"sku": "a", "title": "A", "quantity": 1, "unit_price": 100}
PLACING = {"buyer": "ann", "seller": "shop", "currency": "RUB", "lines": [LINE]}


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are read at each call, not every two seconds."""
    monkeypatch.setattr(auth, "_FRESH_FOR", 0.0)


def made(operator: Client, **body: Any) -> Any:
    answer = operator.post("/v1/keys", {"roles": ["buyer"], **body})
    assert answer.status == 201, answer.json
    return answer.json


def test_every_scope_that_a_call_takes_can_be_given_and_no_other() -> None:
    assert {route.scope for route in ROUTES if route.scope} <= set(SCOPES)


def test_a_new_key_works_is_told_once_and_listed_by_its_print(
    operator: Client, fresh: None, application: Application
) -> None:
    key = made(operator, label="Shop", scopes=["tracking"])
    assert key["key"].startswith("fh_")
    shop = operator.by("buyer:ann", key=key["key"])
    assert shop.post("/v1/orders", PLACING).status == 201
    assert operator.by("seller:shop", key=key["key"]).get("/v1/orders").code == "role_not_granted"
    [listed] = operator.get("/v1/keys").json["items"]
    assert "key" not in listed
    expected = {"id": key["id"], "label": "Shop", "roles": ["buyer"], "scopes": ["tracking"], "live": True}
    assert {name: listed[name] for name in expected} == expected
    assert key["key"] not in str(application.store.tables().rows("SELECT * FROM api_keys"))


def test_the_same_request_again_is_told_the_same_key(operator: Client) -> None:
    body = {"roles": ["buyer"], "label": "Once"}
    first, again = (operator.post("/v1/keys", body, idempotency="k1").json for _ in range(2))
    assert first == again
    assert operator.post("/v1/keys", body, idempotency="k2").json["key"] != first["key"]
    assert len(operator.get("/v1/keys").json["items"]) == 2


def test_another_request_under_a_known_key_changes_nothing_and_a_refusal_is_not_kept(operator: Client) -> None:
    first = operator.post("/v1/keys", {"roles": ["buyer"], "label": "One"}, idempotency="k1")
    for path, body in (
        ("/v1/keys", {"roles": ["buyer"], "label": "Another"}),
        (f"/v1/keys/{first.json['id']}/rotation", {}),
        ("/v1/sign-in-links", {"person": "ann"}),
    ):
        again = operator.post(path, body, idempotency="k1")
        assert (again.status, again.code) == (422, "idempotency_key_reused")
    assert [key["label"] for key in operator.get("/v1/keys").json["items"]] == ["One"]
    link = {"person": "ann", "next": "/orders"}
    assert operator.post("/v1/sign-in-links", link, idempotency="k2").status == 201
    assert operator.post("/v1/sign-in-links", {**link, "person": "bob"}, idempotency="k2").status == 422
    assert operator.post("/v1/keys", {"roles": ["buyer"], "scopes": ["nonsense"]}, idempotency="k3").status == 422
    assert operator.post("/v1/keys", {"roles": ["buyer"]}, idempotency="k3").status == 201


def test_a_rotated_key_counts_for_a_while_beside_the_new_one(
    operator: Client, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = made(operator, roles=["buyer", "seller"])
    new = operator.post(f"/v1/keys/{old['id']}/rotation", {"overlap_hours": 2}, idempotency="r").json
    assert (
        operator.post(f"/v1/keys/{old['id']}/rotation", {"overlap_hours": 2}, idempotency="r").json["key"] == new["key"]
    )
    assert operator.post(f"/v1/keys/{old['id']}/rotation", {}).code == "key_replaced"
    assert new["roles"] == ["buyer", "seller"]
    for key in (old, new):
        assert operator.by("buyer:ann", key=key["key"]).get("/v1/orders").status == 200
    late = time.time_ns() + 3 * HOUR * 1000
    monkeypatch.setattr("fairhold.api.auth.time.time_ns", lambda: late)
    assert operator.by("buyer:ann", key=old["key"]).get("/v1/orders").status == 401
    assert operator.by("buyer:ann", key=new["key"]).get("/v1/orders").status == 200


def test_a_revoked_key_counts_no_more(operator: Client, fresh: None) -> None:
    key = made(operator)
    revoked = operator.post(f"/v1/keys/{key['id']}/revocation", {})
    assert revoked.json["live"] is False
    assert operator.by("buyer:ann", key=key["key"]).get("/v1/orders").status == 401
    assert operator.post(f"/v1/keys/{key['id']}/rotation", {}).code == "key_replaced"
    assert (
        operator.post("/v1/keys/none/revocation", {}).code
        == operator.post("/v1/keys/none/rotation", {}).code
        == "key_not_found"
    )


def test_nobody_gives_what_they_have_not(operator: Client, fresh: None) -> None:
    weak = made(operator, roles=["operator"], scopes=["keys"])
    strong = made(operator, roles=["operator", "mediator"], scopes=["keys", "webhooks"])
    plain = made(operator, roles=["operator"])
    by = operator.by("operator:ops", key=weak["key"])
    assert by.post("/v1/keys", {"roles": ["operator"], "scopes": ["keys"]}).status == 201
    assert by.post("/v1/keys", {"roles": ["mediator"]}).code == "role_not_granted"
    assert by.post("/v1/keys", {"roles": ["operator"], "scopes": ["webhooks"]}).code == "scope_not_granted"
    assert by.post(f"/v1/keys/{strong['id']}/rotation", {}).code == "role_not_granted", (
        "or it would be told a stronger key"
    )
    assert operator.by("operator:ops", key=plain["key"]).get("/v1/keys").code == "scope_not_granted"
    assert operator.by("buyer:ann").get("/v1/keys").status == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"roles": []},
        {"roles": ["system"]},
        {"roles": ["buyer"], "scopes": ["everything"]},
        {"roles": ["buyer"], "label": "a\x00b"},
        {"roles": ["buyer"], "label": "x" * 201},
        {"roles": "buyer"},
    ],
)
def test_what_is_no_key_is_refused(operator: Client, body: dict[str, Any]) -> None:
    assert operator.post("/v1/keys", body).status == 422
    assert operator.get("/v1/keys").json["items"] == []


def test_the_last_use_is_noted_once_an_hour_and_beside_the_calls(
    operator: Client, fresh: None, application: Application
) -> None:
    key = made(operator)
    ann = operator.by("buyer:ann", key=key["key"])
    for _ in range(3):
        ann.get("/v1/orders")
    for _ in range(200):
        [listed] = operator.get("/v1/keys").json["items"]
        if "used_at" in listed:
            break
    noted = application.members.keys.all()[0].used_at
    assert noted is not None
    for _ in range(3):
        ann.get("/v1/orders")
    assert application.members.keys.all()[0].used_at == noted


def test_a_link_lets_a_person_in_once_and_is_for_buyers_and_sellers_alone(
    operator: Client, fresh: None, application: Application
) -> None:
    key = made(operator, roles=["buyer"], scopes=["sign_in"])
    by = operator.by("buyer:ann", key=key["key"])
    answer = by.post(
        "/v1/sign-in-links", {"person": "ann", "name": "Анна", "email": "ann@example.org", "next": "/orders"}
    )
    assert answer.status == 201
    path = urlsplit(answer.json["url"]).path
    came = application.members.handovers.take(path.rpartition("/")[2])
    assert not hasattr(came, "why")
    assert application.members.accounts.account("ann") is not None
    assert by.post("/v1/sign-in-links", {"person": "ann", "roles": ["seller"]}).code == "role_not_granted"
    assert by.post("/v1/sign-in-links", {"person": "ops", "roles": ["operator"]}).status == 422
    plain = made(operator, roles=["buyer"])
    assert (
        operator.by("buyer:ann", key=plain["key"]).post("/v1/sign-in-links", {"person": "ann"}).code
        == "scope_not_granted"
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"person": "a b"}, "person"),
        ({"person": "ann", "email": "nobody"}, "email"),
        ({"person": "ann", "next": "//evil.example"}, "next"),
        ({"person": "ann", "next": "https://evil.example"}, "next"),
        ({"person": "ann", "next": "/\\evil"}, "next"),
        ({"person": "ann", "name": "a\x00"}, "name"),
        ({"person": "ann", "language": "de"}, "language"),
        ({"person": "ann", "roles": []}, "roles"),
    ],
)
def test_what_is_no_person_is_refused_by_the_field(operator: Client, body: dict[str, Any], field: str) -> None:
    answer = operator.post("/v1/sign-in-links", body)
    assert (answer.status, answer.field) == (422, field)
