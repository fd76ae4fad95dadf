"""The sandbox through the pages alone: pay, ship, play the carrier, move the clock, watch the ledger balance."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opening, People
from tests.browser.served import Served
from tests.browser.walker import DESK, Language, Setting


def test_a_whole_deal_takes_nothing_but_pages(opening: Opening, served: Served, people: People) -> None:
    setting = Setting("en", DESK)
    order = served.place(people.buyer.id, people.seller.id)
    buyer = opening(setting, people.buyer).go(f"/orders/{order.id}")
    buyer.page.locator('input[value="sandbox:declined"]').check()
    buyer.press('#pay button[type="submit"]')
    buyer.says("The payment did not go through.")
    buyer.page.locator('input[value="sandbox:ok"]').check()
    buyer.press('#pay button[type="submit"]')
    assert order.status == "awaiting_shipment"

    seller = opening(setting, people.seller).go(f"/selling/orders/{order.id}/ship")
    seller.page.locator("#other").fill("Carrier")
    seller.page.locator("#number").fill("RB1")
    seller.press('main form button[type="submit"]')

    operator = opening(setting, people.operator).go(f"/operator/orders/{order.id}")
    operator.press('form[action$="/checkpoints"] button')
    assert order.status == "awaiting_confirmation"
    operator.go("/operator/clock").press('button[value="week"]')
    assert order.status == "completed"
    operator.go("/operator/ledger").says("North & Light")
    assert sum(served.balances().values()) == 0


def test_a_buyer_cancels_before_shipping_and_gets_everything_back(
    opening: Opening, served: Served, people: People
) -> None:
    order = served.place(people.buyer.id, people.seller.id).pay()
    buyer = opening(Setting("ru"), people.buyer).go(f"/orders/{order.id}")
    buyer.press(f'a[href="/orders/{order.id}/cancellation"]')
    buyer.press('form[action$="/cancellation"] button[type="submit"]')
    assert order.status == "refunded"
    buyer.says("5 250 ₽")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_sections_stand_in_one_row_and_the_keyboard_opens_the_rest(
    opening: Opening, people: People, language: Language
) -> None:
    page = opening(Setting(language, scripts=False), people.operator).go("/operator").page
    tops = page.evaluate(
        "[...document.querySelectorAll('.nav > a, .nav summary')].map((one) => one.getBoundingClientRect().top)"
    )
    assert len(set(tops)) == 1, tops
    ledger = page.locator('.more a[href="/operator/ledger"]')
    assert not ledger.is_visible()
    page.locator(".more summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert ledger.is_visible()
    assert page.evaluate("document.activeElement.parentElement.className") == "more__menu card"


def test_on_a_phone_the_section_that_one_is_in_is_in_sight(opening: Opening, people: People) -> None:
    page = opening(Setting("ru"), people.operator).go("/operator/money").page
    box = page.locator(".nav > [aria-current]").bounding_box()
    width = page.evaluate("document.documentElement.clientWidth")
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    assert page.evaluate("scrollY") == 0
