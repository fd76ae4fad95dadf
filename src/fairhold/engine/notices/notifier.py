"""Tells people: listens to what happens to orders, and goes through the reminders that are due.

Both only note down; whoever reads the inbox and the post office do the rest. What was noted is noted once, as every
notice has a key that follows from what it says.
"""

from collections.abc import Callable, Sequence

from fairhold.domain.ids import OrderId
from fairhold.domain.instants import DAY, HOUR, Duration, Instant
from fairhold.domain.order import Order
from fairhold.engine.installation.clock import Clock
from fairhold.engine.kernel.news import Turn
from fairhold.engine.notices.notifying import notices_of
from fairhold.engine.notices.reminders import is_current, reminders_of, told
from fairhold.engine.ports.contacts import Contact, Contacts
from fairhold.engine.ports.mail import Mail
from fairhold.engine.ports.notices import ABOUT_MONEY, Kind, Notice, NoticeBoard, Reminder, Wishes, actor_of

NOTICE = "notice"
"""The template of letters that tell what a notice says; their one value names the notice."""
KEPT = Duration(400 * DAY)
"""How long what people were told stays in their inbox."""
_ROUND = 200


class Notifier:
    """Notes down who is to be told what. Safe from any thread, and from several processes at once."""

    name = "notices"

    def __init__(
        self,
        board: NoticeBoard,
        contacts: Contacts,
        wishes: Wishes,
        order: Callable[[OrderId], Order | None],
        clock: Clock,
        on_mail: Callable[[], None] = lambda: None,
    ) -> None:
        self._board = board
        self._contacts = contacts
        self._wishes = wishes
        self._order = order
        self._clock = clock
        self._on_mail = on_mail
        self._forget_at = Instant(0)

    def hear(self, turns: Sequence[Turn]) -> None:
        """Note down what follows from these. Raises StoreUnavailable."""
        orders = {turn.order.id: turn.order for turn in turns}
        self._outdate(orders)
        self.tell([notice for turn in turns for notice in notices_of(turn.order, turn.events)])
        reminders = [
            reminder for turn in turns if turn.events for reminder in reminders_of(turn.order, turn.events[-1][1].at)
        ]
        self._board.replace_reminders(list(orders), reminders)

    def tell(self, notices: Sequence[Notice]) -> None:
        """Put these into their readers' inboxes, and letters about them into the queue. Raises StoreUnavailable."""
        if notices:
            mails = self._letters(notices)
            self._board.note(notices, mails)
            if mails:
                self._on_mail()

    def remind(self, until: Instant) -> int:
        """Remind of what is due by `until`; how many reminders were looked at. Raises StoreUnavailable."""
        done = 0
        while due := self._board.due_reminders(until, _ROUND):
            self.tell([notice for reminder in due if (notice := self._reminded(reminder, until)) is not None])
            self._board.forget_reminders(due)
            done += len(due)
        self._forget(until)
        return done

    def next_reminder(self) -> Instant | None:
        """When the next is due. Raises StoreUnavailable."""
        return self._board.next_reminder()

    def _reminded(self, reminder: Reminder, until: Instant) -> Notice | None:
        order = self._order(reminder.order)
        return None if order is None else told(order, reminder, min(until, self._clock.now()))

    def _outdate(self, orders: dict[OrderId, Order]) -> None:
        gone = [
            notice.key
            for notice in self._board.standing(list(orders))
            if notice.order is not None and not is_current(notice, orders[notice.order])
        ]
        if gone:
            self._board.outdate(gone, self._clock.now())

    def _letters(self, notices: Sequence[Notice]) -> list[Mail]:
        people = {actor_of(notice.recipient).id for notice in notices}
        contacts = self._contacts.contacts(sorted(people))
        if not any(contact.email for contact in contacts.values()):
            return []
        unwanted = self._wishes.unwanted(sorted(contacts))
        found = []
        for notice in notices:
            contact = contacts.get(actor_of(notice.recipient).id)
            if contact is not None and wants(notice.kind, unwanted.get(contact.person, frozenset())):
                found += _letter(notice, contact)
        return found

    def _forget(self, now: Instant) -> None:
        if now >= self._forget_at:
            self._forget_at = Instant(now + HOUR)
            while self._board.forget_before(Instant(now - KEPT)):
                continue


def wants(kind: Kind, unwanted: frozenset[Kind]) -> bool:
    """Whether somebody gets letters of this kind, who turned off those of `unwanted`."""
    return kind in ABOUT_MONEY or kind not in unwanted


def _letter(notice: Notice, contact: Contact) -> list[Mail]:
    if contact.email is None:
        return []
    key = f"{NOTICE}/{notice.key}"
    return [Mail(key, contact.email, contact.person, contact.language, NOTICE, {"notice": notice.key}, notice.at)]
