"""The mediators' desk: the queue, the case, who may do what, and what the check for conflicts of interest says."""

from __future__ import annotations

import io
import re

import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import PersonId, order_number
from fairhold.engine.ports.photos import Photo
from fairhold.web.handlers import mediator
from tests.gateways.pictures import jpeg
from tests.web.conftest import ANN, SHOP, Market, form_to, forms
from tests.web.desks import CUP, DORA, Court, Opening, dispute, opening, path

__all__ = ["opening"]

DEAR = CUP.__class__(sku="dear", title="Dear", quantity=1, unit_price=900_000, image="goods:mug")


def numbers(page: str) -> list[str]:
    """The cases of the list, in its order."""
    return re.findall(r'class="num case__link" href="[^"]+">([^<]+)<', page)


def test_the_queue_is_by_deadline_or_by_sum_and_leads_to_each_case(market: Market, opening: Opening) -> None:
    first = Court(market).claimed()
    market.pass_days(1)
    second = Court(market).claimed(DEAR)
    expected = [order_number(first.id), order_number(second.id)]
    mia = opening("mia")
    assert numbers(mia.get("/mediation/disputes")) == numbers(mia.get("/mediation")) == expected
    assert numbers(mia.get("/mediation/disputes?sort=sum")) == expected[::-1]
    assert "Case" in mia.get(path(first))


def test_pages_of_the_queue_lead_on_and_back(market: Market, opening: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mediator, "PER_PAGE", 1)
    for _ in range(2):
        Court(market).claimed()
        market.pass_days(1)
    mia = opening("mia")
    page = mia.get("/mediation/disputes?sort=deadline")
    further = re.search(r'href="([^"]+)" rel="next"', page)
    assert further
    second = mia.get(further[1].replace("&amp;", "&"))
    assert numbers(second) != numbers(page)
    back = re.search(r'href="([^"]+)" rel="prev"', second)
    assert back
    assert numbers(mia.get(back[1].replace("&amp;", "&"))) == numbers(page)


def test_each_tab_holds_what_its_name_says(market: Market, opening: Opening) -> None:
    court = Court(market)
    talking, claimed, ruled, appealed = court.opened(), court.claimed(), court.ruled(50_000), court.appealed(0)
    withdrawn = court.withdrawn()
    mia = opening("mia")

    def shown(tab: str) -> set[str]:
        return set(numbers(mia.get(f"/mediation/disputes?tab={tab}")))

    one = {name: order_number(order.id) for name, order in locals().items() if hasattr(order, "disputes")}
    assert shown("ruling") == {one["claimed"], one["appealed"]}
    assert shown("appealed") == {one["appealed"]}
    assert shown("ruled") == {one["ruled"]}
    assert shown("mine") == {one["ruled"]}
    assert shown("closed") == {one["withdrawn"]}
    assert shown("open") == {one[name] for name in ("talking", "claimed", "ruled", "appealed")}
    assert shown("overdue") == set()
    assert "Nothing is overdue" in mia.get("/mediation/disputes?tab=overdue")
    assert {talking.id, withdrawn.id}


def test_an_address_of_somebody_s_making_shows_the_queue(market: Market, opening: Opening) -> None:
    Court(market).claimed()
    mia = opening("mia")
    for query in ("tab=nothing", "sort=x", "further=1", "back=~", "tab=closed&further=7~zzz", "sort=sum&back=-1~a"):
        assert "Who has how much" in mia.get(f"/mediation/disputes?{query}"), query


def test_the_workload_names_every_mediator_and_what_waits(market: Market, opening: Opening) -> None:
    court = Court(market)
    court.ruled(0)
    court.claimed()
    page = opening("mia").get("/mediation/disputes")
    load = page.partition('id="load"')[2]
    assert "Max" in load
    assert "1 claim waits" in load.replace("\u00a0", " ")


@pytest.mark.parametrize("person", ["ann", "bob", "nick"])
def test_buyers_and_sellers_find_no_desk(market: Market, opening: Opening, person: str) -> None:
    order = Court(market).claimed()
    visitor = opening(person)
    for folder in ("/mediation", "/support", "/operator"):
        visitor.get(f"{folder}/disputes", 404)
        visitor.get(f"{folder}/disputes/numbers", 404)
        visitor.get(path(order, folder), 404)


def test_staff_have_the_disputes_in_their_own_folder_alone(market: Market, opening: Opening) -> None:
    order = Court(market).claimed()
    for person, own in (("mia", "/mediation"), ("sam", "/support"), ("ops", "/operator")):
        visitor = opening(person)
        for folder in ("/mediation", "/support", "/operator"):
            status = 200 if folder == own else 404
            visitor.get(path(order, folder), status)
            visitor.get(f"{folder}/disputes", status)


@pytest.mark.parametrize("name", ["x", "0" * 20 + "-d1", "%D0%B6", "..", "numbers%2F"])
def test_a_case_that_is_none_does_not_exist(market: Market, opening: Opening, name: str) -> None:
    mia = opening("mia")
    mia.get(f"/mediation/disputes/{name}x", 404)
    order = Court(market).claimed()
    mia.get(f"{path(order)}9", 404)


def test_support_reads_the_case_and_can_do_nothing_there(market: Market, opening: Opening) -> None:
    order = Court(market).claimed(offer=20_000)
    sam = opening("sam")
    page = sam.get(path(order, "/support"))
    assert "Please decide." in page
    assert [form.action for form in forms(page) if form.method == "post"] == ["/sign-out"]
    for target in ("take", "messages", "ruling", "ruling/consequence", "ruling/edit"):
        token = dict(form_to(page, "/sign-out").fields)
        answer = sam.client.post(f"{path(order, '/support')}/{target}", data=token)
        assert answer.status_code in (404, 405), target


def test_the_case_shows_all_that_was_said_offered_and_shown(market: Market, opening: Opening) -> None:
    photo = market.application.photos.keep(ANN, io.BytesIO(jpeg()))
    assert isinstance(photo, Photo)
    order = Court(market).claimed(offer=20_000, evidence=(Evidence(photo.id, photo.sha256),), text="<b>A crack</b>")
    page = opening("mia").get(path(order))
    assert "&lt;b&gt;A crack" in page
    assert f'src="/photos/{photo.id}?size=thumb"' in page
    assert opening("mia").client.get(f"/photos/{photo.id}").status_code == 200
    for text in ("A part of it.", "Please decide.", "10241783306", "₽200.00", "₽760.00", "₽1,000.00"):
        assert text in page, text


def test_taking_a_case_shows_it_as_taken_and_keeps_others_from_it(market: Market, opening: Opening) -> None:
    order = Court(market).claimed()
    mia = opening("mia")
    answer = mia.send(form_to(mia.get(path(order)), "/take"))
    assert "The case is yours." in answer.text
    assert dispute(market.order(order.id)).mediator == "mia"
    other = opening("max").get(path(order))
    assert "The case is with Mia." in other
    assert not [form for form in forms(other) if form.action.endswith("/take")]
    assert "Another mediator has this claim." in other or "another mediator" in other.lower()


def test_a_word_to_both_sides_stands_in_the_talk(market: Market, opening: Opening) -> None:
    order = Court(market).claimed()
    mia = opening("mia")
    form = form_to(mia.get(path(order)), "/messages")
    assert "Which side was up?" in mia.send(form, text="Which side was up?").text
    empty = mia.send(form_to(mia.get(path(order)), "/messages"), text=" ")
    assert empty.status_code == 422
    assert dispute(market.order(order.id)).messages == 1


def test_the_check_says_what_was_looked_at(market: Market, opening: Opening) -> None:
    Court(market).ruled(100_000)
    market.pass_days(8)
    order = Court(market).claimed()
    page = opening("mia").get(path(order)).replace("\u00a0", " ")
    assert "You are neither the buyer nor the seller of this deal." in page
    assert "You have no deals of your own with Anna." in page
    assert "You ruled on 1 dispute of Anna: 1 for the buyer, 0 split, 0 for the seller." in page
    assert "You have ruled on no dispute of" not in page


def test_own_deals_with_a_side_are_found(market: Market, opening: Opening) -> None:
    Court(market, buyer=Actor(Role.BUYER, DORA.id)).delivered()
    order = Court(market).claimed()
    page = opening("dora").get(path(order)).replace("\u00a0", " ")
    assert "You have 1 deal of your own with Sever &amp; Svet. Leave the case to another mediator." in page


@pytest.mark.parametrize("as_seller", [False, True])
def test_whoever_is_a_party_under_any_id_neither_takes_nor_rules(
    market: Market, opening: Opening, *, as_seller: bool
) -> None:
    seller = Actor(Role.SELLER, PersonId("shop-9"))
    court = Court(market, seller=seller) if as_seller else Court(market, Actor(Role.BUYER, DORA.id))
    order = court.claimed()
    dora = opening("dora")
    page = dora.get(path(order))
    assert f"You are the {'seller' if as_seller else 'buyer'} of this deal." in page
    assert not [form for form in forms(page) if form.action.endswith(("/take", "/ruling/consequence"))]
    token = dict(form_to(page, "/sign-out").fields)
    for target in ("take", "ruling", "ruling/consequence"):
        data = {**token, "refund": "1", "reasons": "Mine."}
        answer = dora.client.post(f"{path(order)}/{target}", data=data)
        assert answer.status_code in (403, 409, 422), target
        assert "conflict" in answer.text.lower() or "party" in answer.text.lower()
    after = dispute(market.order(order.id))
    assert (after.rulings, after.mediator) == ((), None)


def test_similar_rulings_and_earlier_disputes_of_the_two_stand_beside_the_case(
    market: Market, opening: Opening
) -> None:
    past = Court(market).ruled(60_000)
    market.pass_days(8)
    order = Court(market).claimed()
    page = opening("mia").get(path(order))
    similar = page.partition('id="similar"')[2]
    assert order_number(past.id) in similar.partition('id="between"')[0]
    assert "60% to the buyer" in similar
    assert "Both have a point." in similar
    assert order_number(past.id) in similar.partition('id="between"')[2]
    assert "As similar claims were ruled (median)" in page


def test_the_page_is_whole_in_russian_too(market: Market, opening: Opening) -> None:
    order = Court(market, buyer=ANN, seller=SHOP).appealed(40_000)
    for person, folder in (("max", "/mediation"), ("sam", "/support"), ("ops", "/operator")):
        visitor = opening(person, "ru")
        for address in (f"{folder}/disputes", path(order, folder)):
            page = visitor.get(address)
            assert '<html lang="ru"' in page
            assert "%(" not in page


def test_nothing_is_said_of_ruling_where_there_is_nothing_to_rule_on(market: Market, opening: Opening) -> None:
    over, waiting = Court(market).withdrawn(), Court(market).claimed()
    for person, order, folder in (
        ("mia", over, "/mediation"),
        ("ops", waiting, "/operator"),
        ("sam", waiting, "/support"),
    ):
        page = opening(person).get(path(order, folder))
        assert "Conflict of interest" not in page, person
        assert 'id="rule"' not in page, person
    assert 'id="rule"' in opening("mia").get(path(Court(market).opened()))


def test_an_offer_that_lapsed_is_no_longer_on_the_table(market: Market, opening: Opening) -> None:
    order = Court(market).claimed(offer=30_000)
    mia = opening("mia")
    assert "On the table" in mia.get(path(order))
    market.pass_days(4)
    page = mia.get(path(order))
    assert "Expired" in page
    assert "On the table" not in page
