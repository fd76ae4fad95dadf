"""Notices: what people are told about orders, in their inbox and by letter, and what they are reminded of."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from fairhold.domain.actors import Actor, Role
from fairhold.domain.coming import Because, Deadline
from fairhold.domain.ids import OrderId, PersonId
from fairhold.domain.instants import Instant
from fairhold.engine.ports.mail import Mail


class Kind(StrEnum):
    """What notices are about, as far as people choose which letters they want."""

    MONEY = "money"
    DISPUTES = "disputes"
    PARCELS = "parcels"
    CONVERSATION = "conversation"
    REVIEWS = "reviews"


ABOUT_MONEY = frozenset({Kind.MONEY, Kind.DISPUTES})
"""Money moves, or a deadline runs at whose end it does: letters about these cannot be turned off."""


class Stands(NamedTuple):
    """The deadline that a notice speaks of: once the order no longer has it, the notice has stopped being true."""

    because: Because
    at: Instant
    dispute: str = ""

    def holds(self, coming: Iterable[Deadline]) -> bool:
        """Whether the deadline is still among those to come."""
        return any(
            one.because is self.because and one.at == self.at and (one.dispute or "") == self.dispute for one in coming
        )


class Notice(NamedTuple):
    """Something that somebody is told. `key` says nothing about the order, and is the same however often it is noted.

    `recipient` is a stored actor (`buyer:ann`), `topic` what it says (`engine/notices/tellings.py`), `order` the order it is
    about, or None where the recipient may not know which (S32). It is there from `at` on. `values` are its facts as plain JSON.
    """

    key: str
    recipient: str
    topic: str
    kind: Kind
    order: OrderId | None
    at: Instant
    values: Mapping[str, object]
    stands: Stands | None = None
    read_at: Instant | None = None


def waits(notice: Notice, now: Instant) -> bool:
    """Whether somebody should still read it: it is unread, and what it speaks of has not passed."""
    return notice.read_at is None and (notice.stands is None or notice.stands.at > now)


class Reminder(NamedTuple):
    """That somebody is to be reminded of a deadline, `lead` microseconds before it, at `due_at`."""

    order: OrderId
    recipient: str
    stands: Stands
    lead: int
    due_at: Instant


class Place(NamedTuple):
    """Where a page of an inbox begins: behind this notice."""

    at: Instant
    key: str


class Inbox(Protocol):
    """What people were told. Safe from any thread; raises StoreUnavailable."""

    def unread(self, recipient: str, now: Instant, most: int) -> int:
        """How many they have not read of which the deadline has not passed, counted up to `most`."""
        ...

    def notices(self, recipient: str, now: Instant, limit: int, behind: Place | None = None) -> list[Notice]:
        """Those that are there by now, newest first."""
        ...

    def notice(self, key: str) -> Notice | None:
        """The notice of that key."""
        ...

    def read(self, recipient: str, keys: Sequence[str], now: Instant) -> int:
        """Mark these of theirs as read; how many were unread."""
        ...

    def read_all(self, recipient: str, now: Instant, order: OrderId | None = None) -> int:
        """Mark all of theirs that are there by now, or those about an order, as read; how many were unread."""
        ...


class NoticeBoard(Protocol):
    """Where notices, reminders and letters are noted down together. Safe from any thread; raises StoreUnavailable."""

    def note(self, notices: Sequence[Notice], mails: Sequence[Mail]) -> None:
        """Keep those whose keys are new, all or none."""
        ...

    def replace_reminders(self, orders: Sequence[OrderId], reminders: Sequence[Reminder]) -> None:
        """From now on these are the reminders of these orders."""
        ...

    def standing(self, orders: Sequence[OrderId]) -> list[Notice]:
        """The unread notices about these orders that speak of a deadline."""
        ...

    def outdate(self, keys: Sequence[str], now: Instant) -> None:
        """These are no longer true: nobody needs to read them."""
        ...

    def due_reminders(self, until: Instant, limit: int) -> list[Reminder]:
        """Those whose time has come, soonest first."""
        ...

    def forget_reminders(self, reminders: Sequence[Reminder]) -> None:
        """These have been seen to."""
        ...

    def next_reminder(self) -> Instant | None:
        """When the next is due."""
        ...

    def forget_recipients(self, recipients: Sequence[str]) -> None:
        """Forget what these (`buyer:ann`) were told and are to be reminded of."""
        ...

    def forget_before(self, before: Instant) -> int:
        """Forget notices from before, a portion at a time; how many."""
        ...


class Wishes(Protocol):
    """Which letters people do not want. Safe from any thread; raises StoreUnavailable."""

    def unwanted(self, people: Sequence[str]) -> dict[str, frozenset[Kind]]:
        """The kinds of which each of these people (ids without a role) wants no letters."""
        ...

    def set_unwanted(self, person: str, kinds: frozenset[Kind]) -> None:
        """From now on this person wants no letters of these kinds, and all others."""
        ...

    def unsubscribe(self, person: str, kind: Kind) -> None:
        """This person wants no more letters of this kind."""
        ...


def recipient_of(role: Role, person: str) -> str:
    """A recipient: a person in one role."""
    return f"{role.value}:{person}"


def actor_of(recipient: str) -> Actor:
    """The person and the role of a recipient."""
    role, _, person = recipient.partition(":")
    return Actor(Role(role), PersonId(person))
