"""Scans of parcels: late, repeated, out of order, corrected, and «delivered» to the sender (S4, S8)."""

import itertools

import pytest

from fairhold.domain.actors import SYSTEM
from fairhold.domain.coming import Kind
from fairhold.domain.commands import ShipParcel
from fairhold.domain.deadlines import deadlines
from fairhold.domain.ids import line_id, shipment_id
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import ParcelStatus, Sums
from fairhold.domain.reasons import Reason, Refusal
from tests.builders import (
    DELIVERED_AT,
    ID,
    LINE_1,
    LINE_2,
    OPERATOR,
    OTHER_ID,
    PARCEL_1,
    SELLER,
    SHIPPED_AT,
    Deal,
    at,
    delivered,
    name_of,
    new_line,
    one_line_confirmed,
    paid,
    part,
    place,
    policy,
    returned_to_sender,
    scan,
    shipped,
    start,
)


def status(deal: Deal) -> str:
    return deal.order.shipments[0].status.value


def made(deal: Deal, before: Deal) -> list[str]:
    return [name_of(event) for event in deal.events[len(before.events) :]]


def window(deal: Deal) -> Instant | None:
    ends = {portion.window_ends for portion in deal.order.portions}
    assert len(ends) == 1
    return ends.pop()


def test_a_parcel_that_nobody_scanned_is_pending() -> None:
    assert status(paid().ship(when=SHIPPED_AT)) == "pending"


@pytest.mark.parametrize("state", [state for state in ParcelStatus if state not in {"delivered", "returned_to_sender"}])
def test_a_scan_on_the_way_is_noted_and_starts_nothing(state: ParcelStatus) -> None:
    deal = shipped().scan(state.value, at(days=4))
    assert made(deal, shipped()) == ["checkpoint_recorded"]
    assert status(deal) == state.value
    assert window(deal) is None


def test_the_newest_scan_by_its_own_time_says_where_the_parcel_is() -> None:
    deal = shipped().scan("out_for_delivery", at(days=5)).scan("in_transit", at(days=6), scanned=at(days=4))
    assert status(deal) == "out_for_delivery"


def test_of_two_scans_of_one_moment_the_one_learned_last_counts() -> None:
    deal = (
        shipped().scan("in_transit", at(days=5), scanned=at(days=4)).scan("exception", at(days=6), scanned=at(days=4))
    )
    assert status(deal) == "exception"


def test_a_repeated_scan_changes_nothing() -> None:
    assert delivered().ask(scan("delivered", DELIVERED_AT), SYSTEM, at(days=15)) == ()


def test_a_second_report_of_the_same_delivery_does_not_move_the_window() -> None:
    """S4: the seven days run from the first news of it."""
    deal = delivered().scan("delivered", at(days=14), scanned=at(days=11, hours=2))
    assert window(deal) == at(days=18)


def test_an_acceptance_repeated_long_after_does_not_take_a_delivery_back() -> None:
    deal = delivered().scan("in_transit", at(days=13))
    assert status(deal) == "delivered"
    assert window(deal) == at(days=18)


@pytest.mark.parametrize("state", ["out_for_delivery", "attempt_failed", "available_for_pickup", "exception"])
def test_a_later_attempt_takes_a_delivery_back_and_stops_the_window(state: str) -> None:
    deal = delivered().scan(state, at(days=13))
    assert made(deal, delivered()) == ["checkpoint_recorded", "delivery_corrected"]
    assert status(deal) == state
    assert window(deal) is None
    assert [(deadline.kind, deadline.at) for deadline in deadlines(deal.order)] == [(Kind.PROTECTION, at(days=61))]


def test_after_a_correction_a_new_delivery_starts_a_whole_new_window() -> None:
    deal = delivered().scan("attempt_failed", at(days=13)).scan("delivered", at(days=14))
    assert window(deal) == at(days=21)
    assert status(deal) == "delivered"


def test_an_attempt_before_the_delivery_that_is_reported_after_it_changes_nothing() -> None:
    deal = delivered().scan("attempt_failed", at(days=13), scanned=at(days=10))
    assert status(deal) == "delivered"
    assert window(deal) == at(days=18)


def test_a_delivery_that_was_corrected_before_we_heard_of_it_starts_nothing() -> None:
    deal = shipped().scan("exception", at(days=12)).scan("delivered", at(days=13), scanned=DELIVERED_AT)
    assert window(deal) is None
    assert status(deal) == "exception"


SCANS = (
    ("in_transit", at(days=5)),
    ("attempt_failed", at(days=9)),
    ("delivered", at(days=8)),
    ("delivered", at(days=10)),
    ("in_transit", at(days=12)),
)


def test_the_order_in_which_scans_arrive_does_not_matter_for_where_the_parcel_is() -> None:
    found = set()
    for order in itertools.permutations(SCANS):
        deal = shipped()
        for state, when in order:
            deal = deal.scan(state, at(days=13), scanned=when)
        found.add((status(deal), deal.order.shipments[0].delivered_at, window(deal)))
    assert found == {("delivered", at(days=10), at(days=20))}


def test_handed_over_after_the_parcel_came_back_is_a_hand_over_to_the_sender() -> None:
    deal = returned_to_sender().scan("delivered", at(days=13))
    assert made(deal, returned_to_sender()) == ["checkpoint_recorded"]
    assert status(deal) == "returned_to_sender"
    assert window(deal) is None
    assert [deadline.kind for deadline in deadlines(deal.order)] == [Kind.SHIPPING]


def test_a_return_after_a_delivery_stops_the_window() -> None:
    deal = delivered().scan("returned_to_sender", at(days=13))
    assert window(deal) is None
    assert deal.until(at(days=18)).order.money == Sums(paid=1900, refunded=1900)


def test_what_was_confirmed_stays_confirmed_when_its_parcel_comes_back() -> None:
    deal = one_line_confirmed().scan("returned_to_sender", at(days=12, hours=2)).until(at(days=20))
    assert deal.order.money == Sums(paid=1900, released=950, fee=50, refunded=900)


def test_a_parcel_confirmed_on_its_way_goes_on_being_tracked_and_starts_no_window() -> None:
    """S8."""
    deal = shipped().confirm(LINE_1, LINE_2, when=at(days=3)).until(at(days=4))
    assert deal.order.money.released == 1805
    deal = deal.scan("delivered", DELIVERED_AT)
    assert status(deal) == "delivered"
    assert window(deal) is None
    assert not deadlines(deal.order)


def test_a_scan_dated_a_day_ahead_is_the_carriers_zone_and_two_days_a_mistake() -> None:
    assert shipped().ask(scan("in_transit", Instant(at(days=3) + DAY)), SYSTEM) != ()
    refusal = shipped().refused(scan("in_transit", Instant(at(days=3) + DAY + 1)), SYSTEM)
    assert refusal == Refusal(Reason.CHECKPOINT_IN_THE_FUTURE, "at")


def test_another_orders_parcel_is_unknown_here() -> None:
    refusal = shipped().refused(scan("delivered", at(days=3), shipment_id(OTHER_ID, 1)), OPERATOR)
    assert refusal.reason is Reason.UNKNOWN_SHIPMENT
    assert (
        shipped().refused(scan("delivered", at(days=3), shipment_id(ID, 2)), OPERATOR).reason is Reason.UNKNOWN_SHIPMENT
    )


def test_a_parcel_takes_200_scans_and_no_more() -> None:
    deal = shipped()
    for minute in range(199):
        deal = deal.scan("in_transit", at(days=4, minutes=minute))
    refusal = deal.refused(scan("in_transit", at(days=5)), SYSTEM, at(days=5))
    assert refusal.reason is Reason.TOO_MANY_CHECKPOINTS
    assert deal.ask(scan("in_transit", at(days=4, minutes=7)), SYSTEM, at(days=5)) == ()


def test_an_order_of_many_parcels_takes_1500_scans_and_still_hears_of_deliveries() -> None:
    """Fifty parcels with all the scans that each may have would make every command on the order write megabytes."""
    deal = start(place(lines=(new_line(100, 9),))).pay(at(hours=1))
    for _ in range(9):
        deal = deal.ship(part(LINE_1, 1), when=at(days=1))
    for count in range(1500):
        parcel = shipment_id(ID, 1 + count // 190)
        deal = deal.scan("in_transit", at(days=2), scanned=at(days=1, seconds=count), parcel=parcel)
    last = shipment_id(ID, 9)
    refusal = deal.refused(scan("in_transit", at(days=2), last), SYSTEM)
    assert refusal.reason is Reason.TOO_MANY_CHECKPOINTS
    assert deal.scan("delivered", at(days=2), parcel=last).order.shipments[8].status is ParcelStatus.DELIVERED


def test_after_2500_scans_an_order_hears_of_nothing_more() -> None:
    deal = start(place(lines=(new_line(100, 11),))).pay(at(hours=1))
    for _ in range(11):
        deal = deal.ship(part(LINE_1, 1), when=at(days=1))
    for count in range(1500):
        parcel = shipment_id(ID, 1 + count // 190)
        deal = deal.scan("in_transit", at(days=2), scanned=at(days=1, seconds=count), parcel=parcel)
    for count in range(1000):
        parcel = shipment_id(ID, 1 + count // 50 if count < 400 else 9 + (count - 400) // 210)
        deal = deal.scan("exception", at(days=3), scanned=at(days=2, seconds=count), parcel=parcel)
    refusal = deal.refused(scan("delivered", at(days=3), shipment_id(ID, 11)), SYSTEM)
    assert refusal.reason is Reason.TOO_MANY_CHECKPOINTS


def test_a_full_parcel_still_hears_of_its_delivery() -> None:
    """A carrier that chatters must not rob the seller of the proof, nor the buyer of the news that it came back."""
    deal = shipped()
    for minute in range(199):
        deal = deal.scan("in_transit", at(days=4, minutes=minute))
    assert not isinstance(deal.ask(scan("delivered", at(days=5)), SYSTEM, at(days=5)), Refusal)
    assert not isinstance(deal.ask(scan("returned_to_sender", at(days=5)), SYSTEM, at(days=5)), Refusal)


def test_the_sellers_word_about_delivery_counts_only_where_the_policy_says_so() -> None:
    assert shipped().refused(scan("delivered", at(days=3)), SELLER).reason is Reason.NOT_ALLOWED
    believed = shipped(place(policy=policy(receipt={"seller_marks_delivered": True})))
    assert window(believed.do(scan("delivered", at(days=3)), SELLER)) == at(days=10)


SHIP_REFUSED = [
    ("a line of another order", (line_id(OTHER_ID, 1),), Reason.UNKNOWN_LINE, "lines[0]"),
    ("a line twice", (LINE_1, part(LINE_1, 1)), Reason.DUPLICATE_LINE, "lines[1]"),
    ("more than there is", (part(LINE_2, 4),), Reason.QUANTITY_TOO_LARGE, "lines[0].quantity"),
]


@pytest.mark.parametrize(
    ("lines", "why", "field"), [row[1:] for row in SHIP_REFUSED], ids=[row[0] for row in SHIP_REFUSED]
)
def test_a_parcel_with_what_is_not_there_is_refused(lines: tuple[str, ...], why: Reason, field: str) -> None:
    refusal = paid().refused(ShipParcel(carrier="post", tracking_number="1", lines=lines), SELLER)  # type: ignore[arg-type]
    assert (refusal.reason, refusal.field) == (why, field)


def test_a_line_can_travel_in_several_parcels() -> None:
    deal = paid().ship(part(LINE_2, 1), when=at(days=1)).ship(part(LINE_2, 2), when=at(days=2))
    assert [shipment.spans[0].quantity for shipment in deal.order.shipments] == [1, 2]
    refusal = deal.refused(ShipParcel(carrier="post", tracking_number="1", lines=(LINE_2,)), SELLER)
    assert (refusal.reason, refusal.field) == (Reason.ALREADY_SHIPPED, "lines[0]")
    assert deal.ship(when=at(days=3)).order.shipments[2].spans[0].line == LINE_1
    deal = deal.scan("delivered", at(days=6), parcel=shipment_id(ID, 2)).until(at(days=13))
    assert deal.order.money == Sums(paid=1900, refunded=1000, held=300, released=570, fee=30)


def test_an_order_takes_50_parcels_and_no_more() -> None:
    deal = start(place(lines=(place().lines[1].__class__(sku="pin", title="pin", quantity=60, unit_price=10),)))
    deal = deal.pay(at(hours=1))
    for _ in range(50):
        deal = deal.ship(part(LINE_1, 1))
    ship = ShipParcel(carrier="post", tracking_number="1")
    assert deal.refused(ship, SELLER).reason is Reason.TOO_MANY_SHIPMENTS
    assert deal.order.shipments[0].id == PARCEL_1
