"""YooKassa on bad days: whatever happens to an answer, what was asked under one key is done once, and nothing is made up."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fairhold.domain.instants import HOUR, SECOND
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import No, Paid, State
from fairhold.engine.outside.payments import Answer, Refused
from fairhold.gateways.payments.yookassa.calling import Way, idempotence_key
from fairhold.gateways.payments.yookassa.provider import YooKassa
from fairhold.gateways.payments.yookassa.reading import Payment
from tests.fakes.yookassa.books import DAY
from tests.fakes.yookassa.fake import SHOP, Fault
from tests.gateways.payments.yookassa_place import ORDER, Place, page, refund, standing, transfer

KEY = "01HX-37-12-0"


@pytest.fixture
def place() -> Iterator[Place]:
    with standing() as found:
        yield found


def opening(place: Place) -> Callable[[], Any]:
    return lambda: place.open(key=KEY)


def refunding(place: Place) -> Callable[[], Any]:
    paid = place.paid()
    return lambda: place.provider.refund(refund(paid, 300_00, 200_00), KEY)


def transferring(place: Place) -> Callable[[], Any]:
    paid = place.paid()
    return lambda: place.provider.transfer(transfer(paid, 500_00), KEY)


def capturing(place: Place) -> Callable[[], Any]:
    opened = place.open()
    place.books.payments[opened.payment].capture = False
    place.books.pay(opened.payment)
    return lambda: place.provider.capture(Paid(opened.payment), 1000_00, "RUB", KEY)


ASKED = {
    "deals": opening,
    "payments": opening,
    "refunds": refunding,
    "payouts": transferring,
    "payments/": capturing,
}
"""Which call fails, by the beginning of its path, and the question that it is part of."""


def made(place: Place) -> dict[str, int]:
    """What has been done so far, and what it did to the money."""
    books = place.books
    counts = {name: len(getattr(books, name)) for name in ("deals", "payments", "refunds", "payouts")}
    sums = {f"{one.id} holds": one.balance for one in books.deals.values()}
    return counts | sums | {"told": len(books.notices)}


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("path", ASKED)
def test_asked_again_under_the_same_key_it_is_done_once(place: Place, path: str, fault: Fault) -> None:
    with standing() as calm:
        right, there = ASKED[path](calm)(), made(calm)
    ask = ASKED[path](place)
    place.fake.ail(fault, path=path)
    with pytest.raises(TryLater) as caught:
        ask()
    rest = caught.value.rest
    assert rest is None or SECOND <= rest <= 6 * HOUR
    if fault is Fault.BUSY:
        assert rest == 7 * SECOND
    if fault is Fault.AT_WORK:
        assert rest == 1800 * SECOND // 1000
    assert ask() == right
    assert made(place) == there
    assert ask() == right
    assert made(place) == there


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault.BROKEN_BEFORE, Fault.BUSY, Fault.NOT_LET_IN, Fault.NONSENSE, Fault.ELSEWHERE, Fault.TOO_MUCH),
        *(Fault.TURNED_AWAY, Fault.CUT_OFF),
    ],
)
def test_what_cannot_be_read_is_asked_about_later(place: Place, fault: Fault) -> None:
    paid = place.paid()
    for ask in (
        lambda: place.provider.payment(paid.payment),
        lambda: place.provider.close(paid.payment, KEY),
        lambda: place.provider.refund(refund(paid, 1_00, 1_00), KEY),
        lambda: place.provider.transfer(transfer(paid, 1_00), KEY),
        lambda: list(place.provider.statement(place.books.now - DAY, place.books.now + DAY)),  # type: ignore[arg-type]  # a moment
    ):
        place.fake.ail(fault, "GET")
        with pytest.raises(TryLater):
            ask()
    assert not place.books.refunds
    assert not place.books.payouts


def test_after_its_memory_of_keys_has_gone_nothing_is_done_twice(place: Place) -> None:
    paid = place.paid()
    back, on = refund(paid, 300_00, 200_00), transfer(paid, 500_00)
    asked: dict[str, Callable[[], Answer]] = {
        "refunds": lambda: place.provider.refund(back, "r"),
        "payouts": lambda: place.provider.transfer(on, "t"),
    }
    for path, ask in asked.items():
        place.fake.ail(Fault.SILENT_AFTER, path=path)
        with pytest.raises(TryLater):
            ask()
        place.books.now += 3 * DAY
        assert ask().state is State.DONE
    assert [one.amount for one in place.books.refunds.values()] == [300_00]
    assert [one.amount for one in place.books.payouts.values()] == [500_00]


def test_a_time_out_between_deal_and_payment_makes_no_second_deal(place: Place) -> None:
    place.fake.ail(Fault.SILENT_AFTER, path="deals")
    place.fake.ail(Fault.BROKEN_AFTER, path="payments")
    for _ in range(2):
        with pytest.raises(TryLater):
            place.open(key=KEY)
    opened = place.open(key=KEY)
    assert list(place.books.payments) == [opened.payment]
    assert len(place.books.deals) == 1


def test_a_page_that_was_paid_meanwhile_is_too_late(place: Place) -> None:
    opened = place.open(key=KEY)
    place.books.pay(opened.payment)
    with pytest.raises(Refused) as caught:
        place.open(key=KEY)
    assert caught.value.why is No.TOO_LATE


def test_a_page_that_came_to_nothing_meanwhile_says_why(place: Place) -> None:
    opened = place.open(key=KEY)
    place.books.decline(opened.payment, "expired_on_confirmation")
    with pytest.raises(Refused) as caught:
        place.open(key=KEY)
    assert caught.value.why is No.EXPIRED


def test_one_key_for_another_question_is_a_mistake(place: Place) -> None:
    place.open(key=KEY)
    with pytest.raises(Refused, match="key duplicated") as caught:
        place.open(key=KEY, asked=page(attempt=2))
    assert caught.value.why is No.BROKEN


def test_a_key_of_any_length_and_alphabet_fits() -> None:
    keys = [idempotence_key(key, "payment") for key in ("a", "a" * 56, "a" * 57, "a" * 5000, "заказ 37", "a b", "")]
    assert len(set(keys)) == len(keys)
    assert all(len(key) <= 64 and key.isascii() and " " not in key for key in keys)
    assert keys[0] == "a.payment"
    assert idempotence_key("a" * 300, "deal") != idempotence_key("a" * 300, "payment")


def test_a_key_that_is_not_ours_is_not_accepted_and_waits_for_a_person(place: Place) -> None:
    place.fake.shop = ("506751", "another")
    with pytest.raises(TryLater, match="not accepted") as caught:
        place.open()
    assert caught.value.rest == HOUR


def test_nobody_at_home_means_later() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        provider = YooKassa(SHOP, url=f"http://127.0.0.1:{deaf.getsockname()[1]}/v3/")
        with pytest.raises(TryLater, match="ConnectError"):
            provider.open(page(), KEY)
        provider.hang_up()


def test_a_list_in_circles_comes_to_an_end(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "tests.fakes.yookassa.fake.listing", lambda *_: {"type": "list", "items": [], "next_cursor": "again"}
    )
    way: Way = place.provider._shop
    with pytest.raises(TryLater, match="circles"):
        list(way.every("payments", Payment))


def test_an_answer_with_a_status_that_nobody_documents_is_looked_at_later(place: Place) -> None:
    opened = place.open()
    place.books.payments[opened.payment].status = "pondering"
    with pytest.raises(TryLater, match="pondering"):
        place.provider.payment(opened.payment)
    assert ORDER in place.books.payments[opened.payment].metadata.values()
