"""Bank transfers that people see to: what is to come in or go out, and what was said of it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from fairhold.domain.instants import Instant

BANK = "bank"
"""The provider's name, and so the method."""
LONGEST_REFERENCE = 64
LONGEST_WHY = 200


class TaskKind(StrEnum):
    """What a task is about."""

    PAYMENT = "payment"
    """The buyer's money is to come in."""
    REFUND = "refund"
    """It is to go back to them."""
    TRANSFER = "transfer"
    """It is to go to the seller."""
    RETURN = "return"
    """What had been sent has come back from the bank."""


INCOMING = frozenset({TaskKind.PAYMENT, TaskKind.RETURN})


class TaskState(StrEnum):
    """How it stands with a task."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    """It did not come, or cannot be sent."""
    CLOSED = "closed"
    """Nobody waits for the money any more; it may come all the same."""


class Said(StrEnum):
    """What a person says of a task."""

    CAME = "came"
    SENT = "sent"
    NOT_DONE = "not_done"


class Word(NamedTuple):
    """What a person says: the sum in minor units and the bank's reference where money moved, `why` where it did not."""

    said: Said
    amount: int = 0
    reference: str = ""
    why: str = ""


class Task(NamedTuple):
    """A row of `bank_tasks`. `id` is our reference, which the transfer quotes; `number` counts attempts or refunds of the order.

    `account` is our name for the seller's account, which whoever sends knows; `about` is the payment that a refund or transfer
    is of, or what came back. Whoever opened the page came `back` to there. While the second person's word is wanted there is a
    first word and no `settled_at`. `told_at`: since when the order knows.
    """

    id: str
    kind: TaskKind
    order: str
    number: int
    amount: int
    currency: str
    asked_at: Instant
    account: str = ""
    about: str = ""
    back: str = ""
    until: Instant | None = None
    state: TaskState = TaskState.OPEN
    said: Said | None = None
    sum: int = 0
    reference: str = ""
    why: str = ""
    first_by: str | None = None
    first_at: Instant | None = None
    second_by: str | None = None
    second_at: Instant | None = None
    settled_at: Instant | None = None
    told_at: Instant | None = None
    revision: int = 0

    @property
    def word(self) -> Word | None:
        """What was said of it last."""
        return None if self.said is None else Word(self.said, self.sum, self.reference, self.why)

    @property
    def awaits_second(self) -> bool:
        """Whether somebody said something that another person has to say, too."""
        return self.first_by is not None and self.settled_at is None


class Shelf(StrEnum):
    """Parts of the list of tasks."""

    OPEN = "open"
    """What waits for somebody's word, the oldest first."""
    DONE = "done"
    ENDED = "ended"
    """What came to nothing."""


class Place(NamedTuple):
    """Where a page of the list ended."""

    at: Instant
    id: str


class BankRows(Protocol):
    """The table. Safe from any thread and from several processes; every method raises StoreUnavailable."""

    def ask(self, task: Task) -> Task | None:
        """Keep a task unless it is there; as it is kept. None: it would be more than came by the payment it is `about`."""
        ...

    def task(self, id: str) -> Task | None:
        """The task of that id."""
        ...

    def change(self, before: Task, after: Task) -> bool:
        """Write what became of it, unless somebody was faster."""
        ...

    def told(self, id: str, settled_at: Instant, now: Instant) -> None:
        """The order knows what was settled then."""
        ...

    def untold(self, before: Instant, limit: int) -> list[Task]:
        """What was settled before that, and the order does not know."""
        ...

    def of_order(self, order: str) -> list[Task]:
        """All of an order, oldest first."""
        ...

    def shelf(self, shelf: Shelf, behind: Place | None, limit: int) -> list[Task]:
        """A part of the list: open ones oldest first, others newest first."""
        ...

    def count(self, shelf: Shelf, most: int) -> int:
        """How many, counted up to `most`."""
        ...

    def settled(self, first: Instant, last: Instant) -> Sequence[Task]:
        """What was done from `first` to before `last`, oldest first."""
        ...
