"""Disputes and chargebacks over HTTP, as buyer, seller, mediators and the operator play them (S2, S12, S17–S21)."""

import hashlib
import zipfile
from pathlib import Path
from typing import Any

from fairhold.proof.verify import verify
from tests.api.client import Client
from tests.api.deals import Deal, advance, place
from tests.gateways.pictures import jpeg


def _open(deal: Deal, lines: list[Any], **given: Any) -> dict[str, Any]:
    body = {"lines": lines, "reason": "damaged", "demand": {"kind": "refund"}, "text": "It is broken."} | given
    answer = deal.buyer.post(f"{deal.url}/disputes", body)
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.json["disputes"][-1]
    return found


def _balances(operator: Client) -> dict[str, int]:
    items = operator.get("/v1/ledger/accounts").json["items"]
    return {item["name"]: item["balance"]["amount"] for item in items}


def test_one_item_is_confirmed_and_the_other_disputed_bargained_over_escalated_ruled_and_paid(operator: Client) -> None:
    deal = place(operator).deliver()
    lamp, mugs = deal.lines
    dispute = _open(deal, [{"id": mugs, "quantity": 1}])
    url = f"/v1/disputes/{dispute['id']}"
    assert (dispute["status"], dispute["turn"], dispute["amount"]) == ("awaiting_answer", "seller", 137_800)
    assert [offer["refund"] for offer in dispute["offers"]] == [137_800]
    [deadline] = dispute["deadlines"]
    assert (deadline["kind"], deadline["owner"]) == ("dispute_response", "seller")
    assert deal.now["status"] == "in_dispute"
    assert deal.now["lines"][1]["portions"] == {"held": 1, "disputed": 1}

    refused = deal.buyer.post(f"{deal.url}/receipt", {"lines": [mugs, lamp], "acknowledged": True})
    assert refused.status == 200, "the other mug and the lamp can be confirmed"
    refused = deal.buyer.post(f"{deal.url}/receipt", {"lines": [mugs], "acknowledged": True})
    assert (refused.status, refused.code) == (409, "line_in_dispute")

    offered = deal.seller.post(f"{url}/offers", {"refund": 30_000, "text": "A scratch."}).json["disputes"][0]
    assert [offer["status"] for offer in offered["offers"]] == ["replaced", "open"]
    assert offered["offers"][1]["to_seller"] == 137_800 - 30_000 - 5_390
    refused = deal.seller.post(f"{url}/offers/2/acceptance", {})
    assert (refused.status, refused.code) == (403, "own_offer")
    refused = deal.buyer.post(f"{url}/offers", {"refund": 137_801})
    assert (refused.status, refused.code, refused.field) == (422, "refund_above_what_is_left", "refund")
    assert deal.buyer.post(f"{url}/offers", {"refund": 100_000}).status == 200
    refused = deal.buyer.post(f"{url}/offers/2/acceptance", {})
    assert (refused.status, refused.code) == (409, "offer_replaced")

    assert deal.seller.post(f"{url}/escalation", {}).status == 200
    mia, max_ = operator.by("mediator:mia"), operator.by("mediator:max")
    refused = operator.by("mediator:shop-7").post(f"{url}/ruling", {"refund": 1, "reasons": "Mine."})
    assert (refused.status, refused.code) == (403, "conflict_of_interest")
    ruled = mia.post(f"{url}/ruling", {"refund": 50_000, "reasons": "Half."}).json["disputes"][0]
    assert (ruled["status"], ruled["rulings"][0]["refund"]) == ("ruled", 50_000)
    refused = mia.post(f"{url}/ruling", {"refund": 1, "reasons": "Again."})
    assert (refused.status, refused.code) == (409, "already_ruled")
    assert deal.buyer.post(f"{url}/appeal", {"text": "Look again."}).status == 200
    refused = mia.post(f"{url}/ruling", {"refund": 1, "reasons": "Again."})
    assert (refused.status, refused.code) == (403, "same_mediator")
    final = max_.post(f"{url}/ruling", {"refund": 60_000, "reasons": "A little more."}).json
    assert final["disputes"][0]["outcome"]["outcome"] == "ruled"
    assert final["disputes"][0]["outcome"]["refunded"] == 60_000

    advance(operator, days=2)
    order = deal.now
    assert order["status"] == "completed"
    assert order["money"]["refunded"] == 60_000
    assert order["money"]["released"] + order["money"]["fee"] == 470_000
    assert _balances(operator)["seller:shop-7:RUB"] == order["money"]["released"]
    assert sum(_balances(operator).values()) == 0

    shown = deal.buyer.get(url).json
    assert (shown["id"], shown["status"]) == (dispute["id"], "settled")
    said = shown["messages"]
    assert [message["type"] for message in said] == [
        "dispute_opened",
        "offer_made",
        "offer_made",
        "dispute_escalated",
        "dispute_ruled",
        "ruling_appealed",
        "dispute_ruled",
        "dispute_settled",
    ]


def test_silence_of_the_seller_grants_the_demand(operator: Client) -> None:
    deal = place(operator).deliver()
    dispute = _open(deal, deal.lines, demand={"kind": "refund", "amount": 100_000})
    advance(operator, seconds=5 * 24 * 3600)
    order = deal.now
    assert order["disputes"][0]["outcome"]["outcome"] == "silence"
    assert order["money"]["refunded"] == 100_000
    assert order["status"] == "completed"
    refused = deal.seller.post(f"/v1/disputes/{dispute['id']}/offers", {"refund": 1})
    assert (refused.status, refused.code) == (409, "dispute_closed")


def test_goods_go_back_are_received_and_paid_for(operator: Client) -> None:
    deal = place(operator).deliver()
    dispute = _open(deal, deal.lines, demand={"kind": "return_and_refund"})
    url = f"/v1/disputes/{dispute['id']}"
    agreed = deal.seller.post(f"{url}/offers/1/acceptance", {}).json["disputes"][0]
    assert (agreed["status"], agreed["turn"]) == ("return_due", "buyer")
    sent = deal.buyer.post(f"{url}/return", {"carrier": "Post", "tracking_number": "BACK-1"}).json
    assert (sent["disputes"][0]["status"], sent["disputes"][0]["turn"]) == ("returning", "seller")
    assert sent["shipments"][1]["returns"] == dispute["id"]
    deal.scan("delivered", shipment=1)
    assert deal.seller.post(f"{url}/return/receipt", {"accepted": True}).status == 200
    order = deal.now
    assert (order["status"], order["money"]["refunded"]) == ("refunded", 530_000)


def test_goods_are_sent_again_and_the_deal_goes_on(operator: Client) -> None:
    deal = place(operator).deliver()
    dispute = _open(deal, deal.lines, demand={"kind": "resend"})
    url = f"/v1/disputes/{dispute['id']}"
    assert deal.seller.post(f"{url}/offers/1/acceptance", {}).status == 200
    order = deal.seller.post(f"{url}/resend", {"carrier": "Post", "tracking_number": "NEW-1"}).json
    assert order["disputes"][0]["status"] == "resent"
    assert order["status"] == "awaiting_delivery"
    deal.scan("delivered", shipment=1)
    assert deal.now["status"] == "awaiting_confirmation"


def test_a_withdrawn_dispute_gives_back_the_time_that_was_left_and_can_be_opened_again(operator: Client) -> None:
    deal = place(operator).deliver()
    before = deal.now["deadlines"][0]["at"]
    dispute = _open(deal, deal.lines)
    advance(operator, seconds=3600)
    order = deal.buyer.post(f"/v1/disputes/{dispute['id']}/withdrawal", {}).json
    assert order["disputes"][0]["status"] == "withdrawn"
    assert order["deadlines"][0]["at"] > before
    assert _open(deal, deal.lines)["id"].endswith("-d2")


def test_a_chargeback_after_the_payout_leaves_the_seller_owing_and_later_sales_fill_the_hole(operator: Client) -> None:
    deal = place(operator).deliver()
    deal.buyer.post(f"{deal.url}/receipt", {"lines": deal.lines, "acknowledged": True})
    advance(operator, days=2)
    order = operator.post("/v1/chargebacks", {"order": deal.id, "amount": 530_000, "reason": "fraud"}).json
    assert order["money"]["charged_back"] == 530_000
    assert order["money"]["released"] == order["money"]["fee"] == 0
    refused = operator.post("/v1/chargebacks", {"order": deal.id, "amount": 1})
    assert (refused.status, refused.code) == (409, "nothing_left")
    won = operator.post(f"/v1/chargebacks/{order['chargebacks'][0]['id']}/outcome", {"won": True}).json
    assert won["money"]["released"] + won["money"]["fee"] == 530_000
    assert won["chargebacks"][0]["status"] == "won"
    refused = operator.post(f"/v1/chargebacks/{order['chargebacks'][0]['id']}/outcome", {"won": False})
    assert (refused.status, refused.code) == (409, "chargeback_ended")


def test_another_ones_dispute_looks_like_one_that_does_not_exist(operator: Client) -> None:
    deal = place(operator).deliver()
    dispute = _open(deal, deal.lines)
    stranger = operator.by("buyer:eve")
    for name in (dispute["id"], deal.id + "-d9", "nothing", "nothing-d1"):
        assert stranger.get(f"/v1/disputes/{name}").status == 404
        assert stranger.post(f"/v1/disputes/{name}/offers", {"refund": 1}).status == 404
    assert deal.buyer.get(f"/v1/disputes/{deal.id}-d9").code == "unknown_dispute"


def test_late_and_not_received_wait_until_the_parcel_is_late_or_said_to_be_delivered(operator: Client) -> None:
    deal = place(operator).pay().ship()
    body = {"lines": deal.lines, "reason": "not_received", "demand": {"kind": "refund"}, "text": "Nothing came."}
    refused = deal.buyer.post(f"{deal.url}/disputes", body)
    assert (refused.status, refused.code, refused.field) == (409, "not_late_yet", "reason")
    deal.scan("delivered")
    refused = deal.buyer.post(f"{deal.url}/disputes", {**body, "reason": "late"})
    assert (refused.status, refused.code) == (409, "not_late_yet")
    assert deal.buyer.post(f"{deal.url}/disputes", body).status == 200


def test_a_photo_in_evidence_is_seen_by_both_sides_and_staff_and_nobody_else(operator: Client) -> None:
    deal = place(operator).deliver()
    photo = deal.buyer.upload(jpeg()).json
    refused = deal.buyer.post(
        f"{deal.url}/disputes",
        {
            "lines": deal.lines,
            "reason": "damaged",
            "demand": {"kind": "refund"},
            "text": "Look.",
            "evidence": [photo["id"], "x"],
        },
    )
    assert (refused.status, refused.code, refused.field) == (422, "photo_not_yours", "evidence[1]")
    address = f"/v1/photos/{photo['id']}"
    assert deal.seller.get(address).status == 404
    dispute = _open(deal, deal.lines, evidence=[photo["id"]])
    assert dispute["evidence"] == [{"id": photo["id"], "sha256": photo["sha256"]}]
    assert [who.get(address).status for who in (deal.buyer, deal.seller, operator.by("mediator:mia"))] == [200] * 3
    assert operator.by("buyer:eve").get(address).status == 404
    refused = deal.seller.post(
        f"/v1/disputes/{dispute['id']}/messages", {"text": "Not mine.", "evidence": [photo["id"]]}
    )
    assert (refused.status, refused.code) == (422, "photo_not_yours")


def test_disputes_are_listed_by_tab_for_the_parties_and_as_a_queue_for_staff(operator: Client) -> None:
    small, large = place(operator).deliver(), place(operator).deliver()
    first = _open(small, [small.lines[0]])
    second = _open(large, large.lines)
    for dispute in (first, second):
        assert small.seller.post(f"/v1/disputes/{dispute['id']}/escalation", {}).status == 200
    mine = small.buyer.get("/v1/disputes?tab=awaiting_ruling").json
    assert [item["id"] for item in mine["items"]] == [second["id"], first["id"]]
    assert (mine["counts"]["all"], mine["counts"]["awaiting_ruling"], mine["counts"]["closed"]) == (2, 2, 0)
    mia = operator.by("mediator:mia")
    page = mia.get("/v1/disputes?sort=amount&limit=1").json
    assert [item["id"] for item in page["items"]] == [second["id"]]
    page = mia.get(f"/v1/disputes?sort=amount&limit=1&cursor={page['next']}").json
    assert ([item["id"] for item in page["items"]], page["next"]) == ([first["id"]], None)
    assert operator.by("buyer:eve").get("/v1/disputes").json["items"] == []
    refused = small.buyer.get("/v1/disputes?sort=amount")
    assert (refused.status, refused.code, refused.field) == (403, "not_allowed", "sort")
    assert small.buyer.get("/v1/disputes?tab=nonsense").status == 422
    assert small.buyer.get("/v1/disputes?cursor=nonsense").code == "invalid_cursor"


def test_a_bundle_for_the_bank_holds_the_talk_the_photo_and_the_ruling_and_is_sound(
    operator: Client, tmp_path: Path
) -> None:
    deal = place(operator).deliver()
    photo = deal.buyer.upload(jpeg()).json
    dispute = _open(deal, deal.lines, evidence=[photo["id"]], text="A crack at the handle.")
    url = f"/v1/disputes/{dispute['id']}"
    deal.seller.post(f"{url}/offers", {"refund": 0, "text": "It was whole."})
    deal.buyer.post(f"{url}/escalation", {})
    operator.by("mediator:mia").post(f"{url}/ruling", {"refund": 100_000, "reasons": "The photo shows it."})
    answer = operator.get(f"{deal.url}/evidence-bundle", accept_language="en")
    assert answer.status == 200
    file = tmp_path / "bundle.zip"
    file.write_bytes(answer.body)
    with zipfile.ZipFile(file) as opened:
        page = opened.read("timeline.html").decode()
        assert hashlib.sha256(opened.read(f"photos/{photo['id']}.jpg")).hexdigest() == photo["sha256"]
    for said in ("A crack at the handle.", "It was whole.", "The photo shows it."):
        assert said in page
    assert verify(file, None).faults == ()


def test_an_offer_without_a_sum_or_the_goods_again_is_none(operator: Client) -> None:
    deal = place(operator).deliver()
    url = f"/v1/disputes/{_open(deal, deal.lines)['id']}"
    refused = deal.seller.post(f"{url}/offers", {})
    assert (refused.status, refused.code, refused.field) == (422, "invalid_request", "refund")
    refused = deal.seller.post(f"{url}/offers", {"refund": 1, "resend": True})
    assert (refused.status, refused.code, refused.field) == (422, "return_or_resend", "resend")
    assert deal.seller.post(f"{url}/offers", {"resend": True}).status == 200
