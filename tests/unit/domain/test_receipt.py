"""Confirming receipt, never by accident (S6, S9–S14), what it would do (S7, S13), and taking it back (S16)."""

import pytest

from fairhold.domain import consequence, decide
from fairhold.domain.coming import Kind
from fairhold.domain.commands import ConfirmReceipt, LineQuantity, UndoReceipt
from fairhold.domain.deadlines import deadlines
from fairhold.domain.events import ReceiptConfirmed
from fairhold.domain.ids import LineId, line_id
from fairhold.domain.instants import Instant
from fairhold.domain.order import Sums
from fairhold.domain.reasons import Reason, Refusal
from tests.builders import (
    BUYER,
    DELIVERED_AT,
    LINE_1,
    LINE_2,
    OTHER_ID,
    SUPPORT,
    Deal,
    all_confirmed,
    at,
    delivered,
    new_line,
    one_line_confirmed,
    part,
    partly_shipped,
    place,
    policy,
    returned_to_sender,
    shipped,
)


def confirm(*lines: LineId | LineQuantity, acknowledged: bool = True) -> ConfirmReceipt:
    return ConfirmReceipt(lines=lines, acknowledged=acknowledged)


def undo(*lines: LineId | LineQuantity) -> UndoReceipt:
    return UndoReceipt(lines=lines, why="pressed by accident")


def coming(deal: Deal) -> list[tuple[Kind, Instant]]:
    return [(deadline.kind, deadline.at) for deadline in deadlines(deal.order)]


REFUSED = [
    ("nothing is ticked (S11)", confirm(), Reason.NOTHING_SELECTED, "lines"),
    ("nothing is ticked and nothing was shown", confirm(acknowledged=False), Reason.NOTHING_SELECTED, "lines"),
    (
        "the consequence was not shown (S13)",
        confirm(LINE_1, acknowledged=False),
        Reason.CONSEQUENCE_NOT_ACKNOWLEDGED,
        "acknowledged",
    ),
    ("no such line", confirm(LineId("nothing")), Reason.UNKNOWN_LINE, "lines[0]"),
    ("a line of another order", confirm(LINE_1, line_id(OTHER_ID, 2)), Reason.UNKNOWN_LINE, "lines[1]"),
    ("the same line twice", confirm(LINE_1, LINE_1), Reason.DUPLICATE_LINE, "lines[1]"),
    ("the same line in both forms", confirm(part(LINE_2, 1), LINE_2), Reason.DUPLICATE_LINE, "lines[1]"),
    ("more than was bought", confirm(LINE_1, part(LINE_2, 4)), Reason.QUANTITY_TOO_LARGE, "lines[1].quantity"),
]


@pytest.mark.parametrize(("command", "why", "field"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_confirmation_is_refused_with_the_field_at_fault(command: ConfirmReceipt, why: Reason, field: str) -> None:
    refusal = delivered().refused(command, BUYER)
    assert (refusal.reason, refusal.field) == (why, field)


def test_a_quantity_too_large_says_how_many_there_are() -> None:
    assert delivered().refused(confirm(part(LINE_2, 4)), BUYER).limit == 3
    partly = delivered().confirm(part(LINE_2, 2), when=at(days=12))
    assert partly.refused(confirm(part(LINE_2, 2)), BUYER).limit == 1


def test_an_order_of_one_line_needs_its_box_ticked_too() -> None:
    """S11."""
    deal = delivered(place(lines=(new_line(),)))
    assert deal.refused(confirm(), BUYER).reason is Reason.NOTHING_SELECTED


def test_a_line_is_confirmed_once() -> None:
    """S14: a double tap."""
    deal = one_line_confirmed()
    refusal = deal.refused(confirm(LINE_1), BUYER)
    assert (refusal.reason, refusal.field) == (Reason.ALREADY_CONFIRMED, "lines[0]")
    assert deal.refused(confirm(LINE_2, LINE_1), BUYER).field == "lines[1]"


def test_one_refused_line_confirms_nothing_of_the_others() -> None:
    assert isinstance(one_line_confirmed().ask(confirm(LINE_2, LINE_1), BUYER), Refusal)
    assert one_line_confirmed().order.money.held == 900


def test_lines_are_confirmed_one_by_one() -> None:
    """S12."""
    deal = delivered().confirm(LINE_2, when=at(days=12)).confirm(LINE_1, when=at(days=13))
    assert deal.order.money == Sums(paid=1900, settling=1000, released=855, fee=45)


def test_part_of_a_quantity_can_be_confirmed_and_then_the_rest() -> None:
    """S12."""
    deal = delivered().confirm(part(LINE_2, 2), when=at(days=12))
    assert deal.order.money.settling == 600
    deal = deal.confirm(LINE_2)
    assert deal.order.money.settling == 900
    assert deal.refused(confirm(part(LINE_2, 1)), BUYER).reason is Reason.ALREADY_CONFIRMED


def test_only_what_was_shipped_can_be_confirmed() -> None:
    """S6."""
    refusal = partly_shipped().refused(confirm(LINE_1, LINE_2), BUYER)
    assert (refusal.reason, refusal.field) == (Reason.NOT_SHIPPED, "lines[1]")
    assert returned_to_sender().refused(confirm(LINE_1), BUYER).reason is Reason.NOT_SHIPPED


def test_a_line_means_the_units_of_it_that_were_shipped() -> None:
    """Without a quantity: all that can be confirmed."""
    deal = partly_shipped().ship(part(LINE_2, 2)).confirm(LINE_2)
    assert deal.order.money.settling == 600


def test_delivered_units_are_confirmed_before_those_on_their_way() -> None:
    deal = partly_shipped().ship(part(LINE_2, 1), when=at(days=2)).ship(part(LINE_2, 2), when=at(days=3))
    deal = deal.scan("delivered", at(days=5), parcel=deal.order.shipments[2].id).confirm(part(LINE_2, 2))
    assert [(portion.start, portion.state.value) for portion in deal.order.portions if portion.line == LINE_2] == [
        (0, "held"),
        (1, "confirmed"),
    ]


def test_a_parcel_on_its_way_can_be_confirmed_as_a_courtesy() -> None:
    """S7."""
    assert shipped().confirm(LINE_1).order.money.settling == 1000


# what confirming would do


@pytest.mark.parametrize(
    "lines", [(LINE_1,), (LINE_2,), (LINE_1, LINE_2), (part(LINE_2, 2),), (part(LINE_2, 1), LINE_1)]
)
@pytest.mark.parametrize("deal", [shipped(), delivered(), one_line_confirmed().waiting(at(days=12, hours=3))])
def test_what_is_shown_before_confirming_is_what_then_happens(
    deal: Deal, lines: tuple[LineId | LineQuantity, ...]
) -> None:
    """S7, S13: sums and dates."""
    shown = consequence.of_confirming(deal.order, lines, deal.now)
    done = deal.ask(confirm(*lines), BUYER)
    if isinstance(shown, Refusal):
        assert shown == done
        return
    after = deal.confirm(*lines)
    confirmed = after.events[-1]
    assert isinstance(confirmed, ReceiptConfirmed)
    assert shown.amount == confirmed.amount == after.order.money.settling - deal.order.money.settling
    assert shown.settles_at == shown.undo_until == confirmed.settles_at
    assert shown.still_held == after.order.money.held
    assert shown.in_transit == (deal.order.shipments[0].status.value != "delivered")
    assert sum(line.amount for line in shown.lines) == shown.amount
    assert shown.net == shown.amount - shown.fee
    assert shown.otherwise_at == next(
        found.at for found in deadlines(deal.order) if found.because in {"shipped", "delivered"}
    )


def test_the_commission_that_is_shown_is_the_one_that_is_taken() -> None:
    deal = delivered(place(lines=(new_line(10), new_line(10))))
    shown = consequence.of_confirming(deal.order, (LINE_1,), deal.now)
    assert isinstance(shown, consequence.Consequence)
    before, settled = deal.order.money, deal.confirm(LINE_1).until(at(days=13)).order.money
    assert (shown.fee, shown.net) == (settled.fee - before.fee, settled.released - before.released)


def test_what_is_shown_before_confirming_nothing_is_the_refusal() -> None:
    assert consequence.of_confirming(delivered().order, (), at(days=12)) == Refusal(Reason.NOTHING_SELECTED, "lines")
    assert consequence.of_confirming(all_confirmed().order, (LINE_1,), at(days=12)) == Refusal(Reason.ALREADY_CONFIRMED)


def test_what_stays_protected_and_until_when_is_shown() -> None:
    shown = consequence.of_confirming(delivered().order, (LINE_1, part(LINE_2, 1)), at(days=12))
    assert isinstance(shown, consequence.Consequence)
    assert (shown.still_held, shown.still_protected_until) == (600, at(days=18))
    everything = consequence.of_confirming(delivered().order, (LINE_1, LINE_2), at(days=12))
    assert isinstance(everything, consequence.Consequence)
    assert (everything.still_held, everything.still_protected_until) == (0, None)


def test_dear_and_technical_goods_are_to_be_tried_first() -> None:
    """S36."""
    chosen = policy(receipt={"try_first_from": {"RUB": 5000}})
    lines = (new_line(4999), new_line(5000), new_line(10, category="electronics"), new_line(10, category="toys"))
    order = shipped(place(lines=lines, policy=chosen)).order
    assert [consequence.try_first(order, line) for line in order.lines] == [False, True, True, False]


# taking it back


def test_support_takes_an_accidental_confirmation_back_until_the_money_has_left() -> None:
    """S16."""
    last = Instant(at(days=13) - 1)
    deal = all_confirmed().undo(LINE_1, LINE_2, when=last)
    assert deal.order.money == Sums(paid=1900, held=1900)
    assert all_confirmed().refused(undo(LINE_1), SUPPORT, at(days=13)).reason is Reason.TOO_LATE_TO_UNDO


def test_undo_gives_back_the_time_that_was_left() -> None:
    """S16: six days of the window were left when it was confirmed on day 12."""
    deal = all_confirmed().undo(LINE_1, LINE_2, when=at(days=12, hours=20))
    assert coming(deal) == [(Kind.CONFIRMATION_WINDOW, at(days=18, hours=20))]
    assert {portion.protection_ends for portion in deal.order.portions} == {at(days=61, hours=20)}


def test_undo_gives_back_at_least_72_hours() -> None:
    """S16: one hour of the window was left."""
    deal = (
        delivered().confirm(LINE_1, LINE_2, when=at(days=17, hours=23)).undo(LINE_1, LINE_2, when=at(days=18, hours=5))
    )
    assert coming(deal) == [(Kind.CONFIRMATION_WINDOW, at(days=21, hours=5))]


def test_undo_of_a_parcel_on_its_way_gives_its_protection_back() -> None:
    deal = shipped().confirm(LINE_1, when=at(days=4)).undo(LINE_1, when=at(days=4, hours=10))
    assert coming(deal) == [(Kind.PROTECTION, at(days=61)), (Kind.PROTECTION, at(days=61, hours=10))]


def test_undo_after_the_parcel_arrived_gives_a_whole_window() -> None:
    deal = shipped().confirm(LINE_1, LINE_2, when=at(days=10, hours=20)).scan("delivered", DELIVERED_AT)
    deal = deal.undo(LINE_1, LINE_2, when=at(days=11, hours=10))
    assert coming(deal) == [(Kind.CONFIRMATION_WINDOW, at(days=18, hours=10))]


def test_undo_after_the_parcel_came_back_leaves_the_seller_5_days_to_ship_again() -> None:
    deal = shipped().confirm(LINE_1, LINE_2, when=at(days=10, hours=20)).scan("returned_to_sender", DELIVERED_AT)
    deal = deal.undo(LINE_1, LINE_2, when=at(days=11, hours=10))
    assert coming(deal) == [(Kind.SHIPPING, at(days=16, hours=10))]


def test_undo_stays_within_the_providers_ceiling() -> None:
    """S16."""
    short = policy(providers=({"name": "sandbox", "ceiling_days": 14},))  # type: ignore[arg-type]
    deal = (
        delivered(place(policy=short))
        .confirm(LINE_1, LINE_2, when=at(days=13))
        .undo(LINE_1, LINE_2, when=at(days=13, hours=12))
    )
    assert max(deadline.at for deadline in deadlines(deal.order)) <= at(days=14, hours=1)


def test_part_of_a_confirmation_can_be_undone() -> None:
    deal = all_confirmed().undo(part(LINE_2, 1))
    assert deal.order.money == Sums(paid=1900, held=300, settling=1600)
    assert deal.refused(undo(part(LINE_2, 3)), SUPPORT).limit == 2


def test_what_was_undone_can_be_confirmed_again() -> None:
    deal = all_confirmed().undo(LINE_1).confirm(LINE_1, when=at(days=12, hours=5))
    assert deal.order.money.settling == 1900


UNDO_REFUSED = [
    ("nothing is named", undo(), Reason.NOTHING_SELECTED, "lines"),
    ("a line that was not confirmed", undo(LINE_2), Reason.NOTHING_TO_UNDO, "lines[0]"),
    ("a line of another order", undo(line_id(OTHER_ID, 1)), Reason.UNKNOWN_LINE, "lines[0]"),
    ("a line twice", undo(LINE_1, LINE_1), Reason.DUPLICATE_LINE, "lines[1]"),
]


@pytest.mark.parametrize(
    ("command", "why", "field"), [row[1:] for row in UNDO_REFUSED], ids=[r[0] for r in UNDO_REFUSED]
)
def test_an_undo_is_refused_with_the_field_at_fault(command: UndoReceipt, why: Reason, field: str) -> None:
    refusal = one_line_confirmed().refused(command, SUPPORT)
    assert (refusal.reason, refusal.field) == (why, field)


def test_a_buyer_undoes_only_where_the_policy_says_so_and_as_long_as_it_says() -> None:
    assert one_line_confirmed().refused(undo(LINE_1), BUYER).reason is Reason.NOT_ALLOWED
    own = place(policy=policy(receipt={"buyer_undo_minutes": 30}))
    deal = delivered(own).confirm(LINE_1, when=at(days=12))
    assert deal.do(undo(LINE_1), BUYER, at(days=12, minutes=29)).order.money.held == 1900
    assert deal.refused(undo(LINE_1), BUYER, at(days=12, minutes=30)).reason is Reason.ONLY_SUPPORT_UNDOES
    assert deal.undo(LINE_1, when=at(days=12, hours=23)).order.money.held == 1900
    assert deal.refused(undo(LINE_1), BUYER, at(days=13)).reason is Reason.TOO_LATE_TO_UNDO


def test_a_buyer_undoes_the_same_units_only_once() -> None:
    """Each undo gives at least 72 hours: confirming and undoing in turn, a buyer could keep the seller waiting for ever."""
    own = place(policy=policy(receipt={"buyer_undo_minutes": 30}))
    deal = delivered(own).confirm(part(LINE_2, 1), when=at(days=12))
    deal = deal.do(undo(LINE_2), BUYER, at(days=12, minutes=1)).confirm(LINE_1, LINE_2, when=at(days=12, minutes=2))
    again = deal.do(undo(LINE_1, LINE_2), BUYER, at(days=12, minutes=3))
    assert again.order.money == Sums(paid=1900, held=1600, settling=300)
    assert again.refused(undo(LINE_2), BUYER).reason is Reason.ONLY_SUPPORT_UNDOES
    assert again.undo(LINE_2).order.money.held == 1900


def test_a_lapse_cannot_be_undone() -> None:
    deal = delivered().until(at(days=18))
    refusal = deal.refused(undo(LINE_1), SUPPORT)
    assert refusal.reason is Reason.NOTHING_TO_UNDO


def test_asking_late_tells_what_happened_meanwhile() -> None:
    order = all_confirmed().order
    assert decide.as_of(order, at(days=20)).money.released == 1805
    assert decide.as_of(order, at(days=20)) == all_confirmed().until(at(days=13)).order
