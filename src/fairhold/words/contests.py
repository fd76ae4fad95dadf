"""Evidence against chargebacks in words: why a provider did not take it."""

from fairhold.engine.outside.payment_seen import No
from fairhold.words.catalog import N_, Words

WHYS: dict[str, str] = {
    No.TOO_LATE: N_("The bank hears no more evidence: its time has passed, or it has decided."),
    No.UNSUPPORTED: N_("The provider takes no evidence of this kind."),
    No.BROKEN: N_("The payment provider did not accept the request."),
}
"""As it is kept with what was asked."""


def why_refused(words: Words, why: str) -> str:
    """Why evidence was refused, as a sentence."""
    return words.gettext(WHYS.get(why, N_("The payment provider did not say why.")))
