"""An operator sees to refunds that came back."""

import msgspec
from starlette.responses import Response

from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.refund_commands import RecordRefundElsewhere, SendRefundAgain
from fairhold.web.handlers.staff import give
from fairhold.web.visits import Visit, invalid

_NONE = Refusal(Reason.NO_REFUND_RETURNED, "number")


def send_again(visit: Visit) -> Response:
    """By the way that the money came."""
    number = _number(visit)
    return give(visit, visit.order(), _NONE if number is None else SendRefundAgain(number=number), "again")


def paid_elsewhere(visit: Visit) -> Response:
    """It was paid in another way, by that reference."""
    number = _number(visit)
    command: RecordRefundElsewhere | Refusal = _NONE
    if number is not None:
        try:
            given = {"number": number, "reference": visit.field("reference", 1000)}
            command = msgspec.convert(given, RecordRefundElsewhere)
        except msgspec.ValidationError:
            command = invalid("reference")
    return give(visit, visit.order(), command, "elsewhere")


def _number(visit: Visit) -> int | None:
    text = str(visit.request.path_params["refund"])
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
