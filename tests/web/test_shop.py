"""The sandbox's shop, without scripts: choose, review, place once, be told what is wrong beside its field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from fairhold.domain.ids import PersonId
from fairhold.domain.money import Currency
from fairhold.engine.installation.settings import Settings
from fairhold.web.people import Directory
from fairhold.web.shelves import Shelf, Ware
from fairhold.wiring import asgi, build
from tests.web.conftest import PEOPLE, Market, Visiting, Visitor, form_to

LAMP = Ware("SS-600", "Head torch", 240_000, "electronics", "goods:lamp")
MUG = Ware("SS-450", "Travel mug <b>", 130_000, "home", "goods:mug")
SHELVES = (
    Shelf(PersonId("shop-7"), Currency("RUB"), 30_000, (LAMP, MUG)),
    Shelf(PersonId("shop-33"), Currency("JPY"), 0, (Ware("KD-5", "Tea caddy", 14_300),)),
)
Shopping = Callable[..., Visitor]


@pytest.fixture
def shopping(market: Market) -> Shopping:
    """`shopping("ann")`: a signed-in visitor of a sandbox that has goods."""
    application = asgi(market.application, Directory(PEOPLE), SHELVES)

    def visit(person: str, language: str = "en") -> Visitor:
        visitor = Visitor(
            TestClient(application, base_url="http://fairhold.test", headers={"Accept-Language": language})
        )
        assert visitor.send(form_to(visitor.get("/sign-in"), "/sign-in"), person=person).status_code == 200
        return visitor

    return visit


def count(market: Market) -> int:
    return market.application.queries.count_orders()


def reviewed(visitor: Visitor, **quantities: str) -> str:
    form = form_to(visitor.get("/shop"), "/shop/shop-7/review")
    answer = visitor.send(form, **{f"quantity-{sku}": number for sku, number in quantities.items()})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_buyer_orders_two_items_and_is_led_to_paying(market: Market, shopping: Shopping) -> None:
    ann = shopping("ann")
    page = reviewed(ann, **{"SS-600": "1", "SS-450": "2"})
    assert "₽5,300" in page
    assert "after delivery you have 7\u00a0days to check" in page
    assert count(market) == 0, "looking at the sums orders nothing"
    answer = ann.send(form_to(page, "/orders"))
    assert "The order is placed." in answer.text
    form_to(answer.text, "/payment")
    order = market.application.queries.list_orders(buyer="ann").items[0]
    assert (order.total, order.seller, [line.quantity for line in order.lines]) == (530_000, "shop-7", [1, 2])


def test_a_double_tap_places_one_order(market: Market, shopping: Shopping) -> None:
    ann = shopping("ann")
    form = form_to(reviewed(ann, **{"SS-600": "1"}), "/orders")
    first, second = ann.send(form), ann.send(form)
    assert first.url == second.url
    assert count(market) == 1


def test_nothing_chosen_is_told_and_orders_nothing(market: Market, shopping: Shopping) -> None:
    ann = shopping("ann")
    answer = ann.send(form_to(ann.get("/shop"), "/shop/shop-7/review"))
    assert answer.status_code == 422
    assert "Nothing is chosen yet." in answer.text


@pytest.mark.parametrize("number", ["21", "-1", "1.5", "x", "9" * 30, "²", "\u0661"])
def test_a_strange_number_is_told_beside_its_field_and_keeps_the_others(shopping: Shopping, number: str) -> None:
    ann = shopping("ann")
    form = form_to(ann.get("/shop"), "/shop/shop-7/review")
    answer = ann.send(form, **{"quantity-SS-600": number, "quantity-SS-450": "3"})
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 1
    assert 'value="3"' in answer.text


def test_a_forged_quantity_places_nothing(market: Market, shopping: Shopping) -> None:
    ann = shopping("ann")
    form = form_to(reviewed(ann, **{"SS-600": "1"}), "/orders")
    assert ann.send(form, **{"quantity-SS-600": "1000"}).status_code == 422
    assert ann.send(form, **{"quantity-SS-600": []}).status_code == 422
    assert count(market) == 0


def test_nobody_buys_from_themselves_under_whichever_id(market: Market, shopping: Shopping) -> None:
    ann, nick = shopping("ann"), shopping("nick")
    page = nick.get("/shop")
    assert "This is your own shop" in page
    form = form_to(reviewed(ann, **{"SS-600": "1"}), "/orders")
    form.fields = [(name, value) for name, value in form.fields if name != "token"]
    token = dict(form_to(page, "/sign-out").fields)["token"]
    answer = nick.send(form, token=token)
    assert answer.status_code == 422
    assert "Buyer and seller are the same person." in answer.text
    assert count(market) == 0


def test_the_way_back_from_the_review_keeps_the_numbers(shopping: Shopping) -> None:
    ann = shopping("ann")
    assert "/shop/shop-7?quantity-SS-450=2" in reviewed(ann, **{"SS-450": "2"})
    assert 'value="2"' in ann.get("/shop/shop-7?quantity-SS-450=2")


def test_an_empty_list_and_the_header_lead_to_the_shop(shopping: Shopping) -> None:
    page = shopping("bob", "ru").get("/orders")
    assert page.count('href="/shop"') == 2
    assert "Магазин" in page
    assert 'href="/shop"' not in shopping("nick").get("/selling")
    shopping("ann").get("/shop/nobody", 404)


def test_a_sandbox_without_goods_has_no_shop(visiting: Visiting) -> None:
    ann = visiting("ann")
    ann.get("/shop", 404)
    assert 'href="/shop"' not in ann.get("/orders")


@pytest.fixture
def real(tmp_path: Path) -> Iterator[TestClient]:
    application = build(Settings(database=f"sqlite:///{tmp_path / 'real.db'}", secret="for-tests-only-1234567"))
    application.start(background=False)
    yield TestClient(asgi(application, Directory(PEOPLE), SHELVES), base_url="http://fairhold.test")
    application.close()


def test_only_the_sandbox_sells(real: TestClient) -> None:
    assert real.get("/shop", follow_redirects=False).status_code == 303
    assert 'name="person"' not in real.get("/sign-in").text, "nobody is there to be chosen"


def test_the_sandbox_says_how_to_go_on(market: Market, shopping: Shopping) -> None:
    ann, nick = shopping("ann"), shopping("nick")
    order = market.placed()
    assert "sign in as Anna and pay" in nick.get(f"/selling/orders/{order.id}")
    paid = market.paid()
    assert "sign in as Sever &amp; Svet and ship" in ann.get(f"/orders/{paid.id}")
    assert "FH-DELIVERED-1" in nick.get(f"/selling/orders/{paid.id}/ship")
    assert "reports scans as the carrier would" in ann.get(f"/orders/{market.shipped().id}")
