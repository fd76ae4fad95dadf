"""Conversations with support as the engine knows them: one per order and person, and what is kept of each."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from fairhold.domain.evidence import PhotoId
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant


class Case(NamedTuple):
    """A row of `support_cases`: what `person` (`buyer:ann`) and support have with each other about an order.

    `asked_since`: since when the person's words wait for an answer. The accident and the request for more time are the
    order's own, as it last was (`order_version`); `leaves_at` is when the first of the accident's money leaves. `seen` and
    `answered` are numbers of messages: up to which the person has read, and the last one by staff. `revision` counts changes.
    """

    order: OrderId
    person: str
    other: str
    revision: int
    opened_at: Instant
    changed_at: Instant
    messages: int = 0
    seen: int = 0
    answered: int = 0
    asked_since: Instant | None = None
    accident_since: Instant | None = None
    accident_due: Instant | None = None
    leaves_at: Instant | None = None
    request_since: Instant | None = None
    request_due: Instant | None = None
    overdue: bool = False
    claimed_by: str | None = None
    order_version: int = 0

    @property
    def waiting_since(self) -> Instant | None:
        """Since when it is support's turn; None where it is not."""
        waits = (self.asked_since, self.accident_since, self.request_since)
        return min((since for since in waits if since is not None), default=None)

    @property
    def unread(self) -> bool:
        """Whether staff wrote something that the person has not seen."""
        return self.answered > self.seen


class Message(NamedTuple):
    """A row of `support_messages`. `by` is who wrote it (`system` for nobody).

    `note` names what happened to the order, where the message tells of that, with `facts` in plain JSON: amounts in minor
    units, instants in microseconds.
    """

    order: OrderId
    person: str
    number: int
    key: str
    by: str
    at: Instant
    text: str = ""
    photos: tuple[PhotoId, ...] = ()
    note: str | None = None
    facts: Mapping[str, object] = {}


class Entry(NamedTuple):
    """A message to be written: as `Message`, which gets its number from the conversation."""

    key: str
    by: str
    at: Instant
    text: str = ""
    photos: tuple[PhotoId, ...] = ()
    note: str | None = None
    facts: Mapping[str, object] = {}


class Amended(NamedTuple):
    """What a conversation becomes."""

    case: Case
    entries: tuple[Entry, ...] = ()


class Shelf(StrEnum):
    """The tabs of the staff's queue."""

    WAITING = "waiting"
    ACCIDENTS = "accidents"
    REQUESTS = "requests"
    MINE = "mine"
    ANSWERED = "answered"
    ALL = "all"


class Counts(NamedTuple):
    """How many conversations wait for support: all, accidents, requests for more time, overdue ones, one's own."""

    waiting: int = 0
    accidents: int = 0
    requests: int = 0
    overdue: int = 0
    mine: int = 0


class Position(NamedTuple):
    """Where in the queue a page ended."""

    place: int
    rank: int
    order: str
    person: str


Amend = Callable[[Case | None], Amended | None]
"""From a conversation as it is (None: there is none yet) to what it becomes; None leaves it as it is. It may be asked again."""


class SupportRows(Protocol):
    """Conversations as they are kept. Safe from any thread and from several processes; raises StoreUnavailable."""

    def case(self, order: OrderId, person: str) -> Case | None:
        """The conversation, if there is one."""
        ...

    def cases(self, orders: Sequence[OrderId]) -> list[Case]:
        """All conversations about these orders."""
        ...

    def amend(self, order: OrderId, person: str, change: Amend) -> Case | None:
        """Write what `change` makes of it, as if nobody else wrote meanwhile; what it then is.

        An entry whose key the conversation has already is left out.
        """
        ...

    def messages(self, order: OrderId, person: str, after: int, limit: int) -> list[Message]:
        """What was said after number `after`, oldest first."""
        ...

    def message(self, order: OrderId, person: str, key: str) -> Message | None:
        """The message of that key."""
        ...

    def queue(self, shelf: Shelf, staff: str, limit: int, after: Position | None = None) -> list[Case]:
        """A tab of the queue: accidents first, then who waits longest, then those answered last."""
        ...

    def counts(self, staff: str) -> Counts:
        """How many wait; `staff` is whose own are counted apart."""
        ...

    def newest(self, chats: Sequence[tuple[OrderId, str]]) -> dict[tuple[OrderId, str], int]:
        """How many messages each of these conversations has, as far as there are any."""
        ...

    def nth_newest(self, by: str, n: int) -> Instant | None:
        """When the `n`-th newest message of this person was written, from 1; None where they wrote fewer."""
        ...

    def of_people(self, people: Sequence[str]) -> list[Message]:
        """Everything said in the conversations of these people, by order and number: for a person who takes it out."""
        ...

    def forget_people(self, people: Sequence[str]) -> None:
        """Keep nothing of the conversations of these people."""
        ...


def position_of(case: Case) -> Position:
    """Its place in the queue: 0 for accidents, 1 for others that wait, 2 for those that do not."""
    since = case.waiting_since
    if since is None:
        return Position(2, -case.changed_at, case.order, case.person)
    return Position(0 if case.accident_since is not None else 1, since, case.order, case.person)
