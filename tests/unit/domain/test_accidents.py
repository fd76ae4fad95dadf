"""«I confirmed by accident»: said, answered, kept here by policy, and never without end (S16)."""

import pytest

from fairhold.domain.accident import Accident, AccidentState
from fairhold.domain.actors import Actor, Role
from fairhold.domain.coming import Because, Deadline, Effect, Kind
from fairhold.domain.commands import RecordOutage, UndoReceipt
from fairhold.domain.deadlines import deadlines
from fairhold.domain.forecast import forecast
from fairhold.domain.guards import actions, line_actions
from fairhold.domain.instants import Instant
from fairhold.domain.order import PortionState
from fairhold.domain.policy import PolicyProblem, read_policy
from fairhold.domain.reasons import Reason
from fairhold.domain.support_commands import DeclineAccident, ReportAccident
from fairhold.domain.support_events import AccidentDeclined, AccidentReported
from tests.builders import (
    BUYER,
    LINE_1,
    LINE_2,
    OPERATOR,
    SELLER,
    SUPPORT,
    Deal,
    all_confirmed,
    at,
    delivered,
    name_of,
    one_line_confirmed,
    part,
    place,
    policy,
)
from tests.states import accident_overdue, accident_reported, kept

CONFIRMED_AT = at(days=12)
LEAVES_AT = at(days=13)


def keeping(hours: int, **receipt: object) -> Deal:
    """Everything confirmed on day 12, under a policy that keeps what was an accident for so long."""
    rules = policy(receipt={"accident_freeze_hours": hours, **receipt})
    return delivered(place(policy=rules)).confirm(LINE_1, LINE_2, when=CONFIRMED_AT)


def coming(deal: Deal, kind: Kind) -> list[Deadline]:
    return [deadline for deadline in deadlines(deal.order) if deadline.kind is kind]


def settles(deal: Deal) -> set[tuple[str, Instant | None]]:
    return {(portion.line, portion.settles_at) for portion in deal.order.portions}


def test_a_report_names_units_and_moves_no_money() -> None:
    before = all_confirmed()
    deal = before.report(LINE_1, part(LINE_2, 2))
    told = deal.events[-1]
    assert isinstance(told, AccidentReported)
    assert (told.amount, told.text) == (1600, "My thumb slipped.")
    assert deal.order.money == before.order.money
    assert [portion.accident for portion in deal.order.portions] == [
        AccidentState.REPORTED,
        AccidentState.REPORTED,
        None,
    ]


def test_a_report_without_lines_is_about_everything_whose_money_is_here() -> None:
    assert {one.accident for one in all_confirmed().report().order.portions} == {AccidentState.REPORTED}
    deal = one_line_confirmed().report()
    assert [(one.state, one.accident) for one in deal.order.portions] == [
        (PortionState.CONFIRMED, AccidentState.REPORTED),
        (PortionState.HELD, None),
    ]


@pytest.mark.parametrize(
    ("hours", "due"),
    [(1, at(days=12, hours=13)), (12, LEAVES_AT), (20, LEAVES_AT), (23, LEAVES_AT)],
    ids=["in the policy's time", "just when the money leaves", "before that", "an hour before"],
)
def test_support_answers_in_the_policy_s_time_and_while_the_money_is_here(hours: int, due: Instant) -> None:
    deal = all_confirmed().report(when=at(days=12, hours=hours))
    assert deal.order.accident == Accident(reported_at=at(days=12, hours=hours), due=due)


@pytest.mark.parametrize("hours", [1, 11, 12, 13])
def test_the_policy_says_how_long_support_has(hours: int) -> None:
    accident = keeping(72, accident_answer_hours=hours).report().order.accident
    assert accident is not None
    assert accident.due == at(days=12, hours=hours)


@pytest.mark.parametrize(
    ("hours", "leaves"),
    [(0, LEAVES_AT), (1, at(days=13, minutes=30)), (72, at(days=15, hours=23, minutes=30))],
)
def test_the_policy_says_how_long_money_waits(hours: int, leaves: Instant) -> None:
    deal = keeping(hours).report(LINE_1, when=at(days=12, hours=23, minutes=30))
    assert settles(deal) == {(LINE_1, leaves), (LINE_2, LEAVES_AT)}


def test_the_deadline_says_whose_turn_it_is_and_what_would_stop_it() -> None:
    [answer] = coming(accident_reported(), Kind.ACCIDENT)
    assert (answer.at, answer.owner, answer.effect, answer.amount, answer.lines) == (
        at(days=12, hours=13),
        Role.SUPPORT,
        Effect.HAND_ON,
        1000,
        (LINE_1,),
    )
    assert answer.stopped_by == ("undo_receipt", "decline_accident")
    owners = {deadline.lines: deadline.owner for deadline in coming(accident_reported(), Kind.SETTLEMENT)}
    assert owners == {(LINE_1,): Role.SUPPORT, (LINE_2,): Role.SYSTEM}


def test_an_overdue_answer_is_the_operator_s_too_and_no_money_moves() -> None:
    deal = accident_overdue()
    assert name_of(deal.events[-1]) == "accident_overdue"
    assert deal.order.money.settling == 1900
    assert not coming(deal, Kind.ACCIDENT)
    owners = {deadline.because: deadline.owner for deadline in coming(deal, Kind.SETTLEMENT)}
    assert owners == {Because.ACCIDENT_OVERDUE: Role.OPERATOR, Because.CONFIRMED: Role.SYSTEM}
    for command in (DeclineAccident(reasons="No."), ReportAccident()):
        assert command.NAME not in {one.name for one in actions(accident_reported().order, OPERATOR, deal.now)}
    assert {"undo_receipt", "decline_accident"} <= {one.name for one in actions(deal.order, OPERATOR, deal.now)}


def test_money_that_no_policy_keeps_leaves_when_it_would_have() -> None:
    deal = accident_reported().until(LEAVES_AT)
    assert deal.order.closed_at == LEAVES_AT
    assert deal.order.accident is None
    assert deal.refused(DeclineAccident(reasons="No."), SUPPORT).reason is Reason.NO_ACCIDENT_REPORTED


def test_by_policy_what_was_reported_waits_here_and_the_rest_leaves() -> None:
    deal = keeping(72).report(LINE_1, when=at(days=12, hours=1))
    assert settles(deal) == {(LINE_1, at(days=15, hours=1)), (LINE_2, LEAVES_AT)}
    later = deal.until(at(days=14))
    assert [one.state for one in later.order.portions] == [PortionState.CONFIRMED, PortionState.SETTLED]
    assert later.order.money.settling == 1000


def test_the_buyer_gets_an_answer_in_the_policy_s_time_where_the_money_waits() -> None:
    assert keeping(72).report(when=at(days=12, hours=20)).order.accident == Accident(
        reported_at=at(days=12, hours=20), due=at(days=13, hours=8)
    )


def test_money_that_waits_does_not_wait_for_ever() -> None:
    deal = keeping(72).report(when=at(days=12, hours=1)).until(at(days=15, hours=1))
    assert [name_of(event) for event in deal.events[-2:]] == ["accident_overdue", "portions_released"]
    assert deal.order.closed_at == at(days=15, hours=1)


def test_a_freeze_shorter_than_what_is_left_changes_nothing() -> None:
    deal = keeping(12, settlement_delay_hours=48).report(when=at(days=12, hours=1))
    assert settles(deal) == {(LINE_1, at(days=14)), (LINE_2, at(days=14))}
    assert {one.kept_since for one in deal.order.portions} == {None}


def test_the_provider_s_ceiling_ends_the_wait() -> None:
    rules = policy(
        receipt={"accident_freeze_hours": 240},
        providers=[{"name": "sandbox", "ceiling_days": 14}],  # type: ignore[arg-type]
    )
    deal = delivered(place(policy=rules)).confirm(LINE_1, when=CONFIRMED_AT).report(when=at(days=12, hours=1))
    assert (LINE_1, at(days=14, hours=1)) in settles(deal)


def test_a_no_has_reasons_and_leaves_the_money_where_it_would_have_been() -> None:
    deal = keeping(72).report(LINE_1, when=at(days=12, hours=1)).decline(when=at(days=12, hours=3))
    declined = deal.events[-1]
    assert isinstance(declined, AccidentDeclined)
    assert declined.reasons == "The parcel was collected an hour before."
    assert settles(deal) == {(LINE_1, LEAVES_AT), (LINE_2, LEAVES_AT)}
    assert {one.kept_since for one in deal.order.portions} == {None}


def test_a_no_after_that_time_lets_the_money_go_at_once() -> None:
    deal = kept().decline()
    assert [name_of(event) for event in deal.events[-2:]] == ["accident_declined", "portions_released"]
    assert deal.order.closed_at == deal.now


def test_a_no_can_be_followed_by_the_undo_until_the_money_leaves() -> None:
    deal = accident_reported().decline().undo(LINE_1, when=at(days=12, hours=4))
    assert [one.state for one in deal.order.portions] == [PortionState.HELD, PortionState.CONFIRMED]


def test_the_undo_answers_the_report_and_what_is_confirmed_anew_can_be_reported_anew() -> None:
    deal = accident_reported().undo(LINE_1)
    assert deal.order.accident is None
    assert {one.accident for one in deal.order.portions} == {None}
    again = deal.confirm(LINE_1, when=at(days=13, hours=1)).report(LINE_1)
    assert again.order.accident is not None


def test_an_undo_of_a_part_leaves_the_rest_to_be_answered() -> None:
    deal = all_confirmed().report().undo(LINE_1)
    assert deal.order.accident is not None
    [answer] = coming(deal, Kind.ACCIDENT)
    assert answer.lines == (LINE_2,)


def test_of_two_reports_the_sooner_answer_counts() -> None:
    deal = all_confirmed().report(LINE_1, when=at(days=12, hours=1)).report(LINE_2, when=at(days=12, hours=5))
    assert deal.order.accident == Accident(reported_at=at(days=12, hours=1), due=at(days=12, hours=13))


def test_what_was_said_is_not_said_twice() -> None:
    assert all_confirmed().report().refused(ReportAccident(), BUYER).reason is Reason.ACCIDENT_REPORTED
    declined = all_confirmed().report().decline()
    assert declined.refused(ReportAccident(), BUYER).reason is Reason.ACCIDENT_ANSWERED


def test_each_line_says_whether_it_can_be_reported() -> None:
    deal = accident_reported()
    found = {
        line: [(one.available, one.code) for one in offered if one.name == "report_accident"]
        for line, offered in line_actions(deal.order, BUYER, deal.now).items()
    }
    assert found == {LINE_1: [(False, Reason.ACCIDENT_REPORTED)], LINE_2: [(True, None)]}


def test_a_bad_report_names_the_field_at_fault() -> None:
    deal = all_confirmed()
    for command, field in (
        (ReportAccident(lines=(LINE_1, LINE_1)), "lines[1]"),
        (ReportAccident(lines=(part(LINE_2, 4),)), "lines[0].quantity"),
    ):
        assert deal.refused(command, BUYER).field == field


def test_nobody_answers_as_staff_in_a_deal_of_their_own() -> None:
    for person in (BUYER.id, SELLER.id):
        for command in (DeclineAccident(reasons="No."), UndoReceipt(lines=(LINE_1,), why="pressed by accident")):
            refused = accident_reported().refused(command, Actor(Role.SUPPORT, person))
            assert refused.reason is Reason.CONFLICT_OF_INTEREST


def test_an_outage_gives_support_the_time_that_it_took() -> None:
    outage = RecordOutage(start=at(days=12, hours=3), end=at(days=12, hours=14))
    deal = keeping(72).report(when=at(days=12, hours=1)).do(outage, OPERATOR, at(days=12, hours=14))
    assert deal.order.accident == Accident(reported_at=at(days=12, hours=1), due=at(days=13))


def test_the_seller_s_forecast_has_the_money_that_waits() -> None:
    found = {one.lines: (one.at, one.latest) for one in forecast(keeping(72).report(LINE_1).order)}
    assert found == {(LINE_1,): (at(days=15), False), (LINE_2,): (LEAVES_AT, False)}


def test_a_freeze_that_ends_before_the_answer_is_due_is_no_policy() -> None:
    rules = {"name": "odd", "receipt": {"accident_freeze_hours": 6, "accident_answer_hours": 12}}
    assert read_policy(rules) == (
        PolicyProblem(
            "receipt.accident_freeze_hours", "ends before accident_answer_hours: the answer would come too late"
        ),
    )
