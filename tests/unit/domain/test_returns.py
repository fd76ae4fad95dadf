"""Goods that travel again: sent back, sent anew, or back at the sender and contested (S18)."""

import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import (
    AcceptOffer,
    ContestReturnedParcel,
    MakeOffer,
    ReceiveReturn,
    ShipReturn,
    WithdrawDispute,
)
from fairhold.domain.deadlines import deadlines
from fairhold.domain.dispute import DisputeState, Outcome
from fairhold.domain.order import ParcelStatus, PortionState
from fairhold.domain.reasons import Reason, Refusal
from tests.builders import (
    BUYER,
    CAME_BACK,
    CONTEST_PARCEL,
    CONTESTED,
    DISPUTE_1,
    LINE_1,
    MEDIATOR,
    PARCEL_2,
    SELLER,
    SEND_ANEW,
    SEND_BACK,
    STRANGE_SELLER,
    Deal,
    at,
    returned_to_sender,
)
from tests.states import disputed, parcel_contested, resend_due, resent, return_due, returning


def outcome(deal: Deal) -> tuple[Outcome, int, int]:
    end = deal.disputed.end
    assert end is not None
    return end.outcome, end.refunded, end.released


def test_an_agreed_return_waits_ten_days_for_the_buyer_and_then_pays_the_seller() -> None:
    deal = return_due()
    assert (deal.disputed.state, deal.disputed.due) == (DisputeState.RETURN_DUE, at(days=23))
    assert outcome(deal.until(at(days=23))) == (Outcome.NOT_SENT_BACK, 0, 1000)


def test_at_the_instant_of_the_deadline_it_is_too_late_to_send_back() -> None:
    assert return_due().refused(SEND_BACK, BUYER, at(days=23)).reason is Reason.DISPUTE_CLOSED


def test_goods_are_sent_back_in_a_parcel_of_their_own_once() -> None:
    deal = returning()
    parcel = deal.order.shipments[-1]
    assert (parcel.id, parcel.returns, deal.disputed.state) == (PARCEL_2, DISPUTE_1, DisputeState.RETURNING)
    assert deal.refused(SEND_BACK, BUYER).reason is Reason.RETURN_ALREADY_SHIPPED


def test_without_a_word_the_buyer_is_refunded_when_any_parcel_would_have_come_and_been_inspected() -> None:
    deal = returning()
    assert deal.disputed.due == at(days=49), "sent on day 14: 30 days to travel, 5 to look at them"
    assert outcome(deal.until(at(days=49))) == (Outcome.RETURNED, 1000, 0)


def test_once_tracking_says_they_are_there_the_seller_has_five_days() -> None:
    deal = returning().scan("delivered", at(days=20), parcel=PARCEL_2)
    assert deal.disputed.due == at(days=25)
    assert outcome(deal.until(at(days=25))) == (Outcome.RETURNED, 1000, 0)


def test_an_arrival_taken_back_gives_the_seller_the_time_again() -> None:
    deal = returning().scan("delivered", at(days=20), parcel=PARCEL_2)
    assert deal.scan("exception", at(days=21), parcel=PARCEL_2).disputed.due == at(days=49)


@pytest.mark.parametrize(("late", "scanned"), [("exception", 19), ("delivered", 21)])
def test_a_late_scan_that_changes_nothing_of_the_arrival_gives_the_seller_no_more_time(late: str, scanned: int) -> None:
    deal = returning().scan("delivered", at(days=20), parcel=PARCEL_2)
    assert deal.scan(late, at(days=22), scanned=at(days=scanned), parcel=PARCEL_2).disputed.due == at(days=25)


def test_an_arrival_starts_no_window_of_the_buyers() -> None:
    deal = returning().scan("delivered", at(days=20), parcel=PARCEL_2)
    assert {one.kind.value for one in deadlines(deal.order)} == {"return_inspection"}
    assert deal.order.shipments[-1].status is ParcelStatus.DELIVERED


def test_as_it_should_be_the_buyer_is_refunded_at_once() -> None:
    assert outcome(returning().do(CAME_BACK, SELLER)) == (Outcome.RETURNED, 1000, 0)


def test_not_as_it_should_be_a_mediator_rules() -> None:
    deal = returning().do(CONTESTED, SELLER)
    assert (deal.disputed.state, deal.disputed.contested) == (DisputeState.CLAIMED, True)
    assert outcome(deal.rule(0).until(at(days=40))) == (Outcome.RULED, 0, 1000)
    assert returning().refused(ReceiveReturn(dispute=DISPUTE_1, accepted=False), SELLER) == Refusal(
        Reason.INVALID, "text"
    )


@pytest.mark.parametrize("actor", [BUYER, SELLER])
def test_what_was_agreed_cannot_be_agreed_on_again_once_the_goods_went_back(actor: Actor) -> None:
    """The seller would have the goods, and the money as soon as nothing is sent back a second time."""
    deal = returning().do(CONTESTED, SELLER)
    command = AcceptOffer(dispute=DISPUTE_1, number=1)
    assert deal.refused(command, actor).reason is Reason.OFFER_EXPIRED
    again = MakeOffer(dispute=DISPUTE_1, refund=1000, return_goods=True)
    assert deal.refused(again, actor) == Refusal(Reason.INVALID, "return_goods")
    assert outcome(deal.offer(SELLER, 800).accept(BUYER)) == (Outcome.AGREED, 800, 200)


def test_nothing_is_sent_back_where_nothing_of_the_kind_was_agreed() -> None:
    assert disputed().refused(SEND_BACK, BUYER).reason is Reason.NO_RETURN_AGREED
    assert disputed().refused(CAME_BACK, SELLER).reason is Reason.NO_RETURN_AGREED
    assert return_due().refused(CAME_BACK, SELLER).reason is Reason.NOT_SHIPPED
    assert disputed().refused(SEND_ANEW, SELLER).reason is Reason.NO_RESEND_AGREED
    assert return_due().refused(MakeOffer(dispute=DISPUTE_1, refund=1), SELLER).reason is Reason.DISPUTE_AGREED


def test_silence_on_an_agreed_resend_grants_a_full_refund() -> None:
    deal = resend_due()
    assert (deal.disputed.state, deal.disputed.due) == (DisputeState.RESEND_DUE, at(days=20))
    assert outcome(deal.until(at(days=20))) == (Outcome.NOT_RESENT, 1000, 0)


def test_goods_sent_anew_are_held_and_protected_anew_in_a_parcel_of_their_own() -> None:
    deal = resent()
    portion = deal.order.portions[0]
    assert (portion.state, portion.shipment, portion.protection_ends) == (PortionState.HELD, PARCEL_2, at(days=74))
    later = deal.scan("delivered", at(days=20), parcel=PARCEL_2)
    assert later.order.portions[0].window_ends == at(days=27)
    assert later.until(at(days=27)).order.portions[0].state is PortionState.SETTLED


def test_what_was_sent_anew_can_be_disputed_again() -> None:
    deal = resent().dispute(LINE_1)
    assert [dispute.state.value for dispute in deal.order.disputes] == ["resent", "awaiting_answer"]


# a parcel that came back


def test_a_seller_contests_the_refund_of_a_parcel_that_came_back_and_a_mediator_rules() -> None:
    deal = parcel_contested()
    assert (deal.disputed.state, deal.disputed.amount) == (DisputeState.CLAIMED, 1900)
    owner = next(deadline.owner for deadline in deadlines(deal.order))
    assert owner is Role.MEDIATOR
    assert outcome(deal.rule(1500).until(at(days=30))) == (Outcome.RULED, 1500, 400)


def test_only_the_seller_contests_and_only_what_came_back() -> None:
    assert disputed().refused(CONTEST_PARCEL, SELLER).reason is Reason.LINE_IN_DISPUTE
    assert returned_to_sender().refused(CONTEST_PARCEL, BUYER).reason is Reason.NOT_ALLOWED
    assert returned_to_sender().refused(CONTEST_PARCEL, STRANGE_SELLER).reason is Reason.NOT_FOUND
    assert returned_to_sender().do(ContestReturnedParcel(lines=(LINE_1,), text="no"), SELLER).disputed.amount == 1000


def test_of_goods_that_are_all_at_the_bank_there_is_nothing_to_contest() -> None:
    assert returned_to_sender().charge_back(1900).refused(CONTEST_PARCEL, SELLER).reason is Reason.NOTHING_LEFT
    cups = returned_to_sender().charge_back(1899).do(CONTEST_PARCEL, SELLER).disputed
    assert cups.amount == 900, "of the lamp nothing is left, of the cups the smallest sum"


def test_contesting_and_withdrawing_gives_the_seller_no_new_term_and_has_an_end() -> None:
    deal = returned_to_sender()
    ends = deal.order.portions[0].ship_again_by
    assert ends == at(days=16)
    for _ in range(3):
        from_now = deal.do(CONTEST_PARCEL, SELLER, at(days=12))
        name = from_now.disputed.id
        deal = from_now.do(WithdrawDispute(dispute=name), SELLER, at(days=12))
        assert deal.order.portions[0].ship_again_by == at(days=16)
    assert deal.refused(CONTEST_PARCEL, SELLER).reason is Reason.TOO_MANY_DISPUTES


def test_goods_that_the_seller_has_cannot_be_sent_back() -> None:
    offer = MakeOffer(dispute=DISPUTE_1, refund=1900, return_goods=True)
    assert parcel_contested().refused(offer, BUYER) == Refusal(Reason.INVALID, "return_goods")


def test_a_parcel_that_came_back_during_the_dispute_is_shipped_again_or_refunded_when_it_is_withdrawn() -> None:
    deal = disputed().scan("returned_to_sender", at(days=14)).withdraw(at(days=15))
    assert deal.order.portions[0].ship_again_by == at(days=20)
    assert deal.until(at(days=20)).order.portions[0].state is PortionState.REFUNDED


def test_the_mediator_sends_nothing_back() -> None:
    assert return_due().refused(ShipReturn(dispute=DISPUTE_1, carrier="p", tracking_number="1"), MEDIATOR).reason is (
        Reason.NOT_ALLOWED
    )
