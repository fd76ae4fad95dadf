"""The main job, end to end, as somebody at a desk would play it."""

from tests.api.client import Client
from tests.api.deals import advance, place


def _balances(operator: Client) -> dict[str, int]:
    items = operator.get("/v1/ledger/accounts").json["items"]
    return {item["name"]: item["balance"]["amount"] for item in items}


def test_money_is_held_until_the_goods_are_in_the_buyers_hands_and_then_passed_on(operator: Client) -> None:
    deal = place(operator)
    assert deal.now["status"] == "awaiting_payment"
    assert deal.now["money"]["paid"] == 0

    deal.pay()
    order = deal.now
    assert order["status"] == "awaiting_shipment"
    assert order["money"]["held"] == order["total"] == 530_000
    assert _balances(operator) == {"held:RUB": 530_000, "provider:sandbox:RUB": -530_000}

    deal.ship("SF123")
    assert deal.now["status"] == "awaiting_delivery"
    deal.scan("in_transit")
    deal.scan("delivered")
    order = deal.now
    assert order["status"] == "awaiting_confirmation"
    assert [found["kind"] for found in order["deadlines"]] == ["confirmation_window"]
    assert order["deadlines"][0]["stopped_by"][0] == "confirm_receipt"

    lamp, _ = deal.lines
    refused = deal.buyer.post(f"{deal.url}/receipt", {"lines": [], "acknowledged": True})
    assert (refused.status, refused.code, refused.field) == (422, "nothing_selected", "lines")
    refused = deal.buyer.post(f"{deal.url}/receipt", {"lines": [lamp]})
    assert (refused.status, refused.code) == (422, "consequence_not_acknowledged")
    assert deal.now == order

    preview = deal.buyer.get(f"{deal.url}/receipt?lines={lamp}", accept_language="en").json
    assert preview["amount"] == preview["fee"] + preview["net"] == 254_400
    assert preview["lines"] == [{"id": lamp, "title": "Headlamp “Polus 600”", "quantity": 1, "amount": 254_400}]
    assert preview["still_held"] == 275_600

    confirmed = deal.buyer.post(f"{deal.url}/receipt", {"lines": [lamp], "acknowledged": True}).json
    assert confirmed["money"] == {**order["money"], "held": 275_600, "settling": 254_400}
    assert [line["status"] for line in confirmed["lines"]] == ["confirmed", "held"]
    again = deal.buyer.post(f"{deal.url}/receipt", {"lines": [lamp], "acknowledged": True})
    assert (again.status, again.code, again.field) == (409, "already_confirmed", "lines[0]")

    advance(operator, days=1)
    order = deal.now
    assert (order["money"]["released"], order["money"]["fee"]) == (241_680, 12_720)
    assert [line["status"] for line in order["lines"]] == ["settled", "held"]

    advance(operator, days=6.1)
    order = deal.now
    assert order["status"] == "completed"
    assert [deadline["kind"] for deadline in order["deadlines"]] == ["review"], "only the review is left to do"
    money = order["money"]
    assert money["paid"] == sum(amount for name, amount in money.items() if name != "paid")
    balances = _balances(operator)
    assert balances["seller:shop-7:RUB"] == money["released"] == 503_500
    assert balances["fees:RUB"] == 26_500
    assert sum(balances.values()) == 0
    causes = [event.get("cause") for event in deal.buyer.get(f"{deal.url}/events").json["items"]]
    assert [cause for cause in causes if cause] == ["confirmed", "confirmation_window"]


def test_what_is_not_paid_in_time_is_cancelled_and_no_money_moves(operator: Client) -> None:
    deal = place(operator)
    advance(operator, days=1)
    assert deal.now["status"] == "cancelled"
    assert _balances(operator) == {}
    late = deal.buyer.post(f"{deal.url}/payment", {"method": "sandbox:ok"})
    assert (late.status, late.code) == (409, "order_closed")


def test_what_is_not_shipped_in_time_is_refunded_and_only_that(operator: Client) -> None:
    deal = place(operator).pay()
    lamp, _ = deal.lines
    deal.ship(lines=[lamp])
    advance(operator, days=7)
    order = deal.now
    assert [line["status"] for line in order["lines"]] == ["held", "refunded"]
    assert order["money"]["refunded"] == 275_600
    assert _balances(operator)["provider:sandbox:RUB"] == -254_400


def test_an_order_is_cancelled_before_shipping_with_no_body_at_all(operator: Client) -> None:
    deal = place(operator).pay()
    cancelled = deal.buyer.post(f"{deal.url}/cancellation")
    assert (cancelled.status, cancelled.json["status"]) == (200, "refunded")
    again = deal.buyer.post(f"{deal.url}/cancellation", {})
    assert (again.status, again.code) == (409, "order_closed")


def test_a_declined_payment_changes_nothing(operator: Client) -> None:
    deal = place(operator)
    before = deal.now
    refused = deal.buyer.post(f"{deal.url}/payment", {"method": "sandbox:declined"})
    assert (refused.status, refused.code, refused.field) == (409, "payment_declined", "method")
    assert deal.now == before


def test_part_of_a_quantity_is_confirmed_and_the_rest_stays_protected(operator: Client) -> None:
    deal = place(operator).deliver()
    _, mugs = deal.lines
    order = deal.buyer.post(f"{deal.url}/receipt", {"lines": [{"id": mugs, "quantity": 1}], "acknowledged": True}).json
    assert order["lines"][1]["portions"] == {"confirmed": 1, "held": 1}
    assert order["lines"][1]["status"] == "held"
    too_many = deal.buyer.post(f"{deal.url}/receipt", {"lines": [{"id": mugs, "quantity": 2}], "acknowledged": True})
    assert (too_many.status, too_many.code, too_many.field) == (422, "quantity_too_large", "lines[0].quantity")


def test_support_undoes_an_accidental_confirmation_until_the_release(operator: Client) -> None:
    deal = place(operator).deliver()
    lamp, mugs = deal.lines
    deal.buyer.post(f"{deal.url}/receipt", {"lines": [lamp, mugs], "acknowledged": True})
    support = operator.by("support:sam")
    undone = support.post(f"{deal.url}/receipt/undo", {"lines": [lamp], "why": "pressed by accident"})
    assert (undone.status, undone.json["lines"][0]["status"]) == (200, "held")
    advance(operator, days=1)
    late = support.post(f"{deal.url}/receipt/undo", {"lines": [mugs], "why": "too late"})
    assert (late.status, late.code) == (409, "too_late_to_undo")


def test_the_buyer_asks_for_more_protection_and_the_seller_answers_or_extends_unasked(operator: Client) -> None:
    deal = place(operator).pay().ship()
    ends = deal.now["deadlines"][0]["at"]
    asked = deal.buyer.post(f"{deal.url}/protection", {"days": 10})
    assert asked.json["extension_request"]["days"] == 10
    answer, protection = asked.json["deadlines"]
    assert (answer["kind"], answer["owner"], answer["stopped_by"][0]) == (
        "extension_answer",
        "seller",
        "answer_extension",
    )
    assert protection["at"] == ends
    granted = deal.seller.post(f"{deal.url}/protection/answer", {"granted": True})
    assert granted.json["deadlines"][0]["at"] > ends
    assert "extension_request" not in granted.json
    assert deal.seller.post(f"{deal.url}/protection", {"days": 30}).status == 200
    third = deal.seller.post(f"{deal.url}/protection", {"days": 1})
    assert (third.status, third.code) == (409, "extensions_used_up")


def test_a_number_whose_check_digit_does_not_fit_is_taken_and_pointed_out(operator: Client) -> None:
    deal = place(operator).pay().ship("RD025508007SE")
    assert deal.now["shipments"][0]["meant"] == ["RD025500807SE"]
    assert "meant" not in place(operator).pay().ship("RD025500807SE").now["shipments"][0]


def test_a_magic_tracking_number_plays_the_parcels_life_by_itself(operator: Client) -> None:
    deal = place(operator).pay().ship("FH-DELIVERED-1")
    advance(operator, days=2.5)
    assert deal.now["shipments"][0]["status"] == "in_transit"
    advance(operator, days=0.5)
    order = deal.now
    assert (order["status"], order["shipments"][0]["status"]) == ("awaiting_confirmation", "delivered")
    advance(operator, days=7)
    assert deal.now["status"] == "completed"


def test_one_long_jump_of_the_clock_plays_everything_on_the_way_at_its_own_time(operator: Client) -> None:
    deal = place(operator).pay().ship("FH-CORRECTED-1")
    shipped = deal.now["shipments"][0]["shipped_at"]
    advance(operator, days=40)
    events = deal.buyer.get(f"{deal.url}/events").json["items"]
    assert [event["type"] for event in events][-4:] == [
        "delivery_corrected",
        "checkpoint_recorded",
        "parcel_delivered",
        "portions_released",
    ]
    assert events[-1]["at"] > shipped
    assert deal.now["status"] == "completed"
