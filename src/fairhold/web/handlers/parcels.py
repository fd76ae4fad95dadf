"""Operators: parcels that nobody reports on, and numbers that are nobody's."""

from starlette.responses import Response

from fairhold.web.views.parcel_desk import parcel_desk
from fairhold.web.visits import Visit


def watched(visit: Visit) -> Response:
    """What of tracking needs somebody."""
    watch = visit.site.parcels
    page = parcel_desk(watch.silent(), watch.unknown(), visit.now, visit.reader)
    return visit.show("desk_parcels.html", page=page)
