"""Refunds that came back: the bodies of requests about them, and the commands that they ask for."""

from fairhold.api.asking import Asked, Context
from fairhold.api.bodies import Wire
from fairhold.api.moments import moment
from fairhold.api.wire_refunds import RefundOut, RefundStatus
from fairhold.domain.commands import Short
from fairhold.domain.order import Refund
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.refund_commands import RecordRefundElsewhere, SendRefundAgain

_NONE = Refusal(Reason.NO_REFUND_RETURNED, "number")


class SendingAgain(Wire, frozen=True, kw_only=True):
    """Nothing: the path names the refund."""


class PaidElsewhere(Wire, frozen=True, kw_only=True):
    """Where it can be looked up that the buyer has the money."""

    reference: Short


def send_again(body: SendingAgain, context: Context) -> Asked:
    """The refund that the path names by its number."""
    number = _number(context)
    return _NONE if number is None else SendRefundAgain(number=number)


def paid_elsewhere(body: PaidElsewhere, context: Context) -> Asked:
    """The same, paid in another way."""
    number = _number(context)
    return _NONE if number is None else RecordRefundElsewhere(number=number, reference=body.reference)


def refund_out(refund: Refund) -> RefundOut:
    """How it stands with a refund."""
    return RefundOut(
        number=refund.number,
        amount=refund.amount,
        status=_status(refund),
        paid_at=moment(refund.paid_at),
        why=refund.returned_why or None,
        again=refund.again or None,
    )


def _status(refund: Refund) -> RefundStatus:
    if refund.elsewhere:
        return "paid_elsewhere"
    if refund.again:
        return "sent_again"
    if refund.waits:
        return "returned"
    return "on_its_way" if refund.paid_at is None else "paid"


def _number(context: Context) -> int | None:
    text = context.names["refund"]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
