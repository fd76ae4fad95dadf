"""The inbox in a real browser: the bell counts what waits, a notice leads to its order, and letters are chosen."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opening, People
from tests.browser.served import Served
from tests.browser.test_pages import LONG
from tests.browser.walker import DESK, PHONE, Setting

SETTINGS = [Setting("ru", PHONE), Setting("en", DESK, dark=True), Setting("ru", PHONE, scripts=False)]


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_what_happens_is_told_read_and_written_about_as_one_likes(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    lines = [{"sku": "plaid", "title": LONG[:200], "quantity": 1, "unit_price": 9_876_543_21}]
    walker = opening(setting, people.buyer)
    page = walker.page
    first = served.place(people.buyer.id, people.seller.id, lines=lines).pay()
    served.advance(seconds=60)
    # What was told in other tests is read, all at once.
    walker.go("/inbox").press("form[action='/inbox/read'] .btn:not(.notice__read)")
    assert page.locator(".notice--new, .bell .count").count() == 0
    first.ship().scan("in_transit").scan("delivered")
    served.advance(seconds=60)
    walker.go("/orders")
    waiting = int(page.locator(".bell .count").inner_text().rstrip("+"))
    walker.press(".bell")
    if setting.scripts:
        walker.axe()
    assert page.locator(".notice--new").count() == waiting
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    walker.press(page.locator(".notice--new .notice__title a").first)
    assert walker.path.startswith("/orders/")
    walker.go("/inbox")
    assert page.locator(".notice--new").count() < waiting, "what was said of an order that one has looked at is read"
    walker.go("/inbox/letters")
    if setting.scripts:
        walker.axe()
    page.locator("input[value=reviews]").uncheck()
    walker.press("form[action='/inbox/letters'] .btn--main")
    assert not page.locator("input[value=reviews]").is_checked()
    assert page.locator("input[value=money]").is_disabled()
