"""Refunds, disputes and sellers, as far as they are Stripe's own."""

from collections.abc import Iterator

import pytest

from fairhold.domain.instants import DAY, MINUTE, SECOND, Instant, after
from fairhold.engine.outside.destinations import TryLater
from fairhold.engine.outside.payment_seen import Bank, ChargebackSeen, LineKind, No, Paid, RefundSeen, State
from fairhold.engine.outside.payments import Answer, EvidenceAsked, Refused
from tests.fakes.stripe.server import Fault, nested
from tests.gateways.fakes.served import Asked
from tests.gateways.payments.house import (
    last,
    paid,
    payout_asked,
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


# refunds, disputes


def test_a_refund_made_by_hand_has_the_order_and_no_number(house: StripeHouse) -> None:
    payment = paid(house)
    name = house.fake.people.refund_by_hand(payment.paid.payment, 700)
    assert set(told(house)) == {RefundSeen("o-1", 0, name, State.DONE, 700, "EUR")}


def test_a_refund_that_waits_for_the_balance_is_pending(house: StripeHouse) -> None:
    payment = paid(house)
    house.fake.desk.slow_refunds = True
    assert house.provider.refund(refund_asked(payment, 1_000), "r-1").state is State.PENDING


def test_another_sum_under_the_same_number_is_a_mistake(house: StripeHouse) -> None:
    payment = paid(house)
    house.provider.refund(refund_asked(payment, 1_000), "r-1")
    with pytest.raises(Refused) as caught:
        house.provider.refund(refund_asked(payment, 2_000), "r-1")
    assert caught.value.why is No.BROKEN
    assert sums(statement(house))[LineKind.REFUND] == -1_000


def test_an_answer_of_500_that_stays_under_its_key_is_not_done_twice(house: StripeHouse) -> None:
    payment = paid(house)
    house.fake.faults.append(Fault.BROKEN_AFTER)
    with pytest.raises(TryLater):
        house.provider.refund(refund_asked(payment, 1_000), "r-1")
    assert house.provider.refund(refund_asked(payment, 1_000), "r-1").state is State.DONE
    assert sums(statement(house))[LineKind.REFUND] == -1_000


def test_an_inquiry_moves_no_money_and_may_become_a_chargeback(house: StripeHouse) -> None:
    payment = paid(house)
    name = house.fake.people.dispute(payment.paid.payment, inquiry=True)
    assert [one.bank for one in told(house) if isinstance(one, ChargebackSeen)] == [Bank.ASKS]
    assert LineKind.CHARGEBACK not in sums(statement(house))
    house.fake.people.escalate(name)
    seen = last(told(house), ChargebackSeen)
    assert (seen.bank, seen.fee, seen.paid) == (Bank.TOOK, 1500, payment.paid)


def test_an_inquiry_that_comes_to_nothing_is_won_and_gives_nothing_back(house: StripeHouse) -> None:
    payment = paid(house)
    name = house.fake.people.dispute(payment.paid.payment, inquiry=True)
    house.decide(name, won=True)
    assert {one.bank for one in told(house) if isinstance(one, ChargebackSeen)} == {Bank.ASKS, Bank.WON}


def test_evidence_goes_in_once_as_file_or_as_text(house: StripeHouse) -> None:
    words = {"carrier": "Post", "tracking_number": "RA1", "address": "Omsk", "goods": "Chairs", "story": "Delivered."}
    for order, media_type, bundle in (("o-1", "application/pdf", b"%PDF-1.7"), ("o-2", "text/plain", b"All of it.")):
        name = house.dispute(paid(house, order).paid.payment)
        asked = EvidenceAsked(order, name, words, bundle, media_type)
        assert house.provider.contest(asked, f"e-{order}") == Answer(name)
        assert house.provider.contest(asked, f"again-{order}") == Answer(name)
        evidence = house.fake.books.objects[name]["evidence"]
        assert (evidence["shipping_carrier"], evidence["shipping_tracking_number"]) == ("Post", "RA1")
        if media_type == "text/plain":
            assert evidence["uncategorized_text"] == "Delivered.\n\nAll of it."
        else:
            assert house.fake.books.objects[evidence["uncategorized_file"]]["_content"] == bundle
    assert len(posted(house, "files")) == 1


@pytest.mark.parametrize(
    ("media_type", "size"), [("application/zip", 10), ("application/pdf", 4_500_001), ("image/tiff", 10)]
)
def test_evidence_that_a_bank_is_not_shown_is_not_supported(house: StripeHouse, media_type: str, size: int) -> None:
    name = house.dispute(paid(house).paid.payment)
    with pytest.raises(Refused) as caught:
        house.provider.contest(EvidenceAsked("o-1", name, {}, b"x" * size, media_type), "e-1")
    assert caught.value.why is No.UNSUPPORTED


def test_evidence_after_the_banks_last_word_is_too_late(house: StripeHouse) -> None:
    name = house.dispute(paid(house).paid.payment)
    house.decide(name, won=False)
    with pytest.raises(Refused) as caught:
        house.provider.contest(EvidenceAsked("o-1", name, {}, b"%PDF", "application/pdf"), "e-1")
    assert caught.value.why is No.TOO_LATE


# sellers


def test_a_seller_without_an_account_gets_one_that_is_paid_out_when_we_say(house: StripeHouse) -> None:
    made = house.stripe.onboard(
        "", "s-2", seller="s-2", country="DE", back="https://a.example/", again="https://b.example/"
    )
    assert made.url.startswith("https://connect.stripe.com/")
    account = house.fake.books.objects[made.account]
    assert account["settings"]["payouts"]["schedule"]["interval"] == "manual"
    assert account["metadata"] == {"seller": "s-2"}
    seen = house.provider.account(made.account)
    assert (seen.may_be_paid, seen.wanting) == (False, ("external_account", "tos_acceptance.date"))
    again = house.stripe.onboard(
        made.account, "s-2", seller="s-2", country="DE", back="https://a.example/", again="https://b.example/"
    )
    assert again.account == made.account
    assert again.url != made.url


def test_a_seller_of_whom_stripe_wants_something_is_not_paid_out(house: StripeHouse) -> None:
    payment = paid(house)
    house.provider.transfer(transfer_asked(house, payment), "t-1")
    house.wait()
    house.fake.people.restrict(house.account, "individual.verification.document")
    [seen] = [one for one in told(house) if hasattr(one, "wanting")]
    assert seen == house.provider.account(house.account)
    assert (seen.may_be_paid, seen.wanting) == (False, ("individual.verification.document",))
    with pytest.raises(Refused) as caught:
        house.provider.pay_out(payout_asked(house), "p-1")
    assert caught.value.why is No.ACCOUNT_CLOSED


def test_the_statement_of_a_seller_has_their_payouts(house: StripeHouse) -> None:
    payment = paid(house)
    house.provider.transfer(transfer_asked(house, payment), "t-1")
    house.wait()
    sent = house.provider.pay_out(payout_asked(house), "p-1")
    house.settle(sent.reference, fails=True)
    lines = list(house.stripe.statement(Instant(house.now() - 5 * DAY), after(house.now(), MINUTE), house.account))
    assert [(line.kind, line.amount) for line in lines] == [
        (LineKind.PAYMENT, 9_000),
        (LineKind.PAYOUT, -9_000),
        (LineKind.PAYOUT_RETURNED, 9_000),
    ]
    assert lines[1].about == lines[2].about == sent.reference


@pytest.mark.parametrize("ahead", [0, 20 * DAY, -400 * DAY])
def test_a_payout_that_is_asked_about_long_after_is_found_and_not_made_again(house: StripeHouse, ahead: int) -> None:
    """As after weeks in which nothing ran; our clock may be ahead of Stripe's, in a sandbox."""
    payment = paid(house)
    house.provider.transfer(transfer_asked(house, payment, 4_000), "t-1")
    house.wait()
    asked = payout_asked(house, 4_000)._replace(made_at=Instant(house.now() + ahead))
    house.lose_the_next_answer()
    with pytest.raises(TryLater):
        house.provider.pay_out(asked, "p-1")
    house.provider.transfer(transfer_asked(house, payment, 4_000, 2), "t-2")
    house.fake.people.wait(45 * DAY // SECOND)
    house.forget_keys()
    found = house.provider.pay_out(asked, "p-1")
    house.settle(found.reference)
    assert house.provider.pay_out(asked, "p-1") == found._replace(state=State.DONE)
    assert [one["amount"] for one in house.fake.books.objects.values() if one["object"] == "payout"] == [4_000]


def test_a_charge_that_stripe_keeps_in_another_currency_cannot_be_passed_on(house: StripeHouse) -> None:
    payment = paid(house)
    line = house.fake.books.objects[house.fake.books.objects[payment.paid.charge]["balance_transaction"]]
    line["currency"] = "usd"
    assert house.provider.payment(payment.paid.payment).fee == 0
    with pytest.raises(Refused) as caught:
        house.provider.transfer(transfer_asked(house, payment), "t-1")
    assert caught.value.why is No.UNSUPPORTED


def test_a_transfer_finds_the_charge_itself_where_it_is_not_told(house: StripeHouse) -> None:
    payment = paid(house)
    bare = transfer_asked(house, payment)._replace(paid=Paid(payment.paid.payment))
    house.provider.transfer(bare, "t-1")
    assert nested(posted(house, "transfers")[0].body.decode())["source_transaction"] == payment.paid.charge


def test_a_long_statement_is_read_page_by_page(house: StripeHouse) -> None:
    for number in range(205):
        house.fake.books.line("stripe_fee", -number, "eur", "fee")
    lines = statement(house)
    assert [line.amount for line in lines] == [-number for number in range(205)]
    assert {line.kind for line in lines} == {LineKind.FEE}
