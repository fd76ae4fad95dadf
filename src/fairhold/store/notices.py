"""Rows of notices and reminders: small tables, the same in every store."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from fairhold.domain.coming import Because
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.mail import Mail
from fairhold.engine.ports.notices import Kind, Notice, Place, Reminder, Stands
from fairhold.engine.ports.small_tables import Run, Tables
from fairhold.store.mail import POST, mail_row

_COLUMNS = "key, recipient, topic, kind, order_id, shown_at, content, because, stands_at, about, read_at"
NOTE = f"INSERT INTO notices ({_COLUMNS}) VALUES {{}} ON CONFLICT (key) DO NOTHING"  # noqa: S608 - names of columns
UNREAD = """
SELECT count(*) FROM (
    SELECT 1 FROM notices
    WHERE recipient = ? AND read_at IS NULL AND shown_at <= ? AND (stands_at IS NULL OR stands_at > ?) LIMIT ?
) AS waiting
"""
NEWEST = f"""
SELECT {_COLUMNS} FROM notices WHERE recipient = ? AND shown_at <= ? ORDER BY shown_at DESC, key DESC LIMIT ?
"""  # noqa: S608 - names of columns
BEHIND = f"""
SELECT {_COLUMNS} FROM notices
WHERE recipient = ? AND (shown_at, key) < (?, ?) AND shown_at <= ? ORDER BY shown_at DESC, key DESC LIMIT ?
"""  # noqa: S608 - names of columns
NOTICE = f"SELECT {_COLUMNS} FROM notices WHERE key = ?"  # noqa: S608 - names of columns
READ = "UPDATE notices SET read_at = ? WHERE recipient = ? AND read_at IS NULL AND key IN ({})"
READ_ALL = "UPDATE notices SET read_at = ? WHERE recipient = ? AND read_at IS NULL AND shown_at <= ?"
READ_ABOUT = "UPDATE notices SET read_at = ? WHERE recipient = ? AND order_id = ? AND read_at IS NULL AND shown_at <= ?"
STANDING = f"""
SELECT {_COLUMNS} FROM notices
WHERE order_id IN ({{}}) AND read_at IS NULL AND (because IS NOT NULL OR topic = 'review_asked')
"""  # noqa: S608 - names of columns
OUTDATE = "UPDATE notices SET read_at = ? WHERE read_at IS NULL AND key IN ({})"
FORGET_RECIPIENTS = "DELETE FROM notices WHERE recipient IN ({})"
FORGET_THEIR_REMINDERS = "DELETE FROM reminders WHERE recipient IN ({})"
FORGET_BEFORE = """
DELETE FROM notices WHERE key IN (SELECT key FROM notices WHERE shown_at < ? ORDER BY shown_at LIMIT 1000)
"""
DROP_REMINDERS = "DELETE FROM reminders WHERE order_id IN ({})"
ADD_REMINDERS = """
INSERT INTO reminders (order_id, recipient, because, stands_at, about, lead, due_at) VALUES {}
ON CONFLICT (order_id, recipient, because, stands_at, about, lead) DO NOTHING
"""
DUE_REMINDERS = """
SELECT order_id, recipient, because, stands_at, about, lead, due_at FROM reminders WHERE due_at <= ?
ORDER BY due_at, order_id LIMIT ?
"""
FORGET_REMINDER = """
DELETE FROM reminders
WHERE order_id = ? AND recipient = ? AND because = ? AND stands_at = ? AND about = ? AND lead = ?
"""
NEXT_REMINDER = "SELECT due_at FROM reminders ORDER BY due_at LIMIT 1"

_PORTION = 50
"""Rows of one statement: few enough for the number of values that a statement takes."""


class NoticeTables:
    """What people were told and are to be reminded of; safe from any thread."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def note(self, notices: Sequence[Notice], mails: Sequence[Mail]) -> None:
        """Keep those whose keys are new, all or none."""
        # In one order, so that two processes that note the same do not wait for each other.
        rows = sorted(map(_row, notices))
        with self._tables.transaction() as run:
            _insert(run, NOTE, rows)
            for mail in sorted(mails, key=lambda mail: mail.key):
                run(POST, *mail_row(mail))

    def unread(self, recipient: str, now: Instant, most: int) -> int:
        """How many they have not read, counted up to `most`."""
        return int(self._tables.rows(UNREAD, recipient, now, now, most)[0][0])

    def notices(self, recipient: str, now: Instant, limit: int, behind: Place | None = None) -> list[Notice]:
        """Those that are there by now, newest first."""
        if behind is None:
            rows = self._tables.rows(NEWEST, recipient, now, limit)
        else:
            rows = self._tables.rows(BEHIND, recipient, behind.at, behind.key, now, limit)
        return [_notice(row) for row in rows]

    def notice(self, key: str) -> Notice | None:
        """The notice of that key."""
        found = self._tables.rows(NOTICE, key)
        return _notice(found[0]) if found else None

    def read(self, recipient: str, keys: Sequence[str], now: Instant) -> int:
        """Mark these of theirs as read; how many were unread."""
        return self._tables.change((READ.format(_marks(keys)), (now, recipient, *keys)))[0] if keys else 0

    def read_all(self, recipient: str, now: Instant, order: OrderId | None = None) -> int:
        """Mark all of theirs that are there by now, or those about an order, as read; how many were unread."""
        if order is None:
            return self._tables.change((READ_ALL, (now, recipient, now)))[0]
        return self._tables.change((READ_ABOUT, (now, recipient, order, now)))[0]

    def standing(self, orders: Sequence[OrderId]) -> list[Notice]:
        """The unread notices about these orders that speak of a deadline."""
        return [_notice(row) for row in self._tables.rows(STANDING.format(_marks(orders)), *orders)] if orders else []

    def outdate(self, keys: Sequence[str], now: Instant) -> None:
        """These are no longer true: nobody needs to read them."""
        if keys:
            self._tables.change((OUTDATE.format(_marks(keys)), (now, *sorted(keys))))

    def replace_reminders(self, orders: Sequence[OrderId], reminders: Sequence[Reminder]) -> None:
        """From now on these are the reminders of these orders."""
        if orders:
            with self._tables.transaction() as run:
                run(DROP_REMINDERS.format(_marks(orders)), *sorted(orders))
                _insert(run, ADD_REMINDERS, sorted(map(_reminder_row, reminders)))

    def due_reminders(self, until: Instant, limit: int) -> list[Reminder]:
        """Those whose time has come, soonest first."""
        return [
            Reminder(OrderId(order), recipient, Stands(Because(because), Instant(at), about), lead, Instant(due))
            for order, recipient, because, at, about, lead, due in self._tables.rows(DUE_REMINDERS, until, limit)
        ]

    def forget_reminders(self, reminders: Sequence[Reminder]) -> None:
        """These have been seen to."""
        self._tables.change(*((FORGET_REMINDER, row[:-1]) for row in sorted(map(_reminder_row, reminders))))

    def next_reminder(self) -> Instant | None:
        """When the next is due."""
        found = self._tables.rows(NEXT_REMINDER)
        return Instant(found[0][0]) if found else None

    def forget_recipients(self, recipients: Sequence[str]) -> None:
        """Forget what these were told and are to be reminded of."""
        if recipients:
            marks = _marks(recipients)
            self._tables.change(
                (FORGET_RECIPIENTS.format(marks), recipients), (FORGET_THEIR_REMINDERS.format(marks), recipients)
            )

    def forget_before(self, before: Instant) -> int:
        """Forget notices from before, a portion at a time; how many."""
        return self._tables.change((FORGET_BEFORE, (before,)))[0]


def _row(notice: Notice) -> tuple[Any, ...]:
    stands = notice.stands
    return (
        notice.key,
        notice.recipient,
        notice.topic,
        notice.kind.value,
        notice.order,
        notice.at,
        msgspec.json.encode(dict(notice.values)).decode(),
        None if stands is None else stands.because.value,
        None if stands is None else stands.at,
        None if stands is None else stands.dispute,
        notice.read_at,
    )


def _notice(row: Sequence[Any]) -> Notice:
    key, recipient, topic, kind, order, at, content, because, stands_at, about, read_at = row
    stands = None if because is None else Stands(Because(because), Instant(stands_at), about)
    return Notice(key, recipient, topic, Kind(kind), order, at, msgspec.json.decode(content), stands, read_at)


def _reminder_row(reminder: Reminder) -> tuple[Any, ...]:
    stands = reminder.stands
    return (
        reminder.order,
        reminder.recipient,
        stands.because.value,
        stands.at,
        stands.dispute,
        reminder.lead,
        reminder.due_at,
    )


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _insert(run: Run, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    for portion in _portions(rows):
        run(statement.format(", ".join(f"({_marks(row)})" for row in portion)), *_flat(portion))


def _portions(rows: Sequence[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    return (rows[start : start + _PORTION] for start in range(0, len(rows), _PORTION))


def _flat(rows: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    return (value for row in rows for value in row)
