"""The same key and body: the same answer. Anything else under the key: refused. Refusals are not kept."""

from tests.api.client import Client
from tests.api.deals import advance, place

PLACING = {
    "buyer": "ann",
    "seller": "shop-7",
    "currency": "RUB",
    "lines": [{"sku": "a", "title": "A", "quantity": 2, "unit_price": 500}],
}


def test_placing_twice_under_one_key_places_once_and_answers_the_same_bytes(operator: Client) -> None:
    ann = operator.by("buyer:ann")
    first = ann.post("/v1/orders", PLACING, idempotency="k1")
    second = ann.post("/v1/orders", dict(reversed(PLACING.items())), idempotency="k1")
    assert (first.status, first.body) == (201, second.body)
    assert second.status == 201
    assert second.headers["location"] == first.headers["location"] == f"/v1/orders/{first.json['id']}"
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert operator.get("/v1/orders").json["counts"]["all"] == 1


def test_a_repeat_answers_as_of_then_whatever_happened_since(operator: Client) -> None:
    deal = place(operator)
    first = deal.buyer.post(f"{deal.url}/payment", {"method": "sandbox:ok"}, idempotency="pay")
    deal.ship().scan()
    advance(operator, days=8)
    second = deal.buyer.post(f"{deal.url}/payment", {"method": "sandbox:ok"}, idempotency="pay")
    assert second.body == first.body
    assert deal.now["status"] == "completed"


def test_another_body_path_or_person_under_the_key_is_refused(operator: Client) -> None:
    deal = place(operator).deliver()
    lamp, mugs = deal.lines
    body = {"lines": [lamp], "acknowledged": True}
    assert deal.buyer.post(f"{deal.url}/receipt", body, idempotency="k").status == 200
    for client, path, changed in (
        (deal.buyer, "receipt", {**body, "lines": [mugs]}),
        (deal.buyer, "cancellation", {}),
        (operator.by("support:sam"), "receipt/undo", {"lines": [lamp], "why": "x"}),
        (deal.seller, "protection", {"days": 1}),
    ):
        refused = client.post(f"{deal.url}/{path}", changed, idempotency="k")
        assert (refused.status, refused.code) == (422, "idempotency_key_reused")
        assert refused.field == "Idempotency-Key"
    placed = operator.post("/v1/orders", PLACING, idempotency="p")
    assert placed.status == 201
    other = operator.by("buyer:ann").post("/v1/orders", PLACING, idempotency="p")
    assert (other.status, other.code) == (422, "idempotency_key_reused")


def test_a_key_belongs_to_its_order(operator: Client) -> None:
    for _ in range(2):
        deal = place(operator)
        assert deal.buyer.post(f"{deal.url}/payment", {"method": "sandbox:ok"}, idempotency="same").status == 200
        assert deal.now["status"] == "awaiting_shipment"


def test_a_refusal_is_not_kept_under_its_key(operator: Client) -> None:
    deal = place(operator).pay()
    body = {"lines": deal.lines, "acknowledged": True}
    early = deal.buyer.post(f"{deal.url}/receipt", body, idempotency="k")
    assert (early.status, early.code) == (409, "not_shipped")
    deal.ship()
    assert deal.buyer.post(f"{deal.url}/receipt", body, idempotency="k").status == 200
    nonsense = deal.seller.post(f"{deal.url}/protection", {"days": "many"}, idempotency="n")
    assert nonsense.status == 422


def test_a_strangers_repeat_of_a_key_is_404(operator: Client) -> None:
    deal = place(operator)
    deal.buyer.post(f"{deal.url}/payment", {"method": "sandbox:ok"}, idempotency="k")
    stolen = operator.by("buyer:eve").post(f"{deal.url}/payment", {"method": "sandbox:ok"}, idempotency="k")
    assert stolen.status == 404


def test_a_dry_run_answers_what_would_happen_and_does_nothing(operator: Client) -> None:
    deal = place(operator).deliver()
    before, books = deal.now, operator.get("/v1/ledger/accounts").json
    body = {"lines": deal.lines, "acknowledged": True}
    for key in (None, "dry"):
        would = deal.buyer.post(f"{deal.url}/receipt?dry_run=1", body, idempotency=key)
        assert would.status == 200
        assert would.json["status"] == "settling"
        assert would.json["version"] == before["version"] + 1
    assert deal.now == before
    assert operator.get("/v1/ledger/accounts").json == books
    refused = deal.buyer.post(f"{deal.url}/receipt?dry_run=1", {"lines": []})
    assert (refused.status, refused.code) == (422, "nothing_selected")
    real = deal.buyer.post(f"{deal.url}/receipt?dry_run=0", body, idempotency="dry")
    assert real.json["version"] == before["version"] + 1
    assert deal.now["status"] == "settling"


def test_a_dry_placement_makes_no_order(operator: Client) -> None:
    would = operator.by("buyer:ann").post("/v1/orders?dry_run=true", PLACING)
    assert (would.status, would.json["status"]) == (200, "awaiting_payment")
    assert "location" not in would.headers
    assert operator.get(f"/v1/orders/{would.json['id']}").status == 404
    assert operator.get("/v1/orders").json["counts"]["all"] == 0
