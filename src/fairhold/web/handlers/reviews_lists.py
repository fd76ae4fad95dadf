"""Manage reviews: those that are awaited from me, those that I left, those about me (S30)."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from fairhold.domain.actors import Role
from fairhold.domain.order import Order
from fairhold.domain.reasons import Refusal
from fairhold.engine.ports.reviews import StoredReview
from fairhold.engine.reading.reviews import LONGEST_PAGE, Awaiting, ReviewPage
from fairhold.web.handlers.reviews_reading import kept, review_of_path
from fairhold.web.views.parts import Empty, Link, Note, Pager
from fairhold.web.views.parts import Tab as TabView
from fairhold.web.views.reviews_form import BASES
from fairhold.web.views.reviews_lists import Kept, ListedReview, own_review, received_review
from fairhold.web.views.reviews_waiting import Awaited, awaited, one_main
from fairhold.web.views.sight import Sight
from fairhold.web.visits import Visit, status_of
from fairhold.words.catalog import N_

PER_PAGE = 10


class Tab(StrEnum):
    """The three lists; their values stand in addresses."""

    AWAITING = "awaiting"
    GIVEN = "given"
    RECEIVED = "received"


_NAMES = {
    Tab.AWAITING: N_("Awaiting my review"),
    Tab.GIVEN: N_("Active reviews"),
    Tab.RECEIVED: N_("Received"),
}

_SAID = {
    "published": (N_("The review is published."), N_("Thank you: it helps others to choose.")),
    "blind": (
        N_("The review is kept."),
        N_("It appears when the other side has written, too, or the time for reviews is over."),
    ),
    "held": (
        N_("Thank you. A moderator reads the review first."),
        N_("Until then only you see it. What was found is said below."),
    ),
    "revised": (N_("The review is revised."), N_("The new version is what others see.")),
    "replied": (N_("The reply is published."), ""),
    "reply_held": (N_("Thank you. A moderator reads the reply first."), N_("Until then only you see it.")),
    "contested": (N_("Another moderator has been asked."), N_("What that moderator decides stands.")),
}
"""What has just happened, for `?done=`."""


class Listing(NamedTuple):
    """A page of one of the lists, ready to show."""

    tab: Tab
    tabs: tuple[TabView, ...]
    awaited: tuple[Awaited, ...]
    reviews: tuple[ListedReview, ...]
    pager: Pager
    empty: Empty | None


def reviews(visit: Visit) -> Response:
    """One's reviews, by the tab that the address names."""
    return show_list(visit, visit.query("tab", 20))


def show_list(visit: Visit, tab: str, note: Note | None = None, status: int = 200) -> Response:
    """A list, with what just happened where something did."""
    said = _SAID.get(visit.query("done", 20)) if note is None else None
    if said:
        note = Note(visit.say(said[0]), visit.say(said[1]) if said[1] else "", "safe", "ok")
    current = next((known for known in Tab if known.value == tab), Tab.AWAITING)
    return visit.show("reviews.html", status, list=_listing(visit, current), note=note, base=BASES[visit.who().role])


def one(visit: Visit) -> Response:
    """One review alone, in the list that it belongs to."""
    row, found, review = review_of_path(visit)
    mine = review.by is visit.who().role
    whole = kept(visit, row, found)
    assert whole is not None, "the path names it"
    tab = Tab.GIVEN if mine else Tab.RECEIVED
    waiting = visit.site.queries.reviews.awaiting(visit.who(), limit=LONGEST_PAGE)
    shown = (own_review if mine else received_review)(visit.sight(found), whole)
    alone = Listing(tab, _tabs(visit, tab, waiting), (), (shown,), Pager("", "", ""), None)
    return visit.show("reviews.html", list=alone, note=None, base=BASES[visit.who().role])


def refused(visit: Visit, refusal: Refusal, tab: Tab) -> Response:
    """A list, with why nothing was done."""
    return show_list(visit, tab.value, visit.refusal_note(refusal), status_of(refusal))


def _listing(visit: Visit, tab: Tab) -> Listing:
    queries, actor = visit.site.queries.reviews, visit.who()
    behind, ahead = visit.query("before", 60) or None, visit.query("after", 60) or None
    orders: tuple[Order, ...] = ()
    found: tuple[ListedReview, ...] = ()
    newer = older = None
    # What is awaited is looked for among many orders: once for the count and for the first page.
    waiting = queries.awaiting(actor, limit=LONGEST_PAGE)
    match tab:
        case Tab.AWAITING:
            further = waiting if behind is None else queries.awaiting(actor, older_than=behind, limit=PER_PAGE)
            orders = further.items[:PER_PAGE]
            older = orders[-1].id if len(further.items) > PER_PAGE else further.older
        case Tab.GIVEN:
            page = queries.by(actor, behind=behind, ahead=ahead, limit=PER_PAGE)
            found, newer, older = _shown(visit, page, own_review), page.back, page.further
        case Tab.RECEIVED:
            page = queries.about(actor.role, actor.id, behind=behind, ahead=ahead, limit=PER_PAGE)
            found, newer, older = _shown(visit, page, received_review), page.back, page.further
    count = len(orders) + len(found)
    return Listing(
        tab=tab,
        tabs=_tabs(visit, tab, waiting),
        awaited=one_main(awaited(visit.sight(order)) for order in orders),
        reviews=found,
        pager=_pager(visit, tab, newer, older, count, first=behind is None and ahead is None),
        empty=None if count else _empty(visit, tab),
    )


def _shown(visit: Visit, page: ReviewPage, view: Callable[[Sight, Kept], ListedReview]) -> tuple[ListedReview, ...]:
    found = (_one(visit, row, view) for row in page.items)
    return tuple(listed for listed in found if listed is not None)


def _one(visit: Visit, row: StoredReview, view: Callable[[Sight, Kept], ListedReview]) -> ListedReview | None:
    order = visit.site.queries.reviews.order_of(row)
    whole = kept(visit, row, order) if order is not None else None
    return view(visit.sight(order), whole) if order is not None and whole is not None else None


def _tabs(visit: Visit, current: Tab, waiting: Awaiting) -> tuple[TabView, ...]:
    """The tabs, each with how many there are, counted up to a hundred."""
    queries, actor = visit.site.queries.reviews, visit.who()
    given = queries.by(actor, limit=LONGEST_PAGE)
    received = queries.about(actor.role, actor.id, limit=LONGEST_PAGE)
    counts = {
        Tab.AWAITING: (len(waiting.items), waiting.older is not None),
        Tab.GIVEN: (len(given.items), given.further is not None),
        Tab.RECEIVED: (len(received.items), received.further is not None),
    }
    base = BASES[actor.role]
    return tuple(
        TabView(
            visit.say(_NAMES[tab]),
            base if tab is Tab.AWAITING else f"{base}?tab={tab.value}",
            counts[tab][0],
            tab is current,
            tab is Tab.AWAITING,
            counts[tab][1],
        )
        for tab in Tab
    )


def _pager(visit: Visit, tab: Tab, newer: str | None, older: str | None, count: int, *, first: bool) -> Pager:
    base = BASES[visit.who().role]

    def url(name: str, cursor: str | None) -> str:
        return f"{base}?{urlencode({'tab': tab.value, name: cursor})}" if cursor else ""

    # The list of orders has no way back but to its beginning.
    start = f"{base}?tab={tab.value}" if tab is Tab.AWAITING and not first else ""
    words = visit.reader.words
    shown = words.ngettext("%(num)d review shown", "%(num)d reviews shown", count)
    if tab is Tab.AWAITING:
        shown = words.ngettext("%(num)d order shown", "%(num)d orders shown", count)
    return Pager(newer=url("after", newer) or start, older=url("before", older), shown=shown)


_EMPTY = {
    Tab.AWAITING: (
        N_("No review is awaited from you"),
        N_("When a deal is completed, it appears here, and you have time to tell how it went."),
    ),
    Tab.GIVEN: (
        N_("You have left no reviews yet"),
        N_("What you write appears here, and what can be revised about it."),
    ),
    Tab.RECEIVED: (
        N_("Nobody has reviewed you yet"),
        N_("What the other side of a deal writes about you appears here, and you can reply."),
    ),
}


def _empty(visit: Visit, tab: Tab) -> Empty:
    role = visit.who().role
    orders = Link(visit.say(N_("My orders")), "/orders")
    if role is Role.SELLER:
        orders = Link(visit.say(N_("Orders")), "/selling")
    waiting = Link(visit.say(_NAMES[Tab.AWAITING]), BASES[role])
    title, text = _EMPTY[tab]
    link = waiting if tab is Tab.GIVEN else orders
    return Empty("star", visit.say(title), visit.say(text), link)
