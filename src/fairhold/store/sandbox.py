"""Rows of the sandbox's payment provider: a small table, the same in every store."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from typing import Any

from fairhold.domain.instants import Instant
from fairhold.engine.ports.sandbox import Entry, EntryKind
from fairhold.engine.ports.small_tables import Run, Tables

_COLUMNS = "name, kind, order_id, number, amount, currency, at, about, account, until, done_at, failed_at, declined_at"
_ENTRY = f"SELECT {_COLUMNS} FROM sandbox_entries"
ADD = f"INSERT INTO sandbox_entries ({_COLUMNS}) VALUES ({', '.join('?' * 13)}) ON CONFLICT (name) DO NOTHING"
ENTRY = f"{_ENTRY} WHERE name = ?"
# Held until the transaction ends, so that two who take of one thing are counted one after the other.
HOLD = "UPDATE sandbox_entries SET amount = amount WHERE name = ?"
HOLD_ACCOUNT = "UPDATE sandbox_entries SET amount = amount WHERE account = ? AND kind = 'transfer'"
TAKEN = """
SELECT coalesce(sum(amount), 0) FROM sandbox_entries WHERE about = ? AND kind = ? AND (failed_at IS NULL OR failed_at > ?)
"""
CAME = """
SELECT coalesce(sum(amount), 0) FROM sandbox_entries
WHERE account = ? AND currency = ? AND kind = 'transfer' AND at <= ? AND (failed_at IS NULL OR failed_at > ?)
"""
# Of a transfer that came back, only what had not been taken back does: neither is on the account, nor has left it.
LEFT = """
SELECT coalesce(sum(amount), 0) FROM sandbox_entries
WHERE account = ? AND currency = ? AND kind IN ('payout', 'taken_back') AND (failed_at IS NULL OR failed_at > ?)
AND NOT (kind = 'taken_back' AND EXISTS (
    SELECT 1 FROM sandbox_entries AS transfer WHERE transfer.name = sandbox_entries.about AND transfer.failed_at <= ?
))
"""
SETTLE = "UPDATE sandbox_entries SET done_at = ?, failed_at = ?, declined_at = ? WHERE name = ?"
BETWEEN = f"""
{_ENTRY} WHERE (done_at >= ? AND done_at < ?) OR (failed_at >= ? AND failed_at < ?) ORDER BY at, name
"""

_BACK = "kind IN ('refund', 'transfer', 'payout')"
CAME_BACK = f"{_ENTRY} WHERE failed_at >= ? AND failed_at < ? AND {_BACK} ORDER BY failed_at, name"
NEXT_BACK = f"SELECT min(failed_at) FROM sandbox_entries WHERE failed_at > ? AND {_BACK}"


class SandboxTables:
    """What was asked of the sandbox's provider; safe from any thread and from several processes."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def ask(self, entry: Entry, most: int | None) -> Entry | None:
        """Keep it unless it is there; as it is kept. None: it would be more than `most`."""
        with self._tables.transaction() as run:
            run(HOLD, entry.about)
            known = _found(run, entry.name)
            if known is not None:
                return known
            [(taken,)] = run(TAKEN, entry.about, entry.kind, entry.at).fetchall()
            if most is not None and int(taken) + entry.amount > most:
                return None
            run(ADD, *entry)
            return _found(run, entry.name)

    def take_back(self, entry: Entry, most: int) -> Entry | bool:
        """Keep a taking back unless it is there; whether it was what is on the account that it is more than."""
        with self._tables.transaction() as run:
            run(HOLD_ACCOUNT, entry.account)
            known = _found(run, entry.name)
            if known is not None:
                return known
            [(taken,)] = run(TAKEN, entry.about, entry.kind, entry.at).fetchall()
            if int(taken) + entry.amount > most:
                return False
            [(left,)] = run(LEFT, entry.account, entry.currency, entry.at, entry.at).fetchall()
            [(came,)] = run(CAME, entry.account, entry.currency, entry.at, entry.at).fetchall()
            if entry.amount > int(came) - int(left):
                return True
            run(ADD, *entry)
        return entry

    def pay_out(self, entry: Entry, ready: Instant) -> Entry | bool:
        """Keep a payout unless it is there; whether there is so much on the account where it is not to be had."""
        with self._tables.transaction() as run:
            run(HOLD_ACCOUNT, entry.account)
            known = _found(run, entry.name)
            if known is not None:
                return known
            [(left,)] = run(LEFT, entry.account, entry.currency, entry.at, entry.at).fetchall()
            there, now_ready = (
                int(run(CAME, entry.account, entry.currency, since, entry.at).fetchall()[0][0]) - int(left)
                for since in (entry.at, ready)
            )
            if entry.amount > now_ready:
                return entry.amount <= there
            run(ADD, *entry)
        return entry

    def entry(self, name: str) -> Entry | None:
        """The entry of that name."""
        return next(map(_entry, self._tables.rows(ENTRY, name)), None)

    def settle(self, entry: Entry) -> None:
        """Write when it is done, fails or was declined."""
        self._tables.change((SETTLE, (entry.done_at, entry.failed_at, entry.declined_at, entry.name)))

    def taken_back(self, transfer: str) -> int:
        """What was taken back of a transfer."""
        return int(self._tables.rows(TAKEN, transfer, EntryKind.TAKEN_BACK, -1)[0][0])

    def came_back(self, first: Instant, last: Instant) -> list[Entry]:
        """What came to nothing from `first` to before `last`, oldest first, but for payments."""
        return [_entry(row) for row in self._tables.rows(CAME_BACK, first, last)]

    def next_to_come_back(self, after: Instant) -> Instant | None:
        """When the first of those after `after` does."""
        [(found,)] = self._tables.rows(NEXT_BACK, after)
        return None if found is None else Instant(int(found))

    def between(self, first: Instant, last: Instant) -> list[Entry]:
        """What was done or came to nothing from `first` to before `last`."""
        return [_entry(row) for row in self._tables.rows(BETWEEN, first, last, first, last)]


def _found(run: Run, name: str) -> Entry | None:
    return next(map(_entry, run(ENTRY, name).fetchall()), None)


def _entry(row: Any) -> Entry:
    """The columns are the fields, in their order."""
    found = Entry(*row)
    return found._replace(kind=EntryKind(found.kind))
