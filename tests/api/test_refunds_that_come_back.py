"""Refunds that the buyer's bank sends back, at providers' fakes over HTTP: nothing goes back twice, books are the statement."""

from typing import Any, NoReturn

import pytest

from fairhold.engine.kernel.outbox import MOST_ATTEMPTS
from fairhold.engine.outside.payment_seen import No
from fairhold.engine.outside.payments import Refused
from tests.api.deals import advance
from tests.api.test_payments import AtStripe, AtYooKassa, Shop, shop
from tests.api.test_payouts_at_providers import of_kind

__all__ = ["shop"]

STRIPE = pytest.mark.parametrize("shop", ["stripe"], indirect=True)
YOOKASSA = pytest.mark.parametrize("shop", ["yookassa"], indirect=True)
TOTAL = 530_000


def came_back(shop: Shop) -> Shop:
    """An order that was called off, and its money: at Stripe the bank sends it back, at YooKassa it takes it not at all."""
    shop.start().pay().hear()
    if isinstance(shop.at, AtYooKassa):
        shop.at.fake.books.refunds_pend = True
    assert shop.deal.seller.post(f"{shop.deal.url}/cancellation", {}).status == 200
    shop.deliver()
    send_back(shop)
    advance(shop.client, seconds=3700)
    shop.deliver()
    return shop


def send_back(shop: Shop) -> None:
    """The buyer's bank does, with the newest."""
    if isinstance(shop.at, AtStripe):
        shop.hear()
        shop.at.fake.people.fail_refund(of_kind(shop.at, "refund")[-1]["id"])
        shop.hear(times=2)
        return
    assert isinstance(shop.at, AtYooKassa)
    shop.at.fake.books.reject(list(shop.at.fake.books.refunds)[-1])


def refunds(shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.deal.now["refunds"]
    return found


def sent(shop: Shop) -> int:
    """What the provider says that the buyer has back."""
    if isinstance(shop.at, AtStripe):
        return sum(one["amount"] for one in of_kind(shop.at, "refund") if one["status"] == "succeeded")
    assert isinstance(shop.at, AtYooKassa)
    return sum(one.amount for one in shop.at.fake.books.refunds.values() if one.status == "succeeded")


def do(shop: Shop, what: str, number: int = 1, **body: str) -> Any:
    return shop.client.post(f"{shop.deal.url}/refunds/{number}/{what}", body)


def test_it_is_owed_again_and_waits_for_a_person_and_the_buyer_is_told(shop: Shop) -> None:
    came_back(shop)
    assert [(one["number"], one["status"], one["amount"]) for one in refunds(shop)] == [(1, "returned", TOTAL)]
    assert shop.balances["refunds:RUB"] == TOTAL
    listed = shop.client.get("/v1/orders?status=refund_returned").json
    assert [one["id"] for one in listed["items"]] == [shop.deal.id]
    told = shop.deal.buyer.get("/v1/inbox").json["items"]
    assert [one["topic"] for one in told].count("refund_returned") == 1
    assert "did not reach you" in next(one for one in told if one["topic"] == "refund_returned")["title"]
    assert not shop.application.queries.outbox("waiting", "parked")
    assert do(shop, "elsewhere", reference="by hand 7").status == 200


def test_it_is_sent_again_and_is_with_the_buyer_once(shop: Shop) -> None:
    came_back(shop)
    if isinstance(shop.at, AtYooKassa):
        shop.at.fake.books.refunds_pend = False
    shop.at.lose_an_answer()
    assert do(shop, "again").status == 200
    again = do(shop, "again")
    assert (again.status, again.code) == (409, "no_refund_returned")
    shop.deliver()
    advance(shop.client, seconds=3700)
    shop.hear(times=3)
    assert [(one["number"], one["status"], one.get("again")) for one in refunds(shop)] == [
        (1, "sent_again", 2),
        (2, "paid", None),
    ]
    assert sent(shop) == TOTAL == shop.deal.now["money"]["refunded"]
    assert "refunds:RUB" not in shop.balances
    assert shop.client.get("/v1/orders?status=refund_returned").json["items"] == []
    types = [event["type"] for event in shop.deal.buyer.get(f"{shop.deal.url}/events").json["items"]]
    assert types[-3:] == ["refund_returned", "refund_sent_again", "refund_paid"]


def test_it_may_come_back_a_second_time(shop: Shop) -> None:
    came_back(shop)
    assert do(shop, "again").status == 200
    shop.deliver()
    send_back(shop)
    advance(shop.client, seconds=3700)
    shop.deliver()
    assert [one["status"] for one in refunds(shop)] == ["sent_again", "returned"]
    assert do(shop, "again").code == "no_refund_returned"
    if isinstance(shop.at, AtYooKassa):
        shop.at.fake.books.refunds_pend = False
    assert do(shop, "again", 2).status == 200
    shop.deliver()
    shop.hear()
    assert [one["status"] for one in refunds(shop)] == ["sent_again", "sent_again", "paid"]
    assert sent(shop) == TOTAL


def test_paid_in_another_way_nothing_more_is_sent(shop: Shop) -> None:
    came_back(shop)
    for body, field in (({}, "reference"), ({"reference": ""}, "reference"), ({"reference": "x" * 65}, "reference")):
        answer = shop.client.post(f"{shop.deal.url}/refunds/1/elsewhere", body)
        assert (answer.status, answer.field) == (422, field)
    assert do(shop, "elsewhere", reference="transfer 7 of 3 May").status == 200
    assert do(shop, "again").code == do(shop, "elsewhere", reference="again").code == "no_refund_returned"
    advance(shop.client, days=2)
    shop.deliver()
    assert [one["status"] for one in refunds(shop)] == ["paid_elsewhere"]
    assert sent(shop) == 0
    # What the provider still has of it is the marketplace's own.
    assert (shop.balances["own:RUB"], shop.balances.get("refunds:RUB")) == (TOTAL, None)


def test_only_an_operator_sees_to_it_and_names_of_no_refund_are_refused(shop: Shop) -> None:
    came_back(shop)
    for who in ("buyer:ann", "seller:shop-7", "support:sam", "mediator:mia"):
        assert shop.client.by(who).post(f"{shop.deal.url}/refunds/1/again", {}).status == 403
    for number in ("0", "2", "x", "99999999999"):
        answer = shop.client.post(f"{shop.deal.url}/refunds/{number}/again", {})
        assert (answer.status, answer.code, answer.field) == (409, "no_refund_returned", "number")
    assert shop.deal.seller.get(shop.deal.url).json.get("refunds") is None
    assert do(shop, "elsewhere", reference="by hand").status == 200


@STRIPE
def test_what_the_buyers_bank_took_by_itself_is_not_sent_again(shop: Shop) -> None:
    came_back(shop)
    assert isinstance(shop.at, AtStripe)
    taken = shop.at.fake.people.dispute(of_kind(shop.at, "payment_intent")[0]["id"])
    shop.hear()
    assert do(shop, "again").code == "taken_by_bank"
    assert do(shop, "elsewhere", reference="the bank took it").code == "taken_by_bank"
    shop.at.fake.people.decide(taken, won=False)
    shop.hear()
    assert do(shop, "again").code == "taken_by_bank"
    assert do(shop, "elsewhere", reference="the bank took it").status == 200
    assert shop.balances["own:RUB"] == -shop.balances["losses:RUB"] == TOTAL


@STRIPE
def test_money_that_nobody_waited_for_comes_back_too(shop: Shop) -> None:
    shop.start().pay()
    assert shop.deal.buyer.post(f"{shop.deal.url}/cancellation", {}).status == 200
    shop.hear()
    shop.deliver()
    send_back(shop)
    assert [one["status"] for one in refunds(shop)] == ["returned"]
    assert do(shop, "again").status == 200
    shop.deliver()
    shop.hear()
    assert sent(shop) == TOTAL
    assert "refunds:RUB" not in shop.balances


def refuse(shop: Shop, broken: pytest.MonkeyPatch, why: No) -> list[object]:
    """The provider refuses every refund from now on; what it was asked."""
    asked: list[object] = []

    def no(*what: object) -> NoReturn:
        asked.append(what)
        raise Refused(why, "we do not")

    broken.setattr(shop.application.payments.providers[shop.at.name], "refund", no)
    return asked


def test_one_that_is_refused_for_good_waits_for_a_person_as_well(shop: Shop) -> None:
    shop.start().pay().hear()
    with pytest.MonkeyPatch.context() as broken:
        asked = refuse(shop, broken, No.BROKEN)
        assert shop.deal.seller.post(f"{shop.deal.url}/cancellation", {}).status == 200
        shop.deliver()
        advance(shop.client, days=1)
        assert len(asked) == 1
    assert [one["status"] for one in refunds(shop)] == ["returned"]
    assert shop.balances["refunds:RUB"] == TOTAL
    assert not shop.application.queries.outbox("waiting", "parked")
    assert do(shop, "again").status == 200
    shop.deliver()
    shop.hear(times=2)
    assert [one["status"] for one in refunds(shop)] == ["sent_again", "paid"]
    assert sent(shop) == TOTAL


def test_too_small_a_balance_is_asked_of_for_hours_before_a_person_has_to_look(shop: Shop) -> None:
    shop.start().pay().hear()
    with pytest.MonkeyPatch.context() as broken:
        asked = refuse(shop, broken, No.INSUFFICIENT_BALANCE)
        assert shop.deal.seller.post(f"{shop.deal.url}/cancellation", {}).status == 200
        shop.deliver()
        advance(shop.client, seconds=600)
        assert len(asked) > 3
        assert [one["status"] for one in refunds(shop)] == ["on_its_way"]
        advance(shop.client, days=1)
        assert len(asked) == MOST_ATTEMPTS
    assert [one["status"] for one in refunds(shop)] == ["returned"]
    assert not shop.application.queries.outbox("waiting", "parked")
    assert do(shop, "again").status == 200


@STRIPE
def test_a_bank_that_took_the_money_while_it_was_to_go_back_has_it_once(shop: Shop) -> None:
    shop.start().pay().hear()
    assert isinstance(shop.at, AtStripe)
    shop.at.fake.people.dispute(shop.payment)
    assert shop.deal.seller.post(f"{shop.deal.url}/cancellation", {}).status == 200
    shop.deliver()
    assert [one["status"] for one in refunds(shop)] == ["returned"]
    shop.hear()
    assert do(shop, "again").code == "taken_by_bank"
    assert sent(shop) == 0


@YOOKASSA
def test_what_the_provider_gave_back_by_itself_at_its_ceiling_is_paid_and_waits_for_nobody(shop: Shop) -> None:
    shop.start().pay().hear()
    assert isinstance(shop.at, AtYooKassa)
    [deal] = shop.at.fake.books.deals.values()
    deal.expires = shop.at.fake.books.now
    shop.at.fake.books.pass_ceiling(deal.id)
    shop.hear()
    assert shop.deal.seller.post(f"{shop.deal.url}/cancellation", {}).status == 200
    shop.deliver()
    assert [one["status"] for one in refunds(shop)] == ["paid"]
    assert sent(shop) == TOTAL
