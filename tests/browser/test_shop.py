"""A deal from its beginning to its end through the pages of `fairhold demo` alone, and the shop on every screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import PATIENCE_MS
from tests.browser.served import Served, serving
from tests.browser.walker import DESK, PHONE, ZOOMED, Setting, Walker

BOX = 'input[type="checkbox"][name="line"]'
SUBMIT = 'main form button[type="submit"]'
Arriving = Callable[..., Walker]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("shop"), "demo") as running:
        yield running


@pytest.fixture
def arriving(browser: Browser, demo: Served) -> Iterator[Arriving]:
    """Opens a window of the demo and signs in; no page that was seen may have shown a fault."""
    contexts: list[BrowserContext] = []
    walkers: list[Walker] = []

    def arrive(person: str, setting: Setting) -> Walker:
        width, height = setting.screen
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=setting.scripts,
            color_scheme="dark" if setting.dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        walker = Walker(context.new_page(), demo.url, setting)
        walkers.append(walker)
        return walker.sign_in(person)

    yield arrive
    for context in contexts:
        context.close()
    faults = [fault for walker in walkers for fault in walker.faults]
    assert not faults, "\n".join(dict.fromkeys(faults))


def buys_and_pays(buyer: Walker) -> str:
    """Two kinds of goods from one seller; the order's id."""
    buyer.press('.nav a[href="/shop"]')
    buyer.page.locator('[name="quantity-SS-600"]').fill("1")
    buyer.page.locator('[name="quantity-SS-450"]').fill("2")
    buyer.press("#shop-7 button")
    buyer.says("₽5,300", "The money will stay with us until the goods are in your hands")
    buyer.press(SUBMIT)
    buyer.says("The order is placed.")
    buyer.press('#pay button[type="submit"]')
    buyer.says("The money is with us, protected.", "sign in as North & Light")
    return buyer.path.removeprefix("/orders/").partition("?")[0]


def confirms_the_first_only(buyer: Walker, order: str) -> None:
    """Refused with nothing ticked, then one line of two."""
    buyer.go(f"/orders/{order}/receipt").press(SUBMIT)
    buyer.says("Receipt could not be confirmed: nothing was selected.")
    assert not buyer.page.locator(f"{BOX}:checked").count()
    buyer.page.locator(BOX).first.check()
    buyer.press(SUBMIT)
    if buyer.setting.scripts:
        buyer.page.wait_for_selector(".btn--final:not([aria-disabled])")
    buyer.press(".btn--final")
    buyer.go(f"/orders/{order}")
    assert buyer.page.locator('.line__acts a[href*="/receipt"]').count() == 1, "the other item can still be confirmed"


def earned(demo: Served) -> int:
    """What the seller has to get and has had: they are paid out on Mondays, and there is a Monday on the way."""
    paid: int = sum(one["arrived"]["amount"] for one in demo.get("/payouts?seller=shop-7&limit=200")["items"])
    there: int = demo.balances().get("seller:shop-7:RUB", 0)
    return there + paid


@pytest.mark.parametrize("setting", [Setting("en", DESK), Setting("en", PHONE, scripts=False, dark=True)], ids=str)
def test_a_person_plays_a_whole_deal_through_the_pages(arriving: Arriving, demo: Served, setting: Setting) -> None:
    buyer, seller, operator = (arriving(person, setting) for person in ("ann", "shop-7", "ops"))
    before = earned(demo)
    order = buys_and_pays(buyer)

    seller.go(f"/selling/orders/{order}/ship").says("FH-DELIVERED-1")
    assert seller.page.locator("#numbers option").count() > 5
    seller.page.locator("#carrier").select_option(index=1)
    seller.page.locator("#number").fill("FH-DELIVERED-1")
    seller.press(SUBMIT)
    seller.says("The parcel is recorded.", "FH-DELIVERED-1", "the operator on duty reports scans")
    for _ in range(4):
        operator.go("/operator/clock").press('button[value="day"]')

    buyer.go(f"/orders/{order}").says("Handed to the addressee")
    confirms_the_first_only(buyer, order)
    operator.go("/operator/clock").press('button[value="week"]')
    operator.press('button[value="day"]')
    buyer.go(f"/orders/{order}").says("₽5,300 went to the seller. Protection has ended.")

    seller.go(f"/selling/orders/{order}").says("₽5,035.00")
    assert earned(demo) >= before + 503_500
    there = demo.balances().get("seller:shop-7:RUB", 0)
    seller.go("/selling/money").says(f"Available to pay out ₽{there // 100:,}.{there % 100:02}")
    operator.go("/operator/ledger").says("North & Light")
    assert len(re.findall("adds up to zero", operator.text())) == operator.page.locator("main section").count()
    assert sum(demo.balances().values()) == 0


@pytest.mark.parametrize(
    "setting",
    [Setting("ru", DESK, dark=True), Setting("en", PHONE), Setting("ru", ZOOMED, scripts=False)],
    ids=str,
)
def test_the_shop_looks_right_on_every_screen(arriving: Arriving, setting: Setting) -> None:
    buyer = arriving("ann", setting)
    for address in (
        "/shop",
        "/shop/shop-34",
        "/shop/shop-7/review",
        "/shop/shop-7/review?quantity-SS-600=99",
        "/shop/shop-7/review?quantity-SS-600=20&quantity-SS-D2=20",
        "/orders",
    ):
        buyer.go(address)
        if setting.screen != ZOOMED:
            buyer.axe()


def to_pay(demo: Served, buyer: str) -> int:
    """How many orders of a buyer wait for payment."""
    return int(demo.get("/orders?limit=1", f"buyer:{buyer}")["counts"]["awaiting_payment"])


def test_a_double_press_orders_once(arriving: Arriving, demo: Served) -> None:
    buyer = arriving("james", Setting("en", PHONE))
    before = to_pay(demo, "james")
    buyer.go("/shop/shop-32/review?quantity-RO-3=2")
    buyer.page.locator(SUBMIT).dblclick()
    buyer.page.wait_for_url("**/orders/*")
    assert to_pay(demo, "james") == before + 1


def test_somebody_who_also_sells_cannot_buy_from_themselves(arriving: Arriving) -> None:
    boris = arriving("boris", Setting("ru", DESK)).go("/shop/shop-21")
    boris.says("Это ваш магазин")
    assert boris.page.locator("main input").count() == 0
