"""An order's history as a bank reads it: plain text in English, the oldest first."""

from collections.abc import Sequence

from fairhold.domain.events import CheckpointRecorded, Event
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.words.catalog import Language
from fairhold.words.dates import to_the_second
from fairhold.words.history import done_by, tell
from fairhold.words.money import money
from fairhold.words.names import carrier_name
from fairhold.words.reader import reader_of

LONGEST = 15_000
"""Providers cut long texts: scans on the way are left out before anything else is."""


def story_for_bank(order: Order, history: Sequence[tuple[int, Event]], now: Instant) -> str:
    """What was sold, how it travelled and what happened, told at that moment."""
    text = _told(order, history, now)
    if len(text) <= LONGEST:
        return text
    return _told(order, [one for one in history if not isinstance(one[1], CheckpointRecorded)], now)


def _told(order: Order, history: Sequence[tuple[int, Event]], now: Instant) -> str:
    reader = reader_of(Language.EN)
    lines = [f"Order {order.id}, {money(reader, order.total, order.currency)}:"]
    lines += [f"- {line.quantity} × {line.title}, {money(reader, line.total, order.currency)}" for line in order.lines]
    for parcel in order.shipments:
        way = "Parcel" if parcel.returns is None else "Return parcel"
        lines.append(f"{way}: {carrier_name(reader.words, parcel.carrier)}, {parcel.tracking_number}")
    lines += ["", "What happened (UTC):"]
    for _, event in history:
        told = tell(order, event, now, reader)
        what = f"{told.title}. {told.text}".rstrip(". ") + "."
        lines.append(f"{to_the_second(event.at)} {what} ({done_by(event.by, reader)})")
    return "\n".join(lines)
