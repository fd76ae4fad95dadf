"""Sellers who take the marketplace off their account at Stripe: nothing more is paid to them, and nothing of it is lost."""

from typing import Any

import pytest

from tests.api.deals import advance
from tests.api.test_payments import AtStripe, Shop, shop
from tests.api.test_payouts_at_providers import NET, SELLER, STRIPE, arrive, known, payouts, play, released

__all__ = ["shop"]


@pytest.fixture
def at(shop: Shop) -> AtStripe:
    assert isinstance(shop.at, AtStripe)
    return shop.at


def payee(shop: Shop) -> dict[str, Any]:
    [found] = shop.client.get("/v1/payees/shop-7").json["items"]
    return dict(found)


def back_again(shop: Shop) -> dict[str, Any]:
    answer = shop.client.post("/v1/payees/shop-7/resumption", {"provider": "stripe"})
    assert answer.status == 200
    return dict(answer.json)


@STRIPE
def test_what_is_due_stays_due_until_they_are_back(shop: Shop, at: AtStripe) -> None:
    account = known(shop)
    released(shop)
    at.fake.people.leave(account)
    shop.hear()
    assert (payee(shop)["may_be_paid"], payee(shop)["wanting"]) == (False, ["deauthorized"])
    [balance] = shop.client.get("/v1/sellers/shop-7/balance").json["items"]
    assert balance["hindrance"] == "not_payable"
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).status == 409
    assert payouts(shop) == []
    assert shop.balances[SELLER] == NET
    assert back_again(shop)["may_be_paid"] is False
    at.fake.people.come_back(account)
    assert back_again(shop)["may_be_paid"] is True
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).status == 201
    arrive(shop)
    assert [one["stage"] for one in payouts(shop)] == ["done"]
    assert SELLER not in shop.balances


@STRIPE
def test_what_was_on_its_way_to_their_bank_waits_for_a_person(shop: Shop, at: AtStripe) -> None:
    account = known(shop)
    released(shop)
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).status == 201
    play(shop)
    assert [one["stage"] for one in payouts(shop)] == ["to_bank"]
    at.fake.people.leave(account)
    arrive(shop)
    [payout] = payouts(shop)
    assert (payout["stage"], payout["why"]) == ("parked", "account_closed")
    assert (payee(shop)["may_be_paid"], payee(shop)["parked_why"]) == (False, "account_closed")
    at.fake.people.come_back(account)
    assert back_again(shop)["may_be_paid"] is True
    assert shop.client.post(f"/v1/payouts/{payout['id']}/again", {}).status == 200
    advance(shop.client, days=1)
    arrive(shop)
    assert [one["stage"] for one in payouts(shop)] == ["done"]
