"""Support on the pages: a chat without scripts, «I confirmed by accident», and the desk of those who answer (S16)."""

import re

import pytest

from fairhold.domain.commands import AskExtension, ConfirmReceipt
from fairhold.domain.order import Order
from tests.gateways.pictures import jpeg
from tests.web.conftest import ANN, Market, Visiting, form_to


@pytest.fixture
def confirmed(market: Market) -> Order:
    return market.confirmed()


def told(market: Market) -> None:
    market.application.courier.once()


def test_a_person_writes_and_support_answers_without_a_script(market: Market, visiting: Visiting) -> None:
    order = market.shipped()
    ann, sam = visiting("ann", "en"), visiting("sam", "en")
    assert f'href="/orders/{order.id}/support"' in ann.get(f"/orders/{order.id}")
    page = ann.get(f"/orders/{order.id}/support")
    assert "Nothing has been written yet." in page
    sent = ann.send(form_to(page, "/messages"), text="Where is my parcel? <b>", files=(jpeg(200, 100),))
    assert "Where is my parcel? &lt;b&gt;" in sent.text
    assert '<img src="/photos/' in sent.text
    queue = sam.get("/support/chats")
    assert "Anna" in queue
    assert re.search(r'href="/support/chats"[^>]*>Chats <span class="count count--turn nav__count">1</span>', queue)
    chat = f"/support/orders/{order.id}/chat/buyer"
    assert f'href="{chat}"' in queue
    answered = sam.send(form_to(sam.get(chat), "/messages"), text="On its way.")
    assert "you see to it" in answered.text
    again = ann.get(f"/orders/{order.id}/support")
    assert "On its way." in again
    assert "Support has answered" in again
    assert "Nobody waits" in sam.get("/support/chats")


def test_the_same_form_sent_twice_writes_one_message(market: Market, visiting: Visiting) -> None:
    order, ann = market.shipped(), visiting("ann")
    form = form_to(ann.get(f"/orders/{order.id}/support"), "/messages")
    for _ in range(3):
        assert ann.send(form, text="Привет").status_code == 200
    assert ann.get(f"/orders/{order.id}/support").count('<span class="said">Привет</span>') == 1


@pytest.mark.parametrize("text", ["", "x" * 4001, "a\x07b"])
def test_a_bad_message_is_kept_in_the_form_and_not_sent(market: Market, visiting: Visiting, text: str) -> None:
    order, ann = market.shipped(), visiting("ann", "en")
    answer = ann.send(form_to(ann.get(f"/orders/{order.id}/support"), "/messages"), text=text)
    assert answer.status_code == 422
    assert 'id="text-e"' in answer.text
    assert market.application.support.chat(order.id, "buyer:ann").case is None


def test_nobody_else_finds_the_chat(market: Market, visiting: Visiting) -> None:
    order, ann = market.shipped(), visiting("ann", "en")
    ann.send(form_to(ann.get(f"/orders/{order.id}/support"), "/messages"), text="The seller lies.")
    nick, bob, mia = visiting("nick", "en"), visiting("bob", "en"), visiting("mia", "en")
    assert "The seller lies." not in nick.get(f"/selling/orders/{order.id}/support")
    for stranger, path in (
        (bob, f"/orders/{order.id}/support"),
        (bob, f"/orders/{order.id}/support/stream"),
        (bob, f"/orders/{order.id}/accident"),
        (bob, f"/orders/{order.id}/evidence-bundle"),
        (nick, f"/orders/{order.id}/support"),
        (mia, f"/support/orders/{order.id}/chat/buyer"),
        (mia, "/support/chats"),
        (visiting("sam", "en"), f"/support/orders/{order.id}/chat/nobody"),
        (visiting("sam", "en"), "/support/orders/36wd5e6004hmasw9m000/chat/buyer"),
    ):
        stranger.get(path, 404)


def test_the_request_says_how_long_the_money_is_here_and_then_alarms_support(
    market: Market, visiting: Visiting, confirmed: Order
) -> None:
    ann, sam = visiting("ann", "en"), visiting("sam", "en")
    order = f"/orders/{confirmed.id}"
    assert f'href="{order}/accident"' in ann.get(order)
    assert f'href="{order}/accident"' in ann.get(f"{order}/receipt/done")
    page = ann.get(f"{order}/accident")
    assert "is still here until" in page
    assert "data-until=" in page
    assert market.order(confirmed.id).accident is None
    sent = ann.send(form_to(page, "/accident"), text="My thumb slipped.")
    assert "Support knows." in sent.text
    assert market.order(confirmed.id).accident is not None
    assert "Support knows that you confirmed by accident." in ann.get(order)
    told(market)
    queue = sam.get("/support/chats?tab=accidents")
    assert "Confirmed by accident" in queue
    chat = sam.get(f"/support/orders/{confirmed.id}/chat/buyer")
    assert "My thumb slipped." in chat
    assert "Head torch" in chat
    undone = sam.send(form_to(chat, "/undo"), why="As you asked.")
    assert "The confirmation is undone." in undone.text
    assert market.order(confirmed.id).accident is None
    told(market)
    again = ann.get(f"{order}/support")
    assert "is protected again" in again
    assert "As you asked." in again
    assert "slipped" not in visiting("nick", "en").get(f"/selling{order}")


def test_a_reasoned_no_is_read_in_the_chat(market: Market, visiting: Visiting, confirmed: Order) -> None:
    ann, sam = visiting("ann", "en"), visiting("sam", "en")
    ann.send(form_to(ann.get(f"/orders/{confirmed.id}/accident"), "/accident"))
    chat = f"/support/orders/{confirmed.id}/chat/buyer"
    without = sam.send(form_to(sam.get(chat), "/undo"), to=f"{chat}/decline", why=" ")
    assert without.status_code == 422
    declined = sam.send(form_to(sam.get(chat), "/undo"), to=f"{chat}/decline", why="It was collected before.")
    assert "Declined." in declined.text
    told(market)
    page = ann.get(f"/orders/{confirmed.id}/support")
    assert "It was collected before." in page
    assert "Support does not undo the confirmation." in page
    assert ann.client.get(f"/orders/{confirmed.id}/accident").url.path.endswith("/support")


def test_of_several_items_those_meant_are_chosen_and_nothing_is_refused(market: Market, visiting: Visiting) -> None:
    order = market.delivered()
    lines = tuple(line.id for line in order.lines)
    market.do(order.id, ConfirmReceipt(lines=lines, acknowledged=True), ANN)
    ann = visiting("ann", "en")
    page = ann.get(f"/orders/{order.id}/accident")
    nothing = ann.send(form_to(page, "/accident"), line=[])
    assert nothing.status_code == 422
    ann.send(form_to(page, "/accident"), line=[lines[1]], **{f"quantity-{lines[1]}": "1"})
    found = [(one.line, one.quantity) for one in market.order(order.id).portions if one.accident is not None]
    assert found == [(lines[1], 1)]


def test_once_the_money_has_left_the_way_to_the_bank_is_explained_with_the_bundle(
    market: Market, visiting: Visiting
) -> None:
    order = market.delivered()
    lines = tuple(line.id for line in order.lines)
    market.do(order.id, ConfirmReceipt(lines=lines, acknowledged=True), ANN)
    market.pass_days(2)
    ann = visiting("ann", "en")
    page = ann.get(f"/orders/{order.id}/accident")
    assert "The money has left" in page
    assert "card chargeback" in page
    packed = ann.client.get(f"/orders/{order.id}/evidence-bundle")
    assert packed.content.startswith(b"PK")
    assert packed.headers["content-disposition"].startswith("attachment; ")


def test_support_answers_for_a_silent_seller(market: Market, visiting: Visiting) -> None:
    order = market.shipped()
    market.do(order.id, AskExtension(days=10), ANN)
    sam, chat = visiting("sam", "en"), f"/support/orders/{order.id}/chat/buyer"
    assert "The buyer asks for more time" not in sam.get(chat)
    market.pass_days(3)
    told(market)
    assert "More time asked" in sam.get("/support/chats?tab=requests")
    granted = sam.send(form_to(sam.get(chat), "/extension"), granted="yes")
    assert "Answered." in granted.text
    assert market.order(order.id).extensions_granted == 1


def test_a_chat_is_taken_over_and_left(market: Market, visiting: Visiting) -> None:
    order, ann = market.shipped(), visiting("ann", "en")
    ann.send(form_to(ann.get(f"/orders/{order.id}/support"), "/messages"), text="Hello")
    sam, ops, chat = visiting("sam", "en"), visiting("ops", "en"), f"orders/{order.id}/chat/buyer"
    assert "you see to it" in sam.send(form_to(sam.get(f"/support/{chat}"), "/take")).text
    assert "Sam sees to it" in ops.get(f"/operator/{chat}")
    ops.send(form_to(ops.get(f"/operator/{chat}"), "/take"))
    assert "Operator sees to it" in sam.get(f"/support/{chat}")
    assert "nobody sees to it yet" in ops.send(form_to(ops.get(f"/operator/{chat}"), "/leave")).text


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_tab_of_an_empty_queue_says_so(visiting: Visiting, language: str) -> None:
    sam = visiting("sam", language)
    for tab in ("waiting", "accidents", "requests", "mine", "answered", "all", "none"):
        assert 'class="empty"' in sam.get(f"/support/chats?tab={tab}&behind=0/x/y/z")


def test_who_is_not_signed_in_follows_nothing(market: Market, visiting: Visiting) -> None:
    order = market.shipped()
    visiting(None).get(f"/orders/{order.id}/support/stream", 404)
