"""«Confirmed by accident», from the tap on the phone to the undo at the desk, live (S14, S16)."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opening, People
from tests.browser.served import Served
from tests.browser.walker import DESK, PHONE, Setting

WORDS = {
    "ru": ("Нажалось само.", "Отменяю, проверьте спокойно.", "Подтверждение отменено"),
    "en": ("My thumb slipped.", "Undone, take your time.", "The confirmation is undone"),
}


@pytest.mark.parametrize("setting", [Setting("ru", PHONE), Setting("en", DESK)], ids=["ru-phone", "en-desk"])
def test_confirmed_by_accident_and_undone_by_support_while_the_buyer_watches(
    opening: Opening, people: People, served: Served, setting: Setting
) -> None:
    said, why, undone = WORDS[setting.language]
    order = served.place(people.buyer.id, people.seller.id).delivered()
    buyer = opening(setting, people.buyer).go(f"/orders/{order.id}/receipt")
    for box in buyer.page.locator('input[name="line"]').all():
        box.check()
    buyer.press('main form button[type="submit"]')
    buyer.wake()
    buyer.press(".btn--final")
    assert order.read()["status"] == "settling"
    buyer.press(f'a[href="/orders/{order.id}/accident"]')
    buyer.page.fill("#text", said)
    buyer.press('main form button[type="submit"]')
    assert buyer.path.partition("?")[0].endswith("/support")
    buyer.page.locator(".chat", has_text=said).wait_for()
    buyer.page.locator("[data-live]").wait_for()

    desk = opening(Setting(setting.language, DESK), people.support).go("/support/chats")
    desk.press(f'a[href="/support/orders/{order.id}/chat/buyer"]')
    desk.page.locator(".chat", has_text=said).wait_for()
    desk.page.fill("#why", why)
    desk.press('form[action$="/undo"] .btn--main')
    assert order.read()["status"] == "awaiting_confirmation"

    buyer.page.locator(".chat", has_text=undone).wait_for()
    buyer.page.locator(".chat", has_text=why).wait_for()
    assert buyer.page.locator(".chat > li").count() == buyer.page.locator(".chat > li").evaluate_all(
        "items => new Set(items.map(item => item.textContent)).size"
    )
    buyer.go(f"/orders/{order.id}")
    assert order.read("buyer:" + people.buyer.id)["money"]["held"] > 0
