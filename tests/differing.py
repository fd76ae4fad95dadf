"""A difference between a provider's statement and the books, put where a run would have put it."""

from itertools import count

from fairhold.domain.instants import HOUR, Instant
from fairhold.engine.ports.reconciliation import Item, Result, Turn
from fairhold.ledger.reconciling import Entry, What
from fairhold.wiring import Application

_numbers = count(1)


def differ(application: Application, provider: str = "elsewhere") -> str:
    """The id of a new open item."""
    rows, now = application.reconciler.rows, application.clock.now()
    number = next(_numbers)
    entry = Entry("fee", (f"fee-{number}",), -100, 0, now, f"line-{number}")
    item = Item(
        f"diff-{number}-x", provider, "EUR", What.ONLY_STATED, "fee", entry.names[0], None, entry, None, now, now
    )
    claimed = Instant(now + HOUR)
    assert rows.claim(provider, now, claimed, only_due=False)
    assert rows.settle(Turn(provider, claimed, now), claimed, Result([], [item], []))
    return item.id
