"""A commission with a fixed part for each line, by category and by seller, to the last minor unit (S2, S21)."""

import typing
from collections.abc import Mapping

import msgspec
import pytest

from fairhold.domain.bank_money import Foreseen, foreseen
from fairhold.domain.commands import PERSON_PATTERN
from fairhold.domain.commission import Taken, on_line
from fairhold.domain.commission_rules import Seller
from fairhold.domain.dispute_events import DisputeSettled
from fairhold.domain.events import PortionsReleased
from fairhold.domain.forecast import forecast
from fairhold.domain.money import Currency
from fairhold.domain.order import Sums
from fairhold.domain.policy import Policy, Terms, terms_of
from fairhold.domain.settlement import fixed_of, fixed_taken
from tests.builders import (
    LINE_1,
    LINE_2,
    Deal,
    at,
    delivered,
    new_line,
    part,
    place,
    policy,
    start,
)

CHARGED: Mapping[str, object] = {
    "basis_points": 500,
    "categories": {"books": 300},
    "fixed": {"RUB": 1000, "USD": 30, "JPY": 50, "KWD": 100},
    "category_fixed": {"books": {"RUB": 500}, "toys": {"RUB": 0}},
    "sellers": {
        "shop-7": {"basis_points": 250},
        "shop-8": {"fixed": {"RUB": 1}, "categories": {}},
        "shop-9": {"category_fixed": {"books": {"USD": 7}}},
    },
}


def charging(**options: object) -> Policy:
    return policy(commission=options)


def fees(deal: Deal) -> list[int]:
    return [event.fee for event in deal.events if isinstance(event, PortionsReleased)]


# what an order is placed under


def frozen(seller: str, currency: str, *categories: str | None) -> Terms:
    rules = policy(commission=dict(CHARGED))
    return terms_of(
        rules, currency, shipping_days=None, protection_days=None, seller=seller, categories=set(categories)
    )


@pytest.mark.parametrize(
    ("seller", "currency", "category", "rate", "fixed"),
    [
        ("anybody", "RUB", None, 500, 1000),
        ("anybody", "RUB", "lamps", 500, 1000),
        ("anybody", "RUB", "books", 300, 500),
        ("anybody", "RUB", "toys", 500, 0),
        ("anybody", "USD", "books", 300, 30),
        ("anybody", "EUR", None, 500, 0),
        ("shop-7", "RUB", None, 250, 1000),
        ("shop-7", "RUB", "books", 300, 500),
        ("shop-8", "RUB", "books", 500, 500),
        ("shop-8", "RUB", None, 500, 1),
        ("shop-8", "USD", None, 500, 0),
        ("shop-9", "RUB", "books", 300, 1000),
        ("shop-9", "USD", "books", 300, 7),
    ],
)
def test_an_order_is_placed_under_what_applies_to_its_seller_its_currency_and_its_goods(
    seller: str, currency: str, category: str | None, rate: int, fixed: int
) -> None:
    terms = frozen(seller, currency, category)
    assert (terms.commission_for(category), terms.fixed_for(category)) == (rate, fixed)


def test_an_order_keeps_nothing_of_categories_and_sellers_that_are_not_its_own() -> None:
    terms = frozen("anybody", "RUB", "books", None)
    assert (terms.category_commission, terms.category_fixed) == ({"books": 300}, {"books": 500})
    assert b"shop" not in msgspec.json.encode(terms)
    assert frozen("anybody", "USD", "books").category_fixed == {}


def test_whoever_can_sell_can_have_a_commission_of_their_own() -> None:
    """The policy knows sellers by the ids that orders do."""
    [meta] = typing.get_args(Seller)[1:]
    assert meta.pattern == PERSON_PATTERN


def test_placing_names_the_seller_and_the_categories() -> None:
    lines = (new_line(10_000, category="books"),)
    order = delivered(place(policy=policy(commission=dict(CHARGED)), lines=lines)).order
    assert (order.terms.commission, order.terms.fixed_commission) == (250, 1000)
    assert order.terms.category_fixed == {"books": 500}


def test_an_order_without_a_fixed_part_is_stored_as_it_always_was() -> None:
    stored = msgspec.json.encode(delivered().order.terms)
    assert b"fixed" not in stored
    assert (msgspec.json.decode(stored, type=Terms).fixed_commission, fixed_taken(delivered().order)) == (0, 0)


# what is taken


@pytest.mark.parametrize(
    ("currency", "price", "rate", "fixed", "money"),
    [
        ("RUB", 100_000, 500, 1000, Sums(paid=100_000, released=94_000, fee=6000)),
        ("JPY", 1000, 500, 50, Sums(paid=1000, released=900, fee=100)),
        ("KWD", 12_345, 333, 100, Sums(paid=12_345, released=11_834, fee=511)),
        ("KWD", 10, 500, 3, Sums(paid=10, released=7, fee=3)),
        ("KWD", 30, 500, 3, Sums(paid=30, released=25, fee=5)),
        ("RUB", 900, 500, 1000, Sums(paid=900, released=0, fee=900)),
        ("RUB", 1, 0, 1000, Sums(paid=1, released=0, fee=1)),
        ("JPY", 7, 10_000, 50, Sums(paid=7, released=0, fee=7)),
        ("USD", 7, 10_000, 0, Sums(paid=7, released=0, fee=7)),
    ],
)
def test_a_line_costs_the_percentage_and_the_fixed_part_and_never_more_than_itself(
    currency: str, price: int, rate: int, fixed: int, money: Sums
) -> None:
    """S2. Half a minor unit of the percentage goes to the even side: 5 % of 10 is 0, of 30 it is 2."""
    rules = charging(basis_points=rate, fixed={currency: fixed} if fixed else {})
    deal = delivered(place(policy=rules, currency=Currency(currency), lines=(new_line(price),))).until(at(days=18))
    assert deal.order.money == money


def test_the_fixed_part_is_charged_once_for_a_line_whatever_its_quantity() -> None:
    rules = charging(basis_points=0, fixed={"RUB": 100})
    deal = delivered(place(policy=rules)).until(at(days=18))
    assert deal.order.money == Sums(paid=1900, released=1700, fee=200)
    assert fixed_taken(deal.order) == 200


def test_of_three_pieces_confirmed_one_by_one_each_bears_its_part() -> None:
    """Of 300 each: 15, 30 and 45 are the percentage, 33.33, 66.67 and 100 the fixed part so far."""
    rules = charging(basis_points=500, fixed={"RUB": 100})
    deal = delivered(place(policy=rules))
    for hour in range(3):
        deal = deal.confirm(part(LINE_2, 1), when=at(days=12, hours=hour))
    deal = deal.until(at(days=13, hours=4))
    assert fees(deal) == [15 + 33, 15 + 34, 15 + 33]
    assert deal.order.commission == ()
    assert fixed_taken(deal.order) == 100


def test_lines_without_a_fixed_part_are_reckoned_together_as_before() -> None:
    """Two of 10 at 5 % are 1 together, and 0 each by themselves; the book is reckoned alone."""
    rules = charging(basis_points=500, category_fixed={"books": {"RUB": 2}})
    lines = (new_line(10, sku="a"), new_line(10, sku="b", category="books"), new_line(10, sku="c"))
    order = delivered(place(policy=rules, lines=lines)).until(at(days=18)).order
    assert [(taken.rate, taken.gross, taken.fee) for taken in order.commission] == [(500, 20, 1)]
    assert order.money == Sums(paid=30, released=27, fee=3)


def test_what_goes_back_to_the_buyer_costs_the_seller_nothing() -> None:
    rules = charging(fixed={"RUB": 1000})
    deal = start(place(policy=rules)).pay(at(hours=1)).until(at(days=8))
    assert (deal.order.money, fixed_taken(deal.order)) == (Sums(paid=1900, refunded=1900), 0)


def test_a_ruling_that_splits_a_line_takes_its_part_of_the_fixed_part() -> None:
    """S19. 400 of the lamp's 1000 are the buyer's; of the rest the seller bears 5 % and 60 of 100."""
    rules = charging(fixed={"RUB": 100})
    deal = delivered(place(policy=rules)).dispute(LINE_1, when=at(days=12)).escalate(when=at(days=13))
    assert foreseen(deal.order, deal.disputed, 400) == Foreseen(400, 600, 90, 60)
    deal = deal.rule(400, at(days=14)).until(at(days=30))
    settled = next(event for event in deal.events if isinstance(event, DisputeSettled))
    assert (settled.gross, settled.fee) == (600, 90)
    assert deal.order.money == Sums(paid=1900, released=600 - 90 + 900 - 145, fee=235, refunded=400)
    assert fixed_taken(deal.order) == 160


def test_what_the_bank_takes_takes_its_part_of_the_commission_along_and_brings_it_back() -> None:
    """S21. After the release of 1900 at 5 % and 2 × 100, a third of the lamp goes, and comes again."""
    rules = charging(fixed={"RUB": 100})
    paid_out = delivered(place(policy=rules)).until(at(days=18))
    assert paid_out.order.money == Sums(paid=1900, released=1605, fee=295)
    taken = paid_out.charge_back(333)
    assert taken.order.money == Sums(paid=1900, released=1322, fee=245, charged_back=333)
    assert fixed_taken(taken.order) == 167
    assert taken.bank_says(won=True).order.money == paid_out.order.money


def test_all_that_the_bank_takes_takes_the_whole_commission_along() -> None:
    rules = charging(fixed={"RUB": 100})
    taken = delivered(place(policy=rules)).until(at(days=18)).charge_back(1900)
    assert taken.order.money == Sums(paid=1900, charged_back=1900)
    assert fixed_taken(taken.order) == 0


def test_what_is_to_come_says_which_part_is_fixed() -> None:
    order = delivered(place(policy=charging(fixed={"RUB": 100}))).confirm(part(LINE_2, 1), when=at(days=12)).order
    told = [(one.gross, one.fee, one.fixed, one.net) for one in forecast(order)]
    assert told == [(300, 48, 33, 252), (1600, 247, 167, 1353)]
    assert fixed_of(order, tuple(portion.span for portion in order.portions)) == 200


def test_the_percentage_comes_first_and_the_fixed_part_has_what_it_leaves() -> None:
    assert on_line(1000, 500, 100, 1000) == Taken(50, 100)
    assert on_line(1000, 500, 100, 0) == Taken(0, 0)
    assert on_line(1000, 9900, 100, 1000) == Taken(990, 10)
    assert on_line(1000, 10_000, 100, 500) == Taken(500, 0)
    assert on_line(0, 500, 100, 0) == Taken(0, 0)


def test_a_release_of_one_minor_unit_costs_no_more_than_it_brings() -> None:
    """At 50 % and a fixed part of half the line, both would round up at the second unit: 1 + 1 of 1."""
    steps = [on_line(2, 5000, 1, released).fee for released in range(3)]
    assert steps == [0, 1, 2]
