"""What the policy decides about reviews: who is barred, what silence brings, when a review is shown (S23, S26, S27, S31)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fairhold.domain.actors import Actor, Role
from fairhold.domain.coming import Because, Effect, Kind
from fairhold.domain.deadlines import deadlines, next_deadline
from fairhold.domain.policy import ReviewTerms
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Part, ReviewStatus, Verdict, automatic_id
from fairhold.domain.review_commands import ModerateReview, ReplyToReview, Screened
from fairhold.domain.review_events import ReviewsClosed, ReviewWritten
from tests.builders import (
    BUYER,
    ID,
    LINE_1,
    LINE_2,
    MEDIATOR,
    OTHER_MEDIATOR,
    REVIEW_1,
    SELLER,
    SEND_ANEW,
    Deal,
    at,
    completed,
    delivered,
    new_line,
    paid,
    part,
    partly_shipped,
    place,
    policy,
    said_anew,
    said_of,
    start,
)
from tests.states import ruled_today

END = at(days=42)
"""Of the time for reviews of `completed`, under a policy that leaves the thirty days."""


def fresh(**reviews: object) -> Deal:
    """Delivered, on day 12, under these rules."""
    return delivered(place(policy=policy(reviews=reviews)))


# S23: who is barred. Every deal below is over, or has a line that is completed.


def undisputed(**reviews: object) -> Deal:
    return fresh(**reviews).confirm(LINE_1, LINE_2)


def claimed_and_ruled(**reviews: object) -> Deal:
    return fresh(**reviews).confirm(LINE_2).dispute(LINE_1).escalate().rule(1).until(at(days=20))


def claimed_and_withdrawn(**reviews: object) -> Deal:
    return fresh(**reviews).dispute(LINE_1).escalate().withdraw().confirm(LINE_1, LINE_2)


def claimed_and_settled(**reviews: object) -> Deal:
    return fresh(**reviews).confirm(LINE_2).dispute(LINE_1).escalate().offer(SELLER, 700).accept(BUYER)


def all_refunded(**reviews: object) -> Deal:
    return fresh(**reviews).dispute(LINE_1, LINE_2).accept(SELLER)


def refunded_by_silence(**reviews: object) -> Deal:
    return fresh(**reviews).dispute(LINE_1, LINE_2).until(at(days=17))


def one_line_refunded(**reviews: object) -> Deal:
    return fresh(**reviews).dispute(LINE_1).accept(SELLER).confirm(LINE_2)


def partly_refunded(**reviews: object) -> Deal:
    return fresh(**reviews).dispute(LINE_1, LINE_2).offer(SELLER, 300).accept(BUYER)


def withdrawn(**reviews: object) -> Deal:
    return fresh(**reviews).dispute(LINE_1).withdraw().confirm(LINE_1, LINE_2)


def sent_anew(**reviews: object) -> Deal:
    return fresh(**reviews).dispute(LINE_1, kind="resend").accept(SELLER).do(SEND_ANEW, SELLER).confirm(LINE_1, LINE_2)


def still_open(**reviews: object) -> Deal:
    return fresh(**reviews).confirm(LINE_2).dispute(LINE_1)


def nothing_given(**reviews: object) -> Deal:
    return fresh(**reviews).confirm(LINE_2).dispute(LINE_1).offer(SELLER, 0).accept(BUYER)


def one_given_one_withdrawn(**reviews: object) -> Deal:
    deal = fresh(**reviews).dispute(LINE_1).withdraw()
    return deal.dispute(LINE_2).offer(SELLER, 300).accept(BUYER).confirm(LINE_1)


CLAIM, FULL, ANY = Reason.BARRED_BY_CLAIM, Reason.BARRED_BY_FULL_REFUND, Reason.BARRED_BY_DISPUTE

BARS: dict[Callable[..., Deal], tuple[Reason | None, Reason | None, Reason | None]] = {
    undisputed: (None, None, None),
    claimed_and_ruled: (CLAIM, ANY, ANY),
    claimed_and_withdrawn: (CLAIM, ANY, ANY),
    claimed_and_settled: (CLAIM, ANY, ANY),
    all_refunded: (FULL, None, ANY),
    refunded_by_silence: (FULL, None, ANY),
    one_line_refunded: (None, None, ANY),
    partly_refunded: (None, None, ANY),
    withdrawn: (None, ANY, ANY),
    sent_anew: (None, None, ANY),
    still_open: (None, ANY, ANY),
    nothing_given: (None, ANY, ANY),
    one_given_one_withdrawn: (None, ANY, ANY),
}
"""What bars the buyer under each of the three policies that bar; under the fourth nothing does."""


@pytest.mark.parametrize("story", BARS, ids=lambda story: story.__name__)
def test_a_dispute_bars_the_buyers_review_as_the_policy_says_s23(story: Callable[..., Deal]) -> None:
    options = ("claim_or_full_refund", "any_dispute_unless_refunded", "any_dispute", "none")
    for option, expected in zip(options, (*BARS[story], None), strict=True):
        deal = story(bar=option)
        answer = deal.ask(said_of(1), BUYER)
        assert (answer.reason if isinstance(answer, Refusal) else None) is expected, option
        assert deal.review(SELLER, 1).reviewed.by is Role.SELLER, "a seller is never barred"


def test_a_full_refund_of_all_that_was_sent_bars_even_where_the_rest_never_was_s23() -> None:
    deal = partly_shipped().dispute(LINE_1).accept(SELLER).until(at(days=8))
    assert deal.order.money.refunded == 1900
    assert deal.refused(said_of(1), BUYER).reason is FULL


def test_an_earlier_dispute_over_what_came_back_does_not_lift_the_bar_s23() -> None:
    deal = start(place(lines=(new_line(sku="a"), new_line(sku="b")))).pay().ship(LINE_1, when=at(days=1))
    deal = deal.ship(LINE_2).dispute(LINE_1, when=at(days=2)).withdraw().scan("returned_to_sender", at(days=3))
    deal = deal.dispute(LINE_2).accept(SELLER).until(at(days=8))
    assert deal.order.money.refunded == 2000
    assert deal.refused(said_of(1), BUYER).reason is FULL


def test_a_refund_of_some_units_of_a_line_is_no_full_one_s23() -> None:
    deal = fresh().dispute(part(LINE_2, 2)).accept(SELLER).confirm(LINE_1, LINE_2)
    assert deal.review(BUYER, 1).reviewed.rating == 1


# S26, S27: what silence brings

GIVEN = (None, 1, 2, 3, 4, 5)


def silence(option: str, buyers: int | None, sellers: int | None) -> list[tuple[str, int]]:
    """What the source says is added: to whom who wrote nothing is taken to have given how many stars."""
    stars = {"buyer": buyers, "seller": sellers}
    found = []
    for side, other in (("buyer", "seller"), ("seller", "buyer")):
        given = stars[other] or 0
        if stars[side] is not None:
            continue
        if option == "four_for_four" and given >= 4:
            found.append((side, 4))
        if option == "same_for_five" and given == 5:
            found.append((side, 5))
        if option == "five_for_silent_buyer" and side == "buyer":
            found.append((side, 5))
    return found


@pytest.mark.parametrize("option", ["four_for_four", "same_for_five", "five_for_silent_buyer", "none"])
def test_silence_is_answered_as_the_policy_says_s26_s27(option: str) -> None:
    deal = completed(automatic=option)
    for buyers in GIVEN:
        for sellers in GIVEN:
            told = deal
            for actor, rating in ((BUYER, buyers), (SELLER, sellers)):
                told = told.review(actor, rating) if rating is not None else told
            after = told.until(END)
            added = [(one.by.value, one.rating) for one in after.order.reviews if one.automatic]
            assert added == silence(option, buyers, sellers), (option, buyers, sellers)


def test_it_comes_at_the_end_of_the_window_and_not_before_s26() -> None:
    deal = completed().review(BUYER, 5)
    assert len(deal.until(at(days=41, hours=23, minutes=59)).order.reviews) == 1
    added = deal.until(at(days=50)).reviewed
    assert (added.id, added.by, added.left_at) == (automatic_id(ID, Role.SELLER), Role.SELLER, END)
    assert (added.status, added.counts, added.lines) == (ReviewStatus.PUBLISHED, False, ())


def test_a_buyer_who_said_nothing_has_rated_what_reached_them_and_nothing_else() -> None:
    deal = paid().ship(LINE_1, when=at(days=1)).scan("delivered", at(days=11)).confirm(LINE_1, when=at(days=12))
    added = deal.review(SELLER, 5).until(END).reviewed
    assert (added.by, added.automatic) == (Role.BUYER, True)
    assert [line.line for line in added.lines] == [LINE_1], "the cups were never shipped"


def test_the_name_of_what_a_side_is_taken_to_have_said_never_changes() -> None:
    """Whoever was shown it before the deadline was written down still finds it after an update."""
    assert automatic_id(ID, Role.SELLER) == "1056vs5h284etx6ep000"
    assert automatic_id(ID, Role.BUYER) == "1qzr29d5rr2q7f1v4000"


def test_what_is_to_come_is_a_deadline_like_any_other() -> None:
    deal = completed().review(BUYER, 1)
    (coming,) = deadlines(deal.order)
    assert (coming.kind, coming.because, coming.effect, coming.at) == (
        Kind.REVIEW,
        Because.REVIEWS_OPEN,
        Effect.CLOSE_REVIEWS,
        END,
    )
    assert (coming.spans, coming.amount, coming.owner) == ((), 0, Role.SYSTEM)
    assert next_deadline(deal.order) == END


def test_nothing_is_to_come_where_nobody_wrote_or_both_did() -> None:
    assert next_deadline(completed().order) is None
    assert next_deadline(completed().review(BUYER, 5).review(SELLER, 1).order) is None
    assert next_deadline(completed().review(BUYER, 5).until(END).order) is None


def test_a_buyer_who_says_nothing_at_all_gives_five_where_the_policy_says_so() -> None:
    deal = completed(automatic="five_for_silent_buyer")
    assert next_deadline(deal.order) == END
    assert [(one.by, one.rating, one.automatic) for one in deal.until(END).order.reviews] == [(Role.BUYER, 5, True)]


@pytest.mark.parametrize("option", ["four_for_four", "same_for_five", "five_for_silent_buyer"])
def test_a_side_that_was_barred_did_not_stay_silent_s23(option: str) -> None:
    deal = claimed_and_ruled(automatic=option).review(SELLER, 5)
    assert [one for one in deal.until(at(days=400)).order.reviews if one.automatic] == []
    assert next_deadline(claimed_and_ruled(automatic=option).order) is None


def test_stars_that_are_raised_after_the_end_bring_nothing_more_s27_s28() -> None:
    deal = completed().review(BUYER, 2, at(days=30)).until(END).revise(BUYER, 5, at(days=50))
    assert deal.reviewed.rating == 5
    assert next_deadline(deal.order) is None
    assert len(deal.until(at(days=400)).order.reviews) == 1


def test_stars_that_are_raised_before_the_end_count_as_they_then_are() -> None:
    deal = completed().review(BUYER, 2).revise(BUYER, 4).until(END)
    assert [(one.by, one.rating) for one in deal.order.reviews if one.automatic] == [(Role.SELLER, 4)]


def moderated(deal: Deal, verdict: str, *, by: Actor = MEDIATOR) -> Deal:
    command = ModerateReview(review=REVIEW_1, decision=Verdict(verdict), reasons="as the rules say")
    return deal.do(command, by)


def test_what_waits_for_a_moderator_was_said_and_what_was_taken_down_was_not() -> None:
    held = completed().review(BUYER, 5, text="…", screened=Screened(length=1, held=("contact",)))
    assert len(held.until(END).order.reviews) == 2
    for verdict in ("hide", "withdraw"):
        gone = moderated(completed().review(BUYER, 5), verdict).until(END)
        assert len(gone.order.reviews) == 1


def test_what_is_shown_again_after_the_end_brings_nothing_more() -> None:
    gone = moderated(completed().review(BUYER, 5), "hide").until(at(days=50))
    shown = moderated(gone, "publish", by=OTHER_MEDIATOR)
    assert next_deadline(shown.order) is None
    assert len(shown.until(at(days=400)).order.reviews) == 1


def test_the_event_at_the_end_names_what_it_added() -> None:
    event = completed().review(BUYER, 4).until(END).events[-1]
    assert isinstance(event, ReviewsClosed)
    assert (event.at, event.by) == (END, "system")
    assert [(one.side, one.rating) for one in event.automatic] == [(Role.SELLER, 4)]


def test_the_rules_of_the_day_say_what_silence_brings_and_not_those_of_placing() -> None:
    deal = completed(automatic="none", bar="any_dispute").review(BUYER, 5)
    assert len(deal.until(END).order.reviews) == 1
    assert ruled_today(deal, ReviewTerms(automatic="same_for_five")).until(END).reviewed.rating == 5


# when a review is shown


def test_a_review_is_shown_at_once_by_the_usual_policy() -> None:
    for actor in (BUYER, SELLER):
        assert completed(publication="at_once").review(actor, 1).reviewed.status is ReviewStatus.PUBLISHED


@pytest.mark.parametrize(("first", "second"), [(BUYER, SELLER), (SELLER, BUYER)])
def test_a_blind_review_is_shown_when_both_have_written(first: Actor, second: Actor) -> None:
    deal = completed(publication="blind").review(first, 1)
    assert deal.reviewed.status is ReviewStatus.BLIND
    both = deal.review(second, 5)
    assert [one.status for one in both.order.reviews] == [ReviewStatus.PUBLISHED] * 2
    event = both.events[-1]
    assert isinstance(event, ReviewWritten)
    assert (event.blind, event.reveals) == (False, True)


@pytest.mark.parametrize("rating", [1, 5])
def test_a_blind_review_is_shown_at_the_end_of_the_window(rating: int) -> None:
    deal = completed(publication="blind", automatic="none").review(BUYER, rating)
    assert deal.until(at(days=41)).reviewed.status is ReviewStatus.BLIND
    assert deal.until(END).reviewed.status is ReviewStatus.PUBLISHED


def test_nobody_answers_what_they_cannot_see() -> None:
    reply = ReplyToReview(review=REVIEW_1, text="Thank you.")
    deal = completed(publication="blind").review(BUYER, 5)
    assert deal.refused(reply, SELLER) == Refusal(Reason.UNKNOWN_REVIEW)
    assert deal.until(END).do(reply, SELLER).order.reviews[0].reply is not None


def test_a_sellers_review_does_not_wait_for_a_buyer_who_is_barred_s23() -> None:
    deal = claimed_and_ruled(publication="blind")
    assert deal.review(SELLER, 5).reviewed.status is ReviewStatus.PUBLISHED


def test_a_sellers_blind_review_is_shown_at_the_end_though_the_buyer_was_barred_meanwhile_s23() -> None:
    deal = fresh(publication="blind").confirm(LINE_2).review(SELLER, 5)
    assert deal.reviewed.status is ReviewStatus.BLIND
    ruled = deal.dispute(LINE_1).escalate().rule(1).until(at(days=21))
    assert ruled.reviewed.status is ReviewStatus.BLIND
    over = ruled.until(at(days=60))
    assert [(one.by, one.status) for one in over.order.reviews] == [(Role.SELLER, ReviewStatus.PUBLISHED)]


def test_a_blind_review_can_be_revised_by_its_author_and_stays_blind_s28() -> None:
    deal = completed(publication="blind").review(BUYER, 1).revise(BUYER, 2)
    assert (deal.reviewed.rating, deal.reviewed.status) == (2, ReviewStatus.BLIND)


def test_a_blind_review_that_is_withdrawn_leaves_its_trace_when_it_would_have_been_shown() -> None:
    deal = moderated(completed(publication="blind").review(BUYER, 1), "withdraw")
    assert deal.reviewed.status is ReviewStatus.HIDDEN
    assert deal.refused(ReplyToReview(review=REVIEW_1, text="So?"), SELLER).reason is Reason.UNKNOWN_REVIEW
    assert deal.until(END).reviewed.status is ReviewStatus.WITHDRAWN


def test_what_a_moderator_lets_through_is_still_blind() -> None:
    held = Screened(length=1, held=("contact",))
    deal = completed(publication="blind").review(BUYER, 1, text="…", screened=held)
    assert deal.reviewed.status is ReviewStatus.IN_MODERATION
    assert moderated(deal, "publish").reviewed.status is ReviewStatus.BLIND
    assert deal.until(END).reviewed.status is ReviewStatus.IN_MODERATION


def test_a_policy_that_is_blind_no_more_shows_both_with_the_second() -> None:
    deal = ruled_today(completed(publication="blind").review(BUYER, 1), ReviewTerms())
    assert deal.reviewed.status is ReviewStatus.BLIND
    assert [one.status for one in deal.review(SELLER, 2).order.reviews] == [ReviewStatus.PUBLISHED] * 2
    assert deal.until(END).order.reviews[0].status is ReviewStatus.PUBLISHED


def test_a_reply_is_moderated_apart_from_its_review() -> None:
    deal = completed().review(BUYER, 5).do(ReplyToReview(review=REVIEW_1, text="Thank you."), SELLER)
    hide = ModerateReview(review=REVIEW_1, decision=Verdict.HIDE, reasons="rude", part=Part.REPLY)
    assert deal.do(hide, MEDIATOR).reviewed.status is ReviewStatus.PUBLISHED


def test_a_revision_of_a_review_nobody_else_can_see_is_not_theirs() -> None:
    deal = completed(publication="blind").review(BUYER, 1)
    assert deal.refused(said_anew(5), SELLER).reason is Reason.UNKNOWN_REVIEW
