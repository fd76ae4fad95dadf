"""Disputes: opening, bargaining, withdrawing (S2, S12, S17–S20)."""

import pytest

from fairhold.domain.actors import SYSTEM
from fairhold.domain.coming import Effect, Kind
from fairhold.domain.commands import (
    AcceptOffer,
    AppealRuling,
    ConfirmReceipt,
    MakeOffer,
    RecordOutage,
    SendMessage,
    WithdrawDispute,
)
from fairhold.domain.deadlines import deadlines
from fairhold.domain.dispute import DisputeState, OfferStatus, Outcome, offer_status
from fairhold.domain.dispute_guards import MAX_EVIDENCE, MAX_MESSAGES, MAX_OFFERS
from fairhold.domain.evidence import Evidence, PhotoId
from fairhold.domain.order import PortionState, Sums
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.status import Status, headline, portion_counts
from tests.builders import (
    APPLY,
    BUYER,
    DISPUTE_1,
    LINE_1,
    LINE_2,
    MEDIATOR,
    OPERATOR,
    SELLER,
    T0,
    Deal,
    at,
    delivered,
    name_of,
    open_dispute,
    paid,
    part,
    place,
    policy,
    shipped,
    start,
)
from tests.states import (
    OPENED_AT,
    appealed,
    claimed,
    disputed,
    negotiating,
    offer_lapsed,
    resend_due,
    return_due,
    returning,
    ruled,
    split,
    withdrawn,
)


def owners(deal: Deal) -> set[tuple[str, str]]:
    return {(one.kind.value, one.owner.value) for one in deadlines(deal.order) if one.dispute}


@pytest.mark.parametrize(
    ("deal", "first", "last"),
    [
        (disputed(), OfferStatus.OPEN, OfferStatus.OPEN),
        (negotiating(), OfferStatus.REPLACED, OfferStatus.OPEN),
        (offer_lapsed(), OfferStatus.REPLACED, OfferStatus.EXPIRED),
        (claimed(), OfferStatus.REPLACED, OfferStatus.OPEN),
        (ruled(), OfferStatus.REPLACED, OfferStatus.CLOSED),
        (appealed(), OfferStatus.REPLACED, OfferStatus.CLOSED),
        (return_due(), OfferStatus.ACCEPTED, OfferStatus.ACCEPTED),
        (returning(), OfferStatus.ACCEPTED, OfferStatus.ACCEPTED),
        (resend_due(), OfferStatus.ACCEPTED, OfferStatus.ACCEPTED),
        (split(), OfferStatus.REPLACED, OfferStatus.ACCEPTED),
        (withdrawn(), OfferStatus.CLOSED, OfferStatus.CLOSED),
        (disputed().until(at(days=18)), OfferStatus.GRANTED, OfferStatus.GRANTED),
    ],
    ids=lambda value: "" if isinstance(value, Deal) else str(value),
)
def test_an_offer_is_called_by_what_became_of_it(deal: Deal, first: OfferStatus, last: OfferStatus) -> None:
    offers = deal.disputed.offers
    assert [offer_status(deal.disputed, offer) for offer in (offers[0], offers[-1])] == [first, last]


def test_the_same_sum_with_the_goods_sent_anew_is_another_offer() -> None:
    deal = disputed().offer(SELLER, 0)
    assert deal.refused(MakeOffer(dispute=DISPUTE_1, refund=0), SELLER).reason is Reason.SAME_OFFER
    assert deal.offer(SELLER, 0, resend=True).disputed.offers[-1].resend


def test_a_dispute_that_ends_without_a_refund_leaves_none_to_be_paid() -> None:
    assert claimed().rule(0).until(at(days=40)).order.refunds == ()
    banks = negotiating().charge_back(500).accept(BUYER)
    assert (banks.disputed.end is not None, banks.order.refunds) == (True, ()), (
        "the bank has given more than was agreed"
    )


# opening


def test_a_dispute_is_opened_on_part_of_a_line_and_the_rest_can_be_confirmed() -> None:
    deal = delivered().dispute(part(LINE_2, 2), when=OPENED_AT).confirm(LINE_1, LINE_2)
    assert portion_counts(deal.order, LINE_2) == {"disputed": 2, "confirmed": 1}
    assert headline(deal.order) is Status.IN_DISPUTE


def test_what_is_in_dispute_cannot_be_confirmed() -> None:
    refusal = disputed().refused(ConfirmReceipt(lines=(LINE_1,), acknowledged=True), BUYER)
    assert refusal == Refusal(Reason.LINE_IN_DISPUTE, "lines[0]")


def test_opening_stops_the_clock_of_the_disputed_line_only() -> None:
    deal = disputed().until(at(days=16, hours=23))
    later = deal.until(at(days=18))
    assert later.order.portions[0].state is PortionState.REFUNDED, "silence granted the demand on day 17"
    assert later.order.portions[1].state is PortionState.SETTLED, "its window lapsed on day 18"
    assert deal.order.portions[0].state is PortionState.DISPUTED


def test_nothing_selected_opens_nothing() -> None:
    assert delivered().refused(open_dispute(), BUYER).reason is Reason.NOTHING_SELECTED


def test_what_was_not_shipped_cannot_be_disputed() -> None:
    assert paid().refused(open_dispute(LINE_1), BUYER).reason is Reason.NOT_SHIPPED


def test_only_the_buyer_opens_a_dispute() -> None:
    for actor in (SELLER, MEDIATOR, OPERATOR):
        assert delivered().refused(open_dispute(LINE_1), actor).reason is Reason.NOT_ALLOWED


def test_what_was_confirmed_cannot_be_disputed() -> None:
    deal = delivered().confirm(LINE_1)
    assert deal.refused(open_dispute(LINE_1), BUYER) == Refusal(Reason.ALREADY_CONFIRMED, "lines[0]")


def test_late_waits_until_the_promised_day_is_over() -> None:
    deal = start(place(promised_by=at(days=20))).pay().ship(when=at(days=1))
    assert deal.refused(open_dispute(LINE_1, reason="late"), BUYER, at(days=20)).reason is Reason.NOT_LATE_YET
    late = deal.dispute(LINE_1, reason="late", when=at(days=20, seconds=1))
    assert late.disputed.state is DisputeState.AWAITING_ANSWER


def test_without_a_promise_a_parcel_is_late_thirty_days_after_it_was_shipped() -> None:
    late = open_dispute(LINE_1, reason="not_received")
    assert shipped().refused(late, BUYER, at(days=31)).reason is Reason.NOT_LATE_YET
    assert not isinstance(shipped().ask(late, BUYER, at(days=31, seconds=1)), Refusal)


def test_of_two_parcels_only_the_one_that_is_late_is_disputed_as_late() -> None:
    deal = paid().ship(LINE_1, when=at(days=1)).ship(LINE_2, when=at(days=6)).waiting(at(days=32))
    assert deal.refused(open_dispute(LINE_1, LINE_2, reason="late"), BUYER) == Refusal(Reason.NOT_LATE_YET, "lines[1]")
    assert deal.dispute(LINE_1, reason="late").disputed.amount == 1000


def test_not_received_can_be_said_as_soon_as_tracking_says_the_opposite() -> None:
    assert delivered().dispute(LINE_1, reason="not_received").disputed.reason.value == "not_received"
    assert delivered().refused(open_dispute(LINE_1, reason="late"), BUYER).reason is Reason.NOT_LATE_YET


@pytest.mark.parametrize(
    ("kind", "amount", "reason"),
    [
        ("refund", 0, Reason.NOTHING_DEMANDED),
        ("refund", 1001, Reason.DEMAND_ABOVE_DISPUTED),
        ("resend", 10, Reason.RETURN_OR_RESEND),
    ],
)
def test_a_demand_is_part_of_the_disputed_sum(kind: str, amount: int, reason: Reason) -> None:
    refusal = delivered().refused(open_dispute(LINE_1, kind=kind, amount=amount), BUYER)
    assert (refusal.reason, refusal.field) == (reason, "demand.amount")


def test_a_returned_parcel_is_no_reason_of_the_buyers() -> None:
    assert delivered().refused(open_dispute(LINE_1, reason="returned_parcel"), BUYER).reason is Reason.INVALID


def test_the_demand_is_offer_number_one_and_the_seller_owes_an_answer_within_five_days() -> None:
    deal = disputed()
    offer = deal.disputed.offers[0]
    assert (offer.number, offer.by.value, offer.refund) == (1, "buyer", 1000)
    assert deal.disputed.due == at(days=17)
    assert owners(deal) == {("dispute_response", "seller")}


# silence, and answers at the instant of the deadline


def test_silence_of_the_seller_grants_the_demand() -> None:
    deal = delivered().dispute(LINE_1, amount=250, when=OPENED_AT).until(at(days=17))
    assert deal.disputed.end is not None
    assert (deal.disputed.end.outcome, deal.disputed.end.refunded, deal.disputed.end.released) == (
        Outcome.SILENCE,
        250,
        750,
    )
    assert deal.order.money == Sums(paid=1900, held=900, released=712, fee=38, refunded=250)


def test_silence_on_a_resend_refunds_everything() -> None:
    deal = disputed("resend").until(at(days=17))
    assert deal.order.money.refunded == 1000


def test_silence_on_a_return_makes_it_agreed() -> None:
    deal = disputed("return_and_refund").until(at(days=17))
    assert (deal.disputed.state, deal.disputed.due) == (DisputeState.RETURN_DUE, at(days=27))


def test_an_answer_at_the_very_instant_of_the_deadline_comes_too_late() -> None:
    offer = MakeOffer(dispute=DISPUTE_1, refund=300)
    assert not isinstance(disputed().ask(offer, SELLER, at(days=16, hours=23, minutes=59, seconds=59)), Refusal)
    assert disputed().refused(offer, SELLER, at(days=17)).reason is Reason.DISPUTE_CLOSED


# offers


def test_the_sellers_first_offer_is_the_answer_and_the_negotiation_runs_from_the_opening() -> None:
    deal = negotiating()
    assert (deal.disputed.state, deal.disputed.due) == (DisputeState.NEGOTIATING, at(days=27))
    assert owners(deal) == {("negotiation", "buyer"), ("offer", "buyer")}


def test_an_offer_of_nothing_refuses_and_counts_as_an_answer() -> None:
    assert disputed().offer(SELLER, 0).disputed.state is DisputeState.NEGOTIATING


def test_accepting_an_offer_settles_it_and_the_rest_goes_to_the_seller() -> None:
    deal = split()
    assert deal.order.money == Sums(paid=1900, held=900, released=665, fee=35, refunded=300)
    assert deal.disputed.end is not None
    assert deal.disputed.end.outcome is Outcome.AGREED


def test_an_offer_that_was_just_replaced_cannot_be_accepted() -> None:
    deal = negotiating().offer(SELLER, 350)
    assert deal.refused(AcceptOffer(dispute=DISPUTE_1, number=2), BUYER).reason is Reason.OFFER_REPLACED
    assert deal.accept(BUYER).order.money.refunded == 350


def test_an_offer_that_was_never_made_cannot_be_accepted() -> None:
    assert negotiating().refused(AcceptOffer(dispute=DISPUTE_1, number=9), BUYER).reason is Reason.UNKNOWN_OFFER


def test_nobody_accepts_their_own_offer() -> None:
    assert negotiating().refused(AcceptOffer(dispute=DISPUTE_1, number=2), SELLER).reason is Reason.OWN_OFFER


def test_an_offer_lives_three_days_and_lapses_at_the_instant() -> None:
    accept = AcceptOffer(dispute=DISPUTE_1, number=2)
    assert not isinstance(negotiating().ask(accept, BUYER, at(days=15, hours=23)), Refusal)
    assert negotiating().refused(accept, BUYER, at(days=16)).reason is Reason.OFFER_EXPIRED
    assert name_of(negotiating().until(at(days=16)).events[-1]) == "offer_lapsed"


def test_the_buyers_demand_lives_until_the_answer_is_due_and_a_later_one_replaces_it() -> None:
    deal = disputed().offer(BUYER, 600).until(at(days=17))
    assert deal.order.money.refunded == 600


def test_a_refund_above_what_is_in_dispute_is_refused() -> None:
    refusal = disputed().refused(MakeOffer(dispute=DISPUTE_1, refund=1001), SELLER)
    assert refusal == Refusal(Reason.REFUND_ABOVE_WHAT_IS_LEFT, "refund", 1000)


@pytest.mark.parametrize(
    ("body", "by_seller", "reason"),
    [
        ({"refund": 5, "resend": True}, True, Reason.RETURN_OR_RESEND),
        ({"refund": 0, "resend": True, "return_goods": True}, True, Reason.RETURN_OR_RESEND),
        ({"refund": 0, "resend": True}, False, Reason.ONLY_SELLER_RESENDS),
        ({"refund": 0, "return_goods": True}, True, Reason.NOTHING_DEMANDED),
        ({"refund": 0}, False, Reason.NOTHING_DEMANDED),
        ({"refund": 300}, True, Reason.SAME_OFFER),
    ],
)
def test_an_offer_makes_sense(body: dict[str, object], by_seller: bool, reason: Reason) -> None:
    command = MakeOffer(dispute=DISPUTE_1, **body)  # type: ignore[arg-type]
    assert negotiating().refused(command, SELLER if by_seller else BUYER).reason is reason


def test_refund_and_keep_it_is_one_step_for_the_seller() -> None:
    deal = disputed().accept(SELLER)
    assert deal.order.money.refunded == 1000
    assert deal.order.portions[0].state is PortionState.REFUNDED


def test_there_is_an_end_to_offers_messages_and_photos() -> None:
    deal = negotiating()
    for count in range(MAX_OFFERS - 2):
        deal = deal.offer(SELLER, count)
    assert deal.refused(MakeOffer(dispute=DISPUTE_1, refund=500), BUYER).reason is Reason.TOO_MANY_OFFERS
    photos = tuple(Evidence(PhotoId(f"p{count}"), f"{count:064x}") for count in range(MAX_EVIDENCE + 1))
    many = SendMessage(dispute=DISPUTE_1, text="see", evidence=photos)
    assert deal.refused(many, BUYER) == Refusal(Reason.TOO_MUCH_EVIDENCE, "evidence", MAX_EVIDENCE)
    for _ in range(MAX_MESSAGES):
        deal = deal.do(SendMessage(dispute=DISPUTE_1, text="hello"), BUYER)
    assert deal.refused(SendMessage(dispute=DISPUTE_1, text="hello"), SELLER).reason is Reason.TOO_MANY_MESSAGES


def test_the_negotiation_deadline_asks_the_mediator() -> None:
    deal = negotiating().until(at(days=27))
    assert (deal.disputed.state, deal.disputed.due) == (DisputeState.CLAIMED, at(days=41))
    assert owners(deal) == {("ruling", "mediator")}


# withdrawing


def test_withdrawing_gives_back_the_time_that_was_left() -> None:
    deal = disputed().withdraw(at(days=14))
    assert deal.order.portions[0].window_ends == at(days=20), "six of seven days were left"
    assert deal.order.portions[0].protection_ends == at(days=63), "49 of 60 days were left"
    assert deal.until(at(days=20)).order.portions[0].state is PortionState.SETTLED


def test_while_protection_lasts_a_withdrawn_dispute_can_be_opened_again_but_not_without_end() -> None:
    deal = disputed().withdraw().dispute(LINE_1).withdraw().dispute(LINE_1).withdraw()
    assert [dispute.state.value for dispute in deal.order.disputes] == ["withdrawn"] * 3
    assert deal.refused(open_dispute(LINE_1), BUYER).reason is Reason.TOO_MANY_DISPUTES


def test_only_who_opened_it_withdraws_it() -> None:
    assert disputed().refused(WithdrawDispute(dispute=DISPUTE_1), SELLER).reason is Reason.NOT_ALLOWED


def test_a_delivery_during_the_dispute_gives_the_whole_window_when_it_is_withdrawn() -> None:
    deal = shipped().dispute(LINE_1, when=at(days=4)).scan("delivered", at(days=6)).withdraw(at(days=7))
    assert deal.order.portions[0].window_ends == at(days=14)


# lapse of protection, the policy's last day, the provider's ceiling, an outage


def test_by_policy_a_lapse_without_proof_of_delivery_is_a_dispute() -> None:
    terms = policy(protection={"on_lapse": "dispute"})
    deal = start(place(policy=terms)).pay(T0).ship(when=T0).until(at(days=60))
    assert deal.disputed.spans == (deal.order.portions[0].span, deal.order.portions[1].span)
    assert (deal.disputed.reason.value, deal.disputed.state) == ("not_received", DisputeState.AWAITING_ANSWER)
    assert deal.until(at(days=65)).order.money.refunded == 1900


def test_a_dispute_that_the_lapse_opened_and_the_buyer_withdraws_pays_the_seller_at_once() -> None:
    terms = policy(protection={"on_lapse": "dispute"})
    deal = start(place(policy=terms)).pay(T0).ship(when=T0).until(at(days=60)).withdraw(at(days=61))
    assert [name_of(event) for event in deal.events[-2:]] == ["dispute_withdrawn", "portions_released"]
    assert deal.order.money.held == 0


def undecided(days: int) -> Deal:
    command = place(policy=policy(disputes={"refund_undecided_after_days": days}))
    return delivered(command).dispute(LINE_1, when=OPENED_AT)


def test_by_policy_what_is_undecided_for_so_long_is_refunded() -> None:
    deal = undecided(60).offer(SELLER, 0, at(days=13)).escalate(when=at(days=14)).until(at(days=72))
    assert deal.disputed.end is not None
    assert (deal.disputed.end.outcome, deal.disputed.end.at) == (Outcome.UNDECIDED, at(days=72))
    assert deal.order.money.refunded == 1000


def test_the_last_day_waits_for_the_mediator_of_an_appeal_made_near_it() -> None:
    deal = undecided(20).offer(SELLER, 0, at(days=13)).escalate(when=at(days=14)).rule(0, at(days=27))
    deal = deal.appeal(when=at(days=33))
    assert deal.do(APPLY, SYSTEM, at(days=34)).disputed.state is DisputeState.APPEALED
    ended = deal.until(at(days=47)).disputed.end
    assert ended is not None
    assert (ended.outcome, ended.at) == (Outcome.UNDECIDED, at(days=47))


def ceiling(days: int) -> Deal:
    command = place(policy=policy(providers=[{"name": "sandbox", "ceiling_days": days}]))  # type: ignore[arg-type]
    return delivered(command)


def test_whoever_appeals_does_not_win_by_running_out_the_providers_clock() -> None:
    deal = ceiling(30).dispute(LINE_1, when=OPENED_AT).offer(SELLER, 0, at(days=13)).escalate(when=at(days=14))
    deal = deal.rule(300, at(days=24)).do(AppealRuling(dispute=DISPUTE_1), BUYER, at(days=29))
    (last,) = [one for one in deadlines(deal.order) if one.kind is Kind.PROVIDER_CEILING and one.dispute]
    assert last.effect is Effect.CARRY_OUT
    end = deal.until(last.at).disputed.end
    assert end is not None
    assert (end.outcome, end.decided) == (Outcome.PROVIDER_CEILING, 300)


def test_near_the_providers_ceiling_the_mediator_is_asked_early_and_then_the_buyer_is_refunded() -> None:
    deal = ceiling(30).dispute(LINE_1, when=OPENED_AT).offer(SELLER, 0, at(days=13))
    assert deal.disputed.due == at(days=16, hours=1), "14 days before the ceiling, which counts from payment"
    ended = deal.until(at(days=30, hours=1)).disputed.end
    assert ended is not None
    assert (ended.outcome, ended.refunded) == (Outcome.PROVIDER_CEILING, 1000)


def test_an_answer_after_the_time_to_negotiate_goes_to_the_mediator_with_it() -> None:
    deal = ceiling(26).dispute(LINE_1, when=at(days=13)).offer(SELLER, 0, at(days=14))
    assert [name_of(event) for event in deal.events[-2:]] == ["offer_made", "dispute_escalated"]
    assert deal.disputed.state is DisputeState.CLAIMED


def test_a_ruling_is_carried_out_at_the_ceiling_at_the_latest() -> None:
    deal = ceiling(30).dispute(LINE_1, when=OPENED_AT).escalate(when=at(days=13)).rule(400, at(days=28))
    ended = deal.until(at(days=30, hours=1)).disputed.end
    assert ended is not None
    assert (ended.outcome, ended.refunded) == (Outcome.RULED, 400)


def test_an_outage_moves_the_deadlines_of_a_dispute() -> None:
    deal = disputed().do(outage(16, 18), OPERATOR, at(days=18))
    assert deal.disputed.due == at(days=19)
    assert deal.offer(SELLER, 0).disputed.state is DisputeState.NEGOTIATING


def outage(start_day: int, end_day: int) -> RecordOutage:
    return RecordOutage(start=at(days=start_day), end=at(days=end_day))


def test_deadlines_of_a_dispute_say_which_one_they_are_of() -> None:
    for one in deadlines(negotiating().order):
        assert (one.dispute == DISPUTE_1) == (one.kind in (Kind.OFFER, Kind.NEGOTIATION))
