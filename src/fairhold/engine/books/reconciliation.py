"""Comparing every clearing account with its provider's statement: once a day is over, and whenever a person asks.

The books have a movement when we learn of it, the statement when the provider did it. So a run compares a span of days up to
this moment, not one day with itself: what stands on one side of midnight there and on the other here is the same. What has
no counterpart is an item, open until the counterpart comes. Items, and what came very late, are remembered, so that
a span need not reach back to them. A run can be repeated at any time, by any process: it finds the same and writes the same.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple

import structlog

from fairhold.domain.instants import DAY, HOUR, MINUTE, Duration, Instant, after
from fairhold.engine.books.movements import Books, first_movement
from fairhold.engine.books.reconciliation_days import Span
from fairhold.engine.books.reconciliation_run import LONGEST_BACK, MARGIN, Comparing
from fairhold.engine.installation.clock import Clock
from fairhold.engine.outside.destinations import TryLater, Unreadable
from fairhold.engine.outside.payments import Provider, Refused
from fairhold.engine.ports.reconciliation import Day, ReconciliationRows, Result, Turn

_log = structlog.get_logger("fairhold.reconciliation")

SETTLING = Duration(HOUR)
"""What is younger is no difference yet: its news, or its line, may be on the way."""
NIGHT = Duration(6 * HOUR)
"""So long after its end (UTC) a day is compared."""
OVERLAP = 3
"""Days before the one that is asked for are compared again: providers add lines to days that are over."""
MOST_BACK = 35
"""A span reaches back to the oldest open item, but no more days than this."""
LEASE = Duration(30 * MINUTE)
"""After so long a run that died is taken over; one that reads a long statement renews it."""
SHORTEST_REST, LONGEST_REST = Duration(5 * MINUTE), Duration(2 * HOUR)
"""How long a provider that could not be asked is left alone, doubling."""
_LONGEST_ERROR = 300


class NoRun(Enum):
    """Why there was no run."""

    NO_PROVIDER = auto()
    BUSY = auto()
    """Somebody else compares it at this moment."""
    DAY_UNKNOWN = auto()
    """The day is not over the horizon, or has not begun."""


class Ran(NamedTuple):
    """What a run came to: its days and open items, or why the provider could not be asked."""

    provider: str
    day: int
    days: tuple[Day, ...] = ()
    items: int = 0
    error: str | None = None


class TakenOver(Exception):
    """Another process has the turn: this one was silent for too long."""


class Lease:
    """A provider's turn, for as long as whoever has it goes on reading."""

    def __init__(self, rows: ReconciliationRows, clock: Clock, provider: str, until: Instant) -> None:
        self.until = until
        self._rows = rows
        self._clock = clock
        self._provider = provider

    def renew(self) -> None:
        """Have it for longer, once half of it is over. Raises TakenOver."""
        now = self._clock.now()
        if now < self.until - LEASE // 2:
            return
        until = after(now, LEASE)
        if not self._rows.renew(self._provider, self.until, until):
            raise TakenOver
        self.until = until


class Reconciler:
    """Compares. Safe from any thread and from several processes; everything raises StoreUnavailable."""

    def __init__(self, rows: ReconciliationRows, books: Books, providers: Mapping[str, Provider], clock: Clock) -> None:
        self.rows = rows
        self.providers = providers
        self._books = books
        self._clock = clock
        self._halted = False

    def halt(self) -> None:
        """Read no statement any further: the process ends. What was being compared is compared again by the next."""
        self._halted = True

    def now(self) -> Instant:
        """What time it is."""
        return self._clock.now()

    def due(self) -> list[str]:
        """The providers whose turn it is."""
        now, turns = self.now(), {turn.provider: turn for turn in self.rows.turns()}
        return [
            name
            for name in sorted(self.providers)
            if (turn := turns.get(name)) is None or (turn.next_at <= now and turn.busy_until <= now)
        ]

    def once(self) -> int:
        """Compare whatever is due; how many providers were asked. Blocks."""
        done = [self.run(name, self._newest_day(self.now()), only_due=True) for name in self.due()]
        return sum(isinstance(one, Ran) for one in done)

    def run(self, name: str, day: int | None = None, *, only_due: bool = False) -> Ran | NoRun:
        """Compare this provider's accounts up to that day (today), and whatever has changed before. Blocks."""
        now = self.now()
        day = now // DAY if day is None else day
        if name not in self.providers:
            return NoRun.NO_PROVIDER
        if not now // DAY - LONGEST_BACK <= day <= now // DAY:
            return NoRun.DAY_UNKNOWN
        lease = Lease(self.rows, self._clock, name, after(now, LEASE))
        if not self.rows.claim(name, now, lease.until, only_due=only_due):
            return NoRun.BUSY
        turn = next(turn for turn in self.rows.turns() if turn.provider == name)
        try:
            span = self._span(name, day, turn, now)
            found = self._found(name, span, lease)
            newest = self._newest_day(now)
            done = max(turn.done_day or 0, min(day, newest))
            next_at = Instant((max(done, newest) + 2) * DAY + NIGHT) if done >= newest else now
            if not self.rows.settle(Turn(name, next_at, now, done, now), lease.until, found):
                return NoRun.BUSY
        except TakenOver:
            return NoRun.BUSY
        except (TryLater, Refused, Unreadable) as error:
            why = str(error)[:_LONGEST_ERROR] or type(error).__name__
            rest = min(SHORTEST_REST << min(turn.failures, 10), LONGEST_REST)
            _log.warning("a statement could not be read; trying again", provider=name, why=why)
            self.rows.failed(name, lease.until, Instant(now + rest), why)
            return Ran(name, day, error=why)
        except BaseException:
            self.rows.failed(name, lease.until, Instant(now + SHORTEST_REST), "stopped")
            raise
        if found.open:
            _log.warning("statement and books differ", provider=name, items=len(found.open))
        return Ran(name, day, tuple(one for one in found.days if one.day == day), len(found.open))

    def _found(self, name: str, span: Span, lease: Lease) -> Result:
        def go_on() -> None:
            if self._halted:
                raise TryLater("stopped before the statement was read to its end")
            lease.renew()

        def beginning(span: Span) -> Comparing:
            return Comparing(self.rows, self._books, self.providers[name], span, go_on)

        run = beginning(span)
        found = run.found()
        # Balances follow from day to day: a line of an earlier day changes all that came after it.
        earlier = run.earlier_line(found.open)
        return found if earlier is None else beginning(span._replace(first=earlier // DAY)).found()

    def _newest_day(self, now: Instant) -> int:
        """The newest day whose turn has come."""
        return (now - NIGHT) // DAY - 1

    def _span(self, name: str, day: int, turn: Turn, now: Instant) -> Span:
        """From where to compare: what was never compared, what may have got lines since, and the oldest open item."""
        origin = self.rows.first_day(name)
        if origin is None and turn.done_day is not None:
            # It was compared to that day and there was nothing: looking for the first movement reads all that there are.
            origin = min(day - OVERLAP, turn.done_day + 1)
        elif origin is None:
            booked = first_movement(self._books, name, now)
            origin = min(day - OVERLAP, day if booked is None else (booked - MARGIN) // DAY)
        starts = [day - OVERLAP]
        if turn.done_day is None:
            starts.append(origin)
        else:
            starts.append(turn.done_day + 1)
        oldest = min((item.happened_at for item in self.rows.open_items(name)), default=now)
        starts.append(max(oldest // DAY, day - MOST_BACK))
        first = max(min(starts), min(origin, day), now // DAY - LONGEST_BACK)
        # The balances of later days follow from those of earlier ones.
        end = max(day, self.rows.last_day(name) or day) + 1
        return Span(first, end, Instant(min((day + 1) * DAY, now - SETTLING)), now)
