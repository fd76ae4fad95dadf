"""The books for other programs, as one moment has them: written piece by piece, and nobody who writes waits for it."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from enum import StrEnum
from functools import cache, partial
from itertools import groupby
from typing import NamedTuple

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, LATEST, Instant
from fairhold.engine.books.movements import kind_of, order_in
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.codec import decode_event
from fairhold.engine.ports.movements import StoredTransfer
from fairhold.engine.ports.store import Reader
from fairhold.ledger import beancount, spreadsheet
from fairhold.ledger.balances import changes
from fairhold.ledger.transfers import Transfer
from fairhold.proof.heads import day_text, moment_text

PORTION = 1000
"""Transfers that are read at once."""
_PIECE = 1 << 16


class Format(StrEnum):
    """What the books can be written as."""

    BEANCOUNT = "beancount"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """What a browser is told that it gets."""
        return "text/csv" if self is Format.CSV else "text/plain"

    @property
    def ending(self) -> str:
        """How the file's name ends."""
        return "csv" if self is Format.CSV else "beancount"


class Days(NamedTuple):
    """Days (since 1970, UTC) from `first` to before `end`; None: from the beginning, up to now."""

    first: int | None = None
    end: int | None = None

    def has(self, at: int) -> bool:
        """Whether that moment is one of them."""
        return self.starts <= at < self.ends

    @property
    def starts(self) -> int:
        """When they begin."""
        return 0 if self.first is None else self.first * DAY

    @property
    def ends(self) -> int:
        """When they are over."""
        return LATEST if self.end is None else self.end * DAY


class Booking(NamedTuple):
    """What one event booked. `reference` is the provider's name for it, where it has one."""

    order: str
    seq: int
    at: Instant
    what: str
    reference: str
    transfers: tuple[Transfer, ...]


class Exporter:
    """Writes the books. Safe from any thread; raises StoreUnavailable."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    def name(self, form: Format, days: Days) -> str:
        """What such a file is called."""
        first = "" if days.first is None else f"-from-{day_text(days.first)}"
        end = day_text(self._clock.now() // DAY) if days.end is None else f"to-{day_text(days.end)}"
        return f"fairhold-books{first}-{end}.{form.ending}"

    def pieces(self, form: Format, days: Days = Days()) -> Generator[bytes]:  # noqa: B008 - it never changes
        """The file, piece by piece; what nobody asks for any more is closed by closing the iterator."""
        with ExitStack() as stack:
            reader = stack.enter_context(self._reader.moment())
            lines = _csv(reader, days) if form is Format.CSV else _beancount(reader, days, self._clock.now())
            waiting: list[str] = []
            # The first is written at once: whoever asks sees that it has begun, or that it cannot.
            size, enough = 0, 0
            for line in lines:
                waiting.append(line)
                size += len(line)
                if size >= enough:
                    yield "".join(waiting).encode()
                    waiting, size, enough = [], 0, _PIECE
            yield "".join(waiting).encode()


def begun(pieces: Generator[bytes]) -> Iterator[bytes]:
    """The pieces, of which the first is made already: what goes wrong before it can still be told in another way."""
    first = next(pieces)

    def all_of_them() -> Iterator[bytes]:
        try:
            yield first
            yield from pieces
        finally:
            pieces.close()

    return all_of_them()


def _csv(reader: Reader, days: Days) -> Iterator[str]:
    yield spreadsheet.head()
    for one in _bookings(reader, days):
        at = moment_text(one.at)
        for transfer in one.transfers:
            yield spreadsheet.transfer_row(at, one.order, one.seq, one.what, one.reference, transfer)


def _beancount(reader: Reader, days: Days, now: Instant) -> Iterator[str]:
    """Balances at the end are those that are kept beside the transfers, unless it ends before now."""
    kept = reader.balances()
    opened = _first_day(reader, now) if days.first is None else days.first
    yield beancount.head(day_text(opened), kept)
    before = _sums(reader, days.starts) if days.first is not None else {}
    yield beancount.carried_forward(day_text(opened), before)
    newest = now
    for one in _bookings(reader, days):
        newest = max(newest, one.at)
        about = {"order": one.order, "event": str(one.seq), "at": moment_text(one.at), "reference": one.reference}
        yield beancount.transaction(day_text(one.at // DAY), one.what, about, one.transfers)
    if days.end is None:
        yield beancount.assertions(day_text(newest // DAY + 1), kept)
    else:
        yield beancount.assertions(day_text(days.end), dict.fromkeys(kept, 0) | _sums(reader, days.ends))


def _first_day(reader: Reader, now: Instant) -> int:
    """A day on which nothing was booked yet, or the first on which something was."""
    first = reader.scan_orders(None, 1)
    return min((now, *(order.placed_at for order in first))) // DAY


def _sums(reader: Reader, until: int) -> dict[str, int]:
    """What every account had at that moment."""
    found: dict[str, int] = {}
    for stored in _transfers(reader):
        if stored.at < until:
            for name, change in changes([_transfer(stored)]).items():
                found[name] = found.get(name, 0) + change
    return found


def _transfers(reader: Reader) -> Iterator[StoredTransfer]:
    after: tuple[int, str, int, int] | None = None
    while page := reader.transfers(None, after, PORTION):
        yield from page
        newest = page[-1]
        after = (newest.lane, newest.order_id, newest.seq, newest.n)


def _bookings(reader: Reader, days: Days) -> Iterator[Booking]:
    within = (stored for stored in _transfers(reader) if days.has(stored.at))
    for order, of_order in groupby(within, lambda stored: stored.order_id):
        by_event = [(seq, list(rows)) for seq, rows in groupby(of_order, lambda stored: stored.seq)]
        first, last = by_event[0][0], by_event[-1][0]
        events = {one.seq: decode_event(one.data) for one in reader.events(OrderId(order), last, first)}
        look = cache(partial(order_in, reader, OrderId(order)))
        for seq, rows in by_event:
            event = events.get(seq)
            what = "" if event is None else str(event.__struct_config__.tag)
            kind = None if event is None else kind_of(event)
            reference = ""
            if event is not None and kind is not None:
                reference = next((name for name in kind.names(event, look) if name), "")
            yield Booking(order, seq, Instant(rows[0].at), what, reference, tuple(map(_transfer, rows)))


def _transfer(stored: StoredTransfer) -> Transfer:
    return Transfer(stored.debit, stored.credit, stored.amount, Instant(stored.at), stored.n)
