"""One run of reconciliation: both sides of a span, what differs, and what is to be written of it."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from fairhold.domain.instants import DAY, Duration, Instant
from fairhold.engine.books.movements import Books, movements
from fairhold.engine.books.reconciliation_days import Span, day_rows, opening
from fairhold.engine.outside.payment_seen import Line
from fairhold.engine.outside.payments import Provider
from fairhold.engine.ports.reconciliation import Day, Item, ReconciliationRows, Result
from fairhold.ledger.reconciling import Comparison, Difference, Entry, What, compare

MARGIN = Duration(2 * DAY)
"""How far outside its days a span looks for counterparts; pairs that lie further apart are remembered."""
FURTHER_BACK = Duration(30 * DAY)
"""How much further a line is looked for of what only the books have."""
LONGEST_BACK = 400
"""Days before today that can be compared at all."""
REMEMBERED = Duration(LONGEST_BACK * DAY)


class Comparing:
    """Reads both sides, compares them account by account, and says what is to be written; `go_on` may raise at any line."""

    def __init__(
        self, rows: ReconciliationRows, books: Books, provider: Provider, span: Span, go_on: Callable[[], None]
    ) -> None:
        self._rows = rows
        self._books = books
        self._provider = provider
        self._span = span
        self._since = Instant(max(0, span.starts - MARGIN))
        self._go_on = go_on
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
            self._go_on()
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
