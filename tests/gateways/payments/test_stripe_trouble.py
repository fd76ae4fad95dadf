"""Stripe's bad days, and what is sent to it in whatever state it is."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from fairhold.domain.instants import HOUR, SECOND, Instant
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import LineKind, No, Paid, State
from fairhold.engine.outside.payments import EvidenceAsked, Refused
from fairhold.gateways.payments import calling
from fairhold.gateways.payments.calling import form
from fairhold.gateways.payments.stripe.client import name_in_path, short
from fairhold.gateways.payments.stripe.objects import Named
from fairhold.gateways.payments.stripe.provider import Stripe
from tests.fakes.stripe.server import Fault, StripeFake
from tests.gateways.fakes.patience import LONG
from tests.gateways.fakes.served import Answer, Asked, Mood, served
from tests.gateways.payments.house import (
    paid,
    refund_asked,
    statement,
    sums,
)
from tests.gateways.payments.stripe_house import StripeHouse, hanging_up, stripe_house


@pytest.fixture
def house() -> Iterator[StripeHouse]:
    with stripe_house() as house:
        yield house


def _asks(stripe: Stripe) -> list[Callable[[], object]]:
    money = Paid("pi_1", "ch_1")
    return [
        lambda: stripe.payment("pi_1"),
        lambda: stripe.close("cs_1", "k"),
        lambda: stripe.capture(money, 1_000, "EUR", "k"),
        lambda: stripe.account("acct_1"),
        lambda: list(stripe.statement(Instant(0), Instant(SECOND))),
        lambda: stripe.contest(EvidenceAsked("o", "dp_1", {}, b"%PDF", "application/pdf"), "k"),
    ]


@pytest.mark.parametrize("mood", [mood for mood in Mood if mood not in (Mood.WELL, Mood.TOO_MUCH)])
def test_a_bad_day_means_later_and_never_anything_else(mood: Mood) -> None:
    fake = StripeFake(mood=mood)
    with served(fake) as url, hanging_up(url, fake) as stripe:
        for ask in _asks(stripe)[: 2 if mood is Mood.SILENT else None]:
            with pytest.raises(TryLater) as caught:
                ask()
            assert caught.value.rest is None or SECOND <= caught.value.rest <= 6 * HOUR
            assert mood is not Mood.BUSY or caught.value.rest == 7 * SECOND
            if mood is Mood.KEY_REFUSED:
                assert caught.value.rest == HOUR
                assert "key is not accepted" in str(caught.value)


def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "MOST_BYTES", 1_000_000)
    with (
        served(StripeFake(mood=Mood.TOO_MUCH)) as url,
        hanging_up(url) as stripe,
        pytest.raises(TryLater) as caught,
    ):
        stripe.payment("pi_1")
    assert caught.value.rest == HOUR


@pytest.mark.parametrize(("fault", "rest"), [(Fault.BUSY, 2 * SECOND), (Fault.IN_USE, None)])
def test_what_is_refused_for_now_is_done_later(house: StripeHouse, fault: Fault, rest: int | None) -> None:
    payment = paid(house)
    house.fake.faults.append(fault)
    with pytest.raises(TryLater) as caught:
        house.provider.refund(refund_asked(payment, 1_000), "r-1")
    assert caught.value.rest == rest
    assert house.provider.refund(refund_asked(payment, 1_000), "r-1").state is State.DONE


def test_nobody_is_asked_where_nobody_listens() -> None:
    started = time.monotonic()
    with hanging_up("http://127.0.0.1:9/") as stripe, pytest.raises(TryLater):
        stripe.payment("pi_1")
    assert time.monotonic() - started < LONG / 2


@dataclass
class Endless:
    """A list whose every page is the first."""

    mood: Mood = Mood.WELL
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        line = {"id": "txn_1", "amount": 1, "fee": 0, "currency": "eur", "created": 0, "type": "charge"}
        return Answer(json.dumps({"object": "list", "data": [line], "has_more": True}).encode())


def test_a_list_that_never_ends_is_left() -> None:
    with served(Endless()) as url, hanging_up(url) as stripe, pytest.raises(TryLater):
        list(stripe.statement(Instant(0), Instant(SECOND)))


def test_a_form_is_nested_as_stripe_nests_it() -> None:
    assert (
        form({"a": {"b": (1, {"c": "d & e"})}, "f": True}) == "a%5Bb%5D%5B0%5D=1&a%5Bb%5D%5B1%5D%5Bc%5D=d+%26+e&f=true"
    )


def test_a_key_that_is_too_long_for_stripe_is_shortened_always_the_same(house: StripeHouse) -> None:
    assert short("k" * 255) == "k" * 255
    assert len(short("k" * 256)) == 64
    assert short("k" * 256) != short("k" * 257)


def test_a_name_with_signs_in_it_stays_one_part_of_the_address() -> None:
    assert name_in_path("pi_1/../balance?x=1#y") == "pi_1%2F..%2Fbalance%3Fx%3D1%23y"


def test_what_stripe_says_no_to_without_saying_why_is_for_a_person(house: StripeHouse) -> None:
    with pytest.raises(Refused) as caught:
        house.stripe._client.post("nothing", Named, {}, "k")
    assert (caught.value.why, "Unrecognized" in caught.value.words) == (No.BROKEN, True)


def test_a_key_that_was_used_for_something_else_is_for_a_person(house: StripeHouse) -> None:
    payment = paid(house)
    house.provider.refund(refund_asked(payment, 1_000, 1), "r-1")
    with pytest.raises(Refused) as caught:
        house.provider.refund(refund_asked(payment, 1_000, 2), "r-1")
    assert caught.value.why is No.BROKEN
    assert sums(statement(house))[LineKind.REFUND] == -1_000
