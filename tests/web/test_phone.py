"""What makes an app of the pages: the manifest, its icons, the service worker, the offline page, the calendar file."""

from __future__ import annotations

import json
import re
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from fairhold.web.handlers import phone
from scripts import icons
from tests.web.conftest import MUGS, Market, Visiting, form_to
from tests.web.reviewing import completed, reviewed

RU_EN = pytest.mark.parametrize("language", ["ru", "en"])


@RU_EN
def test_every_page_names_the_manifest_of_its_language_and_the_icon_for_apple(
    visiting: Visiting, language: str
) -> None:
    visitor = visiting(None, language)
    page = visitor.get("/")
    assert f'<link rel="manifest" href="/manifest/{language}.webmanifest">' in page
    touch = re.search(r'rel="apple-touch-icon" href="([^"]+)"', page)
    assert touch
    assert visitor.client.get(touch[1]).headers["content-type"] == "image/png"


@RU_EN
def test_the_manifest_makes_the_pages_installable(visiting: Visiting, language: str) -> None:
    """Chromium asks for a name, a start, a display of its own, and icons of 192 and 512 pixels."""
    client = visiting(None).client
    answer = client.get(f"/manifest/{language}.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    said = answer.json()
    assert (said["lang"], said["start_url"], said["scope"], said["display"]) == (language, "/", "/", "standalone")
    assert said["name"]
    assert {(icon["sizes"], icon["purpose"]) for icon in said["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("192x192", "maskable"),
        ("512x512", "maskable"),
    }
    for icon in said["icons"]:
        with Image.open(BytesIO(client.get(icon["src"]).content)) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
    for shortcut in said["shortcuts"]:
        assert client.get(shortcut["url"]).status_code == 200


def test_there_is_no_manifest_and_no_offline_page_in_another_language(visiting: Visiting) -> None:
    client = visiting(None).client
    assert client.get("/manifest/xx.webmanifest").status_code == 404
    assert client.get("/offline/xx").status_code == 404


@pytest.mark.parametrize("icon", icons.ICONS, ids=lambda icon: icon.name)
def test_the_icons_are_those_of_the_logo(icon: icons.Icon) -> None:
    """Where this fails, draw them anew: `python -m scripts.icons`."""
    with Image.open(icons.STATIC / icon.name) as picture:
        assert picture.info[icons.MADE_FROM] == icons.made_from(icon)
        assert picture.size == (icon.size, icon.size)


def test_the_colours_outside_the_page_are_those_of_its_header_in_both_themes(visiting: Visiting) -> None:
    tokens = (icons.STATIC / "tokens.css").read_text(encoding="utf-8")
    light, dark = re.findall(r"--surface: (#\w+);", tokens)[:2]
    assert (light, dark) == (phone.SURFACE, phone.DARK_SURFACE)
    assert re.search(r"--bg: (#\w+);", tokens)[1] == phone.GROUND  # type: ignore[index]  # it is there
    page = visiting(None).get("/")
    assert f'media="(prefers-color-scheme: light)" content="{light}"' in page
    assert f'media="(prefers-color-scheme: dark)" content="{dark}"' in page


@RU_EN
def test_the_service_worker_keeps_the_offline_page_and_its_files_and_no_page_of_a_person(
    visiting: Visiting, language: str
) -> None:
    client = visiting(None, "ru").client
    answer = client.get(f"/service-worker.js?lang={language}")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    head = re.match(r'const VERSION = "(\w+)", PAGE = "([^"]+)", FILES = (\[[^\]]+\]);\n', answer.text)
    assert head
    assert head[2] == f"/offline/{language}"
    files = json.loads(head[3])
    page = client.get(head[2]).text
    for address in set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page)):
        assert address in files
    for address in files:
        assert address.startswith("/static/")
        assert client.get(address).status_code == 200


def test_another_language_is_another_version_and_a_made_up_one_is_the_default(visiting: Visiting) -> None:
    client = visiting(None).client
    ru, en = (client.get(f"/service-worker.js?lang={language}").text for language in ("ru", "en"))
    assert ru.partition("\n")[0] != en.partition("\n")[0]
    assert client.get("/service-worker.js?lang=%22;alert(1)//").text == ru


@RU_EN
def test_the_offline_page_is_the_same_for_everybody_and_has_nothing_to_press(visiting: Visiting, language: str) -> None:
    pages = [visiting(person).client.get(f"/offline/{language}") for person in (None, "ann")]
    assert pages[0].text == pages[1].text
    assert "set-cookie" not in pages[1].headers
    assert f'<html lang="{language}"' in pages[0].text
    for pressed in ("<form", "<button", "<input", "/receipt", "/dispute"):
        assert pressed not in pages[0].text


def _seen(page: str) -> list[dict[str, str]]:
    return [json.loads(unescape(found)) for found in re.findall(r'data-seen="([^"]*)"', page)]


def test_a_device_may_remember_little_of_an_order_and_no_sum_or_name(market: Market, visiting: Visiting) -> None:
    order, other = market.delivered(), market.paid(MUGS)
    ann, shop = visiting("ann", "en"), visiting("nick", "en")
    [seen] = _seen(ann.get(f"/orders/{order.id}"))
    assert set(seen) == {"id", "number", "title", "status", "at", "seen", "ends", "due"}
    assert seen["title"].replace("\u00a0", " ") == "Head torch and 1 more item"
    assert seen["due"].startswith("Time to check ends: ")
    assert "Moscow time" in seen["seen"]
    for page in (ann.get("/orders"), shop.get("/selling"), shop.get(f"/selling/orders/{other.id}")):
        found = _seen(page)
        assert found
        for one in found:
            text = json.dumps(one, ensure_ascii=False)
            assert "₽" not in text
            assert "Anna" not in text


def test_staff_pages_let_a_device_remember_nothing(market: Market, visiting: Visiting) -> None:
    order = market.delivered()
    assert not _seen(visiting("sam").get("/support"))
    assert not _seen(visiting("ops").get(f"/operator/orders/{order.id}"))


def test_each_session_has_a_mark_of_its_own_that_is_not_its_token(visiting: Visiting) -> None:
    marks = []
    for _ in range(2):
        ann = visiting("ann")
        page = ann.get("/orders")
        [mark] = re.findall(r'data-session="(\w+)"', page)
        assert mark not in page.replace(f'data-session="{mark}"', "")
        marks.append(mark)
    assert marks[0] != marks[1]
    assert "data-session" not in visiting(None).get("/")


def test_signing_out_tells_the_browser_to_drop_what_it_kept(visiting: Visiting) -> None:
    ann = visiting("ann")
    form = form_to(ann.get("/orders"), "/sign-out")
    answer = ann.client.post(form.action, data=dict(form.fields), follow_redirects=False)
    assert answer.headers["clear-site-data"] == '"cache", "storage"'


@RU_EN
@pytest.mark.parametrize(("person", "folder"), [("ann", "/orders"), ("nick", "/selling/orders")])
def test_each_side_has_the_deadlines_of_its_order_for_a_calendar(
    market: Market, visiting: Visiting, person: str, folder: str, language: str
) -> None:
    order, visitor = market.delivered(), visiting(person, language)
    path = f"{folder}/{order.id}/deadlines.ics"
    assert f'href="{path}"' in visitor.get(f"{folder}/{order.id}")
    answer = visitor.client.get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert re.fullmatch(r'attachment; filename="order-[\d-]+\.ics"', answer.headers["content-disposition"])
    text = answer.text.replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == len(re.findall(r"^UID:\S+\r$", text, re.MULTILINE)) > 0
    assert f"SUMMARY;LANGUAGE={language}:" in text
    assert f"URL:http://fairhold.test{folder}/{order.id}" in text
    # The buyer is to check: a day before and two hours before; the seller only waits.
    assert ("TRIGGER:-PT2H" in text) == (person == "ann")
    assert "TRIGGER:-P1D" in text


def test_a_deadline_that_moves_keeps_its_uid_and_counts_up(market: Market, visiting: Visiting) -> None:
    order, shop = market.shipped(), visiting("nick", "en")
    path = f"/selling/orders/{order.id}"

    def written() -> tuple[set[str], set[str], int]:
        text = shop.get(f"{path}/deadlines.ics")
        found = (set(re.findall(rf"^{name}:(\S+)\r?$", text, re.MULTILINE)) for name in ("UID", "DTSTART"))
        uids, starts = found
        [version] = set(re.findall(r"^SEQUENCE:(\d+)", text, re.MULTILINE))
        return uids, starts, int(version)

    uids, starts, version = written()
    shop.send(form_to(shop.get(f"{path}/protection"), "/protection"), days="15")
    later_uids, later_starts, later_version = written()
    assert later_uids == uids
    assert later_starts != starts
    assert later_version > version


def test_the_seller_s_calendar_tells_nothing_of_a_review(market: Market, visiting: Visiting) -> None:
    order, shop = completed(market), visiting("nick", "en")
    path = f"/selling/orders/{order.id}"

    def shown() -> tuple[bool, str]:
        dates = shop.get(f"{path}/deadlines.ics").partition("VEVENT")[2]
        return "deadlines.ics" in shop.get(path), "\n".join(
            line for line in dates.splitlines() if not line.startswith("DTSTAMP")
        )

    before = shown()
    reviewed(market, order, rating=1, text="Not as described.", anonymous=True)
    assert shown() == before


def test_where_nothing_is_to_come_there_is_no_calendar_and_the_address_leads_to_the_order(
    market: Market, visiting: Visiting
) -> None:
    order, ann = market.placed(), visiting("ann", "en")
    ann.send(form_to(ann.get(f"/orders/{order.id}/cancellation"), "/cancellation"), why="")
    assert "deadlines.ics" not in ann.get(f"/orders/{order.id}")
    assert "The order is cancelled" in ann.get(f"/orders/{order.id}/deadlines.ics")
