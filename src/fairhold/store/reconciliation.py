"""Rows of reconciliation: small tables, the same in every store."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from collections.abc import Sequence
from typing import Any

import msgspec

from fairhold.domain.instants import Instant
from fairhold.engine.ports.reconciliation import Balances, Day, Item, OpenItems, Result, Turn
from fairhold.engine.ports.small_tables import Tables
from fairhold.ledger.reconciling import Entry, What

_TURN = "provider, next_at, busy_until, done_day, asked_at, failures, error"
TURNS = f"SELECT {_TURN} FROM reconciliation_turns ORDER BY provider"
ADD_TURN = """
INSERT INTO reconciliation_turns (provider, next_at, busy_until, failures) VALUES (?, 0, 0, 0) ON CONFLICT DO NOTHING
"""
CLAIM = "UPDATE reconciliation_turns SET busy_until = ? WHERE provider = ? AND busy_until <= ?"
CLAIM_DUE = f"{CLAIM} AND next_at <= ?"
RENEW = "UPDATE reconciliation_turns SET busy_until = ? WHERE provider = ? AND busy_until = ?"
FAILED = """
UPDATE reconciliation_turns SET busy_until = 0, next_at = ?, failures = failures + 1, error = ?
WHERE provider = ? AND busy_until = ?
"""
SETTLED = """
UPDATE reconciliation_turns SET busy_until = 0, next_at = ?, done_day = ?, asked_at = ?, failures = 0, error = NULL
WHERE provider = ? AND busy_until = ?
"""
_DAY = (
    "provider, currency, day, lines, movements, stated, booked, stated_balance, booked_balance, on_the_way, open, items, "
    "ran_at"
)
PUT_DAY = f"""
INSERT INTO reconciliation_days ({_DAY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (day, provider, currency) DO UPDATE SET lines = excluded.lines, movements = excluded.movements,
    stated = excluded.stated, booked = excluded.booked, stated_balance = excluded.stated_balance,
    booked_balance = excluded.booked_balance, on_the_way = excluded.on_the_way, open = excluded.open,
    items = excluded.items, ran_at = excluded.ran_at
"""
FIRST_DAY = "SELECT min(day) FROM reconciliation_days WHERE provider = ?"
LAST_DAY = "SELECT max(day) FROM reconciliation_days WHERE provider = ?"
# Every account has a row for every day from its first, so the balances at the start of a day stand in the rows of one day.
BALANCES_BEFORE = """
SELECT currency, stated_balance, booked_balance FROM reconciliation_days WHERE provider = ? AND day = (
    SELECT max(day) FROM reconciliation_days WHERE provider = ? AND day < ?)
"""
DAYS = f"SELECT {_DAY} FROM reconciliation_days WHERE {{}} ORDER BY day DESC, provider, currency LIMIT ?"
_FURTHER = "(day < ? OR (day = ? AND (provider, currency) > (?, ?)))"
_ITEM = (
    "id, provider, currency, what, kind, reference, order_id, stated, stated_fee, stated_at, stated_names, stated_mark, "
    "booked, booked_fee, booked_at, booked_names, booked_mark, seen_at, checked_at, closed_at, closed_by, reason"
)
_MARKS = ", ".join("?" * 22)
# An item that was closed by itself and is found again is a new finding; one that a person explained stays explained.
PUT_OPEN = f"""
INSERT INTO reconciliation_items ({_ITEM}) VALUES ({_MARKS})
ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at, closed_at = NULL,
    seen_at = CASE WHEN reconciliation_items.closed_at IS NULL THEN reconciliation_items.seen_at ELSE excluded.seen_at END
WHERE reconciliation_items.closed_by IS NULL
"""
PUT_CLOSED = f"""
INSERT INTO reconciliation_items ({_ITEM}) VALUES ({_MARKS})
ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at, closed_at = excluded.closed_at,
    stated = excluded.stated, stated_fee = excluded.stated_fee, stated_at = excluded.stated_at,
    stated_names = excluded.stated_names, stated_mark = excluded.stated_mark, booked = excluded.booked,
    booked_fee = excluded.booked_fee, booked_at = excluded.booked_at, booked_names = excluded.booked_names,
    booked_mark = excluded.booked_mark, order_id = excluded.order_id
WHERE reconciliation_items.closed_at IS NULL
"""
ITEM = f"SELECT {_ITEM} FROM reconciliation_items WHERE id = ?"
OPEN_OF = f"SELECT {_ITEM} FROM reconciliation_items WHERE closed_at IS NULL AND provider = ? ORDER BY id"
OPEN = f"""
SELECT {_ITEM} FROM reconciliation_items WHERE closed_at IS NULL AND (seen_at, id) > (?, ?) ORDER BY seen_at, id LIMIT ?
"""
CLOSED = f"""
SELECT {_ITEM} FROM reconciliation_items WHERE closed_at IS NOT NULL AND (closed_at, id) < (?, ?)
ORDER BY closed_at DESC, id DESC LIMIT ?
"""
REMEMBERED = f"""
SELECT {_ITEM} FROM reconciliation_items
WHERE provider = ? AND (stated_at < ? OR booked_at < ?) AND (closed_at IS NULL OR closed_at >= ?)
  AND (closed_at IS NULL OR closed_by IS NOT NULL OR stated_at >= ? OR booked_at >= ?)
ORDER BY id
"""
EXPLAINED = "SELECT id FROM reconciliation_items WHERE closed_by IS NOT NULL AND provider = ? AND id IN ({})"
EXPLAIN = """
UPDATE reconciliation_items SET closed_at = ?, closed_by = ?, reason = ? WHERE id = ? AND closed_at IS NULL
"""
BY_PROVIDER = """
SELECT provider, count(*), min(seen_at) FROM reconciliation_items WHERE closed_at IS NULL GROUP BY provider ORDER BY provider
"""
_FIRST, _LAST = (-1, ""), (2**62, "")
_MOST_NAMED = 400


class ReconciliationTables:
    """Reconciliation's days, items and turns; safe from any thread and from several processes."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def turns(self) -> list[Turn]:
        """Every provider that was ever asked, by name."""
        return [Turn(*row) for row in self._tables.rows(TURNS)]

    def claim(self, provider: str, now: Instant, until: Instant, *, only_due: bool) -> bool:
        """Take the provider's turn: nobody else compares it until then, or until this run is written."""
        claim = (CLAIM_DUE, (until, provider, now, now)) if only_due else (CLAIM, (until, provider, now))
        return self._tables.change((ADD_TURN, (provider,)), claim)[1] == 1

    def renew(self, provider: str, claimed: Instant, until: Instant) -> bool:
        """Have the turn that was `claimed` until then for longer; False where somebody else has it."""
        return self._tables.change((RENEW, (until, provider, claimed))) == [1]

    def failed(self, provider: str, claimed: Instant, next_at: Instant, why: str) -> None:
        """The statement could not be read: again at `next_at`."""
        self._tables.change((FAILED, (next_at, why, provider, claimed)))

    def settle(self, turn: Turn, claimed: Instant, result: Result) -> bool:
        """Write what a run found, if the turn is still the one `claimed` until then; whether it was."""
        with self._tables.transaction() as run:
            values = (turn.next_at, turn.done_day, turn.asked_at, turn.provider, claimed)
            if run(SETTLED, *values).rowcount != 1:
                return False
            for day in result.days:
                run(PUT_DAY, *day)
            for item in result.open:
                run(PUT_OPEN, *_stored(item))
            for item in result.closed:
                run(PUT_CLOSED, *_stored(item))
        return True

    def open_items(self, provider: str) -> list[Item]:
        """Every open item of a provider, by id."""
        return [_item(row) for row in self._tables.rows(OPEN_OF, provider)]

    def remembered(self, provider: str, before: Instant, closed_since: Instant) -> list[Item]:
        """Items with a side before that moment that still matters: it is open or explained, or the other side came later."""
        found = self._tables.rows(REMEMBERED, provider, before, before, closed_since, before, before)
        return [_item(row) for row in found]

    def explained(self, provider: str, ids: Sequence[str]) -> set[str]:
        """Which of these items a person has explained."""
        found: set[str] = set()
        for start in range(0, len(ids), _MOST_NAMED):
            named = ids[start : start + _MOST_NAMED]
            marks = ", ".join("?" * len(named))
            found |= {row[0] for row in self._tables.rows(EXPLAINED.format(marks), provider, *named)}
        return found

    def first_day(self, provider: str) -> int | None:
        """The first day that was compared."""
        [(day,)] = self._tables.rows(FIRST_DAY, provider)
        return None if day is None else int(day)

    def last_day(self, provider: str) -> int | None:
        """The last day that was compared."""
        [(day,)] = self._tables.rows(LAST_DAY, provider)
        return None if day is None else int(day)

    def balances_before(self, provider: str, day: int) -> dict[str, Balances]:
        """What both sides had when that day began, by currency."""
        found = self._tables.rows(BALANCES_BEFORE, provider, provider, day)
        return {currency: Balances(stated, booked) for currency, stated, booked in found}

    def days(self, before: tuple[int, str, str] | None, limit: int, provider: str | None = None) -> list[Day]:
        """Days, newest first; `before` is the (day, provider, currency) of the last one that is known."""
        wanted: list[str] = []
        values: list[object] = []
        if before is not None:
            day, name, currency = before
            wanted, values = [_FURTHER], [day, day, name, currency]
        if provider is not None:
            wanted.append("provider = ?")
            values.append(provider)
        statement = DAYS.format(" AND ".join(wanted) or "day >= 0")
        return [Day(*row) for row in self._tables.rows(statement, *values, limit)]

    def items(self, *, is_open: bool, after: tuple[int, str] | None, limit: int) -> list[Item]:
        """Open ones by when they were first seen, oldest first; closed ones by when they were, newest first."""
        statement, start = (OPEN, after or _FIRST) if is_open else (CLOSED, after or _LAST)
        return [_item(row) for row in self._tables.rows(statement, *start, limit)]

    def item(self, item: str) -> Item | None:
        """One item."""
        return next(map(_item, self._tables.rows(ITEM, item)), None)

    def explain(self, item: str, by: str, reason: str, now: Instant) -> bool:
        """Close it by a person's word; False where it is not open."""
        return self._tables.change((EXPLAIN, (now, by, reason, item))) == [1]

    def open_by_provider(self) -> dict[str, OpenItems]:
        """What is open, by provider."""
        return {name: OpenItems(int(count), oldest) for name, count, oldest in self._tables.rows(BY_PROVIDER)}


def _stored(item: Item) -> tuple[object, ...]:
    named = (item.id, item.provider, item.currency, item.what.value, item.kind, item.reference, item.order)
    ends = (item.seen_at, item.checked_at, item.closed_at, item.closed_by, item.reason)
    return (*named, *_side(item.stated), *_side(item.booked), *ends)


def _side(entry: Entry | None) -> tuple[object, ...]:
    if entry is None:
        return (None,) * 5
    return entry.amount, entry.fee, entry.at, msgspec.json.encode(entry.names).decode(), entry.mark


def _item(row: Any) -> Item:
    named, stated, booked, ends = row[:7], row[7:12], row[12:17], row[17:]
    id_, provider, currency, what, kind, reference, order = named
    sides = (_entry(kind, stated), _entry(kind, booked))
    return Item(id_, provider, currency, What(what), kind, reference, order, *sides, *ends)


def _entry(kind: str, side: Any) -> Entry | None:
    amount, fee, at, names, mark = side
    if amount is None:
        return None
    return Entry(kind, tuple(msgspec.json.decode(names)), amount, fee, Instant(at), mark)
