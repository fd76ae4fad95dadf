"""The deadlines of an order as entries of a calendar."""

from fairhold.access.reviews import version_for
from fairhold.domain.coming import Deadline
from fairhold.domain.instants import DAY, HOUR, Duration, Instant
from fairhold.web.views.clocks import ahead_of
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.deadlines import because, effect, title
from fairhold.words.icalendar import Entry

_ON_ONES_TURN = (DAY, Duration(2 * HOUR))
_OTHERWISE = (DAY,)
"""How long before a deadline the calendar rings: twice where it is the reader who is to act."""


def entries_of(sight: Sight, base: str) -> tuple[Entry, ...]:
    """What is to come, for the calendar of one side; `base` is the address of the pages, without a slash at its end.

    The end of the time for reviews is none of it: that it decides something would tell who has written one (S32).
    """
    return tuple(_entry(sight, deadline, base) for deadline in ahead_of(sight.order))


def _entry(sight: Sight, deadline: Deadline, base: str) -> Entry:
    reader, order, url = sight.reader, sight.order, f"{base}{sight.url}"
    what = title(deadline, reader)
    turn = deadline.owner is sight.actor.role
    return Entry(
        uid=_uid(sight, deadline),
        version=version_for(order, sight.actor),
        at=deadline.at,
        summary=sight.say(N_("%(what)s: order %(number)s"), what=what, number=sight.number),
        description="\n".join((because(deadline, reader), effect(order, deadline, reader), url)),
        url=url,
        alarms=tuple(
            lead for lead in (_ON_ONES_TURN if turn else _OTHERWISE) if Instant(deadline.at - lead) > sight.now
        ),
    )


def _uid(sight: Sight, deadline: Deadline) -> str:
    """The same while the deadline moves: it says what ends, not when."""
    about = deadline.dispute or deadline.chargeback
    if about is None and deadline.spans:
        first = min(deadline.spans, key=lambda span: (span.line, span.start))
        about = f"{first.line}-{first.start}"
    return f"{sight.order.id}-{deadline.kind}{f'-{about}' if about else ''}-{sight.actor.role}@fairhold"
