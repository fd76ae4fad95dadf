"""What Stripe's webhooks tell."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from fairhold.domain.instants import SECOND, Instant
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.payment_seen import (
    AccountSeen,
    No,
    PaymentSeen,
    PayoutSeen,
    State,
    TransferSeen,
)
from fairhold.gateways.payments.stripe.events import TELLERS
from fairhold.gateways.payments.stripe.objects import Dispute, Intent, Payout, read_part
from fairhold.gateways.payments.stripe.seen import chargeback_of, payment_of, payout_of
from tests.fakes.stripe.server import SECRET, StripeFake, signature
from tests.gateways.fakes.served import Mood, served
from tests.gateways.payments.house import page_asked, paid, payout_asked, told, transfer_asked
from tests.gateways.payments.stripe_house import StripeHouse, hanging_up, stripe_house

NOW = Instant(1_780_000_000 * SECOND)


@pytest.fixture
def house() -> Iterator[StripeHouse]:
    with stripe_house() as house:
        yield house


def read(house: StripeHouse, event: dict[str, Any]) -> tuple[object, ...]:
    headers, body = house.fake.signed(event)
    return house.provider.read(headers, body, "203.0.113.7", house.now())


def event(kind: str, thing: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": "evt_9", "object": "event", "type": kind, "livemode": False, "data": {"object": thing}, **more}


@pytest.mark.parametrize("kind", ["balance.available", "customer.created", "payout.created", "v2.core.event"])
def test_an_event_that_we_do_not_need_tells_nothing(house: StripeHouse, kind: str) -> None:
    asked = len(house.fake.asked)
    assert read(house, event(kind, {"id": "x"})) == ()
    assert read(house, {"id": "evt_1", "type": kind}) == ()
    assert len(house.fake.asked) == asked


OF_SELLERS = ("payout.paid", "payout.failed", "payout.canceled", "account.updated")
OF_NOBODY = {"account": "acct_nobody"}


@pytest.mark.parametrize("kind", TELLERS)
def test_an_event_about_something_that_stripe_does_not_know_is_unreadable(house: StripeHouse, kind: str) -> None:
    if kind in ("charge.refunded", "account.application.deauthorized"):
        assert read(house, event(kind, {"id": "ch_nothing"})) == ()
        return
    with pytest.raises(Unreadable):
        read(house, event(kind, {"id": "xx_nothing"}, **OF_NOBODY if kind in OF_SELLERS else {}))


@pytest.mark.parametrize("thing", [{}, {"id": 7}, {"id": ""}, {"id": None}, {"id": "x" * 300}, {"id": ["a"]}])
def test_an_event_without_a_name_in_it_is_unreadable(house: StripeHouse, thing: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read(house, event("payment_intent.succeeded", thing))


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{", b"\xff", b"{}", b"[" * 100_000, b'{"type":"transfer.created"}', b'{"type":7}']
)
def test_a_body_that_is_no_event_is_unreadable(house: StripeHouse, body: bytes) -> None:
    headers = {"stripe-signature": signature(body, SECRET, house.fake.books.at)}
    with pytest.raises(Unreadable):
        house.provider.read(headers, body, "", house.now())


def test_an_event_of_the_other_mode_tells_nothing(house: StripeHouse) -> None:
    payment = paid(house)
    about = {"id": payment.paid.payment}
    assert read(house, event("payment_intent.succeeded", about)) == (payment,)
    assert read(house, {**event("payment_intent.succeeded", about), "livemode": True}) == ()


def test_an_old_event_tells_how_it_stands_now(house: StripeHouse) -> None:
    payment = paid(house)
    sent = house.provider.transfer(transfer_asked(house, payment), "t-1")
    [created] = [one for one in house.fake.books.unsent if one["type"] == "transfer.created"]
    house.fake.desk.reverse({"amount": "1000"}, "", sent.reference)
    assert read(house, created) == (TransferSeen("o-1", 1, sent.reference, 9_000, 1_000, "EUR"),)


def test_while_stripe_cannot_be_asked_a_notification_is_to_come_again() -> None:
    fake = StripeFake(mood=Mood.BROKEN)
    headers, body = fake.signed(event("payment_intent.succeeded", {"id": "pi_1"}), at=NOW // SECOND)
    with served(fake) as url, hanging_up(url) as stripe, pytest.raises(TryLater):
        stripe.read(headers, body, "", NOW)


def test_a_seller_who_leaves_the_platform_may_not_be_paid(house: StripeHouse) -> None:
    left = event("account.application.deauthorized", {"id": "ca_1"}, account=house.account)
    assert read(house, left) == (AccountSeen(house.account, may_be_paid=False, wanting=("deauthorized",)),)


@pytest.mark.parametrize("kind", ["charge.updated", "charge.refunded", "refund.created", "payment_intent.succeeded"])
def test_what_a_transfer_becomes_on_a_sellers_account_tells_nothing(house: StripeHouse, kind: str) -> None:
    asked = len(house.fake.asked)
    assert read(house, event(kind, {"id": "py_1"}, account=house.account)) == ()
    assert len(house.fake.asked) == asked


def test_payouts_that_we_did_not_ask_for_tell_nothing(house: StripeHouse) -> None:
    assert read(house, event("payout.paid", {"id": "po_platform"})) == ()
    payment = paid(house)
    house.provider.transfer(transfer_asked(house, payment), "t-1")
    house.wait()
    sent = house.provider.pay_out(payout_asked(house), "p-1")
    house.fake.books.objects[sent.reference]["metadata"] = {}
    house.settle(sent.reference)
    assert not any(isinstance(one, PayoutSeen) for one in told(house))


def test_a_payment_that_failed_is_over_only_with_its_page(house: StripeHouse) -> None:
    page = house.provider.open(page_asked(house), "k-1")
    house.decline(page)
    [seen] = told(house)
    assert isinstance(seen, PaymentSeen)
    assert (seen.state, seen.why, seen.amount) == (State.PENDING, No.DECLINED, 0)
    house.let_expire(page)
    assert house.provider.payment(seen.paid.payment) == house.provider.payment(page.payment)
    assert house.provider.payment(page.payment).state is State.FAILED


@dataclass
class Receiver:
    """Whoever webhooks are posted to."""

    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


def test_the_fakes_webhooks_are_posted_and_can_be_read(house: StripeHouse) -> None:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append(({name.lower(): text for name, text in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    house.pay(house.provider.open(page_asked(house), "k-1"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        statuses = house.fake.send(f"http://127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert len(statuses) == len(receiver.got) > 2
    assert set(statuses) == {204}
    seen = {one for headers, body in receiver.got for one in house.provider.read(headers, body, "", house.now())}
    assert {(one.order, one.state) for one in seen if isinstance(one, PaymentSeen)} == {("o-1", State.DONE)}


# objects


def test_a_payment_that_succeeded_without_saying_how_much_is_not_believed() -> None:
    with pytest.raises(Unreadable):
        read_part({"id": "pi_1", "amount": 5, "currency": "usd", "status": "succeeded"}, Intent)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("account_closed", No.ACCOUNT_CLOSED),
        ("could_not_process", No.BROKEN),
        ("declined", No.DECLINED),
        (None, No.BROKEN),
    ],
)
def test_why_a_payout_failed_is_told(code: str | None, why: No) -> None:
    payout = Payout("po_1", 5, "usd", "failed", 1, {"payout": "p-1"}, code)
    for arrived, state in ((False, State.FAILED), (True, State.RETURNED)):
        seen = payout_of(payout, had_arrived=arrived)
        assert seen == PayoutSeen("p-1", "po_1", state, 5, "USD", why)


def test_a_status_that_nobody_knows_yet_is_pending() -> None:
    intent = Intent("pi_1", 5, "usd", "requires_new_things", 0, 0, metadata={"order": "o-1"})
    seen = payment_of(intent, None)
    assert seen is not None
    assert (seen.state, seen.attempt) == (State.PENDING, 0)
    payout = payout_of(Payout("po_1", 5, "usd", "resting", 1, {"payout": "p"}), had_arrived=False)
    assert payout is not None
    assert payout.state is State.PENDING


def test_a_dispute_of_a_payment_that_is_none_of_ours_tells_nothing() -> None:
    assert chargeback_of(Dispute("dp_1", 5, "usd", "ch_1", "lost", ())) == ()
