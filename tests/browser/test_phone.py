"""The installed app without a network: it shows what was last seen, lets nobody act on it, and forgets it at sign-out."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from fairhold.domain.ids import OrderId, PersonId
from fairhold.domain.instants import SECOND, Instant
from fairhold.engine.installation.clock import VirtualClock
from fairhold.engine.notices.order_links import OrderLinks
from tests.browser.conftest import Opening, People
from tests.browser.served import SECRET, Order, Served
from tests.browser.walker import DESK, PHONE, Setting, Walker

SETTINGS = (Setting("ru", PHONE), Setting("en", DESK, dark=True))
NO_CONNECTION = {"ru": "Нет связи", "en": "No connection"}
UNKNOWN = {
    "ru": "Неизвестно, дошло ли то, что вы отправили.",
    "en": "We do not know whether what you sent has arrived.",
}
NOTHING = {"ru": "На этом устройстве ничего не сохранено", "en": "Nothing is kept on this device"}


@pytest.fixture
def order(served: Served, people: People) -> Order:
    return served.place(people.buyer.id, people.seller.id).delivered()


def at_the_order(opening: Opening, people: People, order: Order, setting: Setting) -> Walker:
    """On the order's page, with the worker in charge."""
    walker = opening(setting, people.buyer).go("/orders")
    walker.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    # The worker has every page that is opened from now on.
    walker.go(f"/orders/{order.id}")
    return walker


def kept(walker: Walker) -> Any:
    return json.loads(walker.page.evaluate("localStorage.getItem('fairhold seen')") or "null")


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_a_link_from_a_letter_leads_by_way_of_the_sign_in_to_the_first_of_two_steps(
    opening: Opening, people: People, order: Order, setting: Setting
) -> None:
    clock = VirtualClock(Instant(int(datetime.fromisoformat(order.served.now()).timestamp()) * SECOND))
    link = OrderLinks(SECRET, clock).signed_order_link(OrderId(order.id), PersonId(people.buyer.id))
    walker = opening(setting).go(link)
    walker.axe()
    ways = walker.page.locator(".ways a")
    assert ways.count() == 2
    assert walker.page.locator("main form, main .btn--final, main .btn--main").count() == 0
    walker.press(ways.first)
    walker.press(f'button[name="person"][value="{people.buyer.key}"]')
    assert walker.path == f"/orders/{order.id}/receipt"
    assert walker.page.locator('input[name="line"]:checked').count() == 0
    assert order.status == "awaiting_confirmation"


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_without_a_network_the_last_seen_orders_are_shown_and_nothing_can_be_done(
    opening: Opening, people: People, order: Order, setting: Setting
) -> None:
    walker = at_the_order(opening, people, order, setting)
    walker.page.context.set_offline(True)
    for path in (f"/orders/{order.id}/receipt", "/orders"):
        walker.go(path)
        walker.says(NO_CONNECTION[setting.language], "Фонарь налобный «Полюс 600»")
        assert walker.path == path
        assert walker.page.locator("main button, main form, main input").count() == 0
        assert walker.page.locator("main a").count() == 1
    walker.axe()
    entry = walker.page.locator("#seen > li").first.inner_text()
    assert "₽" not in walker.text()
    assert people.seller.id not in entry
    walker.page.context.set_offline(False)
    walker.page.locator("h1", has_text=NO_CONNECTION[setting.language]).wait_for(state="detached")
    assert walker.path == "/orders"


def test_a_form_that_was_sent_into_the_void_says_that_nobody_knows_and_is_not_sent_by_a_reload(
    opening: Opening, people: People, order: Order
) -> None:
    walker = at_the_order(opening, people, order, Setting("en", PHONE)).go(f"/orders/{order.id}/protection")
    walker.page.context.set_offline(True)
    version = order.read()["version"]
    walker.page.locator('main form button[type="submit"]').first.click()
    walker.page.wait_for_url("**/offline/en?sent")
    walker.says(UNKNOWN["en"])
    walker.page.context.set_offline(False)
    walker.page.wait_for_timeout(500)
    walker.says(UNKNOWN["en"])
    walker.press("#again")
    assert walker.path == "/orders"
    assert order.read()["version"] == version


def test_signing_out_forgets_what_was_seen_with_and_without_the_pages_script(
    opening: Opening, people: People, order: Order
) -> None:
    # A session of its own: the one that the tests share goes on.
    walker = opening(Setting("en", DESK)).sign_in(people.buyer.key).go(f"/orders/{order.id}")
    assert len(kept(walker)["orders"]) >= 1
    # The answer alone clears it, whatever ran in the page: here the form is sent without the page's own script.
    token = walker.page.locator('form[action="/sign-out"] [name="token"]').get_attribute("value")
    walker.page.evaluate(
        "token => fetch('/sign-out', {method: 'POST', body: new URLSearchParams({token}), redirect: 'manual'})", token
    )
    assert kept(walker) is None
    walker.go("/")
    walker.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    walker.page.context.set_offline(True)
    walker.go("/orders")
    walker.says(NOTHING["en"])
    assert order.line(0).partition("-")[0] not in walker.page.content()


def test_another_person_at_the_same_device_finds_nothing_of_the_one_before(
    opening: Opening, people: People, order: Order
) -> None:
    walker = at_the_order(opening, people, order, Setting("en", DESK))
    before = kept(walker)
    walker.page.context.clear_cookies()
    walker.go("/")
    assert kept(walker) is None
    walker.page.evaluate("seen => localStorage.setItem('fairhold seen', JSON.stringify(seen))", before)
    other = kept(opening(like=walker).sign_in(people.seller.key).go("/selling"))
    assert other["by"] != before["by"]
    assert not {json.dumps(one) for one in other["orders"]} & {json.dumps(one) for one in before["orders"]}


def test_what_was_kept_is_a_summary_and_never_a_page(opening: Opening, people: People, order: Order) -> None:
    walker = at_the_order(opening, people, order, Setting("en", DESK))
    caches = walker.page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
          }
          return found;
        }"""
    )
    assert caches
    assert all(path == "/offline/en" or path.startswith("/static/") for path in caches)
    [seen] = [one for one in kept(walker)["orders"] if one["id"] == order.id]
    assert set(seen) == {"id", "number", "title", "status", "at", "seen", "ends", "due", "kept"}
