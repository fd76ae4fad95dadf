"""What YooKassa writes: sums, moments, statuses that contradict other fields, and its own objects as far as they were found."""

import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.domain.instants import SECOND
from fairhold.domain.money import MAX_AMOUNT, MINOR_DIGITS
from fairhold.engine.outside.destinations import Unreadable
from fairhold.engine.outside.payment_seen import No, Paid, PaymentSeen, RefundSeen, State, TransferSeen
from fairhold.gateways.answers import moment, moment_written
from fairhold.gateways.payments.yookassa.notifications import NETWORKS, About, Senders, about
from fairhold.gateways.payments.yookassa.reading import (
    Deal,
    Payment,
    Payout,
    Refund,
    fee,
    mark,
    payment_seen,
    refund_seen,
    transfer_seen,
)
from fairhold.gateways.payments.yookassa.sums import Sum, minor, written


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (199_00, "RUB", "199.00"),
        (1, "RUB", "0.01"),
        (0, "RUB", "0.00"),
        (100_000_000_000_05, "RUB", "100000000000.05"),
        (12_34, "KZT", "12.34"),
        (500, "JPY", "500"),
        (1_234, "KWD", "1.234"),
        (5, "BHD", "0.005"),
    ],
)
def test_a_sum_is_written_with_as_many_digits_as_its_currency_has(amount: int, currency: str, text: str) -> None:
    assert written(amount, currency) == {"value": text, "currency": currency}
    assert minor(Sum(Decimal(text), currency)) == amount


@given(st.integers(0, MAX_AMOUNT), st.sampled_from(sorted(MINOR_DIGITS)))
def test_every_sum_comes_back_as_it_went(amount: int, currency: str) -> None:
    said = msgspec.json.decode(msgspec.json.encode(written(amount, currency)), type=Sum)
    assert minor(said) == amount


@pytest.mark.parametrize(("value", "amount"), [("250.0", 250_00), ("3", 3_00), ("100.01", 100_01), ('"7.5"', 7_50)])
def test_a_sum_may_be_a_number(value: str, amount: int) -> None:
    assert minor(msgspec.json.decode(f'{{"value": {value}, "currency": "RUB"}}', type=Sum)) == amount


@pytest.mark.parametrize(
    ("value", "currency"),
    [
        ("1.001", "RUB"),
        ("0.5", "JPY"),
        ("-1.00", "RUB"),
        ("NaN", "RUB"),
        ("Infinity", "RUB"),
        ("1e999999", "RUB"),
        ("1e-999999", "RUB"),
        ("1." + "0" * 40 + "1", "RUB"),
        ("1.00", "XXX"),
        ("1.00", ""),
    ],
)
def test_what_is_no_sum_is_not_rounded_to_one(value: str, currency: str) -> None:
    with pytest.raises(Unreadable):
        minor(Sum(Decimal(value), currency))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2018-07-10T14:27:54Z", 1_531_232_874),
        ("2017-11-30T15:11:33+00:00", 1_512_054_693),
        ("2017-11-30T18:11:33+03:00", 1_512_054_693),
        ("2017-11-30T15:11:33", 1_512_054_693),
    ],
)
def test_moments_are_read(text: str, seconds: int) -> None:
    assert moment(text) == seconds * SECOND
    assert moment(moment_written(moment(text))) == moment(text)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2017-13-01T00:00:00Z", "1969-01-01T00:00:00Z", "3017-01-01T00:00:00Z"]
)
def test_what_is_no_moment_is_said_to_be_none(text: str) -> None:
    with pytest.raises(Unreadable):
        moment(text)


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {"order": "37"},
        {"attempt": "1"},
        {"order": "", "attempt": "1"},
        {"order": 37, "attempt": "1"},
        {"order": "37", "attempt": 1},
        {"order": "37", "attempt": "-1"},
        {"order": "37", "attempt": "1" * 10},
        {"order": "37", "attempt": "١"},
    ],
)
def test_what_others_wrote_on_an_object_is_not_taken_for_ours(metadata: dict[str, object] | None) -> None:
    assert mark(metadata, "attempt") is None


def test_our_mark_is_read() -> None:
    assert mark({"order": "37", "attempt": "2", "more": "x"}, "attempt") == ("37", 2)


@pytest.fixture
def found(shared: Path) -> Path:
    return shared / "data" / "payments" / "yookassa"


def part(path: Path, *, envelope: bool = True, **marks: str) -> bytes:
    """The object in a file, with our marks on it: those found in public bear other shops'."""
    said = json.loads(path.read_bytes())
    thing = said["object"] if envelope else said
    return json.dumps(thing | ({"metadata": marks} if marks else {})).encode()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("deal.closed", About("deal", "dl-285e5ee7-0022-5000-8000-01516a44b147")),
        ("payment.waiting_for_capture", About("payment", "22d6d597-000f-5000-9000-145f6df21d6f")),
        ("payout.succeeded", About("payout", "po-2855a19a-0003-5000-a000-0efa9e7f4264")),
        ("refund.succeeded", About("refund", "21b23b5b-000f-5061-a000-0674e49a8c10")),
    ],
)
def test_notifications_found_in_public_name_their_object(found: Path, name: str, told: About) -> None:
    assert about((found / f"{name}.json").read_bytes()) == told


@pytest.mark.shared
def test_a_payment_that_waits_is_authorized_and_its_fee_is_not_known(found: Path) -> None:
    path = found / "payment.waiting_for_capture.json"
    read = msgspec.json.decode(part(path, order="72", attempt="1"), type=Payment)
    paid = Paid("22d6d597-000f-5000-9000-145f6df21d6f")
    assert payment_seen(read) == PaymentSeen("72", 1, paid, State.AUTHORIZED, 2_00, "RUB")
    assert payment_seen(msgspec.json.decode(part(path), type=Payment)) is None


@pytest.mark.shared
def test_a_payment_pending_and_captured_and_canceled_at_once_is_pending(found: Path) -> None:
    path = found / "payment_in_deal.json"
    read = msgspec.json.decode(part(path, envelope=False, order="72", attempt="3"), type=Payment)
    paid = Paid("21b23365-000f-500b-9000-070fa3554403", deal="dl-28646d17-0022-5000-8000-01e154d1324b")
    assert payment_seen(read) == PaymentSeen("72", 3, paid, State.PENDING, 1000_00, "RUB")
    assert fee(msgspec.structs.replace(read, status="succeeded")) == 10_00
    assert payment_seen(msgspec.json.decode(part(path, envelope=False), type=Payment)) is None


@pytest.mark.shared
def test_a_payout_that_succeeded_did_so_whatever_canceled_it(found: Path) -> None:
    path = found / "payout.succeeded.json"
    read = msgspec.json.decode(part(path, order="37", number="1"), type=Payout)
    name = "po-2855a19a-0003-5000-a000-0efa9e7f4264"
    assert transfer_seen(read) == TransferSeen("37", 1, name, 320_00, 0, "RUB")
    canceled = msgspec.structs.replace(read, status="canceled")
    assert transfer_seen(canceled) == TransferSeen("37", 1, name, 320_00, 0, "RUB", State.FAILED, No.TOO_MUCH)
    assert transfer_seen(msgspec.json.decode(part(path), type=Payout)) is None


@pytest.mark.shared
def test_a_refund_that_is_pending_is_not_done_whatever_its_event_says(found: Path) -> None:
    path = found / "refund.succeeded.json"
    name = "21b23b5b-000f-5061-a000-0674e49a8c10"
    read = msgspec.json.decode(part(path), type=Refund)
    assert refund_seen(read, "37") == RefundSeen("37", 0, name, State.PENDING, 250_00, "RUB")
    ours = msgspec.json.decode(part(path, order="37", number="4"), type=Refund)
    assert refund_seen(ours, "37").number == 4
    assert refund_seen(ours, "38").number == 0


@pytest.mark.shared
def test_a_deal_that_is_told_as_closed_and_says_opened_is_open(found: Path) -> None:
    read = msgspec.json.decode(part(found / "deal.closed.json"), type=Deal)
    assert (read.status, minor(read.payout_balance)) == ("opened", 800_00)
    assert moment(read.expires_at) > moment(read.created_at)


@pytest.mark.parametrize(
    "address",
    [
        "185.71.76.1",
        "185.71.77.31",
        "77.75.153.127",
        "77.75.156.11",
        "77.75.156.35",
        "77.75.154.128",
        "2a02:5180:0:1509::7",
        "::ffff:185.71.76.1",
        " 185.71.76.1 ",
    ],
)
def test_its_own_addresses_are_listened_to(address: str) -> None:
    assert Senders().has(address)


@pytest.mark.parametrize(
    "address",
    [
        "185.71.76.32",
        "77.75.153.128",
        "77.75.156.12",
        "127.0.0.1",
        "2a02:5181::1",
        "::ffff:127.0.0.1",
        "",
        "unix:",
        "185.71.76.1, 10.0.0.1",
        "185.71.76.1:443",
        "999.1.1.1",
    ],
)
def test_other_addresses_are_not(address: str) -> None:
    assert not Senders().has(address)


def test_the_networks_can_be_set() -> None:
    assert Senders(["127.0.0.1/32"]).has("127.0.0.1")
    assert not Senders(["127.0.0.1/32"]).has("185.71.76.1")
    with pytest.raises(ValueError, match="nowhere"):
        Senders([*NETWORKS, "nowhere"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"type": "notification", "event": "payment.succeeded"}',
        b'{"type": "notification", "event": "payment.succeeded", "object": {}}',
        b'{"type": "notification", "event": "payment.succeeded", "object": {"id": 7}}',
        b'{"type": "notification", "event": "payment.succeeded", "object": {"id": ""}}',
        b'{"type": "notification", "event": "payment.succeeded", "object": {"id": "../../payouts/po-1"}}',
        b'{"type": "notification", "event": "payment.succeeded", "object": {"id": "2f-00000001?limit=1"}}',
        b'{"type": "gossip", "event": "payment.succeeded", "object": {"id": "2f-00000001"}}',
        b'{"type": "notification", "event": null, "object": {"id": "2f-00000001"}}',
    ],
)
def test_what_is_no_notification_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        about(body)
