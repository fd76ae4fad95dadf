"""What every payment provider has to do behind the port, written against the port alone.

A provider's tests subclass `PaymentContract` and give it a `house`: the adapter, with a fake of the provider behind it.
"""

from collections.abc import Callable
from random import Random

import pytest

from fairhold.domain.instants import MINUTE, after
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.payment_seen import (
    Bank,
    ChargebackSeen,
    LineKind,
    No,
    PaymentSeen,
    PayoutSeen,
    RefundSeen,
    State,
    TransferSeen,
)
from fairhold.engine.outside.payments import Answer, EvidenceAsked, Refused, TakingBackAsked
from tests.gateways.payments.house import (
    AMOUNT,
    SELLERS,
    House,
    done,
    last,
    page_asked,
    paid,
    payout_asked,
    refund_asked,
    statement,
    sums,
    told,
    transfer_asked,
)


class PaymentContract:
    """The tests."""

    def test_a_payment_is_told_of_with_what_was_taken_and_kept(self, house: House) -> None:
        page = house.provider.open(page_asked(house), "k-1")
        assert page.url.startswith("https://")
        before = house.provider.payment(page.payment)
        assert (before.order, before.attempt, before.state) == ("o-1", 1, State.PENDING)
        house.pay(page)
        seen = last(told(house), PaymentSeen)
        assert (seen.order, seen.attempt, seen.state) == ("o-1", 1, State.DONE)
        assert (seen.amount, seen.currency) == (AMOUNT, house.currency)
        assert 0 <= seen.fee < AMOUNT
        assert house.provider.payment(page.payment) == house.provider.payment(seen.paid.payment) == seen

    def test_a_declined_attempt_leaves_the_page_open_or_has_failed(self, house: House) -> None:
        page = house.provider.open(page_asked(house), "k-1")
        house.decline(page)
        declined = last(told(house), PaymentSeen)
        assert declined.why is No.DECLINED
        assert declined.state is (State.PENDING if house.tries_again else State.FAILED)
        if house.tries_again:
            house.pay(page)
            assert last(told(house), PaymentSeen).state is State.DONE

    def test_a_page_whose_time_ran_out_has_failed(self, house: House) -> None:
        page = house.provider.open(page_asked(house), "k-1")
        house.let_expire(page)
        seen = last(told(house), PaymentSeen)
        assert (seen.order, seen.state, seen.why) == ("o-1", State.FAILED, No.EXPIRED)

    def test_a_page_is_closed_once_and_again_but_not_when_it_was_paid(self, house: House) -> None:
        page = house.provider.open(page_asked(house), "k-1")
        if not house.closes_pages:
            with pytest.raises(TryLater) as later:
                house.provider.close(page.payment, "c-1")
            assert later.value.rest
            house.let_expire(page)
        house.provider.close(page.payment, "c-1")
        house.provider.close(page.payment, "c-2")
        assert house.provider.payment(page.payment).state is State.FAILED
        other = house.provider.open(page_asked(house, "o-2"), "k-2")
        house.pay(other)
        for key in ("c-3", "c-4"):
            with pytest.raises(Refused) as caught:
                house.provider.close(other.payment, key)
            assert caught.value.why is No.TOO_LATE

    def test_a_payment_goes_back_in_parts_and_no_further(self, house: House) -> None:
        payment = paid(house)
        first = done(house, house.provider.refund(refund_asked(payment, 4_000, 1), "r-1"))
        rest = done(house, house.provider.refund(refund_asked(payment, 6_000, 2), "r-2"))
        assert first.reference != rest.reference
        assert {first.state, rest.state} <= {State.DONE, State.PENDING}
        told_of = {one.number: one for one in told(house) if isinstance(one, RefundSeen)}
        assert {number: (one.order, one.amount) for number, one in told_of.items()} == {
            1: ("o-1", 4_000),
            2: ("o-1", 6_000),
        }
        with pytest.raises(Refused) as caught:
            house.provider.refund(refund_asked(payment, 1, 3), "r-3")
        # Where nothing is left, some take the matter to be over.
        assert caught.value.why in (No.TOO_MUCH, No.TOO_LATE)

    def test_a_refund_of_more_than_is_left_is_too_much(self, house: House) -> None:
        payment = paid(house)
        house.provider.refund(refund_asked(payment, 4_000, 1), "r-1")
        with pytest.raises(Refused) as caught:
            house.provider.refund(refund_asked(payment, 6_001, 2), "r-2")
        assert caught.value.why is No.TOO_MUCH

    @pytest.mark.parametrize("trouble", ["none", "lost", "broken", "forgotten"])
    def test_what_is_asked_twice_under_one_key_is_done_once(self, house: House, trouble: str) -> None:
        payment = paid(house)
        transfer = done(house, house.provider.transfer(transfer_asked(house, payment, 2_000, 9), "t-9"))
        taking = TakingBackAsked("o-1", 3, transfer.reference, 500, house.currency)
        asks: tuple[Callable[[], Answer], ...] = (
            lambda: house.provider.refund(refund_asked(payment, 1_000), "r-1"),
            lambda: house.provider.transfer(transfer_asked(house, payment, 3_000, 2), "t-1"),
            lambda: house.provider.take_back(taking, "b-1"),
        )
        takes_back = house.provider.terms.takes_back
        for ask in asks if takes_back else asks[:2]:
            if trouble in ("lost", "broken"):
                (house.lose_the_next_answer if trouble == "lost" else house.break_before_the_next)()
                with pytest.raises(house.later):
                    ask()
            first = ask()
            if trouble == "forgotten":
                house.forget_keys()
            assert ask() == first
            house.carry_out(first.reference)
            again = ask()
            assert (again.reference, again.state) == (first.reference, State.DONE)
        found = sums(statement(house))
        assert found[LineKind.REFUND] == -1_000
        assert found[LineKind.TRANSFER] == -5_000
        assert found.get(LineKind.TAKEN_BACK, 0) == (500 if takes_back else 0)

    def test_a_page_whose_address_was_lost_is_asked_for_again(self, house: House) -> None:
        house.lose_the_next_answer()
        with pytest.raises(house.later):
            house.provider.open(page_asked(house), "k-1")
        page = house.provider.open(page_asked(house), "k-1")
        house.pay(page)
        assert last(told(house), PaymentSeen).state is State.DONE
        assert sums(statement(house))[LineKind.PAYMENT] == AMOUNT

    def test_money_goes_to_the_seller_and_comes_back_of_it(self, house: House) -> None:
        payment = paid(house)
        sent = done(house, house.provider.transfer(transfer_asked(house, payment), "t-1"))
        seen = last(told(house), TransferSeen)
        assert seen == TransferSeen("o-1", 1, sent.reference, SELLERS, 0, house.currency)
        taking = TakingBackAsked("o-1", 2, sent.reference, 2_500, house.currency)
        if not house.provider.terms.takes_back:
            _unsupported(lambda: house.provider.take_back(taking, "b-1"))
            assert sums(statement(house))[LineKind.TRANSFER] == -SELLERS
            return
        house.provider.take_back(taking, "b-1")
        assert last(told(house), TransferSeen) == seen._replace(taken_back=2_500)
        with pytest.raises(Refused) as caught:
            house.provider.take_back(taking._replace(number=3, amount=6_501), "b-2")
        assert caught.value.why is No.TOO_MUCH

    def test_no_more_goes_to_sellers_than_was_paid(self, house: House) -> None:
        payment = paid(house)
        done(house, house.provider.transfer(transfer_asked(house, payment), "t-1"))
        with pytest.raises(Refused) as caught:
            house.provider.transfer(transfer_asked(house, payment, 1_001, 2), "t-2")
        assert caught.value.why in (No.TOO_MUCH, No.TOO_LATE)
        assert sums(statement(house))[LineKind.TRANSFER] == -SELLERS

    def test_what_the_seller_has_spent_is_not_taken_back(self, house: House) -> None:
        payment = paid(house)
        sent = done(house, house.provider.transfer(transfer_asked(house, payment), "t-1"))
        if not house.provider.terms.takes_back:
            taking = TakingBackAsked("o-1", 2, sent.reference, 1, house.currency)
            _unsupported(lambda: house.provider.take_back(taking, "b-1"))
            return
        house.spend()
        with pytest.raises(Refused) as caught:
            house.provider.take_back(TakingBackAsked("o-1", 2, sent.reference, 1, house.currency), "b-1")
        assert caught.value.why is No.INSUFFICIENT_BALANCE

    def test_an_account_that_is_none_is_not_paid_to(self, house: House) -> None:
        payment = paid(house)
        with pytest.raises(Refused) as caught:
            house.provider.transfer(transfer_asked(house, payment)._replace(account=house.nobody), "t-1")
        assert caught.value.why is No.ACCOUNT_CLOSED
        assert LineKind.TRANSFER not in sums(statement(house))

    def test_a_payout_waits_for_the_money_and_arrives_once(self, house: House) -> None:
        payment = paid(house)
        if house.provider.terms.pays_seller == "at_once":
            done(house, house.provider.transfer(transfer_asked(house, payment), "t-1"))
            _unsupported(lambda: house.provider.pay_out(payout_asked(house), "p-1"))
            return
        house.provider.transfer(transfer_asked(house, payment), "t-1")
        with pytest.raises(TryLater):
            house.provider.pay_out(payout_asked(house), "p-1")
        house.wait()
        first = house.provider.pay_out(payout_asked(house), "p-1")
        house.forget_keys()
        assert house.provider.pay_out(payout_asked(house), "p-1") == first
        assert first.state is State.PENDING
        house.settle(first.reference)
        seen = last(told(house), PayoutSeen)
        assert seen == PayoutSeen("p-1", first.reference, State.DONE, SELLERS, house.currency)
        with pytest.raises(Refused) as caught:
            house.provider.pay_out(payout_asked(house, payout="p-2"), "p-2")
        assert caught.value.why is No.INSUFFICIENT_BALANCE

    @pytest.mark.parametrize("arrived", [False, True])
    def test_a_payout_that_the_bank_refuses_has_failed_and_what_it_sends_back_returned(
        self, house: House, arrived: bool
    ) -> None:
        payment = paid(house)
        if house.provider.terms.pays_seller == "at_once":
            done(house, house.provider.transfer(transfer_asked(house, payment), "t-1"))
            _unsupported(lambda: house.provider.pay_out(payout_asked(house), "p-1"))
            return
        house.provider.transfer(transfer_asked(house, payment), "t-1")
        house.wait()
        sent = house.provider.pay_out(payout_asked(house), "p-1")
        if arrived:
            house.settle(sent.reference)
        house.settle(sent.reference, fails=True)
        seen = last(told(house), PayoutSeen)
        assert (seen.payout, seen.amount) == ("p-1", SELLERS)
        assert (seen.state, seen.why) == (State.RETURNED if arrived else State.FAILED, No.ACCOUNT_CLOSED)
        again = house.provider.pay_out(payout_asked(house, payout="p-2"), "p-2")
        assert again.reference != sent.reference

    @pytest.mark.parametrize("arrived", [False, True])
    def test_a_transfer_that_comes_to_nothing_is_told_of_and_its_money_goes_out_anew(
        self, house: House, arrived: bool
    ) -> None:
        """Refused by the seller's bank, or sent back by it. Where that cannot be, what was passed on stays with the seller."""
        payment = paid(house)
        if not arrived:
            house.take_time()
        asked = transfer_asked(house, payment)
        sent = house.provider.transfer(asked, "t-1")
        if arrived:
            sent = done(house, sent)
        if not (house.returns_transfers if arrived else house.fails_transfers):
            assert house.provider.transfer(asked, "t-1") == sent._replace(state=State.DONE)
            assert sums(statement(house)) == {LineKind.PAYMENT: AMOUNT, LineKind.TRANSFER: -SELLERS}
            return
        told(house)
        house.fail_transfer(sent.reference)
        seen = last(told(house), TransferSeen)
        assert (seen.order, seen.number, seen.reference, seen.amount) == ("o-1", 1, sent.reference, SELLERS)
        assert seen.state is (State.RETURNED if arrived else State.FAILED)
        assert seen.why is not None
        for _ in range(2):
            again = house.provider.transfer(asked, "t-1")
            assert (again.reference, again.state, again.why) == (sent.reference, seen.state, seen.why)
            house.forget_keys()
        assert sum(sums(statement(house)).values()) == AMOUNT
        anew = house.provider.transfer(asked._replace(number=2), "t-2")
        assert anew.reference != sent.reference
        house.carry_out(anew.reference)
        assert house.provider.transfer(asked._replace(number=2), "t-2").state is State.DONE
        found = sums(statement(house))
        assert found.get(LineKind.PAYOUT_RETURNED, 0) == (SELLERS if arrived else 0)
        assert sum(found.values()) == AMOUNT - SELLERS

    def test_a_refund_that_the_bank_sends_back_has_failed(self, house: House) -> None:
        payment = paid(house)
        if not house.returns_refunds:
            house.take_time()
        asked = refund_asked(payment, 4_000)
        sent = house.provider.refund(asked, "r-1")
        if house.returns_refunds:
            house.carry_out(sent.reference)
        told(house)
        house.fail_refund(sent.reference)
        if house.returns_refunds:
            seen = last(told(house), RefundSeen)
            assert (seen.order, seen.number, seen.state, seen.why) == ("o-1", 1, State.FAILED, No.DECLINED)
            assert sums(statement(house))[LineKind.REFUND_FAILED] == 4_000
        else:
            again = house.provider.refund(asked, "r-1")
            assert (again.state, again.why) == (State.FAILED, No.DECLINED)
        found = sums(statement(house))
        assert found.get(LineKind.REFUND, 0) + found.get(LineKind.REFUND_FAILED, 0) == 0

    @pytest.mark.parametrize("won", [True, False])
    def test_a_chargeback_takes_the_money_and_gives_it_back_only_when_it_is_won(self, house: House, won: bool) -> None:
        payment = paid(house)
        evidence = EvidenceAsked("o-1", "cb-1", {"story": "It was delivered."}, b"%PDF-1.7 proof", "application/pdf")
        if not house.provider.terms.contests:
            _unsupported(lambda: house.provider.contest(evidence, "e-1"))
        if not house.provider.terms.chargebacks:
            assert set(sums(statement(house))) == {LineKind.PAYMENT}
            return
        chargeback = house.dispute(payment.paid.payment)
        took = last(told(house), ChargebackSeen)
        assert (took.order, took.chargeback, took.bank, took.amount) == ("o-1", chargeback, Bank.TOOK, AMOUNT)
        assert took.paid.payment == payment.paid.payment or took.paid.charge == payment.paid.charge
        assert took.answer_by is None or took.answer_by > house.now()
        with pytest.raises(Refused) as caught:
            house.provider.refund(refund_asked(payment, 1), "r-1")
        assert caught.value.why is No.TOO_LATE
        if house.provider.terms.contests:
            words = {"carrier": "Post", "tracking_number": "RA1", "story": "It was delivered."}
            asked = EvidenceAsked("o-1", chargeback, words, b"%PDF-1.7 proof", "application/pdf")
            answers = [house.provider.contest(asked, "e-1") for _ in range(2)]
            assert answers[0] == answers[1]
        house.decide(chargeback, won=won)
        banks = [one.bank for one in told(house) if isinstance(one, ChargebackSeen)]
        assert banks[-1] is (Bank.WON if won else Bank.LOST)
        assert (Bank.GAVE_BACK in banks) is won
        found = sums(statement(house))
        assert found[LineKind.CHARGEBACK] == -AMOUNT
        assert found.get(LineKind.GIVEN_BACK, 0) == (AMOUNT if won else 0)

    def test_what_is_told_twice_and_in_any_order_ends_the_same(self, house: House) -> None:
        """The newest of each thing is told of, whichever notification comes last."""
        payment = paid(house)
        done(house, house.provider.refund(refund_asked(payment, 1_000), "r-1"))
        sent = done(house, house.provider.transfer(transfer_asked(house, payment, 5_000), "t-1"))
        taken = 700 if house.provider.terms.takes_back else 0
        if taken:
            house.provider.take_back(TakingBackAsked("o-1", 2, sent.reference, taken, house.currency), "b-1")
        other = house.provider.open(page_asked(house, "o-2"), "k-2")
        house.decline(other)
        if house.tries_again:
            house.pay(other)
        seen = told(house, repeated=True, shuffled=Random(7))
        assert {one for one in seen if isinstance(one, PaymentSeen) and one.order == "o-2"} == {
            house.provider.payment(other.payment)
        }
        assert {one.taken_back for one in seen if isinstance(one, TransferSeen)} == {taken}
        assert {one.amount for one in seen if isinstance(one, RefundSeen)} == {1_000}

    def test_the_statement_has_every_operation_to_the_unit(self, house: House) -> None:
        payment, other = paid(house), paid(house, "o-2", 3_333)
        done(house, house.provider.refund(refund_asked(payment, 1_111), "r-1"))
        sent = done(house, house.provider.transfer(transfer_asked(house, other, 2_222), "t-1"))
        expected = {LineKind.PAYMENT: 13_333, LineKind.REFUND: -1_111, LineKind.TRANSFER: -2_222}
        if house.provider.terms.takes_back:
            house.provider.take_back(TakingBackAsked("o-2", 2, sent.reference, 555, house.currency), "b-1")
            expected[LineKind.TAKEN_BACK] = 555
        lines = statement(house)
        assert sums(lines) == expected
        assert sum(line.fee for line in lines if line.kind is LineKind.PAYMENT) == payment.fee + other.fee
        assert [line.at for line in lines] == sorted(line.at for line in lines)
        assert {line.currency for line in lines} == {house.currency}
        assert len({line.reference for line in lines}) == len(lines)
        middle = lines[2].at
        early = list(house.provider.statement(lines[0].at, middle))
        late = list(house.provider.statement(middle, after(lines[-1].at, MINUTE)))
        assert (early, late) == (lines[:2], lines[2:])

    def test_notifications_of_a_stranger_are_not_read(self, house: House) -> None:
        house.pay(house.provider.open(page_asked(house), "k-1"))
        forged = list(house.forgeries())
        assert forged
        for message in forged:
            with pytest.raises(Unreadable):
                house.provider.read(*message, house.now())

    def test_a_seller_who_may_be_paid_is_said_to(self, house: House) -> None:
        seen = house.provider.account(house.account)
        assert (seen.account, seen.may_be_paid, seen.wanting) == (house.account, True, ())
        if house.provider.terms.pays_seller == "at_once":
            # There is no account that could be asked about: what can be seen is that there is a name for it.
            nobody = house.provider.account(" ")
            assert not nobody.may_be_paid
            assert nobody.wanting
            return
        with pytest.raises(Refused) as caught:
            house.provider.account(house.nobody)
        assert caught.value.why is No.ACCOUNT_CLOSED

    def test_money_that_never_came_is_not_given_back_or_passed_on(self, house: House) -> None:
        page = house.provider.open(page_asked(house), "k-1")
        before = house.provider.payment(page.payment)
        asks: tuple[Callable[[], Answer], ...] = (
            lambda: house.provider.refund(refund_asked(before, 1_000), "r-1"),
            lambda: house.provider.transfer(transfer_asked(house, before, 1_000), "t-1"),
            lambda: house.provider.capture(before.paid, AMOUNT, house.currency, "c-1"),
        )
        for ask in asks:
            with pytest.raises(Refused):
                ask()
        assert sums(statement(house)) == {}

    @pytest.mark.parametrize("lost", [True, False])
    def test_closing_whose_answer_was_lost_is_asked_for_again(self, house: House, lost: bool) -> None:
        page = house.provider.open(page_asked(house), "k-1")
        if not house.closes_pages:
            for _ in range(2):
                with pytest.raises(TryLater):
                    house.provider.close(page.payment, "c-1")
            return
        (house.lose_the_next_answer if lost else house.break_before_the_next)()
        with pytest.raises(house.later):
            house.provider.close(page.payment, "c-1")
        house.provider.close(page.payment, "c-1")
        assert house.provider.payment(page.payment).state is State.FAILED

    def test_a_payout_whose_answer_was_lost_is_one_payout(self, house: House) -> None:
        payment = paid(house)
        if house.provider.terms.pays_seller == "at_once":
            _unsupported(lambda: house.provider.pay_out(payout_asked(house), "p-1"))
            return
        house.provider.transfer(transfer_asked(house, payment), "t-1")
        house.wait()
        house.lose_the_next_answer()
        with pytest.raises(house.later):
            house.provider.pay_out(payout_asked(house), "p-1")
        sent = house.provider.pay_out(payout_asked(house), "p-1")
        house.settle(sent.reference)
        assert {one.reference for one in told(house) if isinstance(one, PayoutSeen)} == {sent.reference}

    def test_what_came_back_is_told_the_same_however_often_and_in_whatever_order(self, house: House) -> None:
        """A payout that arrived and came back, or a transfer that failed: the last word wins, not the last notification."""
        payment = paid(house)
        if house.provider.terms.pays_seller == "at_once":
            house.take_time()
            sent = house.provider.transfer(transfer_asked(house, payment), "t-1")
            house.fail_transfer(sent.reference)
            states = {
                one.state for one in told(house, repeated=True, shuffled=Random(3)) if isinstance(one, TransferSeen)
            }
            assert states == {State.FAILED}
            return
        house.provider.transfer(transfer_asked(house, payment), "t-1")
        house.wait()
        sent = house.provider.pay_out(payout_asked(house), "p-1")
        house.settle(sent.reference)
        house.settle(sent.reference, fails=True)
        states = {one.state for one in told(house, repeated=True, shuffled=Random(3)) if isinstance(one, PayoutSeen)}
        assert states == {State.RETURNED}


def _unsupported(ask: Callable[[], Answer]) -> None:
    """What `Terms` say that it cannot do it refuses for good, and says why."""
    with pytest.raises(Refused) as caught:
        ask()
    assert caught.value.why is No.UNSUPPORTED
