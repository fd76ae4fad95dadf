"""Deadlines: when they come, for which units, and that at the same instant the deadline wins."""

import pytest

from fairhold.domain import decide
from fairhold.domain.coming import Because, Effect, Kind
from fairhold.domain.commands import CancelOrder, ConfirmReceipt, ExtendProtection, Pay, ShipParcel
from fairhold.domain.deadlines import deadlines, next_deadline
from fairhold.domain.events import Cause, OrderCancelled, PortionsRefunded, PortionsReleased
from fairhold.domain.instants import Instant
from fairhold.domain.order import OPEN_STATES, Sums
from fairhold.domain.reasons import Reason
from fairhold.domain.status import Status, headline
from tests.builders import (
    BUYER,
    DELIVERED_AT,
    LINE_1,
    LINE_2,
    PARCEL_1,
    PARCEL_2,
    SELLER,
    SHIPPED_AT,
    Deal,
    all_confirmed,
    at,
    awaiting_payment,
    delivered,
    new_line,
    one_line_confirmed,
    paid,
    partly_shipped,
    place,
    policy,
    returned_to_sender,
    shipped,
    start,
)
from tests.states import STATES

SHIP = ShipParcel(carrier="post", tracking_number="1")
CONFIRM = ConfirmReceipt(lines=(LINE_1, LINE_2), acknowledged=True)
WINDOW_ENDS = at(days=18)
PROTECTION_ENDS = at(days=61)


def just_before(when: Instant) -> Instant:
    return Instant(when - 1)


def coming(deal: Deal) -> list[tuple[Kind, Instant]]:
    return [(deadline.kind, deadline.at) for deadline in deadlines(deal.order)]


def test_an_order_not_paid_within_24_hours_is_cancelled() -> None:
    deal = awaiting_payment().until(at(hours=24))
    assert deal.events[-1] == OrderCancelled(at=at(hours=24), by="system", lapsed=True)
    assert headline(deal.order) is Status.CANCELLED


def test_at_the_payment_deadline_itself_it_is_too_late_to_pay() -> None:
    pay = Pay(method="sandbox:ok")
    assert awaiting_payment().do(pay, BUYER, just_before(at(hours=24))).order.money.paid == 1900
    assert awaiting_payment().refused(pay, BUYER, at(hours=24)).reason is Reason.ORDER_CLOSED


def test_what_is_not_shipped_in_7_days_is_refunded_whole() -> None:
    deal = paid().until(at(days=7, hours=1))
    refund = deal.events[-1]
    assert isinstance(refund, PortionsRefunded)
    assert (refund.at, refund.cause, refund.amount) == (at(days=7, hours=1), Cause.NOT_SHIPPED, 1900)
    assert headline(deal.order) is Status.REFUNDED


def test_the_seller_may_take_up_to_30_days_to_ship_where_they_said_so() -> None:
    deal = start(place(shipping_days=30)).pay(at(hours=1))
    assert coming(deal) == [(Kind.SHIPPING, at(days=30, hours=1))]


def test_at_the_shipping_deadline_itself_it_is_too_late_to_ship() -> None:
    due = at(days=7, hours=1)
    assert paid().do(SHIP, SELLER, just_before(due)).order.shipments
    assert paid().refused(SHIP, SELLER, due).reason is Reason.ALREADY_REFUNDED
    assert paid().refused(CancelOrder(), BUYER, due).reason is Reason.ORDER_CLOSED


def test_cancelling_stops_the_shipping_deadline_only_while_nothing_is_on_its_way() -> None:
    assert [found.stopped_by for found in deadlines(paid().order)] == [("ship", "cancel")]
    [shipping] = [found for found in deadlines(partly_shipped().order) if found.kind is Kind.SHIPPING]
    assert shipping.stopped_by == ("ship",)
    assert partly_shipped().refused(CancelOrder(), BUYER, at(days=2)) is not None


def test_extending_stops_the_protection_timer_only_while_extensions_are_left() -> None:
    deal = shipped()
    for left in (True, True, False):
        [protection] = deadlines(deal.order)
        assert ("extend_protection" in protection.stopped_by) == left
        if left:
            deal = deal.do(ExtendProtection(days=1), SELLER)


def test_the_shipping_deadline_refunds_only_what_was_not_shipped() -> None:
    deal = partly_shipped().until(at(days=8))
    assert deal.order.money == Sums(paid=1900, held=1000, refunded=900)
    assert headline(deal.order) is Status.AWAITING_DELIVERY
    assert coming(deal) == [(Kind.PROTECTION, PROTECTION_ENDS)]


def test_each_parcel_has_its_own_protection_and_window() -> None:
    """S3, S4: the second parcel left two days later and is still on its way."""
    deal = partly_shipped().ship(when=at(days=3)).scan("delivered", DELIVERED_AT, parcel=PARCEL_1)
    assert coming(deal) == [(Kind.CONFIRMATION_WINDOW, WINDOW_ENDS), (Kind.PROTECTION, at(days=63))]
    deal = deal.scan("delivered", at(days=20), parcel=PARCEL_2)
    assert deal.order.money == Sums(paid=1900, held=900, released=950, fee=50)
    assert coming(deal) == [(Kind.CONFIRMATION_WINDOW, at(days=27))]


def test_protection_runs_60_days_from_shipping_and_then_pays_the_seller() -> None:
    """S3, S5: the buyer need not take part."""
    assert coming(shipped()) == [(Kind.PROTECTION, PROTECTION_ENDS)]
    deal = shipped().until(PROTECTION_ENDS)
    release = deal.events[-1]
    assert isinstance(release, PortionsReleased)
    assert (release.cause, release.at, release.gross) == (Cause.PROTECTION, PROTECTION_ENDS, 1900)


@pytest.mark.parametrize("days", [15, 90])
def test_the_seller_sets_the_protection_within_bounds(days: int) -> None:
    """S3."""
    assert coming(shipped(place(protection_days=days))) == [(Kind.PROTECTION, at(days=1 + days))]


def test_delivery_gives_the_buyer_7_days_and_then_pays_the_seller() -> None:
    """S4."""
    assert coming(delivered()) == [(Kind.CONFIRMATION_WINDOW, WINDOW_ENDS)]
    release = delivered().until(WINDOW_ENDS).events[-1]
    assert isinstance(release, PortionsReleased)
    assert (release.cause, release.at, release.gross) == (Cause.CONFIRMATION_WINDOW, WINDOW_ENDS, 1900)


def test_the_window_runs_from_the_day_we_learn_of_a_late_scan() -> None:
    """S4: handed over on day 8, reported on day 11."""
    deal = shipped().scan("delivered", DELIVERED_AT, scanned=at(days=8))
    assert coming(deal) == [(Kind.CONFIRMATION_WINDOW, WINDOW_ENDS)]


def test_the_window_runs_from_the_scan_where_the_carriers_clock_is_ahead() -> None:
    """S4: the later of the two."""
    deal = shipped().scan("delivered", DELIVERED_AT, scanned=at(days=11, hours=5))
    assert coming(deal) == [(Kind.CONFIRMATION_WINDOW, at(days=18, hours=5))]


def test_the_earlier_of_window_and_protection_completes() -> None:
    """S5: protection of 15 days ends on day 16, before the window of day 18."""
    deal = delivered(place(protection_days=15))
    assert coming(deal) == [(Kind.PROTECTION, at(days=16))]
    release = deal.until(at(days=16)).events[-1]
    assert isinstance(release, PortionsReleased)
    assert release.cause is Cause.PROTECTION


def test_the_window_follows_the_category() -> None:
    """S36."""
    chosen = policy(receipt={"category_window_days": {"electronics": 14}})
    lines = (new_line(1000, category="electronics"), new_line(900, category="toys"))
    deal = delivered(place(lines=lines, policy=chosen))
    assert coming(deal) == [(Kind.CONFIRMATION_WINDOW, WINDOW_ENDS), (Kind.CONFIRMATION_WINDOW, at(days=25))]
    assert deal.until(WINDOW_ENDS).order.money == Sums(paid=1900, held=1000, released=855, fee=45)


def test_at_the_end_of_the_window_itself_the_deadline_wins() -> None:
    last = delivered().do(CONFIRM, BUYER, just_before(WINDOW_ENDS))
    assert last.order.money.settling == 1900
    assert delivered().refused(CONFIRM, BUYER, WINDOW_ENDS).reason is Reason.ALREADY_CONFIRMED


def test_a_lapse_releases_at_once_and_a_confirmation_after_24_hours() -> None:
    """S16 needs the money to stay for the undo; nobody undoes a lapse."""
    assert delivered().until(WINDOW_ENDS).order.money.settling == 0
    assert coming(all_confirmed()) == [(Kind.SETTLEMENT, at(days=13))]
    assert all_confirmed().until(just_before(at(days=13))).order.money.settling == 1900
    assert all_confirmed().until(at(days=13)).order.money.released == 1805


def test_without_a_settlement_delay_a_confirmation_pays_at_once() -> None:
    deal = delivered(place(policy=policy(receipt={"settlement_delay_hours": 0}))).confirm(LINE_1, when=at(days=12))
    assert deal.order == decide.as_of(deal.order, at(days=12))
    assert deal.order.money == Sums(paid=1900, held=900, released=950, fee=50)


def test_what_was_confirmed_settles_while_the_rest_waits_for_its_window() -> None:
    """S12."""
    assert coming(one_line_confirmed()) == [(Kind.SETTLEMENT, at(days=13)), (Kind.CONFIRMATION_WINDOW, WINDOW_ENDS)]


def test_a_parcel_that_came_back_starts_no_window_and_is_refunded_after_5_days() -> None:
    deal = returned_to_sender()
    assert coming(deal) == [(Kind.SHIPPING, at(days=16))]
    assert deadlines(deal.order)[0].because is Because.RETURNED_TO_SENDER
    refund = deal.until(at(days=16)).events[-1]
    assert isinstance(refund, PortionsRefunded)
    assert (refund.cause, refund.amount) == (Cause.RETURNED_TO_SENDER, 1900)


def test_a_parcel_that_came_back_is_never_paid_out_by_the_protection_timer() -> None:
    """Protection of 15 days would end on day 16, two days before the seller's term."""
    deal = shipped(place(protection_days=15)).scan("returned_to_sender", at(days=13)).until(at(days=30))
    assert deal.order.money == Sums(paid=1900, refunded=1900)


def test_a_parcel_that_came_back_can_be_shipped_again_and_its_protection_is_never_cut() -> None:
    deal = returned_to_sender().ship(when=at(days=13))
    assert deal.order.shipments[1].id == PARCEL_2
    assert coming(deal) == [(Kind.PROTECTION, at(days=73))]
    deal = deal.scan("delivered", at(days=20), parcel=PARCEL_2)
    assert coming(deal) == [(Kind.CONFIRMATION_WINDOW, at(days=27))]


def test_a_parcel_shipped_again_keeps_the_longer_protection_it_had() -> None:
    deal = shipped(place(protection_days=20)).extend(30, at(days=3)).extend(30, at(days=4))
    deal = deal.scan("returned_to_sender", DELIVERED_AT).ship(when=at(days=13))
    assert coming(deal) == [(Kind.PROTECTION, at(days=81))]


def test_what_comes_back_a_second_time_is_refunded_at_once() -> None:
    """Else a seller could ship, take back and ship again for ever, and the buyer's money with it."""
    deal = returned_to_sender().ship(when=at(days=13)).scan("returned_to_sender", at(days=20), parcel=PARCEL_2)
    assert deal.order.money == Sums(paid=1900, refunded=1900)
    refund = deal.events[-1]
    assert isinstance(refund, PortionsRefunded)
    assert (refund.at, refund.cause) == (at(days=20), Cause.RETURNED_TO_SENDER)


def test_only_the_units_of_the_parcel_that_came_back_are_refunded() -> None:
    deal = partly_shipped().ship(when=at(days=3)).scan("returned_to_sender", DELIVERED_AT, parcel=PARCEL_2)
    deal = deal.until(at(days=16))
    assert deal.order.money == Sums(paid=1900, held=1000, refunded=900)


def test_lapse_without_proof_extends_once_and_then_pays_where_the_policy_says_so() -> None:
    once = policy(protection={"on_lapse": "extend_once", "lapse_extension_days": 10})
    deal = shipped(place(policy=once))
    assert deadlines(deal.order)[0].effect is Effect.EXTEND
    deal = deal.until(PROTECTION_ENDS)
    assert deal.order.money.held == 1900
    assert coming(deal) == [(Kind.PROTECTION, at(days=71))]
    assert deadlines(deal.order)[0].effect is Effect.RELEASE
    assert deal.until(at(days=71)).order.money.released == 1805


def test_each_parcel_is_extended_once_on_its_own_lapse() -> None:
    """Protection runs per parcel, so the lapse of the first says nothing about the second."""
    once = policy(protection={"on_lapse": "extend_once", "lapse_extension_days": 10})
    deal = start(place(policy=once)).pay(at(hours=1)).ship(LINE_1, when=SHIPPED_AT).ship(LINE_2, when=at(days=5))
    deal = deal.until(at(days=65))
    assert coming(deal) == [(Kind.PROTECTION, at(days=71)), (Kind.PROTECTION, at(days=75))]


def test_proof_of_delivery_leaves_nothing_to_extend_on_lapse() -> None:
    once = policy(protection={"on_lapse": "extend_once"})
    deal = delivered(place(policy=once, protection_days=15))
    assert deal.until(at(days=16)).order.money.released == 1805


def test_a_providers_ceiling_refunds_what_is_still_held() -> None:
    short = policy(providers=({"name": "sandbox", "ceiling_days": 20},))  # type: ignore[arg-type]
    deal = shipped(place(policy=short))
    assert coming(deal) == [(Kind.PROVIDER_CEILING, at(days=20, hours=1))]
    refund = deal.until(at(days=20, hours=1)).events[-1]
    assert isinstance(refund, PortionsRefunded)
    assert refund.cause is Cause.PROVIDER_CEILING


def test_a_confirmation_just_before_the_providers_ceiling_settles_by_it() -> None:
    short = policy(providers=({"name": "sandbox", "ceiling_days": 20},))  # type: ignore[arg-type]
    deal = shipped(place(policy=short)).confirm(LINE_1, LINE_2, when=at(days=20))
    assert coming(deal) == [(Kind.SETTLEMENT, at(days=20, hours=1))]
    assert deal.until(at(days=20, hours=1)).order.money.released == 1805


def test_deadlines_are_applied_in_order_each_at_its_own_time_however_late() -> None:
    """An order nobody looked at for a year tells the same story."""
    story = partly_shipped().until(at(days=365)).events
    assert [(type(event).__name__, event.at) for event in story[-2:]] == [
        ("PortionsRefunded", at(days=7, hours=1)),
        ("PortionsReleased", PROTECTION_ENDS),
    ]


def test_a_command_applies_what_is_due_first_and_then_happens_itself() -> None:
    deal = partly_shipped().confirm(LINE_1, when=at(days=9))
    assert [type(event).__name__ for event in deal.events[-2:]] == ["PortionsRefunded", "ReceiptConfirmed"]
    assert [event.at for event in deal.events[-2:]] == [at(days=7, hours=1), at(days=9)]


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_order_that_holds_money_has_a_next_deadline(state: str) -> None:
    deal = STATES[state]()
    order = decide.as_of(deal.order, deal.now)
    due = next_deadline(order)
    coming = deadlines(order)
    at_the_bank = any(deadline.chargeback for deadline in coming)
    assert (due is not None) == (order.closed_at is None or at_the_bank)
    if due is not None:
        assert due > deal.now
        assert due == coming[0].at
        assert {span for deadline in coming for span in deadline.spans} == {
            portion.span for portion in order.portions if portion.state in OPEN_STATES
        }
