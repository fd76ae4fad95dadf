"""Refunds that came back, for the operator who sees to them and for the buyer who waits."""

from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.bank_reach import decided_by_bank, taken_by_bank
from fairhold.domain.order import Refund
from fairhold.domain.reasons import Reason
from fairhold.web.views.deeds import Deed
from fairhold.web.views.parts import Fact, Note
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.refunds import why_returned
from fairhold.words.refusals import refusal_text


@dataclass(frozen=True)
class RefundRow:
    """A refund that waits for a person.

    `why` it came back, or the provider's `word` for it where we do not know what that means. `again` and `elsewhere` are
    where one decides to send it, or says that it was paid in another way; empty for whoever may only look. `why_not`: it
    must not be sent.
    """

    number: int
    sum: str
    why: str
    word: str
    again: str
    elsewhere: str
    why_not: str


def returned_refunds(sight: Sight) -> tuple[RefundRow, ...]:
    """Those of the order that wait."""
    may = sight.can("record_refund_elsewhere")
    taken = refusal_text(sight.reader.words, Reason.TAKEN_BY_BANK)
    return tuple(
        RefundRow(
            number=refund.number,
            sum=sight.sum(refund.amount),
            why=(why := why_returned(sight.reader.words, refund.returned_why)),
            word="" if why else refund.returned_why,
            again=_url(sight, refund, "again") if may and not taken_by_bank(sight.order, refund) else "",
            elsewhere=_url(sight, refund, "elsewhere") if may and decided_by_bank(sight.order, refund) else "",
            why_not=f"{taken.title} {taken.detail}" if taken_by_bank(sight.order, refund) else "",
        )
        for refund in sight.order.refunds
        if refund.waits
    )


def sending_deed(sight: Sight, refund: Refund) -> Deed:
    """What sending it again would do."""
    return Deed(
        title=sight.say(N_("Send %(sum)s to the buyer again?"), sum=sight.sum(refund.amount)),
        text=(
            sight.say(
                N_("It goes the way that the payment came. What was in its way must be gone, or it comes back again.")
            ),
            sight.say(N_("Once it has left it cannot be called back.")),
        ),
        facts=_facts(sight, refund),
        url=_url(sight, refund, "again"),
        back=sight.url,
        button=sight.say(N_("Send it again")),
    )


def elsewhere_deed(sight: Sight, refund: Refund, reference: str) -> Deed:
    """What saying that it was paid in another way would do."""
    return Deed(
        title=sight.say(N_("Has the buyer got %(sum)s in another way?"), sum=sight.sum(refund.amount)),
        text=(
            sight.say(N_("Nothing more of this refund is sent, and the buyer reads the reference in the history.")),
            sight.say(N_("That cannot be taken back.")),
        ),
        facts=(*_facts(sight, refund), Fact(sight.say(N_("By the reference")), "", reference)),
        url=_url(sight, refund, "elsewhere"),
        back=sight.url,
        button=sight.say(N_("Yes, record it as paid")),
        fields=(("reference", reference),),
    )


def _facts(sight: Sight, refund: Refund) -> tuple[Fact, ...]:
    return (
        Fact(sight.say(N_("Order")), sight.number),
        Fact(sight.say(N_("Buyer")), sight.buyer()),
        _why(sight, refund),
    )


def _why(sight: Sight, refund: Refund) -> Fact:
    why = why_returned(sight.reader.words, refund.returned_why)
    if why:
        return Fact(sight.say(N_("Why it came back")), why)
    return Fact(sight.say(N_("The payment provider's word")), "", refund.returned_why)


def _url(sight: Sight, refund: Refund, deed: str) -> str:
    return f"{sight.url}/refunds/{refund.number}/{deed}"


def refund_notes(sight: Sight) -> tuple[Note, ...]:
    """What the buyer is told as long as it waits."""
    if sight.actor.role is not Role.BUYER:
        return ()
    return tuple(
        Note(
            sight.say(N_("The refund of %(sum)s did not reach you"), sum=sight.sum(refund.amount)),
            sight.say(_TAKEN if taken_by_bank(sight.order, refund) else _STILL_YOURS),
            "bad",
            "wallet",
        )
        for refund in sight.order.refunds
        if refund.waits
    )


_STILL_YOURS = N_(
    "The money is still yours. We look at what was in its way, and send it again or pay it in another way."
)
_TAKEN = N_("Your bank took this money itself. As long as it has it we do not send it again.")
