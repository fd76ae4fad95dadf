"""Headline, line status, portion counts and tabs, for an order in each state."""

import pytest

from fairhold.domain import decide
from fairhold.domain.order import Order
from fairhold.domain.status import TAB_BITS, Status, Tab, headline, line_status, portion_counts, tab_mask, tabs
from tests.builders import LINE_1, LINE_2, SELLER, at, delivered, paid, part, start
from tests.states import STATES

EXPECTED: dict[str, tuple[str, str, str, str]] = {
    # state: headline, line 1, line 2, tabs
    "awaiting_payment": ("awaiting_payment", "held", "held", "awaiting_payment"),
    "payment_lapsed": ("cancelled", "cancelled", "cancelled", "cancelled closed"),
    "paid": ("awaiting_shipment", "held", "held", "awaiting_shipment"),
    "partly_shipped": ("awaiting_shipment", "held", "held", "awaiting_shipment awaiting_delivery shipped"),
    "shipped": ("awaiting_delivery", "held", "held", "awaiting_delivery shipped"),
    "delivered": ("awaiting_confirmation", "held", "held", "awaiting_confirmation shipped"),
    "returned_to_sender": ("awaiting_shipment", "held", "held", "awaiting_shipment"),
    "one_line_confirmed": ("awaiting_confirmation", "confirmed", "held", "awaiting_confirmation shipped settling"),
    "all_confirmed": ("settling", "confirmed", "confirmed", "settling"),
    "released": ("completed", "settled", "settled", "completed closed"),
    "refunded_not_shipped": ("refunded", "refunded", "refunded", "refunded closed"),
    "cancelled_unpaid": ("cancelled", "cancelled", "cancelled", "cancelled closed"),
    "cancelled_paid": ("refunded", "refunded", "refunded", "refunded closed"),
    "extension_asked": ("awaiting_delivery", "held", "held", "awaiting_delivery shipped"),
    "extensions_used_up": ("awaiting_delivery", "held", "held", "awaiting_delivery shipped"),
    "disputed": ("in_dispute", "disputed", "held", "in_dispute awaiting_confirmation shipped"),
    "negotiating": ("in_dispute", "disputed", "held", "in_dispute awaiting_confirmation shipped"),
    "offer_lapsed": ("in_dispute", "disputed", "held", "in_dispute awaiting_confirmation shipped"),
    "claimed": ("in_dispute", "disputed", "held", "in_dispute awaiting_confirmation shipped"),
    "claim_taken": ("in_dispute", "disputed", "held", "in_dispute awaiting_confirmation shipped"),
    "ruled": ("in_dispute", "disputed", "held", "in_dispute awaiting_confirmation shipped"),
    "appealed": ("in_dispute", "disputed", "held", "in_dispute awaiting_confirmation shipped"),
    "return_due": ("in_dispute", "disputed", "held", "in_dispute awaiting_confirmation shipped"),
    "returning": ("in_dispute", "disputed", "held", "in_dispute awaiting_confirmation shipped"),
    "resend_due": ("in_dispute", "disputed", "held", "in_dispute awaiting_confirmation shipped"),
    "claim_overdue": ("in_dispute", "disputed", "settled", "in_dispute"),
    "resent": ("awaiting_delivery", "held", "held", "awaiting_delivery awaiting_confirmation shipped"),
    "withdrawn": ("awaiting_confirmation", "held", "held", "awaiting_confirmation shipped"),
    "split": ("awaiting_confirmation", "settled", "held", "awaiting_confirmation shipped"),
    "parcel_contested": ("in_dispute", "disputed", "disputed", "in_dispute"),
    "charged_back": ("completed", "settled", "settled", "completed closed"),
    "chargeback_lost": ("completed", "settled", "settled", "completed closed"),
}


def _order(state: str) -> Order:
    deal = STATES[state]()
    return decide.as_of(deal.order, deal.now)


@pytest.mark.parametrize("state", sorted(STATES))
def test_an_order_is_called_by_its_most_pressing_part(state: str) -> None:
    order = _order(state)
    status, line_1, line_2, shown = EXPECTED[state]
    assert headline(order) is Status(status)
    assert line_status(order, LINE_1).value == line_1
    assert line_status(order, LINE_2).value == line_2
    assert tabs(order) == {Tab(tab) for tab in shown.split()}


@pytest.mark.parametrize("state", sorted(STATES))
def test_an_order_is_closed_exactly_where_nothing_is_open(state: str) -> None:
    order = _order(state)
    assert (order.closed_at is not None) == (Tab.CLOSED in tabs(order))


def test_a_line_counts_its_units_by_state() -> None:
    deal = delivered().confirm(part(LINE_2, 2), when=at(days=12))
    assert portion_counts(deal.order, LINE_2) == {"confirmed": 2, "held": 1}
    assert line_status(deal.order, LINE_2).value == "held"


def test_a_line_of_which_some_is_confirmed_and_the_rest_paid_for_is_called_confirmed() -> None:
    deal = delivered().confirm(part(LINE_2, 2), when=at(days=12)).until(at(days=14)).confirm(LINE_2)
    assert portion_counts(deal.order, LINE_2) == {"settled": 2, "confirmed": 1}
    assert line_status(deal.order, LINE_2).value == "confirmed"


def test_a_line_that_was_refunded_bit_by_bit_is_called_refunded() -> None:
    deal = paid().ship(part(LINE_2, 2), when=at(days=1)).scan("delivered", at(days=2)).until(at(days=8))
    assert portion_counts(deal.order, LINE_2) == {"held": 2, "refunded": 1}
    deal = deal.dispute(LINE_2).accept(SELLER)
    assert portion_counts(deal.order, LINE_2) == {"refunded": 3}
    assert len([portion for portion in deal.order.portions if portion.line == LINE_2]) == 2
    assert line_status(deal.order, LINE_2).value == "refunded"


def test_a_line_of_which_some_is_paid_for_and_the_rest_refunded_is_called_settled() -> None:
    deal = delivered().confirm(part(LINE_2, 2), when=at(days=12)).until(at(days=14)).dispute(LINE_2).accept(SELLER)
    assert portion_counts(deal.order, LINE_2) == {"settled": 2, "refunded": 1}
    assert line_status(deal.order, LINE_2).value == "settled"


def test_an_order_that_was_partly_released_and_partly_refunded_is_completed() -> None:
    deal = paid().ship(LINE_1, when=at(days=1)).until(at(days=8)).until(at(days=61))
    assert deal.order.money.refunded > 0
    assert headline(deal.order) is Status.COMPLETED
    assert tabs(deal.order) == {Tab.COMPLETED, Tab.CLOSED}


def test_every_tab_has_a_bit_of_its_own() -> None:
    assert tab_mask(frozenset(Tab)) == (1 << len(Tab)) - 1
    assert len(set(TAB_BITS.values())) == len(Tab)
    assert tab_mask(tabs(start().order)) == TAB_BITS[Tab.AWAITING_PAYMENT]
