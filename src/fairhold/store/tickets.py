"""Rows of what counts once, or so many times in a while; the same in every store."""

from collections.abc import Sequence
from typing import Any

from fairhold.domain.instants import Instant
from fairhold.engine.ports.accounts import Ticket
from fairhold.engine.ports.small_tables import Tables

_TICKET = "token_hash, purpose, person, value, expires_at"
FORGET_TICKETS = "DELETE FROM tickets WHERE expires_at <= ?"
ADD_TICKET = f"INSERT INTO tickets ({_TICKET}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608 - a constant
GET_TICKET = f"SELECT {_TICKET} FROM tickets WHERE token_hash = ?"  # noqa: S608 - a constant
TAKE_TICKET = f"DELETE FROM tickets WHERE token_hash = ? RETURNING {_TICKET}"  # noqa: S608 - a constant
DROP_TICKETS = "DELETE FROM tickets WHERE person = ? AND purpose = ?"
FORGET_SPENT = "DELETE FROM spent WHERE expires_at <= ?"
SPEND = "INSERT INTO spent (token_hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING"
FORGET_ATTEMPTS = "DELETE FROM attempts WHERE ends_at <= ?"
COUNT = """
INSERT INTO attempts (bucket, count, ends_at) VALUES (?, 1, ?)
ON CONFLICT (bucket) DO UPDATE SET count = attempts.count + 1 RETURNING count
"""
CLEAR = "DELETE FROM attempts WHERE bucket = ?"


class TicketTables:
    """Rights that count once, and counted attempts; safe from any thread."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def add_ticket(self, ticket: Ticket, now: Instant) -> None:
        """Keep it; those that have expired are forgotten."""
        self._tables.change((FORGET_TICKETS, (now,)), (ADD_TICKET, ticket))

    def ticket(self, token_hash: bytes) -> Ticket | None:
        """The ticket of that token, expired or not."""
        return next(map(_ticket, self._tables.rows(GET_TICKET, token_hash)), None)

    def take_ticket(self, token_hash: bytes) -> Ticket | None:
        """Use it up: of several who try at once, one gets it."""
        with self._tables.transaction() as run:
            return next(map(_ticket, run(TAKE_TICKET, token_hash).fetchall()), None)

    def drop_tickets(self, person: str, purposes: Sequence[str]) -> None:
        """Let none of this person's tickets for that count any more."""
        self._tables.change(*((DROP_TICKETS, (person, purpose)) for purpose in purposes))

    def spend(self, token_hash: bytes, expires_at: Instant, now: Instant) -> bool:
        """Note that a signed token was used; False where it was used before."""
        return self._tables.change((FORGET_SPENT, (now,)), (SPEND, (token_hash, expires_at)))[1] == 1

    def count(self, bucket: bytes, ends_at: Instant, now: Instant) -> int:
        """Count one more attempt in a bucket that is emptied at `ends_at`; how many there are."""
        with self._tables.transaction() as run:
            run(FORGET_ATTEMPTS, now)
            [(count,)] = run(COUNT, bucket, ends_at).fetchall()
        return int(count)

    def clear(self, bucket: bytes) -> None:
        """Empty a bucket."""
        self._tables.change((CLEAR, (bucket,)))


def _ticket(row: Any) -> Ticket:
    token_hash, *rest = row
    return Ticket(bytes(token_hash), *rest)
