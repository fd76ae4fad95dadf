"""The commission with a fixed part, whatever is released of whatever, in whichever steps: the sums come out the same."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from fairhold.domain.commission import Taken, on_line
from fairhold.domain.ids import line_id
from fairhold.domain.money import Currency
from fairhold.domain.order import Order, PortionState
from fairhold.domain.settlement import fixed_taken, sellers_part
from tests.builders import ID, Deal, at, delivered, new_line, part, place, policy

CURRENCIES = ("JPY", "RUB", "KWD")
RATES = st.one_of(st.sampled_from([0, 333, 500, 5000, 9999, 10_000]), st.integers(0, 10_000))
PRICES = st.one_of(st.integers(1, 12), st.sampled_from([333, 1000, 99_999]))
FIXED = st.one_of(st.integers(0, 12), st.sampled_from([100, 1000, 10**9]))


@given(total=st.integers(0, 2000), rate=RATES, fixed=FIXED, at=st.integers(0, 2000), more=st.integers(0, 2000))
def test_no_release_costs_more_than_it_brings_and_nothing_that_is_taken_back_brings_more(
    total: int, rate: int, fixed: int, at: int, more: int
) -> None:
    first = min(at, total)
    second = min(first + more, total)
    before, after = (on_line(total, rate, fixed, released) for released in (first, second))
    assert 0 <= after.fee - before.fee <= second - first
    assert 0 <= before.percentage <= after.percentage
    assert 0 <= before.fixed <= after.fixed


@given(total=st.integers(0, 10**13), rate=RATES, fixed=FIXED)
def test_all_of_it_is_taken_once_all_is_released_and_nothing_of_it_where_nothing_is(
    total: int, rate: int, fixed: int
) -> None:
    percentage = round(Fraction(rate * total, 10_000))
    assert on_line(total, rate, fixed, 0) == Taken(0, 0)
    assert on_line(total, rate, fixed, total) == Taken(percentage, min(fixed, total - percentage))


@given(total=st.integers(1, 10**13), rate=RATES, fixed=FIXED, data=st.data())
def test_half_way_it_is_pro_rata_of_what_is_released_to_the_next_minor_unit_or_so(
    total: int, rate: int, fixed: int, data: st.DataObject
) -> None:
    released = data.draw(st.integers(0, total))
    taken = on_line(total, rate, fixed, released)
    assert abs(taken.percentage - Fraction(rate * released, 10_000)) <= Fraction(1, 2)
    bearable = min(fixed, on_line(total, rate, fixed, total).fixed)
    assert abs(taken.fixed - Fraction(bearable * released, total)) <= 2


# orders


@st.composite
def delivered_orders(draw: st.DrawFn) -> Deal:
    """Up to three lines of up to four pieces, in the buyer's hands."""
    currency = draw(st.sampled_from(CURRENCIES))
    categories = st.sampled_from([None, "books", "toys"])
    lines = draw(st.lists(st.tuples(PRICES, st.integers(1, 4), categories), min_size=1, max_size=3))
    charged = {
        "basis_points": draw(RATES),
        "categories": {"books": draw(RATES)},
        "fixed": {currency: draw(FIXED)},
        "category_fixed": {"books": {currency: draw(FIXED)}},
        "sellers": draw(st.sampled_from([{}, {"shop-7": {"basis_points": 700}}, {"shop-7": {"fixed": {}}}])),
    }
    command = place(
        currency=Currency(currency),
        policy=policy(commission=charged, receipt={"settlement_delay_hours": 0}),
        lines=tuple(new_line(price, quantity, category=category) for price, quantity, category in lines),
        shipping=draw(st.sampled_from([0, 0, 1, 100])),
    )
    return delivered(command)


def at_once(deal: Deal) -> Deal:
    return deal.confirm(*(line.id for line in deal.order.lines), when=at(days=12))


def piece_by_piece(deal: Deal, data: st.DataObject) -> Deal:
    pieces = [line.id for line in deal.order.lines for _ in range(line.quantity)]
    for minute, name in enumerate(data.draw(st.permutations(pieces))):
        deal = deal.confirm(part(name, 1), when=at(days=12, minutes=minute))
        check_lines(deal.order)
    return deal


def check_lines(order: Order) -> None:
    """What is fixed is what the lines are charged for by themselves; and no line costs more than what is released of it."""
    fixed = alone = 0
    for line in order.lines:
        released = sum(sellers_part(portion) for portion in order.portions if portion.line == line.id)
        rate, part_fixed = order.terms.commission_for(line.category), order.terms.fixed_for(line.category)
        if part_fixed:
            taken = on_line(line.total, rate, part_fixed, released)
            assert 0 <= taken.fee <= released
            fixed, alone = fixed + taken.fixed, alone + taken.fee
    assert fixed_taken(order) == fixed
    assert order.money.fee == alone + sum(total.fee for total in order.commission)


@settings(deadline=None)
@given(deal=delivered_orders(), data=st.data())
def test_many_small_releases_cost_what_one_large_one_does(deal: Deal, data: st.DataObject) -> None:
    large, small = at_once(deal).order, piece_by_piece(deal, data).order
    assert small.money == large.money
    assert fixed_taken(small) == fixed_taken(large)
    assert small.commission == large.commission


@settings(deadline=None)
@given(deal=delivered_orders(), data=st.data())
def test_what_the_bank_takes_and_gives_back_in_between_costs_nothing(deal: Deal, data: st.DataObject) -> None:
    large, number = at_once(deal).order, 0
    for minute, line in enumerate(deal.order.lines):
        if left := sum(portion.left for portion in deal.order.portions):
            number += 1
            deal = deal.charge_back(data.draw(st.integers(1, left)))
            if data.draw(st.booleans()):
                deal = deal.bank_says(won=True, name=deal.order.chargebacks[-1].id)
        deal = deal.confirm(line.id, when=at(days=12, minutes=minute))
        check_lines(deal.order)
    for chargeback in deal.order.chargebacks:
        if chargeback.state == "open":
            deal = deal.bank_says(won=True, name=chargeback.id)
            check_lines(deal.order)
    assert deal.order.money == large.money
    assert fixed_taken(deal.order) == fixed_taken(large)


@settings(deadline=None)
@given(deal=delivered_orders(), data=st.data())
def test_a_split_dispute_costs_the_seller_what_releasing_their_part_would(deal: Deal, data: st.DataObject) -> None:
    name = line_id(ID, 1)
    worth = sum(portion.amount for portion in deal.order.portions if portion.line == name)
    refund = data.draw(st.integers(0, worth))
    deal = deal.dispute(name, when=at(days=12)).escalate(when=at(days=13)).rule(refund, at(days=14))
    deal = deal.until(at(days=60))
    check_lines(deal.order)
    assert deal.order.money.refunded == refund
    assert not any(portion.state in (PortionState.HELD, PortionState.DISPUTED) for portion in deal.order.portions)
    line = deal.order.line(name)
    assert line is not None
    if line.total == refund and len(deal.order.lines) == 1:
        assert deal.order.money.fee == 0
