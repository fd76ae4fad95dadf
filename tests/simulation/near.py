"""Payment providers' fakes in the simulator's world: real clients, whose questions are answered in the process itself.

Nothing goes over a network, so that a seed has one history; the fakes' clocks are the simulation's. A fake is asked through the
same mishaps as the simple provider: it is busy, its answer is lost after it acted, what it answers cannot be read.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import httpx2

from fairhold.domain.actors import SYSTEM
from fairhold.domain.commands import RecordChargeback, RecordChargebackOutcome
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import HOUR, SECOND, Instant
from fairhold.domain.order import Order
from fairhold.domain.payment import TOOK_MONEY, AttemptState
from fairhold.domain.payment_commands import RecordPayment, RecordPaymentFailure, RecordPaymentPage
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.codec import decode_order
from fairhold.engine.kernel.envelope import Envelope
from fairhold.engine.outside.destinations import Outside, TryLater
from fairhold.engine.outside.payments import Provider
from fairhold.engine.ports.store import Store
from fairhold.gateways.payments.desk import Desk
from fairhold.gateways.payments.stripe.provider import Stripe
from fairhold.gateways.payments.yookassa.provider import YooKassa
from fairhold.simulation.mishaps import Fault, Mishaps, Point
from fairhold.simulation.people import SELLERS
from fairhold.simulation.provider import IN_STEPS
from fairhold.simulation.world import Tell, World
from fairhold.wiring import Application
from tests.fakes.stripe import books as stripe_books
from tests.fakes.stripe import money
from tests.fakes.stripe import server as stripe
from tests.fakes.yookassa import fake as yookassa
from tests.fakes.yookassa.things import Problem
from tests.gateways.fakes.served import Asked

LOOPBACK = "127.0.0.1"
Handler = Callable[[httpx2.Request], httpx2.Response]


class Fake(Protocol):
    """One provider's fake, as this world needs it."""

    def client(self, transport: httpx2.MockTransport) -> Provider: ...
    def answer(self, request: httpx2.Request) -> httpx2.Response: ...
    def is_at(self, now: Instant) -> None: ...
    def pay(self, payment: str, chance: random.Random) -> None: ...
    def take_back(self, payment: str, amount: int) -> None: ...
    def decide(self, payment: str, *, won: bool) -> None: ...
    def goes_on(self, chance: random.Random, *, all_of_it: bool = False) -> None: ...
    def unheard(self) -> list[Message]: ...
    def new_pages(self) -> list[tuple[str, str]]: ...


Message = Callable[[Application, Instant], object]
"""Tells a process what the provider sent."""


class AtStripe:
    """Stripe's, with the accounts of all sellers."""

    def __init__(self) -> None:
        self.fake = stripe.StripeFake()
        for seller in SELLERS:
            asked = {"type": "express", "country": "DE", "metadata": {"seller": seller}}
            made = self.fake.desk.new_seller(asked, "")
            name = f"acct-{seller}"
            self.fake.books.objects[name] = self.fake.books.objects.pop(made["id"])
            self.fake.books.owners[name] = self.fake.books.owners.pop(made["id"])
            made["id"] = name
            self.fake.people.become_known(name)
        self.fake.books.unsent.clear()
        self.now = self.pages = 0

    def client(self, transport: httpx2.MockTransport) -> Provider:
        made = Stripe(stripe.KEY, (stripe.SECRET, stripe.SECRET_OF_SELLERS), now=lambda: float(self.now))
        for line in (made._client._line, made._client._files):
            old = line._client
            line._client = httpx2.Client(base_url=old.base_url, headers=old.headers, transport=transport)
        return made

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode()
        said = self.fake.answer(Asked(request.method, path, _small(request.headers), request.read()))
        return httpx2.Response(said.status, headers=said.headers, content=said.body)

    def is_at(self, now: Instant) -> None:
        self.now = self.fake.books.at = now // SECOND

    def pay(self, payment: str, chance: random.Random) -> None:
        page = self.fake.books.objects.get(payment)
        if page is not None and page["status"] == "open" and page["expires_at"] > self.fake.books.at:
            self.fake.people.pay(payment, chance.choice(("good", "good", "good", "declined", "slow")))

    def take_back(self, payment: str, amount: int) -> None:
        """Once of a charge, as most banks do; they know what was paid, and not what went back."""
        intent = self.fake.books.objects.get(payment)
        if intent is None or intent["object"] != "payment_intent" or intent["status"] != "succeeded":
            return
        taken = self.fake.books.objects[intent["latest_charge"]]
        if not taken["disputed"]:
            money.dispute(self.fake.books, intent, inquiry=False, amount=max(1, min(amount, taken["amount_captured"])))

    def decide(self, payment: str, *, won: bool) -> None:
        for one in list(self.fake.books.all("dispute")):
            if one["payment_intent"] == payment and one["status"] == "needs_response":
                self.fake.people.decide(one["id"], won=won)

    def goes_on(self, chance: random.Random, *, all_of_it: bool = False) -> None:
        for one in list(self.fake.books.objects.values()):
            if not all_of_it and chance.random() < 0.5:
                continue
            match one["object"], one.get("status"):
                case "checkout.session", "open" if one["expires_at"] <= self.fake.books.at:
                    self.fake.people.let_expire(one["id"])
                case "checkout.session", "complete" if self._is_slow(one):
                    self.fake.people.bank_answers(one["id"], paid=chance.random() < 0.7)
                case "payout", "pending":
                    fails = "account_closed" if chance.random() < 0.15 and not all_of_it else ""
                    self.fake.people.settle(one["id"], fails=fails)
        if not all_of_it:
            self._bad_days(chance)

    def _is_slow(self, page: stripe_books.Object) -> bool:
        return bool(self.fake.books.objects[page["payment_intent"]]["status"] == "processing")

    def _bad_days(self, chance: random.Random) -> None:
        draw = chance.random()
        if draw < 0.1:
            self.fake.forget_keys()
        elif draw < 0.4:
            faults = (stripe.Fault.BROKEN_AFTER, stripe.Fault.BROKEN_BEFORE, stripe.Fault.BUSY, stripe.Fault.IN_USE)
            self.fake.faults.append(chance.choice(faults))
        elif draw < 0.5:
            # What is paid out of an account came back from the bank, or a seller has spent what lies there.
            paid = [
                one
                for one in self.fake.books.objects.values()
                if (one["object"], one.get("status")) == ("payout", "paid")
            ]
            if paid:
                self.fake.people.settle(chance.choice(paid)["id"], fails="account_closed")
        elif draw < 0.55:
            self.fake.people.spend(f"acct-{chance.choice(SELLERS)}", chance.choice(("rub", "usd", "eur")))

    def new_pages(self) -> list[tuple[str, str]]:
        all_of_it = self.fake.books.objects
        pages = [(name, one["metadata"]["order"]) for name, one in all_of_it.items() if name.startswith("cs_")]
        new, self.pages = pages[self.pages :], len(pages)
        return new

    def unheard(self) -> list[Message]:
        events, self.fake.books.unsent = self.fake.books.unsent, []
        return [self._message(event) for event in events]

    def _message(self, event: stripe_books.Object) -> Message:
        def tell(app: Application, now: Instant) -> object:
            headers, body = self.fake.signed(event, at=now // SECOND)
            return app.payments.take(IN_STEPS, headers, body, LOOPBACK)

        return tell


class AtYooKassa:
    """YooKassa's, whose deals live longer than any order."""

    def __init__(self) -> None:
        self.fake = yookassa.YooKassaFake()
        self.fake.books.life *= 40
        self.fake.books.payouts_pend = self.fake.books.refunds_pend = True
        self.heard = self.pages = 0

    def client(self, transport: httpx2.MockTransport) -> Provider:
        made = YooKassa(yookassa.SHOP, yookassa.GATEWAY, networks=(f"{LOOPBACK}/32",))
        for way in (made._shop, made._gateway):
            old = way._client
            way._client = httpx2.Client(base_url=old.base_url, headers=old.headers, transport=transport)
        return made

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        path, query = request.url.path.removeprefix("/v3/"), dict(request.url.params)
        fault = self.fake.take_fault(request.method, path)
        if fault is yookassa.Fault.BUSY:
            return httpx2.Response(429, headers={"Retry-After": "7"})
        if fault is yookassa.Fault.BROKEN_BEFORE:
            return httpx2.Response(500)
        try:
            said = self.fake.answer(request.method, path, query, _small(request.headers), request.read())
        except Problem as problem:
            return httpx2.Response(problem.status, json=problem.shown)
        if fault is yookassa.Fault.BROKEN_AFTER:
            return httpx2.Response(500)
        if fault is yookassa.Fault.AT_WORK:
            return httpx2.Response(202, json={"type": "processing", "description": "Wait", "retry_after": 1800})
        return httpx2.Response(200, json=said)

    def is_at(self, now: Instant) -> None:
        self.fake.books.now = now

    def pay(self, payment: str, chance: random.Random) -> None:
        page = self.fake.books.payments.get(payment)
        if page is not None and page.status == "pending":
            if chance.random() < 0.8:
                self.fake.books.pay(payment)
            else:
                self.fake.books.decline(payment)

    def take_back(self, payment: str, amount: int) -> None:
        """It tells of no chargebacks."""

    def decide(self, payment: str, *, won: bool) -> None:
        """As above."""

    def goes_on(self, chance: random.Random, *, all_of_it: bool = False) -> None:
        books = self.fake.books
        for refund in [one for one in books.refunds.values() if one.status == "pending"]:
            if all_of_it or chance.random() < 0.5:
                books.complete(refund.id)
        for payout in [one for one in books.payouts.values() if one.status == "pending"]:
            if all_of_it or chance.random() < 0.5:
                (books.settle if all_of_it or chance.random() < 0.85 else books.fail)(payout.id)
        for payment in [one for one in books.payments.values() if one.status == "pending"]:
            if books.now > payment.created + HOUR:
                books.decline(payment.id, "expired_on_confirmation")
        if not all_of_it and chance.random() < 0.4:
            faults = (
                yookassa.Fault.BROKEN_AFTER,
                yookassa.Fault.BROKEN_BEFORE,
                yookassa.Fault.BUSY,
                yookassa.Fault.AT_WORK,
            )
            self.fake.ail(chance.choice(faults))

    def new_pages(self) -> list[tuple[str, str]]:
        pages = [(name, one.metadata["order"]) for name, one in self.fake.books.payments.items()]
        new, self.pages = pages[self.pages :], len(pages)
        return new

    def unheard(self) -> list[Message]:
        told, self.heard = self.fake.books.notices[self.heard :], len(self.fake.books.notices)
        return [self._message(body) for body in told]

    def _message(self, body: bytes) -> Message:
        return lambda app, now: app.payments.take(IN_STEPS, {}, body, LOOPBACK)


class FakeWorld(World):
    """The simulator's world, with a provider's fake and its real client in place of the simple provider's pages."""

    def __init__(self, fake: Fake, clock: Clock, store: Store) -> None:
        super().__init__(clock, store)
        self.fake = fake
        self.asked = self.paid = 0
        """Questions that its client asked, and pages that buyers paid on."""
        self._clock = clock
        self._orders = store.reader()
        self._pages: list[tuple[str, str]] = []
        """Pages and their orders, on which nobody has been yet."""
        self._waiting: list[Message] = []
        self._told: list[Message] = []

    # what processes reach

    def outside(self, outside: Outside, mishaps: Mishaps) -> Outside:
        made = super().outside(outside, mishaps)
        desk = Desk(self._client(mishaps), "https://shop.example")
        # On a thread of their own, questions would have no order.
        desk.far = False
        made.payments[desk.name] = desk
        made._destinations[desk.name] = desk
        return made

    def payers(self, mishaps: Mishaps) -> Mapping[str, object]:
        return {**super().payers(mishaps), IN_STEPS: self._client(mishaps)}

    def _client(self, mishaps: Mishaps) -> Provider:
        def answer(request: httpx2.Request) -> httpx2.Response:
            self.asked += 1
            self.fake.is_at(self._clock.now())
            mishaps.reach(Point.BEFORE_PROVIDER_ACTS)
            if mishaps.strikes(Fault.PROVIDER_LATE):
                return httpx2.Response(503)
            self._buyers_pay()
            said = self.fake.answer(request)
            mishaps.reach(Point.AFTER_PROVIDER_ACTED)
            if mishaps.strikes(Fault.PROVIDER_TIMED_OUT_AFTER_ACTING):
                raise httpx2.ReadTimeout("simulated: the provider's answer was lost", request=request)
            if mishaps.strikes(Fault.PROVIDER_GARBLED):
                return httpx2.Response(200, content=b"<html>")
            return said

        client = self.fake.client(httpx2.MockTransport(answer))
        client.name = IN_STEPS
        return client

    def _buyers_pay(self) -> None:
        """Three of four do so as soon as they are on the page."""
        self._pages += self.fake.new_pages()
        for place in list(self._pages):
            page, order = place
            chance = random.Random(page)
            # Where the answer was lost that named the page, nobody knows its address.
            if self._is_known(page, order):
                self._pages.remove(place)
                if chance.random() < 0.75:
                    self.paid += 1
                    self.fake.pay(page, chance)

    def _is_known(self, page: str, order: str) -> bool:
        found = self._orders.order(OrderId(order))
        attempts = () if found is None else decode_order(found[1]).attempts
        return any(one.page and one.names.payment == page for one in attempts)

    def client(self) -> Provider:
        """One that nothing befalls."""
        return self._client(Mishaps(Counter()))

    # what people and banks do there

    def does(self, envelope: Envelope) -> bool:
        command = envelope.command
        about = (RecordPayment, RecordPaymentFailure, RecordPaymentPage, RecordChargeback, RecordChargebackOutcome)
        if envelope.order is None or not isinstance(command, about):
            return False
        found = self._orders.order(envelope.order)
        if found is None:
            return False
        order = decode_order(found[1])
        self.fake.is_at(self._clock.now())
        chance = random.Random(f"{envelope.order} {envelope.key}")
        match command:
            case RecordPayment():
                self.paid += 1
                self.fake.pay(command.names.payment, chance)
                return True
            case RecordChargeback():
                payment = _payment(order, command.attempt)
                if payment and envelope.actor == SYSTEM:
                    self.fake.take_back(payment, command.amount)
                return bool(payment)
            case RecordChargebackOutcome():
                taken = next((one for one in order.chargebacks if one.id == command.chargeback), None)
                payment = "" if taken is None else _payment(order, taken.attempt)
                if payment:
                    self.fake.decide(payment, won=command.won)
                return bool(payment)
        # What nobody but the provider can know is not made up here.
        return envelope.actor == SYSTEM

    # what is told

    def news(self, chance: random.Random) -> Sequence[Tell]:
        """Some of it, late, in any order, some of it twice, some of it that was told of long ago."""
        self.fake.is_at(self._clock.now())
        self._buyers_pay()
        self.fake.goes_on(chance)
        self._waiting += self.fake.unheard()
        chance.shuffle(self._waiting)
        now = self._waiting[: len(self._waiting) * 2 // 3 + 1]
        again = chance.sample(now, len(now) // 3) + chance.sample(self._told, min(len(self._told), 2))
        return [*super().news(chance), *[self._tell(one) for one in (*now, *again)]]

    def all_news(self) -> Sequence[Tell]:
        self._waiting += self.fake.unheard()
        return [*super().all_news(), *[self._tell(one) for one in self._waiting]]

    def _tell(self, message: Message) -> Tell:
        def tell(app: Application) -> None:
            app.payments.providers.setdefault(IN_STEPS, app.payouts.balances.provider(IN_STEPS))  # type: ignore[attr-defined]  # a dictionary
            try:
                message(app, app.clock.now())
            except TryLater:
                return
            # Only what was answered is not told again.
            if message in self._waiting:
                self._waiting.remove(message)
                self._told.append(message)

        return tell

    def settle(self) -> None:
        """Whatever banks and pages have under way ends well."""
        self.fake.goes_on(random.Random(1), all_of_it=True)

    @property
    def is_silent(self) -> bool:
        """Whether everything was heard that is to be told."""
        self._waiting += self.fake.unheard()
        return not self._waiting


def _payment(order: Order, attempt: int) -> str:
    """What the provider calls the payment by which money came, by the attempt or by the one that paid the order."""
    for one in order.attempts:
        wanted = one.number == attempt if attempt else one.state is AttemptState.PAID
        if wanted and one.state in TOOK_MONEY:
            return one.names.payment
    return ""


def _small(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
