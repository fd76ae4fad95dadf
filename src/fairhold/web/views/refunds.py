"""Refunds that came back, for the operator who sees to them and for the buyer who waits."""

from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.domain.bank_reach import decided_by_bank, taken_by_bank
from fairhold.domain.order import Refund
from fairhold.domain.reasons import Reason
from fairhold.web.views.parts import Note
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.refusals import refusal_text


@dataclass(frozen=True)
class RefundRow:
    """A refund that waits for a person.

    `again` and `elsewhere` are where one decides to send it, or says that it was paid in another way; empty for whoever may
    only look. `why_not`: it must not be sent.
    """

    number: int
    sum: str
    why: str
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
            why=refund.returned_why,
            again=_url(sight, refund, "again") if may and not taken_by_bank(sight.order, refund) else "",
            elsewhere=_url(sight, refund, "elsewhere") if may and decided_by_bank(sight.order, refund) else "",
            why_not=f"{taken.title} {taken.detail}" if taken_by_bank(sight.order, refund) else "",
        )
        for refund in sight.order.refunds
        if refund.waits
    )


def _url(sight: Sight, refund: Refund, deed: str) -> str:
    return f"{sight.url}/refunds/{refund.number}/{deed}"


def refund_notes(sight: Sight) -> tuple[Note, ...]:
    """What the buyer is told as long as it waits."""
    if sight.actor.role is not Role.BUYER:
        return ()
    return tuple(
        Note(
            sight.say(N_("The refund of %(sum)s did not reach you"), sum=sight.sum(refund.amount)),
            sight.say(
                N_(
                    "The money is still yours. We look at what was in its way, and send it again or pay it in another way."
                )
            ),
            "bad",
            "wallet",
        )
        for refund in sight.order.refunds
        if refund.waits
    )
