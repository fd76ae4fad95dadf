"""Disputes in which goods travel again, on the pages of both sides: sent back and paid, sent back and contested, sent anew."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FilePayload

from tests.browser.conftest import Opening, People
from tests.browser.served import Order, Served
from tests.browser.walker import DESK, PHONE, Setting, Walker
from tests.gateways.pictures import jpeg

RU, EN = Setting("ru", DESK), Setting("en", PHONE, scripts=False, dark=True)
PICTURE: FilePayload = {"name": "box.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
SUBMIT = "main form .btn--main"


def _demanded(served: Served, people: People, kind: str) -> Order:
    order = served.place(people.buyer.id, people.seller.id).delivered()
    body = {"lines": [order.line(0)], "reason": "damaged", "demand": {"kind": kind}, "text": "Не включается."}
    order.post("disputes", body, f"buyer:{people.buyer.id}")
    return order


def _dispute(order: Order) -> dict[str, Any]:
    [dispute] = order.read()["disputes"]
    found: dict[str, Any] = dispute
    return found


def _agrees(seller: Walker, order: Order) -> None:
    seller.go(f"/selling/orders/{order.id}/disputes/1").press('main a[href$="/offers/1"]')
    if seller.setting.scripts:
        seller.axe()
        seller.wake()
    seller.press(".btn--final")


def _sends(walker: Walker, page: str, number: str) -> None:
    """Fill in the form of a parcel: first with nothing in it, which is said at its fields."""
    walker.press(f'main a[href$="{page}"]').press(SUBMIT)
    assert walker.page.locator("[aria-invalid=true]").count() == 2
    if walker.setting.scripts:
        walker.axe()
    walker.page.locator("#carrier").select_option(index=1)
    walker.page.locator("#number").fill(number)
    walker.press(SUBMIT)
    walker.says(number)


@pytest.mark.parametrize("setting", [RU, EN], ids=str)
def test_goods_go_back_and_the_buyer_is_paid(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order = _demanded(served, people, "return_and_refund")
    buyer, seller = opening(setting, people.buyer), opening(setting, people.seller)
    _agrees(seller, order)
    assert _dispute(order)["status"] == "return_due"
    buyer.go(f"/orders/{order.id}/disputes/1")
    _sends(buyer, "/return", "BACK-1")
    assert _dispute(order)["status"] == "returning"
    seller.go(f"/selling/orders/{order.id}/disputes/1").says("BACK-1")
    seller.press('main a[href$="/return/receipt"]').says("2 520,00 ₽" if setting.language == "ru" else "₽2,520.00")
    if setting.scripts:
        seller.axe()
        seller.wake()
    assert order.read()["money"]["refunded"] == 0
    seller.press(".btn--final")
    buyer.go(f"/orders/{order.id}/disputes/1").says("2 520 ₽" if setting.language == "ru" else "₽2,520")
    assert _dispute(order)["outcome"]["outcome"] == "returned"
    assert order.read()["money"]["refunded"] == 252_000


@pytest.mark.slow
@pytest.mark.parametrize("setting", [RU, EN], ids=str)
def test_what_came_back_wrong_is_contested_with_a_photo(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order = _demanded(served, people, "return_and_refund")
    name = _dispute(order)["id"]
    served.post(f"/disputes/{name}/offers/1/acceptance", {}, f"seller:{people.seller.id}")
    back = {"carrier": "cdek", "tracking_number": "BACK-2"}
    served.post(f"/disputes/{name}/return", back, f"buyer:{people.buyer.id}")
    seller = opening(setting, people.seller).go(f"/selling/orders/{order.id}/disputes/1")
    seller.press('main a[href$="/return/receipt?wrong=yes"]')
    seller.page.locator("#text").fill("Вернулась пустая коробка.")
    seller.page.locator("#files").set_input_files(PICTURE)
    if setting.scripts:
        seller.axe()
    seller.press(SUBMIT)
    seller.says("Вернулась пустая коробка.")
    assert _dispute(order)["status"] == "claimed"
    buyer = opening(setting, people.buyer).go(f"/orders/{order.id}/disputes/1")
    buyer.says("Вернулась пустая коробка.")
    photo = buyer.page.locator(".tile img").first
    photo.scroll_into_view_if_needed()
    buyer.page.wait_for_load_state("networkidle")
    assert photo.evaluate("image => image.naturalWidth > 0")


@pytest.mark.parametrize("setting", [RU, EN], ids=str)
def test_goods_are_sent_anew_and_protected_again(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order = _demanded(served, people, "resend")
    buyer, seller = opening(setting, people.buyer), opening(setting, people.seller)
    _agrees(seller, order)
    seller.go(f"/selling/orders/{order.id}/disputes/1")
    _sends(seller, "/resend", "AGAIN-1")
    assert _dispute(order)["status"] == "resent"
    assert order.states() == ["held", "held"]
    buyer.go(f"/orders/{order.id}/disputes/1").says("AGAIN-1")
    assert order.read()["money"]["held"] == order.read()["total"]
