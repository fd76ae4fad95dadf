"""With the keyboard alone a buyer gets from signing in to a confirmed item, and always sees where they are."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Opening, People
from tests.browser.served import Served
from tests.browser.walker import DESK, Language, Setting, Walker

MOST_TABS = 60
_SEEN = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const around = [one, one.closest("label"), one.closest(".pick__row")].filter(Boolean).map((each) => getComputedStyle(each));
  return around.some((each) => (each.outlineStyle !== "none" && parseFloat(each.outlineWidth) > 0) || each.boxShadow !== "none");
}"""


def tab_to(walker: Walker, selector: str) -> None:
    """Press Tab until what `selector` names has the focus; every stop on the way shows it."""
    for _ in range(MOST_TABS):
        walker.page.keyboard.press("Tab")
        stop = walker.page.evaluate("document.activeElement.outerHTML.slice(0, 100)")
        assert walker.page.evaluate(_SEEN), f"nothing shows that the focus is on {stop}"
        if walker.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{MOST_TABS} tabs on {walker.path} do not reach {selector}")


def press(walker: Walker, selector: str, key: str = "Enter") -> None:
    """Reach something by Tab and press it."""
    tab_to(walker, selector)
    with walker.page.expect_navigation():
        walker.page.keyboard.press(key)
    walker.look()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_keyboard_alone_is_enough_to_confirm_one_item(
    opening: Opening, served: Served, people: People, language: Language
) -> None:
    order = served.place(people.buyer.id, people.seller.id).delivered()
    walker = opening(Setting(language, DESK)).go(f"/language/{language}?next=/sign-in")
    press(walker, f'button[value="{people.buyer.key}"]')
    press(walker, f'.order__title a[href="/orders/{order.id}"]')
    press(walker, f'a[href^="/orders/{order.id}/receipt"]')
    tab_to(walker, 'input[type="checkbox"]')
    walker.page.keyboard.press("Space")
    press(walker, 'main button[type="submit"]')
    assert walker.page.evaluate("document.activeElement.matches('[data-cancel]')")
    walker.wake()
    press(walker, ".btn--final")
    assert walker.path.endswith("/receipt/done")
    assert order.states() == ["confirmed", "held"]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_keyboard_alone_is_enough_to_ship(
    opening: Opening, served: Served, people: People, language: Language
) -> None:
    order = served.place(people.buyer.id, people.seller.id).pay()
    walker = opening(Setting(language, DESK)).go(f"/language/{language}?next=/sign-in")
    press(walker, f'button[value="{people.seller.key}"]')
    press(walker, f'a[href^="/selling/orders/{order.id}"]')
    if not walker.path.endswith("/ship"):
        press(walker, f'a[href="/selling/orders/{order.id}/ship"]')
    tab_to(walker, "#other")
    walker.page.keyboard.type("Carrier")
    tab_to(walker, "#number")
    walker.page.keyboard.type("RB1")
    press(walker, 'main button[type="submit"]')
    assert order.status == "awaiting_delivery"


def test_the_first_tab_offers_to_skip_to_the_content(opening: Opening, people: People) -> None:
    walker = opening(Setting("ru"), people.buyer).go("/orders")
    walker.page.keyboard.press("Tab")
    assert walker.page.evaluate("document.activeElement.matches('.skip')")
    walker.page.keyboard.press("Enter")
    walker.page.keyboard.press("Tab")
    assert walker.page.evaluate("document.activeElement.closest('main') !== null")


def test_after_a_refusal_the_focus_is_on_what_went_wrong(opening: Opening, served: Served, people: People) -> None:
    order = served.place(people.buyer.id, people.seller.id).delivered()
    walker = opening(Setting("ru"), people.buyer).go(f"/orders/{order.id}/receipt")
    walker.press('main form button[type="submit"]')
    assert walker.page.evaluate("document.activeElement.matches('[role=\"alert\"]')")
