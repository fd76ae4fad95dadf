"""What came and went, by its lists: to the kopeck what the questions did, oldest first, each line once."""

from collections import Counter
from collections.abc import Iterator

import pytest

from fairhold.domain.instants import DAY, SECOND, Instant
from fairhold.engine.outside.payment_seen import Line, LineKind
from tests.gateways.payments.yookassa_place import Place, refund, standing, transfer


@pytest.fixture
def place() -> Iterator[Place]:
    with standing() as found:
        yield found


def lines(place: Place, first: int | None = None, last: int | None = None) -> list[Line]:
    """The whole statement, or a part of it."""
    beginning = first if first is not None else place.books.now - 1000 * DAY
    end = last if last is not None else place.books.now + DAY
    return list(place.provider.statement(Instant(beginning), Instant(end)))


def test_it_says_to_the_kopeck_what_was_done(place: Place) -> None:
    one, other = place.paid(1000_01, 800_33), place.paid(77_77, 50_05, order="other")
    place.provider.refund(refund(one, 123_45, 100_11), "a")
    first = place.provider.transfer(transfer(one, 700_22), "b")
    back = place.provider.refund(refund(other, 77_77, 50_05, order="other"), "c")
    said = lines(place)
    assert [line.at for line in said] == sorted(line.at for line in said)
    totals: Counter[LineKind] = Counter()
    for line in said:
        totals[line.kind] += line.amount
    assert totals == {LineKind.PAYMENT: 1077_78, LineKind.REFUND: -201_22, LineKind.TRANSFER: -700_22}
    assert {line.about: line.fee for line in said if line.fee} == {one.payment: 30_00, other.payment: 2_33}
    assert {line.currency for line in said} == {"RUB"}
    assert {line.about for line in said} >= {first.reference, back.reference}
    assert all(line.reference == line.about for line in said)


def test_what_came_to_nothing_or_is_under_way_is_not_in_it(place: Place) -> None:
    place.books.decline(place.open().payment)
    place.open()
    paid = place.paid()
    place.books.no_cover = True
    place.provider.refund(refund(paid, 100, 100), "a")
    place.books.payouts_pend = True
    place.books.fail(place.provider.transfer(transfer(paid, 300_00), "b").reference)
    place.provider.transfer(transfer(paid, 100_00, number=2), "c")
    assert [line.kind for line in lines(place)] == [LineKind.PAYMENT]


def test_what_went_back_by_itself_is_in_it(place: Place) -> None:
    paid = place.paid()
    place.books.pass_ceiling(paid.deal)
    assert [(line.kind, line.amount) for line in lines(place)] == [
        (LineKind.PAYMENT, 1000_00),
        (LineKind.REFUND, -1000_00),
    ]


def test_pages_of_its_lists_are_put_together_and_parts_of_time_add_up_to_the_whole(place: Place) -> None:
    for number in range(1, 106):
        paid = place.paid(attempt=number, order=f"order-{number}")
        if number % 2:
            place.provider.transfer(transfer(paid, 800_00, order=f"order-{number}"), f"t{number}")
    whole = lines(place)
    assert Counter(line.kind for line in whole) == {LineKind.PAYMENT: 105, LineKind.TRANSFER: 53}
    assert len({line.reference for line in whole}) == len(whole)
    middle = whole[len(whole) // 2].at
    assert lines(place, last=middle) + lines(place, first=middle) == whole
    assert lines(place, first=middle, last=middle) == []


def test_a_payout_stands_where_it_had_succeeded_and_a_payment_where_it_was_captured(place: Place) -> None:
    opened = place.open()
    place.books.now += 2 * DAY
    place.books.pay(opened.payment)
    captured = place.books.now
    paid = place.provider.payment(opened.payment).paid
    place.books.payouts_pend = True
    answer = place.provider.transfer(transfer(paid, 800_00), "k")
    place.books.now += 3 * DAY
    place.books.settle(answer.reference)
    assert [(line.kind, line.at) for line in lines(place)] == [
        (LineKind.PAYMENT, captured),
        (LineKind.TRANSFER, place.books.now),
    ]
    assert [line.kind for line in lines(place, first=captured + SECOND)] == [LineKind.TRANSFER]
