"""Rows of conversations with support: small tables, the same in every store."""
# ruff: noqa: S608 - statements are put together from the constants of this file only; values are always bound

from collections.abc import Sequence
from typing import Any

import msgspec

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.small_tables import Run, Tables
from fairhold.engine.ports.support import Amend, Case, Counts, Entry, Message, Position, Shelf, position_of

_COLUMNS = (
    "order_id, person, other, revision, opened_at, changed_at, messages, seen, answered, asked_since, accident_since, "
    "accident_due, leaves_at, request_since, request_due, overdue, claimed_by, order_version"
)
CASE = f"SELECT {_COLUMNS} FROM support_cases WHERE order_id = ? AND person = ?"
CASES = f"SELECT {_COLUMNS} FROM support_cases WHERE order_id IN ({{}}) ORDER BY order_id, person"
ADD_CASE = f"""
INSERT INTO support_cases ({_COLUMNS}, place, rank)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (order_id, person) DO NOTHING
"""
# Whoever read the row before somebody else wrote it changes nothing, and reads it again.
CHANGE_CASE = """
UPDATE support_cases SET revision = ?, changed_at = ?, messages = ?, seen = ?, answered = ?, asked_since = ?,
    accident_since = ?, accident_due = ?, leaves_at = ?, request_since = ?, request_due = ?, overdue = ?, claimed_by = ?,
    order_version = ?, place = ?, rank = ?
WHERE order_id = ? AND person = ? AND revision = ?
"""
ADD_MESSAGE = """
INSERT INTO support_messages (order_id, person, number, key, written_by, at, text, photos, note, facts)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_MESSAGE = "SELECT order_id, person, number, key, written_by, at, text, photos, note, facts FROM support_messages"
MESSAGES = f"{_MESSAGE} WHERE order_id = ? AND person = ? AND number > ? ORDER BY number LIMIT ?"
MESSAGE = f"{_MESSAGE} WHERE order_id = ? AND person = ? AND key = ?"
KNOWN = "SELECT key FROM support_messages WHERE order_id = ? AND person = ? AND key IN ({})"
NTH_NEWEST = "SELECT at FROM support_messages WHERE written_by = ? ORDER BY at DESC LIMIT 1 OFFSET ?"
OF_PEOPLE = f"{_MESSAGE} WHERE person IN ({{}}) ORDER BY order_id, person, number"
FORGET_MESSAGES = "DELETE FROM support_messages WHERE person IN ({})"
FORGET_CASES = "DELETE FROM support_cases WHERE person IN ({})"
QUEUE = f"SELECT {_COLUMNS} FROM support_cases WHERE {{}} ORDER BY place, rank, order_id, person LIMIT ?"
SHELVES = {
    Shelf.WAITING: "place < 2",
    Shelf.ACCIDENTS: "place = 0",
    Shelf.REQUESTS: "place < 2 AND request_since IS NOT NULL",
    Shelf.MINE: "claimed_by = ?",
    Shelf.ANSWERED: "place = 2",
    Shelf.ALL: "place >= 0",
}
FURTHER = " AND (place, rank, order_id, person) > (?, ?, ?, ?)"
COUNTS = """
SELECT count(*), coalesce(sum(CASE WHEN place = 0 THEN 1 ELSE 0 END), 0),
    coalesce(sum(CASE WHEN request_since IS NOT NULL THEN 1 ELSE 0 END), 0), coalesce(sum(overdue), 0),
    coalesce(sum(CASE WHEN claimed_by = ? THEN 1 ELSE 0 END), 0)
FROM support_cases WHERE place < 2
"""
_MOST_NAMED = 400
_TRIES = 50


class SupportTables:
    """Conversations; safe from any thread and from several processes."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def case(self, order: OrderId, person: str) -> Case | None:
        """The conversation, if there is one."""
        found = self._tables.rows(CASE, order, person)
        return _case(found[0]) if found else None

    def cases(self, orders: Sequence[OrderId]) -> list[Case]:
        """All conversations about these orders."""
        found: list[Case] = []
        for start in range(0, len(orders), _MOST_NAMED):
            named = orders[start : start + _MOST_NAMED]
            found += map(_case, self._tables.rows(CASES.format(_marks(named)), *named))
        return found

    def amend(self, order: OrderId, person: str, change: Amend) -> Case | None:
        """Write what `change` makes of it; asked again where somebody else wrote meanwhile."""
        for _ in range(_TRIES):
            with self._tables.transaction() as run:
                found = run(CASE, order, person).fetchall()
                before = _case(found[0]) if found else None
                changed = change(before)
                if changed is None:
                    return before
                entries = self._unknown(run, order, person, changed.entries)
                after = changed.case._replace(
                    revision=changed.case.revision + 1, messages=changed.case.messages + len(entries)
                )
                if _write(run, before, after):
                    for number, entry in enumerate(entries, changed.case.messages + 1):
                        run(ADD_MESSAGE, *_row_of(order, person, number, entry))
                    return after
        raise AssertionError(f"the conversation about {order} changes too fast to be written")

    def messages(self, order: OrderId, person: str, after: int, limit: int) -> list[Message]:
        """What was said after number `after`, oldest first."""
        return [_message(row) for row in self._tables.rows(MESSAGES, order, person, after, limit)]

    def message(self, order: OrderId, person: str, key: str) -> Message | None:
        """The message of that key."""
        found = self._tables.rows(MESSAGE, order, person, key)
        return _message(found[0]) if found else None

    def queue(self, shelf: Shelf, staff: str, limit: int, after: Position | None = None) -> list[Case]:
        """A tab of the queue."""
        values: tuple[object, ...] = (staff,) if shelf is Shelf.MINE else ()
        where = SHELVES[shelf] + (FURTHER if after is not None else "")
        return [_case(row) for row in self._tables.rows(QUEUE.format(where), *values, *(after or ()), limit)]

    def counts(self, staff: str) -> Counts:
        """How many wait."""
        [row] = self._tables.rows(COUNTS, staff)
        return Counts(*map(int, row))

    def newest(self, chats: Sequence[tuple[OrderId, str]]) -> dict[tuple[OrderId, str], int]:
        """How many messages each of these conversations has."""
        orders = sorted({order for order, _ in chats})
        wanted = set(chats)
        return {
            (case.order, case.person): case.messages
            for case in self.cases(orders)
            if (case.order, case.person) in wanted
        }

    def nth_newest(self, by: str, n: int) -> Instant | None:
        """When the `n`-th newest message of this person was written."""
        found = self._tables.rows(NTH_NEWEST, by, n - 1)
        return Instant(found[0][0]) if found else None

    def of_people(self, people: Sequence[str]) -> list[Message]:
        """Everything said in the conversations of these people, by order and number."""
        return [_message(row) for row in self._tables.rows(OF_PEOPLE.format(_marks(people)), *people)]

    def forget_people(self, people: Sequence[str]) -> None:
        """Keep nothing of the conversations of these people."""
        marks = _marks(people)
        self._tables.change((FORGET_MESSAGES.format(marks), people), (FORGET_CASES.format(marks), people))

    @staticmethod
    def _unknown(run: Run, order: OrderId, person: str, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        if not entries:
            return ()
        keys = [entry.key for entry in entries]
        known = {row[0] for row in run(KNOWN.format(_marks(keys)), order, person, *keys).fetchall()}
        return tuple(entry for entry in entries if entry.key not in known)


def _write(run: Run, before: Case | None, after: Case) -> bool:
    place, rank, order, person = position_of(after)
    if before is None:
        return run(ADD_CASE, *_stored(after), place, rank).rowcount == 1
    stored = _stored(after)
    changed = (stored[3], *stored[5:], place, rank)
    return run(CHANGE_CASE, *changed, order, person, before.revision).rowcount == 1


def _stored(case: Case) -> tuple[object, ...]:
    return tuple(int(value) if isinstance(value, bool) else value for value in case)


def _case(row: Any) -> Case:
    """The columns are the fields, in their order."""
    found = Case(*row)
    return found._replace(overdue=bool(found.overdue))


def _row_of(order: OrderId, person: str, number: int, entry: Entry) -> tuple[object, ...]:
    photos, facts = (msgspec.json.encode(what).decode() for what in (entry.photos, dict(entry.facts)))
    return (order, person, number, entry.key, entry.by, entry.at, entry.text, photos, entry.note, facts)


def _message(row: Any) -> Message:
    *plain, photos, note, facts = row
    return Message._make((*plain, tuple(msgspec.json.decode(photos)), note, msgspec.json.decode(facts)))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
