"""What the fake answers is what Stripe describes, and what we ask is what Stripe says that it may be asked.

One long story goes through everything; each object and each question in it is held against Stripe's own OpenAPI description.
"""

import json
from urllib.parse import urlsplit

import pytest

from fairhold.domain.instants import DAY, Instant
from fairhold.engine.outside.payment_seen import PaymentSeen
from fairhold.engine.outside.payments import EvidenceAsked, TakingBackAsked
from fairhold.gateways.payments.stripe.objects import VERSION
from tests.fakes.stripe.openapi import description, problems, unknown_in
from tests.fakes.stripe.server import _fields, nested
from tests.gateways.payments.house import (
    last,
    page_asked,
    paid,
    payout_asked,
    refund_asked,
    statement,
    told,
    transfer_asked,
)
from tests.gateways.payments.stripe_house import StripeHouse, stripe_house


def live(house: StripeHouse) -> None:
    """Everything that can happen, once."""
    provider, people = house.provider, house.fake.people
    payment = paid(house)
    provider.refund(refund_asked(payment, 1_000), "r-1")
    house.fail_refund(provider.refund(refund_asked(payment, 500, 2), "r-2").reference)
    sent = provider.transfer(transfer_asked(house, payment, 5_000), "t-1")
    provider.take_back(TakingBackAsked("o-1", 2, sent.reference, 1_000, house.currency), "b-1")
    house.wait()
    for number, fate in enumerate(("", "account_closed")):
        payout = provider.pay_out(payout_asked(house, 1_000, f"p-{number}"), f"p-{number}")
        people.settle(payout.reference)
        if fate:
            people.settle(payout.reference, fails=fate)
    people.dispute(payment.paid.payment, inquiry=True)
    for won in (True, False):
        other = paid(house, f"o-{won}")
        chargeback = people.dispute(other.paid.payment)
        asked = EvidenceAsked(
            "o-2", chargeback, {"story": "Delivered.", "shipped_on": "1 May"}, b"%PDF", "application/pdf"
        )
        provider.contest(asked, f"e-{won}")
        people.decide(chargeback, won=won)
    declined = provider.open(page_asked(house, "o-3"), "k-3")
    people.pay(declined.payment, "declined")
    people.let_expire(declined.payment)
    slow = provider.open(page_asked(house, "o-4"), "k-4")
    people.pay(slow.payment, "slow")
    provider.payment(slow.payment)
    people.bank_answers(slow.payment, paid=True)
    provider.close(provider.open(page_asked(house, "o-5"), "k-5").payment, "c-5")
    people.restrict(house.account, "external_account")
    told(house)
    statement(house)
    list(house.stripe.statement(Instant(house.now() - 5 * DAY), house.now(), house.account))


def authorize(house: StripeHouse) -> None:
    """What only comes of payments that are captured by hand."""
    house.currency = "EUR"
    for order in ("m-1", "m-2"):
        page = house.provider.open(page_asked(house, order), order)
        house.pay(page)
        seen = last(told(house), PaymentSeen)
        if order == "m-1":
            house.provider.capture(seen.paid, 9_000, "EUR", "cap")
        else:
            house.provider.close(page.payment, "cl")
    told(house)


@pytest.fixture(scope="module")
def houses() -> list[StripeHouse]:
    """Both, after their stories; their servers are gone."""
    with stripe_house() as house, stripe_house(capture="manual") as other:
        live(house)
        authorize(other)
    return [house, other]


def test_stripe_describes_the_version_that_we_ask_for() -> None:
    assert description()["info"]["version"] == VERSION


def test_every_object_that_the_fake_answers_is_one_of_stripes(houses: list[StripeHouse]) -> None:
    answered = [one for house in houses for one in house.fake.answered]
    single = [one for one in answered if one["object"] != "list"]
    listed = [inner for one in answered if one["object"] == "list" for inner in one["data"]]
    assert {one["object"] for one in single + listed} == {
        *(
            "account",
            "account_link",
            "balance",
            "balance_transaction",
            "charge",
            "checkout.session",
            "dispute",
            "event",
        ),
        *("file", "payment_intent", "payout", "refund", "transfer", "transfer_reversal"),
    }
    assert {no for one in single + listed for no in problems(one)} == set()


def test_every_event_that_the_fake_sends_is_one_of_stripes(houses: list[StripeHouse]) -> None:
    events = [one for house in houses for one in house.fake.books.objects.values() if one["object"] == "event"]
    kinds = {event["type"] for event in events}
    assert {"charge.dispute.funds_reinstated", "payout.failed", "transfer.reversed", "refund.failed"} <= kinds
    sent = [json.loads(house.fake.signed(event)[1]) for house in houses for event in events]
    assert {no for event in sent for no in problems(event)} == set()
    assert {no for event in sent for no in problems(event["data"]["object"])} == set()


def test_everything_that_we_ask_is_something_that_stripe_may_be_asked(houses: list[StripeHouse]) -> None:
    asked = [one for house in houses for one in house.fake.asked]
    wrong = set()
    for one in asked:
        url = urlsplit(one.path)
        fields = nested(url.query) if one.method == "GET" else _fields(one)
        if url.path == "/v1/files":
            fields = {"file": "", "purpose": fields["purpose"]}
        wrong.update(unknown_in(one.method, url.path, fields))
    assert wrong == set()
    assert len({(one.method, one.path.split("?")[0].split("/")[2]) for one in asked}) > 15
