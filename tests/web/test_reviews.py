"""Leaving and revising reviews on pages, without scripts: S15, S22 to S28, S32, S33."""

from __future__ import annotations

import re

import pytest

from fairhold.domain.commands import ConfirmReceipt, EscalateDispute
from fairhold.domain.order import Order
from fairhold.domain.review import ReviewStatus
from fairhold.domain.review_commands import WriteReview
from tests.gateways.pictures import jpeg
from tests.web.conftest import ANN, LAMP, MUGS, SHOP, Market, Visiting, Visitor, form_to
from tests.web.reviewing import completed, plain, review_of, reviewed

FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
"""One character as a person counts them, five as a computer does."""


def leave(visitor: Visitor, order: Order, **fields: str | list[str]) -> str:
    """Open the form, fill it in and send it: the page that comes."""
    form = form_to(visitor.get(f"/orders/{order.id}/review"), "/review")
    return visitor.send(form, **fields).text


def test_confirming_leads_to_the_form_with_the_safe_note_above_it(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(LAMP), visiting("ann")
    step = ann.send(
        form_to(ann.get(f"/orders/{order.id}/receipt"), "/receipt/consequence"), line=order.lines[0].id
    ).text
    page = ann.send(form_to(step, "/receipt")).text
    assert page.index("Получение подтверждено") < page.index('name="rating"')
    answer = ann.send(form_to(page, "/review"), rating="5")
    assert str(answer.url).endswith("/reviews?tab=given&done=published")
    review = review_of(market, order)
    assert review is not None
    assert (review.rating, review.anonymous, review.criteria) == (5, True, {})


def test_no_form_is_offered_after_confirming_what_was_reviewed_already(market: Market, visiting: Visiting) -> None:
    order, ann = market.confirmed(), visiting("ann", "en")
    reviewed(market, order)
    market.do(order.id, ConfirmReceipt(lines=(order.lines[1].id,), acknowledged=True), ANN)
    page = ann.get(f"/orders/{order.id}/receipt/done")
    assert "Thank you" in page
    assert 'name="rating"' not in page


def test_everything_that_the_form_asks_for_arrives(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann")
    form = form_to(ann.get(f"/orders/{order.id}/review"), "/review")
    fields = [(name, value) for name, value in form.fields if name != "anonymous"]
    form.fields = fields
    ann.send(
        form,
        files=[jpeg()],
        rating="4",
        description_accuracy="5",
        communication="3",
        text="Светит ярко.\r\nЧехол крепкий.",
    )
    review = review_of(market, order)
    assert review is not None
    assert (review.rating, review.description_accuracy, review.communication, review.shipping_speed) == (4, 5, 3, None)
    assert not review.anonymous
    assert review.language == "ru"
    assert len(review.photos) == 1
    row = market.application.queries.reviews.review(review.id)
    assert row is not None
    assert row.text == "Светит ярко.\nЧехол крепкий."


def test_a_form_without_the_box_counts_as_anonymous_and_an_unticked_box_does_not(
    market: Market, visiting: Visiting
) -> None:
    for asked, expected in (([], True), (["yes"], False)):
        order, ann = completed(market), visiting("ann")
        form = form_to(ann.get(f"/orders/{order.id}/review"), "/review")
        form.fields = [(name, value) for name, value in form.fields if name not in ("anonymous", "anonymous_asked")]
        ann.send(form, rating="3", anonymous_asked=asked)
        review = review_of(market, order)
        assert review is not None
        assert review.anonymous is expected


def test_without_stars_the_text_the_criteria_and_the_photos_stay(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann")
    form = form_to(ann.get(f"/orders/{order.id}/review"), "/review")
    answer = ann.send(form, files=[jpeg()], text="Хороший фонарь", shipping_speed="2")
    assert answer.status_code == 422
    page = plain(answer.text)
    assert "отзыв" in page
    assert 'id="rating-e"' in page
    assert "Хороший фонарь</textarea>" in page
    assert re.search(r'name="shipping_speed" value="2" checked', page)
    assert len(re.findall(r'name="photo" value="\w+"', page)) == 1
    assert review_of(market, order) is None
    ann.send(form_to(answer.text, "/review"), rating="5")
    review = review_of(market, order)
    assert review is not None
    assert (review.rating, review.shipping_speed, len(review.photos)) == (5, 2, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 1003, "shorten it by 3"),
        ("See https://lamps.example/torch?id=7 for more", "https://lamps.example/torch?id=7"),
        ("Die Lampe leuchtet sehr hell und der Versand war wirklich schnell, vielen Dank an alle", "in Russian or in English"),
        ("A bell\x07 in it", "cannot be shown"),
    ],
    ids=["too long", "a full link", "another language", "a control sign"],
)  # fmt: skip
def test_a_text_that_is_not_taken_says_why_and_is_kept(
    market: Market, visiting: Visiting, text: str, said: str
) -> None:
    order, ann = completed(market), visiting("ann", "en")
    page = leave(ann, order, rating="4", text=text)
    assert said in plain(page).replace("&#39;", "'")
    assert 'id="text-e"' in page
    assert text.replace("\x07", "") in page.replace("\x07", "")
    assert re.search(r'name="rating" value="4" checked', page)
    assert review_of(market, order) is None


def test_a_thousand_characters_are_counted_as_people_count_them(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann", "en")
    leave(ann, order, rating="4", text=FAMILY * 1000)
    assert review_of(market, order) is not None


def test_a_text_that_seems_to_lead_elsewhere_is_held_and_told_so_before_and_after(
    market: Market, visiting: Visiting
) -> None:
    order, ann = completed(market), visiting("ann")
    form = form_to(ann.get(f"/orders/{order.id}/review"), "/review")
    shown = ann.send(form, to=f"/orders/{order.id}/review/form", rating="4", text="Схема есть на сайт точка ру").text
    assert "адрес сайта" in plain(shown)
    answer = ann.send(form_to(shown, "/review"))
    review = review_of(market, order)
    assert review is not None
    assert review.status is ReviewStatus.IN_MODERATION
    assert "done=held" in str(answer.url)
    assert "адрес сайта" in plain(answer.text)


def test_photos_are_added_one_by_one_and_taken_out_again(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann")
    look = f"/orders/{order.id}/review/form"
    form = form_to(ann.get(f"/orders/{order.id}/review"), "/review")
    page = ann.send(form, to=look, files=[jpeg()], text="Так он выглядит", rating="5").text
    page = ann.send(form_to(page, "/review"), to=look, files=[jpeg(width=120)]).text
    photos = re.findall(r'name="photo" value="(\w+)"', page)
    assert len(photos) == 2
    page = ann.send(form_to(page, "/review"), to=look, remove=photos[0]).text
    assert re.findall(r'name="photo" value="(\w+)"', page) == photos[1:]
    assert "Так он выглядит</textarea>" in page
    ann.send(form_to(page, "/review"))
    review = review_of(market, order)
    assert review is not None
    assert list(review.photos) == photos[1:]


def test_what_is_no_picture_is_said_at_the_photos_and_the_rest_stays(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann", "en")
    form = form_to(ann.get(f"/orders/{order.id}/review"), "/review")
    answer = ann.send(form, files=[b"no picture"], rating="5", text="It shines")
    assert answer.status_code == 422
    assert 'id="photos-e"' in answer.text
    assert "It shines</textarea>" in answer.text
    assert review_of(market, order) is None


def test_somebody_elses_photo_is_not_taken(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann", "en")
    page = leave(ann, order, rating="5", photo="0123456789abcdef0123456789")
    assert "One of the photos is gone" in page
    assert review_of(market, order) is None


def test_each_product_has_stars_words_and_photos_of_its_own(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market, LAMP, MUGS), visiting("ann", "en")
    lamp, mugs = (line.id for line in order.lines)
    look = f"/orders/{order.id}/review/form"
    page = ann.get(f"/orders/{order.id}/review")
    assert f'name="files-{lamp}"' not in page
    page = ann.send(form_to(page, "/review"), to=look, rating="4", photos_for=lamp).text
    assert f'name="files-{lamp}"' in page
    form = form_to(page, "/review")
    data = dict(form.with_fields(**{f"rating-{lamp}": "2", f"text-{mugs}": "Keeps the tea warm."}))
    ann.client.post(look, data=data, files=[(f"files-{lamp}", ("a.jpg", jpeg(), "image/jpeg"))])
    answer = ann.client.post(form.action, data=data, files=[(f"files-{lamp}", ("a.jpg", jpeg(), "image/jpeg"))])
    assert answer.status_code == 200
    review = review_of(market, order)
    assert review is not None
    rated = {line.line: line for line in review.lines}
    assert (rated[lamp].rating, len(rated[lamp].photos)) == (2, 1)
    # Words without stars go with those of the deal.
    assert (rated[mugs].rating, rated[mugs].language) == (4, "en")
    assert "Keeps the tea warm." in answer.text


def test_a_product_s_text_is_looked_at_too_and_nothing_is_lost(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market, LAMP, MUGS), visiting("ann", "en")
    mugs = order.lines[1].id
    page = leave(ann, order, rating="4", **{f"text-{mugs}": "Go to https://mugs.example/now"})
    assert f'id="text-{mugs}-e"' in page
    assert "https://mugs.example/now" in page
    assert re.search(r"<details class=\"card fold\" open>", page)
    assert review_of(market, order) is None


def test_the_same_form_sent_twice_is_one_review(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann")
    form = form_to(ann.get(f"/orders/{order.id}/review"), "/review")
    urls = {str(ann.send(form, rating="4", text="Хорошо").url) for _ in range(2)}
    assert len(urls) == 1
    assert len(market.order(order.id).reviews) == 1


def test_the_seller_reviews_the_buyer_without_criteria(market: Market, visiting: Visiting) -> None:
    order, nick = completed(market, LAMP, MUGS), visiting("nick")
    page = nick.get(f"/selling/orders/{order.id}/review")
    assert 'name="communication"' not in page
    assert "rating-" not in page
    nick.send(form_to(page, "/review"), rating="5", text="Быстро забрали посылку")
    review = review_of(market, order, SHOP)
    assert review is not None
    assert (review.rating, review.criteria, review.lines) == (5, {}, ())


def test_where_no_review_can_be_left_the_order_says_why(market: Market, visiting: Visiting) -> None:
    early, ann = market.delivered(), visiting("ann", "en")
    assert "There is nothing to review yet" in ann.get(f"/orders/{early.id}/review", 409)
    page = ann.get(f"/orders/{early.id}")
    assert "A deal is reviewed once receipt" in page
    assert f"/orders/{early.id}/review" not in page
    disputed = market.disputed()
    market.do(disputed.id, EscalateDispute(dispute=disputed.disputes[0].id), ANN)
    market.do(disputed.id, ConfirmReceipt(lines=(disputed.lines[0].id,), acknowledged=True), ANN)
    assert "the buyer leaves no review" in ann.get(f"/orders/{disputed.id}")
    assert "the buyer leaves no review" in ann.get(f"/orders/{disputed.id}/review", 409)
    late = completed(market)
    market.pass_days(31)
    assert "The time for reviews is over" in ann.get(f"/orders/{late.id}")
    form = form_to(ann.get(f"/orders/{late.id}"), "/sign-out")
    form.action, form.with_files = f"/orders/{late.id}/review", True
    assert "The time for reviews is over" in ann.send(form, rating="5").text


def test_what_was_written_is_kept_where_the_other_tab_was_faster(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann", "en")
    form = form_to(ann.get(f"/orders/{order.id}/review"), "/review")
    market.do(order.id, WriteReview(rating=3), ANN)
    answer = ann.send(form, rating="5")
    assert answer.status_code == 409
    assert "You have reviewed this deal already" in answer.text


def test_a_low_review_is_revised_upward_and_keeps_what_it_said(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann", "en")
    review = reviewed(market, order, rating=2, text="Darker than in the picture.", communication=4, anonymous=False)
    page = ann.get(f"/reviews/{review.id}/revision")
    assert "Darker than in the picture.</textarea>" in page
    assert re.search(r'name="rating" value="2" disabled', page)
    assert re.search(r'name="communication" value="4" checked', page)
    assert not re.search(r'name="anonymous"[^>]*checked', page)
    form = form_to(page, "/revision")
    assert 'id="rating-e"' in ann.send(form).text
    assert "the stars can only become more" in ann.send(form, rating="1").text
    answers = [ann.send(form, rating="4", text="They sent the right one.") for _ in range(2)]
    assert all("done=revised" in str(answer.url) for answer in answers)
    now = review_of(market, order)
    assert now is not None
    assert (now.rating, now.version, now.communication, now.anonymous) == (4, 2, 4, False)
    text = plain(answers[-1].text)
    assert "Revised: was 2, became 4" in text
    assert "Darker than in the picture." in text


def test_a_review_that_cannot_be_revised_has_its_button_off_and_the_reason_beside_it(
    market: Market, visiting: Visiting
) -> None:
    order, ann = completed(market), visiting("ann", "en")
    review = reviewed(market, order, rating=4)
    page = plain(ann.get("/reviews?tab=given"))
    assert re.search(
        r"<button[^>]*disabled[^>]*>Revise the review</button>\s*<span class=\"hint\">Only 1 or 2 stars", page
    )
    assert "A review with this many stars cannot be revised" in ann.get(f"/reviews/{review.id}/revision", 409)
    low = reviewed(market, completed(market), rating=1)
    assert "the stars can only become more" in ann.get("/reviews?tab=given")
    market.pass_days(31)
    assert "The time to revise this review is over" in ann.get("/reviews?tab=given")
    ann.get(f"/reviews/{low.id}/revision", 409)


def test_nobody_opens_another_s_review(market: Market, visiting: Visiting) -> None:
    order = completed(market)
    review = reviewed(market, order, rating=1)
    for person, path in (("bob", "/reviews"), ("nick", "/reviews"), ("bob", "/selling/reviews")):
        for page in ("revision", "reply", "contest"):
            visiting(person).get(f"{path}/{review.id}/{page}", 404)
    assert visiting("nick").client.get(f"/selling/reviews/{review.id}/revision").status_code == 403
    visiting("ann").get("/reviews/00000000000000000000/revision", 404)
    visiting("ann").get("/reviews/nothing/revision", 404)


def test_a_form_opened_by_its_second_address_begins_anew(market: Market, visiting: Visiting) -> None:
    order, ann = completed(market), visiting("ann")
    assert 'name="rating"' in ann.get(f"/orders/{order.id}/review/form")
