"""Placing: sums allocated to lines, bounds kept, the policy frozen into the order."""

import pytest

from fairhold.domain.actors import SYSTEM, Actor
from fairhold.domain.commands import NewLine, Pay, PlaceOrder
from fairhold.domain.instants import DAY
from fairhold.domain.money import MAX_AMOUNT
from fairhold.domain.order import PaymentState
from fairhold.domain.policy import PolicyRef
from fairhold.domain.reasons import Reason, Refusal
from tests.builders import (
    BUYER,
    MEDIATOR,
    OPERATOR,
    SELLER,
    STRANGE_BUYER,
    SUPPORT,
    T0,
    at,
    length,
    new_line,
    place,
    policy,
    start,
    start_refused,
)


def test_shipping_tax_and_discount_are_shared_pro_rata_of_price_by_the_largest_remainder() -> None:
    order = start(place(shipping=100, tax=19, discount=190)).order
    lamp, cups = order.lines
    assert (lamp.shipping, lamp.tax, lamp.discount, lamp.total) == (53, 10, 100, 963)
    assert (cups.shipping, cups.tax, cups.discount, cups.total) == (47, 9, 90, 866)
    assert order.total == 1900 - 190 + 100 + 19
    assert [portion.amount for portion in order.portions] == [963, 866]


def test_a_discount_may_take_the_whole_price_where_shipping_is_still_paid() -> None:
    order = start(place(discount=1900, shipping=7)).order
    assert [line.total for line in order.lines] == [4, 3]


def test_lines_of_no_price_share_shipping_equally_where_nothing_has_a_price() -> None:
    gifts = (new_line(0, 1, sku="a"), new_line(0, 5, sku="b"), new_line(0, 1, sku="c"))
    assert [line.total for line in start(place(lines=gifts, shipping=100)).order.lines] == [34, 33, 33]


def test_a_line_of_no_price_bears_no_shipping_where_another_has_a_price() -> None:
    lines = (new_line(0, 1, sku="gift"), new_line(500, 1, sku="lamp"))
    assert [line.total for line in start(place(lines=lines, shipping=100)).order.lines] == [0, 600]


@pytest.mark.parametrize("currency", ["RUB", "JPY", "KWD", "BRL", "EUR"])
def test_sums_are_minor_units_of_any_currency(currency: str) -> None:
    order = start(place(currency=currency)).order
    assert (order.currency, order.total) == (currency, 1900)


def test_a_new_order_awaits_payment_and_holds_nothing() -> None:
    deal = start(place(reference="their-77"))
    assert deal.order.payment is PaymentState.AWAITED
    assert deal.order.money.paid == 0
    assert deal.order.version == len(deal.events) == 1
    assert deal.order.payment_due == at(hours=24)
    assert deal.order.reference == "their-77"


def test_the_money_rules_of_the_day_are_frozen_into_the_order() -> None:
    chosen = policy(payment={"deadline_hours": 2}, commission={"basis_points": 1234})
    terms = start(place(policy=chosen, shipping_days=3, protection_days=20)).order.terms
    assert terms.policy == PolicyRef("aliexpress", 1)
    assert terms.payment_deadline == length(hours=2)
    assert terms.shipping_deadline == length(days=3)
    assert terms.protection == length(days=20)
    assert terms.commission == 1234


LINE = new_line(1000)
MOST = NewLine(sku="gold", title="gold", quantity=1, unit_price=MAX_AMOUNT)
REFUSED: list[tuple[str, PlaceOrder, Reason, str]] = [
    ("buyer and seller are one", place(seller=BUYER.id), Reason.BUYER_IS_SELLER, "seller"),
    ("no currency of that name", place(currency="ZZZ"), Reason.UNKNOWN_CURRENCY, "currency"),
    ("no lines", place(lines=()), Reason.NO_LINES, "lines"),
    ("a discount above the goods", place(discount=1901), Reason.DISCOUNT_TOO_LARGE, "discount"),
    ("nothing to pay", place(lines=(new_line(0),)), Reason.NOTHING_TO_PAY, "lines"),
    ("all of it given away", place(discount=1900), Reason.NOTHING_TO_PAY, "lines"),
    ("too dear", place(lines=(MOST, LINE)), Reason.AMOUNT_TOO_LARGE, "lines"),
    ("too dear by shipping", place(lines=(MOST,), shipping=1), Reason.AMOUNT_TOO_LARGE, "lines"),
    ("too dear before the discount", place(lines=(MOST, LINE), discount=1000), Reason.AMOUNT_TOO_LARGE, "lines"),
    ("shipping too slow", place(shipping_days=31), Reason.SHIPPING_DAYS_OUT_OF_BOUNDS, "shipping_days"),
    ("protection too short", place(protection_days=14), Reason.PROTECTION_DAYS_OUT_OF_BOUNDS, "protection_days"),
    ("protection too long", place(protection_days=91), Reason.PROTECTION_DAYS_OUT_OF_BOUNDS, "protection_days"),
    ("promised in the past", place(promised_by=T0 - 1), Reason.PROMISED_IN_THE_PAST, "promised_by"),
    ("promised for another age", place(promised_by=T0 + 401 * DAY), Reason.PROMISED_TOO_FAR, "promised_by"),
]


@pytest.mark.parametrize(("command", "why", "field"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_makes_no_sense_is_refused_with_the_field_at_fault(command: PlaceOrder, why: Reason, field: str) -> None:
    refusal = start_refused(command)
    assert (refusal.reason, refusal.field) == (why, field)


@pytest.mark.parametrize(
    "command",
    [
        place(lines=(MOST,)),
        place(shipping_days=30, protection_days=15),
        place(protection_days=90, promised_by=at(days=400)),
        place(promised_by=T0),
        place(discount=1900, tax=1),
    ],
)
def test_the_bounds_themselves_are_allowed(command: PlaceOrder) -> None:
    assert start(command).order.version == 1


@pytest.mark.parametrize("actor", [STRANGE_BUYER, SELLER, MEDIATOR, SUPPORT, SYSTEM])
def test_only_the_buyer_and_the_operator_place_an_order(actor: Actor) -> None:
    assert start_refused(place(), actor=actor).reason is Reason.NOT_ALLOWED


def test_the_operator_places_an_order_for_a_buyer() -> None:
    assert start(actor=OPERATOR).events[0].by == "operator:ops"


@pytest.mark.parametrize(
    ("method", "why"),
    [("cash:ok", Reason.UNKNOWN_PAYMENT_METHOD), ("sandbox:declined", Reason.PAYMENT_DECLINED)],
)
def test_a_payment_that_fails_changes_nothing(method: str, why: Reason) -> None:
    assert start().refused(Pay(method=method), BUYER, at(hours=1)) == Refusal(why, "method")
