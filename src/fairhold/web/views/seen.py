"""What a device may remember of an order for when there is no network: little, read-only, and without a sum or a name."""

import json
from collections.abc import Iterable

from fairhold.domain.coming import Deadline
from fairhold.web.views.clocks import ahead_of, leading
from fairhold.web.views.pills import pill_of
from fairhold.web.views.sight import Sight
from fairhold.words import dates
from fairhold.words.catalog import N_
from fairhold.words.deadlines import title

_LONGEST = 120


def seen_of(sight: Sight) -> str:
    """The order's number, title, status, next date and the moment of now, as JSON for the page's own script.

    The date is absolute: a length of time that was left would be wrong the minute after.
    """
    order, reader, now = sight.order, sight.reader, sight.now
    more = len(order.lines) - 1
    name = sight.title(order.lines[0])
    if len(name) > _LONGEST:
        name = f"{name[: _LONGEST - 1]}…"
    if more:
        others = reader.words.ngettext("and %(num)d more item", "and %(num)d more items", more)
        name = f"{name} {others}"
    found = _next(sight, ahead_of(order))
    zone = dates.zone_name(reader)
    seen = {
        "id": order.id,
        "number": sight.number,
        "title": name,
        "status": pill_of(sight).text,
        "at": dates.to_the_second(now),
        "seen": sight.say(N_("Seen on %(moment)s, %(zone)s"), moment=sight.moment(now), zone=zone),
    }
    if found is not None:
        seen["ends"] = dates.to_the_second(found.at)
        seen["due"] = f"{title(found, reader)}: {sight.moment(found.at)}"
    return json.dumps(seen, ensure_ascii=False)


def _next(sight: Sight, ahead: Iterable[Deadline]) -> Deadline | None:
    """The deadline that the order's page begins with."""
    return leading(sight, [found for found in ahead if found.chargeback is None])
