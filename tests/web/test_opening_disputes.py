"""Opening a dispute on pages, without scripts: S10, S11, S12, S17, S20."""

from __future__ import annotations

import re

import httpx2
import pytest

from fairhold.domain.commands import RecordCheckpoint
from fairhold.domain.dispute import DemandKind, Dispute, DisputeReason
from fairhold.domain.ids import OrderId
from fairhold.domain.order import Order, ParcelStatus, PortionState
from fairhold.domain.status import portion_counts
from tests.gateways.pictures import jpeg
from tests.web.conftest import LAMP, OPS, Market, Visiting, Visitor, form_to


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def to_reasons(ann: Visitor, order: Order, line: int = 1, quantity: str = "1") -> str:
    form = form_to(ann.get(f"/orders/{order.id}/dispute"), "/reason")
    name = order.lines[line].id
    return ann.send(form, line=name, **{f"quantity-{name}": quantity}).text


def to_demand(ann: Visitor, order: Order, reason: str = "damaged") -> str:
    return ann.send(form_to(to_reasons(ann, order), "/demand"), reason=reason).text


def to_details(ann: Visitor, order: Order, **wish: str) -> str:
    return ann.send(form_to(to_demand(ann, order), "/details"), **(wish or {"wish": "all"})).text


def to_check(ann: Visitor, order: Order, **wish: str) -> str:
    return ann.send(form_to(to_details(ann, order, **wish), "/check"), text="The lid is cracked.").text


def in_transit(market: Market, order: Order) -> RecordCheckpoint:
    now = market.application.clock.now()
    return RecordCheckpoint(shipment=order.shipments[0].id, status=ParcelStatus.IN_TRANSIT, at=now)


def opened(market: Market, order: OrderId) -> Dispute:
    [dispute] = market.order(order).disputes
    return dispute


def test_each_item_has_both_actions_of_the_same_weight(market: Market, visiting: Visiting) -> None:
    order = market.delivered()
    page = visiting("ann").get(f"/orders/{order.id}")
    for line in order.lines:
        assert f'class="btn btn--s" href="/orders/{order.id}/receipt#pick-{line.id}"' in page
        assert f'class="btn btn--s" href="/orders/{order.id}/dispute#pick-{line.id}"' in page


def test_a_dispute_is_opened_on_a_part_of_a_line_step_by_step(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    page = to_check(ann, order)
    assert "The lid is cracked." in page
    assert "1 of 2" in plain(page)
    assert "₽1,378" in plain(page)
    assert "2 other pieces are not part of it" in plain(page)
    assert not market.order(order.id).disputes
    answer = ann.send(form_to(page, "/disputes"))
    assert answer.status_code == 200
    assert str(answer.url).endswith(f"/orders/{order.id}/disputes/1?done=opened")
    dispute = opened(market, order.id)
    assert (dispute.reason, dispute.demand, dispute.amount) == (DisputeReason.DAMAGED, DemandKind.REFUND, 137_800)
    assert portion_counts(market.order(order.id), order.lines[1].id) == {"held": 1, "disputed": 1}


def test_no_box_and_no_answer_is_ticked_for_the_buyer(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(LAMP), visiting("ann")
    first = ann.get(f"/orders/{order.id}/dispute")
    reasons = ann.send(form_to(first, "/reason"), line=order.lines[0].id).text
    demand = ann.send(form_to(reasons, "/demand"), reason="damaged").text
    for page in (first, reasons, demand):
        assert not re.search(r"\schecked\b", page)


def test_nothing_ticked_is_said_at_the_boxes(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    answer = ann.send(form_to(ann.get(f"/orders/{order.id}/dispute"), "/reason"))
    assert answer.status_code == 422
    assert "Nothing is ticked yet." in answer.text
    assert 'id="line-e"' in answer.text


@pytest.mark.parametrize("quantity", ["3", "0", "-1", "x", ""])
def test_a_quantity_that_cannot_be_is_said_at_the_boxes(market: Market, visiting: Visiting, quantity: str) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    line = order.lines[1].id
    asked = {"line": line, f"quantity-{line}": quantity}
    answer = ann.client.get(f"/orders/{order.id}/dispute/reason", params=asked)
    assert answer.status_code == 422
    assert 'id="line-e"' in answer.text


def test_reasons_that_need_lateness_say_from_when(market: Market, visiting: Visiting) -> None:
    order, ann = market.shipped(), visiting("ann", "en")
    page = to_reasons(ann, order)
    assert page.count("Not yet: it can be said once") == 2
    assert re.search(r'value="late" disabled', page)
    answer = ann.send(form_to(page, "/demand"), reason="late")
    assert answer.status_code == 422
    assert "The parcel is not late yet." in answer.text
    market.pass_days(31)
    page = to_reasons(ann, order)
    assert "Not yet" not in page
    assert ann.send(form_to(page, "/demand"), reason="late").status_code == 200


def test_not_received_can_be_said_as_soon_as_tracking_claims_delivery(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    page = to_reasons(ann, order)
    assert re.search(r'value="not_received">', page)
    assert re.search(r'value="late" disabled', page)


def test_what_never_came_cannot_be_sent_back(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    assert 'value="return"' not in to_demand(ann, order, "not_received")
    assert 'value="return"' in to_demand(ann, order)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"wish": ""}, "Choose what you would like."),
        ({"wish": "moon"}, "Choose what you would like."),
        ({"wish": "part", "amount": ""}, "Write a sum, such as 600"),
        ({"wish": "part", "amount": "a lot"}, "Write a sum, such as 600"),
        ({"wish": "part", "amount": "0"}, "Write a sum above zero."),
        ({"wish": "part", "amount": "1378.01"}, "no more can come back"),
        ({"wish": "part", "amount": "9" * 30}, "Write a sum, such as 600"),
    ],
)
def test_a_wish_that_cannot_be_is_said_at_its_field(
    market: Market, visiting: Visiting, wish: dict[str, str], said: str
) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    answer = ann.send(form_to(to_demand(ann, order), "/details"), **wish)
    assert answer.status_code == 422
    assert said in plain(answer.text)
    assert f'value="{wish.get("amount", "")}"' in answer.text


@pytest.mark.parametrize(
    ("wish", "kind", "refund"),
    [
        ({"wish": "all"}, DemandKind.REFUND, 137_800),
        ({"wish": "part", "amount": "600,50"}, DemandKind.REFUND, 60_050),
        ({"wish": "return"}, DemandKind.RETURN_AND_REFUND, 137_800),
        ({"wish": "resend"}, DemandKind.RESEND, 0),
    ],
)
def test_every_wish_becomes_the_demand(
    market: Market, visiting: Visiting, wish: dict[str, str], kind: DemandKind, refund: int
) -> None:
    order, ann = market.delivered(), visiting("ann")
    assert ann.send(form_to(to_check(ann, order, **wish), "/disputes")).status_code == 200
    dispute = opened(market, order.id)
    assert (dispute.demand, dispute.offers[0].refund) == (kind, refund)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Write in a few words"), ("x" * 4001, "At most 4000 characters"), ("a\x00b", "There are signs")],
)
def test_a_text_that_cannot_be_is_said_at_its_field(market: Market, visiting: Visiting, text: str, said: str) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    answer = ann.send(form_to(to_details(ann, order), "/check"), text=text)
    assert answer.status_code == 422
    assert said in plain(answer.text)


def test_going_back_from_the_end_loses_nothing(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    wish = {"wish": "part", "amount": "600"}
    page = ann.send(
        form_to(to_details(ann, order, **wish), "/check"), files=[jpeg()], text="The <lid> is cracked."
    ).text
    base = f"/orders/{order.id}/dispute"
    back = ann.send(form_to(page, "/disputes"), to=f"{base}/details").text
    assert "The &lt;lid&gt; is cracked." in back
    assert back.count("?size=thumb") == 1
    back = ann.send(form_to(back, "/check"), to=f"{base}/demand").text
    assert re.search(r'value="part" checked', back)
    assert 'value="600"' in back
    back = ann.send(form_to(back, "/details"), to=f"{base}/reason").text
    assert re.search(r'value="damaged" checked', back)
    back = ann.send(form_to(back, "/demand"), to=base).text
    assert re.search(rf'value="{order.lines[1].id}" checked', back)
    assert "The &lt;lid&gt; is cracked." in back
    for ending in ("/reason", "/demand", "/details", "/check", "/disputes"):
        answer = ann.send(form_to(back, ending))
        assert answer.status_code == 200
        back = answer.text
    assert opened(market, order.id).offers[0].refund == 60_000
    assert len(opened(market, order.id).evidence) == 1


def test_photos_are_added_looked_at_and_taken_out(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    base = f"/orders/{order.id}/dispute"
    form = form_to(to_details(ann, order), "/check")
    page = ann.send(form, to=f"{base}/details", files=[jpeg(), jpeg(500)], text="Look").text
    photos = re.findall(r'name="photo" value="([^"]+)"', page)
    assert len(photos) == 2
    assert ">Look</textarea>" in page
    page = ann.send(form_to(page, "/check"), to=f"{base}/details", remove=photos[0]).text
    assert re.findall(r'name="photo" value="([^"]+)"', page) == photos[1:]


def test_a_file_that_is_no_photo_is_said_at_its_field_and_the_text_stays(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    answer = ann.send(form_to(to_details(ann, order), "/check"), files=[b"<svg/>"], text="Look at this")
    assert answer.status_code == 422
    assert 'id="files-e"' in answer.text
    assert ">Look at this</textarea>" in answer.text


def test_too_many_photos_are_said_at_their_field(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    answer = ann.send(form_to(to_details(ann, order), "/check"), files=[jpeg()] * 11, text="Look")
    assert answer.status_code == 422
    assert "At most 10 photos" in plain(answer.text)


def test_somebody_elses_photo_is_none_of_the_drafts(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    answer = ann.send(form_to(to_details(ann, order), "/check"), text="Look", photo="a" * 26)
    assert answer.status_code == 422
    assert "One of the photos is gone." in answer.text


def test_the_same_form_sent_twice_opens_one_dispute(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann")
    form = form_to(to_check(ann, order), "/disputes")
    first, again = ann.send(form), ann.send(form)
    assert (first.status_code, again.status_code) == (200, 200)
    assert str(first.url) == str(again.url)
    assert len(market.order(order.id).disputes) == 1


def test_a_step_reached_by_its_address_shows_the_first_that_is_missing(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    for step in ("reason", "demand", "details", "check"):
        assert "Nothing is ticked yet." in ann.get(f"/orders/{order.id}/dispute/{step}", 422)


def test_where_no_dispute_can_be_opened_the_order_says_why(market: Market, visiting: Visiting) -> None:
    order, ann = market.paid(), visiting("ann", "en")
    page = ann.get(f"/orders/{order.id}/dispute", 409)
    assert "This has not been shipped yet." in page
    assert f"/orders/{order.id}/dispute#" not in page


def test_what_was_decided_meanwhile_is_not_disputed(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    form = form_to(to_check(ann, order), "/disputes")
    market.pass_days(8)
    answer = ann.send(form)
    assert answer.status_code == 409
    assert "already confirmed" in answer.text
    assert not market.order(order.id).disputes


def test_the_guide_is_for_the_orders_own_buyer(market: Market, visiting: Visiting) -> None:
    order = market.delivered()
    for person in ("bob", "nick", "sam", "mia", "ops"):
        visitor = visiting(person)
        visitor.get(f"/orders/{order.id}/dispute", 404)
    form = form_to(to_check(visiting("ann"), order), "/disputes")
    stranger: Visitor = visiting("bob")
    token = form_to(stranger.get("/orders"), "/sign-out").fields
    answer: httpx2.Response = stranger.send(form, token=dict(token)["token"])
    assert answer.status_code == 404
    assert not market.order(order.id).disputes


def test_a_parcel_that_is_on_its_way_can_be_disputed_for_damage(market: Market, visiting: Visiting) -> None:
    """Tracking may lag behind the goods."""
    order, ann = market.shipped(), visiting("ann")
    market.do(order.id, in_transit(market, order), OPS)
    assert ann.send(form_to(to_check(ann, order), "/disputes")).status_code == 200
    assert any(portion.state is PortionState.DISPUTED for portion in market.order(order.id).portions)


def test_the_other_side_reads_what_was_written(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann")
    page = ann.send(form_to(to_details(ann, order), "/check"), files=[jpeg()], text="Треснула крышка.").text
    ann.send(form_to(page, "/disputes"))
    seller = visiting("nick").get(f"/selling/orders/{order.id}/disputes/1")
    assert "Треснула крышка." in seller
    [photo] = set(re.findall(r'src="(/photos/[^"?]+)', seller))
    assert visiting("nick").client.get(photo).status_code == 200
    assert visiting("bob").client.get(photo).status_code == 404
