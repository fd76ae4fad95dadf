"""Orders in very many parts: the units of each are found without going through all of the others, and there is a bound."""

import time

from fairhold.domain.commands import ConfirmReceipt
from fairhold.domain.consequence import Consequence, of_confirming
from fairhold.domain.ids import line_id
from fairhold.domain.order import PortionState, Sums
from fairhold.domain.portions import MAX_PORTIONS, overlapping, rewrite, worth_of
from fairhold.domain.reasons import Reason
from fairhold.domain.spans import Span
from tests.builders import BUYER, ID, LINE_1, LINE_2, Deal, at, new_line, part, place, shipped, start

HUNDRED = tuple(line_id(ID, position) for position in range(1, 101))


def hundred_lines(quantity: int = 100_000) -> Deal:
    """As many lines as an order takes, of many units each."""
    return start(place(lines=tuple(new_line(1, quantity) for _ in HUNDRED))).pay(at(hours=1))


def in_parts(parcels: int) -> Deal:
    """Parcel after parcel with some of every line."""
    deal = hundred_lines()
    for count in range(parcels):
        deal = deal.ship(*(part(line, 100) for line in HUNDRED), when=at(days=1, minutes=count))
    return deal


def test_an_order_is_cut_into_so_many_parts_and_no_more() -> None:
    deal = in_parts(4)
    assert len(deal.order.portions) == MAX_PORTIONS
    refusal = deal.refused(ConfirmReceipt(lines=(LINE_1, part(LINE_2, 1)), acknowledged=True), BUYER)
    assert (refusal.reason, refusal.field, refusal.limit) == (
        Reason.TOO_MANY_PARTS,
        "lines[1].quantity",
        MAX_PORTIONS,
    )


def test_what_is_whole_can_be_taken_out_of_an_order_in_the_most_parts() -> None:
    deal = in_parts(4).confirm(LINE_1, part(LINE_2, 100), when=at(days=2))
    assert deal.order.money.settling == 500
    deal = deal.ship(when=at(days=2)).confirm(*HUNDRED, when=at(days=3))
    assert deal.order.money == Sums(paid=10_000_000, settling=10_000_000 - 500, released=475, fee=25)
    assert {portion.state for portion in deal.until(at(days=5)).order.portions} == {PortionState.SETTLED}


def test_an_order_in_the_most_parts_is_decided_in_a_moment() -> None:
    """Whoever waits behind it in the queue waits with it; an engine decides thousands of others in a second."""
    deal = in_parts(4)
    began = time.thread_time()
    for _ in range(3):
        assert isinstance(of_confirming(deal.order, HUNDRED, deal.now), Consequence)
        confirmed = deal.confirm(*HUNDRED)
        confirmed.undo(*HUNDRED, when=at(days=1, hours=1)).until(at(days=70))
    assert time.thread_time() - began < 3


def test_parts_are_fired_one_by_one_when_each_has_a_moment_of_its_own() -> None:
    deal = hundred_lines().ship(when=at(days=1))
    for count in range(MAX_PORTIONS - len(HUNDRED)):
        deal = deal.confirm(part(LINE_1, 1), when=at(days=2, seconds=count))
    began = time.thread_time()
    late = deal.until(at(days=90))
    assert time.thread_time() - began < 10
    assert len(late.events) - len(deal.events) == MAX_PORTIONS - len(HUNDRED) + 1
    assert late.order.money.held == late.order.money.settling == 0


def test_a_span_over_several_portions_changes_exactly_its_units() -> None:
    order = shipped(place(lines=(new_line(10, 9), new_line(10, 9)))).order
    for span in (Span(LINE_1, 2, 2), Span(LINE_1, 6, 1), Span(LINE_2, 0, 9)):
        order = rewrite(order, (span,), lambda portion: portion)
    assert [(portion.line, portion.start, portion.quantity) for portion in order.portions] == [
        (LINE_1, 0, 2),
        (LINE_1, 2, 2),
        (LINE_1, 4, 2),
        (LINE_1, 6, 1),
        (LINE_1, 7, 2),
        (LINE_2, 0, 9),
    ]
    spans = (Span(LINE_1, 8, 1), Span(LINE_1, 1, 4))
    assert overlapping(order, spans, lambda portion: portion.start != 2) == (
        Span(LINE_1, 1, 1),
        Span(LINE_1, 4, 1),
        Span(LINE_1, 8, 1),
    )
    assert worth_of(order, spans) == 50
