"""Confirming receipt on pages, without scripts: S9 to S16."""

from __future__ import annotations

import re

import pytest
from msgspec import structs

from fairhold.domain.commands import LineQuantity, ShipParcel
from fairhold.domain.order import PortionState
from fairhold.domain.status import portion_counts
from tests.web.conftest import LAMP, MUGS, SHOP, Market, Visiting, form_to


def test_no_box_is_ticked_even_where_there_is_one_item(market: Market, visiting: Visiting) -> None:
    order = market.delivered(LAMP)
    page = visiting("ann").get(f"/orders/{order.id}/receipt")
    assert len(re.findall(r'type="checkbox" name="line"', page)) == 1
    assert not re.search(r"\schecked\b", page)


def test_time_left_and_tracking_number_stand_above_the_boxes(market: Market, visiting: Visiting) -> None:
    order = market.delivered()
    page = visiting("ann").get(f"/orders/{order.id}/receipt")
    boxes = page.index('type="checkbox"')
    assert page.index("Осталось на") < boxes
    assert page.index("10241783306") < boxes


def test_a_parcel_on_its_way_is_warned_of_and_waiting_is_the_visible_button(market: Market, visiting: Visiting) -> None:
    order = market.shipped()
    page = visiting("ann", "en").get(f"/orders/{order.id}/receipt")
    assert "you have not received it yet" in page
    assert 'class="btn" href="/orders/' in page
    assert 'class="btn btn--link" type="submit"' in page


def test_nothing_ticked_is_refused_and_the_page_says_so(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann")
    form = form_to(ann.get(f"/orders/{order.id}/receipt"), "/receipt/consequence")
    answer = ann.send(form)
    assert answer.status_code == 422
    assert "ничего не отмечено" in answer.text.replace("\u00a0", " ")
    assert 'role="alert"' in answer.text
    assert market.order(order.id).version == order.version


def test_the_second_step_names_sums_and_dates_and_changes_nothing(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    form = form_to(ann.get(f"/orders/{order.id}/receipt"), "/receipt/consequence")
    answer = ann.send(form, line=[order.lines[0].id, order.lines[1].id], **{f"quantity-{order.lines[1].id}": "1"})
    assert answer.status_code == 200
    text = answer.text.replace("\u00a0", " ")
    assert "Confirm receipt of 2 items?" in text
    assert "₽2,544" in text
    assert "₽3,922" in text
    assert "The rest (1 pc.) stays protected: we hold ₽1,378" in text
    assert text.index("data-cancel") < text.index("data-final")
    assert market.order(order.id).version == order.version


def test_one_item_of_two_is_confirmed_and_the_other_completes_by_itself(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    first, second = (line.id for line in order.lines)
    page = ann.send(form_to(ann.get(f"/orders/{order.id}/receipt"), "/receipt/consequence"), line=first).text
    answer = ann.send(form_to(page, "/receipt"))
    assert answer.status_code == 200
    assert str(answer.url).endswith("/receipt/done")
    assert "Confirmed by mistake?" in answer.text
    states = {portion.line: portion.state for portion in market.order(order.id).portions}
    assert states == {first: PortionState.CONFIRMED, second: PortionState.HELD}
    market.pass_days(8)
    states = {portion.line: portion.state for portion in market.order(order.id).portions}
    assert states == {first: PortionState.SETTLED, second: PortionState.SETTLED}


def test_the_same_form_sent_twice_confirms_once(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann")
    page = ann.send(
        form_to(ann.get(f"/orders/{order.id}/receipt"), "/receipt/consequence"), line=order.lines[0].id
    ).text
    form = form_to(page, "/receipt")
    first = ann.send(form)
    version = market.order(order.id).version
    again = ann.send(form)
    assert (first.status_code, again.status_code) == (200, 200)
    assert str(first.url) == str(again.url)
    assert market.order(order.id).version == version


def test_a_second_form_for_the_same_item_is_told_that_it_is_confirmed(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    path = f"/orders/{order.id}/receipt"
    pages = [ann.send(form_to(ann.get(path), "/receipt/consequence"), line=order.lines[0].id).text for _ in range(2)]
    assert ann.send(form_to(pages[0], "/receipt")).status_code == 200
    answer = ann.send(form_to(pages[1], "/receipt"))
    assert answer.status_code == 409
    assert "already confirmed" in answer.text


def test_another_orders_line_is_unknown_here(market: Market, visiting: Visiting) -> None:
    order, other, ann = market.delivered(), market.delivered(), visiting("ann", "en")
    answer = ann.client.get(f"/orders/{order.id}/receipt/consequence", params={"line": other.lines[0].id})
    assert answer.status_code == 422
    assert "There is no such item in this order." in answer.text


def test_too_many_pieces_are_refused_with_the_bound(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(), visiting("ann", "en")
    line = order.lines[1].id
    answer = ann.client.get(f"/orders/{order.id}/receipt/consequence", params={"line": line, f"quantity-{line}": "3"})
    assert answer.status_code == 422
    assert "The bound is 2." in answer.text


def test_support_undoes_a_confirmation_and_the_money_is_protected_again(market: Market, visiting: Visiting) -> None:
    order, sam = market.confirmed(), visiting("sam", "en")
    page = sam.get(f"/support/orders/{order.id}")
    answer = sam.send(form_to(page, "/undo"), line=order.lines[0].id, why="pressed by mistake")
    assert answer.status_code == 200
    assert "The confirmation is undone." in answer.text
    assert market.order(order.id).money.settling == 0


def test_support_must_say_what_and_why(market: Market, visiting: Visiting) -> None:
    order, sam = market.confirmed(), visiting("sam", "en")
    page = sam.get(f"/support/orders/{order.id}")
    assert sam.send(form_to(page, "/undo"), line=order.lines[0].id, why="").status_code == 422
    assert sam.send(form_to(page, "/undo"), why="mistake").status_code == 422
    assert market.order(order.id).money.settling > 0


def test_after_the_money_has_left_undo_is_off_and_says_why(market: Market, visiting: Visiting) -> None:
    order = market.confirmed()
    market.pass_days(2)
    page = visiting("sam", "en").get(f"/support/orders/{order.id}")
    assert "Too late to undo: the money has left." in page
    assert f"/support/orders/{order.id}/undo" not in page


def test_only_what_the_second_step_showed_is_confirmed_though_more_was_sent_meanwhile(
    market: Market, visiting: Visiting
) -> None:
    """S13: the sum that was shown is the sum that goes."""
    order, ann = market.paid(MUGS), visiting("ann")
    [line] = order.lines
    one = ShipParcel(carrier="cdek", tracking_number="1", lines=(LineQuantity(id=line.id, quantity=1),))
    market.do(order.id, one, SHOP)
    first = form_to(ann.get(f"/orders/{order.id}/receipt"), "/receipt/consequence")
    second = form_to(ann.send(first, line=line.id).text, "/receipt")
    market.do(order.id, ShipParcel(carrier="cdek", tracking_number="2"), SHOP)
    assert ann.send(second).status_code == 200
    assert portion_counts(market.order(order.id), line.id) == {"confirmed": 1, "held": 1}


@pytest.mark.parametrize("quantity", ["0", "", "-1", "1.5", "все", "1e0", "99999999999"])
def test_a_quantity_that_is_no_number_never_means_all(market: Market, visiting: Visiting, quantity: str) -> None:
    order, ann = market.delivered(MUGS), visiting("ann")
    [line] = order.lines
    asked = f"line={line.id}&quantity-{line.id}={quantity}"
    ann.get(f"/orders/{order.id}/receipt/consequence?{asked}", 422)
    second = form_to(ann.get(f"/orders/{order.id}/receipt/consequence?line={line.id}"), "/receipt")
    assert ann.send(second, **{f"quantity-{line.id}": quantity}).status_code == 422
    assert market.order(order.id).version == order.version


def test_of_many_pieces_any_number_can_be_written(market: Market, visiting: Visiting) -> None:
    order, ann = market.delivered(structs.replace(MUGS, quantity=1000)), visiting("ann")
    [line] = order.lines
    page = ann.get(f"/orders/{order.id}/receipt")
    assert re.search(rf'type="number"[^>]*max="1000"[^>]*name="quantity-{line.id}"', page)
    assert "<option" not in page
    first = form_to(page, "/receipt/consequence")
    ann.send(form_to(ann.send(first, line=line.id, **{f"quantity-{line.id}": "7"}).text, "/receipt"))
    assert portion_counts(market.order(order.id), line.id) == {"confirmed": 7, "held": 993}
