"""A ruling through the pages: its sums beforehand are its sums afterwards, and nothing is decided by accident."""

from __future__ import annotations

import re

import pytest

from fairhold.domain.dispute import DisputeState
from fairhold.domain.order import Order
from tests.web.conftest import MUGS, Market, Visitor, form_to
from tests.web.desks import CUP, Court, Opening, dispute, opening, path

__all__ = ["opening"]


def previewed(
    visitor: Visitor, order: Order, refund: str, reasons: str = "Because.", folder: str = "/mediation"
) -> str:
    """The second step."""
    form = form_to(visitor.get(path(order, folder)), "/ruling/consequence")
    answer = visitor.send(form, refund=refund, reasons=reasons)
    assert answer.status_code == 200, answer.text[-3000:]
    return answer.text


def sums(page: str) -> dict[str, str]:
    """Named sums of the page."""
    found = re.findall(r"<dt[^>]*>(?:<span[^>]*></span>)?([^<]+)</dt><dd[^>]*>(?:<strong>)?([^<]+)<", page)
    return dict(found)


@pytest.mark.parametrize(
    ("refund", "to_buyer", "to_seller", "commission"),
    [
        ("0", "₽0.00", "₽950.00", "₽50.00"),
        ("333.33", "₽333.33", "₽633.34", "₽33.33"),
        ("600", "₽600.00", "₽380.00", "₽20.00"),
        ("1 000,00", "₽1,000.00", "₽0.00", "₽0.00"),
    ],
)
def test_the_sums_shown_before_are_what_the_ruling_does(
    market: Market, opening: Opening, refund: str, to_buyer: str, to_seller: str, commission: str
) -> None:
    order = Court(market).claimed()
    mia = opening("mia")
    page = previewed(mia, order, refund)
    shown = sums(page)
    assert shown["To the buyer"] == to_buyer
    assert (shown["To the seller"], shown["Commission"], shown["Sum in dispute"]) == (
        to_seller,
        commission,
        "₽1,000.00",
    )
    assert market.order(order.id).version == order.version
    done = mia.send(form_to(page, "/ruling"))
    assert "The ruling is given." in done.text
    assert dispute(market.order(order.id)).state is DisputeState.RULED
    market.pass_days(8)
    money = market.order(order.id).money
    assert [f"₽{part / 100:,.2f}" for part in (money.refunded, money.released, money.fee)] == [
        to_buyer,
        to_seller,
        commission,
    ]


def test_the_second_step_says_until_when_it_can_be_appealed(market: Market, opening: Opening) -> None:
    page = previewed(opening("mia"), Court(market).claimed(), "500", "A\nB <i>")
    assert "Either side can appeal once." in page
    assert "A\nB &lt;i&gt;" in page
    assert "Yes, rule<" in page


def test_a_ruling_on_an_appeal_is_carried_out_at_once(market: Market, opening: Opening) -> None:
    order = Court(market).appealed(0)
    other = opening("max")
    page = previewed(other, order, "500")
    assert "the money goes at once" in page
    assert "carried out" in other.send(form_to(page, "/ruling")).text
    after = market.order(order.id)
    assert dispute(after).state is DisputeState.SETTLED
    assert (after.money.refunded, after.money.released, after.money.fee) == (50_000, 47_500, 2_500)


def test_whoever_ruled_first_finds_no_form_after_an_appeal(market: Market, opening: Opening) -> None:
    order = Court(market).appealed(0)
    page = opening("mia").get(path(order))
    assert "/ruling/consequence" not in page
    assert "You ruled on this dispute before" in page


@pytest.mark.parametrize(
    ("refund", "reasons", "said"),
    [
        ("", "Because.", "Say how much goes back to the buyer"),
        ("a lot", "Because.", "Write a sum between 0 and ₽1,000.00."),
        ("-1", "Because.", "Write a sum between 0 and ₽1,000.00."),
        ("1000.01", "Because.", "The sum in dispute is ₽1,000.00"),
        ("999999999999999999999999", "Because.", "Write a sum between"),
        ("10.001", "Because.", "The sum in dispute is ₽1,000.00"),
        ("500", "", "Say why: both sides read it."),
        ("500", "x" * 4001, "At most 4000 characters"),
        ("500", "a\x00b", "There are signs in it that cannot be shown."),
    ],
)
def test_what_cannot_be_read_stands_at_its_field_and_nothing_is_lost(
    market: Market, opening: Opening, refund: str, reasons: str, said: str
) -> None:
    order = Court(market).claimed()
    mia = opening("mia")
    form = form_to(mia.get(path(order)), "/ruling/consequence")
    for target in ("/ruling/consequence", "/ruling"):
        fields = dict(form.with_fields(refund=refund, reasons=reasons))
        answer = mia.client.post(f"{path(order)}{target}", data=fields)
        assert answer.status_code == 422
        assert said in answer.text.replace("\u00a0", " ")
        assert f'value="{refund}"' in answer.text
        if len(reasons) < 50 and "\x00" not in reasons:
            assert f">{reasons}</textarea>" in answer.text
    assert dispute(market.order(order.id)).rulings == ()


def test_the_same_form_sent_twice_rules_once(market: Market, opening: Opening) -> None:
    order = Court(market).claimed()
    mia = opening("mia")
    form = form_to(previewed(mia, order, "500"), "/ruling")
    for _ in range(2):
        assert "The ruling is given." in mia.send(form).text
    assert len(dispute(market.order(order.id)).rulings) == 1


def test_a_case_that_was_settled_meanwhile_is_shown_as_it_now_is(market: Market, opening: Opening) -> None:
    order = Court(market).claimed()
    mia, other = opening("mia"), opening("max")
    form = form_to(previewed(mia, order, "500"), "/ruling")
    other.send(form_to(previewed(other, order, "100"), "/ruling"))
    late = mia.send(form)
    assert late.status_code == 409
    assert len(dispute(market.order(order.id)).rulings) == 1


def test_the_operator_rules_only_once_it_is_overdue(market: Market, opening: Opening) -> None:
    order = Court(market).claimed()
    ops = opening("ops")
    assert "/ruling/consequence" not in ops.get(path(order, "/operator"))
    market.pass_days(15)
    assert "The ruling is overdue" in ops.get("/operator/disputes?tab=overdue")
    page = previewed(ops, order, "500", folder="/operator")
    assert "The ruling is given." in ops.send(form_to(page, "/ruling")).text
    assert dispute(market.order(order.id)).rulings[0].by == "ops"


def test_the_sums_under_the_slider_come_from_the_server(market: Market, opening: Opening) -> None:
    order = Court(market).claimed()
    mia = opening("mia")
    fragment = mia.get(f"{path(order)}/ruling/sums?refund=600")
    assert sums(fragment)["To the seller"] == "₽380.00"
    assert "<html" not in fragment
    assert "no more than that" in mia.get(f"{path(order)}/ruling/sums?refund=1000.01")
    for odd in ("", "x", "%00", "-1", "9" * 50):
        mia.get(f"{path(order)}/ruling/sums?refund={odd}")


def test_marks_and_ready_reasons_work_without_scripts(market: Market, opening: Opening) -> None:
    order = Court(market).claimed(offer=20_000)
    mia = opening("mia")
    page = mia.get(path(order))
    marks = re.findall(r'data-mark="([^"]+)"', page)
    assert marks == ["1000", "600", "200", "0"]
    chosen = mia.get(f"{path(order)}/ruling?refund=600")
    assert 'name="refund" inputmode="decimal" autocomplete="off" maxlength="30" value="600"' in chosen
    assert sums(chosen)["To the seller"] == "₽380.00"
    fields = dict(form_to(chosen, "/ruling/consequence").fields) | {"reasons": "Mine.", "insert": "yes"}
    for language, text in (("ru", "Из представленного не следует"), ("en", "What was shown does not prove")):
        put = mia.client.post(f"{path(order)}/ruling/edit", data={**fields, "canned": f"{language}-refused"})
        assert re.search(rf">Mine\.\s+{text}", put.text.replace("\u00a0", " ")), language
    unknown = mia.client.post(f"{path(order)}/ruling/edit", data={**fields, "canned": "xx-none"})
    assert ">Mine.</textarea>" in unknown.text
    assert market.order(order.id).version == order.version


def test_part_of_a_line_and_a_currency_without_minor_units_are_ruled_on_exactly(
    market: Market, opening: Opening
) -> None:
    yen = CUP.__class__(sku="y", title="Y", quantity=1, unit_price=1001, image="goods:mug")
    order = Court(market, currency="JPY").claimed(yen)
    shown = sums(previewed(opening("mia"), order, "334"))
    assert (shown["To the buyer"], shown["To the seller"], shown["Commission"]) == ("¥334", "¥634", "¥33")
    order = Court(market).claimed(MUGS, CUP)
    assert dispute(order).amount == 260_000
    assert sums(previewed(opening("mia"), order, "1300"))["To the seller"] == "₽1,235.00"
