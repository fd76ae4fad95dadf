"""Webhooks from the operator's first visit to a removed address, against a receiver on this machine."""

from __future__ import annotations

import json

import pytest

from tests.browser.conftest import Opening, People
from tests.browser.served import Served
from tests.browser.walker import DESK, PHONE, ZOOMED, Setting
from tests.receiver import answering, receiving

DELIVERED = {"en": "Delivered", "ru": "Доставлено"}
SENT_AGAIN = {"en": "It is being sent again.", "ru": "Сообщение отправляется ещё раз."}


@pytest.mark.parametrize(
    "setting", [Setting("en", DESK), Setting("ru", PHONE, dark=True), Setting("ru", ZOOMED, scripts=False)], ids=str
)
def test_an_operator_sets_up_webhooks_and_looks_after_them(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    def look_closely() -> None:
        if setting.screen != ZOOMED:
            walker.axe()

    with receiving() as receiver:
        walker = opening(setting, people.operator).go("/operator/webhooks/new")
        look_closely()
        walker.page.locator("#url").fill("https://192.168.0.1/hooks")
        walker.press('main form button[type="submit"]')
        assert walker.page.locator("#url-e").is_visible()
        look_closely()
        walker.page.locator("#url").fill(receiver.url)
        assert not walker.page.locator('[name="type"]').first.is_visible()
        walker.page.locator('[name="take"][value="some"]').check()
        walker.page.locator('[value="order.paid"]').check()
        walker.page.locator("#description").fill("Склад")
        look_closely()
        walker.press('main form button[type="submit"]')
        secret = walker.page.locator("#secret").inner_text()
        look_closely()
        walker.press("main .btn--main")
        walker.press('form[action$="/test"] button')
        receiver.wait(1)[0].verified(secret)
        order = served.place(people.buyer.id, people.seller.id)
        receiver.next = [answering(500, b"W" * 400)]
        order.pay()
        got = receiver.wait(2)[1]
        assert json.loads(got.body)["data"]["order"]["id"] == order.id
        walker.go(walker.path.removesuffix("/test"))
        look_closely()
        walker.press(f'a[href$="/deliveries/{got.id}"]')
        walker.says("W" * 400)
        look_closely()
        walker.press('form[action$="/redelivery"] button')
        walker.says(SENT_AGAIN[setting.language])
        receiver.wait(3)
        walker.press(".crumb")
        walker.says(DELIVERED[setting.language])
        for page in ("/edit", "/secret", "/removal"):
            walker.go(walker.path.removesuffix("/secret").removesuffix("/edit") + page)
            look_closely()
        # A final button wakes a second after the page has opened.
        walker.press("[data-final]:not([disabled])")
        walker.go("/operator/webhooks")
        look_closely()
