"""What YooKassa tells: nothing of it is believed but the name of the object, and in whatever order it comes, the end is one."""

import random
from collections.abc import Iterator

import pytest

from fairhold.domain.instants import MINUTE
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.payment_seen import No, Paid, PaymentSeen, RefundSeen, Seen, State, TransferSeen
from tests.fakes.yookassa.books import DAY
from tests.fakes.yookassa.fake import Fault
from tests.fakes.yookassa.server import forged, listening, post
from tests.gateways.payments.yookassa_place import LOOPBACK, NOW, ORDER, Place, page, refund, standing, transfer


@pytest.fixture
def place() -> Iterator[Place]:
    with standing() as found:
        yield found


def test_a_payment_is_told_when_the_buyer_has_paid(place: Place) -> None:
    paid = place.paid()
    assert place.told() == [PaymentSeen(ORDER, 1, paid, State.DONE, 1000_00, "RUB", 30_00)]


def test_a_page_that_came_to_nothing_is_told_with_its_reason(place: Place) -> None:
    opened = place.open()
    place.books.decline(opened.payment, "card_expired")
    [seen] = place.told()
    assert isinstance(seen, PaymentSeen)
    assert (seen.state, seen.why) == (State.FAILED, No.DECLINED)


def test_what_waits_for_capture_is_told_as_authorized(place: Place) -> None:
    opened = place.open()
    place.books.payments[opened.payment].capture = False
    place.books.pay(opened.payment)
    [seen] = place.told()
    assert isinstance(seen, PaymentSeen)
    assert seen.state is State.AUTHORIZED


def test_a_refund_that_was_pending_is_told_under_its_number(place: Place) -> None:
    paid = place.paid()
    place.books.refunds_pend = True
    name = place.provider.refund(refund(paid, 300_00, 200_00, number=7), "k").reference
    place.told()
    place.books.complete(name)
    assert place.told() == [RefundSeen(ORDER, 7, name, State.DONE, 300_00, "RUB")]


def test_what_a_person_gives_back_in_its_office_has_no_number(place: Place) -> None:
    paid = place.paid()
    place.told()
    made = place.books.refund_in_office(paid.payment, 100_00, 100_00)
    assert place.told() == [RefundSeen(ORDER, 0, made.id, State.DONE, 100_00, "RUB")]


def test_a_payout_that_was_pending_is_told_when_the_bank_has_it(place: Place) -> None:
    paid = place.paid()
    place.books.payouts_pend = True
    answer = place.provider.transfer(transfer(paid, 500_00, number=2), "k")
    assert answer.state is State.PENDING
    place.told()
    place.books.settle(answer.reference)
    assert place.told() == [TransferSeen(ORDER, 2, answer.reference, 500_00, 0, "RUB")]


@pytest.mark.parametrize(
    ("reason", "no"),
    [
        ("recipient_not_found", No.ACCOUNT_CLOSED),
        ("insufficient_funds", No.INSUFFICIENT_BALANCE),
        ("one_time_limit_exceeded", No.TOO_MUCH),
        ("general_decline", No.DECLINED),
    ],
)
def test_a_payout_that_the_bank_sends_back_is_told_and_another_can_be_made(place: Place, reason: str, no: No) -> None:
    paid = place.paid()
    place.books.payouts_pend = True
    first = place.provider.transfer(transfer(paid, 800_00), "a")
    place.told()
    place.books.fail(first.reference, reason)
    assert place.told() == [TransferSeen(ORDER, 1, first.reference, 800_00, 0, "RUB", State.FAILED, no)]
    assert place.books.deals[paid.deal].payout_balance == 800_00
    place.books.payouts_pend = False
    second = place.provider.transfer(transfer(paid, 800_00, 2, account="another-card"), "b")
    assert (second.state, second.reference != first.reference) == (State.DONE, True)


def test_after_its_ceiling_a_deal_tells_what_went_back_by_itself(place: Place) -> None:
    paid = place.paid()
    place.provider.refund(refund(paid, 100_00, 100_00), "r")
    place.provider.transfer(transfer(paid, 200_00), "t")
    place.told()
    place.books.pass_ceiling(paid.deal)
    mine, its = place.books.refunds.values()
    own = RefundSeen(ORDER, 1, mine.id, State.DONE, 100_00, "RUB")
    back = RefundSeen(ORDER, 0, its.id, State.DONE, 700_00, "RUB")
    payment = PaymentSeen(ORDER, 1, paid, State.DONE, 1000_00, "RUB", 30_00)
    assert place.told() == [back, payment, own, back]


def test_a_page_that_the_ceiling_closes_is_told(place: Place) -> None:
    place.open()
    [deal] = place.books.deals
    place.books.pass_ceiling(deal)
    for seen in place.told():
        assert isinstance(seen, PaymentSeen)
        assert (seen.state, seen.why) == (State.FAILED, No.TOO_LATE)


def test_the_payment_of_a_deal_is_found_however_long_it_took_to_be_made(place: Place) -> None:
    for late in (3 * MINUTE, 5 * 60 * MINUTE, 24 * 60 * MINUTE):
        with standing() as own:
            own.fake.ail(Fault.BROKEN_BEFORE, path="payments")
            with pytest.raises(TryLater):
                own.open(key="k")
            own.books.now += late - MINUTE
            opened = own.open(key="k")
            own.books.pay(opened.payment)
            own.books.pass_ceiling(own.provider.payment(opened.payment).paid.deal)
            closing = [one for one in own.books.notices if b"deal.closed" in one]
            assert [type(seen).__name__ for seen in own.told(closing)] == ["PaymentSeen", "RefundSeen"]


def test_among_many_payments_the_one_of_the_deal_is_found(place: Place) -> None:
    place.books.now -= 1000
    paids = [place.paid(attempt=number, order=f"order-{number}") for number in range(1, 131)]
    place.told()
    place.books.pass_ceiling(paids[0].deal)
    [_, payment, back] = place.told()
    assert isinstance(payment, PaymentSeen)
    assert isinstance(back, RefundSeen)
    assert (payment.order, back.order, back.number) == ("order-1", "order-1", 0)


def test_a_deal_that_is_open_or_not_ours_tells_nothing(place: Place) -> None:
    paid = place.paid()
    assert place.told([forged("deal.closed", id=paid.deal, status="closed")]) == []
    place.books.pass_ceiling(paid.deal)
    place.books.deals[paid.deal].metadata = {"order_id": "37"}
    assert place.told([forged("deal.closed", id=paid.deal)]) == []


def test_a_deal_in_which_nothing_was_to_be_paid_tells_nothing(place: Place) -> None:
    place.fake.ail(Fault.BROKEN_BEFORE, path="payments")
    with pytest.raises(TryLater):
        place.open()
    [deal] = place.books.deals
    place.books.pass_ceiling(deal)
    assert place.told() == []


def test_where_more_went_back_than_its_list_says_it_is_asked_later(place: Place) -> None:
    paid = place.paid()
    place.books.pass_ceiling(paid.deal)
    [hidden] = place.books.refunds.values()
    place.books.refunds.clear()
    closing = place.books.notices[-1]
    with pytest.raises(TryLater, match="not in its list"):
        place.told([closing])
    place.books.refunds[hidden.id] = hidden
    assert len(place.told([closing])) == 2


def test_a_forged_notification_about_a_true_object_tells_the_truth(place: Place) -> None:
    opened = place.open()
    lie = forged("payment.succeeded", id=opened.payment, status="succeeded", paid=True, amount={"value": "9999.00"})
    [seen] = place.told([lie])
    assert isinstance(seen, PaymentSeen)
    assert (seen.state, seen.amount) == (State.PENDING, 1000_00)


@pytest.mark.parametrize("kind", ["payment", "refund", "payout", "deal"])
def test_what_does_not_exist_is_unreadable(place: Place, kind: str) -> None:
    with pytest.raises(Unreadable, match="no such"):
        place.told([forged(f"{kind}.succeeded", id="2f-ffffffff-000f-5000-8000-0123456789ab")])


def test_from_another_address_nothing_is_read_and_nothing_is_asked(place: Place) -> None:
    place.paid()
    calls = len(place.fake.calls)
    for address in ("203.0.113.7", "", "::1", "not an address"):
        with pytest.raises(Unreadable, match="not an address of"):
            place.provider.read({"x-forwarded-for": LOOPBACK}, place.books.notices[0], address, NOW)
    assert len(place.fake.calls) == calls


def test_what_is_not_ours_or_not_known_tells_nothing(place: Place) -> None:
    paid = place.paid()
    made = place.books.refund_in_office(paid.payment, 100, 100)
    answer = place.provider.transfer(transfer(paid, 1_00), "k")
    place.books.payments[paid.payment].metadata = {}
    place.books.payouts[answer.reference].metadata = {"order_id": "37"}
    assert place.told([forged("payment.succeeded", id=paid.payment)]) == []
    assert place.told([forged("refund.succeeded", id=made.id)]) == []
    assert place.told([forged("payout.succeeded", id=answer.reference)]) == []
    assert place.told([forged("payment_method.active", id=paid.payment)]) == []


@pytest.mark.parametrize(
    "fault", [Fault.BROKEN_BEFORE, Fault.BUSY, Fault.NOT_LET_IN, Fault.NONSENSE, Fault.SILENT_AFTER]
)
def test_where_it_cannot_be_asked_the_notification_has_to_come_again(place: Place, fault: Fault) -> None:
    place.paid()
    place.fake.ail(fault, "GET")
    with pytest.raises(TryLater):
        place.told(place.books.notices)
    assert len(place.told(place.books.notices)) == 1


def story(place: Place) -> Paid:
    """All kinds of things happen to one order and another."""
    other = place.open(asked=page(order="other"))
    place.books.decline(other.payment)
    paid = place.paid()
    place.books.refunds_pend = place.books.payouts_pend = True
    back = place.provider.refund(refund(paid, 100_00, 100_00), "r")
    first = place.provider.transfer(transfer(paid, 300_00), "a")
    place.books.fail(first.reference)
    second = place.provider.transfer(transfer(paid, 200_00, number=2), "b")
    place.books.settle(second.reference)
    place.books.complete(back.reference)
    place.books.pass_ceiling(paid.deal)
    return paid


@pytest.mark.parametrize("seed", range(5))
def test_repeated_and_shuffled_they_tell_the_same(place: Place, seed: int) -> None:
    story(place)
    right = set(place.told(place.books.notices))
    many = place.books.notices * 3
    random.Random(seed).shuffle(many)
    assert set(place.told(many)) == right
    assert {type(seen) for seen in right} == {PaymentSeen, RefundSeen, TransferSeen}


def test_they_arrive_over_http_and_what_failed_comes_again(place: Place) -> None:
    story(place)
    right = set(place.told(place.books.notices))
    heard: set[Seen] = set()

    def hear(body: bytes, address: str) -> int:
        try:
            heard.update(place.provider.read({}, body, address, NOW))
        except TryLater:
            return 503
        except Unreadable:
            return 400
        return 200

    with listening(hear) as url:
        place.fake.ail(Fault.BROKEN_BEFORE, "GET")
        statuses = post(url, place.books.notices, shuffled=1)
        assert sorted(statuses) == [200] * (len(statuses) - 1) + [503]
        assert set(post(url, place.books.notices, times=2, shuffled=2)) == {200}
        assert post(url, [b"{}", forged("payment.succeeded", id="2f-ffffffff-000f-5000-8000-0123456789ab")]) == [
            400,
            400,
        ]
    assert heard == right
    assert place.books.now < NOW + 100 * DAY
