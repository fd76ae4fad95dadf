"""Refunds that came back in words: why they did not reach the buyer."""

from fairhold.engine.outside.payment_seen import No
from fairhold.words.catalog import N_, Words

WHYS: dict[str, str] = {
    No.DECLINED: N_("The buyer's bank did not take it. Their card may have expired or be blocked."),
    No.EXPIRED: N_("It took too long and expired."),
    No.INSUFFICIENT_BALANCE: N_("The marketplace's account at the payment provider had too little money on it."),
    No.ACCOUNT_CLOSED: N_("The buyer's account or card is closed, or no money can be sent to it."),
    No.TOO_LATE: N_("It came too late: the payment is too old, or the buyer's bank decides about it."),
    No.TOO_MUCH: N_("It was more than the payment provider had left of the payment."),
    No.UNSUPPORTED: N_("The payment provider does not give back such payments."),
    No.BROKEN: N_("The payment provider did not accept the request."),
}
"""As it is kept with the refund."""


def why_returned(words: Words, why: str) -> str:
    """Why a refund came back, as a sentence; nothing where the provider's word for it is none of those that we know."""
    return words.gettext(WHYS[why]) if why in WHYS else ""
