"""Orders in every state, by name: those of `builders.py`, and those in dispute or with the buyer's bank.

Disputes are about line 1, the lamp of 10.00, which came broken; opened on day 12, a day after delivery.
"""

from collections.abc import Callable

from fairhold.domain.commands import TakeClaim
from tests.builders import (
    BUYER,
    CONTEST_PARCEL,
    DISPUTE_1,
    LINE_1,
    MEDIATOR,
    SELLER,
    SEND_ANEW,
    SEND_BACK,
    Deal,
    all_confirmed,
    at,
    awaiting_payment,
    cancelled_paid,
    cancelled_unpaid,
    delivered,
    extension_asked,
    extensions_used_up,
    one_line_confirmed,
    paid,
    partly_shipped,
    payment_lapsed,
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
