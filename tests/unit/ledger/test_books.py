"""Posting: what each event means for the books, and the checks that stay on."""

import msgspec
import pytest

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import CancelOrder, RecordRefundPaid
from fairhold.domain.evolve import evolve
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.ledger import accounts, balances, posting
from fairhold.ledger.transfers import Transfer
from tests.builders import (
    BUYER,
    LINE_1,
    LINE_2,
    SELLER,
    Deal,
    all_confirmed,
    at,
    cancelled_paid,
    delivered,
    name_of,
    new_line,
    one_line_confirmed,
    paid,
    partly_shipped,
    place,
    policy,
    released,
    start,
)
from tests.states import STATES


def transfers(deal: Deal) -> list[Transfer]:
    found: list[Transfer] = []
    order: Order | None = None
    for event in deal.events:
        after = evolve(order, event)
        found.extend(posting.post(order, event, after))
        order = after
    return found


def books(deal: Deal) -> dict[str, int]:
    return {account: balance for account, balance in balances.changes(transfers(deal)).items() if balance}


def moves(deal: Deal, event: str) -> list[tuple[str, str, int]]:
    found = []
    order: Order | None = None
    for made in deal.events:
        after = evolve(order, made)
        if name_of(made) == event:
            found += [(move.debit, move.credit, move.amount) for move in posting.post(order, made, after)]
        order = after
    return found


def test_a_payment_is_held_at_the_provider() -> None:
    assert moves(paid(), "payment_received") == [("provider:sandbox:RUB", "held:RUB", 1900)]


def test_a_confirmation_moves_what_is_held_to_settling_and_an_undo_back() -> None:
    deal = all_confirmed().undo(LINE_1)
    assert moves(deal, "receipt_confirmed") == [("held:RUB", "settling:RUB", 1900)]
    assert moves(deal, "receipt_undone") == [("settling:RUB", "held:RUB", 1000)]


def test_a_release_pays_the_seller_and_takes_the_commission() -> None:
    assert moves(released(), "portions_released") == [
        ("settling:RUB", "seller:shop-7:RUB", 1805),
        ("settling:RUB", "fees:RUB", 95),
    ]
    assert moves(delivered().until(at(days=18)), "portions_released") == [
        ("held:RUB", "seller:shop-7:RUB", 1805),
        ("held:RUB", "fees:RUB", 95),
    ]


def test_a_refund_waits_until_the_provider_has_carried_it_out() -> None:
    deal = cancelled_paid()
    assert books(deal) == {"provider:sandbox:RUB": -1900, "refunds:RUB": 1900}
    assert books(deal.do(RecordRefundPaid(number=1, reference="r"), SYSTEM)) == {}


def test_a_refund_told_twice_is_paid_once() -> None:
    deal = cancelled_paid().do(RecordRefundPaid(number=1, reference="r"), SYSTEM)
    assert deal.ask(RecordRefundPaid(number=1, reference="again"), SYSTEM) == ()


def test_a_chargeback_comes_from_where_the_money_lies_and_goes_back_there() -> None:
    deal = one_line_confirmed().charge_back(1900)
    assert moves(deal, "chargeback_received") == [
        ("held:RUB", "provider:sandbox:RUB", 900),
        ("settling:RUB", "provider:sandbox:RUB", 1000),
    ]
    assert moves(deal.bank_says(won=True), "chargeback_won") == [
        ("provider:sandbox:RUB", "held:RUB", 900),
        ("provider:sandbox:RUB", "settling:RUB", 1000),
    ]


def test_a_chargeback_after_the_release_takes_from_the_seller_and_of_the_commission_and_gives_both_back() -> None:
    deal = released().charge_back(1000)
    assert moves(deal, "chargeback_received") == [
        ("seller:shop-7:RUB", "provider:sandbox:RUB", 950),
        ("fees:RUB", "provider:sandbox:RUB", 50),
    ]
    assert moves(deal.bank_says(won=True), "chargeback_won") == [
        ("provider:sandbox:RUB", "seller:shop-7:RUB", 950),
        ("provider:sandbox:RUB", "fees:RUB", 50),
    ]


def test_what_the_bank_gives_back_of_goods_that_were_refunded_is_refunded_too() -> None:
    deal = paid().charge_back(500).do(CancelOrder(), BUYER).bank_says(won=True)
    assert moves(deal, "chargeback_won") == [("provider:sandbox:RUB", "refunds:RUB", 500)]


def test_where_what_the_bank_has_is_counted_elsewhere_the_goods_it_lay_on_have_their_own_money_again() -> None:
    """The lamp is confirmed while the bank has 500 of it; then the seller gives the cups' 900 back."""
    confirmed = delivered().charge_back(500).confirm(LINE_1, when=at(days=12))
    settling = confirmed.dispute(LINE_2).accept(SELLER)
    assert moves(settling, "chargeback_moved") == [("held:RUB", "settling:RUB", 500)]
    assert moves(settling, "dispute_settled") == [("held:RUB", "refunds:RUB", 400)]
    paid_for = confirmed.until(at(days=14)).dispute(LINE_2).accept(SELLER)
    assert moves(paid_for, "chargeback_moved") == [
        ("held:RUB", "seller:shop-7:RUB", 475),
        ("held:RUB", "fees:RUB", 25),
    ]


def test_goods_that_were_not_shipped_are_refunded_out_of_what_is_held() -> None:
    deal = partly_shipped().until(at(days=8))
    assert deal.order.money.held == 1000
    assert moves(deal, "portions_refunded") == [("held:RUB", "refunds:RUB", 900)]


def test_what_moves_no_money_makes_no_transfer() -> None:
    for event in ("order_placed", "parcel_shipped", "checkpoint_recorded", "parcel_delivered"):
        assert moves(delivered(), event) == []


def test_goods_of_no_price_make_no_transfer_of_nothing() -> None:
    lines = (new_line(0, 2, sku="gift"), new_line(500, 1, sku="lamp"))
    deal = delivered(place(lines=lines)).confirm(LINE_1, when=at(days=12)).until(at(days=13))
    assert moves(deal, "receipt_confirmed") == moves(deal, "portions_released") == []


@pytest.mark.parametrize(("rate", "expected"), [(0, "seller:shop-7:RUB"), (10_000, "fees:RUB")])
def test_a_release_without_commission_or_all_commission_is_one_transfer(rate: int, expected: str) -> None:
    deal = delivered(place(policy=policy(commission={"basis_points": rate}))).until(at(days=18))
    assert moves(deal, "portions_released") == [("held:RUB", expected, 1900)]


@pytest.mark.parametrize("state", sorted(STATES))
def test_the_books_say_what_the_order_says_in_every_state(state: str) -> None:
    deal = STATES[state]()
    balances.check_order(deal.order, transfers(deal))
    assert sum(books(deal).values()) == 0
    assert not balances.overdrawn(books(deal))


def test_transfers_of_one_event_are_counted_from_nought_and_dated_with_it() -> None:
    last = transfers(released())[-2:]
    assert [(transfer.n, transfer.at) for transfer in last] == [(0, at(days=13)), (1, at(days=13))]


def test_another_currency_has_books_of_its_own() -> None:
    deal = start(place(currency="JPY")).pay(at(hours=1))
    assert books(deal) == {"provider:sandbox:JPY": -1900, "held:JPY": 1900}


# the checks


@pytest.mark.parametrize(
    ("debit", "credit", "amount"),
    [
        ("held:RUB", "fees:RUB", 0),
        ("held:RUB", "fees:RUB", -5),
        ("held:RUB", "held:RUB", 5),
        ("held:RUB", "fees:EUR", 5),
    ],
)
def test_what_is_no_transfer_cannot_be_made(debit: str, credit: str, amount: int) -> None:
    with pytest.raises(AssertionError, match="not a transfer"):
        Transfer(debit, credit, amount, Instant(0))


def test_books_that_do_not_balance_are_named_by_currency() -> None:
    assert balances.unbalanced({"held:RUB": 5, "provider:sandbox:RUB": -5, "held:EUR": 1}) == {"EUR": 1}


def test_only_a_provider_may_be_below_zero() -> None:
    found = balances.overdrawn({"held:RUB": -1, "provider:sandbox:RUB": -5, "seller:s:RUB": -2, "fees:RUB": 0})
    assert found == {"held:RUB": -1, "seller:s:RUB": -2}


def test_an_order_that_differs_from_its_books_is_found() -> None:
    deal = partly_shipped()
    wrong = msgspec.structs.replace(deal.order, money=msgspec.structs.replace(deal.order.money, held=1899, settling=1))
    with pytest.raises(AssertionError, match="differ from the order"):
        balances.check_order(wrong, transfers(deal))


def test_an_account_carries_its_currency() -> None:
    assert accounts.currency_of(accounts.seller(delivered().order.seller, "KWD")) == "KWD"
    assert accounts.may_be_negative("provider:sandbox:RUB")
    assert not accounts.may_be_negative("seller:provider:RUB")


def test_both_lines_together_are_the_order() -> None:
    deal = delivered().confirm(LINE_2, when=at(days=12)).confirm(LINE_1, when=at(days=12)).until(at(days=14))
    assert books(deal) == {"provider:sandbox:RUB": -1900, "seller:shop-7:RUB": 1805, "fees:RUB": 95}
