"""What only a close look tells apart: each of these notices a small fault that no other quick test did (`make mutants`)."""

from collections.abc import Callable

import msgspec
import pytest

from fairhold.domain.bank_money import Foreseen, _filled, foreseen
from fairhold.domain.coming import RULES, SETTLING, Because, Effect, Kind
from fairhold.domain.commands import AskExtension
from fairhold.domain.consequence import of_confirming
from fairhold.domain.deadlines import deadlines
from fairhold.domain.dispute_events import ChargebackWon
from fairhold.domain.dispute_status import DisputeTab, dispute_tabs
from fairhold.domain.instants import days
from fairhold.domain.liveness import PathStep, longest_path
from fairhold.domain.portions import left_of
from fairhold.domain.reasons import Refusal
from fairhold.domain.review_commands import WriteReview
from fairhold.domain.settlement import sellers_part
from fairhold.domain.spans import Span
from tests.builders import (
    BUYER,
    DELIVERED_AT,
    LINE_1,
    LINE_2,
    SELLER,
    Deal,
    all_confirmed,
    at,
    delivered,
    paid,
    part,
    partly_shipped,
    place,
    policy,
    shipped,
)
from tests.states import OPENED_AT, blind, claim_overdue, claimed, disputed, good, held, split


def test_the_extension_on_lapse_is_a_stretch_of_the_longest_path() -> None:
    once = policy(protection={"on_lapse": "extend_once", "lapse_extension_days": 10})
    assert PathStep("extension on lapse", days(10)) in longest_path(once)


def test_the_freeze_after_a_report_of_an_accident_is_a_stretch_of_the_longest_path() -> None:
    frozen = policy(receipt={"settlement_delay_hours": 24, "accident_freeze_hours": 48})
    assert PathStep("freeze after a report of an accident", days(2)) in longest_path(frozen)


def test_of_two_refunds_neither_is_forgotten() -> None:
    deal = paid().ship(LINE_1, when=at(days=1)).until(at(days=8)).scan("returned_to_sender", at(days=10))
    refunds = deal.until(at(days=16)).order.refunds
    assert [(refund.number, refund.amount) for refund in refunds] == [(1, 900), (2, 1000)]


def test_the_fee_that_is_foreseen_leaves_out_what_was_taken_before() -> None:
    deal = delivered().confirm(LINE_2, when=at(days=12)).dispute(LINE_1, when=OPENED_AT).until(at(days=14))
    assert deal.order.money.fee == 45
    assert foreseen(deal.order, deal.disputed, 400) == Foreseen(400, 600, 30)


def test_an_overdue_claim_that_the_policy_will_end_is_the_operators() -> None:
    ends = policy(disputes={"refund_undecided_after_days": 60})
    deal = delivered(place(policy=ends)).dispute(LINE_1, when=OPENED_AT).escalate(when=at(days=13))
    coming = {one.because: one.owner for one in deadlines(deal.until(at(days=30)).order)}
    assert coming[Because.UNDECIDED] is RULES[Because.UNDECIDED].owner


def test_what_the_bank_has_elsewhere_gives_nobody_anything_back() -> None:
    deal = delivered().charge_back(900).dispute(LINE_2, when=OPENED_AT).accept(SELLER)
    assert [portion.returned for portion in deal.order.portions if portion.line == LINE_1] == [0]


def test_a_chargeback_that_is_won_names_only_what_gets_something() -> None:
    deal = delivered().charge_back(400).bank_says(won=True)
    [won] = [event for event in deal.events if isinstance(event, ChargebackWon)]
    assert [amount for _, amount in won.gives] == [400]


def test_more_time_is_asked_for_what_has_been_shipped() -> None:
    deal = partly_shipped().do(AskExtension(days=5), BUYER)
    [asked] = [one for one in deadlines(deal.order) if one.kind is Kind.EXTENSION_ANSWER]
    assert {span.line for span in asked.spans} == {LINE_1}


def test_a_part_of_a_line_is_worth_its_part_where_the_bank_has_some_of_another() -> None:
    shown = of_confirming(delivered().charge_back(400).order, (part(LINE_2, 1),), at(days=12))
    assert not isinstance(shown, Refusal)
    assert shown.amount == 300


def test_the_last_units_of_a_line_are_worth_their_part_where_the_bank_has_some_of_another() -> None:
    assert left_of(delivered().charge_back(400).order, (Span(LINE_2, 1, 2),)) == 600


def test_the_smallest_sum_is_a_sum_where_the_bank_takes() -> None:
    portion = delivered().order.portions[0]
    assert _filled([(portion, 5)], 1) == [(portion, 1)]


def test_of_two_deliveries_the_one_learned_of_first_counts() -> None:
    deal = shipped().scan("delivered", DELIVERED_AT).scan("delivered", at(days=12), scanned=at(days=10))
    assert {portion.window_ends for portion in deal.order.portions} == {at(days=18)}


def test_of_a_split_the_seller_has_what_was_not_refunded() -> None:
    deal = split()
    assert deal.disputed.end is not None
    parts = [sellers_part(portion) for portion in deal.order.portions if portion.line == LINE_1]
    assert parts == [1000 - deal.disputed.end.refunded]


def test_a_text_of_more_than_eight_thousand_characters_is_no_review() -> None:
    def written(length: int) -> WriteReview:
        return msgspec.convert({"rating": 5, "text": "a" * length}, WriteReview)

    assert written(8_000).text == "a" * 8_000
    with pytest.raises(msgspec.ValidationError):
        written(8_001)


def test_whatever_lets_confirmed_money_go_is_called_settling() -> None:
    settles = {
        because for because, rule in RULES.items() if rule.kind is Kind.SETTLEMENT and rule.effect is Effect.RELEASE
    }
    assert set(SETTLING) == settles
    deal = all_confirmed().report(LINE_1)
    assert {one.because for one in deadlines(deal.order) if one.kind is Kind.SETTLEMENT} <= set(SETTLING)


@pytest.mark.parametrize(
    ("made", "tabs"),
    [
        (disputed, {DisputeTab.OPEN, DisputeTab.AWAITING_SELLER}),
        (claimed, {DisputeTab.OPEN, DisputeTab.AWAITING_RULING}),
        (claim_overdue, {DisputeTab.OPEN, DisputeTab.AWAITING_RULING, DisputeTab.OVERDUE}),
        (split, {DisputeTab.CLOSED}),
    ],
)
def test_a_dispute_stands_in_the_tabs_of_those_who_owe_an_answer(
    made: Callable[[], Deal], tabs: set[DisputeTab]
) -> None:
    deal = made()
    assert dispute_tabs(deal.order, deal.disputed) == tabs


def test_what_is_published_and_a_person_s_is_part_of_averages() -> None:
    assert good().reviewed.counts
    assert not held().reviewed.counts
    assert not blind().reviewed.counts
    assert not msgspec.structs.replace(good().reviewed, automatic=True).counts
