"""Orders in every state, by name: those of `builders.py`, and those in dispute or with the buyer's bank.

Disputes are about line 1, the lamp of 10.00, which came broken; opened on day 12, a day after delivery.
"""

import dataclasses
from collections.abc import Callable

import msgspec

from fairhold.domain.commands import CancelOrder, TakeClaim
from fairhold.domain.policy import ReviewTerms
from fairhold.domain.refund_commands import RecordRefundElsewhere, SendRefundAgain
from fairhold.domain.review import Part, Verdict
from fairhold.domain.review_commands import ContestModeration, ModerateReview, ReplyToReview, Screened
from tests.builders import (
    BUYER,
    CONTEST_PARCEL,
    DISPUTE_1,
    LINE_1,
    LINE_2,
    MEDIATOR,
    OPERATOR,
    OTHER_MEDIATOR,
    REVIEW_1,
    SELLER,
    SEND_ANEW,
    SEND_BACK,
    Deal,
    all_confirmed,
    at,
    awaiting_payment,
    cancelled_paid,
    cancelled_unpaid,
    completed,
    delivered,
    extension_asked,
    extensions_used_up,
    one_line_confirmed,
    paid,
    partly_shipped,
    payment_lapsed,
    place,
    policy,
    refunded_not_shipped,
    released,
    returned_to_sender,
    shipped,
)

OPENED_AT = at(days=12)


def disputed(kind: str = "refund") -> Deal:
    return delivered().dispute(LINE_1, kind=kind, when=OPENED_AT).waiting(at(days=13))


def negotiating() -> Deal:
    return disputed().offer(SELLER, 300, at(days=13)).waiting(at(days=14))


def offer_lapsed() -> Deal:
    return negotiating().until(at(days=17))


def claimed() -> Deal:
    return negotiating().escalate(when=at(days=14)).waiting(at(days=15))


def claim_taken() -> Deal:
    return claimed().do(TakeClaim(dispute=DISPUTE_1), MEDIATOR).waiting(at(days=15, hours=12))


def claim_overdue() -> Deal:
    return claimed().until(at(days=28)).waiting(at(days=29))


def ruled() -> Deal:
    return claimed().rule(400).waiting(at(days=16))


def appealed() -> Deal:
    return ruled().appeal().waiting(at(days=17))


def return_due() -> Deal:
    return disputed("return_and_refund").accept(SELLER).waiting(at(days=14))


def returning() -> Deal:
    return return_due().do(SEND_BACK, BUYER).waiting(at(days=15))


def resend_due() -> Deal:
    return disputed("resend").accept(SELLER).waiting(at(days=14))


def resent() -> Deal:
    return resend_due().do(SEND_ANEW, SELLER).waiting(at(days=15))


def withdrawn() -> Deal:
    return disputed().withdraw()


def split() -> Deal:
    return negotiating().accept(BUYER)


def parcel_contested() -> Deal:
    return returned_to_sender().do(CONTEST_PARCEL, SELLER).waiting(at(days=13))


def charged_back() -> Deal:
    return released().charge_back(1900)


def chargeback_lost() -> Deal:
    return charged_back().bank_says(won=False)


def ruled_today(deal: Deal, rules: ReviewTerms) -> Deal:
    """The deal as whoever loads it under the policy of the day has it: other rules of reviews than when it was placed."""
    return dataclasses.replace(deal, order=msgspec.structs.replace(deal.order, review_terms=rules))


STATES: dict[str, Callable[[], Deal]] = {
    made.__name__: made
    for made in (
        awaiting_payment,
        payment_lapsed,
        paid,
        partly_shipped,
        shipped,
        delivered,
        returned_to_sender,
        one_line_confirmed,
        all_confirmed,
        released,
        refunded_not_shipped,
        cancelled_unpaid,
        cancelled_paid,
        extension_asked,
        extensions_used_up,
        disputed,
        negotiating,
        offer_lapsed,
        claimed,
        claim_taken,
        claim_overdue,
        ruled,
        appealed,
        return_due,
        returning,
        resend_due,
        resent,
        withdrawn,
        split,
        parcel_contested,
        charged_back,
        chargeback_lost,
    )
}


# An order whose buyer turned to support. Both lines were confirmed on day 12, and the money leaves on day 13; the lamp was
# confirmed by accident, as the buyer said an hour later. `kept` is under a policy that holds such money here.

FREEZES = policy(receipt={"accident_freeze_hours": 72})


def accident_reported() -> Deal:
    return all_confirmed().report(LINE_1).waiting(at(days=12, hours=2))


def accident_overdue() -> Deal:
    return all_confirmed().report(LINE_1).until(at(days=12, hours=13)).waiting(at(days=12, hours=14))


def accident_declined() -> Deal:
    return accident_reported().decline().waiting(at(days=12, hours=3))


def accident_undone() -> Deal:
    return accident_reported().undo(LINE_1).waiting(at(days=12, hours=3))


def accident_left() -> Deal:
    return accident_reported().until(at(days=13))


def kept() -> Deal:
    """The cups' money has left meanwhile."""
    deal = delivered(place(policy=FREEZES)).confirm(LINE_1, LINE_2, when=at(days=12))
    return deal.report(LINE_1, when=at(days=12, hours=1)).waiting(at(days=13, hours=1))


def request_with_support() -> Deal:
    return extension_asked().until(at(days=7)).waiting(at(days=8))


def request_with_operator() -> Deal:
    return extension_asked().until(at(days=10)).waiting(at(days=11))


SUPPORT_STATES: dict[str, Callable[[], Deal]] = {
    made.__name__: made
    for made in (
        all_confirmed,
        accident_reported,
        accident_overdue,
        accident_declined,
        accident_undone,
        accident_left,
        kept,
        extension_asked,
        request_with_support,
        request_with_operator,
    )
}


# An order with a review in each state: that of the buyer, two stars left on day 14, unless another is named.


def low() -> Deal:
    return completed().review(BUYER, 2).waiting(at(days=15))


def good() -> Deal:
    return completed().review(BUYER, 5).waiting(at(days=15))


def sellers() -> Deal:
    return completed().review(SELLER, 2).waiting(at(days=15))


def both() -> Deal:
    return low().review(SELLER, 5).waiting(at(days=16))


def blind() -> Deal:
    return completed(publication="blind").review(BUYER, 2).waiting(at(days=15))


def held() -> Deal:
    return completed().review(BUYER, 2, text="Call me.", screened=HELD).waiting(at(days=15))


def hidden() -> Deal:
    return low().do(decided("hide"), MEDIATOR).waiting(at(days=16))


def withdrawn_review() -> Deal:
    return low().do(decided("withdraw"), MEDIATOR).waiting(at(days=16))


def contested() -> Deal:
    return hidden().do(ContestModeration(review=REVIEW_1, text="It is true."), BUYER).waiting(at(days=17))


def upheld() -> Deal:
    return contested().do(decided("hide"), OTHER_MEDIATOR).waiting(at(days=18))


def answered() -> Deal:
    return low().do(ReplyToReview(review=REVIEW_1, text="Thank you."), SELLER).waiting(at(days=16))


def answer_hidden() -> Deal:
    return answered().do(decided("hide", "reply"), MEDIATOR).waiting(at(days=17))


def answer_contested() -> Deal:
    command = ContestModeration(review=REVIEW_1, text="It is true.", part=Part.REPLY)
    return answer_hidden().do(command, SELLER).waiting(at(days=18))


def not_to_be_revised() -> Deal:
    return low().waiting(at(days=44))


def undone() -> Deal:
    deal = delivered().confirm(LINE_1, when=at(days=12)).review(BUYER, 2)
    return deal.undo(LINE_1).waiting(at(days=12, hours=1))


def barred() -> Deal:
    deal = delivered().confirm(LINE_2, when=at(days=12)).review(BUYER, 2)
    return deal.dispute(LINE_1).escalate().waiting(at(days=12, hours=1))


HELD = Screened(length=8, held=("contact",))


def decided(verdict: str, part: str = "review") -> ModerateReview:
    """A moderator's word on the first review."""
    return ModerateReview(review=REVIEW_1, decision=Verdict(verdict), reasons="as the rules say", part=Part(part))


REVIEW_STATES: dict[str, Callable[[], Deal]] = {
    made.__name__: made
    for made in (
        low,
        good,
        sellers,
        both,
        blind,
        held,
        hidden,
        withdrawn_review,
        contested,
        upheld,
        answered,
        answer_hidden,
        answer_contested,
        not_to_be_revised,
        undone,
        barred,
    )
}


# An order that is being paid through a provider. It is to be paid within a day; the first attempt began after an hour, and its
# page is open since. `page_left` is half an hour after the time to pay, when money may still be on its way.


def page_asked() -> Deal:
    return awaiting_payment().begin_paying(when=at(hours=1))


def page_open() -> Deal:
    return page_asked().page(when=at(hours=1, minutes=1))


def page_left() -> Deal:
    return page_open().waiting(at(days=1, minutes=30))


def payment_failed() -> Deal:
    return page_open().payment_fails(when=at(hours=2))


def second_attempt() -> Deal:
    return page_open().begin_paying(when=at(hours=2))


def paid_through_provider() -> Deal:
    return page_open().money_comes(when=at(hours=2), fee=60)


def called_off_with_a_page_open() -> Deal:
    return page_open().do(CancelOrder(), BUYER, at(hours=2))


def came_too_late() -> Deal:
    return page_open().until(at(days=1, hours=2)).money_comes(when=at(days=1, hours=2))


PAYMENT_STATES: dict[str, Callable[[], Deal]] = {
    made.__name__: made
    for made in (
        awaiting_payment,
        page_asked,
        page_open,
        page_left,
        payment_failed,
        second_attempt,
        paid_through_provider,
        called_off_with_a_page_open,
        came_too_late,
    )
}


# The buyer's 1900 go back, and how far they have come.


def refund_on_its_way() -> Deal:
    return paid().do(CancelOrder(), SELLER)


def refund_paid() -> Deal:
    return refund_on_its_way().refund_paid()


def refund_failed() -> Deal:
    return refund_on_its_way().refund_returns()


def refund_returned() -> Deal:
    return refund_paid().refund_returns()


def refund_sent_again() -> Deal:
    return refund_returned().do(SendRefundAgain(number=1), OPERATOR)


def refund_returned_again() -> Deal:
    return refund_sent_again().refund_paid(2).refund_returns(2)


def refund_paid_elsewhere() -> Deal:
    return refund_returned().do(RecordRefundElsewhere(number=1, reference="transfer 7"), OPERATOR)


def refund_taken_by_bank() -> Deal:
    return refund_returned().charge_back(1900)


def refund_kept_by_bank() -> Deal:
    return refund_taken_by_bank().bank_says(won=False)


REFUND_STATES: dict[str, Callable[[], Deal]] = {
    made.__name__: made
    for made in (
        paid,
        refund_on_its_way,
        refund_paid,
        refund_failed,
        refund_returned,
        refund_sent_again,
        refund_returned_again,
        refund_paid_elsewhere,
        refund_taken_by_bank,
        refund_kept_by_bank,
    )
}


# The seller's 1805 of 1900 leave: how far they have come, and what a bank took of them afterwards.


def payout_started() -> Deal:
    return released().pay_out(1805)


def paid_out_in_part() -> Deal:
    return released().pay_out(805).payout_sent()


def paid_out() -> Deal:
    return payout_started().payout_sent()


def payout_failed() -> Deal:
    return payout_started().payout_fails()


def payout_returned() -> Deal:
    return paid_out().payout_fails()


def owed_by_seller() -> Deal:
    """The bank took half of what the buyer paid, after all of the seller's had left: they owe 902 of it."""
    return paid_out().charge_back(950)


def asked_back() -> Deal:
    return owed_by_seller().take_payout_back(902)


def taken_back() -> Deal:
    return asked_back().payout_taken_back()


def not_taken_back() -> Deal:
    return asked_back().payout_not_taken_back()


PAYOUT_STATES: dict[str, Callable[[], Deal]] = {
    made.__name__: made
    for made in (
        paid,
        released,
        payout_started,
        paid_out_in_part,
        paid_out,
        payout_failed,
        payout_returned,
        owed_by_seller,
        asked_back,
        taken_back,
        not_taken_back,
    )
}
