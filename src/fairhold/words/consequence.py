"""What confirming receipt would do, in words, sums and dates: the second step of S13, for pages and for the API alike.

It is told from the events of a dry run, so that it says what the engine would do and calculates nothing by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fairhold.domain.coming import Effect
from fairhold.domain.deadlines import deadlines
from fairhold.domain.events import Event, PortionsReleased, ReceiptConfirmed
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order, PortionState
from fairhold.domain.portions import left_of
from fairhold.domain.spans import Span
from fairhold.words import dates
from fairhold.words.money import money
from fairhold.words.names import pieces
from fairhold.words.reader import Reader


@dataclass(frozen=True)
class Part:
    """A line that would be confirmed: how much of it, and what that is worth (minor units; `shown` in words)."""

    line: str
    title: str
    quantity: int
    amount: int
    shown: str


@dataclass(frozen=True)
class Consequence:
    """The second step: `at_once`, `undo` (empty where nothing can be undone) and `release` are sentences in the order of time."""

    question: str
    parts: tuple[Part, ...]
    amount: int
    total: str
    at_once: str
    undo_until: Instant | None
    undo: str
    release: str
    stays: str


def consequence(before: Order, after: Order, events: Iterable[Event], now: Instant, reader: Reader) -> Consequence:
    """What the dry run `events`, which led from `before` to `after`, would mean."""
    happened = tuple(events)
    spans = tuple(span for event in happened if isinstance(event, ReceiptConfirmed) for span in event.spans)
    settles = max((event.settles_at for event in happened if isinstance(event, ReceiptConfirmed)), default=now)
    at_once = any(isinstance(event, PortionsReleased) and event.spans == spans for event in happened) or settles <= now
    parts = _parts(before, spans, reader)
    amount = sum(part.amount for part in parts)
    units = sum(part.quantity for part in parts)
    words, total = reader.words, money(reader, amount, before.currency)
    return Consequence(
        question=words.ngettext("Confirm receipt of %(num)d item?", "Confirm receipt of %(num)d items?", units),
        parts=parts,
        amount=amount,
        total=total,
        at_once=words.ngettext(
            "Protection for this item ends. A dispute can no longer be opened on it.",
            "Protection for these %(num)d items ends. A dispute can no longer be opened on them.",
            units,
        ),
        undo_until=None if at_once else settles,
        undo="" if at_once else words.gettext("You cannot undo this yourself. Until then support can."),
        release=words.gettext("%(sum)s goes to the seller.", sum=total),
        stays=_stays(after, now, reader),
    )


def sentences(told: Consequence, now: Instant, reader: Reader) -> list[str]:
    """The second step as sentences that each say their moment themselves, for clients that show nothing beside them."""
    if told.undo_until is None:
        found = [told.at_once, told.release, told.stays]
    else:
        when = dates.moment_in_text(reader, told.undo_until, now)
        until = dates.moment(reader, told.undo_until, now)
        found = [
            told.at_once,
            reader.words.gettext("%(sum)s goes to the seller %(when)s.", sum=told.total, when=when),
            reader.words.gettext("You cannot undo this yourself. Support can until %(moment)s.", moment=until),
            told.stays,
        ]
    return [sentence for sentence in found if sentence]


def _parts(order: Order, spans: tuple[Span, ...], reader: Reader) -> tuple[Part, ...]:
    found = []
    for line in order.lines:
        own = [span for span in spans if span.line == line.id]
        if own:
            quantity, amount = sum(span.quantity for span in own), left_of(order, own)
            found.append(Part(line.id, line.title, quantity, amount, money(reader, amount, order.currency)))
    return tuple(found)


def _stays(order: Order, now: Instant, reader: Reader) -> str:
    units = sum(portion.quantity for portion in order.portions if portion.state is PortionState.HELD)
    amount = sum(portion.left for portion in order.portions if portion.state is PortionState.HELD)
    ends = [found.at for found in deadlines(order) if found.effect is Effect.RELEASE and found.at > now]
    settling = {portion.settles_at for portion in order.portions if portion.state is PortionState.CONFIRMED}
    ends = [at for at in ends if at not in settling]
    if not units:
        return ""
    shown, number = money(reader, amount, order.currency), pieces(reader.words, units)
    if not ends:
        return reader.words.gettext("The rest (%(pieces)s) stays protected: we hold %(sum)s.", pieces=number, sum=shown)
    return reader.words.gettext(
        "The rest (%(pieces)s) stays protected: we hold %(sum)s until %(moment)s.",
        pieces=number,
        sum=shown,
        moment=dates.moment(reader, min(ends), now),
    )
