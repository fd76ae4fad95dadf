"""The calls where people turn to support: the fourth part of the table of routes."""

from fairhold.api import asking
from fairhold.api.rows import Route, ask
from fairhold.domain.actors import Role
from fairhold.domain.support_commands import DeclineAccident, ReportAccident

_BUYER, _SUPPORT, _OPERATOR = Role.BUYER, Role.SUPPORT, Role.OPERATOR

SUPPORT_ROUTES: tuple[Route, ...] = (
    ask(
        "/orders/{order}/receipt/accident",
        "reportAccident",
        "The buyer confirmed by accident (S16): support is alarmed and answers by a stated moment, with the undo or a reasoned"
        " no. Without `lines`: all whose money is still here. By policy the money waits for the answer, for a bounded time.",
        ReportAccident,
        asking.as_it_is,
        (ReportAccident,),
        {_BUYER},
        "unknown_line",
        "duplicate_line",
        "quantity_too_large",
        "nothing_to_undo",
        "too_late_to_undo",
        "accident_already_reported",
        "accident_already_answered",
    ),
    ask(
        "/orders/{order}/receipt/accident/refusal",
        "declineAccident",
        "Support does not take the confirmation back; the buyer reads the reasons. The operator can, once the answer is overdue.",
        DeclineAccident,
        asking.as_it_is,
        (DeclineAccident,),
        {_SUPPORT, _OPERATOR},
        "no_accident_reported",
    ),
)
