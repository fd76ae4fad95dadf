"""Claims: a mediator, a ruling, one appeal (S19)."""

import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.commands import (
    AcceptOffer,
    AppealRuling,
    EscalateDispute,
    MakeOffer,
    RuleOnDispute,
    SendMessage,
    TakeClaim,
    WithdrawDispute,
)
from fairhold.domain.deadlines import deadlines
from fairhold.domain.dispute import DisputeState, Outcome
from fairhold.domain.evidence import Evidence, PhotoId
from fairhold.domain.ids import PersonId
from fairhold.domain.order import Sums
from fairhold.domain.reasons import Reason, Refusal
from tests.builders import BUYER, DISPUTE_1, MEDIATOR, OPERATOR, OTHER_MEDIATOR, SELLER, SUPPORT, Deal, at
from tests.states import appealed, claim_overdue, claim_taken, claimed, disputed, negotiating, ruled


def rule(refund: int = 400) -> RuleOnDispute:
    return RuleOnDispute(dispute=DISPUTE_1, refund=refund, reasons="as the photos show")


def outcome(deal: Deal) -> tuple[Outcome, int, int]:
    end = deal.disputed.end
    assert end is not None
    return end.outcome, end.refunded, end.released


@pytest.mark.parametrize("actor", [BUYER, SELLER])
def test_either_side_asks_for_a_mediator_answered_or_not(actor: Actor) -> None:
    for deal in (disputed(), negotiating()):
        asked = deal.escalate(actor)
        assert (asked.disputed.state, asked.disputed.due) == (DisputeState.CLAIMED, at(days=14, start=deal.now))


def test_asking_twice_is_refused() -> None:
    assert claimed().refused(EscalateDispute(dispute=DISPUTE_1), SELLER).reason is Reason.ALREADY_ESCALATED


def test_before_the_claim_nobody_rules() -> None:
    assert negotiating().refused(rule(), MEDIATOR).reason is Reason.NOT_ESCALATED


@pytest.mark.parametrize("actor", [BUYER, SELLER, SUPPORT])
def test_no_party_and_no_support_rules(actor: Actor) -> None:
    assert claimed().refused(rule(), actor).reason is Reason.NOT_ALLOWED


@pytest.mark.parametrize("person", [BUYER.id, SELLER.id])
def test_a_mediator_who_is_a_party_neither_rules_nor_takes_the_case(person: PersonId) -> None:
    party = Actor(Role.MEDIATOR, person)
    for command in (rule(), TakeClaim(dispute=DISPUTE_1)):
        assert claimed().refused(command, party).reason is Reason.CONFLICT_OF_INTEREST


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.SUPPORT, Role.OPERATOR])
def test_nobody_speaks_as_staff_about_a_deal_of_their_own(role: Role) -> None:
    words = SendMessage(dispute=DISPUTE_1, text="Give in.")
    for person in (BUYER.id, SELLER.id):
        assert claimed().refused(words, Actor(role, person)).reason is Reason.CONFLICT_OF_INTEREST
    assert (
        claimed().do(words, BUYER).do(words, SELLER).do(words, Actor(role, PersonId("somebody"))).disputed.messages == 3
    )


def test_a_case_is_taken_once() -> None:
    deal = claim_taken()
    assert deal.ask(TakeClaim(dispute=DISPUTE_1), MEDIATOR) == ()
    assert deal.refused(TakeClaim(dispute=DISPUTE_1), OTHER_MEDIATOR).reason is Reason.CLAIM_TAKEN


def test_what_is_overdue_another_mediator_takes() -> None:
    deal = claim_taken().until(at(days=28)).do(TakeClaim(dispute=DISPUTE_1), OTHER_MEDIATOR)
    assert deal.disputed.mediator == OTHER_MEDIATOR.id


def test_an_overdue_ruling_moves_to_the_operator_and_moves_no_money() -> None:
    assert claimed().refused(rule(), OPERATOR).reason is Reason.NOT_ALLOWED
    deal = claim_overdue()
    assert deal.order.money.held == 1000
    coming = next(deadline for deadline in deadlines(deal.order) if deadline.dispute)
    assert (coming.owner, coming.effect.value, coming.at) == (Role.OPERATOR, "remind", at(days=42))
    assert deal.until(at(days=200)).order.money.held == 1000
    assert deal.rule(400, by=OPERATOR).disputed.state is DisputeState.RULED


def test_until_the_ruling_the_two_can_still_agree_or_the_buyer_withdraw() -> None:
    assert outcome(claimed().accept(BUYER)) == (Outcome.AGREED, 300, 700)
    assert outcome(claimed().offer(SELLER, 500).accept(BUYER)) == (Outcome.AGREED, 500, 500)
    assert claimed().withdraw().disputed.state is DisputeState.WITHDRAWN


def test_agreeing_on_a_return_ends_the_reminders_of_an_overdue_claim() -> None:
    deal = claim_overdue().offer(SELLER, 1000, return_goods=True).accept(BUYER)
    assert not deal.disputed.overdue
    assert outcome(deal.until(at(days=39))) == (Outcome.NOT_SENT_BACK, 0, 1000)


def test_a_ruling_splits_the_disputed_sum_once_the_time_to_appeal_is_over() -> None:
    deal = ruled()
    assert deal.order.money.held == 1900, "nothing moves before"
    assert deal.disputed.due == at(days=22)
    ended = deal.until(at(days=22))
    assert outcome(ended) == (Outcome.RULED, 400, 600)
    assert ended.order.money == Sums(paid=1900, held=0, released=1425, fee=75, refunded=400)


@pytest.mark.parametrize("refund", [0, 1000])
def test_a_ruling_for_one_side_gives_it_everything(refund: int) -> None:
    assert outcome(claimed().rule(refund).until(at(days=22))) == (Outcome.RULED, refund, 1000 - refund)


def test_a_ruling_above_what_is_in_dispute_is_refused() -> None:
    assert claimed().refused(rule(1001), MEDIATOR) == Refusal(Reason.REFUND_ABOVE_WHAT_IS_LEFT, "refund", 1000)


def test_nobody_rules_twice() -> None:
    assert ruled().refused(rule(), MEDIATOR).reason is Reason.ALREADY_RULED
    assert ruled().refused(rule(), OTHER_MEDIATOR).reason is Reason.ALREADY_RULED


def test_after_a_ruling_there_is_nothing_to_bargain_about() -> None:
    for command in (
        MakeOffer(dispute=DISPUTE_1, refund=1),
        AcceptOffer(dispute=DISPUTE_1, number=2),
        WithdrawDispute(dispute=DISPUTE_1),
    ):
        assert ruled().refused(command, BUYER).reason is Reason.ALREADY_RULED


@pytest.mark.parametrize("actor", [BUYER, SELLER])
def test_either_side_appeals_once_before_the_money_leaves(actor: Actor) -> None:
    appeal = AppealRuling(dispute=DISPUTE_1, evidence=(Evidence(PhotoId("p1"), "0" * 64),))
    deal = ruled().do(appeal, actor)
    assert (deal.disputed.state, deal.disputed.appealed_by) == (DisputeState.APPEALED, actor.role)
    assert len(deal.disputed.evidence) == 1
    assert deal.refused(appeal, BUYER).reason is Reason.ALREADY_APPEALED
    assert ruled().refused(appeal, actor, at(days=22)).reason is Reason.DISPUTE_CLOSED, "the deadline wins"


def test_there_is_nothing_to_appeal_before_a_ruling() -> None:
    assert claimed().refused(AppealRuling(dispute=DISPUTE_1), BUYER).reason is Reason.NOT_RULED


def test_another_mediator_decides_the_appeal_and_that_stands_at_once() -> None:
    deal = appealed()
    assert deal.refused(rule(), MEDIATOR).reason is Reason.SAME_MEDIATOR
    assert deal.refused(TakeClaim(dispute=DISPUTE_1), MEDIATOR).reason is Reason.SAME_MEDIATOR
    assert outcome(deal.rule(700, by=OTHER_MEDIATOR)) == (Outcome.RULED, 700, 300)


def test_when_it_is_over_it_is_over() -> None:
    deal = appealed().rule(700, by=OTHER_MEDIATOR)
    assert deal.refused(rule(), MEDIATOR).reason is Reason.DISPUTE_CLOSED
    assert deal.refused(AppealRuling(dispute=DISPUTE_1), BUYER).reason is Reason.DISPUTE_CLOSED
