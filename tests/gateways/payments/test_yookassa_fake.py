"""The fake of YooKassa refuses what its documentation says is refused: else our client could ask what it liked."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from tests.fakes.yookassa.fake import GATEWAY, SHOP, YooKassaFake
from tests.fakes.yookassa.server import served

JSON = dict[str, Any]


class Shop:
    """Asks the fake byte for byte."""

    def __init__(self, fake: YooKassaFake, url: str) -> None:
        self.fake, self.url, self.keys = fake, url, 0

    def post(
        self, path: str, body: JSON, key: str | None = None, account: tuple[str, str] | None = None
    ) -> tuple[int, JSON]:
        self.keys += 1
        headers = {"idempotence-key": f"key-{self.keys}" if key is None else key}
        login = account or (GATEWAY if path == "payouts" else SHOP)
        answer = httpx2.post(self.url + path, content=json.dumps(body), headers=headers, auth=login, timeout=20)
        return answer.status_code, answer.json()

    def deal(self, fee_moment: str = "deal_closed") -> str:
        return str(self.post("deals", {"type": "safe_deal", "fee_moment": fee_moment})[1]["id"])

    def paid(self, fee_moment: str = "deal_closed") -> tuple[str, str]:
        """A deal and its payment of a thousand roubles, of which eight hundred are the seller's."""
        deal = self.deal(fee_moment)
        payment = str(self.post("payments", asking(deal))[1]["id"])
        self.fake.books.pay(payment)
        return deal, payment


def roubles(value: str, currency: str = "RUB") -> JSON:
    return {"value": value, "currency": currency}


def settlements(value: str) -> list[JSON]:
    return [{"type": "payout", "amount": roubles(value)}]


def asking(named: str, **changes: Any) -> JSON:
    return {
        "amount": roubles("1000.00"),
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": "https://shop.example"},
        "deal": {"id": named, "settlements": settlements("800.00")},
        **changes,
    }


@pytest.fixture
def shop() -> Iterator[Shop]:
    fake = YooKassaFake()
    with served(fake) as url:
        yield Shop(fake, url)


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"amount": roubles("1000.00", "USD")}, "amount.currency"),
        ({"amount": roubles("1000")}, "amount.value"),
        ({"amount": roubles("0.00")}, "amount.value"),
        ({"amount": {"value": 1000.0, "currency": "RUB"}}, "amount"),
        ({"amount": roubles("799.99")}, "deal.settlements"),
        ({"deal": {"id": "dl-nowhere", "settlements": settlements("800.00")}}, "deal.id"),
        ({"confirmation": {"type": "redirect"}}, "confirmation.return_url"),
        ({"description": "x" * 129}, "description"),
        ({"metadata": {"order": 37}}, "metadata"),
        ({"metadata": {"x" * 33: "y"}}, "metadata"),
    ],
)
def test_a_payment_that_is_none_is_refused(shop: Shop, changes: JSON, parameter: str) -> None:
    status, said = shop.post("payments", asking(shop.deal(), **changes))
    assert (status, said["type"], said["code"], said["parameter"]) == (400, "error", "invalid_request", parameter)
    assert not shop.fake.books.payments


@pytest.mark.parametrize(
    ("fee_moment", "amount", "part", "parameter"),
    [
        ("deal_closed", "1000.01", "800.00", "amount.value"),
        ("deal_closed", "900.00", "800.01", "deal.refund_settlements"),
        ("deal_closed", "100.00", "100.01", "deal.refund_settlements"),
        ("payment_succeeded", "500.00", "400.00", "deal.refund_settlements"),
        ("payment_succeeded", "1000.00", "800.00", "deal.refund_settlements"),
    ],
)
def test_a_refund_of_what_is_not_there_is_refused(
    shop: Shop, fee_moment: str, amount: str, part: str, parameter: str
) -> None:
    _, payment = shop.paid(fee_moment)
    body = {"payment_id": payment, "amount": roubles(amount), "deal": {"refund_settlements": settlements(part)}}
    status, said = shop.post("refunds", body)
    assert (status, said["parameter"]) == (400, parameter)
    assert shop.post("refunds", body | {"deal": {}})[0] == 400
    assert not shop.fake.books.refunds


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"amount": roubles("800.01")}, "amount.value"),
        ({"amount": roubles("0.99")}, "amount.value"),
        ({"payout_token": ""}, "payout_token"),
        ({"deal": {"id": "dl-nowhere"}}, "deal.id"),
    ],
)
def test_a_payout_of_what_is_not_there_is_refused(shop: Shop, changes: JSON, parameter: str) -> None:
    deal, _ = shop.paid()
    body = {"amount": roubles("800.00"), "payout_token": "t", "deal": {"id": deal}} | changes
    status, said = shop.post("payouts", body)
    assert (status, said["parameter"]) == (400, parameter)
    assert not shop.fake.books.payouts


def test_in_a_closed_deal_nothing_can_be_done(shop: Shop) -> None:
    deal, payment = shop.paid()
    shop.post("payouts", {"amount": roubles("800.00"), "payout_token": "t", "deal": {"id": deal}})
    back = {"payment_id": payment, "amount": roubles("1.00"), "deal": {"refund_settlements": settlements("1.00")}}
    asked: list[Callable[[], tuple[int, JSON]]] = [
        lambda: shop.post("payments", asking(deal)),
        lambda: shop.post("refunds", back),
        lambda: shop.post("payouts", {"amount": roubles("1.00"), "payout_token": "t", "deal": {"id": deal}}),
    ]
    for ask in asked:
        status, said = ask()
        assert (status, said["description"]) == (400, "Deal is closed")


@pytest.mark.parametrize("key", ["", "x" * 65, "a b"])
def test_without_a_key_as_it_is_documented_nothing_is_done(shop: Shop, key: str) -> None:
    status, said = shop.post("deals", {"type": "safe_deal", "fee_moment": "deal_closed"}, key=key)
    assert (status, said["parameter"]) == (400, "Idempotence-Key")


def test_payouts_are_the_gateways_and_the_rest_is_the_shops(shop: Shop) -> None:
    assert shop.post("payouts", {}, account=SHOP)[0] == 401
    assert shop.post("deals", {}, account=GATEWAY)[0] == 401
