"""A dispute from opening to its end, on the pages of both sides: two items, one confirmed, one disputed with a photo."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload

from tests.browser.conftest import Opening, People
from tests.browser.served import Order, Served
from tests.browser.walker import DESK, PHONE, ZOOMED, Setting, Walker
from tests.gateways.pictures import jpeg

SETTINGS = (
    Setting("ru", DESK, scripts=True, dark=False),
    Setting("en", PHONE, scripts=False, dark=True),
    Setting("en", ZOOMED, scripts=True, dark=False),
)
SUMS = {
    "ru": {
        "disputed": "2 730 ₽",
        "offer": "1 000 ₽",
        "offer net": "1 643,50 ₽",
        "counter": "2 000 ₽",
        "ruled": "1 500 ₽",
        "rest": "1 230 ₽",
        "rest net": "1 168,50 ₽",
    },
    "en": {
        "disputed": "₽2,730",
        "offer": "₽1,000",
        "offer net": "₽1,643.50",
        "counter": "₽2,000",
        "ruled": "₽1,500",
        "rest": "₽1,230",
        "rest net": "₽1,168.50",
    },
}
PICTURE: FilePayload = {"name": "crack.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
SUBMIT = "main form .btn--main"


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_one_item_is_confirmed_and_the_other_disputed_to_a_split_that_both_sides_and_the_ledger_agree_on(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order = served.place(people.buyer.id, people.seller.id).delivered()
    before = served.balances()
    sums = SUMS[setting.language]
    buyer, seller = opening(setting, people.buyer), opening(setting, people.seller)
    _confirms(buyer, order)
    _opens_a_dispute(buyer, order)
    assert order.states() == ["confirmed", "disputed"]
    _sees_photo_and_offers(seller, order, sums)
    _counters(buyer, order, sums)
    _asks_for_a_mediator(seller, order)
    [dispute] = order.read()["disputes"]
    assert dispute["status"] == "claimed"
    ruling = {"refund": 150_000, "reasons": "Крышка треснула в пути, колба цела."}
    served.post(f"/disputes/{dispute['id']}/ruling", ruling, "mediator:mia")
    for walker, folder in ((buyer, "/orders"), (seller, "/selling/orders")):
        walker.go(f"{folder}/{order.id}/disputes/1").says("Крышка треснула в пути, колба цела.")
        if setting.scripts:
            walker.axe()
    served.pass_days(8)
    assert order.states() == ["settled", "refunded"] or order.states() == ["settled", "settled"]
    buyer.go(f"/orders/{order.id}/disputes/1").says(sums["ruled"], sums["rest"])
    seller.go(f"/selling/orders/{order.id}/disputes/1").says(sums["ruled"], sums["rest"])
    _agree_in_the_ledger(served, people, order, before)


def _confirms(buyer: Walker, order: Order) -> None:
    buyer.go(f"/orders/{order.id}/receipt")
    buyer.page.locator('input[name="line"]').first.check()
    buyer.press('main form button[type="submit"]')
    buyer.wake()
    buyer.press(".btn--final")


def _opens_a_dispute(buyer: Walker, order: Order) -> None:
    buyer.go(f"/orders/{order.id}").press(f'.line__acts a[href^="/orders/{order.id}/dispute"]')
    assert not buyer.page.locator("main input:checked").count(), "nothing is ticked for the buyer"
    buyer.page.locator('input[name="line"]').first.check()
    buyer.press(SUBMIT)
    buyer.page.locator('input[value="damaged"]').check()
    buyer.press(SUBMIT)
    buyer.page.locator('input[value="all"]').check()
    buyer.press(SUBMIT)
    _adds_a_photo(buyer)
    buyer.page.locator("#text").fill("На крышке трещина.")
    buyer.press(SUBMIT)
    buyer.says("На крышке трещина.", SUMS[buyer.setting.language]["disputed"])
    if buyer.setting.scripts:
        buyer.axe()
    assert order.states() == ["confirmed", "held"], "the last step alone opens nothing"
    buyer.press(SUBMIT)
    assert buyer.path.endswith("/disputes/1?done=opened")


def _adds_a_photo(buyer: Walker) -> None:
    field = buyer.page.locator("#files")
    if buyer.setting.scripts:
        with buyer.page.expect_navigation():
            field.set_input_files(PICTURE)
    else:
        field.set_input_files(PICTURE)
        buyer.press('main form [formaction$="/details"]')
    buyer.look()
    assert buyer.page.locator(".tile img").count() == 1
    assert buyer.page.locator(".tile img").evaluate("image => image.complete && image.naturalWidth > 0")


def _sees_photo_and_offers(seller: Walker, order: Order, sums: dict[str, str]) -> None:
    seller.go(f"/selling/orders/{order.id}").press(f'main a[href="/selling/orders/{order.id}/disputes/1"]')
    seller.says("На крышке трещина.")
    photo = seller.page.locator(".tile img").first
    photo.scroll_into_view_if_needed()
    seller.page.wait_for_load_state("networkidle")
    assert photo.evaluate("image => image.naturalWidth > 0")
    seller.press('main a[href$="/disputes/1/offer"]')
    seller.page.locator('input[value="sum"]').check()
    seller.page.locator("#amount").fill("1000")
    if seller.setting.scripts:
        seller.page.locator("#both .sums").wait_for()
        seller.says(sums["offer net"])
    seller.page.locator("#text").fill("Верну на новую крышку.")
    seller.press(SUBMIT)
    seller.says(sums["offer net"], "Верну на новую крышку.")
    if seller.setting.scripts:
        seller.axe()
    seller.press(SUBMIT)


def _counters(buyer: Walker, order: Order, sums: dict[str, str]) -> None:
    buyer.go(f"/orders/{order.id}/disputes/1").says(sums["offer"], "Верну на новую крышку.")
    buyer.press('main a[href$="/disputes/1/offer"]')
    buyer.page.locator('input[value="sum"]').check()
    buyer.page.locator("#amount").fill("2000")
    buyer.press(SUBMIT)
    buyer.says(sums["counter"])
    buyer.press(SUBMIT)
    buyer.says(sums["counter"])
    if buyer.setting.scripts:
        buyer.axe()


def _asks_for_a_mediator(seller: Walker, order: Order) -> None:
    seller.go(f"/selling/orders/{order.id}/disputes/1").press('main a[href$="/escalation"]')
    seller.press(SUBMIT)
    assert seller.path.endswith("?done=escalated")


def _agree_in_the_ledger(served: Served, people: People, order: Order, before: dict[str, int]) -> None:
    """The lamp's 2 520 and the rest of the mugs' 2 730 less 5 %, and 1 500 back."""
    money = order.read()["money"]
    assert (money["refunded"], money["released"], money["fee"], money["held"]) == (150_000, 356_250, 18_750, 0)
    after = served.balances()
    name = f"seller:{people.seller.id}:RUB"
    assert after[name] - before.get(name, 0) >= 356_250
    assert sum(after.values()) == 0
    moved = served.get(f"/ledger/transfers?order={order.id}&limit=200")["items"]
    assert sum(one["amount"]["amount"] for one in moved if one["credit"].startswith("seller:")) == 356_250


def test_accepting_an_offer_cannot_happen_by_accident(opening: Opening, served: Served, people: People) -> None:
    order = served.place(people.buyer.id, people.seller.id).delivered()
    body = {"lines": [order.line(0)], "reason": "damaged", "demand": {"kind": "refund"}, "text": "It is broken."}
    [dispute] = order.post("disputes", body, f"buyer:{people.buyer.id}")["disputes"]
    served.post(f"/disputes/{dispute['id']}/offers", {"refund": 100_000}, f"seller:{people.seller.id}")
    buyer = opening(Setting("en", PHONE), people.buyer).go(f"/orders/{order.id}/disputes/1")
    assert not buyer.page.locator(".btn--final").count()
    buyer.stop_time()
    buyer.press('main a[href$="/offers/2"]')
    final = buyer.page.locator(".btn--final")
    final.dispatch_event("click")
    assert buyer.path.endswith("/offers/2"), "the final button sleeps for a second"
    buyer.page.clock.resume()
    buyer.page.keyboard.press("Escape")
    buyer.page.wait_for_url("**/disputes/1")
    assert order.states() == ["disputed", "held"]
    buyer.press('main a[href$="/offers/2"]')
    buyer.wake()
    buyer.press(final)
    assert order.read()["money"]["refunded"] == 100_000


def test_a_text_that_was_begun_is_there_after_going_back(opening: Opening, served: Served, people: People) -> None:
    order = served.place(people.buyer.id, people.seller.id).delivered()
    asked = f"line={order.line(0)}&reason=damaged&wish=all"
    buyer = opening(Setting("ru", DESK), people.buyer).go(f"/orders/{order.id}/dispute/details?{asked}")
    buyer.page.locator("#text").fill("Не включается.")
    buyer.press(SUBMIT)
    buyer.says("Не включается.")
    buyer.page.go_back()
    assert buyer.page.locator("#text").input_value() == "Не включается."
