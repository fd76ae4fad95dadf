"""Paying through a provider, from the API to the provider's fake over HTTP and back: each story at Stripe and at YooKassa."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from structlog.testing import capture_logs

from fairhold.api import payments
from fairhold.api.app import face
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, SECOND, Instant
from fairhold.engine.audit.auditing import audit
from fairhold.engine.installation.payment_settings import PaymentSettings
from fairhold.engine.installation.settings import Settings
from fairhold.engine.kernel.envelope import Faulty, Unavailable
from fairhold.engine.outside.payment_seen import No, Paid, PaymentSeen, State
from fairhold.engine.outside.payments import Refused
from fairhold.engine.payments import news as payment_news
from fairhold.engine.payments.news import of_payment
from fairhold.wiring import Application, build
from tests.api.client import KEY, Client, Response
from tests.api.deals import Deal, advance, place
from tests.databases import up_to_date
from tests.fakes.serving import served_fast
from tests.fakes.stripe import server as stripe
from tests.fakes.yookassa import fake as yookassa
from tests.fakes.yookassa.server import served as yookassa_served

LOOPBACK = "127.0.0.1"


class Town(Protocol):
    """A provider's fake, and how what it tells comes to us."""

    name: str

    @property
    def settings(self) -> PaymentSettings: ...
    def pay(self, payment: str) -> None: ...
    def decline(self, payment: str) -> None: ...
    def lose_an_answer(self) -> None: ...
    def messages(self, now: Instant) -> list[Callable[[Client, Application], object]]: ...


class AtStripe:
    name = "stripe"

    def __init__(self, fake: stripe.StripeFake, url: str) -> None:
        self.fake = fake
        fake.books.at = int(time.time())
        self.settings = PaymentSettings(
            stripe_key=stripe.KEY, stripe_secrets=(stripe.SECRET, stripe.SECRET_OF_SELLERS), stripe_url=url
        )

    def pay(self, payment: str) -> None:
        self.fake.people.pay(payment)

    def decline(self, payment: str) -> None:
        self.fake.people.let_expire(payment)

    def lose_an_answer(self) -> None:
        self.fake.faults.append(stripe.Fault.BROKEN_AFTER)

    def messages(self, now: Instant) -> list[Callable[[Client, Application], object]]:
        # Stripe's clock goes with ours, or what it signs is too old.
        self.fake.books.at = now // SECOND
        return [
            lambda client, app, headers=headers, body=body: taken(post(client, self.name, headers, body))  # type: ignore[misc]
            for headers, body in self.fake.hooks()
        ]


class AtYooKassa:
    name = "yookassa"

    def __init__(self, fake: yookassa.YooKassaFake, url: str) -> None:
        self.fake = fake
        self.heard = 0
        fake.books.now = int(time.time() * SECOND)
        self.settings = PaymentSettings(
            yookassa_shop=yookassa.SHOP[0],
            yookassa_key=yookassa.SHOP[1],
            yookassa_agent=yookassa.GATEWAY[0],
            yookassa_agent_key=yookassa.GATEWAY[1],
            yookassa_url=url,
            yookassa_networks=(f"{LOOPBACK}/32",),
        )

    def pay(self, payment: str) -> None:
        self.fake.books.pay(payment)

    def decline(self, payment: str) -> None:
        self.fake.books.decline(payment)

    def lose_an_answer(self) -> None:
        self.fake.ail(yookassa.Fault.BROKEN_AFTER)

    def messages(self, now: Instant) -> list[Callable[[Client, Application], object]]:
        told = self.fake.books.notices[self.heard :]
        self.heard = len(self.fake.books.notices)
        # The tests' client comes from no address that could be the provider's.
        return [lambda client, app, body=body: app.payments.take(self.name, {}, body, LOOPBACK) for body in told]  # type: ignore[misc]


def post(client: Client, name: str, headers: dict[str, str], body: bytes) -> Response:
    """As the provider would: without a key."""
    stranger = client.by(None, key=None)
    return stranger.send("POST", f"/v1/payments/{name}/events", [body], {"content-type": "application/json", **headers})


def taken(response: Response) -> None:
    assert response.status == 200, response.body


@contextmanager
def town(name: str) -> Iterator[Town]:
    if name == "stripe":
        fake = stripe.StripeFake()
        with served_fast(fake) as url:
            yield AtStripe(fake, url)
    else:
        other = yookassa.YooKassaFake()
        with yookassa_served(other) as url:
            yield AtYooKassa(other, url)


class Shop:
    """A marketplace whose buyers pay at that provider."""

    def __init__(self, at: Town, application: Application, client: Client) -> None:
        self.at = at
        self.application = application
        self.client = client
        self.deal: Deal = place(client)

    def start(self) -> "Shop":
        """The buyer wants to pay, and the page is there."""
        response = self.deal.buyer.post(f"{self.deal.url}/payment", {"method": f"{self.at.name}:card"})
        assert response.status == 200, response.body
        self.deliver()
        return self

    def deliver(self) -> None:
        self.application.courier.once()

    @property
    def payment(self) -> str:
        """What the provider calls the newest attempt."""
        order = self.application.queries.order(self.deal.id)  # type: ignore[arg-type]  # it is one
        assert order is not None
        return order.attempts[-1].names.payment

    def pay(self) -> "Shop":
        self.at.pay(self.payment)
        return self

    def hear(self, *, times: int = 1, mixed: random.Random | None = None) -> "Shop":
        """What the provider has to tell comes, each message so often, and in that order."""
        told = self.at.messages(self.application.clock.now()) * times
        if mixed is not None:
            mixed.shuffle(told)
        for tell in told:
            tell(self.client, self.application)
        return self

    @property
    def stated(self) -> int:
        """What the provider has for us, by its own statement."""
        provider = self.application.payments.providers[self.at.name]
        ends = Instant(self.application.clock.now() + 2 * DAY)
        return sum(line.amount - line.fee for line in provider.statement(Instant(ends - 400 * DAY), ends))

    @property
    def balances(self) -> dict[str, int]:
        response = self.client.by("operator:ops").get("/v1/ledger/accounts")
        return {one["name"]: one["balance"]["amount"] for one in response.json["items"] if one["balance"]["amount"]}


@pytest.fixture(params=["stripe", "yookassa"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with town(request.param) as at, asyncio.Runner() as runner:
        application = build(
            Settings(
                database=f"sqlite:///{up_to_date(tmp_path / 'test.db')}",
                secret="a-secret-of-the-tests",
                operator_key=KEY,
                sandbox=True,
                url="https://shop.example",
                payments=at.settings,
            )
        )
        application.start(background=False)
        try:
            made = Shop(at, application, Client(face(application), runner).by("operator:ops"))
            yield made
            made.hear()
            made.deliver()
            made.hear()
            assert list(audit(application.store)) == []
            assert made.stated == -made.balances.get(f"provider:{at.name}:RUB", 0)
        finally:
            application.close()


def test_an_order_is_paid_on_the_providers_page_and_held(shop: Shop) -> None:
    response = shop.deal.buyer.post(f"{shop.deal.url}/payment", {"method": f"{shop.at.name}:card"})
    assert (response.status, response.json["status"]) == (200, "awaiting_payment")
    shop.deliver()
    order = shop.deal.now
    assert order["payment_page"].startswith("http")
    assert shop.deal.seller.get(shop.deal.url).json.get("payment_page") is None
    shop.pay().hear()
    order = shop.deal.now
    assert order["status"] == "awaiting_shipment"
    assert order["money"]["held"] == order["total"] == 530_000
    assert order.get("payment_page") is None
    provider = f"provider:{shop.at.name}:RUB"
    fee = -shop.balances.get("costs:RUB", 0)
    assert fee > 0
    assert shop.balances == {"held:RUB": 530_000, provider: fee - 530_000, "costs:RUB": -fee}


@pytest.mark.parametrize("seed", range(3))
def test_told_often_and_in_any_order_it_is_paid_once(shop: Shop, seed: int) -> None:
    shop.start().pay().hear(times=5, mixed=random.Random(seed))
    assert shop.deal.now["money"]["paid"] == 530_000
    types = [event["type"] for event in shop.deal.buyer.get(f"{shop.deal.url}/events").json["items"]]
    assert types.count("payment_received") == 1


def test_where_nobody_tells_us_it_is_seen_by_looking(shop: Shop) -> None:
    """As on a machine that the provider cannot reach: a test key is all that it takes."""
    shop.start().pay()
    advance(shop.client, seconds=60)
    assert shop.deal.now["status"] == "awaiting_shipment"
    shop.hear(times=2)
    assert shop.deal.now["money"]["paid"] == 530_000


def test_a_page_on_which_nobody_pays_is_looked_at_less_and_less_and_ends_with_its_time(shop: Shop) -> None:
    shop.start()
    advance(shop.client, seconds=1800)
    [watched] = shop.application.queries.outbox("waiting")
    assert watched.attempts == 0
    assert shop.deal.now["status"] == "awaiting_payment"
    shop.at.decline(shop.payment)
    advance(shop.client, seconds=120)
    assert not shop.application.queries.outbox("waiting", "parked")
    types = [event["type"] for event in shop.deal.buyer.get(f"{shop.deal.url}/events").json["items"]]
    assert types[-1] == "payment_failed"


def test_a_page_whose_answer_was_lost_is_asked_for_again_and_is_one_page(shop: Shop) -> None:
    shop.at.lose_an_answer()
    shop.start()
    assert shop.deal.now.get("payment_page") is None
    advance(shop.client, seconds=60)
    shop.deliver()
    assert shop.deal.now["payment_page"]
    shop.pay().hear()
    assert shop.deal.now["money"]["paid"] == 530_000


def test_what_comes_of_nothing_leaves_the_order_waiting_for_another_attempt(shop: Shop) -> None:
    shop.start()
    shop.at.decline(shop.payment)
    shop.hear()
    order = shop.deal.now
    assert (order["status"], order.get("payment_page")) == ("awaiting_payment", None)
    shop.start().pay().hear()
    assert shop.deal.now["status"] == "awaiting_shipment"


def test_money_for_an_order_that_was_called_off_goes_back_to_the_kopeck(shop: Shop) -> None:
    shop.start()
    shop.pay()
    assert shop.deal.buyer.post(f"{shop.deal.url}/cancellation", {}).status == 200
    shop.hear(times=2)
    shop.deliver()
    shop.hear()
    order = shop.deal.now
    assert (order["status"], order["money"]["refunded"], order["money"]["held"]) == ("refunded", 530_000, 0)
    assert shop.balances.get("refunds:RUB", 0) == 0
    # All of it is with the buyer again, and the provider keeps its fee for the trouble.
    assert shop.balances[f"provider:{shop.at.name}:RUB"] == -shop.balances["costs:RUB"] > 0


def test_nobody_can_pay_any_more_on_the_page_of_an_order_that_is_off(shop: Shop) -> None:
    shop.start()
    assert shop.deal.buyer.post(f"{shop.deal.url}/cancellation", {}).status == 200
    shop.deliver()
    if isinstance(shop.at, AtStripe):
        with pytest.raises(AssertionError, match="nobody can pay"):
            shop.pay()
    # YooKassa's page cannot be closed: it is asked about until it has ended, and holds up nothing.
    waiting = shop.application.queries.outbox("waiting")
    assert sorted(message.destination.partition("/")[2][:8] for message in waiting) == (
        ["watching"] if isinstance(shop.at, AtStripe) else ["closing-", "watching"]
    )


def test_what_the_provider_refuses_to_do_about_its_own_news_is_told_to_people(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent again it would be refused again, so it is taken."""
    provider = shop.application.payments.providers[shop.at.name]
    seen = PaymentSeen(shop.deal.id, 1, Paid("p-1"), State.AUTHORIZED, 530_000, "RUB")

    def refuse(*asked: object) -> None:
        raise Refused(No.TOO_LATE, "expired")

    monkeypatch.setattr(provider, "read", lambda *told: (seen,))
    monkeypatch.setattr(provider, "capture", refuse)
    with capture_logs() as logs:
        response = post(shop.client, shop.at.name, {}, b"{}")
    assert (response.status, response.json) == (200, {"orders": 0, "news": 0})
    assert "critical" in [entry["log_level"] for entry in logs]


def test_news_that_could_not_be_written_are_not_answered_as_heard_and_count_when_they_come_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.start().pay()
    provider = shop.application.payments.providers[shop.at.name]
    seen = provider.payment(shop.payment)
    with monkeypatch.context() as broken:
        broken.setattr(payment_news, "submit_patiently", lambda engine, told: [Faulty("RuntimeError")] * len(told))
        with pytest.raises(Unavailable):
            shop.application.payments.tell(provider, seen)
    assert shop.deal.now["money"]["paid"] == 0
    shop.hear()
    assert shop.deal.now["money"]["paid"] == 530_000


def test_money_by_an_attempt_that_the_order_does_not_know_is_told_to_people(shop: Shop) -> None:
    shop.start()
    seen = PaymentSeen(shop.deal.id, 7, Paid("p-7"), State.DONE, 530_000, "RUB")
    provider = shop.application.payments.providers[shop.at.name]
    command = of_payment(provider, seen)
    assert command is not None
    with capture_logs() as logs:
        assert shop.application.payments._tell(shop.at.name, [(OrderId(shop.deal.id), command)]) == (1, 0)
    assert [entry["log_level"] for entry in logs] == ["critical"]
    assert shop.deal.now["money"]["paid"] == 0


def test_a_chargeback_that_is_heard_of_before_the_payment_is_asked_for_again(shop: Shop) -> None:
    if not isinstance(shop.at, AtStripe):
        return
    shop.start()
    intent = shop.at.fake.people.pay(shop.payment)
    shop.at.fake.people.dispute(intent)
    shop.at.fake.books.at = shop.application.clock.now() // SECOND
    told = shop.at.fake.hooks()
    statuses = [post(shop.client, "stripe", headers, body).status for headers, body in reversed(told)]
    assert 503 in statuses
    for headers, body in told:
        taken(post(shop.client, "stripe", headers, body))
    money = shop.deal.now["money"]
    assert (money["paid"], money["charged_back"], money["held"]) == (530_000, 530_000, 0)


def test_until_when_the_bank_hears_evidence_is_with_the_chargeback(shop: Shop) -> None:
    if not isinstance(shop.at, AtStripe):
        return
    shop.start().pay().hear()
    shop.at.fake.people.dispute(shop.payment)
    shop.hear(times=2)
    [found] = shop.client.get(shop.deal.url).json["chargebacks"]
    assert found["at"] < found["answer_by"] < found["due_at"]


def test_what_the_bank_takes_after_a_refund_is_in_the_books_as_a_loss(shop: Shop) -> None:
    """That the books are the statement is looked at where the shop is closed."""
    if not isinstance(shop.at, AtStripe):
        return
    shop.start().pay().hear()
    assert shop.deal.seller.post(f"{shop.deal.url}/cancellation", {}).status == 200
    shop.deliver()
    shop.hear()
    dispute = shop.at.fake.people.dispute(shop.payment)
    shop.hear(times=2)
    found = shop.client.by("operator:ops").get(shop.deal.url).json
    assert [(one["amount"], one["beyond"]) for one in found["chargebacks"]] == [(530_000, 530_000)]
    assert (found["money"]["refunded"], found["money"]["charged_back"]) == (530_000, 0)
    assert shop.balances["losses:RUB"] == -530_000
    assert shop.stated == -shop.balances["provider:stripe:RUB"]
    told = shop.deal.buyer.get(f"{shop.deal.url}/events").json["items"][-1]
    assert "had back already" in told["text"]
    shop.at.fake.people.decide(dispute, won=True)
    shop.hear()
    assert "losses:RUB" not in shop.balances


def test_what_a_bank_gives_back_after_half_a_year_of_silence_is_in_the_books(shop: Shop) -> None:
    """The chargeback counts as lost by then; the money is there all the same, however often that is told."""
    if not isinstance(shop.at, AtStripe):
        return
    shop.start().pay().hear()
    dispute = shop.at.fake.people.dispute(shop.payment)
    shop.hear()
    advance(shop.client.by("operator:ops"), seconds=181 * 86_400)
    [lapsed] = shop.client.get(shop.deal.url).json["chargebacks"]
    assert lapsed["status"] == "lost"
    shop.at.fake.books.at = shop.application.clock.now() // SECOND
    shop.at.fake.people.decide(dispute, won=True)
    shop.hear(times=3)
    found = shop.client.get(shop.deal.url).json
    assert [one["status"] for one in found["chargebacks"]] == ["won"]
    assert found["money"]["charged_back"] == 0


def test_of_two_payments_of_one_order_one_is_held_and_the_other_goes_back(shop: Shop) -> None:
    shop.start()
    first = shop.payment
    # The page of the first attempt is still open in a window of the buyer's when the second is asked for.
    shop.deal.buyer.post(f"{shop.deal.url}/payment", {"method": f"{shop.at.name}:card"})
    shop.at.pay(first)
    shop.deliver()
    shop.hear()
    if shop.deal.now["status"] == "awaiting_payment":
        shop.pay().hear()
    shop.deliver()
    shop.hear()
    money = shop.deal.now["money"]
    assert money["held"] == 530_000
    assert money["paid"] == money["held"] + money["refunded"]


def test_a_refund_goes_back_by_the_way_that_the_money_came(shop: Shop) -> None:
    shop.start().pay().hear()
    assert shop.deal.seller.post(f"{shop.deal.url}/cancellation", {}).status == 200
    shop.at.lose_an_answer()
    shop.deliver()
    advance(shop.client, seconds=60)
    shop.deliver()
    shop.hear(times=2)
    assert shop.deal.now["money"]["refunded"] == 530_000
    assert shop.balances.get("refunds:RUB", 0) == 0
    types = [event["type"] for event in shop.deal.buyer.get(f"{shop.deal.url}/events").json["items"]]
    assert types.count("refund_paid") == 1


def test_the_order_waits_an_hour_longer_for_what_may_be_on_its_way(shop: Shop) -> None:
    shop.start()
    advance(shop.client, seconds=24 * 3600 + 1800)
    assert shop.deal.now["status"] == "awaiting_payment"
    answer = shop.deal.buyer.post(f"{shop.deal.url}/payment", {"method": f"{shop.at.name}:card"})
    assert (answer.status, answer.code) == (409, "too_late_to_pay")
    shop.pay().hear()
    assert shop.deal.now["status"] == "awaiting_shipment"


def test_twenty_attempts_are_enough(shop: Shop) -> None:
    body: dict[str, Any] = {"method": f"{shop.at.name}:card"}
    statuses = [shop.deal.buyer.post(f"{shop.deal.url}/payment", body).status for _ in range(21)]
    assert statuses == [200] * 20 + [409]


def test_a_message_that_is_not_the_providers_is_refused_and_changes_nothing(shop: Shop) -> None:
    shop.start().pay()
    before = shop.deal.now["version"]
    headers = {"stripe_signature": f"t={int(time.time())},v1={'0' * 64}"}
    for body in (b"{}", b'{"event": "payment.succeeded"}', b"\xff", b"[]"):
        response = post(shop.client, shop.at.name, headers, body)
        assert (response.status, response.code) == (401, "signature_invalid")
    assert shop.deal.now["version"] == before
    other = "yookassa" if shop.at.name == "stripe" else "stripe"
    assert post(shop.client, other, headers, b"{}").status == 404


def test_more_messages_than_can_be_read_are_told_to_come_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "MOST_WAITING", 0)
    response = post(shop.client, shop.at.name, {}, b"{}")
    assert (response.status, response.code) == (503, "overloaded")
    assert int(response.headers["retry-after"]) > 0


def test_methods_of_nobody_and_currencies_that_a_provider_does_not_take_are_refused(shop: Shop) -> None:
    for method in ("nobody:card", "stripe" if shop.at.name == "yookassa" else "yookassa"):
        answer = shop.deal.buyer.post(f"{shop.deal.url}/payment", {"method": method})
        assert (answer.status, answer.code, answer.field) == (422, "unknown_payment_method", "method")
    for currency, taken in (("JPY", shop.at.name == "stripe"), ("IQD", False), ("UYI", False)):
        deal = place(shop.client, currency=currency)
        for url in (f"{deal.url}/payment?dry_run=1", f"{deal.url}/payment"):
            answer = deal.buyer.post(url, {"method": shop.at.name})
            assert answer.status == (200 if taken else 422)
            assert taken or (answer.code, answer.field) == ("unknown_payment_method", "method")
