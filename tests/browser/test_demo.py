"""`fairhold demo` as somebody meets it first: everybody can sign in, and every page that they are led to is in order."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import Browser

from fairhold.cli.demo.people import DIRECTORY
from tests.browser.served import serving
from tests.browser.walker import DESK, PHONE, Setting, Walker

SEEN = ("ann", "shop-7", "haruka", "sam", "ops")
"""In whose place the browser goes; the others' pages are only asked for."""
SETTINGS = (Setting("en", PHONE), Setting("ru", DESK, dark=True))


@pytest.mark.slow
def test_everybody_of_the_demo_sees_orders_that_make_sense(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with serving(tmp_path_factory.mktemp("demo"), "demo") as demo:
        assert sum(demo.balances().values()) == 0
        counts = demo.get("/orders?limit=1")["counts"]
        empty = [tab for tab, count in counts.items() if not count and tab != "in_dispute"]
        assert not empty, f"no order of the demo is {empty}"
        faults = []
        for person in DIRECTORY:
            with httpx2.Client(base_url=demo.url, follow_redirects=True, timeout=60) as client:
                answer = client.post("/sign-in", data={"person": person.key})
                assert answer.status_code == 200, f"{person.key} gets {answer.status_code} at {answer.url}"
        for number, key in enumerate(SEEN):
            setting = SETTINGS[number % 2]
            context = browser.new_context(viewport={"width": setting.screen[0], "height": setting.screen[1]})
            walker = Walker(context.new_page(), demo.url, setting)
            walker.sign_in(key)
            _into_the_first_order(walker, walker.page.goto)
            faults += walker.faults
            context.close()
        assert not faults, "\n".join(faults)


def _into_the_first_order(walker: Walker, open_page: Callable[[str], object]) -> None:
    """Open the newest order of the list and look it over; somebody without orders reads why."""
    links = walker.page.locator('[id="list"] a[href*="orders/"]')
    if not links.count():
        assert walker.page.locator(".empty h2").count() == 1, f"{walker.path} shows neither orders nor a reason"
        return
    open_page(f"{walker.url}{links.first.get_attribute('href')}")
    walker.look()
    walker.axe("color-contrast")
