"""Payouts through providers' fakes over HTTP: each story at Stripe, where they take two steps, and at YooKassa, where one."""

from typing import Any

import pytest

from tests.api.deals import advance, place
from tests.api.test_payments import AtStripe, AtYooKassa, Shop, shop
from tests.fakes.stripe.server import Fault

__all__ = ["shop"]

NET = 503_500
SELLER = "seller:shop-7:RUB"


def account_of(shop: Shop, seller: str = "shop-7") -> str:
    """Where the provider pays this seller to."""
    if isinstance(shop.at, AtYooKassa):
        return "pt-2f0c1d5e"
    provider = shop.application.payments.providers["stripe"]
    found: str = provider.onboard(  # type: ignore[attr-defined]  # Stripe's alone
        "",
        f"onboard {seller}",
        seller=seller,
        country="DE",
        back="https://shop.example/",
        again="https://shop.example/a",
    ).account
    assert isinstance(shop.at, AtStripe)
    shop.at.fake.people.become_known(found)
    return found


def known(shop: Shop, **given: object) -> str:
    """The seller has an account there that may be paid."""
    account = account_of(shop)
    body = {"provider": shop.at.name, "account": account, "schedule": "on_request"} | given
    answer = shop.client.post("/v1/payees/shop-7", body)
    assert (answer.status, answer.json["may_be_paid"]) == (200, True), answer.body
    return account


def released(shop: Shop) -> Shop:
    """An order paid there, and its money due to the seller."""
    shop.start().pay().hear()
    shop.deal.ship().scan().confirm()
    advance(shop.client, days=2)
    assert shop.deal.now["status"] == "completed"
    return shop


def play(shop: Shop) -> None:
    """Everything that is said is heard, and everything due done; banks take what comes."""
    for _ in range(3):
        shop.deliver()
        shop.application.payouts.paymaster.once()
        settle(shop)
        shop.hear()


def settle(shop: Shop) -> None:
    """The sellers' banks have it."""
    if isinstance(shop.at, AtStripe):
        for payout in of_kind(shop.at, "payout"):
            if payout["status"] in ("pending", "in_transit"):
                shop.at.fake.people.settle(payout["id"])
        return
    for one in list(shop.at.fake.books.payouts.values()):  # type: ignore[attr-defined]  # it is YooKassa
        if one.status == "pending":
            shop.at.fake.books.settle(one.id)  # type: ignore[attr-defined]


def of_kind(at: AtStripe, kind: str) -> list[dict[str, Any]]:
    """What Stripe has of that kind."""
    return [one for one in at.fake.books.objects.values() if one["object"] == kind]


def payouts(shop: Shop) -> list[dict[str, object]]:
    found: list[dict[str, object]] = shop.client.get("/v1/payouts").json["items"]
    return found


def test_released_money_leaves_by_itself_and_arrives(shop: Shop) -> None:
    known(shop, schedule="daily")
    released(shop)
    advance(shop.client, days=1)
    arrive(shop)
    [payout] = payouts(shop)
    assert (payout["stage"], payout["made_by"]) == ("done", "system")
    assert payout["arrived"] == {"amount": NET, "currency": "RUB"}
    assert SELLER not in shop.balances
    assert "payouts:RUB" not in shop.balances


def test_a_seller_without_an_account_waits_and_is_paid_once_there_is_one(shop: Shop) -> None:
    released(shop)
    advance(shop.client, days=2)
    assert payouts(shop) == []
    [balance] = shop.client.get("/v1/sellers/shop-7/balance").json["items"]
    assert balance["hindrance"] == "no_account"
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).code == "no_payout_account"
    known(shop)
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).status == 201
    play(shop)
    assert SELLER not in shop.balances


def test_a_transfer_whose_answer_was_lost_is_one_transfer(shop: Shop) -> None:
    known(shop)
    released(shop)
    shop.at.lose_an_answer()
    shop.client.post("/v1/payouts", {"seller": "shop-7"})
    shop.deliver()
    advance(shop.client, seconds=3600)
    play(shop)
    assert SELLER not in shop.balances
    made = of_kind(shop.at, "transfer") if isinstance(shop.at, AtStripe) else shop.at.fake.books.payouts  # type: ignore[attr-defined]
    assert len(made) == 1


STRIPE = pytest.mark.parametrize("shop", ["stripe"], indirect=True)
YOOKASSA = pytest.mark.parametrize("shop", ["yookassa"], indirect=True)


@YOOKASSA
def test_what_does_not_arrive_is_due_again_and_waits_for_a_person(shop: Shop) -> None:
    known(shop)
    released(shop)
    assert isinstance(shop.at, AtYooKassa)
    books = shop.at.fake.books
    books.payouts_pend = True
    shop.client.post("/v1/payouts", {"seller": "shop-7"})
    shop.deliver()
    assert shop.balances["payouts:RUB"] == NET
    books.fail(next(iter(books.payouts)))
    shop.hear()
    play(shop)
    assert shop.balances[SELLER] == NET
    assert [one["stage"] for one in payouts(shop)] == ["failed"]
    [payee] = shop.client.get("/v1/payees?parked=1").json["items"]
    assert payee["parked_why"]
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).code == "payouts_parked"
    answer = shop.client.post("/v1/payees/shop-7/resumption", {"provider": shop.at.name})
    assert (answer.status, answer.json.get("parked_at"), answer.json["care"]) == (200, None, "operator:ops")
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).status == 201
    play(shop)
    assert SELLER not in shop.balances


@STRIPE
def test_what_a_bank_sends_back_lies_at_the_provider_until_a_person_sends_it_again(shop: Shop) -> None:
    known(shop)
    released(shop)
    shop.client.post("/v1/payouts", {"seller": "shop-7"})
    arrive(shop)
    [payout] = payouts(shop)
    assert payout["stage"] == "done"
    assert shop.client.post(f"/v1/payouts/{payout['id']}/again", {}).code == "not_stopped"
    assert isinstance(shop.at, AtStripe)
    [sent] = of_kind(shop.at, "payout")
    shop.at.fake.people.settle(sent["id"], fails="account_closed")
    shop.hear(times=2)
    [payout] = payouts(shop)
    assert (payout["stage"], payout["why"]) == ("returned", "account_closed")
    assert [one["parked_why"] for one in shop.client.get("/v1/payees?parked=1").json["items"]] == ["account_closed"]
    told = [one["topic"] for one in shop.client.by("seller:shop-7").get("/v1/inbox").json["items"]]
    assert told.count("payout_stopped") == told.count("payout_sent") == 1
    assert shop.client.post(f"/v1/payouts/{payout['id']}/again", {}).json["stage"] == "to_bank"
    assert shop.client.post(f"/v1/payouts/{payout['id']}/again", {}).json["stage"] == "to_bank"
    play(shop)
    assert [one["stage"] for one in payouts(shop)] == ["done"]
    # The books have let go of it with the transfer: it is the seller's, wherever it lies.
    assert SELLER not in shop.balances


@STRIPE
def test_a_bank_that_takes_after_the_payout_leaves_the_seller_owing_and_what_they_have_comes_back(shop: Shop) -> None:
    known(shop)
    released(shop)
    shop.client.post("/v1/payouts", {"seller": "shop-7"})
    shop.deliver()
    assert isinstance(shop.at, AtStripe)
    [intent] = of_kind(shop.at, "payment_intent")
    shop.at.fake.people.dispute(intent["id"])
    shop.hear()
    shop.deliver()
    assert shop.balances[SELLER] == -NET
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).code == "seller_owes"
    play(shop)
    assert SELLER not in shop.balances
    types = [event["type"] for event in shop.client.get(f"{shop.deal.url}/events").json["items"]]
    assert types[-2:] == ["payout_asked_back", "payout_taken_back"]


@STRIPE
def test_what_a_seller_has_spent_is_kept_of_what_they_get_later(shop: Shop) -> None:
    account = known(shop)
    released(shop)
    shop.client.post("/v1/payouts", {"seller": "shop-7"})
    shop.deliver()
    assert isinstance(shop.at, AtStripe)
    [intent] = of_kind(shop.at, "payment_intent")
    shop.at.fake.people.spend(account, "rub")
    shop.at.fake.people.dispute(intent["id"])
    shop.hear()
    shop.deliver()
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).code == "seller_owes"
    play(shop)
    types = [event["type"] for event in shop.client.get(f"{shop.deal.url}/events").json["items"]]
    assert types[-1] == "payout_not_taken_back"
    assert shop.balances[SELLER] == -NET
    shop.deal = place(shop.client)
    released(shop)
    # What the second order brings is what the first one owes.
    assert SELLER not in shop.balances
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).code == "nothing_due"


@STRIPE
def test_news_of_an_account_stop_its_payouts_and_let_them_go_on(shop: Shop) -> None:
    account = known(shop)
    assert isinstance(shop.at, AtStripe)
    shop.at.fake.people.restrict(account, "individual.verification.document")
    shop.hear()
    [payee] = shop.client.get("/v1/payees?parked=1").json["items"]
    assert payee["wanting"] == ["individual.verification.document"]
    released(shop)
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).code == "account_not_payable"
    shop.at.fake.people.become_known(account)
    shop.hear()
    assert shop.client.post("/v1/payouts", {"seller": "shop-7"}).status == 201
    play(shop)


@STRIPE
def test_a_seller_tells_the_provider_who_they_are_on_its_page_and_is_paid(shop: Shop) -> None:
    seller, url = shop.client.by("seller:shop-7"), "/v1/payees/shop-7/onboarding"
    body = {"provider": "stripe", "country": "DE", "return_url": "https://shop.example/money"}
    first = seller.post(url, body)
    assert first.status == 200
    assert first.json["url"].startswith("https://")
    assert seller.post(url, body).json["account"] == first.json["account"]
    same = [seller.post(url, body, idempotency="one").json["url"] for _ in range(2)]
    assert same[0] == same[1] != first.json["url"]
    assert isinstance(shop.at, AtStripe)
    shop.at.fake.people.become_known(first.json["account"])
    shop.hear()
    [payee] = seller.get("/v1/payees/shop-7").json["items"]
    assert (payee["account"], payee["may_be_paid"]) == (first.json["account"], True)
    assert shop.client.by("seller:shop-8").post(url, body).code == "payee_not_found"
    assert seller.post(url, body | {"country": "Germany"}).field == "country"
    assert seller.post(url, body | {"return_url": "javascript:1"}).field == "return_url"
    assert seller.post(url, body | {"provider": "nobody"}).code == "unknown_provider"


@STRIPE
def test_whoever_named_another_country_first_is_asked_for_the_right_one(shop: Shop) -> None:
    """Stripe keeps what was asked under a key for a day, also where nobody heard the answer."""
    seller, url = shop.client.by("seller:shop-7"), "/v1/payees/shop-7/onboarding"
    body = {"provider": "stripe", "country": "AT", "return_url": "https://shop.example/money"}
    shop.at.lose_an_answer()
    assert seller.post(url, body).status == 503
    answer = seller.post(url, body | {"country": "DE"})
    assert answer.status == 200
    assert isinstance(shop.at, AtStripe)
    assert shop.at.fake.books.objects[answer.json["account"]]["country"] == "DE"


@YOOKASSA
def test_where_the_provider_has_no_page_for_sellers_that_is_said(shop: Shop) -> None:
    body = {"provider": "yookassa", "country": "RU", "return_url": "https://shop.example/money"}
    answer = shop.client.post("/v1/payees/shop-7/onboarding", body)
    assert (answer.status, answer.code) == (422, "no_onboarding")


@STRIPE
def test_a_provider_that_does_not_answer_is_asked_later(shop: Shop) -> None:
    assert isinstance(shop.at, AtStripe)
    shop.at.fake.faults.append(Fault.BUSY)
    shop.at.fake.faults.append(Fault.BUSY)
    body = {"provider": "stripe", "country": "DE", "return_url": "https://shop.example/money"}
    assert shop.client.post("/v1/payees/shop-7/onboarding", body).status == 503
    shop.at.fake.faults.clear()


def arrive(shop: Shop) -> None:
    """At Stripe a charge takes days to become available on the seller's account."""
    play(shop)
    if isinstance(shop.at, AtStripe):
        advance(shop.client, days=8)
        shop.at.fake.people.wait(8 * 86_400)
        play(shop)
        advance(shop.client, seconds=13 * 3600)
        play(shop)
