"""A newcomer's whole way: an account, a purchase, a confirmation pressed by mistake, and support that takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import PATIENCE_MS
from tests.browser.mailbox import Mailbox
from tests.browser.served import Order, Served, serving
from tests.browser.walker import DESK, PHONE, Setting, Walker

SUBMIT = 'main form button[type="submit"]'
SELLER, SUPPORT = "shop-7", "sam"
WORDS = {
    "ru": ("Иван Новосёлов", "Нажалось само.", "Отменяю, проверьте спокойно."),
    "en": ("Newton Newcomer", "My thumb slipped.", "Undone, take your time."),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Mailbox]]:
    """The demo, which sells things, and the letters that it writes."""
    folder = tmp_path_factory.mktemp("journey")
    with serving(folder, "demo", FAIRHOLD_MAIL=f"files:{folder}/mail") as running:
        yield running, Mailbox(folder / "mail")


def window(browser: Browser, served: Served, setting: Setting) -> tuple[BrowserContext, Walker]:
    width, height = setting.screen
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="ru-RU" if setting.language == "ru" else "en-GB",
        has_touch=setting.screen == PHONE,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    return context, Walker(context.new_page(), served.url, setting)


def sign_up(walker: Walker, mailbox: Mailbox, name: str) -> None:
    """By the form and the link of the letter."""
    walker.go("/sign-up")
    walker.page.fill("#email", f"newcomer.{walker.setting.language}@example.org")
    walker.press(".gate .btn--main")
    link = urlsplit(mailbox.link())
    walker.go(f"{link.path}?{link.query}")
    walker.page.fill("#name", name)
    walker.page.fill("#password", "correct horse battery")
    walker.press(".gate .btn--main")
    assert walker.path == "/orders"


def buy(walker: Walker, served: Served) -> Order:
    """One kind of goods in the shop, paid; the order as the API knows it."""
    walker.go("/shop")
    walker.page.locator('[name="quantity-SS-600"]').fill("1")
    walker.press(f"#{SELLER} button")
    walker.press(SUBMIT)
    walker.press('#pay button[type="submit"]')
    number = walker.path.removeprefix("/orders/").partition("?")[0]
    found = served.get(f"/orders/{number}")
    return Order(served, number, found["buyer"], found["seller"])


def confirm(walker: Walker, order: Order) -> None:
    """In two steps, everything ticked by hand."""
    walker.go(f"/orders/{order.id}/receipt")
    for box in walker.page.locator('input[name="line"]').all():
        box.check()
    walker.press(SUBMIT)
    walker.page.wait_for_selector(".btn--final:not([aria-disabled])")
    walker.press(".btn--final")


@pytest.mark.parametrize("setting", [Setting("ru", PHONE), Setting("en", DESK)], ids=str)
def test_from_sign_up_to_an_undo_by_support(browser: Browser, house: tuple[Served, Mailbox], setting: Setting) -> None:
    served, mailbox = house
    name, slipped, undone = WORDS[setting.language]
    context, buyer = window(browser, served, setting)
    sign_up(buyer, mailbox, name)
    order = buy(buyer, served)
    assert order.status == "awaiting_shipment"
    order.ship().scan("in_transit").scan("delivered")
    confirm(buyer, order)
    assert order.status == "settling"
    buyer.press(f'a[href="/orders/{order.id}/accident"]')
    buyer.page.fill("#text", slipped)
    buyer.press(SUBMIT)
    buyer.page.locator(".chat", has_text=slipped).wait_for()

    at_work, desk = window(browser, served, Setting(setting.language, DESK))
    desk.sign_in(SUPPORT).go("/support/chats")
    desk.press(f'a[href="/support/orders/{order.id}/chat/buyer"]')
    desk.page.fill("#why", undone)
    desk.press('form[action$="/undo"] .btn--main')
    assert order.status == "awaiting_confirmation"

    buyer.page.locator(".chat", has_text=undone).wait_for()
    buyer.go(f"/orders/{order.id}")
    assert order.read(f"buyer:{order.buyer}")["money"]["held"] > 0
    assert buyer.page.locator(f'a[href^="/orders/{order.id}/receipt"]').count(), "it can be confirmed again"
    for opened in (context, at_work):
        opened.close()
    assert not [*buyer.faults, *desk.faults]
