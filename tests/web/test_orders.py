"""Buying, selling and looking after orders on pages, without scripts."""

from __future__ import annotations

import re

import pytest

from fairhold.domain.order import PaymentState
from fairhold.domain.status import headline
from tests.web.conftest import LAMP, MUGS, Market, Visiting, form_to


@pytest.mark.parametrize(("language", "more"), [("en", "2 or more"), ("ru", "2 или больше")])
def test_a_count_that_ends_where_counting_ended_says_so(
    market: Market, visiting: Visiting, monkeypatch: pytest.MonkeyPatch, language: str, more: str
) -> None:
    monkeypatch.setattr("fairhold.engine.reading.orders.COUNTED", 2)
    for _ in range(3):
        market.placed()
    market.paid()
    for who, path in (("ann", "/orders"), ("nick", "/selling"), ("ops", "/operator")):
        page = visiting(who, language).get(path)
        assert '<span aria-hidden="true">2+</span>' in page
        assert f'<span class="sr">{more}</span>' in page.replace("\u00a0", " ")
        assert re.search(r'status=awaiting_shipment"[^>]*>[^<]*<span class="count[^"]*">1</span>', page)


def test_a_buyer_pays_and_the_money_is_held(market: Market, visiting: Visiting) -> None:
    order, ann = market.placed(), visiting("ann", "en")
    answer = ann.send(form_to(ann.get(f"/orders/{order.id}"), "/payment"))
    assert answer.status_code == 200
    assert "The money is with us, protected." in answer.text
    assert market.order(order.id).payment is PaymentState.RECEIVED


def test_a_declined_card_is_told_and_the_order_still_waits(market: Market, visiting: Visiting) -> None:
    order, ann = market.placed(), visiting("ann", "en")
    answer = ann.send(form_to(ann.get(f"/orders/{order.id}"), "/payment"), method="sandbox:declined")
    assert answer.status_code == 409
    assert "The payment did not go through." in answer.text
    assert market.order(order.id).payment is PaymentState.AWAITED


def test_a_method_of_ones_own_making_is_refused(market: Market, visiting: Visiting) -> None:
    order, ann = market.placed(), visiting("ann", "en")
    answer = ann.send(form_to(ann.get(f"/orders/{order.id}"), "/payment"), method="free")
    assert answer.status_code == 422
    assert market.order(order.id).payment is PaymentState.AWAITED


def test_cancelling_is_two_steps_and_gives_everything_back(market: Market, visiting: Visiting) -> None:
    order, ann = market.paid(), visiting("ann", "en")
    page = ann.get(f"/orders/{order.id}/cancellation")
    assert "₽5,300" in page
    answer = ann.send(form_to(page, "/cancellation"), why="changed my mind")
    assert answer.status_code == 200
    assert headline(market.order(order.id)).value == "refunded"


def test_a_shipped_order_cannot_be_cancelled_and_says_why(market: Market, visiting: Visiting) -> None:
    order = market.shipped()
    page = visiting("ann", "en").get(f"/orders/{order.id}/cancellation", 409)
    assert "This has already been shipped." in page


def test_a_seller_ships_part_of_an_order(market: Market, visiting: Visiting) -> None:
    order, nick = market.paid(), visiting("nick", "en")
    form = form_to(nick.get(f"/selling/orders/{order.id}/ship"), "/ship")
    line = order.lines[1].id
    answer = nick.send(form, carrier="cdek", tracking_number="123", line=line, **{f"quantity-{line}": "1"})
    assert answer.status_code == 200
    shipment = market.order(order.id).shipments[0]
    assert [(span.line, span.quantity) for span in shipment.spans] == [(line, 1)]


def test_a_parcel_without_a_number_is_told_beside_the_field_and_keeps_what_was_typed(
    market: Market, visiting: Visiting
) -> None:
    order, nick = market.paid(), visiting("nick", "en")
    form = form_to(nick.get(f"/selling/orders/{order.id}/ship"), "/ship")
    answer = nick.send(form, other_carrier="Pigeon post")
    assert answer.status_code == 422
    assert "Write the tracking number as the carrier gave it." in answer.text
    assert 'value="Pigeon post"' in answer.text
    assert not market.order(order.id).shipments


def test_a_number_with_a_slip_of_the_finger_is_doubted_once_and_never_refused(
    market: Market, visiting: Visiting
) -> None:
    order, nick = market.paid(), visiting("nick", "en")
    form = form_to(nick.get(f"/selling/orders/{order.id}/ship"), "/ship")
    line = order.lines[0].id
    doubted = nick.send(form, carrier="pochta-ru", tracking_number="rd025508007se", line=line)
    assert doubted.status_code == 422
    assert "Is the number right?" in doubted.text
    assert 'name="meant" value="RD025500807SE"' in doubted.text
    assert not market.order(order.id).shipments
    again = form_to(doubted.text, "/ship")
    assert ("carrier", "pochta-ru") in again.fields, "what was chosen stays so"

    other = nick.send(again, tracking_number="RD025500708SE")
    assert "Is the number right?" in other.text, "another number is looked at anew"
    assert nick.send(again).status_code == 200
    assert [one.tracking_number for one in market.order(order.id).shipments] == ["RD025508007SE"]
    assert "Compare it with the receipt" in nick.get(f"/selling/orders/{order.id}")
    assert "ask the sender" in visiting("ann", "en").get(f"/orders/{order.id}")


def test_the_number_that_was_meant_is_taken_by_a_press(market: Market, visiting: Visiting) -> None:
    order, nick = market.paid(), visiting("nick")
    form = form_to(nick.get(f"/selling/orders/{order.id}/ship"), "/ship")
    doubted = nick.send(form, carrier="pochta-ru", tracking_number="RD025508007SE", line=order.lines[0].id)
    assert "Номер верный?" in doubted.text
    empty = nick.send(form_to(doubted.text, "/ship"), meant="RD025500807SE", line=[])
    assert empty.status_code == 422
    assert 'value="RD025500807SE"' in empty.text, "what was taken stays so, whatever else is wrong"
    assert nick.send(form_to(doubted.text, "/ship"), meant="RD025500807SE").status_code == 200
    assert [one.tracking_number for one in market.order(order.id).shipments] == ["RD025500807SE"]


def test_the_buyer_asks_for_more_time_and_the_seller_grants_it(market: Market, visiting: Visiting) -> None:
    order, ann, nick = market.shipped(), visiting("ann", "en"), visiting("nick", "en")
    before = market.order(order.id).portions[0].protection_ends
    asked = ann.send(form_to(ann.get(f"/orders/{order.id}/protection"), "/protection"), days="15")
    assert "You asked for 15 days more of protection." in asked.text.replace("\u00a0", " ")
    assert "The seller answers by" in ann.get(f"/orders/{order.id}/protection")
    page = nick.get(f"/selling/orders/{order.id}/protection")
    assert "Answer by" in page
    answer = nick.send(form_to(page, "/protection/answer"), granted="yes")
    assert answer.status_code == 200
    after = market.order(order.id).portions[0].protection_ends
    assert before is not None
    assert after is not None
    assert after - before == 15 * 86_400_000_000


def test_the_seller_extends_by_themselves(market: Market, visiting: Visiting) -> None:
    order, nick = market.shipped(), visiting("nick", "en")
    answer = nick.send(form_to(nick.get(f"/selling/orders/{order.id}/protection"), "/protection"), days="7")
    assert "Protection is extended." in answer.text
    assert nick.send(form_to(answer.text, "/sign-out")).status_code == 200


@pytest.mark.parametrize("days", ["", "0", "-1", "9999999999", "x", "31"])
def test_a_strange_number_of_days_changes_nothing(market: Market, visiting: Visiting, days: str) -> None:
    order, nick = market.shipped(), visiting("nick", "en")
    answer = nick.send(form_to(nick.get(f"/selling/orders/{order.id}/protection"), "/protection"), days=days)
    assert answer.status_code == 422
    assert market.order(order.id).version == order.version


def test_the_sellers_forecast_names_net_sums_by_date(market: Market, visiting: Visiting) -> None:
    market.confirmed()
    page = visiting("nick", "en").get("/selling/money")
    assert "₽2,416.80" in page
    assert "−₽127.20" in page
    assert "₽5,035.00" in page


def test_the_operator_reports_a_scan_and_the_window_opens(market: Market, visiting: Visiting) -> None:
    order, ops = market.shipped(), visiting("ops", "en")
    form = form_to(ops.get(f"/operator/orders/{order.id}"), "/checkpoints")
    assert ops.send(form, status="delivered", place="Moscow").status_code == 200
    assert headline(market.order(order.id)).value == "awaiting_confirmation"
    assert (
        ops.send(form_to(ops.get(f"/operator/orders/{order.id}"), "/checkpoints"), status="nonsense").status_code == 422
    )


def test_the_operator_cancels_in_two_steps(market: Market, visiting: Visiting) -> None:
    order, ops = market.paid(), visiting("ops", "en")
    assert f"/operator/orders/{order.id}/cancellation" in ops.get(f"/operator/orders/{order.id}")
    page = ops.get(f"/operator/orders/{order.id}/cancellation")
    assert "₽5,300.00" in page
    assert ops.send(form_to(page, "/cancellation"), why="fraud").status_code == 200
    assert headline(market.order(order.id)).value == "refunded"


def test_the_operators_clock_goes_to_the_next_deadline(market: Market, visiting: Visiting) -> None:
    order, ops = market.placed(), visiting("ops", "en")
    page = ops.get("/operator/clock")
    answer = ops.send(form_to(page, "/operator/clock"), step="next")
    assert answer.status_code == 200
    assert headline(market.order(order.id)).value == "cancelled"


def test_the_ledger_adds_up_to_zero(market: Market, visiting: Visiting) -> None:
    market.confirmed()
    page = visiting("ops", "en").get("/operator/ledger")
    assert "adds up to zero" in page
    assert "held:RUB" in page
    assert "held:RUB" in visiting("ops").get("/operator/ledger/held:RUB")


def test_orders_are_found_by_title_and_number_and_tabs_count_them(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    market.placed(MUGS)
    page = ann.get("/orders?status=awaiting_confirmation")
    assert order.id in page
    assert page.count('<li class="card"') == 1
    assert ann.get("/orders?q=torch").count('<li class="card"') == 1
    assert "No orders found for “zzz”" in ann.get("/orders?q=zzz")
    assert "No orders found" not in ann.get("/orders?status=nonsense")


def test_long_lists_have_pages_forth_and_back(market: Market, visiting: Visiting) -> None:
    for _ in range(12):
        market.placed(LAMP)
    ann = visiting("ann", "en")
    first = ann.get("/orders")
    assert first.count('<li class="card"') == 10
    older = first.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = ann.get(older)
    assert second.count('<li class="card"') == 2
    newer = second.split('rel="prev"')[0].rpartition('href="')[2].partition('"')[0]
    assert ann.get(newer).count('<li class="card"') == 10


def test_what_sellers_wrote_is_shown_as_text(market: Market, visiting: Visiting) -> None:
    order = market.placed()
    page = visiting("ann").get(f"/orders/{order.id}")
    assert "Travel mug &lt;b&gt;" in page
    assert "Travel mug <b>" not in page
