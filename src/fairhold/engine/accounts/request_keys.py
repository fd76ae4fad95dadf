"""Idempotency keys of requests that change what is no order: which request came under each.

What an order was told lies with the order, in the same transaction. These changes are small and can each be made twice
without harm; what must not pass unseen is another request under a known key.
"""

from enum import Enum, auto

from fairhold.domain.instants import Instant, after, days
from fairhold.engine.accounts.tickets import hash_of
from fairhold.engine.installation.clock import Clock
from fairhold.engine.ports.accounts import Ticket, TicketRows
from fairhold.engine.ports.store import Conflict

KEPT = days(30)
"""How long a key is remembered."""
_PURPOSE = "request"


class Noted(Enum):
    """What a request is, by its key."""

    NEW = auto()
    REPEATED = auto()
    ANOTHER = auto()
    """Under this key something else was asked."""


class RequestKeys:
    """Remembers keys. Safe from any thread and from several processes; raises StoreUnavailable."""

    def __init__(self, rows: TicketRows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock

    def note(self, scope: str, key: str, asked: bytes) -> Noted:
        """Remember that `asked`, a hash of the request, came under `key` in `scope`, unless something did before."""
        now, name = self._clock.now(), _name(scope, key)
        ticket = Ticket(name, _PURPOSE, scope, asked.hex(), Instant(after(now, KEPT)))
        try:
            self._rows.add_ticket(ticket, now)
        except Conflict:
            known = self._rows.ticket(name)
            return Noted.REPEATED if known is None or known.value == ticket.value else Noted.ANOTHER
        return Noted.NEW

    def forget(self, scope: str, key: str) -> None:
        """The request was refused: nothing happened, and the key is free again."""
        self._rows.take_ticket(_name(scope, key))


def _name(scope: str, key: str) -> bytes:
    return hash_of(f"{_PURPOSE}\0{scope}\0{key}")
