"""Manage reviews, replies, what moderators took down, and reviews beside their order: S22, S26, S28 to S30, S32."""

from __future__ import annotations

import re

from fairhold.domain.commands import NewLine
from fairhold.domain.ids import order_number
from fairhold.domain.instants import Instant, days
from fairhold.domain.order import Order
from fairhold.domain.review import Part, Review, ReviewStatus, Standing, Verdict
from fairhold.engine.installation.clock import SandboxClock
from tests.web.conftest import LAMP, MUGS, SHOP, Market, Visiting, form_to
from tests.web.reviewing import completed, moderated, plain, replied, review_of, reviewed, revised


def tabs(page: str) -> list[tuple[str, str]]:
    """The tabs with their counts."""
    found = re.findall(r'<a href="[^"]*reviews[^"]*"[^>]*>([^<]+) <span class="count[^"]*">(\d+)', plain(page))
    return [(name.strip(), count) for name, count in found]


def main_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_the_three_lists_are_counted_and_each_tells_what_it_is_for_where_it_is_empty(
    market: Market, visiting: Visiting
) -> None:
    ann = visiting("ann", "en")
    page = ann.get("/reviews")
    assert tabs(page) == [("Awaiting my review", "0"), ("Active reviews", "0"), ("Received", "0")]
    assert "No review is awaited from you" in page
    assert "You have left no reviews yet" in ann.get("/reviews?tab=given")
    assert "Nobody has reviewed you yet" in ann.get("/reviews?tab=received")
    completed(market)
    reviewed(market, completed(market), rating=5)
    reviewed(market, completed(market), SHOP, rating=5)
    assert tabs(ann.get("/reviews")) == [("Awaiting my review", "2"), ("Active reviews", "1"), ("Received", "1")]
    assert tabs(visiting("nick", "en").get("/selling/reviews"))[0] == ("Awaiting my review", "2")


def test_an_awaited_review_says_until_when_and_what_the_other_side_has_given(
    market: Market, visiting: Visiting
) -> None:
    order, ann = completed(market, LAMP, MUGS), visiting("ann", "en")
    reviewed(market, order, SHOP, rating=5, anonymous=False)
    page = plain(ann.get("/reviews"))
    assert "The seller gave you 5 of 5." in page
    assert "and 1 more item" in page
    assert f'href="/orders/{order.id}/review"' in page
    assert "Until " in page
    market.pass_days(28)
    assert "2 days left, until" in plain(ann.get("/reviews")).replace("1 day left", "2 days left")


def test_an_anonymous_review_of_the_seller_is_not_told_beside_its_order(market: Market, visiting: Visiting) -> None:
    order = completed(market)
    reviewed(market, order, SHOP, rating=5)
    ann = visiting("ann", "en")
    assert "The seller gave you" not in ann.get("/reviews")
    assert "review of you" not in ann.get(f"/orders/{order.id}")
    assert '<h2 class="like-h3"' in ann.get("/reviews?tab=received")


def test_pages_of_ten_lead_on_and_back(market: Market, visiting: Visiting) -> None:
    orders = [completed(market) for _ in range(12)]
    ann = visiting("ann", "en")
    page = ann.get("/reviews")
    assert page.count("Leave a review</a>") == 10
    assert page.count("btn--main") == 1
    further = re.search(r'href="(/reviews\?[^"]*before=[^"]*)" rel="next"', page)
    assert further
    second = ann.get(further[1].replace("&amp;", "&"))
    assert second.count("Leave a review</a>") == 2
    assert 'href="/reviews?tab=awaiting" rel="prev"' in second
    for order in orders:
        reviewed(market, order, rating=5)
    page = ann.get("/reviews?tab=given")
    assert page.count("<article") == 10
    further = re.search(r'href="(/reviews\?[^"]*before=[^"]*)" rel="next"', page)
    assert further
    second = ann.get(further[1].replace("&amp;", "&"))
    assert second.count("<article") == 2
    back = re.search(r'href="(/reviews\?[^"]*after=[^"]*)" rel="prev"', second)
    assert back
    assert ann.get(back[1].replace("&amp;", "&")).count("<article") == 10
    ann.get("/reviews?tab=given&before=nonsense&after=%00")


def test_each_state_of_my_review_is_told_with_what_follows(market: Market, visiting: Visiting) -> None:
    ann = visiting("ann", "en")
    reviewed(market, completed(market, policy="fair"), rating=4)
    page = plain(ann.get("/reviews?tab=given"))
    assert "Not shown yet" in page
    assert "It appears when the other side has written, too; at the latest" in page
    reviewed(market, completed(market), rating=4, text="See lamps.ru for more")
    page = plain(ann.get("/reviews?tab=given"))
    assert "Being checked" in page
    assert "It seems to have the address of a site in it." in page
    order = completed(market)
    review = reviewed(market, order, rating=1, text="Thieves!")
    moderated(market, order, review, Verdict.WITHDRAW, "A court ruled so.")
    page = plain(ann.get("/reviews?tab=given"))
    assert "This review was withdrawn: the law demanded it." in page
    assert "A court ruled so." in page
    assert "Thieves!" not in page


def test_what_a_moderator_hid_is_contested_once(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann", "en")
    review = reviewed(market, order, rating=1, text="Thieves!")
    moderated(market, order, review, Verdict.HIDE, "Insults are not a review.")
    page = ann.get("/reviews?tab=given")
    assert "Hidden by a moderator" in page
    assert "Insults are not a review." in page
    assert f"/reviews/{review.id}/contest" in page
    assert f"/reviews/{review.id}/revision" not in page
    form = form_to(ann.get(f"/reviews/{review.id}/contest"), "/contest")
    assert 'id="text-e"' in ann.send(form).text
    assert "x" * 4001 in ann.send(form, text="x" * 4001).text
    answers = [ann.send(form, text="It was the truth.") for _ in range(2)]
    assert all("done=contested" in str(answer.url) for answer in answers)
    now = review_of(market, order)
    assert now is not None
    assert now.moderated.reopened
    assert "another moderator decides" in plain(answers[-1].text)
    assert "Another moderator has been asked already" in ann.get(f"/reviews/{review.id}/contest", 409)


def test_the_seller_replies_once_and_the_reply_names_the_version_it_answers(market: Market, visiting: Visiting) -> None:
    order, nick = completed(market), visiting("nick", "en")
    review = reviewed(market, order, rating=2, text="Darker than in the picture.")
    page = nick.get("/selling/reviews?tab=received")
    assert f"/selling/reviews/{review.id}/reply" in page
    form = form_to(nick.get(f"/selling/reviews/{review.id}/reply"), "/reply")
    assert 'id="text-e"' in nick.send(form).text
    kept = nick.send(form, text="Look at https://shop.example/lamps please").text
    assert "Look at https://shop.example/lamps please</textarea>" in kept
    assert "Take this out: https://shop.example/lamps" in plain(kept)
    answers = [nick.send(form, text="We are sorry: a new one is on its way.") for _ in range(2)]
    assert all("done=replied" in str(answer.url) for answer in answers)
    assert "We are sorry: a new one is on its way." in answers[-1].text
    assert "has been answered already" in nick.get(f"/selling/reviews/{review.id}/reply", 409)
    revised(market, order, review, 4, "They sent the right one.")
    page = plain(visiting("ann", "en").get("/reviews?tab=given"))
    assert "It answers an earlier version of the review." in page


def test_a_reply_that_is_held_or_hidden_is_its_author_s_alone_and_can_be_contested(
    market: Market, visiting: Visiting
) -> None:
    order, nick, ann = completed(market), visiting("nick", "en"), visiting("ann", "en")
    review = reviewed(market, order, rating=2, text="Too dark.")
    form = form_to(nick.get(f"/selling/reviews/{review.id}/reply"), "/reply")
    answer = nick.send(form, text="Write to us at help@shop.ru")
    assert "done=reply_held" in str(answer.url)
    assert "Being checked" in answer.text
    assert "help@shop.ru" not in ann.get("/reviews?tab=given")
    moderated(market, order, review, Verdict.HIDE, "No addresses.", part=Part.REPLY)
    page = nick.get("/selling/reviews?tab=received")
    assert "No addresses." in page
    assert "A moderator has hidden it; only you see it." in page
    contest = form_to(nick.get(f"/selling/reviews/{review.id}/contest?part=reply"), "/contest?part=reply")
    nick.send(contest, text="It is our own address.")
    now = review_of(market, order)
    assert now is not None
    assert now.reply is not None
    assert now.reply.moderated.reopened
    assert now.reply.moderated.standing is Standing.HIDDEN


def test_the_buyer_replies_to_the_seller_s_review(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann", "ru")
    review = reviewed(market, order, SHOP, rating=2, text="Долго не забирали посылку.")
    form = form_to(ann.get(f"/reviews/{review.id}/reply"), "/reply")
    ann.send(form, text="Отделение было закрыто.")
    assert "Отделение было закрыто." in visiting("nick").get("/selling/reviews?tab=given")


ODD = NewLine(sku="odd", title="An odd thing that nobody else bought", quantity=1, unit_price=99_900)


def _says_nothing_of(page: str, order: Order, review: Review) -> None:
    for trace in (order.id, order_number(order.id), "Anna", ODD.title):
        assert trace not in main_of(page), trace


def test_an_anonymous_review_reaches_the_seller_without_order_and_name(market: Market, visiting: Visiting) -> None:
    order, nick = completed(market, LAMP, ODD), visiting("nick", "en")
    review = reviewed(market, order, rating=2, text="Not as described.")
    page = nick.get("/selling/reviews?tab=received")
    assert "Not as described." in page
    _says_nothing_of(page, order, review)
    _says_nothing_of(nick.get(f"/selling/reviews/{review.id}/reply"), order, review)
    # No page tells the minute either: it would point to the order that was confirmed just before.
    assert not re.search(r'datetime="[^"]*T', main_of(page))
    beside = nick.get(f"/selling/orders/{order.id}")
    assert "Not as described." not in beside
    assert review.id not in beside
    assert "The buyer&#39;s review" not in beside
    refused = form_to(nick.get(f"/selling/reviews/{review.id}/reply"), "/reply")
    _says_nothing_of(nick.send(refused, text="").text, order, review)
    _says_nothing_of(nick.send(refused, text="Sorry!").text, order, review)
    _says_nothing_of(nick.get(f"/selling/reviews/{review.id}/reply", 409), order, review)


def test_a_named_review_leads_to_its_order_on_both_sides(market: Market, visiting: Visiting) -> None:
    order, nick = completed(market, LAMP, MUGS), visiting("nick", "en")
    reviewed(market, order, rating=2, text="Not as described.", anonymous=False)
    page = nick.get("/selling/reviews?tab=received")
    assert f'href="/selling/orders/{order.id}"' in page
    assert "Anna" in main_of(page)
    beside = nick.get(f"/selling/orders/{order.id}")
    assert "The buyer&#39;s review of you" in beside or "The buyer’s review of you" in beside
    assert "Not as described." in beside


def test_a_blind_review_is_nobody_s_but_its_author_s_until_both_have_written(
    market: Market, visiting: Visiting
) -> None:
    order, nick, ann = completed(market, policy="fair"), visiting("nick", "en"), visiting("ann", "en")
    review = reviewed(market, order, rating=2, text="Not as described.", anonymous=False)
    for page in ("/selling/reviews?tab=received", f"/selling/orders/{order.id}", "/selling/reviews"):
        assert "Not as described." not in nick.get(page)
        assert "2 of 5" not in nick.get(page)
    nick.get(f"/selling/reviews/{review.id}/reply", 404)
    assert "before both have written" in nick.get(f"/selling/orders/{order.id}/review")
    form = form_to(ann.get(f"/orders/{completed(market, policy='fair').id}/review"), "/review")
    assert "The review is kept" in ann.send(form, rating="5").text
    nick.send(form_to(nick.get(f"/selling/orders/{order.id}/review"), "/review"), rating="4")
    assert "Not as described." in nick.get("/selling/reviews?tab=received")
    now = review_of(market, order)
    assert now is not None
    assert now.status is ReviewStatus.PUBLISHED


def test_what_silence_brought_is_marked_and_stands_beside_its_order_at_once(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann", "en")
    reviewed(market, order, SHOP, rating=5, anonymous=False)
    assert "an automatic 4" in ann.get(f"/orders/{order.id}")
    clock = market.application.clock
    assert isinstance(clock, SandboxClock)
    # The clock alone moves: nothing sweeps.
    clock.move_to(Instant(clock.now() + days(31)))
    page = plain(ann.get(f"/orders/{order.id}"))
    assert "You left no review, and this counts as yours." in page
    assert "Automatic" in page
    assert "Revise the review" not in page


def test_the_order_page_leads_to_the_form_and_then_shows_what_was_left(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann", "en")
    page = ann.get(f"/orders/{order.id}")
    assert f'btn--main" href="/orders/{order.id}/review"' in page
    assert main_of(page).count("btn--main") == 1
    review = reviewed(market, order, rating=2, text="Not as described.")
    page = ann.get(f"/orders/{order.id}")
    assert "Your review" in page
    assert f"/reviews/{review.id}/revision" in page
    assert f'href="/orders/{order.id}/review"' not in page
    unpaid = market.placed()
    assert 'id="reviews"' not in ann.get(f"/orders/{unpaid.id}")


def test_the_end_of_the_time_for_reviews_is_no_deadline_of_the_deal(market: Market, visiting: Visiting) -> None:
    order = completed(market)
    reviewed(market, order, rating=5)
    market.pass_days(3)
    for person, paths in (
        ("ann", ("/orders", f"/orders/{order.id}")),
        ("nick", ("/selling", f"/selling/orders/{order.id}", "/selling/money")),
    ):
        for path in paths:
            page = plain(visiting(person, "en").get(path))
            assert "If nobody does anything" not in page
            assert "both sides can review it" not in page


def test_texts_of_people_are_shown_as_text(market: Market, visiting: Visiting) -> None:
    order = completed(market, MUGS)
    review = reviewed(market, order, rating=2, text="<b>Bad</b>", anonymous=False)
    replied(market, order, review, "<i>Sorry</i>")
    for person, path in (("ann", "/reviews?tab=given"), ("nick", "/selling/reviews?tab=received")):
        page = visiting(person).get(path)
        assert "&lt;b&gt;Bad&lt;/b&gt;" in page
        assert "&lt;i&gt;Sorry&lt;/i&gt;" in page
        assert "<b>Bad" not in page


def test_one_review_has_an_address_of_its_own_for_its_two_sides(market: Market, visiting: Visiting) -> None:
    order = completed(market)
    review = reviewed(market, order, rating=2, text="Too dark.")
    reviewed(market, completed(market), rating=2, text="Too bright.")
    for person, path in (("ann", f"/reviews/{review.id}"), ("nick", f"/selling/reviews/{review.id}")):
        page = visiting(person).get(path)
        assert "Too dark." in page
        assert "Too bright." not in page
    visiting("bob").get(f"/reviews/{review.id}", 404)


def test_a_refused_reply_leads_to_the_other_language(market: Market, visiting: Visiting) -> None:
    order, nick = completed(market), visiting("nick", "ru")
    review = reviewed(market, order, rating=2, text="Too dark.")
    refused = nick.send(form_to(nick.get(f"/selling/reviews/{review.id}/reply"), "/reply")).text
    switch = re.search(r'href="(/language/en[^"]*)"', refused)
    assert switch
    assert "Too dark." in nick.get(switch[1].replace("&amp;", "&"))


def test_a_list_that_does_not_exist_is_the_first(visiting: Visiting) -> None:
    assert "No review is awaited" in visiting("ann", "en").get("/reviews?tab=nothing&done=nothing")
