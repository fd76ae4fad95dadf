"""The public pages of sellers and products: what everybody sees of reviews, and what nobody does (S32 to S34)."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from fairhold.domain.commands import NewLine
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import PersonId
from fairhold.domain.money import Currency
from fairhold.domain.review import Review, Verdict
from fairhold.engine.ports.photos import Photo
from fairhold.web.handlers import public
from fairhold.web.people import Directory
from fairhold.web.shelves import Shelf, Ware
from fairhold.wiring import asgi
from tests.gateways.pictures import jpeg
from tests.web.conftest import ANN, LAMP, MUGS, PEOPLE, SHOP, Market, Visiting, Visitor, form_to
from tests.web.reviewing import completed, moderated, plain, replied, reviewed, revised

PAGE = "/sellers/shop-7"
LAMP_PAGE = "/sellers/shop-7/products/lamp"


def said(market: Market, rating: int = 5, text: str | None = None, *lines: NewLine, **more: object) -> Review:
    """A review by Anna of a deal of its own."""
    return reviewed(market, completed(market, *lines), ANN, rating, text, **more)


def pictured(market: Market, rating: int = 5, size: int = 600) -> Review:
    """A review with a photo."""
    order = completed(market)
    photos = market.application.photos
    kept = photos.keep(ANN, io.BytesIO(jpeg(size, 400)))
    assert isinstance(kept, Photo)
    evidence = photos.attach([kept.id], ANN, order.id)
    assert isinstance(evidence, tuple)
    assert isinstance(evidence[0], Evidence)
    return reviewed(market, order, ANN, rating, photos=evidence)


def texts(page: str) -> list[str]:
    """The reviews of the list, by their first paragraph of text."""
    return [unescape(text) for text in re.findall(r'<p class="said"[^>]*>([^<]*)</p>', page)]


def cards(page: str) -> list[str]:
    """The reviews of the list."""
    return re.findall(r'<article class="review".*?</article>', page, re.DOTALL)


def data(page: str) -> dict[str, object]:
    """What the page tells search engines."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1, page[:2000]
    read: dict[str, object] = json.loads(found[0])
    return read


def test_the_score_and_its_parts_are_of_people_alone(market: Market, visiting: Visiting) -> None:
    said(market, 5, description_accuracy=5, communication=4, shipping_speed=3)
    said(market, 4, description_accuracy=4)
    reviewed(market, completed(market), SHOP, 5)
    market.pass_days(31)
    page = plain(visiting(language="en").get(PAGE))
    assert '<span class="score" aria-hidden="true">4.5</span>' in page
    assert "1 automatic rating is not part of it." in page
    assert "Automatic rating" in page
    assert re.findall(r"<dt>([^<]+)</dt><dd><strong>([\d.]+)</strong>", page) == [
        ("As described", "4.5"),
        ("Communication", "4.0"),
        ("Shipping speed", "3.0"),
        ("Completed deals", "3"),
        ("Lost disputes", "0"),
    ]
    assert "<dt>In all</dt><dd><strong>100%</strong>" in page
    rating = data(page)["aggregateRating"]
    assert isinstance(rating, dict)
    assert (rating["ratingValue"], rating["reviewCount"]) == (4.5, 2)
    listed = data(page)["review"]
    assert isinstance(listed, list)
    assert len(listed) == 2
    assert len(cards(page)) == 3


def test_filters_combine_and_each_comes_off_alone(market: Market, visiting: Visiting) -> None:
    said(market, 5, "Светит ярко и ровно, заряда хватило на две ночи.")
    said(market, 5, "Bright and light, and the strap stays where it is.")
    said(market, 1, "Не включается, кнопка сломана.")
    pictured(market, 4)
    reader = visiting(language="en")
    assert len(cards(reader.get(PAGE))) == 4
    assert texts(reader.get(f"{PAGE}?stars=5&in=ru")) == ["Светит ярко и ровно, заряда хватило на две ночи."]
    assert len(cards(reader.get(f"{PAGE}?photo=1"))) == 1
    page = reader.get(f"{PAGE}?stars=5&stars=1&in=ru")
    assert len(cards(page)) == 2
    off = {
        unescape(text): unescape(url)
        for url, text in re.findall(r'class="chip" href="([^"]+)"[^>]*aria-label="([^"]+)"', page)
    }
    assert off["Take off: 5\u00a0stars, 2"].partition("#")[0] == f"{PAGE}?stars=1&in=ru"
    assert off["Take off: In Russian, 2"].partition("#")[0] == f"{PAGE}?stars=1&stars=5"
    assert "Show only: With photos, 1" in off
    bars = dict(re.findall(r'class="starbar" href="([^"]+)" rel="nofollow"( aria-current="true")?', page))
    assert bars[f"{PAGE}?stars=1&amp;in=ru#reviews"] == ' aria-current="true"'
    assert bars[f"{PAGE}?stars=1&amp;stars=4&amp;stars=5&amp;in=ru#reviews"] == ""
    nothing = reader.get(f"{PAGE}?stars=2&in=en&sort=best")
    assert "No such reviews" in nothing
    assert f'href="{PAGE}?sort=best#reviews"' in nothing


def test_the_list_is_sorted_and_goes_on_by_cursors(
    market: Market, visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "PER_PAGE", 2)
    for rating, text in ((3, "Third"), (5, "Fifth"), (1, "First"), (4, "Fourth"), (2, "Second")):
        said(market, rating, text)
    reader, page = visiting(language="en"), ""
    for sort, expected in (("worst", "First Second Third Fourth Fifth"), ("best", "Fifth Fourth Third Second First"),
                           ("newest", "Second Fourth First Fifth Third")):  # fmt: skip
        page, found = reader.get(f"{PAGE}?sort={sort}"), []
        for _ in range(3):
            found += texts(page)
            onward = re.search(r'href="([^"]+)" rel="next nofollow"', page)
            page = reader.get(unescape(onward[1]).partition("#")[0]) if onward else page
        assert found == expected.split()
        back = re.search(r'href="([^"]+)" rel="prev nofollow"', page)
        assert back
        assert texts(reader.get(unescape(back[1]).partition("#")[0])) == expected.split()[2:4]
    moments = {str(row.left_at) for row in market.application.queries.reviews.about(SHOP.role, SHOP.id).items}
    assert not any(moment in page for moment in moments), "a moment would tell whose an anonymous review is"
    assert len(cards(reader.get(f"{PAGE}?further=nonsense&back=1~2~3&stars=9&in=xx&sort=odd"))) == 2


def test_an_anonymous_review_tells_neither_who_nor_when_exactly_nor_what_else_was_bought(
    market: Market, visiting: Visiting
) -> None:
    review = said(market, 5, "Fine.", LAMP, MUGS)
    reader = visiting(language="en")
    page = reader.get(PAGE)
    (card,) = cards(page)
    assert ">Buyer</h3>" in card
    assert "Anna" not in page
    assert "ann" not in re.findall(r"\bann\b", page)
    assert re.findall(r'datetime="([^"]+)"', card) == [data(page)["review"][0]["datePublished"]]  # type: ignore[index]
    assert "Head torch" in card
    assert "Travel mug" not in card
    order = next(order for order in market.application.queries.every_order() if order.review(review.id))
    assert order.id not in page
    said(market, 4, anonymous=False)
    assert ">Anna</h3>" in reader.get(PAGE)


def test_a_revised_review_says_what_it_was_and_its_reply_what_it_answers(market: Market, visiting: Visiting) -> None:
    order = completed(market)
    review = reviewed(market, order, ANN, 1, "Broken.")
    replied(market, order, review, "We have sent another one.")
    revised(market, order, review, 5, "The new one works.")
    (card,) = cards(plain(visiting(language="en").get(PAGE)))
    assert "Revised: was 1, became 5" in card
    assert "What it was before" in card
    assert "1 of 5" in card
    assert "Broken." not in card
    assert "We have sent another one." in card
    assert "It answers an earlier version of the review." in card


def test_a_version_that_nobody_could_read_stays_untold(market: Market, visiting: Visiting) -> None:
    order = completed(market)
    review = reviewed(market, order, ANN, 1, "Cheaper at лампочка точка ру")
    revised(market, order, review, 4, "It works after all.")
    (card,) = cards(visiting(language="en").get(PAGE))
    assert "was 1" not in card
    assert "What it was before" not in card


def test_what_is_hidden_or_held_is_not_there_and_what_the_law_took_leaves_a_trace(
    market: Market, visiting: Visiting
) -> None:
    order = completed(market)
    hidden, gone = reviewed(market, order, ANN, 1, "A cheat."), completed(market)
    moderated(market, order, hidden, Verdict.HIDE, "Insults.")
    said(market, 5, "Look at лампочка точка ру")
    moderated(market, gone, reviewed(market, gone, ANN, 1, "He was in prison."), Verdict.WITHDRAW, "The court said so.")
    page = visiting(language="en").get(PAGE)
    (card,) = cards(page)
    assert "the law demanded it" in card
    for word in ("cheat", "prison", "точка", "court"):
        assert word not in page
    assert "application/ld+json" not in page
    assert "/report" not in page


def test_whoever_is_not_signed_in_may_keep_a_page_for_a_minute(market: Market, visiting: Visiting) -> None:
    said(market, 5, "Fine.")
    reader = visiting(language="en")
    for path in (PAGE, LAMP_PAGE, f"{PAGE}?stars=5"):
        first = reader.client.get(path)
        assert first.headers["cache-control"] == "public, max-age=60"
        assert {"Accept-Language", "Cookie"} <= set(first.headers["vary"].split(", "))
        again = reader.client.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert "set-cookie" not in first.headers
    tag = reader.client.get(PAGE).headers["etag"]
    assert visiting(language="ru").client.get(PAGE, headers={"If-None-Match": tag}).status_code == 200
    said(market, 4)
    assert reader.client.get(PAGE, headers={"If-None-Match": tag}).status_code == 200
    known = visiting("ann", "en").client.get(PAGE, headers={"If-None-Match": reader.client.get(PAGE).headers["etag"]})
    assert (known.status_code, known.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in known.headers


def test_only_the_page_itself_is_for_search_engines(market: Market, visiting: Visiting) -> None:
    said(market, 5)
    reader = visiting(language="en")

    def robots(path: str) -> list[str]:
        return re.findall(r'<meta name="robots" content="([^"]+)">', reader.get(path))

    assert robots(PAGE) == robots(LAMP_PAGE) == ["index, follow"]
    assert robots(f"{PAGE}?sort=best") == robots(f"{LAMP_PAGE}?photo=1") == ["noindex, follow"]
    assert robots("/sign-in") == ["noindex"]
    for path in (PAGE, f"{PAGE}?stars=5&sort=worst"):
        assert f'<link rel="canonical" href="{PAGE}">' in reader.get(path)


def test_no_text_ends_the_data_block_or_becomes_markup(market: Market, visiting: Visiting) -> None:
    nasty = "Bad </script><script>alert(1)</script> <!-- & 'quoted' \u2028 end"
    line = NewLine(sku="nasty", title="Lamp </script><b>", quantity=1, unit_price=1000)
    said(market, 2, nasty, line)
    for path in (PAGE, "/sellers/shop-7/products/nasty"):
        page = visiting(language="en").get(path)
        assert "<script>alert" not in page
        assert page.count("</script>") == page.count("<script")
        listed = data(page)["review"]
        assert isinstance(listed, list)
        assert listed[0]["reviewBody"] == nasty
        assert data(page)["name"] in ("Sever & Svet", "Lamp </script><b>")


@pytest.mark.parametrize("sku", ["a/b", "a b", "50%", "ключ №7", "a//b", "x?y=1#z", "a&b", "/lead", "a/"])
def test_a_sku_may_hold_what_can_be_printed(market: Market, visiting: Visiting, sku: str) -> None:
    said(market, 5, "Fits.", NewLine(sku=sku, title="Odd goods", quantity=1, unit_price=1000))
    reader = visiting(language="en")
    page = reader.get(f"/sellers/shop-7/products/{quote(sku, safe='')}")
    assert texts(page) == ["Fits."]
    assert data(page)["sku"] == sku
    links = {unescape(url) for url in re.findall(r'href="(/sellers/shop-7/products/[^"]+)"', reader.get(PAGE))}
    assert links == {f"/sellers/shop-7/products/{quote(sku, safe='')}"}
    assert texts(reader.get(links.pop())) == ["Fits."]


def test_a_product_has_the_stars_and_words_that_were_given_to_it(market: Market, visiting: Visiting) -> None:
    said(market, 5, "Both are fine.", LAMP, MUGS)
    said(market, 3, "So-so.", LAMP)
    reader = visiting(language="en")
    assert texts(reader.get(LAMP_PAGE)) == ["So-so.", "Both are fine."]
    assert texts(reader.get("/sellers/shop-7/products/mug")) == ["Both are fine."]
    page = plain(reader.get(LAMP_PAGE))
    assert '<a href="/sellers/shop-7">Sever &amp; Svet</a>' in page
    assert '<span class="score" aria-hidden="true">4.0</span>' in page


def test_where_there_is_nothing_to_know_there_is_no_page(market: Market, visiting: Visiting) -> None:
    reader = visiting(language="en")
    for path in ("/sellers/nobody", "/sellers/no such name", f"/sellers/{'x' * 65}", f"{PAGE}/products/none",
                 f"{PAGE}/products/{'x' * 65}", "/reviews/00000000000000000000/report"):  # fmt: skip
        answer = reader.client.get(path, follow_redirects=False)
        assert answer.status_code in (404, 303), path
    assert "No reviews yet" in reader.get(PAGE)
    assert "A new seller: no completed deals yet" in reader.get(PAGE)
    market.placed(LAMP)
    assert "No reviews yet" in reader.get(LAMP_PAGE)


def test_photos_of_published_reviews_are_everybody_s_and_no_others(market: Market, visiting: Visiting) -> None:
    review = pictured(market)
    order = next(order for order in market.application.queries.every_order() if order.review(review.id))
    (photo,) = review.photos
    stranger, shop = visiting(language="en"), visiting("nick", "en")
    for page in (PAGE, LAMP_PAGE):
        assert stranger.get(page).count(f'<a href="/photos/{photo}">') == 2, "in the strip and in the review"
    for visitor in (stranger, shop):
        answer = visitor.client.get(f"/photos/{photo}?size=thumb")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert stranger.client.get(f"/photos/{photo}").headers["cache-control"].startswith("public")
    assert shop.client.get(f"/photos/{photo}").headers["cache-control"] == "private, no-cache"
    moderated(market, order, review, Verdict.HIDE, "A stranger's face.")
    assert stranger.client.get(f"/photos/{photo}").status_code == 404
    assert visiting("ann").client.get(f"/photos/{photo}").status_code == 200


def test_the_shop_has_the_surest_seller_first_and_orders_lead_to_what_is_said(
    market: Market, visiting: Visiting
) -> None:
    order = completed(market)
    reviewed(market, order, ANN, 5)
    shelves = (
        Shelf(PersonId("shop-33"), Currency("JPY"), 0, (Ware("KD-5", "Tea caddy", 14_300),)),
        Shelf(SHOP.id, Currency("RUB"), 0, (Ware("lamp", "Head torch", 240_000), Ware("new", "New goods", 100))),
    )
    client = TestClient(
        asgi(market.application, Directory(PEOPLE), shelves),
        base_url="http://fairhold.test",
        headers={"Accept-Language": "en"},
    )
    ann = Visitor(client)
    ann.send(form_to(ann.get("/sign-in"), "/sign-in"), person="ann")
    page = plain(ann.get("/shop"))
    assert page.index('id="shop-7"') < page.index('id="shop-33"')
    assert page.count('href="/sellers/shop-7/products/') == 1
    assert 'href="/sellers/shop-33">No reviews yet' in page
    assert "Tea caddy" in ann.get("/sellers/shop-33/products/KD-5")
    assert 'href="/sellers/shop-7"' in ann.get(f"/orders/{order.id}")
    assert 'href="/sellers/shop-7"' not in visiting("nick").get(f"/selling/orders/{order.id}")
    assert 'href="/shop/shop-7"' in ann.get(PAGE)


def test_a_review_is_reported_once_with_a_reason(market: Market, visiting: Visiting) -> None:
    review = said(market, 1, "A cheat.")
    path, bob = f"/reviews/{review.id}/report", visiting("bob", "en")
    assert f'href="{path}"' in visiting(language="en").get(PAGE)
    stranger = visiting().client.get(path, follow_redirects=False)
    assert (stranger.status_code, stranger.headers["location"]) == (303, f"/sign-in?next={quote(path, safe='')}")
    form = form_to(bob.get(path), "/report")
    wrong = bob.send(form, text="Look at it.")
    assert (wrong.status_code, "Choose what is wrong" in wrong.text, "Look at it." in wrong.text) == (422, True, True)
    assert "A moderator will look" in bob.send(form, reason="insult", text="Look at it.").text
    assert "You have reported this review before" in bob.send(form, reason="fake").text
    nick = visiting("nick", "en")
    assert "A moderator will look" in nick.send(form_to(nick.get(path), "/report"), reason="fake").text
    found = market.application.queries.reviews.reports(review.id)
    assert {(one.reporter, one.reason, one.text) for one in found} == {
        ("buyer:bob", "insult", "Look at it."),
        ("seller:shop-7", "fake", ""),
    }


def test_nobody_reports_what_is_their_own_or_nobody_s(market: Market, visiting: Visiting) -> None:
    mine = said(market, 5)
    reviewed(market, completed(market), SHOP, 5)
    market.pass_days(31)
    ann = visiting("ann", "en")
    assert "/report" not in ann.get(PAGE)
    assert ann.client.get(f"/reviews/{mine.id}/report").status_code == 404
    page = visiting("bob", "en").get(PAGE)
    assert re.findall(r"/reviews/(\w+)/report", page) == [mine.id]
    mia = visiting("mia", "en").get(PAGE)
    assert re.findall(r'href="/mediation/reviews/(\w+)"', mia) == [mine.id]
    assert "/report" not in mia


def test_outside_the_sandbox_reports_have_a_limit(
    market: Market, visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, bob = said(market, 1, "Bad."), said(market, 2, "Worse."), visiting("bob", "en")
    monkeypatch.setattr(market.application.reports, "_a_day", 1)

    def told(review: Review, expected: int) -> str:
        form = form_to(bob.get(f"/reviews/{review.id}/report"), "/report")
        answer = bob.send(form, reason="fake", text="Bought.")
        assert answer.status_code == expected
        return answer.text

    assert "A moderator will look" in told(first, 200)
    refused = told(second, 429)
    assert "enough for one day" in refused
    assert ">Bought.</textarea>" in refused
