"""The inbox on the pages: what waits, what is read, which letters come, and what a sandbox has sent."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from fairhold.domain.instants import Instant, days
from fairhold.engine.installation.settings import Settings
from fairhold.engine.ports.contacts import Contact
from fairhold.engine.ports.notices import Kind
from fairhold.web.people import Directory
from fairhold.wiring import asgi, build
from fairhold.words.notices.ways import way_on
from tests.databases import up_to_date
from tests.web.conftest import ANN, PEOPLE, SHOP, Market, Visiting, form_to


@pytest.fixture
def told(market: Market) -> Market:
    """A market in which Ann and her seller have been told of an order."""
    market.paid()
    market.application.courier.once()
    return market


def bell(text: str) -> str:
    """What the header says of waiting notices."""
    found = re.search(r'<a class="bell" href="([^"]+)" aria-label="([^"]+)"', text)
    return f"{found[1]} {found[2]}" if found else ""


def test_every_page_tells_how_many_notices_wait(told: Market, visiting: Visiting) -> None:
    ann = visiting("ann", "en")
    assert bell(ann.get("/orders")) == "/inbox Notices: 1\u00a0unread"
    assert bell(visiting("bob", "en").get("/orders")) == "/inbox Notices"
    assert bell(visiting("nick", "en").get("/selling")) == "/selling/inbox Notices: 1\u00a0unread"
    assert bell(visiting("ops", "en").get("/operator")) == ""


def test_the_inbox_lists_what_happened_with_a_way_to_it(told: Market, visiting: Visiting) -> None:
    page = visiting("ann", "en").get("/inbox")
    [order] = told.application.queries.list_orders(limit=1).items
    assert "Paid: ₽5,300 is held by us" in page
    assert f'href="/orders/{order.id}"' in page
    assert "Moscow time" in page


def test_one_is_read_or_all_are(told: Market, visiting: Visiting) -> None:
    told.paid()
    told.application.courier.once()
    ann = visiting("ann", "en")
    page = ann.get("/inbox")
    key = re.search(r'name="notice" value="([0-9a-f]+)"', page)
    assert key is not None
    ann.send(form_to(page, "/inbox/read"), notice=key[1])
    assert bell(ann.get("/inbox")) == "/inbox Notices: 1\u00a0unread"
    ann.send(form_to(ann.get("/inbox"), "/inbox/read"))
    assert bell(ann.get("/inbox")) == "/inbox Notices"
    assert bell(visiting("nick", "en").get("/selling")).endswith("2\u00a0unread")


def test_who_looks_at_an_order_has_read_what_was_said_of_it(told: Market, visiting: Visiting) -> None:
    [order] = told.application.queries.list_orders(limit=1).items
    ann = visiting("ann", "en")
    assert bell(ann.get(f"/orders/{order.id}")) == "/inbox Notices"


def test_older_notices_are_a_page_away(market: Market, visiting: Visiting) -> None:
    for _ in range(23):
        market.placed()
    market.application.courier.once()
    ann = visiting("ann", "en")
    first = ann.get("/inbox")
    older = re.search(r'href="(/inbox\?before=[^"]+)" rel="next"', first)
    assert older is not None
    second = ann.get(older[1])
    assert first.count('class="notice ') == 20
    assert second.count('class="notice ') == 3
    assert 'href="/inbox" rel="prev"' in second


@pytest.mark.parametrize("before", ["x", "1-2", "99999999999999999-" + "0" * 32, "1" * 40])
def test_a_made_up_place_is_no_fault(told: Market, visiting: Visiting, before: str) -> None:
    assert "Notices" in visiting("ann", "en").get(f"/inbox?before={before}")


def test_an_empty_inbox_says_what_will_be_there(market: Market, visiting: Visiting) -> None:
    assert "No notices yet" in visiting("ann", "en").get("/inbox")


def test_letters_are_chosen_and_those_about_money_are_not_asked_for(market: Market, visiting: Visiting) -> None:
    market.application.contacts.set_contact(Contact("ann", "ann@example.org", "ru", "UTC", None))
    ann = visiting("ann", "en")
    page = ann.get("/inbox/letters")
    assert "ann@example.org" in page
    assert page.count("checked disabled") == 2
    ann.send(form_to(page, "/inbox/letters"), kind="parcels")
    wishes = market.application.messages.wishes
    assert wishes.unwanted(["ann"]) == {"ann": {Kind.CONVERSATION, Kind.REVIEWS}}
    ann.send(form_to(page, "/inbox/letters"), kind="money")
    assert wishes.unwanted(["ann"])["ann"] == {Kind.PARCELS, Kind.CONVERSATION, Kind.REVIEWS}


def test_an_address_that_refuses_letters_is_told(market: Market, visiting: Visiting) -> None:
    market.application.contacts.set_contact(Contact("ann", "ann@example.org", "ru", "UTC", None))
    market.application.contacts.note_refused("ann@example.org", market.application.clock.now(), "550")
    assert "Letters to ann@example.org do not arrive" in visiting("ann", "en").get("/inbox/letters")


def test_one_press_in_a_mail_program_turns_letters_off_and_looking_does_not(market: Market, visiting: Visiting) -> None:
    messages = market.application.messages
    path = messages.unsubscribing.path("ann", Kind.REVIEWS)
    stranger = visiting(None, "en").client
    page = stranger.get(path)
    assert page.status_code == 200
    assert "It is about: Reviews." in page.text
    assert messages.wishes.unwanted(["ann"]) == {}
    # As RFC 8058 has it: a form of one field, without cookies, from a server that is no browser.
    for body in ({"data": {"List-Unsubscribe": "One-Click"}}, {"files": {"List-Unsubscribe": (None, "One-Click")}}):
        answer = stranger.post(path, **body)
        assert answer.status_code == 200
        assert "You get no more letters about: Reviews." in answer.text
    assert messages.wishes.unwanted(["ann"]) == {"ann": {Kind.REVIEWS}}


@pytest.mark.parametrize("token", ["x", "AAAA", "é", "A" * 500, "%00"])
def test_a_made_up_address_turns_nothing_off(market: Market, visiting: Visiting, token: str) -> None:
    client = visiting(None, "en").client
    assert client.get(f"/unsubscribe/{token}").status_code == 404
    assert client.post(f"/unsubscribe/{token}").status_code == 404


def test_a_token_of_another_kind_or_person_cannot_be_made_from_one(market: Market) -> None:
    unsubscribing = market.application.messages.unsubscribing
    token = unsubscribing.path("ann", Kind.REVIEWS).rpartition("/")[2]
    assert unsubscribing.read(token) == ("ann", Kind.REVIEWS)
    for number in range(len(token)):
        changed = token[:number] + ("A" if token[number] != "A" else "B") + token[number + 1 :]
        assert unsubscribing.read(changed) in (None, ("ann", Kind.REVIEWS))


def test_every_notice_leads_to_a_page_that_is_there(market: Market, visiting: Visiting) -> None:
    market.delivered()
    application = market.application
    application.advance(Instant(application.clock.now() + days(30)))
    for who, actor in (("ann", ANN), ("nick", SHOP)):
        client = visiting(who, "en").client
        notices = application.messages.inbox.notices(str(actor), application.clock.now(), 200)
        assert notices
        for notice in notices:
            assert client.get(way_on(notice).path).status_code == 200, notice


@pytest.fixture
def posting(tmp_path: Path) -> Iterator[Market]:
    """A market whose letters go into a folder."""
    settings = Settings(
        database=f"sqlite:///{up_to_date(tmp_path / 'posting.db')}",
        sandbox=True,
        secret="for-tests-only-1234567",
        mail=f"files:{tmp_path / 'letters'}",
    )
    application = build(settings)
    application.start(background=False)
    application.contacts.set_contact(Contact("ann", "ann@example.org", "en", "UTC", None))
    yield Market(application)
    application.close()


def test_a_sandbox_shows_the_letters_that_it_put_into_a_folder(posting: Market) -> None:
    client = TestClient(asgi(posting.application, Directory(PEOPLE)), headers={"Accept-Language": "en"})
    assert "No letters yet" in client.get("/sandbox/letters").text
    posting.paid()
    posting.pass_days(1)
    page = client.get("/sandbox/letters").text
    assert "Paid: ₽5,300 is held by us" in page
    address = re.search(r'href="(/sandbox/letters/[0-9TZa-f-]+)"', page)
    assert address is not None
    one = client.get(address[1]).text
    assert "ann@example.org" in one
    assert f'src="{address[1]}/body"' in one
    body = client.get(f"{address[1]}/body")
    assert "sandbox" in body.headers["content-security-policy"]
    assert body.headers["x-frame-options"] == "SAMEORIGIN"
    assert "data:image/png" in body.text
    assert client.get("/sandbox/letters/..%2Fx").status_code == 404
    assert client.get("/sandbox/letters/none").status_code == 404


def test_where_letters_go_to_people_nobody_else_reads_them(market: Market, visiting: Visiting) -> None:
    visiting("ops", "en").get("/sandbox/letters", 404)
