"""When people are reminded of what an order waits for: derived from its deadlines whenever it changes.

The rows are a projection: of each change of an order its own are written anew, and before one is told the order is asked
whether the deadline is still there. So nobody is reminded of what has been done.
"""

from collections.abc import Iterator

from fairhold.domain.actors import Role
from fairhold.domain.coming import Because, Deadline
from fairhold.domain.deadlines import deadlines
from fairhold.domain.instants import Duration, Instant, days, hours
from fairhold.domain.order import Order
from fairhold.domain.review import SIDES
from fairhold.domain.reviewing import barred, completed_at, is_reviewable, review_by, reviews_end
from fairhold.engine.notices.facts import Facts
from fairhold.engine.notices.notifying import person_of, reminder_notice
from fairhold.engine.notices.tellings import Topic
from fairhold.engine.ports.notices import Kind, Notice, Reminder, Stands, actor_of, recipient_of

_WEEK = (days(7), days(3), days(1))
_SHORT = (days(3), days(1))

LEADS: dict[Because, tuple[Duration, ...]] = {
    Because.NOT_PAID: (hours(6),),
    Because.NOT_SHIPPED: _SHORT,
    Because.RETURNED_TO_SENDER: _SHORT,
    Because.DELIVERED: _WEEK,
    Because.SHIPPED: _WEEK,
    Because.SHIPPED_LAPSE_EXTENDS: _WEEK,
    Because.SHIPPED_LAPSE_DISPUTES: _WEEK,
    Because.PROVIDER_LIMIT: _WEEK,
    Because.DEMANDED: _SHORT,
    Because.OFFERED: (days(1),),
    Because.NEGOTIATED: _SHORT,
    Because.RULED: _SHORT,
    Because.RETURN_AGREED: _SHORT,
    Because.SENT_BACK: _SHORT,
    Because.RESEND_AGREED: _SHORT,
    Because.CLAIMED: _SHORT,
    Because.EXTENSION_ASKED: (days(1),),
    # Until then reviews can be written, and whoever has written none is reminded of that, see `REVIEW_LEADS`.
    Because.REVIEWS_OPEN: (),
    # Nobody outside can do anything about these, and the staff has them in its queues.
    Because.CONFIRMED: (),
    Because.ACCIDENT_REPORTED: (),
    Because.ACCIDENT_SETTLES: (),
    Because.ACCIDENT_OVERDUE: (),
    Because.EXTENSION_WITH_SUPPORT: (),
    Because.CLAIM_OVERDUE: (),
    Because.UNDECIDED: (),
    Because.DISPUTE_PROVIDER_LIMIT: (),
    Because.BANK_DECIDES: (),
}
"""How long before a deadline whoever is expected to act is reminded."""

REVIEW_LEADS = (days(7), days(1))
"""How long before the end of the time for reviews a buyer who wrote none is reminded."""

ASK_AFTER = days(3)
"""So long after the first of a deal is completed its two sides are asked for a review (S31), unless they wrote one."""
_ASKED = Duration(0)
"""The lead of a reminder that asks for a review: it counts from the beginning."""


def reminders_of(order: Order, since: Instant) -> list[Reminder]:
    """Everything that people are to be reminded of after `since`."""
    found = [
        Reminder(order.id, recipient, _stands(deadline), lead, Instant(deadline.at - lead))
        for deadline in deadlines(order)
        for recipient in _expected(order, deadline)
        for lead in LEADS[deadline.because]
    ]
    for side in _may_review(order):
        found += _of_review(order, recipient_of(side, person_of(order, side)))
    return [reminder for reminder in found if reminder.due_at > since]


def _stands(deadline: Deadline) -> Stands:
    return Stands(deadline.because, deadline.at, deadline.dispute or "")


def _expected(order: Order, deadline: Deadline) -> Iterator[str]:
    """Who is expected to act, as far as it is somebody whom we know by name."""
    if deadline.owner in SIDES:
        yield recipient_of(deadline.owner, person_of(order, deadline.owner))
    elif deadline.owner is Role.MEDIATOR:
        dispute = order.dispute(deadline.dispute)
        if dispute is not None and dispute.mediator is not None:
            yield recipient_of(Role.MEDIATOR, dispute.mediator)


def _may_review(order: Order) -> list[Role]:
    """The sides that can still write a review and have written none."""
    if order.reviews_closed or not is_reviewable(order):
        return []
    return [side for side in SIDES if review_by(order, side) is None and barred(order, side) is None]


def _has_said_nothing(order: Order, side: Role) -> bool:
    """Whether the side could still review the order, as far as itself is concerned.

    Not whether the time for it has been closed: that happens only where the other side wrote, be it anonymously, of which
    nobody is told beside its order (S32). When the time is over, the notice has passed by itself.
    """
    own = review_by(order, side)
    return is_reviewable(order) and (own is None or own.automatic) and barred(order, side) is None


def _of_review(order: Order, recipient: str) -> Iterator[Reminder]:
    """That a review is asked for, and that the time for it, which is a deadline only once the other side wrote, ends."""
    completed = [at for portion in order.portions if (at := completed_at(order, portion)) is not None]
    asked_at = Instant(min(completed) + ASK_AFTER)
    yield Reminder(order.id, recipient, Stands(Because.REVIEWS_OPEN, Instant(0)), _ASKED, asked_at)
    ends = reviews_end(order)
    # A seller has a deal a minute, and is asked for each of them once.
    if ends is not None and actor_of(recipient).role is Role.BUYER:
        for lead in REVIEW_LEADS:
            yield Reminder(order.id, recipient, Stands(Because.REVIEWS_OPEN, ends), lead, Instant(ends - lead))


def told(order: Order, reminder: Reminder, now: Instant) -> Notice | None:
    """What the person is told now; None where there is nothing left to remind them of."""
    if reminder.stands.because is Because.REVIEWS_OPEN:
        return _told_of_review(order, reminder, now)
    found = next((one for one in deadlines(order) if _stands(one) == reminder.stands and one.at > now), None)
    if found is None or reminder.recipient not in _expected(order, found):
        return None
    facts: Facts = {"lead": reminder.lead, "until": found.at, "because": found.because.value, "sum": found.amount}
    facts |= {"dispute": found.dispute} if found.dispute else {}
    return reminder_notice(
        order, reminder.recipient, Topic.REMINDER, _kind(found), reminder.due_at, facts, reminder.stands
    )


def _told_of_review(order: Order, reminder: Reminder, now: Instant) -> Notice | None:
    recipient, stands = reminder.recipient, reminder.stands
    if actor_of(recipient).role not in _may_review(order):
        return None
    if reminder.lead == _ASKED:
        ends = reviews_end(order)
        until = None if ends is None else Stands(Because.REVIEWS_OPEN, ends)
        return reminder_notice(order, recipient, Topic.REVIEW_ASKED, Kind.REVIEWS, reminder.due_at, {}, until)
    if stands.at != reviews_end(order) or stands.at <= now:
        return None
    facts: Facts = {"lead": reminder.lead, "until": stands.at, "because": stands.because.value}
    return reminder_notice(order, recipient, Topic.REMINDER, Kind.REVIEWS, reminder.due_at, facts, stands)


def _kind(deadline: Deadline) -> Kind:
    return Kind.DISPUTES if deadline.dispute else Kind.MONEY


def is_current(notice: Notice, order: Order) -> bool:
    """Whether what the notice says is still to come, or still to be done."""
    asks = notice.topic == Topic.REVIEW_ASKED
    if asks or (notice.stands is not None and notice.stands.because is Because.REVIEWS_OPEN):
        return _has_said_nothing(order, actor_of(notice.recipient).role)
    return notice.stands is None or notice.stands.holds(deadlines(order))
