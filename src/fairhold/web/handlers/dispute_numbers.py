"""Disputes in numbers, over all sellers or of one, as pages with drawings made here."""

from starlette.responses import Response

from fairhold.domain.dispute_status import DISPUTE_TAB_BITS, DisputeTab
from fairhold.domain.instants import Instant, days
from fairhold.domain.status import TAB_BITS, Tab
from fairhold.engine.ports.disputes import DisputeQuery
from fairhold.web.handlers.mediator import office_of
from fairhold.web.views.desk_numbers import numbers_page, numbers_url, seller_rows
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_

SPANS = (30, 90, 365)
UNPAID = TAB_BITS[Tab.AWAITING_PAYMENT] | TAB_BITS[Tab.CANCELLED]
"""Orders in these tabs were never paid and cannot be disputed: the rate leaves them out."""
LOOKED_AT = 200
"""How many closed disputes, the latest, the list of sellers is made of."""


def numbers(visit: Visit) -> Response:
    """`?days=` of 30, 90 or 365, and `?seller=` for one seller."""
    office, disputes = office_of(visit), visit.site.queries.disputes
    asked = visit.query("days", 3)
    span = int(asked) if asked in {str(known) for known in SPANS} else 90
    named = visit.query("seller", 64)
    seller = named if named.isprintable() else ""
    since = Instant(max(0, visit.now - days(span)))
    found = disputes.numbers(since, visit.now, UNPAID, seller or None)
    closed = DisputeQuery(tab=DISPUTE_TAB_BITS[DisputeTab.CLOSED], seller=seller or None, limit=LOOKED_AT)
    lately = [row for row in disputes.list_disputes(closed).items if (row.closed_at or 0) >= since]
    sellers = () if seller else seller_rows(office, lately, span)
    return visit.show(
        "desk_numbers.html",
        page=numbers_page(office, found),
        spans=[
            (
                visit.reader.words.ngettext("%(num)d day", "%(num)d days", known),
                numbers_url(office, known, seller),
                known == span,
            )
            for known in SPANS
        ],
        days=span,
        seller=seller,
        seller_name=office.seller(seller) if seller else "",
        everybody=numbers_url(office, span),
        sellers=sellers,
        folder=office.folder,
        title=visit.say(N_("Disputes in numbers")),
    )
