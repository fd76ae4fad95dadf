"""What an audit can find."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What does not fit; each says what was compared with what."""

    UNREADABLE = "unreadable"
    """An event or a snapshot that cannot be decoded or played."""
    SEQUENCE = "sequence"
    """Events of an order are missing or doubled: their numbers do not run from 1 without a gap."""
    EVENT_COLUMN = "event_column"
    """A column of an event says something else than the event itself."""
    COMMITMENT = "commitment"
    """An event is not what was committed to when it was written."""
    HEAD = "head"
    """A daily head is not signed, does not follow the one before, or says something else than its orders' histories."""
    SNAPSHOT = "snapshot"
    """The snapshot differs from the order that its events make."""
    VERSION = "version"
    """The version column does not count the events."""
    COLUMN = "column"
    """A list column (buyer, status, tabs, search …) differs from what the order says."""
    DEADLINE = "deadline"
    """The next deadline's column differs from the order's deadlines: the sweep comes at the wrong time, or never."""
    PARKED = "parked"
    """An order was taken out of the sweep and waits for a person."""
    TRANSFER_MISSING = "transfer_missing"
    """An event moved money, and the books do not have it."""
    TRANSFER_EXTRA = "transfer_extra"
    """The books moved money that no event moved."""
    TRANSFER_CHANGED = "transfer_changed"
    """A transfer has another amount, account or time than its event says."""
    SUMS = "sums"
    """An order's sums do not add up to what was paid, or differ from its transfers."""
    BALANCE = "balance"
    """An account's balance in a lane differs from the transfers of that lane."""
    UNBALANCED = "unbalanced"
    """The balances of a currency do not add up to zero."""
    OVERDRAWN = "overdrawn"
    """An account is below zero that never may be."""
    DISPUTE = "dispute"
    """A dispute's row is missing, says something else than its order, or nothing in its order made it."""
    REVIEW = "review"
    """A review's row, or what it says of a product, is missing, says something else than its order, or nothing made it."""
    FIGURE = "figure"
    """A sum over reviews in a lane differs from what the orders of that lane add up to."""
    MESSAGE_LOST = "message_lost"
    """A refund is not carried out, and no message waits to have it carried out."""
    MESSAGE_PARKED = "message_parked"
    """A message could not be delivered and waits for a person."""
    STRAY = "stray"
    """A row of an order that does not exist."""
    KEY = "key"
    """An idempotency key that names a version its order never had, or lies in another lane than its order."""
    LANE = "lane"
    """An order lies in another lane than its id says."""


class Finding(NamedTuple):
    """Something that does not fit: which order (None for what concerns many), and what."""

    kind: Kind
    order: str | None
    what: str

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.order + ': ' if self.order else ''}{self.what}"
