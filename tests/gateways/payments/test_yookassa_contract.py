"""YooKassa does what every payment provider has to do, and refuses what it cannot."""

from collections.abc import Iterable, Iterator
from random import Random

import pytest

from fairhold.domain.instants import Instant
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import Seen
from fairhold.engine.outside.payments import Page, Provider
from tests.fakes.yookassa.fake import KEYS_LAST, Fault
from tests.gateways.payments.contract import PaymentContract
from tests.gateways.payments.house import Message, mixed
from tests.gateways.payments.yookassa_place import LOOPBACK, TOKEN, Place, standing

_STRANGER = "203.0.113.7"
_UNKNOWN = (
    b'{"type":"notification","event":"payment.succeeded","object":{"id":"2f-0000ffff-000f-5000-8000-0123456789ab"}}'
)


class YooKassaHouse:
    """A shop, and the token of a seller's card."""

    currency = "RUB"
    account = TOKEN
    nobody = "acct_nobody"
    later: type[Exception] = TryLater
    tries_again = closes_pages = returns_refunds = returns_transfers = False
    fails_transfers = True

    def __init__(self, place: Place) -> None:
        self.place = place
        self.provider: Provider = place.provider
        place.books.bad_tokens.add(self.nobody)

    def now(self) -> Instant:
        return Instant(self.place.books.now)

    def pay(self, page: Page) -> None:
        self.place.books.pay(page.payment)

    def decline(self, page: Page) -> None:
        self.place.books.decline(page.payment)

    def let_expire(self, page: Page) -> None:
        self.place.books.decline(page.payment, "expired_on_confirmation")

    def wait(self) -> None:
        raise AssertionError("nothing lies on accounts of sellers there")

    def dispute(self, payment: str) -> str:
        raise AssertionError("chargebacks are told of by mail")

    def decide(self, chargeback: str, *, won: bool) -> None:
        raise AssertionError("chargebacks are told of by mail")

    def take_time(self) -> None:
        self.place.books.refunds_pend = self.place.books.payouts_pend = True

    def carry_out(self, reference: str) -> None:
        """Banks do it at once, unless they take their time."""
        books = self.place.books
        if reference in books.payouts and books.payouts[reference].status == "pending":
            books.settle(reference)

    def settle(self, payout: str, *, fails: bool = False) -> None:
        raise AssertionError("nothing lies on accounts of sellers there")

    def fail_refund(self, refund: str) -> None:
        self.place.books.reject(refund)

    def fail_transfer(self, transfer: str) -> None:
        self.place.books.fail(transfer, "recipient_not_found")

    def spend(self) -> None:
        raise AssertionError("nothing lies on accounts of sellers there")

    def lose_the_next_answer(self) -> None:
        self.place.fake.ail(Fault.SILENT_AFTER)

    def break_before_the_next(self) -> None:
        self.place.fake.ail(Fault.BROKEN_BEFORE)

    def forget_keys(self) -> None:
        self.place.books.now += KEYS_LAST

    def told(self, *, repeated: bool = False, shuffled: Random | None = None) -> list[Seen]:
        books = self.place.books
        fresh, self.place.heard = books.notices[self.place.heard :], len(books.notices)
        return self.place.told(mixed(fresh, repeated=repeated, shuffled=shuffled))

    def forgeries(self) -> Iterable[Message]:
        for notice in self.place.books.notices:
            yield {}, notice, _STRANGER
            yield {}, notice[:-1], LOOPBACK
        yield {}, _UNKNOWN, LOOPBACK


class TestYooKassa(PaymentContract):
    @pytest.fixture
    def house(self) -> Iterator[YooKassaHouse]:
        with standing() as place:
            yield YooKassaHouse(place)
