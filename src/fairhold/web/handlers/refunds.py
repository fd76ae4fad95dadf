"""An operator sees to refunds that came back."""

import msgspec
from starlette.responses import Response

from fairhold.domain.bank_reach import taken_by_bank
from fairhold.domain.order import Order, Refund
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.refund_commands import RecordRefundElsewhere, SendRefundAgain
from fairhold.web.handlers.staff import give, show_order
from fairhold.web.views.refunds import elsewhere_deed, sending_deed
from fairhold.web.visits import Visit, invalid, status_of

_NONE = Refusal(Reason.NO_REFUND_RETURNED, "number")


def sending(visit: Visit) -> Response:
    """What sending it again would do."""
    order = visit.order()
    waits = _waiting(visit, order)
    if isinstance(waits, Refusal):
        return show_order(visit, order, visit.refusal_note(waits), status_of(waits))
    if taken_by_bank(order, waits):
        refusal = Refusal(Reason.TAKEN_BY_BANK, "number")
        return show_order(visit, order, visit.refusal_note(refusal), status_of(refusal))
    return visit.show("deed.html", page=sending_deed(visit.sight(order), waits))


def settling(visit: Visit) -> Response:
    """What saying that it was paid in another way would do."""
    order, command = visit.order(), _elsewhere(visit)
    waits = command if isinstance(command, Refusal) else _waiting(visit, order)
    if isinstance(waits, Refusal) or isinstance(command, Refusal):
        refusal = command if isinstance(command, Refusal) else waits
        assert isinstance(refusal, Refusal)
        return show_order(visit, order, visit.refusal_note(refusal), status_of(refusal))
    return visit.show("deed.html", page=elsewhere_deed(visit.sight(order), waits, command.reference))


def send_again(visit: Visit) -> Response:
    """By the way that the money came."""
    number = _number(visit)
    return give(visit, visit.order(), _NONE if number is None else SendRefundAgain(number=number), "again")


def paid_elsewhere(visit: Visit) -> Response:
    """It was paid in another way, by that reference."""
    return give(visit, visit.order(), _elsewhere(visit), "elsewhere")


def _elsewhere(visit: Visit) -> RecordRefundElsewhere | Refusal:
    number = _number(visit)
    if number is None:
        return _NONE
    try:
        return msgspec.convert({"number": number, "reference": visit.field("reference", 1000)}, RecordRefundElsewhere)
    except msgspec.ValidationError:
        return invalid("reference")


def _waiting(visit: Visit, order: Order) -> Refund | Refusal:
    number = _number(visit)
    found = None if number is None else order.refund(number)
    return _NONE if found is None or not found.waits else found


def _number(visit: Visit) -> int | None:
    text = str(visit.request.path_params["refund"])
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
