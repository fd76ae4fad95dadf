"""Where the money is, to the last minor unit; and the marketplace's commission."""

import pytest

from fairhold.domain.events import PortionsReleased
from fairhold.domain.order import Order, PortionState, Sums
from tests.builders import (
    LINE_1,
    LINE_2,
    Deal,
    at,
    cancelled_paid,
    delivered,
    new_line,
    paid,
    part,
    place,
    policy,
    released,
    shipped,
    start,
)


def by_state(order: Order) -> dict[PortionState, int]:
    found: dict[PortionState, int] = {}
    for portion in order.portions:
        found[portion.state] = found.get(portion.state, 0) + portion.amount
    return found


def fees(deal: Deal) -> list[int]:
    return [event.fee for event in deal.events if isinstance(event, PortionsReleased)]


def test_the_whole_payment_is_held_and_the_seller_has_nothing() -> None:
    """S1."""
    assert paid().order.money == Sums(paid=1900, held=1900)


def test_a_release_splits_into_the_sellers_part_and_the_commission() -> None:
    """S1, S2."""
    assert released().order.money == Sums(paid=1900, released=1805, fee=95)


def test_what_is_confirmed_is_settling_until_the_undo_has_passed() -> None:
    """S6, S16."""
    deal = delivered().confirm(LINE_1, when=at(days=12))
    assert deal.order.money == Sums(paid=1900, held=900, settling=1000)
    assert by_state(deal.order) == {PortionState.CONFIRMED: 1000, PortionState.HELD: 900}


def test_everything_goes_back_where_the_deal_is_cancelled_after_payment() -> None:
    assert cancelled_paid().order.money == Sums(paid=1900, refunded=1900)


def test_shipping_and_tax_go_back_with_their_lines() -> None:
    deal = start(place(shipping=100, tax=19)).pay(at(hours=1)).ship(LINE_1, when=at(days=1)).until(at(days=8))
    assert deal.order.money == Sums(paid=2019, held=1063, refunded=956)


def test_the_commission_on_many_releases_is_that_on_one() -> None:
    """Three lines of 10 at 5 %: 0.5 → 0, 1.0 → 1, 1.5 → 2, each less what was taken before."""
    lines = tuple(new_line(10, 1, sku=str(number)) for number in range(3))
    deal = delivered(place(lines=lines))
    for day, line in enumerate(deal.order.lines):
        deal = deal.confirm(line.id, when=at(days=12, hours=day))
    deal = deal.until(at(days=14))
    assert fees(deal) == [0, 1, 1]
    assert deal.order.money == Sums(paid=30, released=28, fee=2)


@pytest.mark.parametrize(
    ("price", "fee"), [(10, 0), (30, 2), (50, 2), (70, 4), (90, 4), (11, 1), (9, 0), (1, 0), (100, 5)]
)
def test_half_a_minor_unit_of_commission_goes_to_the_even_side(price: int, fee: int) -> None:
    deal = delivered(place(lines=(new_line(price),))).confirm(LINE_1, when=at(days=12)).until(at(days=13))
    assert deal.order.money == Sums(paid=price, released=price - fee, fee=fee)


def test_each_category_has_its_own_rate_and_its_own_running_total() -> None:
    """At 10 % of 15: 1.5 → 2, of 30: 3 − 2 = 1; at 5 % of 10: 0.5 → 0, of 20: 1 − 0 = 1."""
    rates = policy(commission={"basis_points": 500, "categories": {"books": 1000}})
    lines = (
        new_line(15, 1, sku="a", category="books"),
        new_line(10, 1, sku="b"),
        new_line(15, 1, sku="c", category="books"),
        new_line(10, 1, sku="d", category="toys"),
    )
    deal = delivered(place(lines=lines, policy=rates))
    for hour, line in enumerate(deal.order.lines):
        deal = deal.confirm(line.id, when=at(days=12, hours=hour))
    deal = deal.until(at(days=14))
    assert fees(deal) == [2, 0, 1, 1]
    assert {taken.rate: (taken.gross, taken.fee) for taken in deal.order.commission} == {500: (20, 1), 1000: (30, 3)}


@pytest.mark.parametrize(("rate", "net"), [(0, 1900), (10_000, 0)])
def test_a_commission_of_nothing_and_of_everything(rate: int, net: int) -> None:
    deal = delivered(place(policy=policy(commission={"basis_points": rate}))).until(at(days=18))
    assert deal.order.money.released == net


def test_parts_of_a_quantity_add_up_to_the_line() -> None:
    """S12: 866 on three cups is 288, 289 and 289, in whichever order they are confirmed."""
    deal = delivered(place(shipping=100, tax=19, discount=190))
    worth = []
    for hour in range(3):
        before = deal.order.money.settling
        deal = deal.confirm(part(LINE_2, 1), when=at(days=12, hours=hour))
        worth.append(deal.order.money.settling - before)
    assert worth == [288, 289, 289]
    assert deal.until(at(days=30)).order.money.released + deal.until(at(days=30)).order.money.fee == 1829


def test_a_gift_of_no_price_is_confirmed_and_settled_like_the_rest() -> None:
    lines = (new_line(0, 2, sku="gift"), new_line(500, 1, sku="lamp"))
    deal = delivered(place(lines=lines)).confirm(LINE_1, when=at(days=12)).until(at(days=13))
    assert by_state(deal.order) == {PortionState.SETTLED: 0, PortionState.HELD: 500}
    assert deal.order.money == Sums(paid=500, held=500)
    assert deal.until(at(days=18)).order.money == Sums(paid=500, released=475, fee=25)


def test_an_order_whose_price_is_all_shipping_pays_the_seller_that() -> None:
    deal = shipped(place(discount=1900, shipping=7)).until(at(days=61))
    assert deal.order.money == Sums(paid=7, released=7, fee=0)


def test_a_refund_of_goods_that_cost_nothing_leaves_nothing_to_pay_back() -> None:
    gift = place(lines=(new_line(1000), new_line(0, sku="gift")))
    deal = start(gift).pay(at(hours=1)).ship(LINE_1, when=at(days=1)).until(at(days=8))
    assert [(refund.amount, refund.paid_at) for refund in deal.order.refunds] == [(0, at(days=7, hours=1))]
    assert deal.order.money == Sums(paid=1000, held=1000)
