"""What of an order's events belongs in its buyer's conversation with support, and whose turn it then is."""

from collections.abc import Callable, Mapping

from fairhold.domain.actors import Role
from fairhold.domain.conditions import awaiting_support
from fairhold.domain.dispute_events import DisputeOpened
from fairhold.domain.events import (
    Event,
    ExtensionDeclined,
    OutageRecorded,
    PortionsRefunded,
    PortionsReleased,
    ProtectionExtended,
    ReceiptConfirmed,
    ReceiptUndone,
)
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.support_events import AccidentDeclined, AccidentOverdue, AccidentReported, ExtensionPassedOn
from fairhold.engine.kernel.news import Turn
from fairhold.engine.ports.support import Case, Entry

MATTERS = (
    AccidentReported,
    AccidentOverdue,
    AccidentDeclined,
    ReceiptUndone,
    ReceiptConfirmed,
    PortionsReleased,
    PortionsRefunded,
    ExtensionPassedOn,
    ExtensionDeclined,
    ProtectionExtended,
    DisputeOpened,
    OutageRecorded,
)
"""Events after which an accident or a request may stand otherwise than before."""
MONEY_LEFT = "money_left"
"""The note that the money is gone, and nobody had answered."""


def opens(event: Event) -> bool:
    """Whether it begins a conversation: something is asked of support."""
    return isinstance(event, AccidentReported | ExtensionPassedOn)


def facts_of(order: Order) -> Callable[[Case], Case]:
    """The accident and the request for more time as the order has them now, put into a conversation."""
    accident, request = order.accident, order.extension_request
    leaving = [one.settles_at for one in order.portions if awaiting_support(one) and one.settles_at is not None]
    asked = request if request is not None and request.owner in (Role.SUPPORT, Role.OPERATOR) else None

    def put(case: Case) -> Case:
        return case._replace(
            accident_since=accident.reported_at if accident else None,
            accident_due=accident.due if accident else None,
            leaves_at=min(leaving, default=None),
            request_since=asked.asked_at if asked else None,
            request_due=asked.due if asked else None,
            overdue=(accident is not None and accident.overdue) or (asked is not None and asked.owner is Role.OPERATOR),
        )

    return put


def entries_of(case: Case, turn: Turn) -> tuple[Entry, ...]:
    """What of these events is told there."""
    found = []
    for seq, event in turn.events:
        told = _told(case, turn.order, event)
        if told is not None:
            by, text, note, facts = told
            found.append(Entry(f"event:{seq}", by, event.at, text, note=note, facts=facts))
    return tuple(found)


_Told = tuple[str, str, str, Mapping[str, object]]


def _told(case: Case, order: Order, event: Event) -> _Told | None:
    tag, currency = str(type(event).__struct_config__.tag), order.currency
    staff = event.by.partition(":")[0] in (Role.SUPPORT, Role.OPERATOR)
    match event:
        case AccidentReported():
            kept = min((until for _, until in event.settles), default=None)
            facts = {"sum": event.amount, "currency": currency, "due": event.due, "kept": kept}
            return event.by, event.text or "", tag, facts
        case AccidentOverdue():
            return "system", "", tag, {}
        case AccidentDeclined():
            leaves = min((until for _, until in event.settles), default=event.at)
            return event.by, event.reasons, tag, {"leaves": leaves}
        case ReceiptUndone() if staff:
            ends = min(_ends(restored) for restored in event.restored)
            return event.by, event.why or "", tag, {"sum": event.amount, "currency": currency, "until": ends}
        case PortionsReleased() if case.accident_since is not None and order.accident is None:
            return "system", "", MONEY_LEFT, {"sum": event.gross, "currency": currency}
        case ExtensionPassedOn():
            return "system", "", tag, {"to": event.to.value, "due": event.due}
        case ProtectionExtended() if staff and event.asked:
            return event.by, "", tag, {"length": event.length}
        case ExtensionDeclined() if staff:
            return event.by, "", tag, {}
        case _:
            return None


def _ends(restored: object) -> Instant:
    window: Instant | None = getattr(restored, "window_ends", None)
    protection: Instant = getattr(restored, "protection_ends")  # noqa: B009 - of whatever was restored
    return protection if window is None else min(window, protection)
