"""The page of a dispute, for both sides and without scripts: S12, S17 to S21."""

from __future__ import annotations

import re

import pytest

from fairhold.domain.actors import Actor
from fairhold.domain.commands import (
    AcceptOffer,
    AppealRuling,
    Command,
    EscalateDispute,
    MakeOffer,
    RecordChargeback,
    RecordCheckpoint,
    SendMessage,
    ShipReturn,
    WithdrawDispute,
)
from fairhold.domain.dispute import DemandKind, Dispute, DisputeState, Outcome
from fairhold.domain.ids import OrderId
from fairhold.domain.order import Order, ParcelStatus
from tests.gateways.pictures import jpeg
from tests.web.conftest import ANN, LAMP, MUGS, OPS, SHOP, Market, Visiting, Visitor, form_to

SIDES = (("ann", "/orders"), ("nick", "/selling/orders"))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def path(order: Order, side: str = "ann", rest: str = "") -> str:
    return f"{dict(SIDES)[side]}/{order.id}/disputes/1{rest}"


def dispute(market: Market, order: Order) -> Dispute:
    return market.order(order.id).disputes[0]


def give(market: Market, order: Order, kind: type[Command], who: Actor, **fields: object) -> Order:
    return market.do(order.id, kind(dispute=order.disputes[0].id, **fields), who)


def step(visitor: Visitor, page: str, ending: str, **fields: str) -> str:
    """Send a form of the page; the page it leads to."""
    answer = visitor.send(form_to(page, ending), **fields)
    assert answer.status_code == 200, answer.text[-2000:]
    return plain(answer.text)


def test_the_page_is_for_both_parties_and_nobody_else(market: Market, visiting: Visiting) -> None:
    order = market.disputed()
    for person, folder in SIDES:
        visiting(person).get(f"{folder}/{order.id}/disputes/1")
        visiting(person).get(f"{folder}/{order.id}/disputes/2", 404)
        visiting(person).get(f"{folder}/{order.id}/disputes/0", 404)
        visiting(person).get(f"{folder}/{order.id}/disputes/99999999999999999999", 404)
    for person in ("bob", "sam", "mia", "ops"):
        for _, folder in SIDES:
            visiting(person).get(f"{folder}/{order.id}/disputes/1", 404)
    visiting("nick").get(path(order, "ann"), 404)
    visiting("ann").get(path(order, "nick"), 404)


_PAGES = ("", "/offer", "/offers/1", "/escalation", "/withdrawal", "/appeal")
_DEEDS = ("/offers", "/offer/check", "/offers/1/acceptance", "/escalation", "/withdrawal")
_DEEDS_WITH_PHOTOS = ("/messages", "/appeal")


@pytest.mark.parametrize(("owner", "folder"), SIDES)
def test_a_strangers_forms_change_nothing(market: Market, visiting: Visiting, owner: str, folder: str) -> None:
    order, bob = market.disputed(), visiting("bob")
    own = folder if owner == "ann" else "/orders"
    token = dict(form_to(bob.get("/orders"), "/sign-out").fields)["token"]
    for ending in _PAGES:
        bob.get(f"{own}/{order.id}/disputes/1{ending}", 404)
    for ending in _DEEDS:
        assert bob.client.post(f"{own}/{order.id}/disputes/1{ending}", data={"token": token}).status_code == 404
    for ending in _DEEDS_WITH_PHOTOS:
        sent = {"token": (None, token), "text": (None, "hello")}
        assert bob.client.post(f"{own}/{order.id}/disputes/1{ending}", files=sent).status_code == 404
    assert market.order(order.id).version == order.version


def test_both_sides_see_whose_turn_it_is_until_when_and_what_silence_does(market: Market, visiting: Visiting) -> None:
    order = market.disputed(amount=60_000)
    buyer = plain(visiting("ann", "en").get(path(order)))
    assert "The seller is to answer by" in buyer
    assert "If the seller does not answer, ₽600 comes back to you and ₽778 goes to the seller." in buyer
    seller = plain(visiting("nick", "en").get(path(order, "nick")))
    assert "Your turn: answer by" in seller
    assert "If you do not answer, ₽600.00 goes back to the buyer and ₽739.10 comes to you after commission." in seller


def test_an_offer_shows_exact_sums_to_each_side(market: Market, visiting: Visiting) -> None:
    order = market.offered(60_000, text="Only the lid.")
    buyer = plain(visiting("ann", "en").get(path(order)))
    for text in ("Comes back to you", "₽600", "Goes on to the seller", "₽778", "Only the lid.", "Accept ₽600…"):
        assert text in buyer
    seller = plain(visiting("nick", "en").get(path(order, "nick")))
    for text in ("Goes back to the buyer", "₽600.00", "Comes to you, net", "₽739.10", "Commission", "₽38.90"):
        assert text in seller
    assert "Accept" not in seller


def test_accepting_takes_two_steps_and_moves_what_was_shown(market: Market, visiting: Visiting) -> None:
    order, ann = market.offered(60_000), visiting("ann", "en")
    page = ann.get(path(order, rest="/offers/2"))
    assert "₽600 comes back to you, ₽778 goes to the seller." in plain(page)
    assert page.index("data-cancel") < page.index("data-final")
    assert dispute(market, order).is_open
    said = step(ann, page, "/acceptance")
    assert "The offer is accepted." in said
    end = dispute(market, order).end
    assert end is not None
    assert (end.outcome, end.refunded, end.released) == (Outcome.AGREED, 60_000, 77_800)


def test_accepting_twice_moves_money_once(market: Market, visiting: Visiting) -> None:
    order, ann = market.offered(60_000), visiting("ann")
    form = form_to(ann.get(path(order, rest="/offers/2")), "/acceptance")
    assert ann.send(form).status_code == 200
    version = market.order(order.id).version
    assert ann.send(form).status_code == 200
    assert market.order(order.id).version == version


def test_an_offer_that_was_just_replaced_is_not_accepted(market: Market, visiting: Visiting) -> None:
    order, ann = market.offered(60_000), visiting("ann", "en")
    form = form_to(ann.get(path(order, rest="/offers/2")), "/acceptance")
    give(market, order, MakeOffer, SHOP, refund=10_000)
    answer = ann.send(form)
    assert answer.status_code == 409
    assert "This offer has been replaced by a newer one." in answer.text
    assert "replaced by a newer one" in ann.get(path(order, rest="/offers/2"), 409)
    assert "There is no such offer." in ann.get(path(order, rest="/offers/9"), 404)
    assert dispute(market, order).is_open


def test_nobody_accepts_their_own_offer(market: Market, visiting: Visiting) -> None:
    order = market.offered(60_000)
    assert "This is your own offer." in visiting("nick", "en").get(path(order, "nick", "/offers/2"), 403)


def test_an_offer_is_looked_over_before_it_is_made(market: Market, visiting: Visiting) -> None:
    order, nick = market.disputed(), visiting("nick", "en")
    page = step(nick, nick.get(path(order, "nick", "/offer")), "/check", kind="sum", amount="600", text="Only the lid.")
    assert "₽739.10" in page
    assert "Only the lid." in page
    assert len(dispute(market, order).offers) == 1
    back = nick.send(form_to(page, "/offers"), to=path(order, "nick", "/offer")).text
    assert re.search(r'value="sum" checked', back)
    assert 'value="600"' in back
    assert ">Only the lid.</textarea>" in back
    form = form_to(page, "/offers")
    assert [nick.send(form).status_code for _ in range(2)] == [200, 200]
    assert [offer.refund for offer in dispute(market, order).offers] == [137_800, 60_000]


@pytest.mark.parametrize(
    ("kind", "refund", "back", "again"),
    [
        ("sum", 60_000, False, False),
        ("return", 60_000, True, False),
        ("resend", 0, False, True),
        ("none", 0, False, False),
    ],
)
def test_a_seller_can_offer_everything_that_there_is(
    market: Market, visiting: Visiting, kind: str, refund: int, back: bool, again: bool
) -> None:
    order, nick = market.disputed(), visiting("nick")
    page = step(nick, nick.get(path(order, "nick", "/offer")), "/check", kind=kind, amount="600")
    step(nick, page, "/offers")
    offer = dispute(market, order).offers[-1]
    assert (offer.refund, offer.return_goods, offer.resend) == (refund, back, again)
    assert dispute(market, order).state is DisputeState.NEGOTIATING


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": ""}, "Choose what you offer."),
        ({"kind": "moon"}, "Choose what you offer."),
        ({"kind": "sum", "amount": ""}, "Write a sum, such as 600"),
        ({"kind": "return", "amount": "0"}, "Write a sum above zero."),
        ({"kind": "sum", "amount": "1378.01"}, "no more can come back"),
        ({"kind": "sum", "amount": "600", "text": "x" * 4001}, "At most 4000 characters"),
    ],
)
def test_an_offer_that_cannot_be_is_said_at_its_field(
    market: Market, visiting: Visiting, fields: dict[str, str], said: str
) -> None:
    order, nick = market.disputed(), visiting("nick", "en")
    page = nick.get(path(order, "nick", "/offer"))
    for ending in ("/check", "s"):
        answer = nick.send(form_to(page, "/check"), to=path(order, "nick", f"/offer{ending}"), **fields)
        assert answer.status_code == 422
        assert said in plain(answer.text)
    assert len(dispute(market, order).offers) == 1


def test_a_buyer_neither_resends_nor_declines(market: Market, visiting: Visiting) -> None:
    order, ann = market.offered(60_000), visiting("ann", "en")
    page = ann.get(path(order, rest="/offer"))
    for kind in ("resend", "none"):
        assert f'value="{kind}"' not in page
        assert ann.send(form_to(page, "/check"), kind=kind).status_code == 422


def test_the_same_offer_again_is_said_at_the_sum(market: Market, visiting: Visiting) -> None:
    order, nick = market.offered(60_000), visiting("nick", "en")
    answer = nick.send(form_to(nick.get(path(order, "nick", "/offer")), "/check"), kind="sum", amount="600")
    assert answer.status_code == 422
    assert 'id="amount-e"' in answer.text


def test_the_form_shows_both_sums_for_what_is_written(market: Market, visiting: Visiting) -> None:
    order, nick = market.disputed(), visiting("nick", "en")
    assert "₽739.10" in plain(nick.get(path(order, "nick", "/offer?amount=600")))
    for amount in ("0", "99999", "x"):
        assert "Comes to you, net" not in nick.get(path(order, "nick", f"/offer?amount={amount}"))


@pytest.mark.parametrize("person", ["ann", "nick"])
def test_either_side_asks_for_a_mediator_in_two_steps(market: Market, visiting: Visiting, person: str) -> None:
    order, visitor = market.offered(60_000), visiting(person, "en")
    page = visitor.get(path(order, person, "/escalation"))
    assert "Ask for a mediator?" in page
    assert dispute(market, order).state is DisputeState.NEGOTIATING
    said = step(visitor, page, "/escalation", text="We do not agree.")
    assert "A mediator has been asked." in said
    assert "We do not agree." in said
    assert dispute(market, order).state is DisputeState.CLAIMED
    assert "A mediator has been asked already." in visitor.get(path(order, person, "/escalation"), 409)


def test_an_escalation_with_too_much_to_say_keeps_what_was_typed(market: Market, visiting: Visiting) -> None:
    order, ann = market.disputed(), visiting("ann", "en")
    answer = ann.send(form_to(ann.get(path(order, rest="/escalation")), "/escalation"), text="y" * 4001)
    assert answer.status_code == 422
    assert "y" * 4001 in answer.text
    assert dispute(market, order).state is DisputeState.AWAITING_ANSWER


def test_withdrawing_says_what_comes_back_and_does_it(market: Market, visiting: Visiting) -> None:
    order, ann = market.disputed(), visiting("ann", "en")
    market.pass_days(2)
    page = ann.get(path(order, rest="/withdrawal"))
    assert re.search(r"The protection time that was left comes back: \d days", plain(page))
    assert dispute(market, order).is_open
    said = step(ann, page, "/withdrawal")
    assert "The dispute is withdrawn." in said
    assert dispute(market, order).state is DisputeState.WITHDRAWN
    assert visiting("nick").get(path(order, "nick"))


def test_only_whoever_opened_it_withdraws(market: Market, visiting: Visiting) -> None:
    order, nick = market.disputed(), visiting("nick", "en")
    assert "Withdraw" not in nick.get(path(order, "nick"))
    nick.get(path(order, "nick", "/withdrawal"), 403)


def test_a_message_with_photos_reaches_the_other_side(market: Market, visiting: Visiting) -> None:
    order, ann = market.disputed(), visiting("ann", "en")
    form = form_to(ann.get(path(order)), "/messages")
    answer = ann.send(form, text="Two lines,\r\n<b>really</b>", files=[jpeg(), jpeg(500)])
    assert answer.status_code == 200
    again = ann.send(form, text="Two lines,\r\n<b>really</b>", files=[jpeg(), jpeg(500)])
    assert again.status_code == 200
    assert dispute(market, order).messages == 1
    seller = visiting("nick", "en").get(path(order, "nick"))
    assert "&lt;b&gt;really&lt;/b&gt;" in seller
    assert len(set(re.findall(r'src="/photos/([^"?]+)', seller))) == 2
    assert "really" in visiting("nick").get(f"/selling/orders/{order.id}")
    assert "really" in visiting("sam").get(f"/support/orders/{order.id}")


@pytest.mark.parametrize(
    ("text", "files", "said"),
    [
        ("", [], "Write something first."),
        ("Look", [b"%PDF"], 'id="files-e"'),
        ("x" * 4001, [], "At most 4000 characters"),
    ],
)
def test_a_message_that_cannot_be_keeps_what_was_typed(
    market: Market, visiting: Visiting, text: str, files: list[bytes], said: str
) -> None:
    order, ann = market.disputed(), visiting("ann", "en")
    answer = ann.send(form_to(ann.get(path(order)), "/messages"), text=text, files=files)
    assert answer.status_code == 422
    assert said in plain(answer.text)
    assert f">{text}</textarea>" in answer.text
    assert not dispute(market, order).messages


def test_photos_that_were_taken_are_kept_where_the_text_was_not(market: Market, visiting: Visiting) -> None:
    order, ann = market.disputed(), visiting("ann", "en")
    page = ann.send(form_to(ann.get(path(order)), "/messages"), text="", files=[jpeg()]).text
    step(ann, page, "/messages", text="Now with words")
    assert len(dispute(market, order).evidence) == 1


def test_a_form_that_breaks_off_is_answered_with_a_page(market: Market, visiting: Visiting) -> None:
    order, ann = market.disputed(), visiting("ann", "en")
    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = ann.client.post(path(order, rest="/messages"), content=b"--x\r\nContent-Disp", headers=kind)
    assert answer.status_code == 422
    assert "Nothing was sent and nothing has changed." in answer.text


def test_goods_go_back_are_looked_at_and_the_buyer_is_paid(market: Market, visiting: Visiting) -> None:
    order = market.disputed(kind=DemandKind.RETURN_AND_REFUND)
    ann, nick = visiting("ann", "en"), visiting("nick", "en")
    page = nick.get(path(order, "nick", "/offers/1"))
    assert "Agree that the goods go back?" in page
    step(nick, page, "/acceptance")
    assert "Your turn: send the goods back by" in plain(ann.get(path(order)))
    nick.get(path(order, "nick", "/return/receipt"), 409)
    page = ann.get(path(order, rest="/return"))
    answer = ann.send(form_to(page, "/return"), carrier="", tracking_number="", postage="a lot")
    assert answer.status_code == 422
    assert 'id="postage-e"' in answer.text
    assert 'id="carrier-e"' in answer.text
    assert 'id="number-e"' in answer.text
    doubted = ann.send(form_to(page, "/return"), carrier="pochta-ru", tracking_number="RD025508007SE")
    assert doubted.status_code == 422
    assert 'name="meant" value="RD025500807SE"' in doubted.text
    step(ann, page, "/return", carrier="cdek", tracking_number="BACK-1")
    assert "BACK-1" in ann.get(f"/orders/{order.id}")
    page = nick.get(path(order, "nick", "/return/receipt"))
    assert "₽1,378.00" in plain(page)
    assert dispute(market, order).is_open
    step(nick, page, "/return/receipt")
    end = dispute(market, order).end
    assert end is not None
    assert (end.outcome, end.refunded) == (Outcome.RETURNED, 137_800)


def test_goods_that_came_back_wrong_are_contested_with_words(market: Market, visiting: Visiting) -> None:
    order = market.disputed(kind=DemandKind.RETURN_AND_REFUND)
    give(market, order, AcceptOffer, SHOP, number=1)
    give(market, order, ShipReturn, ANN, carrier="cdek", tracking_number="BACK-1")
    nick = visiting("nick", "en")
    page = nick.get(path(order, "nick", "/return/receipt?wrong=yes"))
    answer = nick.send(form_to(page, "/return/contest"))
    assert answer.status_code == 422
    assert "Write something first." in answer.text
    step(nick, page, "/return/contest", text="Another mug came back.")
    assert dispute(market, order).state is DisputeState.CLAIMED
    assert dispute(market, order).contested


def test_goods_are_sent_again_and_protected_anew(market: Market, visiting: Visiting) -> None:
    order = market.disputed(kind=DemandKind.RESEND)
    nick = visiting("nick", "en")
    step(nick, nick.get(path(order, "nick", "/offers/1")), "/acceptance")
    visiting("ann").get(f"/orders/{order.id}/disputes/1/resend", 404)
    step(nick, nick.get(path(order, "nick", "/resend")), "/resend", other_carrier="Own van", tracking_number="AGAIN-1")
    assert dispute(market, order).state is DisputeState.RESENT
    page = visiting("ann", "en").get(path(order))
    assert "The goods were sent again and are protected anew." in page
    assert "AGAIN-1" in page
    assert "10241783306" not in page


def test_a_ruling_shows_its_sums_and_reasons_and_can_be_appealed_once(market: Market, visiting: Visiting) -> None:
    order, ann = market.ruled(50_000), visiting("ann", "en")
    page = plain(ann.get(path(order)))
    for text in ("Both have a point.", "₽500", "₽878", "Appeal…", "It can be appealed once, until"):
        assert text in page
    said = step(ann, ann.get(path(order, rest="/appeal")), "/appeal", text="There is a second crack.")
    assert "The ruling is appealed." in said
    assert dispute(market, order).state is DisputeState.APPEALED
    assert "The ruling has been appealed already." in visiting("nick", "en").get(path(order, "nick", "/appeal"), 409)


def test_a_ruling_that_nobody_appeals_is_carried_out_and_shown(market: Market, visiting: Visiting) -> None:
    order = market.ruled(50_000)
    market.pass_days(8)
    page = plain(visiting("ann", "en").get(path(order)))
    assert "A mediator ruled" in page
    assert "Returned to you" in page
    assert "₽500" in page
    assert "/messages" not in page


@pytest.mark.parametrize("ending", ["/offer", "/escalation", "/withdrawal", "/appeal", "/offers/2", "/return"])
def test_on_a_closed_dispute_every_page_says_why_not(market: Market, visiting: Visiting, ending: str) -> None:
    order = market.offered(60_000)
    give(market, order, AcceptOffer, ANN, number=2)
    assert "This dispute is closed." in visiting("ann", "en").get(path(order, rest=ending), 409)


def test_a_deed_that_comes_too_late_is_refused_in_words(market: Market, visiting: Visiting) -> None:
    order, ann = market.offered(60_000), visiting("ann", "en")
    forms = {
        ending: form_to(ann.get(path(order, rest=page)), ending)
        for page, ending in (("/withdrawal", "/withdrawal"), ("/escalation", "/escalation"), ("", "/messages"))
    }
    give(market, order, AcceptOffer, ANN, number=2)
    for form in forms.values():
        answer = ann.send(form, text="too late")
        assert answer.status_code == 409
        assert "This dispute is closed." in answer.text


def test_the_seller_contests_a_parcel_that_came_back(market: Market, visiting: Visiting) -> None:
    order, nick = market.shipped(), visiting("nick", "en")
    nick.get(f"/selling/orders/{order.id}/returned-parcel", 409)
    back = RecordCheckpoint(
        shipment=order.shipments[0].id, status=ParcelStatus.RETURNED_TO_SENDER, at=market.application.clock.now()
    )
    market.do(order.id, back, OPS)
    assert "Contest…" in nick.get(f"/selling/orders/{order.id}")
    page = nick.get(f"/selling/orders/{order.id}/returned-parcel")
    answer = nick.send(form_to(page, "/returned-parcel"), text="  ", files=[jpeg()])
    assert answer.status_code == 422
    step(nick, answer.text, "/returned-parcel", text="An empty box came back.")
    assert dispute(market, order).state is DisputeState.CLAIMED
    assert len(dispute(market, order).evidence) == 1
    assert "An empty box came back." in visiting("ann", "en").get(path(order))
    assert "The protection" not in nick.get(path(order, "nick", "/withdrawal"))


def test_orders_and_lists_show_the_dispute_to_both_sides_and_to_staff(market: Market, visiting: Visiting) -> None:
    order = market.disputed()
    ann, nick = visiting("ann", "en"), visiting("nick", "en")
    for visitor, folder, home in ((ann, "/orders", "/orders"), (nick, "/selling/orders", "/selling")):
        assert f'href="{folder}/{order.id}/disputes/1"' in visitor.get(f"{folder}/{order.id}")
        assert order.id in visitor.get(f"{home}?status=in_dispute")
    assert "Dispute over ₽1,378: the seller is to answer by" in plain(ann.get("/orders?status=in_dispute"))
    assert f'href="/selling/orders/{order.id}/disputes/1">Answer…' in nick.get("/selling?status=in_dispute")
    assert 'id="dispute-1"' in visiting("mia", "en").get(f"/support/orders/{order.id}")


def test_a_disputed_item_cannot_be_confirmed_and_says_so(market: Market, visiting: Visiting) -> None:
    order, ann = market.disputed(LAMP, MUGS), visiting("ann", "en")
    page = ann.get(f"/orders/{order.id}/receipt")
    assert page.count('type="checkbox" name="line"') == 2
    assert "1 pc. ·" in plain(page)


def test_a_chargeback_is_shown_to_everybody(market: Market, visiting: Visiting) -> None:
    order = market.delivered()
    market.do(order.id, RecordChargeback(amount=100_000), OPS)
    assert "Your bank took ₽1,000 back for you" in plain(visiting("ann", "en").get(f"/orders/{order.id}"))
    seller = plain(visiting("nick", "en").get(f"/selling/orders/{order.id}"))
    assert "The buyer's bank took back ₽1,000.00" in seller.replace("&#39;", "'").replace("’", "'")
    staff = plain(visiting("ops", "en").get(f"/operator/orders/{order.id}"))
    assert "Card chargebacks" in staff


def test_every_state_of_a_dispute_has_a_page_and_a_card_for_both_sides(market: Market, visiting: Visiting) -> None:
    def played(order: Order, *deeds: tuple[type[Command], Actor, dict[str, int]]) -> Order:
        for kind, who, fields in deeds:
            order = give(market, order, kind, who, **fields)
        return order

    agree = (AcceptOffer, SHOP, {"number": 1})
    found = {
        DisputeState.AWAITING_ANSWER: market.disputed(),
        DisputeState.NEGOTIATING: market.offered(0),
        DisputeState.CLAIMED: played(market.disputed(), (EscalateDispute, ANN, {})),
        DisputeState.RULED: market.ruled(0),
        DisputeState.APPEALED: played(market.ruled(0), (AppealRuling, ANN, {})),
        DisputeState.RETURN_DUE: played(market.disputed(kind=DemandKind.RETURN_AND_REFUND), agree),
        DisputeState.RESEND_DUE: played(market.disputed(kind=DemandKind.RESEND), agree),
        DisputeState.SETTLED: played(market.offered(1), (AcceptOffer, ANN, {"number": 2})),
        DisputeState.WITHDRAWN: played(market.disputed(), (WithdrawDispute, ANN, {})),
    }
    ann, nick, sam = visiting("ann"), visiting("nick"), visiting("sam")
    for state, order in found.items():
        assert order.disputes[0].state is state
        for visitor, side in ((ann, "ann"), (nick, "nick")):
            page = visitor.get(path(order, side))
            assert "%(" not in page
            visitor.get(f"{dict(SIDES)[side]}/{order.id}")
        sam.get(f"/support/orders/{order.id}")
    ann.get("/orders")
    nick.get("/selling")
    market.pass_days(16)
    for order in found.values():
        ann.get(path(order))
        nick.get(path(order, "nick"))
    ann.get("/orders")
    nick.get("/selling")


def test_a_long_talk_folds_what_came_before(market: Market, visiting: Visiting) -> None:
    order = market.disputed()
    for number in range(40):
        give(market, order, SendMessage, ANN, text=f"Message {number:02d}")
    page = visiting("ann", "en").get(path(order))
    assert page.index("Show what came before") < page.index("Message 00") < page.index("Message 39")


def test_ids_of_orders_in_the_address_must_agree_with_the_dispute(market: Market, visiting: Visiting) -> None:
    market.disputed()
    other = market.delivered()
    visiting("ann").get(f"/orders/{OrderId(other.id)}/disputes/1", 404)
