"""What the people who run the marketplace record."""

from fairhold.domain.actors import Actor
from fairhold.domain.commands import RecordOutage
from fairhold.domain.events import Event, OutageRecorded
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal


def record_outage(order: Order, command: RecordOutage, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """Note that nobody could act: deadlines of people within the outage move by its length. Noting it twice changes nothing."""
    if command.end <= command.start:
        return Refusal(Reason.OUTAGE_RUNS_BACKWARDS, "end")
    if command.end > now:
        return Refusal(Reason.OUTAGE_NOT_OVER, "end")
    if (command.start, command.end) in order.outages:
        return ()
    return (OutageRecorded(at=now, by=str(actor), start=command.start, end=command.end),)
