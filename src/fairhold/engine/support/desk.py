"""The support desk: people and staff write to each other about an order, and what happens to the order is noted there."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from fairhold.domain.actors import STAFF, Actor, Role
from fairhold.domain.evidence import PhotoId
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import HOUR, Duration, Instant, after, between
from fairhold.domain.order import Order
from fairhold.domain.reasons import Reason, Refusal
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.news import Turn
from fairhold.engine.notices.notifying import about, key_of
from fairhold.engine.notices.tellings import Topic
from fairhold.engine.ports.notices import Kind, Notice
from fairhold.engine.ports.support import (
    Amended,
    Case,
    Counts,
    Entry,
    Message,
    Position,
    Shelf,
    SupportRows,
    position_of,
)
from fairhold.engine.support.news import MATTERS, entries_of, facts_of, opens

MESSAGES_AN_HOUR = 60
"""How many messages one person may write to support within an hour, over all orders."""
MOST_MESSAGES = 2000
"""After so many in one conversation nobody reads it any more."""
PAGE = 500

Woken = Callable[[OrderId, str], None]
"""Told of a conversation that has changed, from whatever thread changed it."""


Tell = Callable[[Sequence[Notice]], None]
"""Puts notices into people's inboxes, and letters about them into the queue."""


class TooManyMessages(NamedTuple):
    """This person has written as much as an hour may have, or the conversation as much as it can; one more after `wait`."""

    wait: Duration


class Chat(NamedTuple):
    """A conversation as somebody reads it; `case` is None where nobody has written yet."""

    case: Case | None
    messages: tuple[Message, ...]


class Page(NamedTuple):
    """A part of the queue; `last` is where it goes on, None where it does not."""

    items: tuple[Case, ...]
    last: Position | None


class SupportDesk:
    """All conversations of one installation; safe from any thread, and it may block. `an_hour`: None for any number.

    Who may read and write is the faces' to ask (`access.may_see_chat`). Raises StoreUnavailable.
    """

    def __init__(
        self,
        rows: SupportRows,
        clock: Clock,
        an_hour: int | None = MESSAGES_AN_HOUR,
        *,
        woken: Woken = lambda order, person: None,
        tell: Tell = lambda notices: None,
    ) -> None:
        self._rows = rows
        self._clock = clock
        self._an_hour = an_hour
        self._woken = woken
        self._tell = tell

    def chat(self, order: OrderId, person: str, after: int = 0) -> Chat:
        """What was said after number `after`."""
        case = self._rows.case(order, person)
        if case is None or case.messages <= after:
            return Chat(case, ())
        return Chat(case, tuple(self._rows.messages(order, person, after, PAGE)))

    def say(
        self,
        order: Order,
        person: str,
        by: Actor,
        text: str,
        *,
        photos: Sequence[PhotoId] = (),
        key: str,
        dry_run: bool = False,
    ) -> Case | TooManyMessages | Refusal | None:
        """Write a message; the same key and words once. Staff who answer a conversation that nobody has take it.

        None for a `dry_run` that would open the conversation.
        """
        own_key, staff = f"{by}:{key}", by.role in STAFF
        known = self._rows.message(order.id, person, own_key)
        if known is not None:
            same = (known.text, known.photos) == (text, tuple(photos))
            return self._rows.case(order.id, person) if same else Refusal(Reason.IDEMPOTENCY_KEY_REUSED)
        now = self._clock.now()
        full = self._full(order.id, person, by, now)
        if full is not None:
            return full
        if dry_run:
            return self._rows.case(order.id, person)
        entry = Entry(own_key, str(by), now, text, tuple(photos))

        def said(case: Case | None) -> Amended:
            found = case or self._opened(order, person, now)
            if staff:
                changed = found._replace(answered=found.messages + 1, asked_since=None)
                return Amended(changed._replace(claimed_by=found.claimed_by or str(by), changed_at=now), (entry,))
            changed = found._replace(asked_since=found.asked_since or now, seen=found.messages + 1)
            return Amended(changed._replace(changed_at=now), (entry,))

        written = self._amended(order.id, person, said)
        if staff and written is not None:
            self._tell([_answered(order, person, written.messages, now)])
        return written

    def take(self, order: OrderId, person: str, by: Actor) -> Case | None:
        """This member of staff sees to it, whoever did before; None where there is no conversation."""
        return self._amended(order, person, lambda case: case and Amended(case._replace(claimed_by=str(by))))

    def leave(self, order: OrderId, person: str, by: Actor) -> Case | None:
        """They do not any more; somebody else's stays theirs."""

        def left(case: Case | None) -> Amended | None:
            return Amended(case._replace(claimed_by=None)) if case and case.claimed_by == str(by) else None

        return self._amended(order, person, left)

    def note_seen(self, case: Case) -> None:
        """The person has read all of it."""
        if case.seen < case.messages:
            self._rows.amend(
                case.order, case.person, lambda now: now and Amended(now._replace(seen=max(now.seen, case.messages)))
            )

    def page(self, shelf: Shelf, staff: Actor, limit: int, after: Position | None = None) -> Page:
        """A tab of the queue, without what this member of staff has a part in themselves."""
        found = self._rows.queue(shelf, str(staff), limit + 1, after)
        shown = found[:limit]
        last = position_of(shown[-1]) if len(found) > limit else None
        return Page(tuple(case for case in shown if not concerns(case, staff)), last)

    def counts(self, staff: Actor) -> Counts:
        """How many conversations wait for support."""
        return self._rows.counts(str(staff))

    def cases_about(self, order: OrderId) -> list[Case]:
        """Both sides' conversations about an order, as far as there are any."""
        return self._rows.cases([order])

    def hear(self, turns: Sequence[Turn]) -> None:
        """What happened to orders: noted in the conversation, and whose turn it is now."""
        told = [turn for turn in turns if any(isinstance(event, MATTERS) for _, event in turn.events)]
        if not told:
            return
        known = {(case.order, case.person) for case in self._rows.cases([turn.order.id for turn in told])}
        for turn in told:
            person = buyer_of(turn.order)
            if (turn.order.id, person) in known or any(opens(event) for _, event in turn.events):
                self._hear(turn, person)

    def _hear(self, turn: Turn, person: str) -> None:
        order = turn.order

        def noted(case: Case | None) -> Amended:
            found = case or self._opened(order, person, turn.events[0][1].at)
            entries = entries_of(found, turn)
            if found.order_version > order.version:
                return Amended(found, entries)
            changed = facts_of(order)(found)._replace(order_version=order.version)
            by_staff = [entry for entry in entries if entry.by.partition(":")[0] in STAFF]
            if by_staff:
                changed = changed._replace(
                    answered=found.messages + len(entries),
                    asked_since=None,
                    claimed_by=found.claimed_by or by_staff[0].by,
                )
            if entries:
                changed = changed._replace(changed_at=max(found.changed_at, entries[-1].at))
            return Amended(changed, entries)

        self._amended(order.id, person, noted)

    def _amended(self, order: OrderId, person: str, change: Callable[[Case | None], Amended | None]) -> Case | None:
        changed = self._rows.amend(order, person, change)
        self._woken(order, person)
        return changed

    def _full(self, order: OrderId, person: str, by: Actor, now: Instant) -> TooManyMessages | None:
        case = self._rows.case(order, person)
        if case is not None and case.messages >= MOST_MESSAGES:
            return TooManyMessages(Duration(24 * HOUR))
        if self._an_hour is None or by.role in STAFF:
            return None
        oldest = self._rows.nth_newest(str(by), self._an_hour)
        if oldest is None or after(oldest, Duration(HOUR)) <= now:
            return None
        return TooManyMessages(between(now, after(oldest, Duration(HOUR))))

    @staticmethod
    def _opened(order: Order, person: str, now: Instant) -> Case:
        sides = (buyer_of(order), seller_of(order))
        other = sides[1] if person == sides[0] else sides[0]
        return Case(order.id, person, other, revision=0, opened_at=now, changed_at=now)


def _answered(order: Order, person: str, number: int, at: Instant) -> Notice:
    key = key_of(f"{order.id}/{Topic.SUPPORT_ANSWERED}/{number}", person)
    return Notice(key, person, Topic.SUPPORT_ANSWERED, Kind.CONVERSATION, order.id, at, about(order))


def buyer_of(order: Order) -> str:
    """The buyer, as conversations name them."""
    return f"{Role.BUYER.value}:{order.buyer}"


def seller_of(order: Order) -> str:
    """The seller, as conversations name them."""
    return f"{Role.SELLER.value}:{order.seller}"


def concerns(case: Case, staff: Actor) -> bool:
    """Whether this member of staff is one of the two sides: then they are not support here."""
    return staff.id in (case.person.partition(":")[2], case.other.partition(":")[2])
