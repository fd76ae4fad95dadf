"""Payments, refunds, chargebacks and bad days in any order: nothing is paid twice, and the books are the provider's statement."""

import os
import random
import secrets
from collections.abc import Callable

import pytest

from fairhold.domain.order import Order
from fairhold.domain.payment import TOOK_MONEY, AttemptState
from tests.api.deals import advance, place
from tests.api.test_payments import AtStripe, AtYooKassa, Shop, shop

__all__ = ["shop"]

SEED = "ci" if os.environ.get("CI") else secrets.token_hex(4)
STEPS = 30


class Story:
    """One order after another, and whatever comes to people's and providers' minds."""

    def __init__(self, shop: Shop, seed: str) -> None:
        self.shop = shop
        self.chance = random.Random(seed)
        self.disputes: list[str] = []

    def play(self) -> None:
        for _ in range(STEPS):
            self.chance.choice(STEPS_OF)(self)
        self.end()

    def end(self) -> None:
        """Bad days are over: everything that was said is heard, and everything due is done."""
        for _ in range(4):
            self.pages_expire()
            self.shop.hear()
            advance(self.shop.client, seconds=4 * 3600)
            self.shop.deliver()

    # people

    def another_order(self) -> None:
        self.shop.deal = place(self.shop.client)

    def wants_to_pay(self) -> None:
        self.shop.deal.buyer.post(f"{self.shop.deal.url}/payment", {"method": f"{self.shop.at.name}:card"})

    def pays_on_any_page(self) -> None:
        """Also on one that was left open in another window."""
        order = self.shop.application.queries.order(self.shop.deal.id)  # type: ignore[arg-type]  # it is one
        assert order is not None
        pages = [attempt.names.payment for attempt in order.attempts if attempt.page]
        if pages:
            try:
                self.shop.at.pay(self.chance.choice(pages))
            except AssertionError:
                return  # nobody can pay there any more

    def calls_it_off(self) -> None:
        self.shop.deal.buyer.post(f"{self.shop.deal.url}/cancellation", {})

    def ships(self) -> None:
        parcel = {"carrier": "Post", "tracking_number": "TRACK-1"}
        self.shop.deal.seller.post(f"{self.shop.deal.url}/shipments", parcel)

    def confirms(self) -> None:
        body = {"lines": self.chance.sample(self.shop.deal.lines, 1), "acknowledged": True}
        self.shop.deal.buyer.post(f"{self.shop.deal.url}/receipt", body)

    # the world

    def delivers(self) -> None:
        self.shop.deliver()

    def tells(self) -> None:
        self.shop.hear(times=self.chance.choice((1, 1, 3)), mixed=self.chance)

    def has_a_bad_day(self) -> None:
        self.shop.at.lose_an_answer()

    def lets_time_pass(self) -> None:
        seconds = self.chance.choice((60, 3600, 30 * 3600))
        if seconds >= 3600:
            self.pages_expire()
        advance(self.shop.client, seconds=seconds)

    def pages_expire(self) -> None:
        """YooKassa's are open for an hour."""
        if isinstance(self.shop.at, AtYooKassa):
            for name, payment in self.shop.at.fake.books.payments.items():
                if payment.status == "pending":
                    self.shop.at.fake.books.decline(name, "expired_on_confirmation")

    def takes_back(self) -> None:
        """The buyer's bank, all of a payment, also where it went back: a bank does not ask us."""
        order = self.shop.application.queries.order(self.shop.deal.id)  # type: ignore[arg-type]  # it is one
        assert order is not None
        under_way = any(refund.paid_at is None for refund in order.refunds)
        paid = [one for one in order.attempts if one.state in TOOK_MONEY and one.number not in self.taken(order)]
        if isinstance(self.shop.at, AtStripe) and paid and not under_way:
            self.disputes.append(self.shop.at.fake.people.dispute(self.chance.choice(paid).names.payment))
            self.shop.hear()

    def taken(self, order: Order) -> set[int]:
        """Of which payments a bank took the money."""
        paid = next((one.number for one in order.attempts if one.state is AttemptState.PAID), 0)
        return {one.attempt or paid for one in order.chargebacks}

    def decides(self) -> None:
        if isinstance(self.shop.at, AtStripe) and self.disputes:
            self.shop.at.fake.people.decide(self.disputes.pop(), won=self.chance.random() < 0.5)


STEPS_OF: tuple[Callable[[Story], None], ...] = (
    Story.another_order,
    *(Story.wants_to_pay,) * 3,
    *(Story.pays_on_any_page,) * 4,
    Story.calls_it_off,
    Story.ships,
    Story.confirms,
    *(Story.delivers,) * 4,
    *(Story.tells,) * 3,
    Story.has_a_bad_day,
    Story.lets_time_pass,
    Story.takes_back,
    Story.decides,
)


@pytest.mark.parametrize("number", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 25))])
def test_whatever_happens_the_books_are_the_statement_and_nothing_is_paid_twice(shop: Shop, number: int) -> None:
    """That the books are the statement, and pass the audit, is looked at where the shop is closed."""
    story = Story(shop, f"{SEED}/{number}")
    story.play()
    for item in shop.client.get("/v1/orders?limit=200").json["items"]:
        order = shop.application.queries.order(item["id"])
        assert order is not None
        assert order.money.paid - order.money.refunded <= order.total, SEED
        assert sum(attempt.state is AttemptState.PAID for attempt in order.attempts) <= 1, SEED
