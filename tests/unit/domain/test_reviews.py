"""Reviews: when they open and end, who may write one, and what can be said in it (S15, S16, S22–S25, S32, S33)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from fairhold.domain.actors import SYSTEM, Actor
from fairhold.domain.commands import CancelOrder, RecordOutage, UndoReceipt
from fairhold.domain.evidence import Evidence, PhotoId
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Instant
from fairhold.domain.policy import ReviewTerms
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.review import Review, ReviewStatus
from fairhold.domain.review_commands import MAX_REVIEW_LENGTH, LineStars, ReplyToReview, ReviseReview, Screened
from fairhold.domain.reviewing import completed_at, reviews_end
from fairhold.domain.rules.reviews import MAX_REVIEW_PHOTOS
from tests.builders import (
    BUYER,
    LINE_1,
    LINE_2,
    MEDIATOR,
    OPERATOR,
    REVIEW_1,
    SELLER,
    SUPPORT,
    Deal,
    all_confirmed,
    at,
    awaiting_payment,
    cancelled_paid,
    cancelled_unpaid,
    completed,
    delivered,
    length,
    new_line,
    one_line_confirmed,
    paid,
    part,
    partly_shipped,
    place,
    policy,
    refunded_not_shipped,
    returned_to_sender,
    said_anew,
    said_of,
    shipped,
    start,
)
from tests.states import disputed, parcel_contested, resent, ruled_today, split

JUST = 1
"""The shortest time there is."""


def before(when: Instant) -> Instant:
    return Instant(when - JUST)


def photos(count: int, kind: str = "p") -> tuple[Evidence, ...]:
    return tuple(Evidence(PhotoId(f"{kind}{number}"), "0" * 64) for number in range(count))


def stars_by_line(review: Review) -> dict[LineId, int]:
    return {line.line: line.rating for line in review.lines}


# when reviews open


@pytest.mark.parametrize(
    "state",
    [
        awaiting_payment,
        cancelled_unpaid,
        cancelled_paid,
        paid,
        partly_shipped,
        shipped,
        delivered,
        returned_to_sender,
        refunded_not_shipped,
        disputed,
        resent,
        parcel_contested,
    ],
)
def test_before_anything_is_completed_nobody_reviews_s15(state: Callable[[], Deal]) -> None:
    for actor in (BUYER, SELLER):
        assert state().refused(said_of(5), actor) == Refusal(Reason.NOT_COMPLETED)


@pytest.mark.parametrize("actor", [BUYER, SELLER])
def test_the_first_confirmed_line_opens_reviews_while_its_money_is_still_here_s15(actor: Actor) -> None:
    deal = one_line_confirmed()
    assert deal.order.money.settling
    review = deal.review(actor, 5).reviewed
    assert (review.by, review.rating, review.version, review.left_at) == (actor.role, 5, 1, deal.now)


def test_a_part_of_a_line_is_enough() -> None:
    assert delivered().confirm(part(LINE_2, 1)).review(BUYER, 4).reviewed.rating == 4


def test_a_window_that_lapses_opens_reviews_at_its_own_instant_s4() -> None:
    assert delivered().refused(said_of(5), BUYER, before(at(days=18))).reason is Reason.NOT_COMPLETED
    assert delivered().review(BUYER, 5, at(days=18)).reviewed.left_at == at(days=18)


def test_the_protection_timer_opens_reviews_s5() -> None:
    deal = shipped().review(SELLER, 5, at(days=61))
    assert reviews_end(deal.order) == at(days=61 + 30)


def test_the_end_of_a_dispute_opens_reviews_s2() -> None:
    assert split().review(BUYER, 2).reviewed.rating == 2


def test_goods_that_came_back_complete_nothing() -> None:
    deal = returned_to_sender().until(at(days=17))
    assert deal.order.money.refunded == 1900
    assert deal.refused(said_of(1), BUYER).reason is Reason.NOT_COMPLETED


def test_what_the_provider_makes_us_refund_completes_nothing() -> None:
    ceiling = policy(providers=[{"name": "sandbox", "ceiling_days": 20}])  # type: ignore[arg-type]
    deal = shipped(place(policy=ceiling)).until(at(days=21))
    assert deal.refused(said_of(1), BUYER).reason is Reason.NOT_COMPLETED


# until when


def test_either_side_has_thirty_days_and_at_their_end_the_deadline_wins_s22() -> None:
    for actor in (BUYER, SELLER):
        assert completed().review(actor, 5, before(at(days=42))).reviewed.by is actor.role
        assert completed().refused(said_of(5), actor, at(days=42)) == Refusal(Reason.REVIEWS_OVER)


@pytest.mark.parametrize("days", [1, 29, 31, 60])
def test_the_policy_says_how_many_days_s22(days: int) -> None:
    deal, end = completed(window_days=days), at(days=12 + days)
    assert deal.review(BUYER, 5, before(end)).reviewed.rating == 5
    assert deal.refused(said_of(5), BUYER, end).reason is Reason.REVIEWS_OVER


def test_the_window_runs_from_the_last_completion_not_from_the_first() -> None:
    deal = one_line_confirmed()
    assert reviews_end(deal.order) is None, "the other line can still complete"
    lapsed = deal.until(at(days=18))
    assert reviews_end(lapsed.order) == at(days=48)
    assert deal.review(BUYER, 5, before(at(days=48))).reviewed.rating == 5
    assert deal.refused(said_of(5), BUYER, at(days=48)).reason is Reason.REVIEWS_OVER


def test_a_dispute_keeps_reviews_open_until_thirty_days_after_its_end() -> None:
    deal = delivered().dispute(LINE_1, when=at(days=12)).confirm(LINE_2)
    assert reviews_end(deal.order) is None
    assert reviews_end(deal.until(at(days=17)).order) == at(days=47), "silence granted the demand on day 17"


def test_the_window_does_not_wait_for_money_nor_for_what_the_bank_does_s21() -> None:
    deal = completed()
    assert reviews_end(deal.charge_back(1900, at(days=40)).order) == at(days=42)
    assert reviews_end(all_confirmed().order) == at(days=42)


def test_an_outage_gives_back_what_it_took_of_the_time_to_review() -> None:
    deal = completed().do(RecordOutage(start=at(days=41), end=at(days=43)), OPERATOR, at(days=43))
    assert reviews_end(deal.order) == at(days=44)
    assert deal.review(BUYER, 5, before(at(days=44))).reviewed.rating == 5
    assert deal.refused(said_of(5), BUYER, at(days=44)).reason is Reason.REVIEWS_OVER


@pytest.mark.parametrize(("start", "end"), [(41, 42), (42, 43)])
def test_an_end_at_the_very_edge_of_an_outage_moves_too(start: int, end: int) -> None:
    order = msgspec.structs.replace(completed().order, outages=((at(days=start), at(days=end)),))
    assert reviews_end(order) == at(days=43)


def test_an_outage_that_was_over_before_takes_nothing() -> None:
    deal = completed().do(RecordOutage(start=at(days=20), end=at(days=25)), OPERATOR, at(days=25))
    assert reviews_end(deal.order) == at(days=42)


# who


@pytest.mark.parametrize("actor", [SUPPORT, MEDIATOR, OPERATOR, SYSTEM])
def test_only_the_two_sides_review_a_deal(actor: Actor) -> None:
    assert completed().refused(said_of(5), actor).reason is Reason.NOT_ALLOWED


def test_each_side_reviews_once_s22() -> None:
    deal = completed().review(BUYER, 5).review(SELLER, 4)
    for actor in (BUYER, SELLER):
        assert deal.refused(said_of(1), actor) == Refusal(Reason.ALREADY_REVIEWED)


def test_whoever_has_an_automatic_review_has_not_written_one_and_is_too_late() -> None:
    deal = completed().review(BUYER, 5).until(at(days=42))
    assert deal.reviewed.automatic
    assert deal.refused(said_of(1), SELLER).reason is Reason.REVIEWS_OVER
    assert deal.refused(said_of(1), BUYER).reason is Reason.ALREADY_REVIEWED


# S16: a confirmation is taken back


def reviewed_and_undone() -> Deal:
    return delivered().confirm(LINE_1, when=at(days=12)).review(BUYER, 5, at(days=12, hours=1)).undo(LINE_1)


def test_a_review_of_a_confirmation_that_was_taken_back_is_hidden_s16() -> None:
    deal = reviewed_and_undone()
    assert deal.reviewed.status is ReviewStatus.HIDDEN
    assert deal.refused(ReplyToReview(review=REVIEW_1, text="Thank you."), SELLER).reason is Reason.UNKNOWN_REVIEW
    assert deal.refused(said_of(5), SELLER).reason is Reason.NOT_COMPLETED


def test_it_cannot_be_revised_while_nothing_is_completed_s16() -> None:
    deal = delivered().confirm(LINE_1).review(BUYER, 1).undo(LINE_1)
    assert deal.refused(said_anew(5), BUYER).reason is Reason.NOT_COMPLETED


def test_it_is_shown_again_once_something_is_completed() -> None:
    assert reviewed_and_undone().confirm(LINE_2).reviewed.status is ReviewStatus.PUBLISHED
    assert reviewed_and_undone().until(at(days=18)).reviewed.status is ReviewStatus.PUBLISHED


def test_it_stays_shown_where_another_line_is_completed() -> None:
    deal = delivered().confirm(LINE_1, LINE_2).review(BUYER, 5)
    assert deal.undo(LINE_1).reviewed.status is ReviewStatus.PUBLISHED
    assert deal.undo(LINE_1, LINE_2).reviewed.status is ReviewStatus.HIDDEN


def test_an_undo_stops_the_time_for_reviews() -> None:
    deal = all_confirmed()
    assert reviews_end(deal.order) == at(days=42)
    undone = deal.do(UndoReceipt(lines=(LINE_1,), why="by accident"), SUPPORT)
    assert reviews_end(undone.order) is None


# what is said


def test_stars_can_stand_alone_and_the_name_is_kept_back_by_default_s24_s32() -> None:
    review = completed().review(BUYER, 3).reviewed
    assert (review.rating, review.criteria, review.photos, review.language) == (3, {}, (), None)
    assert review.anonymous
    assert not completed().review(BUYER, 3, anonymous=False).reviewed.anonymous


def test_the_buyer_rates_three_criteria_apart_s24() -> None:
    review = completed().review(BUYER, 4, description_accuracy=5, communication=1, shipping_speed=2).reviewed
    assert {name.value: stars for name, stars in review.criteria.items()} == {
        "description_accuracy": 5,
        "communication": 1,
        "shipping_speed": 2,
    }


@pytest.mark.parametrize("name", ["description_accuracy", "communication", "shipping_speed"])
def test_the_seller_rates_no_criterion_s24(name: str) -> None:
    assert completed().refused(said_of(5, **{name: 5}), SELLER) == Refusal(Reason.ONLY_BUYER_RATES_THIS, name)


def test_the_seller_rates_no_products() -> None:
    said = said_of(5, lines=(LineStars(id=LINE_1, rating=5),))
    assert completed().refused(said, SELLER) == Refusal(Reason.ONLY_BUYER_RATES_THIS, "lines")
    assert completed().review(SELLER, 5).reviewed.lines == ()


def test_a_text_of_a_thousand_characters_is_taken_and_of_one_more_is_not_s25() -> None:
    full, over = Screened(length=MAX_REVIEW_LENGTH), Screened(length=MAX_REVIEW_LENGTH + 1)
    assert completed().review(BUYER, 5, text="…", screened=full).reviewed.rating == 5
    refusal = Refusal(Reason.TEXT_TOO_LONG, "text", 1000)
    assert completed().refused(said_of(5, text="…", screened=over), BUYER) == refusal
    reply = ReplyToReview(review=REVIEW_1, text="…", screened=over)
    assert completed().review(BUYER, 5).refused(reply, SELLER) == refusal


def test_a_full_link_is_stopped_wherever_it_stands_s33() -> None:
    link = Screened(length=9, link=True)
    assert completed().refused(said_of(5, text="…", screened=link), SELLER) == Refusal(Reason.LINK_IN_TEXT, "text")
    own = LineStars(id=LINE_1, rating=5, text="…", screened=link)
    assert completed().refused(said_of(5, lines=(own,)), BUYER) == Refusal(Reason.LINK_IN_TEXT, "lines[0].text")
    deal = completed().review(BUYER, 2)
    assert deal.refused(said_anew(4, text="…", screened=link), BUYER).reason is Reason.LINK_IN_TEXT
    assert deal.refused(ReplyToReview(review=REVIEW_1, text="…", screened=link), SELLER).reason is Reason.LINK_IN_TEXT


@pytest.mark.parametrize(
    ("languages", "taken"),
    [
        (["ru", "en"], {None, "ru", "en"}),
        (["en"], {None, "en"}),
        (["ru"], {None, "ru"}),
        ([], {None, "ru", "en", "other"}),
    ],
)
def test_the_policy_says_in_which_languages_reviews_are_written_s25(languages: list[str], taken: set[str]) -> None:
    """A text whose language nobody can tell is taken under any policy."""
    deal = completed(languages=languages)
    replied = deal.review(SELLER, 5)
    for clearly in (None, "ru", "en", "other"):
        screened = Screened(length=5, clearly=clearly)
        answers = (
            deal.ask(said_of(5, text="…", screened=screened), BUYER),
            deal.ask(said_of(5, lines=(LineStars(id=LINE_1, rating=5, text="…", screened=screened),)), BUYER),
            replied.ask(ReplyToReview(review=REVIEW_1, text="…", screened=screened), BUYER),
        )
        refused = [answer.reason for answer in answers if isinstance(answer, Refusal)]
        assert refused == ([] if clearly in taken else [Reason.LANGUAGE_NOT_TAKEN] * 3), clearly


def test_what_a_moderator_has_to_look_at_is_kept_back_s33() -> None:
    held = Screened(length=9, held=("contact",))
    assert completed().review(BUYER, 5, text="…", screened=held).reviewed.status is ReviewStatus.IN_MODERATION
    own = LineStars(id=LINE_1, rating=5, text="…", screened=held)
    assert completed().review(BUYER, 5, lines=(own,)).reviewed.status is ReviewStatus.IN_MODERATION


def test_a_review_has_so_many_photos_and_no_more_those_of_its_products_included_s25() -> None:
    own = LineStars(id=LINE_1, rating=5, photos=photos(10, "a"))
    said = said_of(5, photos=photos(MAX_REVIEW_PHOTOS - 10), lines=(own,))
    assert len(completed().do(said, BUYER).reviewed.photos) == MAX_REVIEW_PHOTOS - 10
    more = said_of(5, photos=photos(MAX_REVIEW_PHOTOS - 9), lines=(own,))
    assert completed().refused(more, BUYER) == Refusal(Reason.TOO_MANY_PHOTOS, "photos", MAX_REVIEW_PHOTOS)


# products


def test_every_product_has_the_stars_of_the_deal_or_its_own() -> None:
    assert stars_by_line(completed().review(BUYER, 4).reviewed) == {LINE_1: 4, LINE_2: 4}
    own = (LineStars(id=LINE_2, rating=1),)
    assert stars_by_line(completed().review(BUYER, 4, lines=own).reviewed) == {LINE_1: 4, LINE_2: 1}


def test_products_are_named_once_and_belong_to_the_order() -> None:
    twice = (LineStars(id=LINE_1, rating=5), LineStars(id=LINE_1, rating=4))
    assert completed().refused(said_of(5, lines=twice), BUYER) == Refusal(Reason.DUPLICATE_LINE, "lines[1].id")
    strange = (LineStars(id=LineId("none"), rating=5),)
    assert completed().refused(said_of(5, lines=strange), BUYER) == Refusal(Reason.UNKNOWN_LINE, "lines[0].id")


def partly_there() -> Deal:
    """The lamp is confirmed; the cups were never sent."""
    return partly_shipped().confirm(LINE_1, when=at(days=3))


@pytest.mark.parametrize("when", [at(days=4), at(days=8)], ids=["not sent yet", "refunded"])
def test_what_was_not_sent_gets_no_stars(when: Instant) -> None:
    deal = partly_there().until(when)
    assert stars_by_line(deal.review(BUYER, 5).reviewed) == {LINE_1: 5}
    own = (LineStars(id=LINE_2, rating=5),)
    assert deal.refused(said_of(5, lines=own), BUYER) == Refusal(Reason.NOT_COMPLETED, "lines[0].id")


def test_what_is_on_its_way_or_in_dispute_gets_stars() -> None:
    travelling = shipped().confirm(LINE_1)
    assert stars_by_line(travelling.review(BUYER, 5).reviewed) == {LINE_1: 5, LINE_2: 5}
    in_dispute = disputed().confirm(LINE_2)
    assert stars_by_line(in_dispute.review(BUYER, 5).reviewed) == {LINE_1: 5, LINE_2: 5}


def test_what_came_back_to_its_sender_gets_none() -> None:
    deal = start(place(lines=(new_line(sku="a"), new_line(sku="b")))).pay().ship(LINE_1, when=at(days=1))
    deal = deal.ship(LINE_2).confirm(LINE_2, when=at(days=2)).scan("returned_to_sender", at(days=3))
    assert stars_by_line(deal.review(BUYER, 5).reviewed) == {LINE_2: 5}


def test_products_are_there_to_the_end_of_the_order_even_if_it_cost_the_seller_everything() -> None:
    deal = disputed().confirm(LINE_2).accept(SELLER)
    assert completed_at(deal.order, deal.order.portions[0]) == deal.now
    assert stars_by_line(deal.review(BUYER, 1).reviewed) == {LINE_1: 1, LINE_2: 1}


# the rules of the day


def test_the_rules_of_the_day_hold_and_not_those_of_placing() -> None:
    deal = ruled_today(completed(window_days=10), ReviewTerms(window=length(days=60)))
    assert reviews_end(deal.order) == at(days=72)
    assert deal.review(BUYER, 5, before(at(days=72))).reviewed.rating == 5
    assert reviews_end(completed(window_days=10).order) == at(days=22)


def test_rules_that_became_shorter_close_no_earlier_than_what_was_written() -> None:
    deal = ruled_today(completed().review(BUYER, 5, at(days=30)), ReviewTerms(window=length(days=10)))
    closed = deal.until(at(days=31))
    assert [(review.automatic, review.left_at) for review in closed.order.reviews] == [
        (False, at(days=30)),
        (True, at(days=30)),
    ]


def test_money_keeps_the_rules_that_the_order_was_placed_under() -> None:
    deal = ruled_today(completed(window_days=10), ReviewTerms())
    assert deal.order.terms.reviews.window == length(days=10)
    assert deal.refused(CancelOrder(), BUYER).reason is Reason.ORDER_CLOSED


def test_a_review_that_is_not_there_cannot_be_revised() -> None:
    assert completed().refused(ReviseReview(rating=5, review=REVIEW_1), BUYER).reason is Reason.UNKNOWN_REVIEW
