"""Reviews are revised as the policy says, and answered once (S28, S29)."""

from __future__ import annotations

import pytest

from fairhold.domain.actors import SYSTEM, Actor
from fairhold.domain.commands import RecordOutage
from fairhold.domain.guards import review_actions
from fairhold.domain.instants import Instant
from fairhold.domain.policy import ReviewTerms
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import ReviewStatus, Verdict
from fairhold.domain.review_commands import ModerateReview, ReplyToReview, Screened
from fairhold.domain.review_guards import MAX_VERSIONS
from fairhold.domain.reviewing import revisable_until
from tests.builders import (
    BUYER,
    LINE_1,
    LINE_2,
    MEDIATOR,
    OPERATOR,
    REVIEW_1,
    REVIEW_2,
    SELLER,
    SUPPORT,
    at,
    completed,
    length,
    said_anew,
)
from tests.states import ruled_today

THANKS = ReplyToReview(review=REVIEW_1, text="Thank you.")
OFF, HIGH, UP = Reason.REVISION_OFF, Reason.RATING_TOO_HIGH_TO_REVISE, Reason.ONLY_UPWARD

ALLOWED: dict[str, tuple[tuple[str, ...], ...]] = {
    "below_three_upward": (("=", "+", "+", "+", "+"), ("-", "=", "+", "+", "+"), *((".",) * 5,) * 3),
    "below_three": (("+",) * 5, ("+",) * 5, *((".",) * 5,) * 3),
    "upward": (
        ("=", "+", "+", "+", "+"),
        ("-", "=", "+", "+", "+"),
        ("-", "-", "=", "+", "+"),
        ("-", "-", "-", "=", "+"),
        (".",) * 5,
    ),
    "any": (("+",) * 5,) * 5,
    "none": (("o",) * 5,) * 5,
}
"""By policy: a row for each rating before, a column for each after it. `+` can be done; `o` revision is off; `.` the stars
before are too many; `-` and `=` they would fall, or stay, and may only rise."""
MEANS = {"+": None, "o": OFF, ".": HIGH, "-": UP, "=": UP}


@pytest.mark.parametrize("option", ALLOWED)
@pytest.mark.parametrize("actor", [BUYER, SELLER])
def test_stars_are_revised_as_the_policy_says_by_either_side_s28(option: str, actor: Actor) -> None:
    for before, row in enumerate(ALLOWED[option], 1):
        deal = completed(revision=option).review(actor, before)
        for after, cell in enumerate(row, 1):
            answer = deal.ask(said_anew(after), actor)
            reason = answer.reason if isinstance(answer, Refusal) else None
            assert reason is MEANS[cell], f"{before} to {after} under {option}"


def test_at_exactly_three_the_button_is_off_s28() -> None:
    deal = completed().review(BUYER, 3)
    offered = {action.name: action for action in review_actions(deal.order, deal.reviewed, BUYER, deal.now)}
    assert (offered["revise_review"].available, offered["revise_review"].code) == (False, HIGH)


def test_the_stars_before_are_named_where_they_may_only_rise() -> None:
    assert completed().review(BUYER, 2).refused(said_anew(1), BUYER) == Refusal(UP, "rating", 2)


@pytest.mark.parametrize("days", [None, 1, 29, 31, 60])
def test_a_review_is_revised_within_so_many_days_of_being_left_s28(days: int | None) -> None:
    """Thirty where the policy says nothing; at the very end it is too late."""
    deal = completed(**({} if days is None else {"revision_days": days})).review(BUYER, 1, at(days=20))
    end = at(days=20 + (days or 30))
    assert revisable_until(deal.order, deal.reviewed) == end
    assert deal.revise(BUYER, 2, Instant(end - 1)).reviewed.version == 2
    assert deal.refused(said_anew(2), BUYER, end).reason is Reason.REVISION_TOO_LATE


def test_the_time_runs_from_the_first_version_and_whether_or_not_the_window_is_over_s28() -> None:
    deal = completed().review(BUYER, 1, at(days=41)).revise(BUYER, 2, at(days=60))
    assert (deal.reviewed.left_at, deal.reviewed.revised_at) == (at(days=41), at(days=60))
    assert deal.refused(said_anew(5), BUYER, at(days=71)).reason is Reason.REVISION_TOO_LATE


def test_an_outage_gives_back_what_it_took_of_the_time_to_revise() -> None:
    deal = completed().review(BUYER, 1, at(days=20))
    deal = deal.do(RecordOutage(start=at(days=49), end=at(days=51)), OPERATOR, at(days=51))
    assert revisable_until(deal.order, deal.order.reviews[0]) == at(days=52)


def test_the_rules_of_the_day_say_what_is_revised() -> None:
    deal = completed(revision="none").review(BUYER, 5)
    free = ReviewTerms(revision="any", revision_for=length(days=1))
    assert ruled_today(deal, free).revise(BUYER, 1).reviewed.rating == 1
    assert ruled_today(deal, free).refused(said_anew(1), BUYER, at(days=15)).reason is Reason.REVISION_TOO_LATE


def test_a_new_version_replaces_everything_that_was_said() -> None:
    first = completed().review(BUYER, 2, description_accuracy=1, anonymous=False)
    second = first.revise(BUYER, 4, communication=5, when=at(days=15)).reviewed
    assert (second.version, second.rating, second.anonymous) == (2, 4, True)
    assert (second.description_accuracy, second.communication) == (None, 5)
    assert [line.rating for line in second.lines] == [4, 4]
    assert [line.line for line in second.lines] == [LINE_1, LINE_2]


def test_versions_count_up_to_a_bound() -> None:
    deal = completed(revision="any").review(BUYER, 1)
    for version in range(2, MAX_VERSIONS + 1):
        deal = deal.revise(BUYER, 1)
        assert deal.reviewed.version == version
    assert deal.refused(said_anew(1), BUYER).reason is Reason.TOO_MANY_VERSIONS


@pytest.mark.parametrize("actor", [SELLER, MEDIATOR, SUPPORT, OPERATOR, SYSTEM])
def test_nobody_else_revises_a_review(actor: Actor) -> None:
    assert completed().review(BUYER, 1).refused(said_anew(5), actor).reason is Reason.NOT_ALLOWED


def test_nobody_revises_what_silence_is_taken_for() -> None:
    deal = completed(revision="any").review(BUYER, 5).until(at(days=42))
    automatic = deal.reviewed
    assert automatic.automatic
    assert deal.refused(said_anew(1, automatic.id), SELLER).reason is Reason.NOT_ALLOWED
    assert "revise_review" not in {one.name for one in review_actions(deal.order, automatic, SELLER, deal.now)}


def test_each_side_revises_its_own() -> None:
    deal = completed().review(BUYER, 1).review(SELLER, 2)
    assert deal.do(said_anew(3, REVIEW_2), SELLER).order.reviews[1].rating == 3
    assert deal.refused(said_anew(3, REVIEW_1), SELLER).reason is Reason.NOT_ALLOWED


def test_what_a_moderator_has_to_look_at_can_be_said_without_it() -> None:
    held = Screened(length=1, held=("contact",))
    deal = completed().review(BUYER, 1, text="…", screened=held)
    assert deal.revise(BUYER, 2).reviewed.status is ReviewStatus.PUBLISHED
    again = completed().review(BUYER, 1).revise(BUYER, 2, text="…", screened=held)
    assert again.reviewed.status is ReviewStatus.IN_MODERATION


@pytest.mark.parametrize("verdict", [Verdict.HIDE, Verdict.WITHDRAW])
def test_what_was_taken_down_is_not_revised_but_contested(verdict: Verdict) -> None:
    gone = ModerateReview(review=REVIEW_1, decision=verdict, reasons="as the rules say")
    deal = completed().review(BUYER, 1).do(gone, MEDIATOR)
    assert deal.refused(said_anew(5), BUYER).reason is Reason.REVIEW_TAKEN_DOWN


# S29: the other side answers


@pytest.mark.parametrize(("author", "other"), [(BUYER, SELLER), (SELLER, BUYER)])
def test_the_other_side_answers_once_s29(author: Actor, other: Actor) -> None:
    deal = completed().review(author, 5).do(THANKS, other)
    assert deal.reviewed.reply is not None
    assert (deal.reviewed.reply.version, deal.reviewed.reply.at) == (1, deal.now)
    assert deal.refused(THANKS, other).reason is Reason.ALREADY_REPLIED


@pytest.mark.parametrize("actor", [BUYER, MEDIATOR, SUPPORT, OPERATOR, SYSTEM])
def test_nobody_else_answers_s29(actor: Actor) -> None:
    assert completed().review(BUYER, 5).refused(THANKS, actor).reason is Reason.NOT_ALLOWED


def test_an_answer_is_to_the_version_that_was_there_and_stays_when_it_is_revised() -> None:
    deal = completed().review(BUYER, 1).revise(BUYER, 2).do(THANKS, SELLER)
    assert deal.reviewed.reply is not None
    assert deal.reviewed.reply.version == 2
    assert deal.revise(BUYER, 5).reviewed.reply == deal.reviewed.reply


def test_an_answer_has_no_deadline() -> None:
    assert completed().review(BUYER, 3).do(THANKS, SELLER, at(days=400)).order.reviews[0].reply is not None


def test_what_nobody_wrote_is_not_answered() -> None:
    deal = completed().review(SELLER, 5).until(at(days=42))
    reply = ReplyToReview(review=deal.reviewed.id, text="Thank you.")
    assert deal.refused(reply, SELLER).reason is Reason.AUTOMATIC_REVIEW


def test_what_waits_for_a_moderator_cannot_be_seen_and_what_was_withdrawn_cannot_be_answered() -> None:
    held = completed().review(BUYER, 1, text="…", screened=Screened(length=1, held=("contact",)))
    assert held.refused(THANKS, SELLER).reason is Reason.UNKNOWN_REVIEW
    withdraw = ModerateReview(review=REVIEW_1, decision=Verdict.WITHDRAW, reasons="a court said so")
    gone = completed().review(BUYER, 1).do(withdraw, MEDIATOR)
    assert gone.refused(THANKS, SELLER).reason is Reason.NOT_PUBLISHED
