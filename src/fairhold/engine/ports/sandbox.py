"""What the sandbox's payment provider remembers: one entry for everything that it was asked to do."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from fairhold.domain.instants import Instant


class EntryKind(StrEnum):
    """What was asked."""

    PAYMENT = "payment"
    REFUND = "refund"
    TRANSFER = "transfer"
    TAKEN_BACK = "taken_back"
    PAYOUT = "payout"


class Entry(NamedTuple):
    """A row of `sandbox_entries`. `name` is what the provider calls it; `number` counts the order's attempts, refunds and so on.

    `about` is the payment or transfer that it is of. Done is what has a `done_at` that has come, and it came to nothing, or came
    back, at `failed_at`: both may lie ahead. A page takes money `until` then; a try to pay there failed at `declined_at`.
    """

    name: str
    kind: EntryKind
    order: str
    number: int
    amount: int
    currency: str
    at: Instant
    about: str = ""
    account: str = ""
    until: Instant | None = None
    done_at: Instant | None = None
    failed_at: Instant | None = None
    declined_at: Instant | None = None


class SandboxRows(Protocol):
    """The table. Safe from any thread and from several processes; every method raises StoreUnavailable."""

    def ask(self, entry: Entry, most: int | None) -> Entry | None:
        """Keep it unless it is there; as it is kept. None: with others of its kind and `about`, it would be more than `most`."""
        ...

    def take_back(self, entry: Entry, most: int) -> Entry | bool:
        """Keep a taking back unless it is there.

        True: there is not so much on the account any more. False: with what was taken back before it would be more than `most`.
        """
        ...

    def pay_out(self, entry: Entry, ready: Instant) -> Entry | bool:
        """Keep a payout unless it is there.

        True: there is so much on the account, but not since `ready`. False: there is not so much.
        """
        ...

    def entry(self, name: str) -> Entry | None:
        """The entry of that name."""
        ...

    def settle(self, entry: Entry) -> None:
        """Write when it is done, fails or was declined."""
        ...

    def taken_back(self, transfer: str) -> int:
        """What was taken back of a transfer."""
        ...

    def came_back(self, first: Instant, last: Instant) -> Sequence[Entry]:
        """What came to nothing from `first` to before `last`, oldest first, but for payments: somebody looks at their pages."""
        ...

    def next_to_come_back(self, after: Instant) -> Instant | None:
        """When the first of those after `after` does."""
        ...

    def between(self, first: Instant, last: Instant) -> Sequence[Entry]:
        """What was done or came to nothing from `first` to before `last`."""
        ...
