"""How often something may be tried: by address, by account, and by both together.

Guesses at one account from one address are stopped first; all guesses at an account are stopped much later, so that a
stranger cannot lock its owner out with a handful of wrong passwords. Counts lie in a small table, so the limits hold for
all processes together. Of names and addresses only a keyed hash is kept.
"""

import hashlib
import hmac
import ipaddress
from enum import StrEnum
from typing import NamedTuple

from fairhold.domain.instants import Duration, Instant, hours, minutes
from fairhold.engine.accounts.refusals import Denial, Denied
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.accounts import TicketRows


class Limit(NamedTuple):
    """So many in a window of this length."""

    most: int
    within: Duration


class Tried(StrEnum):
    """What is counted."""

    SIGN_IN_HERE = "sign_in_here"
    """At one account, from one address."""
    SIGN_IN_FROM = "sign_in_from"
    """From one address, at whatever account."""
    SIGN_IN_TO = "sign_in_to"
    """At one account, from anywhere."""
    LETTER_TO = "letter_to"
    """Letters that somebody who is not signed in has sent to one address of e-mail."""
    LETTER_FROM = "letter_from"
    """And from one address of the network."""
    CODE = "code"
    """One-time and recovery codes of one account."""
    PROOF = "proof"
    """Passwords of whoever is signed in already, by account."""
    LINK_FROM = "link_from"
    """Links and passkeys, from one address of the network."""


LIMITS: dict[Tried, Limit] = {
    Tried.SIGN_IN_HERE: Limit(10, minutes(15)),
    Tried.SIGN_IN_FROM: Limit(60, minutes(15)),
    Tried.SIGN_IN_TO: Limit(100, hours(1)),
    Tried.LETTER_TO: Limit(4, hours(1)),
    Tried.LETTER_FROM: Limit(20, hours(1)),
    Tried.CODE: Limit(8, minutes(15)),
    Tried.PROOF: Limit(10, minutes(15)),
    Tried.LINK_FROM: Limit(60, minutes(15)),
}


class RateLimits:
    """Counts attempts before they are made. Safe from any thread; raises StoreUnavailable."""

    def __init__(self, rows: TicketRows, clock: Clock, secret: str, *, on: bool = True) -> None:
        self._rows = rows
        self._clock = clock
        self._key = hashlib.sha256(b"fairhold attempts\0" + secret.encode()).digest()
        self._on = on

    def take(self, *tried: tuple[Tried, str]) -> Denied | None:
        """Count one attempt of each kind by its subject; the refusal of the first that was one too many."""
        now = self._clock.now()
        for kind, subject in tried if self._on else ():
            limit = LIMITS[kind]
            ends_at = Instant(now - now % limit.within + limit.within)
            if self._rows.count(self._bucket(kind, subject, ends_at), ends_at, now) > limit.most:
                return Denied(Denial.TOO_MANY_ATTEMPTS, wait=Duration(ends_at - now))
        return None

    def forget(self, kind: Tried, subject: str) -> None:
        """Begin to count anew: whoever got in has not been guessing."""
        limit, now = LIMITS[kind], self._clock.now()
        if self._on:
            self._rows.clear(self._bucket(kind, subject, Instant(now - now % limit.within + limit.within)))

    def _bucket(self, kind: Tried, subject: str, ends_at: Instant) -> bytes:
        return hmac.digest(self._key, f"{kind}\0{subject}\0{ends_at}".encode(), "sha256")


def network_of(address: str) -> str:
    """Whom an address counts for: itself, or of IPv6 the /64 that a household has."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((read, 64), strict=False))
