"""The block of reviews for other sites: no cookie, a policy of its own, nothing but what is public."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from fairhold.domain.commands import NewLine
from fairhold.domain.review import Verdict
from fairhold.engine.ports.store import StoreUnavailable
from tests.web.conftest import ANN, SHOP, Market, Visiting, Visitor
from tests.web.reviewing import completed, moderated, plain, reviewed
from tests.web.test_public_pages import pictured

BLOCK = "/embed/reviews/shop-7/lamp?lang=en"
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors *",
}


def reader(visiting: Visiting) -> TestClient:
    return visiting(language="ru").client


def test_the_block_has_the_score_the_newest_and_a_way_to_all(market: Market, visiting: Visiting) -> None:
    for rating in (1, 2, 3, 4, 5, 5):
        reviewed(market, completed(market), ANN, rating, f"Number {rating}.")
    page = plain(reader(visiting).get(BLOCK).text)
    assert "<b>3.3</b>" in page
    assert "6 reviews" in page
    assert re.findall(r"Number (\d)\.", page) == ["5", "5", "4", "3", "2"]
    assert '<a href="/sellers/shop-7/products/lamp" target="_blank" rel="noopener">' in page
    assert "Anna" not in page
    assert not re.search(r"\sstyle=|<script(?! src=)|<style|https?://", page)


def test_what_nobody_wrote_or_nobody_may_read_is_not_in_it(market: Market, visiting: Visiting) -> None:
    hidden, gone = completed(market), completed(market)
    moderated(market, hidden, reviewed(market, hidden, ANN, 1, "A cheat."), Verdict.HIDE, "Insults.")
    moderated(market, gone, reviewed(market, gone, ANN, 1, "In prison."), Verdict.WITHDRAW, "The law.")
    reviewed(market, completed(market), SHOP, 5)
    market.pass_days(31)
    page = reader(visiting).get(BLOCK).text
    assert "No reviews yet" in page
    for word in ("cheat", "prison", "Automatic", "the law"):
        assert word not in page


def test_other_sites_may_frame_it_and_nothing_else(market: Market, visiting: Visiting) -> None:
    reviewed(market, completed(market), ANN, 5)
    client = reader(visiting)
    for path in (BLOCK, "/embed/reviews.js", "/embed/reviews/shop-7/none", "/embed/photos/none"):
        headers = client.get(path).headers
        assert set(headers["content-security-policy"].split("; ")) == POLICY, path
        assert "x-frame-options" not in headers
        assert headers["cross-origin-resource-policy"] == "cross-origin"
    for path in ("/sellers/shop-7", "/sellers/shop-7/products/lamp", "/", "/static/none", "/embed"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-frame-options"] == "DENY"


def test_it_neither_sets_nor_reads_a_cookie(
    market: Market, visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = pictured(market)
    ann: Visitor = visiting("ann", "ru")
    known, unknown = ann.client, reader(visiting)

    def read(*_: object) -> None:
        raise AssertionError("somebody looked who is signed in")

    monkeypatch.setattr("fairhold.web.sessions.current", read)
    for path in (BLOCK, "/embed/reviews.js", f"/embed/photos/{review.photos[0]}?size=thumb"):
        mine, theirs = known.get(path), unknown.get(path)
        assert mine.status_code == theirs.status_code == 200
        assert mine.content == theirs.content
        assert "set-cookie" not in mine.headers
        assert "Cookie" not in mine.headers.get("vary", "")


def test_it_is_kept_for_a_minute_and_then_asked_for(market: Market, visiting: Visiting) -> None:
    client = reader(visiting)
    first = client.get(BLOCK)
    assert first.headers["cache-control"] == "public, max-age=60"
    assert first.headers["x-robots-tag"] == "noindex"
    tag = {"If-None-Match": first.headers["etag"]}
    market.pass_days(1)
    assert client.get(BLOCK, headers=tag).status_code == 304
    reviewed(market, completed(market), ANN, 5)
    assert client.get(BLOCK, headers=tag).status_code == 200
    script = client.get("/embed/reviews.js")
    assert client.get("/embed/reviews.js", headers={"If-None-Match": script.headers["etag"]}).status_code == 304


def test_language_and_theme_are_in_the_address(visiting: Visiting) -> None:
    client = reader(visiting)
    assert '<html lang="en">' in client.get(BLOCK).text
    assert '<html lang="ru">' in client.get("/embed/reviews/shop-7/lamp").text
    assert client.get("/embed/reviews/shop-7/lamp").headers["vary"] == "Accept-Language"
    assert "vary" not in client.get(BLOCK).headers
    assert '<html lang="en" data-theme="dark">' in client.get(f"{BLOCK}&theme=dark").text
    assert '<html lang="en">' in client.get(f"{BLOCK}&theme=<b>").text


def test_a_product_of_any_name_can_be_asked_for(market: Market, visiting: Visiting) -> None:
    sku = "a/b c"
    line = NewLine(sku=sku, title="Odd", quantity=1, unit_price=1000)
    reviewed(market, completed(market, line), ANN, 5, "It </script> fits <b>.")
    page = reader(visiting).get(f"/embed/reviews/shop-7/{quote(sku, safe='')}?lang=en").text
    assert "It &lt;/script&gt; fits &lt;b&gt;." in page
    assert f'href="/sellers/shop-7/products/{quote(sku, safe="")}"' in page
    for path in ("/embed/reviews/no such name/x", f"/embed/reviews/shop-7/{'x' * 65}", "/embed/photos/" + "0" * 26):
        answer = reader(visiting).get(path)
        assert (answer.status_code, answer.text) == (404, "Fairhold: 404")


def test_a_long_text_ends_at_a_word(market: Market, visiting: Visiting) -> None:
    reviewed(market, completed(market), ANN, 5, "Bright and light, and it stays where it is. " * 20)
    (text,) = re.findall(r'<p class="block__text" lang="en">([^<]+)</p>', reader(visiting).get(BLOCK).text)
    assert len(text) <= 321
    assert re.search(r"\w…$", text)


def test_where_the_store_is_away_it_says_so_and_no_more(
    market: Market, visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = reader(visiting)

    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(market.application.queries.reputation, "product_tally", away)
    answer = client.get(BLOCK)
    assert (answer.status_code, answer.text, answer.headers["retry-after"]) == (503, "Fairhold: 503", "5")


def test_the_script_asks_for_nothing_but_the_frame(visiting: Visiting) -> None:
    script = reader(visiting).get("/embed/reviews.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert len(script.content) < 2048
    assert not re.search(r"cookie\b(?! and)|localStorage|fetch\(|XMLHttpRequest|sendBeacon|innerHTML", script.text)
    assert "event.origin !== address.origin" in script.text
