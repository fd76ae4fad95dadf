"""Reviews on the pages of both sides: from confirming to a reply and a better second version, by finger, key and ear."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload

from tests.browser.conftest import Opening, People
from tests.browser.served import Order, Served
from tests.browser.test_keyboard import press, tab_to
from tests.browser.walker import DESK, PHONE, ZOOMED, Setting, Walker, plain
from tests.gateways.pictures import jpeg

SETTINGS = (
    Setting("ru", PHONE, scripts=True, dark=False),
    Setting("en", DESK, scripts=True, dark=True),
    Setting("ru", PHONE, scripts=False, dark=True),
)
PICTURE: FilePayload = {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
LONG = "Плед вязаный из мериносовой шерсти, крупная вязка, 130 × 170 см, цвет «овсяное печенье», ручная работа, " * 2
ODD_LINES = (
    {"sku": "plaid", "title": LONG[:200], "quantity": 3, "unit_price": 100_000},
    {"sku": "wide", "title": "W" * 200, "quantity": 1, "unit_price": 100},
)
FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
SAID = {
    "ru": {
        "revised": "Пересмотрен: было 2, стало 4",
        "off": "Пересмотреть можно оценку 1 или 2.",
        "anonymous": "Покупатель",
    },
    "en": {
        "revised": "Revised: was 2, became 4",
        "off": "Only 1 or 2 stars can be revised.",
        "anonymous": "Buyer",
    },
}


def looked_at(walker: Walker) -> Walker:
    """The page has no serious finding of axe."""
    if walker.setting.scripts:
        walker.axe()
    return walker


def choose(walker: Walker, name: str, stars: int) -> None:
    """Touch a star."""
    walker.page.locator(f'label:has(input[name="{name}"][value="{stars}"])').click()
    assert walker.page.locator(f'input[name="{name}"][value="{stars}"]').is_checked()


def completed(served: Served, people: People, **changes: object) -> Order:
    order = served.place(people.buyer.id, people.seller.id, **changes).delivered()
    return order.confirm(*(line["id"] for line in order.read()["lines"]))


def card(walker: Walker, text: str) -> str:
    """What the card with this text says."""
    return plain(walker.page.locator("article", has_text=text).first.inner_text())


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_a_deal_is_confirmed_and_reviewed_the_seller_replies_and_the_buyer_gives_more(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order = served.place(people.buyer.id, people.seller.id).delivered()
    buyer, seller = opening(setting, people.buyer), opening(setting, people.seller)
    text = f"Темнее, чем на фото. {setting}".replace(",", "")
    _confirms(buyer, order)
    _reviews(buyer, text)
    shown = card(buyer, text)
    assert SAID[setting.language]["off"] not in shown
    _replies(seller, order, text)
    buyer.go("/reviews?tab=given")
    assert "Пришлём другой." in card(buyer, text)
    buyer.press(buyer.page.locator("article", has_text=text).locator('a[href$="/revision"]'))
    looked_at(buyer)
    assert buyer.page.locator("#text").input_value() == text
    assert buyer.page.locator(".tile img").count() == 1
    assert buyer.page.locator('input[name="rating"]:disabled').count() == 2
    choose(buyer, "rating", 4)
    buyer.press("main .btn--main")
    looked_at(buyer).says(SAID[setting.language]["revised"])
    found = buyer.page.locator("article", has_text=text).first
    assert found.locator("button:disabled").count() == 1
    assert SAID[setting.language]["off"] in plain(found.inner_text())
    looked_at(buyer.go(f"/orders/{order.id}")).says(SAID[setting.language]["revised"])


def _confirms(buyer: Walker, order: Order) -> None:
    buyer.go(f"/orders/{order.id}/receipt")
    for box in buyer.page.locator('input[name="line"]').all():
        box.check()
    buyer.press('main form button[type="submit"]')
    buyer.wake()
    buyer.press(".btn--final")
    assert buyer.path.endswith("/receipt/done")
    looked_at(buyer)


def _reviews(buyer: Walker, text: str) -> None:
    assert buyer.page.locator('input[name="anonymous"]').is_checked()
    choose(buyer, "rating", 2)
    choose(buyer, "communication", 5)
    buyer.page.locator("#text").fill(text)
    field = buyer.page.locator("#files")
    if buyer.setting.scripts:
        with buyer.page.expect_navigation():
            field.set_input_files(PICTURE)
        buyer.look()
    else:
        field.set_input_files(PICTURE)
        buyer.press(buyer.page.locator("#photos [data-upload]"))
    assert buyer.page.locator("#photos .tile img").evaluate("image => image.complete && image.naturalWidth > 0")
    assert buyer.page.locator('input[name="communication"][value="5"]').is_checked()
    looked_at(buyer).press("main .btn--main")
    assert buyer.path == "/reviews?tab=given&done=published"
    looked_at(buyer)


def _replies(seller: Walker, order: Order, text: str) -> None:
    looked_at(seller.go("/selling/reviews?tab=received"))
    shown = card(seller, text)
    assert shown.startswith(SAID[seller.setting.language]["anonymous"])
    assert order.id not in seller.page.locator("article", has_text=text).first.inner_html()
    photo = seller.page.locator("article", has_text=text).locator(".shots img").first
    photo.scroll_into_view_if_needed()
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    seller.press(seller.page.locator("article", has_text=text).locator('a[href$="/reply"]'))
    looked_at(seller).says(text)
    seller.page.locator("#text").fill("Пришлём другой.")
    seller.press("main .btn--main")
    assert seller.path == "/selling/reviews?tab=received&done=replied"
    assert "Пришлём другой." in card(seller, text)


@pytest.mark.parametrize("setting", [Setting("ru", PHONE), Setting("en", DESK, scripts=False)], ids=str)
def test_four_stars_cannot_be_revised_and_the_button_says_why(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order = completed(served, people)
    buyer = opening(setting, people.buyer).go(f"/orders/{order.id}").press("#reviews .btn--main")
    choose(buyer, "rating", 4)
    buyer.press("main .btn--main")
    buyer.go(f"/orders/{order.id}").says(SAID[setting.language]["off"])
    assert buyer.page.locator("#reviews button:disabled").count() == 1
    assert not buyer.page.locator('#reviews a[href$="/revision"]').count()


def test_the_keyboard_alone_is_enough_to_rate_and_enter_in_a_field_publishes_nothing(
    opening: Opening, served: Served, people: People
) -> None:
    order = completed(served, people)
    buyer = opening(Setting("en", DESK), people.buyer).go(f"/orders/{order.id}/review")
    tab_to(buyer, 'input[name="rating"]')
    buyer.page.keyboard.press("Space")
    for _ in range(3):
        buyer.page.keyboard.press("ArrowRight")
    assert buyer.page.locator('input[name="rating"]:checked').get_attribute("value") == "4"
    assert buyer.page.locator("#rating .rate__word:visible").inner_text() == "good"
    with buyer.page.expect_navigation():
        buyer.page.keyboard.press("Enter")
    buyer.look()
    assert buyer.path == f"/orders/{order.id}/review/form"
    assert buyer.page.locator('input[name="rating"]:checked').get_attribute("value") == "4"
    tab_to(buyer, 'input[name="shipping_speed"]')
    buyer.page.keyboard.press("ArrowRight")
    tab_to(buyer, "#text")
    buyer.page.keyboard.type("Bright enough.")
    press(buyer, "main .btn--main")
    assert buyer.path == "/reviews?tab=given&done=published"
    assert "Bright enough." in card(buyer, "Bright enough.")


def test_stars_are_told_to_ears(opening: Opening, served: Served, people: People) -> None:
    buyer = opening(Setting("ru", PHONE), people.buyer).go(f"/orders/{completed(served, people).id}/review")
    group = buyer.page.get_by_role("group", name="Сделка в целом")
    names = [group.get_by_role("radio", name=name).count() for name in ("1 из 5: плохо", "5 из 5: отлично")]
    assert names == [1, 1]
    group.get_by_role("radio", name="5 из 5: отлично").check(force=True)
    assert buyer.page.locator('input[name="rating"][value="5"]').is_checked()


def test_the_length_is_counted_as_people_count_and_too_much_is_said_before_sending(
    opening: Opening, served: Served, people: People
) -> None:
    order = completed(served, people)
    buyer = opening(Setting("en", DESK), people.buyer).go(f"/orders/{order.id}/review")
    counter = buyer.page.locator("[data-count=text]")
    assert counter.inner_text() == "0 of 1000"
    buyer.page.locator("#text").fill(FAMILY * 3)
    assert counter.inner_text() == "3 of 1000"
    assert counter.get_attribute("role") is None
    buyer.page.locator("#text").fill("x" * 1001)
    assert counter.inner_text() == "1001 of 1000, too long"
    assert counter.get_attribute("role") == "status"
    looked_at(buyer)
    choose(buyer, "rating", 5)
    buyer.press("main .btn--main")
    assert len(buyer.page.locator("#text").input_value()) == 1001
    assert buyer.page.evaluate("document.activeElement.id") == "text"
    looked_at(buyer)


@pytest.mark.slow
@pytest.mark.parametrize("setting", [Setting("en", PHONE, dark=True), Setting("ru", ZOOMED, scripts=False)], ids=str)
def test_every_page_about_reviews_holds_long_names_and_says_what_is_wrong(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    order = completed(served, people, lines=list(ODD_LINES))
    buyer, seller = opening(setting, people.buyer), opening(setting, people.seller)
    looked_at(buyer.go("/reviews"))
    looked_at(buyer.go(f"/orders/{order.id}"))
    looked_at(buyer.go(f"/orders/{order.id}/review"))
    buyer.page.locator("details.card > summary").click()
    buyer.look()
    looked_at(buyer)
    choose(buyer, f"rating-{order.line(1)}", 1)
    buyer.page.locator(f"#item-{order.line(1)} summary").click()
    buyer.page.locator(f"#text-{order.line(1)}").fill("https://" + "x" * 200 + ".ru и телефон 8 800 555-35-35")
    buyer.press("main .btn--main")
    assert buyer.page.locator(".error").count() == 2
    looked_at(buyer)
    choose(buyer, "rating", 1)
    buyer.page.locator(f"#text-{order.line(1)}").fill("W" * 300)
    buyer.page.locator('input[name="anonymous"]').uncheck()
    buyer.press("main .btn--main")
    for tab in ("awaiting", "given", "received"):
        looked_at(buyer.go(f"/reviews?tab={tab}"))
        looked_at(seller.go(f"/selling/reviews?tab={tab}"))
    looked_at(seller.go(f"/selling/orders/{order.id}/review"))
    looked_at(seller.go(f"/selling/orders/{order.id}"))
    seller.press('#reviews a[href$="/reply"]')
    looked_at(seller).press("main .btn--main")
    looked_at(seller)
    buyer.go(f"/orders/{order.id}").press('#reviews a[href$="/revision"]')
    looked_at(buyer)


def test_somebody_without_deals_finds_one_way_on(opening: Opening, people: People) -> None:
    stranger = opening(Setting("ru", PHONE), people.stranger)
    for tab in ("awaiting", "given", "received"):
        looked_at(stranger.go(f"/reviews?tab={tab}"))
