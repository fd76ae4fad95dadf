"""Stripe's adapter and its fake as one house, behind the contract."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Literal

from fairhold.domain.instants import SECOND, Instant
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import Seen
from fairhold.engine.outside.payments import Page, Provider
from fairhold.gateways.payments.stripe.provider import Stripe
from tests.fakes.serving import served_fast
from tests.fakes.stripe.books import AVAILABLE_AFTER
from tests.fakes.stripe.server import KEY, SECRET, SECRET_OF_SELLERS, Fault, StripeFake
from tests.gateways.fakes.patience import LONG, SILENT_FOR, patient
from tests.gateways.fakes.served import Mood
from tests.gateways.payments.house import Message


class StripeHouse:
    """A platform with one seller who may be paid."""

    nobody = "acct_nobody"
    later: type[Exception] = TryLater
    tries_again = closes_pages = returns_refunds = True
    fails_transfers = returns_transfers = False

    def __init__(self, fake: StripeFake, stripe: Stripe, currency: str = "EUR") -> None:
        self.fake = fake
        self.stripe = stripe
        self.provider: Provider = stripe
        self.currency = currency
        self.account = stripe.onboard(
            "", "seller", seller="s-1", country="DE", back="https://shop.example/", again="https://shop.example/again"
        ).account
        fake.people.become_known(self.account)
        fake.books.unsent.clear()

    def now(self) -> Instant:
        return Instant(self.fake.books.at * SECOND)

    def pay(self, page: Page) -> None:
        self.fake.people.pay(page.payment)

    def decline(self, page: Page) -> None:
        self.fake.people.pay(page.payment, "declined")

    def let_expire(self, page: Page) -> None:
        self.fake.people.let_expire(page.payment)

    def wait(self) -> None:
        self.fake.people.wait(AVAILABLE_AFTER + 1)

    def dispute(self, payment: str) -> str:
        return self.fake.people.dispute(payment)

    def decide(self, chargeback: str, *, won: bool) -> None:
        self.fake.people.decide(chargeback, won=won)

    def take_time(self) -> None:
        """It does at once what it is asked."""

    def carry_out(self, reference: str) -> None:
        """Nobody has to do anything."""

    def fail_transfer(self, transfer: str) -> None:
        raise AssertionError("a transfer does not leave Stripe")

    def settle(self, payout: str, *, fails: bool = False) -> None:
        self.fake.people.settle(payout, fails="account_closed" if fails else "")

    def fail_refund(self, refund: str) -> None:
        self.fake.people.fail_refund(refund)

    def spend(self) -> None:
        self.fake.people.spend(self.account, self.currency.lower())

    def lose_the_next_answer(self) -> None:
        self.fake.faults.append(Fault.LOST)

    def break_before_the_next(self) -> None:
        self.fake.faults.append(Fault.BROKEN_BEFORE)

    def forget_keys(self) -> None:
        self.fake.forget_keys()

    def told(self, *, repeated: bool = False, shuffled: Random | None = None) -> list[Seen]:
        return [seen for message in self._sent(repeated, shuffled) for seen in self.provider.read(*message, self.now())]

    def forgeries(self) -> Iterable[Message]:
        for headers, body, address in self._sent():
            yield headers, body.replace(b"o-1", b"o-2") + b" ", address
            yield {}, body, address

    def _sent(self, repeated: bool = False, shuffled: Random | None = None) -> list[Message]:
        return [
            (headers, body, "203.0.113.7") for headers, body in self.fake.hooks(repeated=repeated, shuffled=shuffled)
        ]


@contextmanager
def stripe_house(currency: str = "EUR", capture: Literal["automatic", "manual"] = "automatic") -> Iterator[StripeHouse]:
    """A house with its server running."""
    fake = StripeFake(silent_for=SILENT_FOR)
    with served_fast(fake) as url:
        stripe = Stripe(
            KEY,
            (SECRET, SECRET_OF_SELLERS),
            url=url,
            files_url=url,
            seconds=LONG,
            capture=capture,
            now=lambda: fake.books.at,
        )
        _wait_for(stripe, fake)
        try:
            yield StripeHouse(fake, stripe, currency)
        finally:
            stripe.hang_up()


@contextmanager
def hanging_up(url: str, fake: StripeFake | None = None) -> Iterator[Stripe]:
    """An adapter alone, for whatever answers under this address."""
    stripe = Stripe(KEY, (SECRET,), url=url, files_url=url, seconds=LONG)
    if fake is not None:
        _wait_for(stripe, fake)
    try:
        yield stripe
    finally:
        stripe.hang_up()


def _wait_for(stripe: Stripe, fake: StripeFake) -> None:
    for line in (stripe._client._line, stripe._client._files):
        patient(line._client, lambda: Fault.LOST in fake.faults or fake.mood is Mood.SILENT)
