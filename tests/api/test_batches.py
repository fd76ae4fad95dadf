"""`POST /commands`: each entry as its own POST would be, in order where they name one order, bad ones alone."""

import json
from typing import Any

from tests.api.client import Client
from tests.api.deals import place
from tests.api.test_idempotency import PLACING


def _run(client: Client, commands: list[Any], **headers: str) -> list[dict[str, Any]]:
    response = client.post("/v1/commands", {"commands": commands}, idempotency=None, **headers)
    assert response.status == 200, response.body
    outcomes: list[dict[str, Any]] = response.json["outcomes"]
    assert len(outcomes) == len(commands)
    return outcomes


def _entry(path: str, body: Any, key: str, actor: str | None = None) -> dict[str, Any]:
    return {"path": path, "body": body, "key": key} | ({} if actor is None else {"actor": actor})


def test_commands_on_one_order_are_decided_in_their_order(operator: Client) -> None:
    deal = place(operator)
    lamp, mugs = deal.lines
    base = f"/orders/{deal.id}"
    outcomes = _run(
        operator,
        [
            _entry(f"{base}/receipt", {"lines": [lamp], "acknowledged": True}, "0", "buyer:ann"),
            _entry(f"{base}/payment", {"method": "sandbox:ok"}, "1", "buyer:ann"),
            _entry(f"{base}/shipments", {"carrier": "Post", "tracking_number": "1"}, "2", "seller:shop-7"),
            _entry(f"{base}/receipt", {"lines": [lamp], "acknowledged": True}, "3", "buyer:ann"),
            _entry(f"{base}/receipt", {"lines": [lamp, mugs], "acknowledged": True}, "4", "buyer:ann"),
        ],
    )
    assert [outcome["status"] for outcome in outcomes] == [409, 200, 200, 200, 409]
    assert outcomes[0]["body"]["code"] == "not_shipped"
    assert [outcome["body"]["version"] for outcome in outcomes[1:4]] == [2, 3, 4]
    assert outcomes[4]["body"]["code"] == "already_confirmed"
    assert deal.buyer.get(deal.url).json["version"] == 4


def test_an_entry_answers_the_same_bytes_as_its_own_post(operator: Client) -> None:
    placed = _run(operator, [_entry("/orders", PLACING, "k", "buyer:ann")])
    own = operator.by("buyer:ann").post("/v1/orders", PLACING, idempotency="k")
    assert placed == [{"status": 201, "body": own.json}]
    assert own.headers["idempotent-replayed"] == "true"


def test_bad_entries_fail_alone(operator: Client) -> None:
    deal = place(operator)
    base = f"/orders/{deal.id}"
    pay = {"method": "sandbox:ok"}
    commands: list[tuple[Any, int, str, str | None]] = [
        (_entry("/nowhere", {}, "a"), 404, "route_not_found", None),
        (_entry("/clock/advance", {"seconds": 1}, "b"), 422, "not_in_a_batch", "path"),
        (_entry("/commands", {"commands": []}, "c"), 422, "not_in_a_batch", "path"),
        (_entry("/orders/x/payment", pay, "d"), 404, "not_found", None),
        (_entry(f"{base}/payment", pay, "e", "buyer:eve"), 404, "not_found", None),
        (_entry(f"{base}/payment", pay, "f", "seller:shop-7"), 403, "not_allowed", None),
        (_entry(f"{base}/payment", pay, "g", "system:system"), 403, "role_not_granted", "actor"),
        (_entry(f"{base}/payment", pay, "h", "ann"), 422, "actor_invalid", "actor"),
        (_entry(f"{base}/payment", {"method": 5}, "i", "buyer:ann"), 422, "invalid_request", "method"),
        (_entry(f"{base}/payment", {"metod": "x"}, "j", "buyer:ann"), 422, "unknown_field", "metod"),
        (_entry(f"{base}/payment", [], "k", "buyer:ann"), 422, "invalid_request", None),
        (_entry(f"{base}/payment", None, "l", "buyer:ann"), 422, "invalid_request", None),
        (_entry(f"{base}/payment", pay, "", "buyer:ann"), 422, "idempotency_key_missing", "key"),
        (_entry(f"{base}/payment", pay, "x" * 201, "buyer:ann"), 422, "idempotency_key_invalid", "key"),
        ({"path": f"{base}/payment", "body": pay, "actor": "buyer:ann"}, 422, "idempotency_key_missing", "key"),
        ({"body": pay, "key": "m"}, 422, "missing_field", "path"),
        ({"path": f"{base}/payment", "body": pay, "key": "n", "when": 1}, 422, "unknown_field", "when"),
        ("text", 422, "invalid_request", None),
        (None, 422, "invalid_request", None),
        ([], 422, "invalid_request", None),
        (_entry(f"{base}/payment?dry_run=maybe", pay, "o", "buyer:ann"), 422, "invalid_parameter", "dry_run"),
        (_entry(f"{base}/payment", {"method": "x" * 300_000}, "p", "buyer:ann"), 413, "body_too_large", None),
    ]
    good = _entry(f"{base}/payment", pay, "good", "buyer:ann")
    outcomes = _run(operator, [*(command for command, *_ in commands), good])
    for (command, status, code, field), outcome in zip(commands, outcomes, strict=False):
        found = outcome["body"]
        assert (outcome["status"], found["code"], found.get("field")) == (status, code, field), (command, found)
    assert outcomes[-1]["status"] == 200


def test_half_a_character_or_a_nan_in_one_entry_leaves_the_others_alone(operator: Client) -> None:
    deal = place(operator)
    good = json.dumps(_entry(f"/orders/{deal.id}/payment", {"method": "sandbox:ok"}, "1", "buyer:ann")).encode()
    bad = json.dumps(_entry(f"/orders/{deal.id}/payment", {"method": "@"}, "2", "buyer:ann")).encode()
    pieces = b", ".join(
        (bad.replace(b'"@"', b'"\\ud800"'), bad.replace(b'"@"', b"NaN"), bad.replace(b'"@"', b'"\xff"'), good)
    )
    response = operator.post("/v1/commands", b'{"commands": [' + pieces + b"]}")
    outcomes = response.json["outcomes"]
    assert [outcome["status"] for outcome in outcomes] == [422, 422, 422, 200]
    assert {outcome["body"]["field"] for outcome in outcomes[:3]} == {"method"}


def test_a_dry_run_inside_a_batch_does_nothing(operator: Client) -> None:
    deal = place(operator)
    entry = _entry(f"/orders/{deal.id}/payment?dry_run=1", {"method": "sandbox:ok"}, "1", "buyer:ann")
    [outcome] = _run(operator, [entry])
    assert outcome["body"]["status"] == "awaiting_shipment"
    assert deal.now["status"] == "awaiting_payment"


def test_the_same_key_twice_in_one_batch_happens_once(operator: Client) -> None:
    first, second = _run(operator, [_entry("/orders", PLACING, "same", "buyer:ann")] * 2)
    assert first == second
    [other] = _run(operator, [_entry("/orders", {**PLACING, "tax": 1}, "same", "buyer:ann")])
    assert (other["status"], other["body"]["code"], other["body"]["field"]) == (422, "idempotency_key_reused", "key")
    assert operator.get("/v1/orders").json["counts"]["all"] == 1


def test_a_thousand_commands_are_taken_and_one_more_is_not(operator: Client) -> None:
    entries = [_entry("/orders", PLACING, f"k{n}", "buyer:ann") for n in range(1001)]
    refused = operator.post("/v1/commands", {"commands": entries})
    assert (refused.status, refused.code, refused.field) == (422, "invalid_request", "commands")
    outcomes = _run(operator, entries[:1000])
    assert {outcome["status"] for outcome in outcomes} == {201}
    assert operator.get("/v1/orders").json["counts"]["all"] == 1000


def test_an_empty_batch_is_empty_and_no_batch_is_refused(operator: Client) -> None:
    assert _run(operator, []) == []
    for body, field in (
        (b"{}", "commands"),
        (b'{"commands": {}}', "commands"),
        (b'{"commands": [1', None),
        (b"[]", None),
    ):
        response = operator.post("/v1/commands", body)
        assert (response.status, response.field) == (422, field)
    deep = operator.post("/v1/commands", b'{"commands": [' + b"[" * 200_000 + b"]" * 200_000 + b"]}")
    assert deep.status == 422
    large = operator.post("/v1/commands", b'{"commands": [' + b" " * (4 * 1024 * 1024) + b"]}")
    assert large.status == 413


def test_anybody_may_send_a_batch_of_what_they_may_do(operator: Client) -> None:
    deal = place(operator)
    outcomes = _run(deal.buyer, [_entry(f"/orders/{deal.id}/payment", {"method": "sandbox:ok"}, "1")])
    assert outcomes[0]["status"] == 200
