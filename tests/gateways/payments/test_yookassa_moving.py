"""YooKassa gives back and pays out, within what lies in a deal and until it closes."""

from collections.abc import Iterator

import pytest

from fairhold.engine.outside.payment_seen import AccountSeen, No, Paid, State
from fairhold.engine.outside.payments import Answer, Refused
from tests.gateways.payments.yookassa_place import ORDER, Place, refund, standing, transfer


@pytest.fixture
def place() -> Iterator[Place]:
    with standing() as found:
        yield found


def why(caught: pytest.ExceptionInfo[Refused]) -> No:
    return caught.value.why


def test_the_buyer_gets_back_what_they_paid_with_our_commission(place: Place) -> None:
    paid = place.paid()
    answer = place.provider.refund(refund(paid, 1000_00, 800_00), "k")
    [made] = place.books.refunds.values()
    assert answer == Answer(made.id, State.DONE)
    assert (made.amount, made.part, made.metadata) == (1000_00, 800_00, {"order": ORDER, "number": "1"})
    assert place.books.deals[paid.deal].status == "closed"


def test_parts_go_back_and_the_rest_goes_to_the_seller(place: Place) -> None:
    paid = place.paid()
    place.provider.refund(refund(paid, 250_01, 200_01), "a")
    place.provider.refund(refund(paid, 100, 0, number=2), "b")
    deal = place.books.deals[paid.deal]
    assert (deal.balance, deal.payout_balance) == (748_99, 599_99)
    place.provider.transfer(transfer(paid, 400_00), "c")
    assert deal.status == "opened"
    place.provider.transfer(transfer(paid, 199_99, number=2), "d")
    assert deal.status == "closed"
    assert [one.amount for one in place.books.payouts.values()] == [400_00, 199_99]


def test_more_than_is_left_does_not_go_back(place: Place) -> None:
    paid = place.paid()
    place.provider.refund(refund(paid, 600_00, 500_00), "a")
    with pytest.raises(Refused) as caught:
        place.provider.refund(refund(paid, 400_01, 300_00, number=2), "b")
    assert why(caught) is No.TOO_MUCH


def test_what_is_not_paid_does_not_go_back(place: Place) -> None:
    opened = place.open()
    paid = Paid(opened.payment, deal=next(iter(place.books.deals)))
    with pytest.raises(Refused) as caught:
        place.provider.refund(refund(paid, 100, 100), "a")
    assert why(caught) is No.BROKEN
    place.books.decline(opened.payment)
    with pytest.raises(Refused) as caught:
        place.provider.refund(refund(paid, 100, 100), "b")
    assert why(caught) is No.TOO_LATE


def test_once_the_seller_is_paid_nothing_goes_back(place: Place) -> None:
    paid = place.paid()
    place.provider.transfer(transfer(paid, 800_00), "a")
    with pytest.raises(Refused) as caught:
        place.provider.refund(refund(paid, 1000_00, 800_00), "b")
    assert why(caught) is No.TOO_LATE


def test_a_refund_without_cover_fails_and_goes_out_under_another_number(place: Place) -> None:
    paid = place.paid()
    place.books.no_cover = True
    failed = place.provider.refund(refund(paid, 1000_00, 800_00), "a")
    assert (failed.state, failed.why) == (State.FAILED, No.INSUFFICIENT_BALANCE)
    place.books.no_cover = False
    assert place.provider.refund(refund(paid, 1000_00, 800_00), "b").state is State.FAILED
    assert place.provider.refund(refund(paid, 1000_00, 800_00, number=2), "c").state is State.DONE


def test_a_refund_that_is_pending_is_asked_about_under_its_number(place: Place) -> None:
    paid = place.paid()
    place.books.refunds_pend = True
    first = place.provider.refund(refund(paid, 1000_00, 800_00), "a")
    assert first.state is State.PENDING
    place.books.complete(first.reference)
    assert place.provider.refund(refund(paid, 1000_00, 800_00), "a") == first._replace(state=State.DONE)


def test_the_seller_is_paid_by_a_token(place: Place) -> None:
    paid = place.paid()
    answer = place.provider.transfer(transfer(paid, 800_00), "k")
    [made] = place.books.payouts.values()
    assert answer == Answer(made.id, State.DONE)
    assert (made.amount, made.deal, made.token) == (800_00, paid.deal, transfer(paid, 1).account)


def test_a_token_that_is_none_is_a_closed_account(place: Place) -> None:
    paid = place.paid()
    place.books.bad_tokens.add("gone")
    for token in ("gone", "", "  "):
        with pytest.raises(Refused) as caught:
            place.provider.transfer(transfer(paid, 800_00, account=token), f"k{token}")
        assert why(caught) is No.ACCOUNT_CLOSED
    assert place.provider.account("token") == AccountSeen("token", True)
    assert place.provider.account(" ") == AccountSeen(" ", False, ("payout_token",))


def test_more_than_lies_in_the_deal_is_not_paid_out(place: Place) -> None:
    paid = place.paid()
    with pytest.raises(Refused) as caught:
        place.provider.transfer(transfer(paid, 800_01), "k")
    assert why(caught) is No.TOO_MUCH


def test_a_payout_above_the_limit_fails_and_the_money_stays_in_the_deal(place: Place) -> None:
    paid = place.paid(amount=300_000_00, part=200_000_00)
    answer = place.provider.transfer(transfer(paid, 150_000_01), "k")
    assert (answer.state, answer.why) == (State.FAILED, No.TOO_MUCH)
    assert place.books.deals[paid.deal].payout_balance == 200_000_00


def test_a_payout_that_was_canceled_is_not_made_again_once_its_key_is_forgotten(place: Place) -> None:
    """Its notification has been heard by then, and the same money is on its way as another part."""
    paid = place.paid()
    place.books.payouts_pend = True
    asked = transfer(paid, 500_00)
    made = place.provider.transfer(asked, "k")
    assert made.state is State.PENDING
    place.books.fail(made.reference)
    place.fake.keys.clear()
    again = place.provider.transfer(asked, "k")
    assert (again.reference, again.state, again.why) == (made.reference, State.FAILED, No.DECLINED)
    assert len(place.books.payouts) == 1


def test_where_the_first_payout_closes_the_deal_the_second_is_too_late(place: Place) -> None:
    place.books.first_payout_closes = True
    paid = place.paid()
    place.provider.transfer(transfer(paid, 300_00), "a")
    with pytest.raises(Refused) as caught:
        place.provider.transfer(transfer(paid, 500_00, number=2), "b")
    assert why(caught) is No.TOO_LATE


def test_after_the_ceiling_nothing_can_be_done_in_the_deal(place: Place) -> None:
    paid = place.paid()
    place.books.pass_ceiling(paid.deal)
    with pytest.raises(Refused) as caught:
        place.provider.transfer(transfer(paid, 800_00), "a")
    assert why(caught) is No.TOO_LATE
    with pytest.raises(Refused) as caught:
        place.provider.refund(refund(paid, 900_00, 800_00), "b")
    assert why(caught) is No.TOO_LATE


def test_what_went_back_by_itself_at_the_ceiling_is_the_refund_that_was_to_be_made(place: Place) -> None:
    paid = place.paid()
    place.provider.refund(refund(paid, 100_00, 0), "a")
    place.books.pass_ceiling(paid.deal)
    *_, back = place.books.refunds.values()
    for _ in range(2):
        assert place.provider.refund(refund(paid, 900_00, 800_00, number=2), "b") == Answer(back.id, State.DONE)
    assert len(place.books.refunds) == 2


def test_what_a_person_gave_back_before_the_ceiling_is_not_taken_for_it(place: Place) -> None:
    paid = place.paid()
    place.books.refund_in_office(paid.payment, 300_00, 300_00)
    place.books.pass_ceiling(paid.deal)
    with pytest.raises(Refused) as caught:
        place.provider.refund(refund(paid, 300_00, 300_00), "a")
    assert why(caught) is No.TOO_LATE
