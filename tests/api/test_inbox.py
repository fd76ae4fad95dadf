"""Inboxes, wishes and contacts over the API: one's own alone, and contacts for the operator with the scope."""

import json
from typing import Any

import pytest

from fairhold.api.auth import key_hash
from fairhold.engine.ports.admission import ApiKey
from fairhold.wiring import Application
from tests.api.client import Client, Response
from tests.api.deals import Deal, place

CONTACT = {"email": "Ann@Почта.РФ", "language": "ru", "zone": "Europe/Moscow", "name": "Аня"}


@pytest.fixture
def deal(operator: Client, application: Application) -> Deal:
    deal = place(operator)
    deal.buyer.post(f"{deal.url}/payment", {"method": "sandbox:ok"})
    application.courier.once()
    return deal


def put(client: Client, person: str, body: Any, **headers: str) -> Response:
    raw = [json.dumps(body).encode()]
    return client.send("PUT", f"/v1/people/{person}/contact", raw, {"content_type": "application/json", **headers})


def test_both_sides_read_their_own_inbox_in_their_own_language(deal: Deal) -> None:
    buyers = deal.buyer.get("/v1/inbox?limit=1", accept_language="ru").json
    [newest] = buyers["items"]
    assert (newest["topic"], newest["kind"], newest["read"]) == ("paid", "money", False)
    assert newest["title"].startswith("Оплачено")
    assert newest["order"] == deal.id
    assert newest["path"] == f"/orders/{deal.id}"
    assert buyers["unread"] >= 1
    sellers = deal.seller.get("/v1/inbox").json
    assert [one["topic"] for one in sellers["items"]] == ["paid"]
    assert sellers["items"][0]["title"].startswith("New order, paid")
    assert deal.operator.by("buyer:stranger").get("/v1/inbox").json["items"] == []
    assert deal.operator.get("/v1/inbox").json["items"] == []


def test_pages_follow_each_other(deal: Deal) -> None:
    first = deal.buyer.get("/v1/inbox?limit=1").json
    second = deal.buyer.get(f"/v1/inbox?limit=1&cursor={first['next']}").json
    assert [page["items"][0]["topic"] for page in (first, second)] == ["paid", "placed"]
    assert second["next"] is None
    assert deal.seller.get(f"/v1/inbox?cursor={first['next']}").code == "invalid_cursor"


def test_reading_marks_what_is_ones_own(deal: Deal) -> None:
    [notice] = deal.seller.get("/v1/inbox").json["items"]
    assert deal.buyer.post("/v1/inbox/read", {"notices": [notice["id"], "none"]}).json["unread"] == 1
    assert deal.seller.post("/v1/inbox/read", {"notices": [notice["id"]]}).json == {"unread": 0}
    assert deal.seller.get("/v1/inbox").json["items"][0]["read"] is True
    assert deal.buyer.post("/v1/inbox/read", {}).json == {"unread": 0}


def test_letters_about_money_cannot_be_turned_off(operator: Client) -> None:
    ann = operator.by("buyer:ann")
    assert ann.get("/v1/inbox/letters").json == {"unwanted": []}
    assert ann.post("/v1/inbox/letters", {"unwanted": ["reviews", "parcels"]}).json == {
        "unwanted": ["parcels", "reviews"]
    }
    refused = ann.post("/v1/inbox/letters", {"unwanted": ["money"]})
    assert (refused.status, refused.field) == (422, "unwanted[0]")
    assert operator.by("seller:ann").get("/v1/inbox/letters").json == {"unwanted": ["parcels", "reviews"]}


def test_the_operator_sets_a_contact_and_reads_it(operator: Client) -> None:
    assert operator.get("/v1/people/ann/contact").status == 404
    expected = {"person": "ann", "language": "ru", "zone": "Europe/Moscow", "email": "Ann@почта.рф", "name": "Аня"}
    assert put(operator, "ann", CONTACT).json == expected
    assert operator.get("/v1/people/ann/contact").json == expected
    assert put(operator, "ann", {"language": "en"}).json == {"person": "ann", "language": "en", "zone": "UTC"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.org\nBcc: c@d.org"}, "email"),
        ({"email": "a\u0000@b.org"}, "email"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"language": "de"}, "language"),
        ({"name": "a\nb"}, "name"),
        ({"phone": "1"}, "phone"),
    ],
)
def test_what_is_no_contact_is_refused_by_field(operator: Client, change: dict[str, str], field: str) -> None:
    refused = put(operator, "ann", {**CONTACT, **change})
    assert (refused.status, refused.field) == (422, field)
    assert operator.get("/v1/people/ann/contact").status == 404


def test_contacts_are_the_operators_with_the_scope(operator: Client, application: Application) -> None:
    key = "a-key-without-the-scope-0123456789"
    application.access.add_api_key(ApiKey("k", key_hash(key.encode()), "k", ("operator",), (), 0))
    for actor in ("buyer:ann", "seller:ann", "support:sam", "mediator:mia"):
        assert operator.by(actor).get("/v1/people/ann/contact").status == 403
        assert put(operator.by(actor), "ann", CONTACT).status == 403
    assert put(operator.by(None, key=key), "ann", CONTACT).code == "scope_not_granted"


def test_a_name_that_nobody_can_have_is_not_found(operator: Client) -> None:
    assert put(operator, "a b", CONTACT).status == 404
    assert put(operator, "a\x00b", CONTACT).status == 404
    assert operator.get("/v1/people/a\x00b/contact").status == 404
