"""Cancelling before shipping, as every side does it: what it would mean, and then the command."""

from collections.abc import Callable

import msgspec
from starlette.responses import Response

from fairhold.domain.commands import CancelOrder, Command
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.web.views.orders import cancellation_of
from fairhold.web.views.parts import Note
from fairhold.web.visits import Visit, invalid, status_of

Show = Callable[[Visit, Order, Note | None, int], Response]
"""How a side shows an order, with what was refused."""
Give = Callable[[Visit, Order, Command | Refusal, str], Response]
"""How a side puts a command."""


def page_of(show: Show) -> Callable[[Visit], Response]:
    """The page that says what cancelling would mean; Cancel there means to keep the order."""

    def cancel_page(visit: Visit) -> Response:
        found = visit.order()
        sight = visit.sight(found)
        action = sight.action("cancel")
        if action is None or action.code is not None:
            refusal = Refusal(action.code) if action and action.code else invalid("cancel")
            return show(visit, found, visit.refusal_note(refusal), status_of(refusal))
        return visit.show("cancel.html", page=cancellation_of(sight))

    return cancel_page


def done_by(give: Give) -> Callable[[Visit], Response]:
    """The form of that page, with the reason where one was written."""

    def cancel(visit: Visit) -> Response:
        command: CancelOrder | Refusal
        try:
            command = msgspec.convert({"why": visit.field("why", 1000) or None}, CancelOrder)
        except msgspec.ValidationError:
            command = invalid("why")
        return give(visit, visit.order(), command, "cancelled")

    return cancel
