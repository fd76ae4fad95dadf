"""Refunds that came back, for the operator who sees to them and for the buyer who waits."""

from dataclasses import dataclass

from fairhold.domain.actors import Role
from fairhold.web.views.parts import Note
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_


@dataclass(frozen=True)
class RefundRow:
    """A refund that waits for a person; `url` is where what is done about it is sent, empty for whoever may only look."""

    number: int
    sum: str
    why: str
    url: str


def returned_refunds(sight: Sight) -> tuple[RefundRow, ...]:
    """Those of the order that wait."""
    may = sight.can("send_refund_again")
    return tuple(
        RefundRow(
            number=refund.number,
            sum=sight.sum(refund.amount),
            why=refund.returned_why,
            url=f"{sight.url}/refunds/{refund.number}" if may else "",
        )
        for refund in sight.order.refunds
        if refund.waits
    )


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
