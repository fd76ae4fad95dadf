"""Moderators decide on reviews and replies, authors contest once, and each sees what they may (S29, S32, S33)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fairhold.access import is_public_photo, may_know_of
from fairhold.domain.actors import SYSTEM, Actor, Role
from fairhold.domain.evidence import Evidence, PhotoId
from fairhold.domain.guards import review_actions
from fairhold.domain.ids import PersonId
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Moderated, Part, ReviewStatus, Standing, Verdict
from fairhold.domain.review_commands import ContestModeration, ModerateReview, ReplyToReview, Screened
from fairhold.domain.review_events import ReviewsClosed
from fairhold.domain.review_guards import is_named, may_see_review
from tests.builders import (
    BUYER,
    MEDIATOR,
    OPERATOR,
    OTHER_MEDIATOR,
    REVIEW_1,
    SELLER,
    STRANGE_BUYER,
    STRANGE_SELLER,
    SUPPORT,
    Deal,
    at,
    completed,
    said_anew,
)

REPLY = ReplyToReview(review=REVIEW_1, text="Thank you.")
HELD = Screened(length=1, held=("contact",))
RELATED = Actor(Role.MEDIATOR, BUYER.id)


def decision(verdict: str, part: str = "review") -> ModerateReview:
    return ModerateReview(review=REVIEW_1, decision=Verdict(verdict), reasons="as the rules say", part=Part(part))


def contest(part: str = "review") -> ContestModeration:
    return ContestModeration(review=REVIEW_1, text="It is true.", part=Part(part))


def reviewed() -> Deal:
    return completed().review(BUYER, 2)


def answered() -> Deal:
    return reviewed().do(REPLY, SELLER)


def standing(deal: Deal, part: str) -> Standing:
    review = deal.order.reviews[0]
    if part == "review":
        return review.moderated.standing
    assert review.reply is not None
    return review.reply.moderated.standing


# deciding


@pytest.mark.parametrize("part", ["review", "reply"])
@pytest.mark.parametrize(
    ("verdict", "made"), [("hide", Standing.HIDDEN), ("withdraw", Standing.WITHDRAWN), ("publish", Standing.STANDING)]
)
def test_a_moderator_decides_on_a_review_and_on_the_reply_apart(part: str, verdict: str, made: Standing) -> None:
    held = completed().review(BUYER, 2).do(ReplyToReview(review=REVIEW_1, text="…", screened=HELD), SELLER)
    deal = held if part == "reply" else completed().review(BUYER, 2, text="…", screened=HELD)
    after = deal.do(decision(verdict, part), MEDIATOR)
    assert standing(after, part) is made
    other = "review" if part == "reply" else "reply"
    if part == "reply":
        assert standing(after, other) is Standing.STANDING


def test_who_decided_is_kept_and_the_author_is_told_the_reasons() -> None:
    deal = reviewed().do(decision("hide"), MEDIATOR).do(decision("publish"), OPERATOR)
    assert deal.reviewed.moderated == Moderated(by=(MEDIATOR.id, OPERATOR.id))
    assert getattr(deal.events[-1], "reasons", "") == "as the rules say"


@pytest.mark.parametrize("actor", [BUYER, SELLER, SUPPORT, SYSTEM])
def test_only_mediators_and_the_operator_moderate(actor: Actor) -> None:
    assert reviewed().refused(decision("hide"), actor).reason is Reason.NOT_ALLOWED
    for staff in (MEDIATOR, OPERATOR):
        assert reviewed().do(decision("hide"), staff).reviewed.status is ReviewStatus.HIDDEN


@pytest.mark.parametrize("person", [BUYER.id, SELLER.id])
def test_nobody_moderates_a_deal_of_their_own(person: PersonId) -> None:
    related = Actor(Role.MEDIATOR, person)
    assert reviewed().refused(decision("hide"), related).reason is Reason.CONFLICT_OF_INTEREST


def test_what_is_so_already_is_refused() -> None:
    assert answered().refused(decision("publish", "reply"), MEDIATOR) == Refusal(Reason.ALREADY_PUBLISHED, "decision")
    for verdict in ("hide", "withdraw"):
        gone = reviewed().do(decision(verdict), MEDIATOR)
        assert gone.refused(decision(verdict), MEDIATOR) == Refusal(Reason.REVIEW_TAKEN_DOWN, "decision")
    withdrawn = reviewed().do(decision("hide"), MEDIATOR).do(decision("withdraw"), MEDIATOR)
    assert withdrawn.reviewed.status is ReviewStatus.WITHDRAWN


def test_a_review_that_strangers_reported_can_be_left_where_it_is() -> None:
    left = reviewed().do(decision("publish"), MEDIATOR)
    assert left.reviewed.status is ReviewStatus.PUBLISHED


def test_there_is_no_reply_to_decide_about() -> None:
    assert reviewed().refused(decision("hide", "reply"), MEDIATOR).reason is Reason.NO_REPLY
    assert reviewed().refused(contest("reply"), SELLER).reason is Reason.NO_REPLY


def test_nobody_moderates_what_nobody_wrote() -> None:
    deal = completed().review(BUYER, 5).until(at(days=42))
    command = ModerateReview(review=deal.reviewed.id, decision=Verdict.HIDE, reasons="no")
    assert deal.refused(command, MEDIATOR).reason is Reason.AUTOMATIC_REVIEW
    assert deal.refused(ContestModeration(review=deal.reviewed.id, text="no"), SELLER).reason is Reason.NOT_ALLOWED


def test_a_review_can_be_moderated_long_after_the_window() -> None:
    assert reviewed().do(decision("withdraw"), OPERATOR, at(days=900)).order.reviews[0].status is ReviewStatus.WITHDRAWN


# contesting


@pytest.mark.parametrize(("part", "author"), [("review", BUYER), ("reply", SELLER)])
@pytest.mark.parametrize("verdict", ["hide", "withdraw"])
def test_an_author_contests_once_and_another_moderator_decides(part: str, author: Actor, verdict: str) -> None:
    gone = answered().do(decision(verdict, part), MEDIATOR)
    contested = gone.do(contest(part), author)
    assert standing(contested, part) is standing(gone, part), "until then it stays away"
    assert contested.refused(contest(part), author).reason is Reason.ALREADY_CONTESTED
    assert contested.refused(decision("publish", part), MEDIATOR).reason is Reason.SAME_MEDIATOR
    assert contested.refused(decision("publish", part), RELATED).reason is Reason.CONFLICT_OF_INTEREST
    for moderator in (OTHER_MEDIATOR, OPERATOR):
        shown = contested.do(decision("publish", part), moderator)
        assert standing(shown, part) is Standing.STANDING
        assert shown.refused(contest(part), author).reason is Reason.NOT_TAKEN_DOWN
        upheld = contested.do(decision(verdict, part), moderator)
        assert standing(upheld, part) is standing(gone, part)
        assert upheld.refused(contest(part), author).reason is Reason.ALREADY_CONTESTED


def test_two_sides_of_one_review_contest_apart() -> None:
    deal = answered().do(decision("hide", "reply"), MEDIATOR).do(contest("reply"), SELLER)
    assert deal.refused(contest(), BUYER).reason is Reason.NOT_TAKEN_DOWN
    hidden = deal.do(decision("hide"), MEDIATOR).do(contest(), BUYER)
    assert hidden.reviewed.moderated.reopened
    assert hidden.refused(contest("reply"), SELLER).reason is Reason.UNKNOWN_REVIEW, "the review is hidden from them"


@pytest.mark.parametrize(("part", "others"), [("review", (SELLER, MEDIATOR, SUPPORT)), ("reply", (BUYER, OPERATOR))])
def test_only_the_author_contests(part: str, others: tuple[Actor, ...]) -> None:
    gone = answered().do(decision("withdraw", part), MEDIATOR)
    for actor in others:
        assert gone.refused(contest(part), actor).reason is Reason.NOT_ALLOWED


def test_what_was_not_taken_down_is_not_contested() -> None:
    assert reviewed().refused(contest(), BUYER).reason is Reason.NOT_TAKEN_DOWN
    held = completed().review(BUYER, 2, text="…", screened=HELD)
    assert held.refused(contest(), BUYER).reason is Reason.NOT_TAKEN_DOWN


def test_a_new_version_is_read_anew_and_can_be_contested_anew() -> None:
    deal = reviewed().do(decision("hide"), MEDIATOR).do(contest(), BUYER).do(decision("publish"), OTHER_MEDIATOR)
    revised = deal.revise(BUYER, 4)
    assert revised.reviewed.moderated == Moderated()
    assert revised.do(decision("hide"), MEDIATOR).do(contest(), BUYER).reviewed.moderated.reopened


# who sees what


def test_a_stranger_learns_nothing_of_a_review() -> None:
    for actor in (STRANGE_BUYER, STRANGE_SELLER):
        for command in (said_anew(5), REPLY, decision("hide"), contest()):
            assert reviewed().refused(command, actor).reason is Reason.NOT_FOUND
        assert review_actions(reviewed().order, reviewed().reviewed, actor, reviewed().now) == ()


def names(deal: Deal, actor: Actor) -> set[str]:
    return {action.name for action in review_actions(deal.order, deal.reviewed, actor, deal.now)}


def test_actions_of_a_review_are_those_that_concern_the_reader() -> None:
    deal = reviewed()
    assert names(deal, BUYER) == {"revise_review", "contest_moderation"}
    assert names(deal, SELLER) == {"reply_to_review"}
    assert names(deal, MEDIATOR) == names(deal, OPERATOR) == {"moderate_review"}
    assert names(deal, SUPPORT) == set()
    assert names(deal.do(decision("hide"), MEDIATOR), SELLER) == set()


@pytest.mark.parametrize(
    ("made", "seen"),
    [
        (lambda: completed().review(BUYER, 2), True),
        (lambda: completed(publication="blind").review(BUYER, 2), False),
        (lambda: completed().review(BUYER, 2, text="…", screened=HELD), False),
        (lambda: reviewed().do(decision("hide"), MEDIATOR), False),
        (lambda: reviewed().do(decision("withdraw"), MEDIATOR), True),
    ],
    ids=["published", "blind", "held", "hidden", "withdrawn"],
)
def test_the_other_side_sees_a_review_once_everybody_does(made: Callable[[], Deal], seen: bool) -> None:
    review = made().reviewed
    assert may_see_review(review, SELLER) is seen
    for actor in (BUYER, MEDIATOR, OPERATOR, SUPPORT, SYSTEM):
        assert may_see_review(review, actor)


def test_an_anonymous_review_keeps_its_order_from_the_seller_s32() -> None:
    deal = reviewed().do(REPLY, SELLER).do(decision("hide", "reply"), MEDIATOR).revise(BUYER, 4)
    said = deal.events[-4:]
    for event in said:
        assert not may_know_of(SELLER, deal.order, event), event
        for actor in (BUYER, MEDIATOR, SUPPORT, OPERATOR):
            assert may_know_of(actor, deal.order, event)
    assert not is_named(deal.reviewed, SELLER)


def test_a_signed_review_names_its_order_s32() -> None:
    deal = completed().review(BUYER, 2, anonymous=False)
    assert may_know_of(SELLER, deal.order, deal.events[-1])
    hidden = deal.revise(BUYER, 4, anonymous=True)
    assert not may_know_of(SELLER, hidden.order, hidden.events[-2]), "what was signed before is anonymous now"


def test_a_blind_review_is_nobodys_but_its_authors_even_where_it_is_signed() -> None:
    deal = completed(publication="blind").review(BUYER, 2, anonymous=False)
    assert not may_know_of(SELLER, deal.order, deal.events[-1])
    shown = deal.until(at(days=42))
    assert may_know_of(SELLER, shown.order, deal.events[-1])


def test_the_end_of_the_time_for_reviews_tells_the_other_side_nothing_of_an_anonymous_one_s32() -> None:
    """It is there, and rates silence, only where somebody has written."""
    anonymous = completed().review(BUYER, 5).until(at(days=42))
    end = anonymous.events[-1]
    assert isinstance(end, ReviewsClosed)
    assert [may_know_of(actor, anonymous.order, end) for actor in (BUYER, SELLER, MEDIATOR)] == [True, False, True]
    signed = completed().review(BUYER, 5, anonymous=False).until(at(days=42))
    assert may_know_of(SELLER, signed.order, signed.events[-1])


def test_everything_else_is_known_to_both_sides() -> None:
    deal = completed().review(BUYER, 5)
    assert all(may_know_of(actor, deal.order, event) for actor in (BUYER, SELLER) for event in deal.events[:-1])


def test_a_photo_is_everybodys_as_long_as_a_published_review_shows_it() -> None:
    photo = Evidence(PhotoId("p1"), "0" * 64)
    deal = completed().review(BUYER, 2, photos=(photo,))
    assert is_public_photo(photo.id, [deal.order])
    assert not is_public_photo(PhotoId("p2"), [deal.order])
    assert not is_public_photo(photo.id, [deal.do(decision("hide"), MEDIATOR).order])
    assert not is_public_photo(photo.id, [deal.revise(BUYER, 4).order])
    assert not is_public_photo(photo.id, [completed(publication="blind").review(BUYER, 2, photos=(photo,)).order])
