"""A calendar file with the deadlines of one's order."""

from starlette.responses import Response

from fairhold.web.entering import own_url
from fairhold.web.views.calendar import entries_of
from fairhold.web.visits import Visit
from fairhold.words.icalendar import MEDIA_TYPE, calendar


def deadlines_file(visit: Visit) -> Response:
    """The file; where nothing is to come there is nothing to write, and the order page says so."""
    found = visit.order()
    sight = visit.sight(found)
    entries = entries_of(sight, own_url(visit))
    if not entries:
        return visit.go(sight.url)
    return Response(
        calendar(entries, visit.now, visit.reader.language.value),
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="order-{sight.number}.ics"',
            "Content-Language": visit.reader.language.value,
        },
        media_type=MEDIA_TYPE,
    )
