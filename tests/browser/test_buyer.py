"""The buyer's way, from signing in to the seller's money, on the screens and in the languages that people have."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opening, People
from tests.browser.served import Order, Served
from tests.browser.walker import DESK, PHONE, ZOOMED, Setting, Walker

PAIRWISE = (
    Setting("ru", DESK, scripts=True, dark=False),
    Setting("en", PHONE, scripts=True, dark=True),
    Setting("ru", PHONE, scripts=False, dark=False),
    Setting("en", DESK, scripts=False, dark=True),
    Setting("ru", ZOOMED, scripts=True, dark=True),
    Setting("en", ZOOMED, scripts=False, dark=False),
)
"""Every pair of language, screen, scripts and theme."""

REFUSED = {
    "ru": "Не удалось подтвердить получение: ничего не отмечено.",
    "en": "Receipt could not be confirmed: nothing was selected.",
}
MONEY = {"ru": "2 520 ₽", "en": "₽2,520"}
BOX, FINAL = 'input[type="checkbox"][name="line"]', ".btn--final"


@pytest.mark.parametrize("setting", PAIRWISE, ids=str)
def test_a_buyer_confirms_one_item_of_two_and_the_other_completes_by_itself(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order = served.place(people.buyer.id, people.seller.id, reference=f"walk {setting}").delivered()
    before = served.balances().get(f"seller:{people.seller.id}:RUB", 0)
    walker = opening(setting).sign_in(people.buyer.key)
    _finds_the_order(walker, order)
    _is_refused_with_nothing_ticked(walker)
    _confirms_the_first_item(walker, order)
    assert order.states() == ["confirmed", "held"]
    served.pass_days(7)
    assert order.states() == ["settled", "settled"]
    walker.go(f"/orders/{order.id}")
    assert not walker.page.locator(f'main a[href*="/orders/{order.id}/receipt"]').count()
    money = order.read()["money"]
    assert (money["released"], money["fee"]) == (498_750, 26_250)
    balances = served.balances()
    assert balances[f"seller:{people.seller.id}:RUB"] >= before + 498_750
    assert sum(balances.values()) == 0
    _the_seller_sees_the_money(opening, people, setting, order)


def _finds_the_order(walker: Walker, order: Order) -> None:
    number = order.read()["number"]
    walker.press(walker.page.locator('.tabs a[href*="awaiting_confirmation"]'))
    assert walker.page.locator('.tabs a[aria-current="page"] .count').inner_text().strip() != "0"
    walker.page.locator("#q").fill(number)
    walker.press('form[role="search"] button')
    walker.press(walker.page.locator(f'a[href="/orders/{order.id}"]').first)
    walker.says(number, "80083794021845")


def _is_refused_with_nothing_ticked(walker: Walker) -> None:
    walker.press('a[href$="/receipt"] >> visible=true')
    assert walker.page.locator(BOX).count() == 2
    assert not walker.page.locator(f"{BOX}:checked").count()
    walker.press('main form button[type="submit"]')
    walker.says(REFUSED[walker.setting.language])
    assert not walker.page.locator(f"{BOX}:checked").count()


def _confirms_the_first_item(walker: Walker, order: Order) -> None:
    walker.page.locator(BOX).first.check()
    walker.press('main form button[type="submit"]')
    assert order.states() == ["held", "held"], "the second step alone confirms nothing"
    walker.says(MONEY[walker.setting.language])
    walker.wake()
    walker.press(FINAL)
    assert walker.path.endswith("/receipt/done")
    walker.press(f'main a[href="/orders/{order.id}"]')
    assert walker.page.locator('.line__acts a[href*="/receipt"]').count() == 1, (
        "the item that is left can still be confirmed"
    )


def _the_seller_sees_the_money(opening: Opening, people: People, setting: Setting, order: Order) -> None:
    seller = opening(setting, people.seller).go(f"/selling/orders/{order.id}")
    seller.says({"ru": "4 987,50 ₽", "en": "₽4,987.50"}[setting.language])
