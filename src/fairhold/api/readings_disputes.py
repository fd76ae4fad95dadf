"""Calls that read disputes."""

from fairhold.api.disputes import dispute_out
from fairhold.api.history import event_out
from fairhold.api.parts import Call, Parts
from fairhold.api.readings import Reading
from fairhold.api.wire import DisputeDetail
from fairhold.domain.reasons import Reason, Refusal


def dispute(parts: Parts, call: Call) -> Reading:
    """One dispute, with its own part of the order's history."""
    order = parts.order(call.actor, call.names["order"])
    if isinstance(order, Refusal):
        return order
    found = order.dispute(call.names["dispute"])
    if found is None:
        return Refusal(Reason.UNKNOWN_DISPUTE)
    now = parts.queries.now()
    messages = [
        event_out(order, seq, event, now, call.reader)
        for seq, event in parts.queries.history(order.id)
        if getattr(event, "dispute", None) == found.id
    ]
    return DisputeDetail(dispute_out(order, found, call.actor, call.reader), messages)
