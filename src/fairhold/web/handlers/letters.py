"""What a link in a letter opens. It shows the order in short and signs nobody in: each deed asks for the buyer (S9)."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from fairhold.access import may_see_order
from fairhold.domain.actors import Actor, Role
from fairhold.web.views.letter import letter_of
from fairhold.web.views.parts import Link
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_

_HEADERS = {
    "Cache-Control": "no-store",
    # The address itself is what lets somebody look: no other site and no search engine is told.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def letter(visit: Visit) -> Response:
    """“All fine” or “something is wrong”, and nothing that happens by opening it."""
    linked = visit.site.links.read(visit.request.path_params["token"])
    if linked is None:
        raise HTTPException(404)
    if linked.expired:
        response = visit.show(
            "error.html",
            410,
            sign="clock",
            title=visit.say(N_("The link in this letter no longer works")),
            text=visit.say(N_("Links from letters work for 30 days. Sign in and open the order.")),
            link=Link(visit.say(N_("Open the order")), f"/orders/{linked.order}"),
        )
        response.headers.update(_HEADERS)
        return response
    buyer = Actor(Role.BUYER, linked.person)
    order = visit.site.queries.order(linked.order)
    if order is None or not may_see_order(buyer, order):
        raise HTTPException(404)
    signed_in = visit.person is not None
    page = letter_of(
        visit.sight(order, buyer),
        signed_in=signed_in,
        somebody_else=visit.person is not None and buyer not in visit.person.actors,
    )
    response = visit.show("letter.html", page=page)
    response.headers.update(_HEADERS)
    return response
