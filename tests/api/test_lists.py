"""Lists: pages by cursor, tabs with counts, search, the books."""

from itertools import pairwise
from typing import Any

import pytest

from tests.api.client import Client
from tests.api.deals import advance, place
from tests.api.test_batches import _entry, _run
from tests.api.test_idempotency import PLACING


def _walk(client: Client, url: str) -> list[Any]:
    """All items of a list, page by page."""
    items: list[Any] = []
    cursor = None
    while True:
        mark = "&" if "?" in url else "?"
        page = client.get(url if cursor is None else f"{url}{mark}cursor={cursor}").json
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


def test_cursors_walk_through_five_hundred_orders_newest_first_without_missing_or_doubling_one(
    operator: Client,
) -> None:
    outcomes = _run(operator, [_entry("/orders", PLACING, f"k{n}", "buyer:ann") for n in range(500)])
    placed = [outcome["body"]["id"] for outcome in outcomes]
    for limit in (200, 73):
        found = [order["id"] for order in _walk(operator.by("buyer:ann"), f"/v1/orders?limit={limit}")]
        assert found == sorted(placed, reverse=True)
    first = operator.get("/v1/orders?limit=7").json
    assert [len(first["items"]), first["counts"]["all"]] == [7, 500]


def test_a_cursor_belongs_to_its_list_and_is_taken_only_as_it_was_given(operator: Client) -> None:
    _run(operator, [_entry("/orders", PLACING, f"k{n}", "buyer:ann") for n in range(3)])
    cursor = operator.get("/v1/orders?limit=1").json["next"]
    assert operator.get(f"/v1/orders?limit=1&cursor={cursor}").status == 200
    changed = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    for url in (
        f"/v1/orders?cursor={changed}",
        f"/v1/orders?cursor={cursor}A",
        f"/v1/orders?cursor={cursor[1:]}",
        f"/v1/ledger/accounts?cursor={cursor}",
        f"/v1/ledger/transfers?cursor={cursor}",
    ):
        response = operator.get(url)
        assert (response.status, response.code, response.field) == (422, "invalid_cursor", "cursor")


def test_tabs_are_predicates_over_lines_and_counted(operator: Client) -> None:
    waiting, shipped, both = place(operator), place(operator).pay().ship(), place(operator).pay()
    both.ship(lines=[both.lines[0]])
    ann = operator.by("buyer:ann")
    counts = ann.get("/v1/orders").json["counts"]
    assert {tab: count for tab, count in counts.items() if count} == {
        "all": 3,
        "awaiting_payment": 1,
        "awaiting_shipment": 1,
        "awaiting_delivery": 2,
        "shipped": 2,
    }
    for tab, expected in (
        ("awaiting_payment", {waiting.id}),
        ("awaiting_shipment", {both.id}),
        ("shipped", {shipped.id, both.id}),
        ("closed", set()),
    ):
        found = {order["id"] for order in ann.get(f"/v1/orders?status={tab}&role=buyer").json["items"]}
        assert found == expected, tab
    advance(operator, days=1)
    assert {order["status"] for order in ann.get("/v1/orders?status=closed").json["items"]} == {"cancelled"}


def test_a_tab_is_counted_up_to_a_thousand_and_says_where_counting_ended(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairhold.engine.reading.orders.COUNTED", 3)
    for _ in range(3):
        place(operator)
    ann = operator.by("buyer:ann")
    page = ann.get("/v1/orders").json
    assert (page["counts"]["all"], page["counts_at_least"]) == (3, [])
    place(operator).pay()
    for client in (ann, operator.by("seller:shop-7"), operator):
        page = client.get("/v1/orders").json
        assert page["counts_at_least"] == ["all"]
        assert [page["counts"][tab] for tab in ("all", "awaiting_payment", "awaiting_shipment")] == [3, 3, 1]
        assert len(page["items"]) == 4
    place(operator)
    assert ann.get("/v1/orders").json["counts_at_least"] == ["awaiting_payment", "all"]


def test_staff_find_an_order_by_number_id_or_person_however_old_it_is(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairhold.engine.reading.orders.SEARCHED", 2)
    lamp = place(operator, seller="shop-8")
    others = [place(operator).id for _ in range(4)][::-1]

    def found(client: Client, text: str) -> list[str]:
        return [order["id"] for order in client.get(f"/v1/orders?q={text}").json["items"]]

    for text in (lamp.id, lamp.id.upper(), lamp.now["number"], lamp.now["number"].replace("-", ""), "shop-8"):
        assert found(operator, text) == [lamp.id], text
    assert found(operator, "ann") == [*others, lamp.id]
    assert found(operator, "shop-7") == others
    assert found(operator, "headlamp") == others[:2]
    shop = operator.by("seller:shop-7")
    assert (found(shop, lamp.id), found(shop, lamp.now["number"]), found(shop, "shop-8")) == ([], [], [])
    assert found(operator.by("buyer:ann"), lamp.now["number"]) == [lamp.id]
    assert operator.get(f"/v1/orders?q={lamp.id}&status=shipped").json["items"] == []


def test_orders_are_found_by_what_is_in_them(operator: Client) -> None:
    lamp = place(operator, reference="REF-77").pay().ship("RA644000001RU")
    place(operator, lines=[{"sku": "cup", "title": "Чашка", "quantity": 1, "unit_price": 100}])
    ann = operator.by("buyer:ann")
    for text in ("headlamp", "HEADLAMP", "lamp", "REF-77", "ra644000001ru", lamp.now["number"]):
        found = [order["id"] for order in ann.get(f"/v1/orders?q={text}").json["items"]]
        assert found == [lamp.id], text
    assert len(ann.get("/v1/orders?q=%D1%87%D0%B0%D1%88").json["items"]) == 1
    for text in ("nothing", "%25", "_", "'", '"', "\\"):
        assert ann.get(f"/v1/orders?q={text}").status == 200


def test_history_comes_in_pages_too(operator: Client) -> None:
    deal = place(operator).pay().ship("FH-PICKUP-1")
    advance(operator, days=20)
    whole = deal.buyer.get(f"{deal.url}/events").json["items"]
    assert [event["seq"] for event in whole] == list(range(1, len(whole) + 1))
    assert _walk(deal.buyer, f"{deal.url}/events?limit=3") == whole
    assert deal.now["version"] == len(whole)
    assert all(before["at"] <= after["at"] for before, after in pairwise(whole))
    other = place(operator)
    cursor = deal.buyer.get(f"{deal.url}/events?limit=3").json["next"]
    assert deal.buyer.get(f"{other.url}/events?cursor={cursor}").status == 422


def test_transfers_tell_every_movement_of_an_order_and_add_up_to_the_balances(operator: Client) -> None:
    deal = place(operator).deliver()
    place(operator).pay()
    deal.buyer.post(f"{deal.url}/receipt", {"lines": deal.lines, "acknowledged": True})
    advance(operator, days=1)
    moved = _walk(operator, "/v1/ledger/transfers?limit=2")
    balances: dict[str, int] = {}
    for transfer in moved:
        amount = transfer["amount"]["amount"]
        assert amount > 0
        balances[transfer["debit"]] = balances.get(transfer["debit"], 0) - amount
        balances[transfer["credit"]] = balances.get(transfer["credit"], 0) + amount
    accounts = {item["name"]: item["balance"]["amount"] for item in _walk(operator, "/v1/ledger/accounts?limit=2")}
    assert accounts == balances
    own = _walk(operator, f"/v1/ledger/transfers?order={deal.id}&limit=1")
    assert own == [transfer for transfer in moved if transfer["order"] == deal.id]
    assert operator.get("/v1/ledger/transfers?order=" + "0" * 20).json["items"] == []
    wrong = operator.get("/v1/ledger/transfers?order=mine")
    assert (wrong.status, wrong.field) == (422, "order")


def test_other_currencies_have_accounts_of_their_own(operator: Client) -> None:
    place(operator, currency="JPY", shipping=0).pay()
    place(operator, currency="BRL").pay()
    accounts = operator.get("/v1/ledger/accounts").json["items"]
    sums: dict[str, int] = {}
    for account in accounts:
        money = account["balance"]
        sums[money["currency"]] = sums.get(money["currency"], 0) + money["amount"]
    assert sums == {"JPY": 0, "BRL": 0}
    assert operator.get("/v1/ledger/accounts/held:JPY").json["balance"] == {"amount": 500_000, "currency": "JPY"}
