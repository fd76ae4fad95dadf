"""Where the commission is shown, its percentage and its fixed part are, in both languages and in the reader's money."""

from __future__ import annotations

import re

import pytest

from fairhold.domain.actors import SYSTEM, Actor
from fairhold.domain.money import Currency
from fairhold.web.people import Directory
from fairhold.web.views.desk import desk_page
from fairhold.web.views.desk_case import order_facts
from fairhold.web.views.desk_ruling import outlook
from fairhold.web.views.dispute_cards import sums_of
from fairhold.web.views.forecast import forecasts
from fairhold.web.views.funds import money_of
from fairhold.web.views.parts import Sum
from fairhold.web.views.rules import rules_of
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import Language
from fairhold.words.commission import of_order
from fairhold.words.reader import reader_of
from tests.builders import (
    LINE_1,
    LINE_2,
    MEDIATOR,
    OPERATOR,
    SELLER,
    Deal,
    at,
    delivered,
    new_line,
    part,
    place,
    policy,
    scan,
    start,
)

FIXED = policy(commission={"fixed": {"RUB": 100, "USD": 30}})


def sight(deal: Deal, actor: Actor = SELLER, language: Language = Language.EN) -> Sight:
    return Sight(deal.order, deal.now, actor, reader_of(language), Directory(), lambda image: image)


def named(sums: tuple[Sum, ...] | list[Sum]) -> dict[str, str]:
    """Sums by their names, with plain spaces."""
    return {plain(one.name): plain(one.sum) for one in sums}


def plain(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (Language.EN, "Commission, paid by the seller: 5% + ₽1 / $0.30 for each line of an order."),
        (Language.RU, "Комиссию платит продавец: 5 % + 1 ₽ / 0,30 $ за каждую позицию заказа."),
    ],
)
def test_the_rules_say_both_in_every_currency(language: Language, told: str) -> None:
    assert plain(rules_of(FIXED, reader_of(language)).footnotes[-1]) == told


def test_rules_without_a_fixed_part_say_the_percentage_alone() -> None:
    assert rules_of(policy(), reader_of(Language.EN)).footnotes[-1] == "Commission, paid by the seller: 5%."


def test_a_seller_sees_both_parts_before_and_after() -> None:
    """Of 1900 at 5 % and 2 × 1 rouble: 300 are confirmed first, a third of a line."""
    deal = delivered(place(policy=FIXED))
    assert named(money_of(sight(deal)).made_of) == {
        "Items, 4 pcs.": "₽19.00",
        "Commission on what is open, 5% + ₽1 for each line of an order": "−₽2.95",
        "of it the fixed part": "−₽2.00",
        "To you, of what is open": "₽16.05",
    }
    after = deal.confirm(part(LINE_2, 1), when=at(days=12)).until(at(days=13))
    shown = named(money_of(sight(after)).places)
    assert (shown["Commission, percentage"], shown["Commission, fixed part"]) == ("₽0.15", "₽0.33")
    assert "Commission" not in shown


def test_an_order_without_a_fixed_part_shows_one_commission_as_ever() -> None:
    deal = delivered().until(at(days=18))
    shown = named(money_of(sight(deal)).places)
    assert shown["Commission"] == "₽0.95"
    assert not any("fixed" in name for name in shown)
    [only] = forecasts([delivered().order], at(days=12), reader_of(Language.EN))
    assert {row.fixed for row in (*only.rows, only.total)} == {""}


@pytest.mark.parametrize(
    ("language", "row", "total"),
    [
        (Language.EN, "fixed part −₽0.33", "fixed part −₽2.00"),
        (Language.RU, "фиксированная часть −0,33 ₽", "фиксированная часть −2,00 ₽"),
    ],
)
def test_what_is_to_come_shows_both_and_so_does_its_total(language: Language, row: str, total: str) -> None:
    deal = delivered(place(policy=FIXED)).confirm(part(LINE_2, 1), when=at(days=12))
    [found] = forecasts([deal.order], deal.now, reader_of(language))
    assert (plain(found.rows[0].fixed), plain(found.total.fixed)) == (row, total)


def test_staff_read_what_the_order_is_charged_and_not_what_orders_are_in_general() -> None:
    rules = policy(commission={"category_fixed": {"books": {"JPY": 30}}, "categories": {"books": 300}})
    lines = (new_line(1000, category="books"), new_line(500), new_line(700))
    deal = delivered(place(policy=rules, lines=lines, currency=Currency("JPY")))
    told = "3% + ¥30 for each line of an order; 5%"
    assert of_order(reader_of(Language.EN), deal.order) == told
    facts = {fact.name: fact.value for fact in order_facts(sight(deal, MEDIATOR))}
    assert facts["Commission"] == told
    page = desk_page(sight(deal, OPERATOR), list(enumerate(deal.events, 1)), (), None, "")
    assert told in {fact.value for fact in page.facts}


def test_a_dispute_shows_both_parts_of_what_a_decision_would_cost() -> None:
    deal = delivered(place(policy=FIXED)).dispute(LINE_1, when=at(days=12))
    seller = named(sums_of(sight(deal), deal.disputed, 400))
    assert (seller["Comes to you, net"], seller["Commission, percentage"], seller["Commission, fixed part"]) == (
        "₽5.10",
        "₽0.30",
        "₽0.60",
    )
    mediator = named(outlook(sight(deal, MEDIATOR), deal.disputed, 400).sums)
    assert (mediator["Commission, percentage"], mediator["Commission, fixed part"]) == ("₽0.30", "₽0.60")


def test_a_seller_who_bears_the_payment_providers_fee_sees_it_before_and_after() -> None:
    """60 were kept of 19 roubles: of the 17.10 that stay after 10 %, 2.70 are confirmed first."""
    rules = policy(commission={"basis_points": 1000, "fixed": {}, "provider_fees": "seller"})
    deal = start(place(policy=rules)).begin_paying(when=at(hours=1)).page().money_comes(fee=60)
    deal = deal.ship(LINE_1, LINE_2, when=at(days=1)).do(scan("delivered", at(days=10)), SYSTEM, at(days=10))
    assert named(money_of(sight(deal)).made_of) == {
        "Items, 4 pcs.": "₽19.00",
        "Commission on what is open, 10%": "−₽1.90",
        "Payment provider’s fee": "−₽0.60",
        "To you, of what is open": "₽16.50",
    }
    confirmed = deal.confirm(part(LINE_2, 1), when=at(days=12))
    [found] = forecasts([confirmed.order], confirmed.now, reader_of(Language.RU))
    assert plain(found.rows[0].provider) == "комиссия платёжной системы −0,09 ₽"
    assert plain(found.total.provider) == "комиссия платёжной системы −0,60 ₽"
    shown = named(money_of(sight(confirmed.until(at(days=13)))).places)
    assert (shown["Commission"], shown["Payment provider’s fee"]) == ("₽0.30", "₽0.09")
    disputed = deal.dispute(LINE_1, when=at(days=12))
    assert named(sums_of(sight(disputed), disputed.disputed, 400))["Payment provider’s fee"] == "₽0.19"


@pytest.mark.parametrize(
    ("on_refund", "told"),
    [
        ("marketplace", "Commission, paid by the seller: 5% + the payment provider’s fee."),
        ("seller", "Commission, paid by the seller: 5% + the payment provider’s fee, also for what is refunded."),
    ],
)
def test_the_rules_say_that_the_seller_bears_it(on_refund: str, told: str) -> None:
    rules = policy(commission={"provider_fees": "seller", "provider_fees_on_refund": on_refund})
    assert plain(rules_of(rules, reader_of(Language.EN)).footnotes[-1]) == told
