"""The outbox, the sandbox's payments and carrier, and time that is moved."""

import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import CancelOrder, ConfirmReceipt, Pay, RecordRefundPaid, ShipParcel
from fairhold.domain.events import CheckpointRecorded, ParcelDelivered, PortionsReleased, RefundPaid
from fairhold.domain.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from fairhold.domain.order import ParcelStatus
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.status import Status, headline
from fairhold.engine.background import CannotAdvance
from fairhold.engine.installation.clock import OFFSET_SETTING, SandboxClock, VirtualClock
from fairhold.engine.installation.settings import Settings
from fairhold.engine.kernel.envelope import Answer, Envelope
from fairhold.engine.kernel.news import NEWS
from fairhold.engine.outside.destinations import AtWork, NotNow
from fairhold.engine.ports.store import OutboxMessage
from fairhold.gateways import sandbox_carrier
from fairhold.gateways.sandbox_carrier import PLANS, SandboxCarrier
from fairhold.gateways.sandbox_payments import SandboxPayments
from fairhold.wiring import build
from tests.builders import BUYER, SELLER, T0, new_line
from tests.engine.market import Market, placing


def test_a_refund_is_carried_out_once_and_the_order_learns_of_it(market: Market) -> None:
    order = market.tell(market.paid().id, CancelOrder(), BUYER)
    assert market.app.queries.balances()["refunds:RUB"] == 2500
    market.app.background.tick()
    market.app.background.tick()
    paid = [event for event in market.events(order) if isinstance(event, RefundPaid)]
    assert [(event.number, event.amount) for event in paid] == [(1, 2500)]
    assert not any(market.app.queries.balances().values())
    assert not market.app.queries.outbox("waiting")


def test_a_refund_of_nothing_is_not_sent_to_the_provider(market: Market) -> None:
    """No provider takes a refund of zero: the message would be tried for hours and then wait for a person."""
    gift = msgspec.structs.replace(placing(), lines=(new_line(1000), new_line(0, sku="gift")))
    order = market.tell(market.tell(None, gift, BUYER).id, Pay(method="sandbox:refund-never"), BUYER)
    parcel = ShipParcel(carrier="post", tracking_number="1", lines=(order.lines[0].id,))
    market.tell(order.id, parcel, SELLER)
    market.advance(8 * DAY)
    assert [refund.amount for refund in market.now(order).refunds] == [0]
    assert not market.app.queries.outbox("waiting", "parked")


def test_a_refund_that_fails_is_tried_again_under_the_same_key_with_growing_pauses(market: Market) -> None:
    order = market.tell(market.paid(method="sandbox:refund-later").id, CancelOrder(), BUYER)
    market.app.background.tick()
    [message] = market.app.queries.outbox("waiting")
    assert message.attempts == 1
    assert SECOND <= message.not_before - market.clock.now() <= 3 * SECOND
    assert "third attempt" in (message.error or "")
    market.advance(MINUTE)
    assert market.now(order).refunds[0].paid_at is not None


def test_a_refund_that_never_works_is_parked_and_holds_up_nobody_else(market: Market) -> None:
    stuck = market.tell(market.paid(method="sandbox:refund-never").id, CancelOrder(), BUYER)
    fine = market.tell(market.paid().id, CancelOrder(), BUYER)
    market.advance(2 * DAY)
    [message] = market.app.queries.outbox("parked")
    assert (message.order_id, message.attempts) == (stuck.id, 12)
    assert market.now(stuck).refunds[0].paid_at is None
    assert market.now(fine).refunds[0].paid_at is not None
    market.app.engine.on_writer(
        lambda writer: writer.mark_messages([message._replace(state="done")]), market.app.engine.lanes[0]
    )
    # What a person does who paid by other means; the audit of this test's end would find the refund unpaid.
    market.tell(stuck.id, RecordRefundPaid(number=1, reference="by hand"), SYSTEM)


def test_a_destination_that_is_at_work_is_asked_again_however_often_and_parks_nothing(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = market.tell(market.paid().id, CancelOrder(), BUYER)
    real, asked = SandboxPayments.deliver, []

    def deliver(payments: SandboxPayments, message: OutboxMessage) -> Any:
        asked.append(message.attempts)
        if len(asked) <= 30:
            raise AtWork("the bank takes its time", Duration(HOUR))
        return real(payments, message)

    monkeypatch.setattr(SandboxPayments, "deliver", deliver)
    market.advance(29 * HOUR)
    [message] = market.app.queries.outbox("waiting")
    assert (message.attempts, message.error) == (0, "the bank takes its time")
    market.advance(2 * HOUR)
    assert market.now(order).refunds[0].paid_at is not None
    assert asked == [0] * 31


def test_the_answer_to_a_message_told_twice_is_recorded_once(market: Market) -> None:
    order = market.tell(market.paid().id, CancelOrder(), BUYER)
    [message] = [one for one in market.app.queries.outbox("waiting") if one.destination != NEWS]
    payments = SandboxPayments()
    assert payments.deliver(message) == payments.deliver(message)
    market.app.background.tick()
    market.app.engine.on_writer(lambda writer: writer.mark_messages([message]), market.app.engine.lanes[0])
    market.app.background.tick()
    assert sum(isinstance(event, RefundPaid) for event in market.events(order)) == 1


@pytest.mark.parametrize("method", ["sandbox:declined", "sandbox:insufficient_funds", "sandbox:expired_card"])
def test_a_declined_payment_changes_nothing(method: str, market: Market) -> None:
    order = market.placed()
    assert market.refused(order.id, Pay(method=method), BUYER).reason is Reason.PAYMENT_DECLINED
    assert market.kinds(order) == ["OrderPlaced"]
    assert market.tell(order.id, Pay(method="sandbox:ok"), BUYER).money.held == 2500


@pytest.mark.parametrize("method", ["gold", "sandbox:", "sandbox:decline", "sandbox:okay", "sandbox:ok "])
def test_a_method_of_no_provider_or_that_it_does_not_know_is_unknown(method: str, market: Market) -> None:
    order = market.placed()
    assert market.refused(order.id, Pay(method=method), BUYER).reason is Reason.UNKNOWN_PAYMENT_METHOD
    assert market.kinds(order) == ["OrderPlaced"]


def scans(market: Market, number: str, length: int = 60 * DAY) -> list[tuple[str, int, int]]:
    """(status, own time, learned at) of every scan of a parcel with this number, in hours since shipping."""
    order = market.shipped(number)
    market.advance(length)
    return [
        (event.checkpoint.status.value, (event.checkpoint.at - T0) // HOUR, (event.at - T0) // HOUR)
        for event in market.events(order)
        if isinstance(event, CheckpointRecorded)
    ]


def test_a_magic_number_plays_the_parcel_s_life_each_scan_at_its_own_time(market: Market) -> None:
    assert scans(market, "FH-DELIVERED-1") == [
        ("info_received", 0, 0),
        ("in_transit", 8, 8),
        ("in_transit", 30, 30),
        ("out_for_delivery", 68, 68),
        ("delivered", 72, 72),
    ]


def test_scans_out_of_order_are_learned_late(market: Market) -> None:
    assert scans(market, "fh-outoforder-9") == [
        ("delivered", 66, 68),
        ("in_transit", 8, 72),
        ("out_for_delivery", 60, 74),
    ]


def test_repeated_scans_are_noted_once(market: Market) -> None:
    assert [status for status, _, _ in scans(market, "FH-REPEATED-1")].count("delivered") == 2


@pytest.mark.parametrize(
    ("number", "after", "status"),
    [
        ("FH-FAST-1", 6 * MINUTE, Status.AWAITING_CONFIRMATION),
        ("FH-DELIVERED-1", 4 * DAY, Status.AWAITING_CONFIRMATION),
        ("FH-DELIVERED-1", 11 * DAY, Status.COMPLETED),
        ("FH-PICKUP-1", 4 * DAY, Status.AWAITING_DELIVERY),
        ("FH-SLOW-1", 44 * DAY, Status.AWAITING_DELIVERY),
        ("FH-SLOW-1", 46 * DAY, Status.AWAITING_CONFIRMATION),
        ("FH-RETURNED-1", 15 * DAY, Status.AWAITING_SHIPMENT),
        ("FH-RETURNED-1", 20 * DAY, Status.REFUNDED),
        ("FH-UNSEEN-1", 4 * DAY, Status.AWAITING_CONFIRMATION),
        ("FH-LOST-1", 59 * DAY, Status.AWAITING_DELIVERY),
        ("FH-LOST-1", 61 * DAY, Status.COMPLETED),
        ("FH-CORRECTED-1", 5 * DAY, Status.AWAITING_DELIVERY),
        ("FH-CORRECTED-1", 7 * DAY, Status.AWAITING_CONFIRMATION),
        ("OTHER-1", 59 * DAY, Status.AWAITING_DELIVERY),
    ],
)
def test_what_a_magic_number_leads_to(number: str, after: int, status: Status, market: Market) -> None:
    order = market.shipped(number)
    market.advance(after)
    assert headline(market.now(order)) is status


def test_every_kind_of_magic_number_stands_in_the_table_that_people_read() -> None:
    assert all(f"| `{prefix}`" in (sandbox_carrier.__doc__ or "") for prefix in PLANS)


def test_two_parcels_of_one_order_do_not_hold_each_other_up(market: Market) -> None:
    order = market.paid()
    first, second = (line.id for line in order.lines)
    market.tell(order.id, ShipParcel(carrier="post", tracking_number="FH-SLOW-1", lines=(first,)), SELLER)
    market.tell(order.id, ShipParcel(carrier="post", tracking_number="FH-DELIVERED-1", lines=(second,)), SELLER)
    market.advance(5 * DAY)
    assert [parcel.status for parcel in market.now(order).shipments] == [
        ParcelStatus.IN_TRANSIT,
        ParcelStatus.DELIVERED,
    ]


def test_a_jump_gives_the_same_events_as_many_small_ones(market: Market) -> None:
    order = market.shipped("FH-CORRECTED-1")
    other = market.shipped("FH-CORRECTED-1")
    # The same way, one in one jump and one in a thousand: both stand in the same market, so the jumps are of both.
    for _ in range(200):
        market.advance(2 * HOUR)
    assert [(type(event), event.at) for event in market.events(order)] == [
        (type(event), event.at) for event in market.events(other)
    ]
    third = market.shipped("FH-CORRECTED-1")
    start = market.clock.now()
    market.advance(400 * HOUR)
    assert [(type(event), event.at - start) for event in market.events(third)][3:] == [
        (type(event), event.at - T0) for event in market.events(order)
    ][3:]


def test_what_happens_on_the_way_of_a_jump_is_dated_with_its_own_time(market: Market) -> None:
    order = market.shipped("FH-DELIVERED-1")
    market.advance(300 * DAY)
    delivered = next(event for event in market.events(order) if isinstance(event, ParcelDelivered))
    released = next(event for event in market.events(order) if isinstance(event, PortionsReleased))
    assert (delivered.at, released.at) == (T0 + 3 * DAY, T0 + 10 * DAY)
    assert market.clock.now() == T0 + 300 * DAY


def test_a_refund_during_a_jump_is_paid_near_its_own_time(market: Market) -> None:
    order = market.paid()
    market.advance(300 * DAY)
    paid = next(event for event in market.events(order) if isinstance(event, RefundPaid))
    assert T0 + 7 * DAY <= paid.at <= T0 + 8 * DAY
    times = [event.at for event in market.events(order)]
    assert times == sorted(times)


def test_the_clock_never_goes_back_and_not_beyond_ten_years(market: Market) -> None:
    for to, reason in ((T0 - 1, "backwards"), (T0 + 4000 * DAY, "too_far")):
        with pytest.raises(CannotAdvance) as caught:
            market.app.advance(Instant(to))
        assert caught.value.reason == reason
    assert market.app.advance(T0) == T0


def test_the_sandbox_s_clock_ticks_and_keeps_its_offset(market: Market) -> None:
    system = VirtualClock(Instant(T0))
    clock = SandboxClock(market.app.store, system)
    clock.move_to(Instant(T0 + DAY))
    assert clock.now() == T0 + DAY
    system.move_to(Instant(T0 + HOUR))
    assert clock.now() == T0 + DAY + HOUR
    clock.move_to(Instant(T0))
    assert clock.now() == T0 + DAY + HOUR
    assert market.app.store.setting(OFFSET_SETTING) == str(DAY)
    assert SandboxClock(market.app.store, system).now() == T0 + DAY + HOUR


def test_nobody_at_the_destination_means_later_and_not_never(market: Market) -> None:
    order = market.tell(market.paid().id, CancelOrder(), BUYER)
    courier, outside = market.app.courier, market.app.courier._outside
    provider = outside._destinations.pop("payments:sandbox")
    courier.once()
    assert market.app.queries.outbox("waiting")[0].attempts == 1
    outside._destinations["payments:sandbox"] = provider
    market.advance(MINUTE)
    assert market.now(order).refunds[0].paid_at is not None


def test_the_carrier_says_nothing_about_ordinary_numbers() -> None:
    assert SandboxCarrier().letters("s1", "RB123456789CN", T0) == ()


def test_a_provider_that_fails_says_not_now() -> None:
    payload = b'{"type":"refund","number":1,"amount":5,"currency":"RUB","method":"sandbox:refund-never"}'
    with pytest.raises(NotNow):
        SandboxPayments().deliver(OutboxMessage(0, "x", 1, 0, "payments:sandbox", payload, 0))


def test_the_background_sweeps_and_delivers_by_itself(tmp_path: Path) -> None:
    market = Market(tmp_path / "b.db", background=True)
    order = market.tell(market.paid().id, CancelOrder(), BUYER)
    deadline = time.monotonic() + 120
    while market.now(order).refunds[0].paid_at is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    unpaid = market.placed()
    market.clock.move_to(Instant(T0 + 2 * DAY))
    while len(market.events(unpaid)) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    market.app.close()


def test_confirming_and_the_settlement_delay_move_the_money_to_the_seller(market: Market) -> None:
    order = market.shipped()
    market.tell(order.id, ConfirmReceipt(lines=tuple(line.id for line in order.lines), acknowledged=True), BUYER)
    assert market.app.queries.balances()["settling:RUB"] == 2500
    market.advance(DAY)
    assert market.app.queries.balance("seller:shop-7:RUB") == 2375
    assert market.app.queries.balance("seller:nobody:RUB") is None


def test_keys_are_forgotten_400_days_after_the_order_was_closed(market: Market) -> None:
    order = market.placed()
    closed = market.tell(order.id, CancelOrder(), BUYER, "cancel")
    market.clock.move_to(Instant(T0 + 399 * DAY))
    market.app.background.tick()
    again = market.ask(order.id, CancelOrder(), BUYER, "cancel")
    assert isinstance(again, Answer)
    assert (again.repeated, again.order) == (True, closed)
    market.clock.move_to(Instant(T0 + 401 * DAY))
    market.app.background.tick()
    assert market.refused(order.id, CancelOrder(), BUYER, "cancel").reason is Reason.ORDER_CLOSED


def test_without_a_sandbox_no_sandbox_money_is_taken(tmp_path: Path) -> None:
    app = build(Settings(database=f"sqlite:///{tmp_path / 'live.db'}"))
    app.start(background=False)
    placed = app.engine.submit_waiting(Envelope(None, placing(), BUYER))
    assert isinstance(placed, Answer)
    refused = app.engine.submit_waiting(Envelope(placed.order.id, Pay(method="sandbox:ok"), BUYER))
    assert refused == Refusal(Reason.UNKNOWN_PAYMENT_METHOD, "method")
    with pytest.raises(CannotAdvance):
        app.advance(Instant(app.clock.now() + DAY))
    app.close()


def test_an_installation_without_a_secret_makes_one_and_keeps_it(tmp_path: Path) -> None:
    settings = Settings(database=f"sqlite:///{tmp_path / 'kept.db'}")
    first = build(settings)
    second = build(settings)
    assert first.secret == second.secret
    assert len(first.secret) >= 32
    first.close()
    second.close()


def test_metrics_tell_what_happened(market: Market) -> None:
    market.refused(market.paid().id, Pay(method="sandbox:ok"), BUYER)
    text = market.app.metrics.text().decode()
    assert 'fairhold_commands_total{command="pay",outcome="done"} 1.0' in text
    assert 'fairhold_refusals_total{reason="already_paid"} 1.0' in text
    assert "fairhold_queue_commands 0.0" in text
