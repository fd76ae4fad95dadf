"""Moderation: the queue, what is marked in a text, who may decide and who may not, and what follows (S33)."""

from __future__ import annotations

import re
from html import unescape

import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.ids import PersonId
from fairhold.domain.order import Order
from fairhold.domain.review import Part, Review, Verdict
from fairhold.domain.review_commands import ContestModeration
from fairhold.engine.ports.reviews import StoredReport, StoredReview
from fairhold.web.handlers import moderation
from tests.web.conftest import ANN, SHOP, Market, Visitor, form_to
from tests.web.desks import Court, Opening, opening
from tests.web.reviewing import completed, moderated, plain, replied, reviewed, revised

__all__ = ["opening"]

DISGUISED = "The lamp is good, cheaper on лампочка точка ру & so on."


def held(market: Market, text: str = DISGUISED, rating: int = 4) -> tuple[Order, Review]:
    """A review that waits for a moderator."""
    order = completed(market)
    return order, reviewed(market, order, ANN, rating, text)


def queued(visitor: Visitor, folder: str = "/mediation/reviews") -> list[str]:
    """The reviews of the queue, in its order."""
    return re.findall(rf'href="{folder}/(\w+)"', visitor.get(folder))


def path(review: Review) -> str:
    return f"/mediation/reviews/{review.id}"


def stored(market: Market, review: Review) -> StoredReview:
    found = market.application.queries.reviews.review(review.id)
    assert found is not None
    return found


def row(market: Market, review: Review) -> tuple[str, str]:
    """What the review and its reply are called now."""
    found = stored(market, review)
    return found.status, found.reply_status


def report(market: Market, review: Review, reason: str = "insult", text: str = "He insults me.") -> None:
    row = StoredReport(
        stored(market, review).lane, review.id, "buyer:bob", reason, text, market.application.clock.now()
    )
    assert market.application.store.reports().add_report(row)


def test_the_longest_waiting_comes_first_with_what_was_found(market: Market, opening: Opening) -> None:
    _, first = held(market)
    market.pass_days(2)
    _, second = held(market, "Call me on 8 916 123-45-67.")
    mia = opening("mia")
    assert queued(mia) == [first.id, second.id]
    page = plain(mia.get("/mediation/reviews"))
    assert "waits 2 days" in page
    assert re.search(r'<mark title="the address of a site in disguise">лампочка точка ру<', page)
    assert re.search(r'<mark title="a phone number">8 916 123-45-67<', page)
    assert '<span class="count count--turn nav__count">2</span>' in page
    assert queued(opening("ops"), "/operator/reviews") == [first.id, second.id]


def test_a_long_queue_goes_on(market: Market, opening: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderation, "PER_PAGE", 1)
    (_, first), (_, second) = held(market), held(market)
    mia = opening("mia")
    assert queued(mia) == [first.id]
    onward = re.search(r'href="([^"]+)" rel="next"', mia.get("/mediation/reviews"))
    assert onward
    page = mia.get(unescape(onward[1]))
    assert second.id in page
    assert "To the beginning" in page


def test_an_empty_queue_says_so_and_counts_nothing(opening: Opening) -> None:
    page = opening("mia").get("/mediation/reviews")
    assert "Nothing waits to be read" in page
    assert "nav__count" not in page


@pytest.mark.parametrize(
    ("decision", "status", "note"),
    [("publish", "published", "Published."), ("hide", "hidden", "Hidden."), ("withdraw", "withdrawn", "Withdrawn.")],
)
def test_a_decision_is_carried_out_and_the_next_one_is_there(
    market: Market, opening: Opening, decision: str, status: str, note: str
) -> None:
    _, first = held(market)
    _, second = held(market)
    mia = opening("mia")
    form = form_to(mia.get(path(first)), path(first))
    answer = mia.send(form, decision=decision, reasons="As the rules say.")
    assert str(answer.url).endswith(f"{path(second)}?done={decision}")
    assert note in answer.text
    assert row(market, first) == (status, "")
    past = plain(mia.get(path(first)))
    assert "As the rules say." in past
    assert f"The review: {'withdrawn after a legal demand' if decision == 'withdraw' else status}" in past
    assert mia.send(form, decision=decision, reasons="As the rules say.").status_code == 200, "sent twice, done once"
    assert "reasons" in {name for name, _ in form.fields}
    last = mia.send(form_to(mia.get(path(second)), path(second)), decision="hide", reasons="An address.")
    assert "Nothing waits to be read" in last.text


def test_without_a_decision_or_reasons_nothing_happens_and_nothing_is_lost(market: Market, opening: Opening) -> None:
    _, review = held(market)
    mia = opening("mia")
    form = form_to(mia.get(path(review)), path(review))
    lacking = mia.send(form, decision="hide", reasons=" ")
    assert (lacking.status_code, "Write the reasons" in lacking.text) == (422, True)
    assert re.search(r'value="hide" checked', lacking.text)
    lacking = mia.send(form, reasons="An address.")
    assert (lacking.status_code, "Choose what is to become of it." in lacking.text) == (422, True)
    assert ">An address.</textarea>" in lacking.text
    broken = mia.send(form, decision="burn", reasons="An address.")
    assert (broken.status_code, "cannot be read" in broken.text) == (422, True)
    assert row(market, review) == ("in_moderation", "")


def test_a_ready_reason_is_put_in_and_can_be_edited(market: Market, opening: Opening) -> None:
    _, review = held(market)
    mia = opening("mia")
    form = form_to(mia.get(path(review)), path(review))
    page = mia.send(form, to=f"{path(review)}/edit", decision="hide", reasons="Dear Anna,", ready="en-site").text
    form = form_to(page, path(review))
    fields = dict(form.fields)
    assert fields["decision"] == "hide"
    assert fields["reasons"].startswith("Dear Anna,\n\nThe text names the address of a site.")
    again = mia.send(form, to=f"{path(review)}/edit", ready="en-site").text
    assert dict(form_to(again, path(review)).fields)["reasons"] == fields["reasons"], "not a second time"
    assert '<optgroup label="Русский" lang="ru">' in page, "in both languages"
    mia.send(form, decision="hide", reasons=fields["reasons"] + " Thank you.")
    (event,) = market.application.queries.reviews.moderations(stored(market, review))
    assert event.reasons.endswith("Thank you.")


def test_whoever_is_a_party_in_any_role_does_not_decide(market: Market, opening: Opening) -> None:
    order = Court(market, seller=Actor(Role.SELLER, PersonId("shop-9"))).delivered()
    market.pass_days(8)
    review = reviewed(market, order, ANN, 4, DISGUISED)
    _, other = held(market)
    dora = opening("dora")
    page = dora.get(path(review))
    assert "<form" not in page.partition('id="decision"')[2].partition("The deal")[0]
    assert f'href="{path(other)}"' in page, "the next one"
    form = form_to(dora.get(path(other)), path(other))
    answer = dora.send(form, to=path(review), decision="publish", reasons="Fine.")
    assert answer.status_code == 403
    assert row(market, review) == ("in_moderation", "")


def test_what_is_contested_goes_to_another_moderator_with_the_author_s_words(market: Market, opening: Opening) -> None:
    order, review = held(market)
    moderated(market, order, review, Verdict.HIDE, "An address.")
    market.do(order.id, ContestModeration(review=review.id, text="It is the name of the lamp."), ANN)
    mia, max_ = opening("mia"), opening("max")
    assert queued(mia) == [review.id]
    page = plain(mia.get(path(review)))
    assert "It is the name of the lamp." in page
    assert "You decided on this before." in page
    assert 'name="decision"' not in page
    page = max_.get(path(review))
    assert "Leave it hidden" in page
    assert page.index("It is the name of the lamp.") < page.index("An address.")
    answer = max_.send(form_to(page, path(review)), decision="publish", reasons="It is a name indeed.")
    assert "Nothing waits to be read" in answer.text
    assert row(market, review) == ("published", "")


def test_a_reply_is_decided_on_by_itself(market: Market, opening: Opening) -> None:
    order = completed(market)
    review = reviewed(market, order, ANN, 2, "Broken.")
    replied(market, order, review, "Write to us: telegram @lamp_shop_help")
    mia = opening("mia")
    page = mia.get(path(review))
    first = page.partition('id="decision"')[2]
    assert first.index('value="reply"') < first.index('value="review"')
    assert "a contact in a messenger" in page
    mia.send(form_to(page, path(review)), part="reply", decision="hide", reasons="A contact.")
    assert row(market, review) == ("published", "hidden")
    (event,) = market.application.queries.reviews.moderations(stored(market, review))
    assert event.part is Part.REPLY


def test_who_reported_and_why_is_told_and_since_when(market: Market, opening: Opening) -> None:
    order = completed(market)
    review = reviewed(market, order, ANN, 1, "A cheat and a liar.")
    market.pass_days(9)
    report(market, review)
    market.pass_days(1)
    mia = opening("mia")
    assert "waits 1 day" in plain(mia.get("/mediation/reviews"))
    page = plain(mia.get(path(review)))
    assert "Insults or threats" in page
    assert "He insults me." in page
    assert "Боб" in opening("mia", "ru").get(path(review))
    mia.send(form_to(page, path(review)), decision="hide", reasons="Insults.")
    assert queued(mia) == []


def test_every_version_is_there_with_its_stars_words_and_day(market: Market, opening: Opening) -> None:
    order = completed(market)
    review = reviewed(market, order, ANN, 1, "Broken.", description_accuracy=2)
    revised(market, order, review, 4, DISGUISED)
    page = plain(opening("mia").get(path(review)))
    assert page.index(">Now</h2>") < page.index(">Version 1</h2>")
    assert "Broken." in page
    assert "Description <b>2</b>" in page


def test_nothing_that_people_wrote_becomes_markup(market: Market, opening: Opening) -> None:
    _, review = held(market, "<img src=x> & лампочка точка ру <b>")
    report(market, review, "other", "<script>alert(1)</script>")
    mia = opening("mia")
    for page in (mia.get("/mediation/reviews"), mia.get(path(review))):
        assert "<img src=x>" not in page
        assert "&lt;img src=x&gt; &amp; <mark" in page
        assert "<script>" not in page


def test_only_those_who_moderate_are_let_in(market: Market, opening: Opening) -> None:
    _, review = held(market)
    for person in ("ann", "nick", "sam"):
        visitor = opening(person)
        for address in ("/mediation/reviews", path(review), "/operator/reviews", f"/operator/reviews/{review.id}"):
            assert visitor.client.get(address).status_code == 404, (person, address)
    assert opening("mia").client.get("/operator/reviews").status_code == 404
    mia = opening("mia")
    for name in ("00000000000000000000", "no-such", "%D1%8F"):
        assert mia.client.get(f"/mediation/reviews/{name}").status_code == 404


def test_what_silence_brought_is_not_moderated(market: Market, opening: Opening) -> None:
    order = completed(market)
    reviewed(market, order, SHOP, 5)
    market.pass_days(31)
    automatic = market.order(order.id).reviews[-1]
    page = opening("mia").get(path(automatic))
    assert "there is nothing to moderate" in page
    assert 'name="decision"' not in page
