"""What the bank took counts across the lines of an order: nobody is refunded twice, in whatever order things come (S21)."""

import pytest

from fairhold.domain.bank_money import Foreseen, foreseen
from fairhold.domain.dispute_events import ChargebackMoved
from fairhold.domain.evolve import evolve
from fairhold.domain.order import PortionState
from fairhold.ledger import balances, posting
from fairhold.ledger.transfers import Transfer
from tests.builders import BUYER, LINE_1, LINE_2, PARCEL_2, SELLER, Deal, at, delivered, paid
from tests.states import OPENED_AT


def given(deal: Deal) -> int:
    """What the buyer has in all: from us, and from their bank."""
    return deal.order.money.refunded + deal.order.money.charged_back


def check_books(deal: Deal) -> None:
    transfers: list[Transfer] = []
    before = None
    for event in deal.events:
        after = evolve(before, event)
        transfers += posting.post(before, event, after)
        before = after
    balances.check_order(deal.order, transfers)


def test_a_chargeback_and_then_a_dispute_over_the_other_line_refund_the_buyer_once() -> None:
    deal = delivered().charge_back(900)
    assert [portion.charged for portion in deal.order.portions] == [900, 0]
    deal = deal.dispute(LINE_2, when=OPENED_AT).accept(SELLER)
    assert given(deal) == 900, "the cups are theirs, and their bank has paid for them"
    assert [portion.charged for portion in deal.order.portions] == [0, 900]
    assert (deal.order.money.held, deal.order.money.refunded) == (1000, 0), "the lamp has its own money again"
    check_books(deal)


def test_the_lamp_that_has_its_money_again_is_paid_for_when_it_is_confirmed() -> None:
    deal = delivered().charge_back(900).dispute(LINE_2, when=OPENED_AT).accept(SELLER).until(at(days=40))
    money = deal.order.money
    assert (money.released + money.fee, money.refunded, money.charged_back) == (1000, 0, 900)
    check_books(deal)


def test_what_lay_on_goods_that_were_released_goes_to_the_seller() -> None:
    deal = delivered().charge_back(500).confirm(LINE_1, when=at(days=12)).until(at(days=14))
    assert deal.order.money.released + deal.order.money.fee == 500
    deal = deal.dispute(LINE_2, when=at(days=15)).accept(SELLER)
    money = deal.order.money
    assert (money.released + money.fee, money.refunded, money.charged_back) == (1000, 400, 500)
    assert given(deal) == 900
    check_books(deal)


def test_goods_that_were_not_shipped_are_refunded_less_what_the_bank_gave_for_others() -> None:
    deal = paid().ship(LINE_1, when=at(days=1)).charge_back(600)
    assert [portion.charged for portion in deal.order.portions] == [600, 0]
    deal = deal.until(at(days=8))
    assert (given(deal), deal.order.money.held) == (900, 1000)
    check_books(deal)


@pytest.mark.parametrize("taken", [300, 900, 1000])
def test_goods_that_were_not_shipped_cost_nothing_twice_however_much_the_bank_took_of_others(taken: int) -> None:
    deal = paid().ship(LINE_1, when=at(days=1)).charge_back(taken)
    assert [portion.charged for portion in deal.order.portions] == [taken, 0]
    assert given(deal.until(at(days=8))) == max(taken, 900), "the cups are worth 900"


def test_goods_that_come_back_a_second_time_are_refunded_less_what_the_bank_gave_for_others() -> None:
    deal = paid().ship(LINE_2, when=at(days=1)).scan("returned_to_sender", at(days=2)).ship(LINE_2, when=at(days=3))
    deal = deal.ship(LINE_1, when=at(days=3)).charge_back(600)
    assert [portion.charged for portion in deal.order.portions] == [600, 0]
    deal = deal.scan("returned_to_sender", at(days=4), parcel=PARCEL_2)
    assert [portion.state for portion in deal.order.portions] == [PortionState.HELD, PortionState.REFUNDED]
    assert given(deal) == 900
    check_books(deal)


def test_a_split_takes_no_more_from_the_other_line_than_is_the_buyers() -> None:
    deal = delivered().charge_back(900).dispute(LINE_2, when=OPENED_AT).offer(SELLER, 300).accept(BUYER)
    assert [portion.charged for portion in deal.order.portions] == [600, 300]
    money = deal.order.money
    assert (money.held, money.released + money.fee, money.refunded) == (400, 600, 0)
    check_books(deal)


def test_the_bank_that_gives_it_back_pays_for_what_was_counted() -> None:
    deal = delivered().charge_back(900).dispute(LINE_2, when=OPENED_AT).accept(SELLER).bank_says(won=True)
    money = deal.order.money
    assert (money.held, money.refunded, money.charged_back) == (1000, 900, 0)
    check_books(deal)


def test_both_lines_in_dispute_are_never_refunded_more_than_was_paid() -> None:
    deal = delivered().dispute(LINE_1, when=OPENED_AT).charge_back(1500).accept(SELLER)
    assert given(deal) == 1500
    deal = deal.until(at(days=40))
    assert given(deal) == 1500
    check_books(deal)


def test_what_an_offer_shows_is_what_accepting_it_does() -> None:
    deal = delivered().charge_back(500).confirm(LINE_1, when=at(days=12)).until(at(days=14))
    deal = deal.dispute(LINE_2, when=at(days=15))
    ahead, before = foreseen(deal.order, deal.disputed, 900), deal.order.money
    after = deal.accept(SELLER).order.money
    assert ahead.refund == after.refunded - before.refunded
    assert ahead.net == after.released - before.released


def test_once_a_dispute_is_over_nothing_more_is_foreseen_of_it() -> None:
    deal = delivered().dispute(LINE_2, when=OPENED_AT).accept(SELLER)
    assert foreseen(deal.order, deal.disputed, 900) == Foreseen(0, 0, 0)


def test_counting_elsewhere_neither_takes_nor_gives_money() -> None:
    deal = delivered().charge_back(900).dispute(LINE_2, when=OPENED_AT).accept(SELLER)
    (event,) = [event for event in deal.events if isinstance(event, ChargebackMoved)]
    assert (event.to_held, event.to_settling, event.gross, event.fee) == (900, 0, 0, 0)
