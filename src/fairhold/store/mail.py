"""Rows of letters: a small table, the same in every store."""

import msgspec

from fairhold.domain.instants import Duration, Instant
from fairhold.engine.ports.mail import Mail, MailState, Queued
from fairhold.engine.ports.small_tables import Tables

POST = """
INSERT INTO mail (key, recipient, person, language, template, content, not_before, state, attempts)
VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0)
ON CONFLICT (key) DO NOTHING
"""
# Whoever claims a row moves its time on: another who waited for the row then sees that it is not due.
CLAIM = """
UPDATE mail SET not_before = ?, attempts = attempts + 1
WHERE state = 'waiting' AND not_before <= ? AND key IN (
    SELECT key FROM mail WHERE state = 'waiting' AND not_before <= ? ORDER BY not_before, key LIMIT ?
)
RETURNING key, recipient, person, language, template, content, not_before, attempts
"""
RETRY = "UPDATE mail SET not_before = ?, error = ? WHERE key = ? AND state = 'waiting'"
FINISH = """
UPDATE mail SET state = ?, done_at = ?, error = ?, recipient = '', person = NULL, content = '{}'
WHERE key = ? AND state = 'waiting'
"""
PARK = "UPDATE mail SET state = 'parked', done_at = ?, error = ? WHERE key = ? AND state = 'waiting'"
NEXT_DUE = "SELECT not_before FROM mail WHERE state = 'waiting' ORDER BY not_before LIMIT 1"
PARKED = "SELECT count(*) FROM mail WHERE state = 'parked'"
DROP_FOR = """
UPDATE mail SET state = 'dropped', done_at = ?, recipient = '', person = NULL, content = '{}'
WHERE person = ? AND state IN ('waiting', 'parked')
"""
FORGET_BEFORE = """
DELETE FROM mail WHERE key IN (SELECT key FROM mail WHERE done_at < ? ORDER BY done_at LIMIT 1000)
"""


class MailTables:
    """Letters that wait, and the keys of those that do not; safe from any thread."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def post(self, mail: Mail) -> bool:
        """Queue durably; False where that key is known already."""
        return self._tables.change((POST, mail_row(mail))) == [1]

    def claim(self, now: Instant, lease: Duration, limit: int) -> list[Queued]:
        """Take what is due, soonest first, for as long as the lease."""
        with self._tables.transaction() as run:
            rows = run(CLAIM, now + lease, now, now, limit).fetchall()
        return [
            Queued(Mail(key, to, person, language, template, msgspec.json.decode(content), Instant(now)), attempts)
            for key, to, person, language, template, content, _, attempts in sorted(rows, key=lambda row: str(row[0]))
        ]

    def retry(self, key: str, not_before: Instant, why: str) -> None:
        """Try again later."""
        self._tables.change((RETRY, (not_before, why, key)))

    def finish(self, key: str, state: MailState, at: Instant, why: str | None = None) -> None:
        """Nothing more is done about it; what was parked keeps its content for the person who looks."""
        if state is MailState.PARKED:
            self._tables.change((PARK, (at, why, key)))
        else:
            self._tables.change((FINISH, (state.value, at, why, key)))

    def next_due(self) -> Instant | None:
        """When the next waiting letter is to go."""
        found = self._tables.rows(NEXT_DUE)
        return Instant(found[0][0]) if found else None

    def parked(self) -> int:
        """How many letters nobody tries to send any more."""
        return int(self._tables.rows(PARKED)[0][0])

    def drop_for(self, person: str, at: Instant) -> None:
        """Drop what still waits for this person, who is being forgotten."""
        self._tables.change((DROP_FOR, (at, person)))

    def forget_before(self, before: Instant) -> int:
        """Forget the keys of what was finished before, a portion at a time; how many."""
        return self._tables.change((FORGET_BEFORE, (before,)))[0]


def mail_row(mail: Mail) -> tuple[object, ...]:
    """The values of `POST`."""
    content = msgspec.json.encode(dict(mail.values)).decode()
    return mail.key, mail.to, mail.person, mail.language, mail.template, content, mail.not_before
