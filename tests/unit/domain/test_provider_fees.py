"""What the payment provider keeps of a payment, and who bears it: by policy, to the last minor unit (S2)."""

from __future__ import annotations

import msgspec
import pytest

from fairhold.domain.actors import SYSTEM
from fairhold.domain.bank_money import Foreseen, foreseen
from fairhold.domain.commission import of_the_providers_fee
from fairhold.domain.consequence import Consequence, of_confirming
from fairhold.domain.events import PortionsReleased
from fairhold.domain.forecast import forecast
from fairhold.domain.money import Currency
from fairhold.domain.order import Sums
from fairhold.domain.policy import Policy, Terms, read_policy
from fairhold.domain.settlement import borne_of, borne_taken
from tests.builders import LINE_1, LINE_2, PARCEL_1, Deal, at, new_line, part, place, policy, scan, start

SELLER_PAYS = policy(commission={"basis_points": 1000, "provider_fees": "seller"})
IN_ANY_CASE = policy(commission={"basis_points": 1000, "provider_fees": "seller", "provider_fees_on_refund": "seller"})


def bought(rules: Policy, fee: int, **changes: object) -> Deal:
    """An order that was paid through a provider, which kept `fee`, and has been delivered."""
    deal = start(place(policy=rules, **changes)).begin_paying(when=at(hours=1)).page()
    deal = deal.money_comes(fee=fee).ship(*(line.id for line in deal.order.lines), when=at(days=1))
    return deal.do(scan("delivered", at(days=10), PARCEL_1), SYSTEM, at(days=10))


def costs(deal: Deal) -> list[tuple[int, int]]:
    """What was released and what was taken of it, time by time."""
    return [(event.gross, event.fee) for event in deal.events if isinstance(event, PortionsReleased)]


def test_the_marketplace_bears_it_where_nothing_is_said() -> None:
    deal = bought(policy(), 60).until(at(days=18))
    assert deal.order.money == Sums(paid=1900, released=1805, fee=95)
    assert (borne_taken(deal.order), deal.order.attempts[0].fee) == (0, 0)


def test_an_order_whose_marketplace_bears_it_is_stored_as_it_always_was() -> None:
    order = bought(policy(), 60).order
    assert b"provider_fees" not in msgspec.json.encode(order.terms)
    assert b'"fee"' not in msgspec.json.encode(order.attempts)
    assert msgspec.json.decode(msgspec.json.encode(order.terms), type=Terms).provider_fees == "marketplace"


@pytest.mark.parametrize("rules", [SELLER_PAYS, IN_ANY_CASE])
@pytest.mark.parametrize(
    ("currency", "price", "fee", "money"),
    [
        ("RUB", 100_000, 3000, Sums(paid=100_000, released=87_000, fee=13_000)),
        ("JPY", 1000, 36, Sums(paid=1000, released=864, fee=136)),
        ("KWD", 12_345, 401, Sums(paid=12_345, released=10_710, fee=1635)),
        ("RUB", 10, 30, Sums(paid=10, released=0, fee=10)),
        ("JPY", 1, 1, Sums(paid=1, released=0, fee=1)),
        ("KWD", 1, 0, Sums(paid=1, released=1, fee=0)),
    ],
)
def test_where_all_is_released_the_seller_bears_all_of_it_that_the_commission_leaves(
    rules: Policy, currency: str, price: int, fee: int, money: Sums
) -> None:
    deal = bought(rules, fee, currency=Currency(currency), lines=(new_line(price),)).until(at(days=18))
    assert deal.order.money == money
    assert borne_taken(deal.order) == money.fee - round(price / 10)


def test_of_three_pieces_confirmed_one_by_one_each_bears_its_part() -> None:
    """Of 900 at 10 % stay 810, and of those 270, 540 and 810: of 100 that is 33.3, 66.7 and 100."""
    deal = bought(SELLER_PAYS, 100, lines=(new_line(300, 3),))
    for hour in range(3):
        deal = deal.confirm(part(LINE_1, 1), when=at(days=11, hours=hour))
    assert costs(deal.until(at(days=13))) == [(300, 30 + 33), (300, 30 + 34), (300, 30 + 33)]


def test_in_any_case_the_first_piece_bears_all_of_it() -> None:
    deal = bought(IN_ANY_CASE, 100, lines=(new_line(300, 3),))
    for hour in range(3):
        deal = deal.confirm(part(LINE_1, 1), when=at(days=11, hours=hour))
    assert costs(deal.until(at(days=13))) == [(300, 30 + 100), (300, 30), (300, 30)]


def test_half_a_minor_unit_goes_to_the_even_side() -> None:
    assert [of_the_providers_fee(1, kept, 2, first=False) for kept in range(3)] == [0, 0, 1]
    assert [of_the_providers_fee(3, kept, 6, first=False) for kept in range(7)] == [0, 0, 1, 2, 2, 2, 3]
    assert of_the_providers_fee(7, 0, 0, first=False) == 0
    assert [of_the_providers_fee(3, kept, 0, first=True) for kept in range(5)] == [0, 1, 2, 3, 3]


@pytest.mark.parametrize(
    ("rules", "lamp", "money"),
    [
        (SELLER_PAYS, 1000, Sums(paid=1900, released=810 - 28, fee=90 + 28, refunded=1000)),
        (IN_ANY_CASE, 1000, Sums(paid=1900, released=810 - 60, fee=90 + 60, refunded=1000)),
        (SELLER_PAYS, 400, Sums(paid=1900, released=540 + 810 - 47, fee=150 + 47, refunded=400)),
        (IN_ANY_CASE, 400, Sums(paid=1900, released=540 + 810 - 60, fee=150 + 60, refunded=400)),
    ],
)
def test_its_share_of_what_is_refunded_is_the_marketplaces_or_the_sellers(
    rules: Policy, lamp: int, money: Sums
) -> None:
    """60 were kept of 1900, of which 1710 would stay: 810 of them are 28.4 of it, 1350 are 47.4."""
    deal = bought(rules, 60).dispute(LINE_1, when=at(days=11)).escalate(when=at(days=12)).rule(lamp, at(days=13))
    deal = deal.until(at(days=60))
    assert deal.order.money == money
    assert borne_taken(deal.order) == money.fee - (money.paid - money.refunded) // 10


@pytest.mark.parametrize("rules", [SELLER_PAYS, IN_ANY_CASE])
def test_where_all_is_refunded_the_marketplace_bears_it(rules: Policy) -> None:
    deal = start(place(policy=rules)).begin_paying(when=at(hours=1)).page().money_comes(fee=60).until(at(days=9))
    assert (deal.order.money, borne_taken(deal.order)) == (Sums(paid=1900, refunded=1900), 0)


def test_of_a_payment_that_came_too_often_the_marketplace_bears_it() -> None:
    deal = start(place(policy=SELLER_PAYS)).begin_paying(when=at(hours=1)).page().begin_paying(when=at(hours=2)).page(2)
    deal = deal.money_comes(1, fee=60).money_comes(2, fee=500)
    assert [attempt.fee for attempt in deal.order.attempts] == [60, 0]


@pytest.mark.parametrize("rules", [SELLER_PAYS, IN_ANY_CASE])
def test_what_the_bank_takes_takes_its_part_along_and_brings_it_back(rules: Policy) -> None:
    paid_out = bought(rules, 60).until(at(days=18))
    taken = paid_out.charge_back(1900)
    assert (taken.order.money, borne_taken(taken.order)) == (Sums(paid=1900, charged_back=1900), 0)
    assert taken.bank_says(won=True).order.money == paid_out.order.money


def test_before_anything_is_done_the_sums_are_told_with_it() -> None:
    """300 of 1900: 270 of 1710 are 9.47 of 60."""
    deal = bought(SELLER_PAYS, 60)
    told = of_confirming(deal.order, (part(LINE_2, 1),), at(days=11))
    assert isinstance(told, Consequence)
    assert (told.amount, told.fee, told.net) == (300, 30 + 9, 261)
    assert borne_of(deal.order, tuple(portion.span for portion in deal.order.portions)) == 60
    confirmed = deal.confirm(part(LINE_2, 1), when=at(days=11)).order
    ahead = [(one.gross, one.fee, one.provider, one.net) for one in forecast(confirmed)]
    assert ahead == [(300, 39, 9, 261), (1600, 160 + 51, 51, 1389)]


def test_what_a_ruling_would_cost_is_told_with_it() -> None:
    deal = bought(SELLER_PAYS, 60).dispute(LINE_1, when=at(days=11))
    assert foreseen(deal.order, deal.disputed, 400) == Foreseen(400, 600, 60 + 19, 0, 19)
    assert foreseen(deal.order, deal.disputed, 1000) == Foreseen(1000, 0, 0, 0, 0)


def test_a_fixed_part_comes_before_it() -> None:
    rules = policy(commission={"basis_points": 0, "fixed": {"RUB": 900}, "provider_fees": "seller"})
    deal = bought(rules, 60).until(at(days=18))
    assert (deal.order.money, borne_taken(deal.order)) == (Sums(paid=1900, released=40, fee=1860), 60)


def test_its_share_of_what_is_refunded_cannot_be_the_sellers_where_the_rest_is_not() -> None:
    problems = read_policy({"name": "odd", "commission": {"provider_fees_on_refund": "seller"}})
    assert isinstance(problems, tuple)
    assert [problem.key for problem in problems] == ["commission.provider_fees_on_refund"]
    problems = read_policy({"name": "odd", "commission": {"provider_fees": "buyer"}})
    assert isinstance(problems, tuple)
    assert [problem.key for problem in problems] == ["commission.provider_fees"]
