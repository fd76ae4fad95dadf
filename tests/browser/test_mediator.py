"""The mediator's desk in a browser: take a case, find a sum, see what it means, rule; both sides then have exactly that."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import Opening, People, Somebody
from tests.browser.served import Order, Served
from tests.browser.test_pages import COSTLY, UNBROKEN, keeps_confirming_apart
from tests.browser.walker import DESK, PHONE, ZOOMED, Setting, Walker, plain

MIA, MAX = Somebody("mia", "mia"), Somebody("max", "max")
SETTINGS = (Setting("ru", DESK), Setting("en", PHONE, scripts=False, dark=True))


def claimed(served: Served, people: People, offer: int | None = 40_000, **goods: Any) -> tuple[Order, str]:
    """A delivered order whose first item is disputed and lies with a mediator."""
    order = served.place(people.buyer.id, people.seller.id, **goods).delivered()
    body = {
        "lines": [order.line(0)],
        "reason": "damaged",
        "demand": {"kind": "refund"},
        "text": "Треснула линза. " + "W" * 120,
    }
    answer = order.post("disputes", body, f"buyer:{people.buyer.id}")
    name = str(answer.get("disputes", [answer])[0]["id"])
    if offer is not None:
        served.post(
            f"/disputes/{name}/offers", {"refund": offer, "text": "Вернём часть."}, f"seller:{people.seller.id}"
        )
    served.post(f"/disputes/{name}/escalation", {"text": "Прошу решить."}, f"buyer:{people.buyer.id}")
    return order, name


def sums(walker: Walker, root: str) -> list[str]:
    """The sums of a block, with ordinary spaces."""
    return [plain(text) for text in walker.page.locator(f"{root} dl.sums dd").all_inner_texts()]


def looked_over(walker: Walker) -> None:
    """What holds on every page; axe itself is a script."""
    if walker.setting.scripts:
        walker.axe()
    keeps_confirming_apart(walker)


def with_the_slider(mia: Walker) -> list[str]:
    """Find 1512 roubles by slider, mark and field, and a ready reason; the sums that the page then shows."""
    page, slide = mia.page, mia.page.locator("[data-slide]")
    slide.focus()
    page.keyboard.press("Home")
    assert page.locator("#refund").input_value() == "0"
    for _ in range(60):
        page.keyboard.press("ArrowRight")
    assert page.locator("#refund").input_value() == "1512"
    page.locator("#sums").filter(has_text=re.compile(r"1\s512")).wait_for()
    page.locator('[data-mark="400"]').click()
    assert slide.input_value() == "16"
    page.locator("#canned").select_option("en-part")
    page.locator("[data-insert]").click()
    assert "The fault is proved" in page.locator("#reasons").input_value()
    page.locator("#refund").fill("1512")
    assert slide.input_value() == "60"
    page.locator("#sums").filter(has_text=re.compile(r"1\s512")).wait_for()
    return sums(mia, "#sums")


def without_scripts(mia: Walker) -> list[str]:
    """The same with links and buttons alone."""
    page = mia.page
    assert page.locator("[data-slide]").is_hidden()
    mia.press('[data-mark="400"]')
    assert page.locator("#refund").input_value() == "400"
    page.locator("#refund").fill("1512")
    page.locator("#canned").select_option("en-part")
    mia.press("[data-insert]")
    assert "The fault is proved" in page.locator("#reasons").input_value()
    return sums(mia, "#sums")


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_a_mediator_takes_a_case_and_rules_and_both_sides_get_just_that(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order, name = claimed(served, people)
    mia = opening(setting).sign_in(MIA.key)
    assert mia.path == "/mediation/disputes"
    looked_over(mia)
    link = f'a[href="/mediation/disputes/{name}"]'
    mia.press(link)
    looked_over(mia)
    mia.says("Прошу решить.", "Вернём часть.")
    mia.press('form[action$="/take"] button')

    page = mia.page
    shown = with_the_slider(mia) if setting.scripts else without_scripts(mia)
    mia.press("#ruling .btn--main")
    assert sums(mia, "main") == shown
    looked_over(mia)
    mia.press("[data-cancel]")
    assert page.locator("#refund").input_value() == "1512", "what was typed is still there"
    mia.press("#ruling .btn--main")
    if setting.scripts:
        page.locator("[data-final]:not([aria-disabled])").wait_for()
    mia.press("[data-final]")
    ruling = served.get(f"/disputes/{name}", f"buyer:{people.buyer.id}")
    ruling = ruling.get("dispute", ruling)
    assert [one["refund"] for one in ruling["rulings"]] == [151_200]

    served.pass_days(8)
    for actor in (f"buyer:{people.buyer.id}", f"seller:{people.seller.id}"):
        end = served.get(f"/disputes/{name}", actor)
        end = end.get("dispute", end)["outcome"]
        assert (end["refunded"], end["released"]) == (151_200, 100_800), actor
    money = order.read()["money"]
    assert money["refunded"] == 151_200
    figures = ["".join(sign for sign in text if sign.isdigit()) for text in shown]
    assert figures == ["151200", str(100_800 - 5_040), "5040", "252000"], "the three sums and their whole"


@pytest.mark.slow
@pytest.mark.parametrize(
    "setting", [Setting("ru", DESK), Setting("en", PHONE, dark=True), Setting("ru", ZOOMED, scripts=False)], ids=str
)
def test_no_page_of_the_desk_breaks_a_rule_of_every_page(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    _, long = claimed(served, people, lines=[COSTLY, UNBROKEN])
    _, refused = claimed(served, people, offer=None)
    served.post(f"/disputes/{refused}/ruling", {"refund": 0, "reasons": "Нет доказательств."}, "mediator:mia")
    _, closed = claimed(served, people, offer=0)
    served.post(f"/disputes/{closed}/ruling", {"refund": 1, "reasons": "W" * 300}, "mediator:mia")
    served.pass_days(0.1)
    tour = {
        MIA: ("", "?tab=closed", f"/{refused}", f"/{closed}"),
        MAX: (f"/{long}", "?tab=nothing&sort=sum"),
        people.support: (f"/{long}", "/numbers?days=365"),
        people.operator: ("?tab=mine", f"/{closed}", "/numbers?seller=nobody"),
    }
    folders = {people.support: "/support", people.operator: "/operator"}
    for who, addresses in tour.items():
        walker = opening(setting, who)
        for address in addresses:
            walker.go(f"{folders.get(who, '/mediation')}/disputes{address}")
            looked_over(walker)


def test_the_ruling_can_be_made_with_the_keyboard_alone(opening: Opening, served: Served, people: People) -> None:
    _, name = claimed(served, people)
    walker = opening(Setting("en", DESK), MIA).go(f"/mediation/disputes/{name}")
    page = walker.page
    page.locator("#refund").focus()
    page.keyboard.type("0")
    page.locator("#reasons").focus()
    page.keyboard.type("Nothing was proved.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    with page.expect_navigation(url="**/ruling/consequence"):
        page.keyboard.press("Enter")
    walker.look()
    assert page.evaluate("document.activeElement.hasAttribute('data-cancel')"), "Cancel has the focus"
    with page.expect_navigation():
        page.keyboard.press("Escape")
    walker.look()
    assert page.locator("#reasons").input_value() == "Nothing was proved."


def test_an_error_takes_the_focus_and_says_what_to_write(opening: Opening, served: Served, people: People) -> None:
    _, name = claimed(served, people)
    walker = opening(Setting("en", DESK), MIA).go(f"/mediation/disputes/{name}")
    walker.page.locator("#refund").fill("99999")
    walker.page.locator("#sums .error").wait_for()
    walker.press("#ruling .btn--main")
    assert walker.page.evaluate("document.activeElement.id") == "refund"
    walker.says("The sum in dispute is ₽2,520.00: no more than that can be given back.", "Say why: both sides read it.")
