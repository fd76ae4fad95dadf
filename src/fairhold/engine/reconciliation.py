"""Comparing every clearing account with its provider's statement: once a day is over, and whenever a person asks.

The books have a movement when we learn of it, the statement when the provider did it. So a run compares a span of days up to
this moment, not one day with itself: what stands on one side of midnight there and on the other here is the same. What has
no counterpart is an item, open until the counterpart comes. Items, and what came very late, are remembered, so that
a span need not reach back to them. A run can be repeated at any time, by any process: it finds the same and writes the same.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple

import structlog

from fairhold.domain.instants import DAY, HOUR, MINUTE, Duration, Instant
from fairhold.engine.booked_movements import Books, first_movement, movements
from fairhold.engine.clock import Clock
from fairhold.engine.outside import TryLater, Unreadable
from fairhold.engine.payment_ports import Provider, Refused
from fairhold.engine.payment_seen import Line
from fairhold.engine.reconciliation_days import Span, day_rows, opening
from fairhold.engine.reconciliation_ports import Day, Item, ReconciliationRows, Result, Turn
from fairhold.ledger.reconciling import Comparison, Difference, Entry, What, compare

_log = structlog.get_logger("fairhold.reconciliation")

SETTLING = Duration(HOUR)
"""What is younger is no difference yet: its news, or its line, may be on the way."""
NIGHT = Duration(6 * HOUR)
"""So long after its end (UTC) a day is compared."""
OVERLAP = 3
"""Days before the one that is asked for are compared again: providers add lines to days that are over."""
MARGIN = Duration(2 * DAY)
"""How far outside its days a span looks for counterparts; pairs that lie further apart are remembered."""
FURTHER_BACK = Duration(30 * DAY)
"""How much further a line is looked for of what only the books have."""
MOST_BACK = 35
"""A span reaches back to the oldest open item, but no more days than this."""
LONGEST_BACK = 400
"""Days before today that can be compared at all."""
REMEMBERED = Duration(LONGEST_BACK * DAY)
LEASE = Duration(30 * MINUTE)
"""Longer than reading a statement takes; a run that died is taken over then."""
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
        claimed = Instant(now + LEASE)
        if not self.rows.claim(name, now, claimed, only_due=only_due):
            return NoRun.BUSY
        turn = next(turn for turn in self.rows.turns() if turn.provider == name)
        try:
            span = self._span(name, day, turn, now)
            found = self._found(name, span)
        except (TryLater, Refused, Unreadable) as error:
            why = str(error)[:_LONGEST_ERROR] or type(error).__name__
            rest = min(SHORTEST_REST << min(turn.failures, 10), LONGEST_REST)
            _log.warning("a statement could not be read; trying again", provider=name, why=why)
            self.rows.failed(name, claimed, Instant(now + rest), why)
            return Ran(name, day, error=why)
        except BaseException:
            self.rows.failed(name, claimed, Instant(now + SHORTEST_REST), "stopped")
            raise
        newest = self._newest_day(now)
        done = max(turn.done_day or 0, min(day, newest))
        next_at = Instant((max(done, newest) + 2) * DAY + NIGHT) if done >= newest else now
        if not self.rows.settle(Turn(name, next_at, now, done, now), claimed, found):
            return NoRun.BUSY
        if found.open:
            _log.warning("statement and books differ", provider=name, items=len(found.open))
        return Ran(name, day, tuple(one for one in found.days if one.day == day), len(found.open))

    def _found(self, name: str, span: Span) -> Result:
        def beginning(span: Span) -> _Run:
            return _Run(self.rows, self._books, self.providers[name], span, lambda: self._halted)

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
        if origin is None:
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


class _Run:
    """One run: reads both sides, compares them account by account, and says what is to be written."""

    def __init__(
        self, rows: ReconciliationRows, books: Books, provider: Provider, span: Span, halted: Callable[[], bool]
    ) -> None:
        self._rows = rows
        self._books = books
        self._provider = provider
        self._span = span
        self._since = Instant(max(0, span.starts - MARGIN))
        self._halted = halted
        self._orders: dict[str, str] = {}

    def found(self) -> Result:
        """What is to be written. Raises what reading the statement raises."""
        name, end = self._provider.name, Instant(self._span.now + 1)
        stated: dict[str, list[Entry]] = defaultdict(list)
        for line in self._lines(self._since, end):
            if line.amount or line.fee:
                stated[line.currency].append(stated_entry(line))
        # Read after the statement: what it states was booked by then, or is news that is still on the way.
        booked: dict[str, list[Entry]] = defaultdict(list)
        for movement in movements(self._books, name, self._since, Instant(end + MARGIN)):
            booked[movement.currency].append(movement.entry)
            self._orders.update(dict.fromkeys(movement.entry.names, movement.order))
        items = {item.id: item for item in self._rows.open_items(name)}
        remembered = self._rows.remembered(name, self._since, Instant(max(0, self._span.now - REMEMBERED)))
        before = self._rows.balances_before(name, self._span.first)
        known = {item.currency for item in remembered} | {item.currency for item in items.values()}
        days: list[Day] = []
        open_: list[Item] = []
        closed: list[Item] = []
        for currency in sorted({*stated, *booked, *before, *known}):
            old = [item for item in remembered if item.currency == currency]
            of_account = {item.id: item for item in items.values() if item.currency == currency}
            sides = stated[currency], booked[currency]
            compared = compare([*sides[0], *self._sides(old, "stated")], [*sides[1], *self._sides(old, "booked")])
            kept = self._kept(currency, compared, of_account)
            open_ += [self._item(currency, one, of_account) for one in kept]
            closed += self._closed(currency, compared, of_account)
            start = before.get(currency) or opening(self._span, compared)
            days += day_rows((name, currency), self._span, start, *sides, compared, kept)
        return Result(days, open_, closed)

    def _lines(self, first: Instant, last: Instant) -> Iterator[Line]:
        for line in self._provider.statement(first, last):
            if self._halted():
                raise TryLater("stopped before the statement was read to its end")
            yield line

    def earlier_line(self, items: Sequence[Item]) -> Instant | None:
        """When the provider says it did what only the books have, if that is further back than was read.

        YooKassa states a refund at the time of its making, even one that takes days to succeed.
        """
        alone = [item.booked for item in items if item.what is What.ONLY_BOOKED and item.booked is not None]
        wanted = {(one.kind, name) for one in alone for name in one.names}
        if not wanted:
            return None
        first = Instant(max(0, self._since - FURTHER_BACK))
        lines = map(stated_entry, self._lines(first, self._since))
        return min((one.at for one in lines if (one.kind, one.names[0]) in wanted), default=None)

    def _sides(self, items: list[Item], name: str) -> Iterator[Entry]:
        """The sides of remembered items that lie before what was read."""
        for item in items:
            entry: Entry | None = getattr(item, name)
            if entry is not None and entry.at < self._since:
                self._orders.update({} if item.order is None else dict.fromkeys(entry.names, item.order))
                yield entry

    def _kept(self, currency: str, compared: Comparison, items: Mapping[str, Item]) -> list[Difference]:
        """The differences that are open items: those that are old enough, lie in the span, and nobody has explained."""
        by_id = {self._id(currency, one): one for one in compared.differences}
        explained = self._rows.explained(self._provider.name, list(by_id))
        return [
            one
            for id_, one in by_id.items()
            if id_ in items or (id_ not in explained and self._span.starts <= one.first_at < self._span.settled)
        ]

    def _closed(self, currency: str, compared: Comparison, items: Mapping[str, Item]) -> list[Item]:
        """Open items that are none any more, with both sides where these have met; and pairs that are to be remembered."""
        now = self._span.now
        differing = {self._id(currency, one) for one in compared.differences}
        pairs = {(pair.stated.kind, pair.stated.names[0]): pair for pair in compared.matched}
        gone = []
        for id_, item in items.items():
            if id_ not in differing:
                pair = pairs.get((item.kind, item.reference))
                met = item if pair is None else item._replace(stated=pair.stated, booked=pair.booked)
                order = item.order or self._orders.get(item.reference)
                gone.append(met._replace(order=order, checked_at=now, closed_at=now))
        closed = {item.id for item in gone}
        for stated, booked in compared.matched:
            if abs(stated.at - booked.at) > MARGIN and max(stated.at, booked.at) >= self._since:
                late = _as_difference(stated, booked)
                item = self._item(currency, late, {})
                if item.id not in closed:
                    gone.append(item._replace(stated=stated, booked=booked, closed_at=now))
        return gone

    def _item(self, currency: str, one: Difference, known: Mapping[str, Item]) -> Item:
        id_, now = self._id(currency, one), self._span.now
        old = known.get(id_)
        order = None if one.booked is None else one.booked.mark.partition("/")[0]
        return Item(
            id_,
            self._provider.name,
            currency,
            one.what,
            one.kind,
            one.name,
            order or self._orders.get(one.name),
            one.stated,
            one.booked,
            now if old is None else old.seen_at,
            now,
        )

    def _id(self, currency: str, one: Difference) -> str:
        """The same for the same finding, whoever finds it: other sums are another finding."""
        sums = [None if side is None else (side.amount, side.fee) for side in (one.stated, one.booked)]
        said = repr((self._provider.name, currency, one.what.value, one.kind, one.name, one.n, sums))
        return f"diff-{hashlib.sha256(said.encode()).hexdigest()[:20]}"


def stated_entry(line: Line) -> Entry:
    """A line of the statement as one side of a comparison."""
    return Entry(line.kind.value, (line.about or line.reference,), line.amount, line.fee, line.at, line.reference)


def _as_difference(stated: Entry, booked: Entry) -> Difference:
    """What this pair was as long as its later side had not come."""
    name = stated.names[0]
    if stated.at < booked.at:
        return Difference(What.ONLY_STATED, stated.kind, name, stated, None)
    return Difference(What.ONLY_BOOKED, booked.kind, name, None, booked)
