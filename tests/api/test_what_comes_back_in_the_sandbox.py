"""The sandbox's provider tells by itself what banks send back, as time passes on its clock."""

import pytest

from tests.api.client import Client
from tests.api.deals import Deal, advance, place


def paid_by(operator: Client, method: str) -> Deal:
    deal = place(operator)
    assert deal.buyer.post(f"{deal.url}/payment", {"method": method}).status == 200
    return deal


def types(deal: Deal) -> list[str]:
    return [event["type"] for event in deal.operator.get(f"{deal.url}/events").json["items"]]


def known(operator: Client, account: str) -> None:
    body = {"provider": "sandbox", "account": account, "schedule": "on_request"}
    answer = operator.post("/v1/payees/shop-7", body)
    assert answer.status == 200, answer.body


def completed(operator: Client, method: str = "sandbox:ok") -> Deal:
    deal = paid_by(operator, method).ship().scan().confirm()
    advance(operator, days=2)
    assert deal.now["status"] == "completed"
    return deal


@pytest.mark.parametrize("steps", [(7200,), (600,) * 12, (3599, 1, 3600)])
def test_a_refund_comes_back_an_hour_later_however_the_clock_gets_there(
    operator: Client, steps: tuple[int, ...]
) -> None:
    deal = paid_by(operator, "sandbox:refund-returned")
    assert deal.buyer.post(f"{deal.url}/cancellation", {}).status == 200
    for seconds in steps:
        advance(operator, seconds=seconds)
    assert types(deal)[-2:] == ["refund_paid", "refund_returned"]
    times = {event["type"]: event["at"] for event in operator.get(f"{deal.url}/events").json["items"]}
    assert times["refund_returned"] > times["refund_paid"]
    assert deal.now["refunds"][0]["status"] == "returned"
    advance(operator, days=3)
    assert types(deal).count("refund_returned") == 1


def test_sent_again_the_same_way_it_comes_back_again_until_it_is_paid_elsewhere(operator: Client) -> None:
    deal = paid_by(operator, "sandbox:refund-returned")
    assert deal.buyer.post(f"{deal.url}/cancellation", {}).status == 200
    advance(operator, seconds=7200)
    assert operator.post(f"{deal.url}/refunds/1/again", {}).status == 200
    advance(operator, seconds=7200)
    assert [one["status"] for one in deal.now["refunds"]] == ["sent_again", "returned"]
    assert operator.post(f"{deal.url}/refunds/2/elsewhere", {"reference": "cash"}).status == 200
    advance(operator, days=1)
    assert [one["status"] for one in deal.now["refunds"]] == ["sent_again", "paid_elsewhere"]


def test_what_was_passed_on_comes_back_and_is_due_again(operator: Client) -> None:
    known(operator, "shop-7-at-the-sandbox")
    deal = completed(operator, "sandbox:transfer-returned")
    assert operator.post("/v1/payouts", {"seller": "shop-7"}).status == 201
    advance(operator, seconds=2 * 3600)
    assert types(deal)[-3:] == ["payout_started", "payout_sent", "payout_returned"]
    [balance] = operator.get("/v1/sellers/shop-7/balance").json["items"]
    assert balance["due"]["amount"] > 0


def test_a_payout_that_the_sellers_bank_sends_back_waits_for_a_person(operator: Client) -> None:
    known(operator, "sandbox:payout-returned")
    completed(operator)
    assert operator.post("/v1/payouts", {"seller": "shop-7"}).status == 201
    advance(operator, seconds=45 * 60)
    assert [one["stage"] for one in operator.get("/v1/payouts").json["items"]] == ["done"]
    advance(operator, seconds=2 * 3600)
    assert [one["stage"] for one in operator.get("/v1/payouts").json["items"]] == ["returned"]
    assert len(operator.get("/v1/payees?parked=1").json["items"]) == 1
