"""The link in a letter: it shows an order in short, changes nothing, and signs nobody in (S9, S13, S14)."""

from __future__ import annotations

import pytest

from fairhold.domain.ids import PersonId
from tests.web.conftest import ANN, BOB, Market, Visiting, form_to, forms


def link_of(market: Market, order: str, person: str = "ann") -> str:
    return market.application.links.signed_order_link(market.order(order).id, PersonId(person))  # type: ignore[arg-type]  # an id as text


@pytest.mark.parametrize(("language", "said"), [("ru", "Всё в\u00a0порядке?"), ("en", "Is everything fine?")])
def test_a_letter_shows_its_order_and_two_ways_on_to_somebody_who_is_not_signed_in(
    market: Market, visiting: Visiting, language: str, said: str
) -> None:
    order, visitor = market.delivered(), visiting(None, language)
    page = visitor.get(link_of(market, order.id))
    assert said in page
    assert "Head torch" in page
    assert f'href="/orders/{order.id}/receipt"' in page
    assert f'href="/orders/{order.id}/dispute"' in page
    assert "%(" not in page


def test_opening_a_letter_changes_nothing_and_offers_no_form(market: Market, visiting: Visiting) -> None:
    order, visitor = market.delivered(), visiting(None, "en")
    page = visitor.get(link_of(market, order.id))
    assert forms(page) == []
    assert market.order(order.id) == order
    assert "fairhold_session" not in visitor.client.cookies
    assert visitor.client.post(link_of(market, order.id)).status_code == 405


def test_either_way_asks_to_sign_in_and_goes_on_where_it_meant_to(market: Market, visiting: Visiting) -> None:
    order, visitor = market.delivered(), visiting(None, "en")
    page = visitor.get(f"/orders/{order.id}/receipt")
    answer = visitor.send(form_to(page, "/sign-in"), person="ann")
    assert answer.url.path == f"/orders/{order.id}/receipt"
    assert "Nothing is confirmed yet" in answer.text


def test_a_letter_tells_no_price_and_no_search_engine(market: Market, visiting: Visiting) -> None:
    order, visitor = market.delivered(), visiting(None, "en")
    answer = visitor.client.get(link_of(market, order.id))
    assert "2,400" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]


def test_a_letter_to_somebody_whose_order_it_is_not_opens_nothing(market: Market, visiting: Visiting) -> None:
    order, visitor = market.delivered(), visiting(None, "en")
    missing = visitor.get("/letters/nothing", 404)
    theirs = visitor.get(link_of(market, order.id, BOB.id), 404)
    assert _main(missing) == _main(theirs)


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_whoever_is_signed_in_as_another_is_told_so_and_gets_no_further(market: Market, visiting: Visiting) -> None:
    order, bob = market.delivered(), visiting("bob", "en")
    page = bob.get(link_of(market, order.id))
    assert "You are signed in under another name." in page
    assert f"/orders/{order.id}" not in page
    bob.get(f"/orders/{order.id}/receipt", 404)


def test_the_buyer_who_is_signed_in_sees_the_two_ways_without_being_warned(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    page = ann.get(link_of(market, order.id, ANN.id))
    assert "Is everything fine?" in page
    assert "sign in first" not in page


def test_after_thirty_days_a_link_leads_to_the_order_and_shows_nothing(market: Market, visiting: Visiting) -> None:
    order, visitor = market.delivered(), visiting(None, "en")
    link = link_of(market, order.id)
    market.pass_days(31)
    page = visitor.get(link, 410)
    assert "Head torch" not in page
    assert f'href="/orders/{order.id}"' in page


def test_where_nothing_can_be_decided_the_letter_says_so(market: Market, visiting: Visiting) -> None:
    order, visitor = market.paid(), visiting(None, "en")
    page = visitor.get(link_of(market, order.id))
    assert "There is nothing to decide here at the moment." in page
    assert "/receipt" not in page
