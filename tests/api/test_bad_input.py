"""Nonsense of every kind on every POST: a clear 4xx that names the field, never a 500, and nothing changes."""

from typing import Any
from urllib.parse import unquote

import pytest

from tests.api.client import Client
from tests.api.deals import Deal, place

LONE = b'"\\ud800"'
NUL = b'"a\\u0000b"'
HUGE = b"1" + b"0" * 400
DEEP = b"[" * 5000 + b"]" * 5000

PLACING = {
    b"buyer": b'"ann"',
    b"seller": b'"shop-7"',
    b"currency": b'"RUB"',
    b"lines": b'[{"sku": "a", "title": "A", "quantity": 1, "unit_price": 100}]',
}
LINE = {b"sku": b'"a"', b"title": b'"A"', b"quantity": b"1", b"unit_price": b"100"}

# Each command: where it is posted (below /v1), by whom, and a good body.
COMMANDS: dict[str, tuple[str, str, dict[bytes, bytes]]] = {
    "place": ("/orders", "buyer:ann", PLACING),
    "pay": ("{order}/payment", "buyer:ann", {b"method": b'"sandbox:ok"'}),
    "cancel": ("{order}/cancellation", "buyer:ann", {b"why": b'"changed my mind"'}),
    "ship": (
        "{order}/shipments",
        "seller:shop-7",
        {b"carrier": b'"Post"', b"tracking_number": b'"1"', b"lines": b"[]"},
    ),
    "checkpoint": (
        "{order}/shipments/{shipment}/checkpoints",
        "operator:ops",
        {b"status": b'"delivered"', b"at": b'"2026-01-01T00:00:00Z"', b"place": b'"Perm"', b"note": b'"ok"'},
    ),
    "confirm": ("{order}/receipt", "buyer:ann", {b"lines": b'["x-1"]', b"acknowledged": b"true"}),
    "undo": ("{order}/receipt/undo", "support:sam", {b"lines": b'["x-1"]', b"why": b'"by accident"'}),
    "accident": ("{order}/receipt/accident", "buyer:ann", {b"lines": b'["x-1"]', b"text": b'"by accident"'}),
    "decline": ("{order}/receipt/accident/refusal", "support:sam", {b"reasons": b'"it was collected"'}),
    "ask": ("{order}/protection", "buyer:ann", {b"days": b"5"}),
    "extend": ("{order}/protection", "seller:shop-7", {b"days": b"5"}),
    "answer": ("{order}/protection/answer", "seller:shop-7", {b"granted": b"true"}),
    "review": (
        "{order}/reviews",
        "buyer:ann",
        {
            b"rating": b"5",
            b"shipping_speed": b"5",
            b"photos": b"[]",
            b"anonymous": b"true",
            b"lines": b'[{"id": "x-1", "rating": 5}]',
        },
    ),
    "advance": ("/clock/advance", "operator:ops", {b"seconds": b"1"}),
}

# Each kind of nonsense for one value, and the fields that take text freely enough not to mind it.
VALUES: dict[str, bytes] = {
    "a list of objects": b"[{}]",
    "an object": b'{"a": 1}',
    "a fraction": b"1.5",
    "a huge number": HUGE,
    "a number beyond 64 bits": b"99999999999999999999",
    "below zero": b"-1",
    "NaN": b"NaN",
    "Infinity": b"-Infinity",
    "half a character": LONE,
    "half a character in UTF-8": b'"\xed\xa0\x80"',
    "broken UTF-8": b'"\xff"',
    "NUL": NUL,
    "a control character": b'"a\\u001bb"',
    "a very long text": b'"' + b"x" * 5000 + b'"',
    "an empty text": b'""',
    "deep nesting": DEEP,
    "a wrong kind of list": b"[null]",
}
HARMLESS = {("place", "an empty text"), ("note", "an empty text")}


def _body(fields: dict[bytes, bytes]) -> bytes:
    return b"{" + b", ".join(b'"' + name + b'": ' + value for name, value in fields.items()) + b"}"


def _fields() -> list[tuple[str, str]]:
    return [(command, name.decode()) for command, (_, _, good) in COMMANDS.items() for name in good]


@pytest.fixture
def deal(operator: Client) -> Deal:
    """An order on its way, so that every command has something to be about."""
    return place(operator).pay().ship()


def _post(
    operator: Client, deal: Deal, command: str, body: bytes, idempotency: str | None = "new", **headers: str
) -> Any:
    path, actor, _ = COMMANDS[command]
    shipment = deal.now["shipments"][0]["id"]
    url = "/v1" + path.format(order=f"/orders/{deal.id}", shipment=shipment)
    return operator.by(actor).post(url, body, idempotency=idempotency, **headers)


def _state(operator: Client) -> Any:
    return operator.get("/v1/orders").json, operator.get("/v1/ledger/accounts").json


@pytest.mark.parametrize(("command", "field"), _fields())
def test_a_wrong_value_is_refused_with_the_name_of_its_field(
    operator: Client, deal: Deal, command: str, field: str
) -> None:
    before = _state(operator)
    good = COMMANDS[command][2]
    for kind, value in VALUES.items():
        if (field, kind) in HARMLESS:
            continue
        response = _post(operator, deal, command, _body({**good, field.encode(): value}))
        assert response.status == 422, (kind, response.status, response.body)
        named = response.field or ""
        assert named == field or named.startswith((f"{field}[", f"{field}.")), (kind, named)
    assert _state(operator) == before


@pytest.mark.parametrize("field", [name.decode() for name in LINE])
def test_a_wrong_value_inside_a_line_is_named_with_its_place(operator: Client, deal: Deal, field: str) -> None:
    before = _state(operator)
    for kind, value in VALUES.items():
        second = _body({**LINE, field.encode(): value})
        body = _body({**PLACING, b"lines": b"[" + _body(LINE) + b", " + second + b"]"})
        response = _post(operator, deal, "place", body)
        assert (response.status, response.field) == (422, f"lines[1].{field}"), (kind, response.body)
    assert _state(operator) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_body_that_is_no_object_is_refused(operator: Client, deal: Deal, command: str) -> None:
    before = _state(operator)
    good = _body(COMMANDS[command][2])
    for body, code in (
        (b"[]", "invalid_request"),
        (b"null", "invalid_request"),
        (b'"text"', "invalid_request"),
        (b"1", "invalid_request"),
        (b"{", "malformed_json"),
        (good[:-1], "malformed_json"),
        (good + b"x", "malformed_json"),
        (b"\xef\xbb\xbf" + good, "malformed_json"),
        (good.decode().encode("utf-16"), "malformed_json"),
        (b"\xff\xfe", "malformed_json"),
        (b"\x00", "malformed_json"),
        (b"[" * 100_000, "invalid_request"),
    ):
        response = _post(operator, deal, command, body)
        assert (response.status, response.code) == (422, code), (body[:40], response.body)
    assert _state(operator) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_field_and_one_given_twice_are_refused_by_name(operator: Client, deal: Deal, command: str) -> None:
    before = _state(operator)
    good = COMMANDS[command][2]
    unknown = _post(operator, deal, command, _body({**good, b"colour": b'"red"'}))
    assert (unknown.status, unknown.code, unknown.field) == (422, "unknown_field", "colour")
    name, value = next(iter(good.items()))
    twice = _post(operator, deal, command, _body(good)[:-1] + b', "' + name + b'": ' + value + b"}")
    assert (twice.status, twice.code, twice.field) == (422, "duplicate_field", name.decode())
    escaped = b"\\u%04x" % name[0] + name[1:]
    hidden = _post(operator, deal, command, _body(good)[:-1] + b', "' + escaped + b'": ' + value + b"}")
    assert (hidden.status, hidden.code, hidden.field) == (422, "duplicate_field", name.decode())
    assert _state(operator) == before


@pytest.mark.parametrize(
    ("command", "missing"), [("place", "buyer"), ("pay", "method"), ("ship", "carrier"), ("undo", "why")]
)
def test_a_missing_field_is_named_and_an_empty_body_misses_them_all(
    operator: Client, deal: Deal, command: str, missing: str
) -> None:
    for body in (b"{}", b""):
        response = _post(operator, deal, command, body)
        assert (response.status, response.code, response.field) == (422, "missing_field", missing)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_body_over_the_limit_is_refused_however_it_is_sent(operator: Client, deal: Deal, command: str) -> None:
    path, actor, good = COMMANDS[command]
    url = "/v1" + path.format(order=f"/orders/{deal.id}", shipment=deal.now["shipments"][0]["id"])
    padded = _body(good) + b" " * 300_000
    whole = operator.by(actor).post(url, padded)
    assert (whole.status, whole.code) == (413, "body_too_large")
    headers = {"content_type": "application/json", "idempotency_key": "big"}
    declared = operator.by(actor).send("POST", url, [b"{}"], {**headers, "content_length": "99999999"})
    assert declared.status == 413
    pieces = [padded[start : start + 10_000] for start in range(0, len(padded), 10_000)]
    chunked = operator.by(actor).send("POST", url, pieces, headers)
    assert (chunked.status, chunked.code) == (413, "body_too_large")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_body_that_is_not_declared_as_json_is_refused(operator: Client, deal: Deal, command: str) -> None:
    good = _body(COMMANDS[command][2])
    for declared in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "",
    ):
        response = _post(operator, deal, command, good, content_type=declared)
        assert (response.status, response.code, response.field) == (415, "unsupported_media_type", "Content-Type")


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"advance"}))
def test_a_command_without_a_proper_idempotency_key_is_refused(operator: Client, deal: Deal, command: str) -> None:
    before = _state(operator)
    good = _body(COMMANDS[command][2])
    missing = _post(operator, deal, command, good, idempotency=None)
    assert (missing.status, missing.code, missing.field) == (422, "idempotency_key_missing", "Idempotency-Key")
    for key in ("x" * 201, "clé", "a\tb", " a"):
        wrong = _post(operator, deal, command, good, idempotency=key)
        assert (wrong.status, wrong.code, wrong.field) == (422, "idempotency_key_invalid", "Idempotency-Key"), key
    assert _state(operator) == before


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"lines": []}, "no_lines", "lines"),
        ({"seller": "ann"}, "buyer_is_seller", "seller"),
        ({"currency": "ZZZ"}, "unknown_currency", "currency"),
        ({"currency": "rub"}, "unknown_currency", "currency"),
        ({"policy": "generous"}, "unknown_policy", "policy"),
        ({"discount": 999_999_999}, "discount_too_large", "discount"),
        ({"shipping_days": 31}, "shipping_days_out_of_bounds", "shipping_days"),
        ({"protection_days": 14}, "protection_days_out_of_bounds", "protection_days"),
        ({"protection_days": 91}, "protection_days_out_of_bounds", "protection_days"),
        ({"promised_by": "2020-01-01T00:00:00Z"}, "promised_in_the_past", "promised_by"),
        ({"promised_by": "2990-01-01T00:00:00Z"}, "promised_too_far", "promised_by"),
        ({"promised_by": "tomorrow"}, "invalid_request", "promised_by"),
        ({"promised_by": "2026-02-30T00:00:00Z"}, "invalid_request", "promised_by"),
        ({"promised_by": "2026-05-19T15:40:00"}, "invalid_request", "promised_by"),
        ({"promised_by": 1_800_000_000}, "invalid_request", "promised_by"),
        ({"buyer": "eve"}, "not_allowed", "buyer"),
        ({"buyer": "../ann"}, "invalid_request", "buyer"),
        ({"lines": [{"sku": "a", "title": "A", "quantity": 1, "unit_price": 0}]}, "nothing_to_pay", "lines"),
        ({"lines": [{"sku": "a", "title": "A", "quantity": 2, "unit_price": 10**13}]}, "amount_too_large", "lines"),
        (
            {"lines": [{"sku": "a", "title": "A", "quantity": 0, "unit_price": 1}]},
            "invalid_request",
            "lines[0].quantity",
        ),
        ({"lines": [{"sku": "a", "title": "A", "quantity": 1, "unit_price": 1}] * 101}, "invalid_request", "lines"),
    ],
)
def test_an_order_that_makes_no_sense_is_not_placed(
    operator: Client, change: dict[str, Any], code: str, field: str
) -> None:
    good = {
        "buyer": "ann",
        "seller": "shop-7",
        "currency": "RUB",
        "lines": [{"sku": "a", "title": "A", "quantity": 1, "unit_price": 100}],
    }
    response = operator.by("buyer:ann").post("/v1/orders", good | change)
    assert (response.code, response.field) == (code, field), response.body
    assert response.status == (403 if code == "not_allowed" else 422)
    assert operator.get("/v1/orders").json["counts"]["all"] == 0


def test_a_field_given_twice_deep_inside_is_named_with_its_way(operator: Client) -> None:
    body = (
        b'{"buyer":"a","seller":"b","currency":"RUB","lines":[{"sku":"a","title":"A","quantity":1,"unit_price":1},%b]}'
    )
    twice = operator.post("/v1/orders", body % b'{"sku":"a","sku":"b","title":"B","quantity":1,"unit_price":1}')
    assert (twice.status, twice.code, twice.field) == (422, "duplicate_field", "lines[1].sku")
    inside = b'{"commands":[{"path":"/orders","key":"k","body":%b}]}' % body.replace(b",%b", b"").replace(
        b'"sku"', b'"title":"C","sku"'
    )
    [outcome] = operator.post("/v1/commands", inside).json["outcomes"]
    assert (outcome["body"]["code"], outcome["body"]["field"]) == ("duplicate_field", "lines[0].title")


def test_a_compressed_body_is_refused_before_it_is_read(operator: Client) -> None:
    line = {"sku": "a", "title": "A", "quantity": 1, "unit_price": 100}
    good = {"buyer": "ann", "seller": "shop-7", "currency": "RUB", "lines": [line]}
    for encoding in ("gzip", "br", "gzip, identity"):
        response = operator.post("/v1/orders", good, content_encoding=encoding)
        assert (response.status, response.code, response.field) == (
            415,
            "unsupported_media_type",
            "Content-Encoding",
        )
    assert operator.post("/v1/orders", good, content_encoding="identity").status == 201


@pytest.mark.parametrize("name", ["lamp\n", "\n", " ", "\u200b", "\u202e\u2069", "\ufeff", "a\x85b", "a\x9bb"])
def test_a_name_without_anything_to_see_or_with_a_line_break_is_refused(operator: Client, name: str) -> None:
    line = {"sku": "a", "title": "A", "quantity": 1, "unit_price": 100}
    good = {"buyer": "ann", "seller": "shop-7", "currency": "RUB", "lines": [line]}
    for change, field in (
        ({"reference": name}, "reference"),
        ({"lines": [{**line, "title": name}]}, "lines[0].title"),
        ({"lines": [{**line, "sku": name}]}, "lines[0].sku"),
        ({"lines": [{**line, "image": f"https://example.org/{name}"}]}, "lines[0].image"),
    ):
        if field == "lines[0].image" and not {"\n", " ", "\x85", "\x9b"} & set(name):
            continue
        response = operator.post("/v1/orders", good | change)
        assert (response.status, response.code, response.field) == (422, "invalid_request", field), response.body
    assert operator.get("/v1/orders").json["counts"]["all"] == 0


@pytest.mark.parametrize("field", ["buyer", "seller"])
def test_a_person_is_not_somebody_else_with_a_line_break_behind(operator: Client, field: str) -> None:
    line = {"sku": "a", "title": "A", "quantity": 1, "unit_price": 100}
    good = {"buyer": "ann", "seller": "shop-7", "currency": "RUB", "lines": [line]}
    response = operator.post("/v1/orders", good | {field: "bob\n"})
    assert (response.status, response.code, response.field) == (422, "invalid_request", field)


@pytest.mark.parametrize("title", ["Лампа «Полюс»", "שלום עולם", "\u200fשלום", "👩‍👩‍👧", "A"])
def test_a_name_in_any_script_is_taken(operator: Client, title: str) -> None:
    line = {"sku": "a", "title": title, "quantity": 1, "unit_price": 100}
    placed = operator.post("/v1/orders", {"buyer": "ann", "seller": "s", "currency": "RUB", "lines": [line]})
    assert placed.json["lines"][0]["title"] == title


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=1e2", "limit"),
        ("limit=٣", "limit"),
        ("limit=" + "9" * 500, "limit"),
        ("limit=5&limit=6", "limit"),
        ("cursor=", "cursor"),
        ("cursor=abc", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=" + "A" * 4000, "cursor"),
        ("status=lost", "status"),
        ("status=", "status"),
        ("role=system", "role"),
        ("role=admin", "role"),
        ("q=" + "x" * 101, "q"),
        ("q=%00", "q"),
        ("dryrun=1", "dryrun"),
        ("offset=1", "offset"),
    ],
)
def test_a_wrong_parameter_is_refused_with_its_name(operator: Client, query: str, field: str) -> None:
    response = operator.get("/v1/orders?" + "".join(c if c.isascii() else "%D9%A3" for c in query))
    assert (response.status, response.field) == (422, field)


@pytest.mark.parametrize("query", ["q=%FF", "q=%ED%A0%80", "&".join(f"a{n}=1" for n in range(60)), "q=" + "x" * 9000])
def test_a_query_that_cannot_be_read_is_refused(operator: Client, query: str) -> None:
    assert operator.get(f"/v1/orders?{query}").status == 422


@pytest.mark.parametrize("value", ["2", "yes", "", "1 "])
def test_a_dry_run_that_is_neither_on_nor_off_is_refused_before_anything_happens(operator: Client, value: str) -> None:
    deal = place(operator)
    response = deal.buyer.post(f"{deal.url}/payment?dry_run={value}", {"method": "sandbox:ok"})
    assert (response.status, response.field) == (422, "dry_run")
    assert deal.now["status"] == "awaiting_payment"


@pytest.mark.parametrize(
    "path",
    [
        "/orders/x",
        "/orders/0000000000000000000",
        "/orders/" + "z" * 20,
        "/orders/%00",
        "/orders/" + "x" * 3000,
        "/orders/заказ",
        "/orders/%2e%2e",
        "/ledger/accounts/nobody:RUB",
        "/ledger/accounts/%00",
    ],
)
def test_a_name_that_names_nothing_is_404(operator: Client, path: str) -> None:
    assert operator.get(f"/v1{unquote(path)}").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/\n",
        "/orders\n",
        "/nope",
        "/orders/",
        "/orders//payment",
        "/Orders",
        "/orders/x/y/z",
        "/dispute",
        "/payout",
    ],
)
def test_an_address_that_does_not_exist_is_404(operator: Client, path: str) -> None:
    response = operator.get(f"/v1{path}")
    assert (response.status, response.code) == (404, "route_not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/orders", "GET, POST, HEAD"),
        ("PUT", "/clock", "GET, HEAD"),
        ("GET", "/commands", "POST"),
        ("PATCH", "/clock/advance", "POST"),
    ],
)
def test_a_method_that_an_address_does_not_take_is_405(operator: Client, method: str, path: str, allowed: str) -> None:
    response = operator.send(method, f"/v1{path}")
    assert (response.status, response.code, response.headers["allow"]) == (405, "method_not_allowed", allowed)


def test_a_checkpoint_at_no_real_time_or_on_no_parcel_is_refused(operator: Client, deal: Deal) -> None:
    parcel = deal.now["shipments"][0]["id"]
    url = f"{deal.url}/shipments/{parcel}/checkpoints"
    for at in (
        "2026-13-01T00:00:00Z",
        "2026-01-01",
        "1969-12-31T23:59:59Z",
        "9999-01-01T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "",
    ):
        response = operator.post(url, {"status": "delivered", "at": at})
        assert (response.status, response.field) == (422, "at"), at
    ahead = operator.post(url, {"status": "delivered", "at": "2990-01-01T00:00:00Z"})
    assert (ahead.status, ahead.code, ahead.field) == (422, "checkpoint_in_the_future", "at")
    unknown = operator.post(
        f"{deal.url}/shipments/{parcel}9/checkpoints", {"status": "delivered", "at": "2026-01-01T00:00:00Z"}
    )
    assert (unknown.status, unknown.code) == (404, "unknown_shipment")
    wrong = operator.post(url, {"status": "eaten", "at": "2026-01-01T00:00:00Z"})
    assert (wrong.status, wrong.field) == (422, "status")


def test_another_orders_line_is_an_unknown_line(operator: Client, deal: Deal) -> None:
    other = place(operator).pay().ship()
    for command in ("confirm", "ship", "undo"):
        path, actor, good = COMMANDS[command]
        del path, actor
        body = _body({**good, b"lines": f'["{other.lines[0]}"]'.encode()})
        response = _post(operator, deal, command, body)
        assert response.status in (409, 422)
        if response.status == 422:
            assert (response.code, response.field) == ("unknown_line", "lines[0]")
