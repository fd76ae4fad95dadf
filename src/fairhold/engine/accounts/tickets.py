"""Tickets: links and steps that count once. The person brings a token, of which the store keeps the hash."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from fairhold.domain.instants import Duration, Instant, days, hours, minutes
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.accounts import Ticket, TicketRows


class Purpose(StrEnum):
    """What a ticket is for. One of a kind opens nothing else."""

    WELCOME = "welcome"
    """To choose a password for an account that is not there yet."""
    RESET = "reset"
    EMAIL = "email"
    """To confirm another address."""
    SECOND_STEP = "second_step"
    """The password was right; the code is still to come."""
    HANDOVER = "handover"


LIVES: dict[Purpose, Duration] = {
    Purpose.WELCOME: days(2),
    Purpose.RESET: hours(1),
    Purpose.EMAIL: days(1),
    Purpose.SECOND_STEP: minutes(10),
    Purpose.HANDOVER: minutes(2),
}
_LONGEST = 100


class Right(NamedTuple):
    """A ticket that still counts: whose it is, and what was written on it."""

    person: str
    value: dict[str, Any]
    expires_at: Instant


class Tickets:
    """Gives tickets out and takes them. Safe from any thread; raises StoreUnavailable."""

    def __init__(self, rows: TicketRows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock

    def give(
        self, purpose: Purpose, person: str, value: Mapping[str, object] | None = None, life: Duration | None = None
    ) -> str:
        """The token of a new ticket."""
        token, now = secrets.token_urlsafe(32), self._clock.now()
        expires_at = Instant(now + (life or LIVES[purpose]))
        text = json.dumps(dict(value or {}), ensure_ascii=False, sort_keys=True)
        self._rows.add_ticket(Ticket(hash_of(token), purpose.value, person, text, expires_at), now)
        return token

    def look(self, purpose: Purpose, token: str) -> Right | None:
        """What the token gives a right to, without using it up."""
        return self._right(purpose, self._rows.ticket(hash_of(token))) if _is_token(token) else None

    def take(self, purpose: Purpose, token: str) -> Right | None:
        """The same, used up: of several who try at once, one gets it. One for something else stays."""
        if self.look(purpose, token) is None:
            return None
        return self._right(purpose, self._rows.take_ticket(hash_of(token)))

    def drop(self, person: str, *purposes: Purpose) -> None:
        """Let none of this person's for that count any more."""
        self._rows.drop_tickets(person, [purpose.value for purpose in purposes])

    def _right(self, purpose: Purpose, ticket: Ticket | None) -> Right | None:
        if ticket is None or ticket.purpose != purpose or ticket.expires_at <= self._clock.now():
            return None
        return Right(ticket.person, json.loads(ticket.value), ticket.expires_at)


def hash_of(token: str) -> bytes:
    """What is kept of a token. It has 256 bits of chance, so that there is nothing for a slow hash to slow down."""
    return hashlib.sha256(token.encode()).digest()


def _is_token(text: str) -> bool:
    return 20 <= len(text) <= _LONGEST and text.isascii()
