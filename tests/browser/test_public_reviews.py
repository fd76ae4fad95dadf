"""The public pages and moderation in a browser: phone and desk, by keyboard, without scripts; the block on another site."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from playwright.sync_api import Browser, ConsoleMessage

from tests.browser.conftest import Opening, People, Somebody
from tests.browser.served import KEY, Order, Served
from tests.browser.test_keyboard import press, tab_to
from tests.browser.walker import DESK, PHONE, ZOOMED, Setting, Walker, plain
from tests.gateways.pictures import jpeg

MIA = Somebody("mia", "mia")
SETTINGS = (
    Setting("ru", PHONE),
    Setting("en", DESK, dark=True),
    Setting("en", PHONE, scripts=False),
    Setting("ru", ZOOMED),
)
DISGUISED = "Хорошая, но дешевле на лампочка точка ру, " + "Щ" * 140
ODD_SKU = "50%25 / ключ №7?#"


def bought(served: Served, seller: str, buyer: str = "ann", **changes: Any) -> Order:
    order = served.place(buyer, seller, **changes).delivered()
    return order.confirm(*(line["id"] for line in order.read()["lines"]))


def photo(served: Served, buyer: str) -> str:
    """A photo of the buyer's."""
    headers = {
        "Authorization": f"Bearer {KEY}",
        "Fairhold-Actor": f"buyer:{buyer}",
        "Idempotency-Key": f"photo-{buyer}",
    }
    answer = httpx2.post(
        f"{served.url}/v1/photos",
        headers=headers,
        files={"file": ("a.jpg", jpeg(900, 700), "image/jpeg")},
        timeout=60,
    )
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["id"])


def said(served: Served, seller: str, rating: int, text: str | None = None, buyer: str = "ann", **more: Any) -> Order:
    """A completed order with the buyer's review."""
    lines = {"lines": more.pop("lines")} if "lines" in more else {}
    order = bought(served, seller, buyer, **lines)
    body = {"rating": rating, **({"text": text} if text else {}), **more}
    served.post(f"/orders/{order.id}/reviews", body, f"buyer:{buyer}")
    return order


@pytest.fixture(scope="module")
def shop(served: Served) -> str:
    """A seller with every kind of review."""
    seller = "public-shop"
    line = {"sku": ODD_SKU, "title": "W" * 200, "quantity": 1, "unit_price": 1000}
    said(
        served, seller, 5, "Light and bright, the strap stays where it is.", photos=[photo(served, "ann")], lines=[line]
    )
    said(served, seller, 4, "Ж" * 900, anonymous=False, description_accuracy=5, communication=4, shipping_speed=3)
    for rating in (5, 5, 3, 1, 4, 5, 2, 5, 5, 4):
        said(served, seller, rating, f"Оценка {rating}, и всё как обещали.")
    served.post(f"/orders/{bought(served, seller, 'ivan').id}/reviews", {"rating": 5}, f"seller:{seller}")
    return seller


def looked_at(walker: Walker) -> None:
    if walker.setting.scripts:
        walker.axe()


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_a_stranger_reads_filters_and_goes_on(opening: Opening, shop: str, setting: Setting) -> None:
    reader = opening(setting).go(f"/sellers/{shop}")
    looked_at(reader)
    assert reader.page.locator("article.review").count() == 10
    assert reader.page.locator(".starbar").count() == 5
    reader.press(reader.page.locator(".starbar").first)
    assert reader.page.locator('.starbar[aria-current="true"]').count() == 1
    shown = reader.page.locator("article.review .stars").evaluate_all("all => all.map(one => one.ariaLabel)")
    assert {label[0] for label in shown} == {"5"}
    reader.press(".chip:has-text('фото'), .chip:has-text('photos')")
    assert reader.page.locator("article.review").count() == 1
    looked_at(reader)
    reader.press(reader.page.locator('.chip[aria-current="true"]').first)
    reader.press(".chip--reset")
    assert reader.page.locator("article.review").count() == 10
    reader.press('a[rel^="next"]')
    assert reader.page.locator("article.review").count() >= 2
    reader.press('a[rel^="prev"]')
    picture = reader.page.locator(".strip a").first
    address = picture.get_attribute("href")
    answer = reader.page.request.get(f"{reader.url}{address}")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")


@pytest.mark.parametrize("setting", SETTINGS[:2], ids=str)
def test_a_product_of_an_odd_name_has_its_page(opening: Opening, shop: str, setting: Setting) -> None:
    reader = opening(setting).go(f"/sellers/{shop}")
    reader.press(reader.page.locator(f'a[href="/sellers/{shop}/products/{quote(ODD_SKU, safe="")}"]').first)
    assert "W" * 200 in reader.text().replace(" ", "")
    assert reader.page.locator("article.review").count() >= 1
    looked_at(reader)
    data = reader.page.locator('script[type="application/ld+json"]').text_content()
    assert data
    assert '"@type": "Product"' in data


def test_with_the_keyboard_alone_a_filter_is_put_on_and_taken_off(opening: Opening, shop: str) -> None:
    reader = opening(Setting("en", DESK)).go(f"/sellers/{shop}")
    press(reader, ".starbar")
    assert reader.path == f"/sellers/{shop}?stars=5"
    press(reader, '.chip[aria-current="true"]')
    assert reader.path == f"/sellers/{shop}"
    tab_to(reader, ".review__link a")


@pytest.mark.parametrize("setting", SETTINGS[:3], ids=str)
def test_a_review_is_reported_and_a_moderator_decides(
    opening: Opening, served: Served, people: People, setting: Setting
) -> None:
    seller = f"reported-{SETTINGS.index(setting)}"
    order = said(served, seller, 1, "Продавец жулик, не покупайте.")
    review = order.read()["reviews"][0]["id"]
    buyer = opening(setting, people.stranger).go(f"/sellers/{seller}")
    buyer.press(".review__link a")
    looked_at(buyer)
    buyer.page.locator('input[name="reason"][value="insult"]').check()
    buyer.page.locator("#text").fill("Оскорбляет. " + "W" * 200)
    buyer.press('main button[type="submit"]')
    assert buyer.page.locator(".note--safe").is_visible()
    mia = opening(setting, MIA).go("/mediation/reviews")
    looked_at(mia)
    mia.press(mia.page.locator(f'a[href="/mediation/reviews/{review}"]'))
    looked_at(mia)
    mia.page.locator('input[name="decision"][value="hide"]').check()
    mia.page.locator("#ready-review").select_option(f"{setting.language}-insult")
    mia.press('button[formaction*="/edit"]')
    assert mia.page.locator('input[name="decision"][value="hide"]').is_checked()
    assert len(mia.page.locator("#reasons-review").input_value()) > 20
    mia.press('form[aria-labelledby="decide-review"] .btn--main')
    assert "done=hide" in mia.path
    assert mia.page.locator(f'a[href="/mediation/reviews/{review}"]').count() == 0
    assert opening(setting).go(f"/sellers/{seller}").page.locator("article.review").count() == 0


def test_with_the_keyboard_alone_a_moderator_decides(opening: Opening, served: Served) -> None:
    order = said(served, "keyboard-shop", 4, DISGUISED)
    review = order.read()["reviews"][0]["id"]
    mia = opening(Setting("ru", DESK), MIA).go(f"/mediation/reviews/{review}")
    mia.axe()
    assert mia.page.locator("mark").first.inner_text().startswith("лампочка точка ру")
    tab_to(mia, 'input[name="decision"]')
    mia.page.keyboard.press("ArrowDown")
    tab_to(mia, "#reasons-review")
    mia.page.keyboard.type("Адрес сайта.")
    press(mia, 'form[aria-labelledby="decide-review"] .btn--main')
    assert "done=hide" in mia.path
    assert order.read()["reviews"][0]["status"] == "hidden"


@contextmanager
def another_site(page: str, policy: str) -> Iterator[str]:
    """A site of another origin with one page under a policy of its own."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(("language", "theme"), [("ru", "light"), ("en", "dark")])
def test_another_site_shows_the_block_under_a_strict_policy(
    browser: Browser, served: Served, shop: str, language: str, theme: str
) -> None:
    page = (
        f'<!doctype html><html lang="{language}"><title>A shop</title><body><h1>Goods</h1>'
        f'<script src="{served.url}/embed/reviews.js" data-seller="{shop}" data-sku="mug" data-theme="{theme}" async>'
        "</script><p>Below</p></body></html>"
    )
    policy = f"default-src 'none'; script-src {served.url}; frame-src {served.url}; img-src 'self'"
    told: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "favicon" not in message.text:
            told.append(message.text)

    with another_site(page, policy) as site:
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
        window = context.new_page()
        window.on("console", listen)
        window.on("pageerror", lambda error: told.append(str(error)))
        window.goto(site)
        frame = window.frame_locator("iframe")
        frame.locator(".block__list li").first.wait_for()
        assert frame.locator(".block__list li").count() == 5
        assert frame.locator("html").get_attribute("lang") == language
        assert frame.locator("html").get_attribute("data-theme") == theme
        block = frame.locator(".block").bounding_box()
        assert block
        window.wait_for_function(
            "height => Math.abs(document.querySelector('iframe').clientHeight - height) <= 1",
            arg=round(block["height"]),
        )
        window.evaluate("window.postMessage({fairhold: 'reviews', height: 12}, '*')")
        window.wait_for_timeout(100)
        assert abs(window.locator("iframe").bounding_box()["height"] - block["height"]) <= 1  # type: ignore[index]
        assert window.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert context.cookies() == []
        with context.expect_page() as opened:
            frame.locator(".block__foot a").click()
        assert opened.value.url.startswith(f"{served.url}/sellers/{shop}/products/mug")
        opened.value.wait_for_load_state()
        assert plain(opened.value.locator("h1").inner_text()) == "Термокружка с вакуумной колбой"
        context.close()
    assert told == []


def test_no_other_site_frames_a_page(browser: Browser, served: Served, shop: str) -> None:
    page = f'<!doctype html><title>A thief</title><iframe src="{served.url}/sellers/{shop}"></iframe>'
    with another_site(page, "default-src 'self'; frame-src *") as site:
        context = browser.new_context()
        window = context.new_page()
        window.goto(site)
        window.wait_for_timeout(300)
        assert not any(frame.url.startswith(served.url) for frame in window.frames)
        context.close()
