"""The seller's way: ship with a number, give more time, answer who asks for it, see when money comes. And support's undo."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opening, People, Somebody
from tests.browser.served import Order, Served
from tests.browser.walker import DESK, PHONE, ZOOMED, Setting

WAYS = (Setting("ru", PHONE), Setting("en", DESK, scripts=False, dark=True), Setting("ru", ZOOMED, scripts=False))
SHIPPED = {"ru": "Посылка записана", "en": "The parcel is recorded"}


@pytest.mark.parametrize("setting", WAYS, ids=str)
def test_a_seller_ships_with_a_number_and_the_buyer_sees_it(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order = served.place(people.buyer.id, people.seller.id).pay()
    seller = opening(setting).sign_in(people.seller.key)
    seller.press('.tabs a[href*="awaiting_shipment"]')
    seller.go(f"/selling/orders/{order.id}").press(f'a[href="/selling/orders/{order.id}/ship"]')
    seller.press('main form button[type="submit"]')
    assert seller.page.locator('[aria-invalid="true"]').count() == 2, (
        "carrier and number are asked for beside their fields"
    )
    seller.page.locator("#other").fill("Почта-Экспресс")
    seller.press('main form button[type="submit"]')
    assert seller.page.locator("#other").input_value() == "Почта-Экспресс", "what was typed stays"
    seller.page.locator("#number").fill("RB123456789CN")
    seller.page.locator("#number").press("Enter")
    seller.page.locator("#number-d").wait_for()
    seller.look()
    seller.page.locator("#number").press("Enter")
    seller.says("RB123456789CN", SHIPPED[setting.language])
    assert order.status == "awaiting_delivery"
    buyer = opening(setting, people.buyer).go(f"/orders/{order.id}")
    buyer.says("RB123456789CN", "Почта-Экспресс")


def test_a_seller_ships_one_item_and_the_other_later(opening: Opening, served: Served, people: People) -> None:
    order = served.place(people.buyer.id, people.seller.id).pay()
    seller = opening(Setting("en", DESK), people.seller).go(f"/selling/orders/{order.id}/ship")
    seller.page.locator('input[name="line"]').first.uncheck()
    seller.page.locator("#carrier").select_option(index=1)
    seller.page.locator("#number").fill("1Z999")
    seller.press('main form button[type="submit"]')
    assert order.status == "awaiting_shipment"
    assert len(order.read()["shipments"][0]["lines"]) == 1
    buyer = opening(Setting("en", PHONE), people.buyer).go(f"/orders/{order.id}/receipt")
    assert buyer.page.locator('input[name="line"]').count() == 1, "what was not shipped cannot be confirmed"


def protected_until(order: Order) -> str:
    """When protection ends; until when the seller answers a request comes first while there is one."""
    return next(str(one["at"]) for one in order.read()["deadlines"] if one["kind"] == "protection")


@pytest.mark.parametrize("setting", [Setting("en", PHONE), Setting("ru", DESK, scripts=False)], ids=str)
def test_a_seller_extends_protection_and_answers_a_buyer_who_asks(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order = served.place(people.buyer.id, people.seller.id).pay().ship()
    before = protected_until(order)
    seller = opening(setting, people.seller).go(f"/selling/orders/{order.id}")
    seller.press(f'a[href="/selling/orders/{order.id}/protection"]')
    seller.page.locator("#days").select_option(index=0)
    seller.press('main form button[type="submit"]')
    extended = protected_until(order)
    assert extended > before

    buyer = opening(setting, people.buyer).go(f"/orders/{order.id}")
    buyer.press(f'a[href="/orders/{order.id}/protection"]')
    buyer.page.locator("#days").select_option(index=0)
    buyer.press('main form button[type="submit"]')
    assert protected_until(order) == extended, "asking changes nothing yet"

    seller.go(f"/selling/orders/{order.id}/protection").press('button[name="granted"][value="yes"]')
    assert protected_until(order) > extended


def test_a_seller_declines_and_protection_runs_as_before(opening: Opening, served: Served, people: People) -> None:
    order = served.place(people.buyer.id, people.seller.id).pay().ship()
    order.post("protection", {"days": 10}, f"buyer:{people.buyer.id}")
    before = protected_until(order)
    seller = opening(Setting("ru", PHONE), people.seller).go(f"/selling/orders/{order.id}")
    seller.press(f'a[href="/selling/orders/{order.id}/protection"]').press('button[name="granted"][value="no"]')
    assert protected_until(order) == before


@pytest.mark.parametrize("setting", [Setting("ru", ZOOMED), Setting("en", DESK, scripts=False)], ids=str)
def test_the_forecast_says_when_how_much_and_less_what(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    # A shop that other tests sell nothing in: the forecast lists its nearest sums only.
    shop = Somebody("shop-24", "shop-24")
    order = served.place(people.buyer.id, shop.id).delivered()
    order.confirm(order.line(0))
    number = order.read()["number"]
    seller = opening(setting, shop).go("/selling/money")
    net, fee, rest = {
        "ru": ("2 394,00 ₽", "−126,00 ₽", "2 593,50 ₽"),
        "en": ("₽2,394.00", "−₽126.00", "₽2,593.50"),
    }[setting.language]
    rows = seller.page.locator("tbody tr").filter(has_text=number)
    assert rows.count() == 2
    seller.says(net, fee, rest, number)
    served.pass_days(1)
    assert served.get(f"/orders/{order.id}")["money"]["released"] == 239_400


@pytest.mark.parametrize("setting", [Setting("ru", DESK), Setting("en", PHONE, scripts=False)], ids=str)
def test_support_takes_a_mistaken_confirmation_back(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order = served.place(people.buyer.id, people.seller.id).delivered()
    order.confirm(order.line(0), order.line(1))
    number = order.read()["number"]
    support = opening(setting).sign_in(people.support.key)
    support.page.locator("#q").fill(number)
    support.press('form[role="search"] button').press(f'a[href="/support/orders/{order.id}"]')
    support.page.locator("#why").fill("Покупатель написал: нажал случайно")
    support.press('form[action$="/undo"] button[type="submit"]')
    assert order.states() == ["confirmed", "confirmed"], "nothing ticked, nothing undone"
    support.page.locator('form[action$="/undo"] input[type="checkbox"]').first.check()
    support.page.locator("#why").fill("Покупатель написал: нажал случайно")
    support.press('form[action$="/undo"] button[type="submit"]')
    assert order.states() == ["held", "confirmed"]
    assert order.read()["money"]["held"] == 252_000
    opening(setting, people.buyer).go(f"/orders/{order.id}").says("Покупатель написал: нажал случайно")


def test_support_is_told_when_it_is_too_late(opening: Opening, served: Served, people: People) -> None:
    order = served.place(people.buyer.id, people.seller.id).delivered()
    order.confirm(order.line(0), order.line(1))
    served.pass_days(1)
    support = opening(Setting("en", DESK), people.support).go(f"/support/orders/{order.id}")
    support.says("Too late to undo: the money has left.")
    assert support.page.locator('form[action$="/undo"]').count() == 0
