"""What reviews add up to: figures of sellers, buyers and products, by day and in all (S24, S34)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from fairhold.domain.evidence import Evidence, PhotoId
from fairhold.domain.evolve import evolve
from fairhold.domain.instants import DAY
from fairhold.domain.order import Order
from fairhold.domain.reputation import (
    ALL_DAYS,
    NOTHING,
    Figure,
    Tally,
    changed_figures,
    day_of,
    figures,
    minus,
    plus,
)
from fairhold.domain.review import Verdict
from fairhold.domain.review_commands import LineStars, ModerateReview, Screened
from tests.builders import (
    BUYER,
    LINE_1,
    LINE_2,
    MEDIATOR,
    REVIEW_1,
    SELLER,
    T0,
    Deal,
    at,
    completed,
    delivered,
    new_line,
    partly_shipped,
    place,
)

SHOP, ANN = "seller:shop-7", "buyer:ann"
LAMP, CUP = "product:shop-7/lamp", "product:shop-7/cup"
PHOTO = (Evidence(PhotoId("p1"), "0" * 64),)
RU, EN = Screened(length=1, language="ru"), Screened(length=1, language="en")


def in_all(order: Order) -> dict[str, Tally]:
    return {name: tally for (name, day), tally in figures(order).items() if day == ALL_DAYS}


def running(deal: Deal) -> dict[Figure, Tally]:
    """The sum of what each event changed."""
    found: dict[Figure, Tally] = {}
    order: Order | None = None
    for event in deal.events:
        after = evolve(order, event)
        for figure, change in changed_figures(order, after).items():
            assert any(change), "a change of nothing"
            found[figure] = plus(found.get(figure, NOTHING), change)
        order = after
    return {figure: tally for figure, tally in found.items() if any(tally)}


def stories() -> Iterable[Deal]:
    first = completed().review(BUYER, 2, photos=PHOTO, text="…", screened=RU, communication=4)
    yield first
    yield first.revise(BUYER, 4, text="…", screened=EN)
    yield first.review(SELLER, 5).until(at(days=42))
    yield completed().review(SELLER, 5).until(at(days=42))
    yield completed(publication="blind").review(BUYER, 5).review(SELLER, 4)
    hidden = first.do(decided(Verdict.HIDE), MEDIATOR)
    yield hidden
    yield hidden.do(decided(Verdict.PUBLISH), MEDIATOR)
    yield delivered().confirm(LINE_1).review(BUYER, 5).undo(LINE_1)
    yield delivered().confirm(LINE_1).review(BUYER, 5).undo(LINE_1).confirm(LINE_2, when=at(days=17))


def test_what_each_event_changed_adds_up_to_what_the_order_adds() -> None:
    for deal in stories():
        assert running(deal) == {figure: tally for figure, tally in figures(deal.order).items() if any(tally)}


def test_a_buyers_stars_are_the_sellers_figure_and_that_of_each_product_s34() -> None:
    review = completed().review(
        BUYER, 4, description_accuracy=5, communication=3, shipping_speed=1, photos=PHOTO, text="…", screened=RU
    )
    expected = Tally(
        four=1,
        with_photo=1,
        in_ru=1,
        accuracy_n=1,
        accuracy_stars=5,
        communication_n=1,
        communication_stars=3,
        speed_n=1,
        speed_stars=1,
    )
    assert in_all(review.order) == {SHOP: expected, LAMP: expected, CUP: expected}


def test_a_sellers_stars_are_the_buyers_figure() -> None:
    assert in_all(completed().review(SELLER, 2).order) == {ANN: Tally(two=1)}


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_each_star_is_counted_apart(stars: int) -> None:
    tally = in_all(completed().review(BUYER, stars).order)[SHOP]
    assert tally.by_stars == tuple(int(stars == place) for place in (1, 2, 3, 4, 5))
    assert (tally.people, tally.stars, tally.positive) == (1, stars, int(stars >= 4))


def test_criteria_that_were_left_out_count_nowhere_s24() -> None:
    tally = in_all(completed().review(BUYER, 4, communication=2).order)[SHOP]
    assert (tally.communication_n, tally.communication_stars) == (1, 2)
    assert (tally.accuracy_n, tally.speed_n, tally.accuracy_stars, tally.speed_stars) == (0, 0, 0, 0)


def test_automatic_ratings_are_marked_and_stay_out_of_the_averages_s34() -> None:
    sellers = in_all(completed().review(SELLER, 5).until(at(days=42)).order)
    assert sellers[SHOP] == Tally(automatic=1)
    assert sellers[ANN] == Tally(five=1)
    buyers = in_all(completed().review(BUYER, 5).until(at(days=42)).order)
    assert (buyers[ANN], buyers[SHOP].by_stars) == (Tally(automatic=1), (0, 0, 0, 0, 1))


def decided(verdict: Verdict) -> ModerateReview:
    return ModerateReview(review=REVIEW_1, decision=verdict, reasons="as the rules say")


UNSEEN: dict[str, Callable[[], Deal]] = {
    "blind": lambda: completed(publication="blind").review(BUYER, 5),
    "held": lambda: completed().review(BUYER, 5, text="…", screened=Screened(length=1, held=("contact",))),
    "hidden": lambda: completed().review(BUYER, 5).do(decided(Verdict.HIDE), MEDIATOR),
    "withdrawn": lambda: completed().review(BUYER, 5).do(decided(Verdict.WITHDRAW), MEDIATOR),
    "undone": lambda: delivered().confirm(LINE_1).review(BUYER, 5).undo(LINE_1),
    "none": completed,
}


@pytest.mark.parametrize("state", UNSEEN)
def test_what_nobody_sees_counts_nowhere_s34(state: str) -> None:
    assert figures(UNSEEN[state]().order) == {}


def test_a_revision_moves_the_stars_on_the_day_on_which_the_review_was_left() -> None:
    deal = completed().review(BUYER, 1, at(days=20)).revise(BUYER, 5, at(days=30))
    assert {day for _, day in figures(deal.order)} == {ALL_DAYS, day_of(at(days=20))}
    assert in_all(deal.order)[SHOP] == Tally(five=1)


def test_days_are_those_of_utc() -> None:
    assert day_of(T0) * DAY <= T0 < (day_of(T0) + 1) * DAY
    assert day_of(at(days=1)) == day_of(T0) + 1


def test_a_product_has_its_own_stars_and_where_it_has_none_of_its_own_the_words_of_the_deal() -> None:
    own = (
        LineStars(id=LINE_1, rating=1, text="…", screened=EN),
        LineStars(id=LINE_2, rating=2),
    )
    order = completed().review(BUYER, 5, photos=PHOTO, text="…", screened=RU, lines=own).order
    found = in_all(order)
    assert found[SHOP] == Tally(five=1, with_photo=1, in_ru=1)
    assert found[LAMP] == Tally(one=1, in_en=1)
    assert found[CUP] == Tally(two=1, with_photo=1, in_ru=1)


def test_a_product_with_photos_of_its_own_has_those() -> None:
    own = (LineStars(id=LINE_1, rating=1, photos=PHOTO),)
    found = in_all(completed().review(BUYER, 5, text="…", screened=RU, lines=own).order)
    assert (found[LAMP], found[CUP]) == (Tally(one=1, with_photo=1), Tally(five=1, in_ru=1))


def test_what_was_never_sent_has_no_figure() -> None:
    order = partly_shipped().confirm(LINE_1, when=at(days=3)).review(BUYER, 5).until(at(days=8)).order
    assert set(in_all(order)) == {SHOP, LAMP}


def test_a_product_on_two_lines_is_reviewed_once() -> None:
    lines = (new_line(sku="lamp"), new_line(sku="lamp"))
    deal = delivered(place(lines=lines)).confirm(LINE_1, LINE_2)
    own = (LineStars(id=LINE_1, rating=4), LineStars(id=LINE_2, rating=1))
    assert in_all(deal.review(BUYER, 5, lines=own).order) == {SHOP: Tally(five=1), LAMP: Tally(four=1)}


@pytest.mark.parametrize(("refund", "lost"), [(0, 0), (500, 0), (501, 1), (1000, 1)])
def test_a_dispute_is_lost_where_a_mediator_gave_the_buyer_more_than_the_seller(refund: int, lost: int) -> None:
    deal = delivered().dispute(LINE_1, when=at(days=12)).escalate().rule(refund)
    assert in_all(deal.order) == {}, "a ruling that can be appealed"
    ended = deal.until(at(days=19))
    assert in_all(ended.order) == ({SHOP: Tally(lost=1)} if lost else {})
    assert running(ended) == figures(ended.order)
    if lost:
        assert {day for _, day in figures(ended.order)} == {ALL_DAYS, day_of(at(days=19))}


def test_a_dispute_that_was_settled_otherwise_is_not_lost() -> None:
    assert in_all(delivered().dispute(LINE_1).escalate().accept(SELLER).order) == {}
    assert in_all(delivered().dispute(LINE_1).until(at(days=17)).order) == {}


def test_sums_add_and_subtract_field_by_field() -> None:
    one, other = Tally(one=1, speed_stars=4), Tally(one=2, automatic=1)
    assert plus(one, other) == Tally(one=3, speed_stars=4, automatic=1)
    assert minus(plus(one, other), other) == one
    assert minus(one, one) == NOTHING
