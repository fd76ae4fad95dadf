"""Payments, refunds, chargebacks, payouts, what comes back of them and bad days in any order.

Nothing is paid twice, neither to buyers nor to sellers, and the books are the provider's statement.
"""

import os
import random
import secrets
from collections import Counter
from collections.abc import Callable

import pytest

from fairhold.domain.order import Order
from fairhold.domain.payment import TOOK_MONEY, AttemptState
from fairhold.domain.payout import PayoutState
from fairhold.domain.payout_sums import due
from tests.api.deals import advance, place
from tests.api.test_payments import AtStripe, AtYooKassa, Shop, shop
from tests.api.test_payouts_at_providers import known, of_kind, settle

__all__ = ["shop"]

SEED = os.environ.get("FAIRHOLD_SEED") or ("ci" if os.environ.get("CI") else secrets.token_hex(4))
STEPS = 40


class Story:
    """One order after another, and whatever comes to people's and providers' minds."""

    def __init__(self, shop: Shop, seed: str) -> None:
        self.shop = shop
        self.chance = random.Random(seed)
        self.disputes: list[str] = []
        self.account = ""

    def play(self) -> None:
        for _ in range(STEPS):
            self.chance.choice(STEPS_OF)(self)
        self.end()

    def end(self) -> None:
        """Bad days are over: everything that was said is heard, and everything due is done."""
        for _ in range(4):
            self.pages_expire()
            self.shop.hear()
            advance(self.shop.client, seconds=8 * 3600)
            self.shop.deliver()
            self.buyers_bank(sends_back=0)
            self.sees_to_refunds()
            self.wants_what_is_due()
            self.makes_payouts()
            settle(self.shop)
        # What the banks did last is heard, too.
        for _ in range(3):
            self.shop.hear()
            self.shop.deliver()
            settle(self.shop)
        self.shop.hear()

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
        lines = self.shop.deal.lines
        body = {"lines": self.chance.sample(lines, self.chance.randint(1, len(lines))), "acknowledged": True}
        self.shop.deal.buyer.post(f"{self.shop.deal.url}/receipt", body)

    def goes_on_as_it_should(self) -> None:
        """As most orders do: by chance alone hardly one would come to its end."""
        for step in (
            self.wants_to_pay,
            self.delivers,
            self.pays_on_any_page,
            self.tells,
            self.ships,
            self.confirms,
            self.lets_a_day_pass,
            self.gets_an_account,
            self.sellers_bank,
            self.wants_what_is_due,
            self.delivers,
            self.sellers_bank,
        ):
            if self.chance.random() < 0.95:
                step()

    def gets_an_account(self) -> None:
        """The seller, once, on a day that is not bad, and from then on is paid every day or when somebody says so."""
        if not self.account:
            self.shop.at.fake.faults.clear()  # type: ignore[attr-defined]  # both have them
            self.account = known(self.shop, schedule=self.chance.choice(("daily", "on_request")))

    def wants_what_is_due(self) -> None:
        """Somebody looks first where payouts have stopped."""
        self.shop.client.post("/v1/payees/shop-7/resumption", {"provider": self.shop.at.name})
        self.shop.client.post("/v1/payouts", {"seller": "shop-7"})

    def sees_to_refunds(self) -> None:
        """An operator, to those that came back."""
        for item in self.shop.client.get("/v1/orders?status=refund_returned").json["items"]:
            for refund in item["refunds"]:
                url = f"/v1/orders/{item['id']}/refunds/{refund['number']}"
                again = self.shop.client.post(f"{url}/again", {}) if self.chance.random() < 0.8 else None
                if again is None or again.status != 200:
                    self.shop.client.post(f"{url}/elsewhere", {"reference": "transfer 7"})

    def spends(self) -> None:
        """What a seller has spent cannot be taken back from their account."""
        if isinstance(self.shop.at, AtStripe) and self.account:
            self.shop.at.fake.people.spend(self.account, "rub")

    # the world

    def makes_payouts(self) -> None:
        self.shop.application.payouts.paymaster.once()

    def sellers_bank(self) -> None:
        """It takes what comes, or does not; and sends back what it has had for a while."""
        if isinstance(self.shop.at, AtStripe):
            for payout in of_kind(self.shop.at, "payout"):
                if payout["status"] in ("pending", "in_transit", "paid") and self.chance.random() < 0.5:
                    fails = self.chance.choice(("", "account_closed")) if payout["status"] != "paid" else "no_account"
                    self.shop.at.fake.people.settle(payout["id"], fails=fails)
            return
        assert isinstance(self.shop.at, AtYooKassa)
        books = self.shop.at.fake.books
        books.payouts_pend = self.chance.random() < 0.7
        for one in list(books.payouts.values()):
            if one.status == "pending":
                self.chance.choice((books.settle, books.fail))(one.id)

    def buyers_bank(self, sends_back: float = 0.3) -> None:
        """It takes refunds, or sends them back: at Stripe those that it had, at YooKassa those that are on their way."""
        if isinstance(self.shop.at, AtStripe):
            for refund in of_kind(self.shop.at, "refund"):
                disputed = self.shop.at.fake.books.objects[refund["charge"]]["disputed"]
                if refund["status"] == "succeeded" and not disputed and self.chance.random() < sends_back:
                    self.shop.at.fake.people.fail_refund(refund["id"])
            return
        assert isinstance(self.shop.at, AtYooKassa)
        books = self.shop.at.fake.books
        books.refunds_pend = self.chance.random() < 2 * sends_back
        for one in list(books.refunds.values()):
            if one.status == "pending":
                (books.reject if self.chance.random() < sends_back else books.complete)(one.id)

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

    def lets_a_day_pass(self) -> None:
        """Longer than what was confirmed waits for its undo."""
        self.pages_expire()
        advance(self.shop.client, seconds=30 * 3600)

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
    *(Story.goes_on_as_it_should,) * 4,
    *(Story.delivers,) * 4,
    *(Story.tells,) * 3,
    Story.has_a_bad_day,
    Story.lets_time_pass,
    *(Story.takes_back,) * 2,
    Story.decides,
    *(Story.gets_an_account,) * 2,
    *(Story.wants_what_is_due,) * 2,
    *(Story.makes_payouts,) * 2,
    *(Story.sellers_bank,) * 2,
    Story.spends,
    *(Story.buyers_bank,) * 2,
    *(Story.sees_to_refunds,) * 2,
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
        with_seller = sum(part.left for part in order.payouts if part.state is PayoutState.SENT)
        assert at_the_sellers(shop)[order.id] == with_seller, SEED
        assert due(order) >= 0 or order.chargebacks, SEED
        with_buyer = sum(one.amount for one in order.refunds if one.paid_at is not None and not one.elsewhere)
        assert at_the_buyers(shop)[order.id] == with_buyer, SEED
        assert order.money.refunded == sum(one.amount for one in order.refunds if not one.again), SEED


def at_the_buyers(shop: Shop) -> Counter[str]:
    """What the provider says that it has given back and is still with the buyer, by order."""
    found: Counter[str] = Counter()
    if isinstance(shop.at, AtStripe):
        for one in of_kind(shop.at, "refund"):
            found[one["metadata"]["order"]] += one["amount"] if one["status"] == "succeeded" else 0
        return found
    assert isinstance(shop.at, AtYooKassa)
    for refund in shop.at.fake.books.refunds.values():
        found[refund.metadata["order"]] += refund.amount if refund.status == "succeeded" else 0
    return found


def at_the_sellers(shop: Shop) -> Counter[str]:
    """What the provider says that it has passed on and not taken back, by order."""
    found: Counter[str] = Counter()
    if isinstance(shop.at, AtStripe):
        for one in of_kind(shop.at, "transfer"):
            found[one["metadata"]["order"]] += one["amount"] - one["amount_reversed"]
        return found
    assert isinstance(shop.at, AtYooKassa)
    for payout in shop.at.fake.books.payouts.values():
        found[payout.metadata["order"]] += payout.amount if payout.status == "succeeded" else 0
    return found
