"""Stripe's pages, payments that take days there, and payments that are only authorized."""

from collections.abc import Iterator

import pytest

from fairhold.domain.instants import DAY, HOUR, MINUTE, Instant, days
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import LineKind, No, PaymentSeen, State
from fairhold.engine.outside.payments import Refused
from fairhold.gateways.payments.stripe.objects import VERSION
from tests.fakes.stripe.server import nested
from tests.gateways.fakes.served import Asked
from tests.gateways.payments.house import (
    last,
    page_asked,
    paid,
    refund_asked,
    statement,
    sums,
    told,
    transfer_asked,
)
from tests.gateways.payments.stripe_house import StripeHouse, stripe_house


@pytest.fixture
def house() -> Iterator[StripeHouse]:
    with stripe_house() as house:
        yield house


def posted(house: StripeHouse, path: str) -> list[Asked]:
    return [one for one in house.fake.asked if one.method == "POST" and one.path == f"/v1/{path}"]


# pages


def test_a_page_has_the_whole_sum_the_order_and_its_marks_on_the_payment_too(house: StripeHouse) -> None:
    house.provider.open(page_asked(house), "k-1")
    [asked] = posted(house, "checkout/sessions")
    assert asked.headers["idempotency-key"] == "k-1"
    assert asked.headers["stripe-version"] == VERSION
    fields = nested(asked.body.decode())
    marks = {"order": "o-1", "attempt": "1"}
    assert fields["metadata"] == fields["payment_intent_data"]["metadata"] == marks
    assert fields["payment_intent_data"]["transfer_group"] == fields["client_reference_id"] == "o-1"
    assert fields["line_items"] == {
        "0": {
            "quantity": "1",
            "price_data": {"currency": "eur", "unit_amount": "10000", "product_data": {"name": "Two chairs"}},
        }
    }
    assert (fields["mode"], fields["locale"]) == ("payment", "en")
    assert fields["success_url"] == fields["cancel_url"] == "https://shop.example/orders/o-1?paid=1"


@pytest.mark.parametrize(
    ("ahead", "end"),
    [(-HOUR, 31 * 60), (MINUTE, 31 * 60), (2 * HOUR, 7200), (DAY, None), (days(30), None)],
)
def test_a_page_is_open_as_long_as_asked_within_what_stripe_allows(
    house: StripeHouse, ahead: int, end: int | None
) -> None:
    began = house.fake.books.at
    house.provider.open(page_asked(house)._replace(until=Instant(house.now() + ahead)), "k-1")
    [asked] = posted(house, "checkout/sessions")
    assert nested(asked.body.decode()).get("expires_at") == (None if end is None else str(began + end))


def test_a_page_is_asked_for_again_though_its_end_has_moved(house: StripeHouse) -> None:
    asked = page_asked(house)._replace(until=house.now())
    house.lose_the_next_answer()
    with pytest.raises(TryLater):
        house.provider.open(asked, "k-1")
    house.fake.people.wait(5)
    house.pay(house.provider.open(asked, "k-1"))
    assert last(told(house), PaymentSeen).state is State.DONE


@pytest.mark.parametrize(("language", "locale"), [("ru", "ru"), ("pt-BR", "pt-BR"), ("tlh", "auto"), ("", "auto")])
def test_a_page_speaks_the_buyers_language_where_stripe_does(house: StripeHouse, language: str, locale: str) -> None:
    house.provider.open(page_asked(house)._replace(language=language), "k-1")
    assert nested(posted(house, "checkout/sessions")[0].body.decode())["locale"] == locale


@pytest.mark.parametrize(
    ("amount", "currency"), [(49, "EUR"), (10**9, "EUR"), (1_001, "KWD"), (100, "IQD"), (100, "XXX")]
)
def test_a_sum_that_stripe_cannot_take_is_not_supported(house: StripeHouse, amount: int, currency: str) -> None:
    with pytest.raises(Refused) as caught:
        house.provider.open(page_asked(house, amount=amount)._replace(currency=currency), "k-1")
    assert caught.value.why is No.UNSUPPORTED


def test_money_in_yen_comes_and_goes_to_the_unit() -> None:
    with stripe_house("JPY") as house:
        payment = paid(house, amount=5_000)
        house.provider.refund(refund_asked(payment, 1_234), "r-1")
        house.provider.transfer(transfer_asked(house, payment, 3_000), "t-1")
        assert nested(posted(house, "refunds")[0].body.decode())["amount"] == "1234"
        assert sums(statement(house)) == {
            LineKind.PAYMENT: 5_000,
            LineKind.REFUND: -1_234,
            LineKind.TRANSFER: -3_000,
        }


# payments that take days, and payments that are only authorized


def test_a_slow_payment_is_pending_until_the_bank_answers(house: StripeHouse) -> None:
    page = house.provider.open(page_asked(house), "k-1")
    house.fake.people.pay(page.payment, "slow")
    assert {one.state for one in told(house) if isinstance(one, PaymentSeen)} == {State.PENDING}
    with pytest.raises(Refused) as caught:
        house.provider.close(page.payment, "c-1")
    assert caught.value.why is No.TOO_LATE
    house.fake.people.bank_answers(page.payment, paid=True)
    assert last(told(house), PaymentSeen).state is State.DONE


def test_a_slow_payment_that_the_bank_refuses_has_failed_for_good(house: StripeHouse) -> None:
    page = house.provider.open(page_asked(house), "k-1")
    house.fake.people.pay(page.payment, "slow")
    house.fake.people.bank_answers(page.payment, paid=False)
    seen = {(one.state, one.why) for one in told(house) if isinstance(one, PaymentSeen)}
    assert seen == {(State.FAILED, No.DECLINED)}


def test_what_is_authorized_is_captured_in_part_once() -> None:
    with stripe_house(capture="manual") as house:
        page = house.provider.open(page_asked(house), "k-1")
        house.pay(page)
        seen = last(told(house), PaymentSeen)
        assert (seen.state, seen.amount, seen.fee) == (State.AUTHORIZED, 10_000, 0)
        with pytest.raises(Refused) as caught:
            house.provider.capture(seen.paid, 10_001, "EUR", "x")
        assert caught.value.why is No.TOO_MUCH
        first = house.provider.capture(seen.paid, 9_000, "EUR", "x-1")
        assert first.fee > 0
        house.forget_keys()
        assert house.provider.capture(seen.paid, 9_000, "EUR", "x-1") == first
        with pytest.raises(Refused) as caught:
            house.provider.refund(refund_asked(seen, 9_001), "r-1")
        assert caught.value.why is No.TOO_MUCH
        with pytest.raises(Refused) as caught:
            house.provider.capture(seen.paid, 8_000, "EUR", "x-2")
        assert caught.value.why is No.TOO_LATE
        assert last(told(house), PaymentSeen) == seen._replace(state=State.DONE, amount=9_000, fee=first.fee)


def test_what_is_authorized_is_let_go_when_the_order_is_off() -> None:
    with stripe_house(capture="manual") as house:
        page = house.provider.open(page_asked(house), "k-1")
        house.pay(page)
        house.provider.close(page.payment, "c-1")
        house.provider.close(page.payment, "c-2")
        seen = house.provider.payment(page.payment)
        assert (seen.state, seen.why) == (State.FAILED, No.EXPIRED)
        house.provider.close(seen.paid.payment, "c-3")


def test_a_payment_that_is_none_of_ours_is_nothing_to_us(house: StripeHouse) -> None:
    page = house.provider.open(page_asked(house), "k-1")
    session = house.fake.books.objects[page.payment]
    session["metadata"] = session["_payment_intent_data"]["metadata"] = {}
    house.pay(page)
    assert told(house) == []
    with pytest.raises(Refused) as caught:
        house.provider.payment(page.payment)
    assert caught.value.why is No.BROKEN
