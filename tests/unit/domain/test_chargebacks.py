"""Chargebacks: the bank takes money back at any time, and may give it back (S21). Nobody is refunded twice."""

import pytest

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import CancelOrder, RecordChargeback, RecordChargebackOutcome
from fairhold.domain.consequence import of_confirming
from fairhold.domain.deadlines import deadlines
from fairhold.domain.dispute import ChargebackState
from fairhold.domain.evolve import evolve
from fairhold.domain.reasons import Reason, Refusal
from fairhold.ledger import accounts, balances, posting
from fairhold.ledger.transfers import Transfer
from tests.builders import (
    BUYER,
    CHARGEBACK_1,
    DISPUTE_1,
    LINE_1,
    LINE_2,
    OPERATOR,
    SELLER,
    Deal,
    all_confirmed,
    at,
    awaiting_payment,
    cancelled_paid,
    delivered,
    open_dispute,
    paid,
    released,
)
from tests.states import OPENED_AT, charged_back, disputed, negotiating, split


def booked(deal: Deal) -> dict[str, int]:
    """The balances after everything that happened."""
    transfers: list[Transfer] = []
    before = None
    for event in deal.events:
        after = evolve(before, event)
        transfers += posting.post(before, event, after)
        before = after
    balances.check_order(deal.order, transfers)
    return balances.changes(transfers)


def money(deal: Deal) -> tuple[int, int, int, int, int, int]:
    sums = deal.order.money
    return sums.held, sums.settling, sums.released, sums.fee, sums.refunded, sums.charged_back


def test_money_that_is_held_is_frozen_at_the_bank() -> None:
    assert money(paid().charge_back(500)) == (1400, 0, 0, 0, 0, 500)


def test_money_that_is_settling_is_taken_too_and_the_release_pays_what_is_left() -> None:
    deal = all_confirmed().charge_back(500)
    assert money(deal) == (0, 1400, 0, 0, 0, 500)
    assert money(deal.until(at(days=13))) == (0, 0, 1330, 70, 0, 500)


def test_after_the_release_the_seller_owes_their_part_and_the_marketplace_its_commission() -> None:
    deal = charged_back()
    assert money(deal) == (0, 0, 0, 0, 0, 1900)
    assert money(released().charge_back(1000)) == (0, 0, 855, 45, 0, 1000)


def test_after_a_payout_the_sellers_balance_goes_below_zero_and_later_releases_fill_it() -> None:
    account = accounts.seller(SELLER.id, "RUB")
    payout = 1805
    assert booked(released())[account] == payout
    after = booked(charged_back())[account] - payout
    assert after == -payout
    assert after + booked(released())[account] == 0, "the next order of the same sum makes up for it"


def test_won_everything_is_as_it_was() -> None:
    assert money(charged_back().bank_says(won=True)) == money(released())
    assert money(paid().charge_back(1900).bank_says(won=True)) == money(paid())


def test_lost_everything_stays_as_it_is() -> None:
    deal = charged_back().bank_says(won=False)
    assert money(deal) == money(charged_back())
    assert deal.order.chargebacks[0].state is ChargebackState.LOST


def test_a_bank_that_says_nothing_for_half_a_year_has_decided_for_the_buyer() -> None:
    deal = charged_back()
    (deadline,) = deadlines(deal.order)
    assert (deadline.chargeback, deadline.at, deadline.owner.value) == (CHARGEBACK_1, at(days=193), "operator")
    assert deal.until(deadline.at).order.chargebacks[0].state is ChargebackState.LOST


def test_a_bank_that_was_silent_for_half_a_year_may_still_give_the_money_back() -> None:
    """The money is there, whatever the chargeback counted as; that it is lost the bank need not say any more."""
    lapsed = charged_back().until(at(days=193))
    assert money(lapsed.bank_says(won=False)) == money(charged_back())
    assert lapsed.bank_says(won=False).order == lapsed.order
    won = lapsed.bank_says(won=True)
    assert money(won) == money(released())
    assert won.order.chargebacks[0].state is ChargebackState.WON
    again = RecordChargebackOutcome(chargeback=CHARGEBACK_1, won=True)
    assert won.refused(again, OPERATOR).reason is Reason.CHARGEBACK_ENDED


def test_the_bank_speaks_once() -> None:
    said = RecordChargebackOutcome(chargeback=CHARGEBACK_1, won=True)
    assert charged_back().bank_says(won=False).refused(said, OPERATOR).reason is Reason.CHARGEBACK_ENDED
    assert released().refused(said, OPERATOR).reason is Reason.UNKNOWN_CHARGEBACK


def test_the_bank_cannot_take_more_than_there_is() -> None:
    assert paid().refused(RecordChargeback(amount=1901), SYSTEM) == Refusal(
        Reason.CHARGEBACK_ABOVE_WHAT_IS_LEFT, "amount", 1900
    )
    assert awaiting_payment().refused(RecordChargeback(amount=1), OPERATOR).reason is Reason.NOT_PAID
    assert charged_back().refused(RecordChargeback(amount=1), OPERATOR).reason is Reason.NOTHING_LEFT


def test_what_was_refunded_is_taken_from_nobody_but_the_marketplace() -> None:
    deal = split().until(at(days=18))
    before = booked(deal)
    taken = deal.charge_back(1900)
    assert money(taken) == (0, 0, 0, 0, 300, 1600), "300 of 1900 were refunded"
    assert [(one.amount, one.beyond) for one in taken.order.chargebacks] == [(1900, 300)]
    after = booked(taken)
    assert after[accounts.losses("RUB")] == -300
    assert after[accounts.provider("sandbox", "RUB")] == before[accounts.provider("sandbox", "RUB")] + 1900
    assert after[accounts.seller(SELLER.id, "RUB")] == 0
    assert deal.charge_back(1600).order.chargebacks[0].beyond == 0


def test_where_all_was_refunded_all_that_the_bank_takes_is_lost_until_it_gives_it_back() -> None:
    before = cancelled_paid()
    taken = before.charge_back(1900)
    assert money(taken) == money(before) == (0, 0, 0, 0, 1900, 0)
    assert booked(taken)[accounts.losses("RUB")] == -1900
    won = taken.bank_says(won=True)
    assert (money(won), booked(won)[accounts.losses("RUB")]) == (money(before), 0)
    assert won.order.refunds == before.order.refunds
    lost = taken.bank_says(won=False)
    assert booked(lost)[accounts.losses("RUB")] == -1900


def test_won_what_was_beyond_goes_nowhere_else() -> None:
    before = split().until(at(days=18))
    won = before.charge_back(1900).bank_says(won=True)
    assert (money(won), booked(won)) == (money(before), {**booked(before), accounts.losses("RUB"): 0})


def test_two_chargebacks_together_take_no_more_than_was_paid() -> None:
    deal = split().until(at(days=18)).charge_back(1700)
    assert deal.refused(RecordChargeback(amount=201), OPERATOR) == Refusal(
        Reason.CHARGEBACK_ABOVE_WHAT_IS_LEFT, "amount", 200
    )
    again = deal.charge_back(200)
    assert [one.beyond for one in again.order.chargebacks] == [100, 200]
    assert again.refused(RecordChargeback(amount=1), OPERATOR).reason is Reason.NOTHING_LEFT


def paid_twice() -> Deal:
    """On two pages; the second payment goes back."""
    return awaiting_payment().begin_paying().page().begin_paying("yookassa:card").page(2).money_comes(1).money_comes(2)


def test_of_a_payment_that_went_back_the_bank_takes_nothing_of_the_order() -> None:
    deal = paid_twice()
    taken = deal.do(RecordChargeback(amount=1900, attempt=2, provider_fee=15), SYSTEM)
    assert taken.order.money == deal.order.money
    assert [(one.amount, one.beyond, one.attempt) for one in taken.order.chargebacks] == [(1900, 1900, 2)]
    there = booked(taken)
    assert (there[accounts.losses("RUB")], there[accounts.costs("RUB")]) == (-1900, -15)
    assert there[accounts.provider("yookassa", "RUB")] == 15, "it kept 1900, which go back, and took as much and 15"
    assert there[accounts.provider("stripe", "RUB")] == -1900
    assert taken.charge_back(1900).order.money.charged_back == 1900
    assert booked(taken.bank_says(won=True))[accounts.losses("RUB")] == 0
    assert taken.refused(RecordChargeback(amount=1, attempt=2), SYSTEM).limit == 0
    assert deal.refused(RecordChargeback(amount=1, attempt=1), SYSTEM) == Refusal(Reason.NOT_FOUND, "attempt")
    assert deal.refused(RecordChargeback(amount=1, attempt=9), SYSTEM) == Refusal(Reason.NOT_FOUND, "attempt")


def test_of_an_order_that_nobody_paid_in_time_the_provider_can_tell_that_a_bank_took_what_went_back() -> None:
    late = awaiting_payment().begin_paying().page().until(at(days=3)).money_comes(1, when=at(days=4))
    taken = late.do(RecordChargeback(amount=1900, attempt=1), SYSTEM)
    assert booked(taken)[accounts.losses("RUB")] == -1900
    assert late.refused(RecordChargeback(amount=1900), SYSTEM).reason is Reason.NOT_PAID
    assert late.refused(RecordChargeback(amount=1900), OPERATOR).reason is Reason.NOT_PAID


def test_a_cancellation_after_a_chargeback_refunds_the_rest() -> None:
    deal = paid().charge_back(500).do(CancelOrder(), BUYER)
    assert money(deal) == (0, 0, 0, 0, 1400, 500)


def test_won_after_a_cancellation_the_buyer_gets_the_rest_from_us() -> None:
    deal = paid().charge_back(500).do(CancelOrder(), BUYER).bank_says(won=True)
    assert money(deal) == (0, 0, 0, 0, 1900, 0)
    assert [refund.amount for refund in deal.order.refunds] == [1400, 500]


def test_lost_after_a_cancellation_the_buyer_has_everything_once() -> None:
    assert money(paid().charge_back(500).do(CancelOrder(), BUYER).bank_says(won=False)) == (0, 0, 0, 0, 1400, 500)


def test_what_is_in_dispute_is_taken_first() -> None:
    deal = disputed().charge_back(1000)
    assert [portion.charged for portion in deal.order.portions] == [1000, 0]


@pytest.mark.parametrize(
    ("taken", "decided", "refunded", "released"),
    [(200, 300, 100, 700), (300, 300, 0, 700), (500, 300, 0, 500), (1000, 300, 0, 0)],
)
def test_a_dispute_refunds_only_what_the_bank_did_not_give(
    taken: int, decided: int, refunded: int, released: int
) -> None:
    deal = negotiating().charge_back(taken).accept(BUYER)
    end = deal.disputed.end
    assert end is not None
    assert (end.decided, end.refunded, end.released) == (decided, refunded, released)


@pytest.mark.parametrize(("won", "buyer"), [(True, 1000), (False, 1000)])
def test_dispute_and_chargeback_over_the_same_goods_give_the_buyer_one_refund(won: bool, buyer: int) -> None:
    first_the_dispute = disputed().charge_back(1000).accept(SELLER).bank_says(won=won)
    first_the_bank = delivered().charge_back(1000).dispute(LINE_2, when=OPENED_AT).withdraw().bank_says(won=won)
    assert first_the_dispute.order.money.refunded + first_the_dispute.order.money.charged_back == buyer
    assert first_the_bank.order.money.refunded == 0


def test_won_after_a_split_each_gets_what_was_decided() -> None:
    deal = negotiating().charge_back(1000).accept(BUYER).bank_says(won=True)
    assert money(deal) == (900, 0, 665, 35, 300, 0)


def test_what_is_all_at_the_bank_cannot_be_disputed() -> None:
    deal = delivered().charge_back(1900)
    assert deal.refused(open_dispute(LINE_1), BUYER).reason is Reason.NOTHING_LEFT


def test_of_two_chargebacks_the_one_that_is_won_gives_the_buyer_nothing_that_the_other_gave_already() -> None:
    """The lamp is the buyer's, and the first chargeback gave it to them; the second one took the seller's cups."""
    deal = disputed().charge_back(1000).accept(SELLER).charge_back(900).until(at(days=18))
    assert money(deal) == (0, 0, 0, 0, 0, 1900)
    deal = deal.bank_says(won=False).bank_says(won=True, name=deal.order.chargebacks[1].id)
    assert money(deal) == (0, 0, 855, 45, 0, 1000)


def test_won_nothing_gets_more_than_the_bank_had_of_it() -> None:
    """Of the lamp, which the seller had been paid for, the bank had 400; the cups are held still."""
    before = delivered().confirm(LINE_1, when=at(days=12)).until(at(days=13))
    deal = before.charge_back(1300)
    assert [portion.charged for portion in deal.order.portions] == [400, 900]
    deal = deal.bank_says(won=True)
    assert [portion.charged for portion in deal.order.portions] == [0, 0]
    assert money(deal) == money(before)


def test_a_chargeback_ends_no_dispute() -> None:
    deal = disputed().charge_back(1900)
    assert deal.order.dispute(DISPUTE_1) == disputed().order.dispute(DISPUTE_1)


def test_only_the_operator_and_the_provider_report_chargebacks() -> None:
    for actor in (BUYER, SELLER):
        assert paid().refused(RecordChargeback(amount=1), actor).reason is Reason.NOT_ALLOWED


def test_the_second_step_of_confirming_shows_what_the_bank_left() -> None:
    shown = of_confirming(delivered().charge_back(400).order, (LINE_1,), at(days=12))
    assert not isinstance(shown, Refusal)
    assert (shown.amount, shown.still_held, [line.amount for line in shown.lines]) == (600, 900, [600])
