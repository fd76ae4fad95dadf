"""Payouts in words: how far one has come, why one stopped, what is in the way, when they are made."""

from fairhold.domain.payout_rules import Schedule
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.outside.payment_seen import No
from fairhold.engine.payouts.balances import Hindrance
from fairhold.engine.ports.payouts import PartStage, PayoutStage
from fairhold.words.catalog import N_, Words
from fairhold.words.refusals import explain

STAGES: dict[PayoutStage, str] = {
    PayoutStage.MADE: N_("Getting ready"),
    PayoutStage.ON_ITS_WAY: N_("With the provider"),
    PayoutStage.TO_BANK: N_("On its way to the bank"),
    PayoutStage.DONE: N_("Paid out"),
    PayoutStage.FAILED: N_("Did not leave"),
    PayoutStage.RETURNED: N_("The bank sent it back"),
    PayoutStage.PARKED: N_("Stopped on its way"),
}
PART_STAGES: dict[PartStage, str] = {
    PartStage.PLANNED: N_("Getting ready"),
    PartStage.STARTED: N_("With the provider"),
    PartStage.SENT: N_("Passed on"),
    PartStage.DROPPED: N_("Left out"),
    PartStage.FAILED: N_("Did not leave"),
    PartStage.RETURNED: N_("The bank sent it back"),
}
WHYS: dict[str, str] = {
    No.DECLINED: N_("The bank declined it."),
    No.EXPIRED: N_("It took too long and expired."),
    No.INSUFFICIENT_BALANCE: N_("The payment provider did not have the money ready yet."),
    No.ACCOUNT_CLOSED: N_("The account does not exist, or nothing can be paid to it."),
    No.TOO_LATE: N_("It came too late."),
    No.TOO_MUCH: N_("It was more than the payment provider had left of the payment."),
    No.UNSUPPORTED: N_("The account does not take this currency or this kind of payment."),
    No.BROKEN: N_("The payment provider did not accept the request."),
    "returned": N_("The bank sent the money back."),
}
"""Why a payout stopped, as it is kept with it."""
SCHEDULES: dict[Schedule, str] = {
    "daily": N_("Every day"),
    "weekly": N_("Every Monday"),
    "monthly": N_("On the first of the month"),
    "on_request": N_("When it is asked for"),
}
HINDRANCES: dict[Hindrance, str] = {
    Hindrance.NOTHING_DUE: N_("Nothing is due"),
    Hindrance.OWES: N_("Owes more than is due"),
    Hindrance.NO_PROVIDER: N_("The provider's keys are gone"),
    Hindrance.NO_ACCOUNT: N_("No account is known"),
    Hindrance.NOT_PAYABLE: N_("The provider does not pay to the account"),
    Hindrance.PARKED: N_("Waits for a person"),
    Hindrance.RESERVED: N_("All of it is kept back"),
    Hindrance.TOO_SMALL: N_("Less than the provider passes on"),
    Hindrance.STILL_HELD: N_("Waits for the rest of its orders"),
    Hindrance.BELOW_MINIMUM: N_("Less than the smallest payout"),
}
"""What is in the way, in a few words for the staff."""
_REASONS = {reason.value: reason for reason in Reason}


def why_text(words: Words, why: str) -> str:
    """Why a payout or a part of it stopped, as a sentence; nothing where there is nothing to say."""
    if why in WHYS:
        return words.gettext(WHYS[why])
    if why in _REASONS:
        return explain(words, Refusal(_REASONS[why]))[0]
    return words.gettext(N_("The payment provider did not say why.")) if why else ""
