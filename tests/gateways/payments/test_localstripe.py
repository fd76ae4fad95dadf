"""Plain parts of Stripe's client against `localstripe`, a fake that others wrote: refunds, and the signature of its webhooks.

It knows no pages, no connected accounts and no statement by time: for those there is our own fake (`tests/fakes/stripe`).
"""

import subprocess
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from threading import Thread
from typing import Any

import httpx2
import pytest

from fairhold.domain.instants import SECOND, Instant
from fairhold.engine.outside.payment_seen import No, Paid, PaymentSeen, State
from fairhold.engine.outside.payments import Refused
from fairhold.gateways.payments.stripe.events import SIGNATURE, is_signed
from fairhold.gateways.payments.stripe.provider import Stripe
from scripts import localstripe
from tests.gateways.payments.house import refund_asked
from tests.ports import port_of_its_own

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

KEY, SECRET = "sk_test_12345", "whsec_of_the_tests"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where it answers."""
    program = localstripe.ready()
    port = port_of_its_own()
    running = subprocess.Popen([program, "--port", str(port), "--from-scratch"], stderr=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(base)
        yield base
    finally:
        running.kill()
        running.wait()


def _wait_for(base: str) -> None:
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        try:
            httpx2.get(f"{base}/v1/balance", auth=(KEY, ""), timeout=60)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("localstripe does not answer")


@pytest.fixture
def provider(url: str) -> Iterator[Stripe]:
    made = Stripe(KEY, (SECRET,), url=url)
    yield made
    made.hang_up()


def paid(url: str) -> PaymentSeen:
    """A payment of 100.00 EUR by a card, made as another program of the marketplace's would."""
    with httpx2.Client(base_url=url, auth=(KEY, ""), timeout=60) as client:
        customer = post(client, "customers", {"email": "ann@example.org"})
        card = {"type": "card", "card[number]": "4242424242424242", "card[exp_month]": "12", "card[cvc]": "123"}
        method = post(client, "payment_methods", card | {"card[exp_year]": "2035"})
        post(client, f"payment_methods/{method['id']}/attach", {"customer": customer["id"]})
        intent = {"amount": "10000", "currency": "eur", "customer": customer["id"], "confirm": "true"}
        made = post(client, "payment_intents", intent | {"payment_method": method["id"]})
    assert made["status"] == "succeeded"
    return PaymentSeen("o-1", 1, Paid(made["id"]), State.DONE, 10_000, "EUR")


def post(client: httpx2.Client, path: str, fields: dict[str, str]) -> Any:
    answer = client.post(f"/v1/{path}", data=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_refunds_in_part_are_made_once_however_often_they_are_asked_for(provider: Stripe, url: str) -> None:
    payment = paid(url)
    first = [provider.refund(refund_asked(payment, 4_000, 1), "r-1") for _ in range(2)]
    other_key = provider.refund(refund_asked(payment, 4_000, 1), "r-1-after-a-day")
    rest = provider.refund(refund_asked(payment, 6_000, 2), "r-2")
    assert {answer.reference for answer in (*first, other_key)} == {first[0].reference}
    assert rest.reference != first[0].reference
    assert first[0].state is rest.state is State.DONE
    with httpx2.Client(base_url=url, auth=(KEY, ""), timeout=60) as client:
        there = client.get("/v1/refunds", params={"payment_intent": payment.paid.payment}).json()["data"]
    assert sorted(one["amount"] for one in there) == [4_000, 6_000]


def test_another_sum_under_a_number_that_is_known_is_refused(provider: Stripe, url: str) -> None:
    payment = paid(url)
    provider.refund(refund_asked(payment, 4_000, 1), "r-1")
    with pytest.raises(Refused) as caught:
        provider.refund(refund_asked(payment, 3_000, 1), "r-1b")
    assert caught.value.why is No.BROKEN


def test_its_webhooks_are_signed_as_we_check_it(provider: Stripe, url: str) -> None:
    heard: Queue[tuple[str, bytes]] = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.put((self.headers[SIGNATURE], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        hook = {"url": f"http://127.0.0.1:{server.server_port}/", "secret": SECRET}
        assert httpx2.post(f"{url}/_config/webhooks/one", json=hook, timeout=60).status_code == 200
        provider.refund(refund_asked(paid(url), 4_000, 1), "r-1")
        signature, body = heard.get(timeout=30)
        now = Instant(int(time.time()) * SECOND)
        assert is_signed(signature, body, ("whsec_another", SECRET), now)
        assert not is_signed(signature, body, ("whsec_another",), now)
        assert not is_signed(signature, body + b" ", (SECRET,), now)
        assert not is_signed(signature, body, (SECRET,), Instant(now + 3600 * SECOND))
    finally:
        httpx2.post(f"{url}/_config/webhooks/one", json={"url": "http://127.0.0.1:9/", "secret": SECRET}, timeout=60)
        server.shutdown()
        server.server_close()
