"""Lists of orders with tabs, counts, search and pages: one way for buyers, sellers and staff."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from fairhold.access import whose
from fairhold.domain.actors import Role
from fairhold.domain.order import Order
from fairhold.domain.status import Tab
from fairhold.engine.reading.orders import Page, TabCounts
from fairhold.web.views.parts import Empty, Link, Pager
from fairhold.web.views.parts import Tab as TabView
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_

PER_PAGE = 10
_TURNS = {
    Role.BUYER: (Tab.AWAITING_CONFIRMATION, Tab.AWAITING_PAYMENT, Tab.IN_DISPUTE),
    Role.SELLER: (Tab.AWAITING_SHIPMENT, Tab.IN_DISPUTE),
}


class Listing(NamedTuple):
    """A page of a list, ready to show."""

    orders: tuple[Order, ...]
    tabs: tuple[TabView, ...]
    tab: str
    search: str
    pager: Pager
    empty: Empty | None


def listing(visit: Visit, path: str, names: Mapping[Tab, str]) -> Listing:
    """The orders that the address asks for: `?status=`, `?q=`, `?before=` and `?after=`."""
    actor, queries = visit.who(), visit.site.queries
    buyer, seller = whose(actor)
    tab = next((known for known in names if known.value == visit.query("status", 40)), None)
    search = visit.query("q", 100)
    page = queries.list_orders(
        buyer=buyer,
        seller=seller,
        tab=tab,
        search=search,
        older_than=visit.query("before", 40) or None,
        newer_than=visit.query("after", 40) or None,
        limit=PER_PAGE,
    )
    counts = queries.tab_counts(buyer=buyer, seller=seller)
    return Listing(
        orders=page.items,
        tabs=_tabs(visit, path, names, counts, tab),
        tab=tab.value if tab else "",
        search=search,
        pager=_pager(visit, path, page, tab, search),
        empty=None if page.items else _empty(visit, path, tab, search),
    )


def _tabs(
    visit: Visit, path: str, names: Mapping[Tab, str], counts: TabCounts, current: Tab | None
) -> tuple[TabView, ...]:
    turns = _TURNS.get(visit.who().role, ())
    numbers, at_least = counts
    found = [TabView(visit.say(N_("All")), path, numbers[None], current is None, more=None in at_least)]
    for tab, name in names.items():
        if tab is Tab.IN_DISPUTE and not numbers[tab] and tab is not current:
            continue
        url = f"{path}?{urlencode({'status': tab.value})}"
        turn, more = tab in turns, tab in at_least
        found.append(TabView(visit.say(name), url, numbers[tab], tab is current, turn, more))
    return tuple(found)


def _pager(visit: Visit, path: str, page: Page, tab: Tab | None, search: str) -> Pager:
    asked = {"status": tab.value if tab else "", "q": search}
    kept = {name: value for name, value in asked.items() if value}

    def url(name: str, cursor: str | None) -> str:
        return f"{path}?{urlencode({**kept, name: cursor})}" if cursor else ""

    count = len(page.items)
    shown = visit.reader.words.ngettext("%(num)d order shown", "%(num)d orders shown", count)
    return Pager(newer=url("after", page.newer), older=url("before", page.older), shown=shown)


_EMPTY = {
    Role.BUYER: {
        None: (
            "parcel",
            N_("You have no orders yet"),
            N_("What you buy on the marketplace appears here, with the money held by us."),
        ),
        Tab.AWAITING_CONFIRMATION: (
            "parcel",
            N_("Nothing to check yet"),
            N_("When the carrier says that the parcel is with you, the order appears here."),
        ),
        Tab.IN_DISPUTE: (
            "chat",
            N_("No disputes"),
            N_("When something is wrong with the goods, the money stays with us until it is settled."),
        ),
        Tab.AWAITING_PAYMENT: ("wallet", N_("Nothing to pay"), N_("Orders that wait for your payment appear here.")),
        Tab.AWAITING_SHIPMENT: (
            "parcel",
            N_("Nothing is being prepared"),
            N_("Paid orders that the seller has not shipped yet appear here."),
        ),
        Tab.SHIPPED: (
            "truck",
            N_("Nothing is on its way"),
            N_("Orders that were shipped and not confirmed yet appear here."),
        ),
    },
    Role.SELLER: {
        None: ("shop", N_("No orders yet"), N_("What buyers order from you appears here.")),
        Tab.AWAITING_SHIPMENT: ("ok", N_("Everything is shipped"), N_("Paid orders that wait for you appear here.")),
    },
}
_ELSE = ("parcel", N_("There is nothing here"), N_("No order is in this state now."))


def _empty(visit: Visit, path: str, tab: Tab | None, search: str) -> Empty:
    if search:
        title = visit.say(N_("No orders found for “%(search)s”"), search=search)
        text = visit.say(N_("Check the spelling or search by the order's number."))
        return Empty("search", title, text, Link(visit.say(N_("Reset the search")), path))
    icon, title, text = _EMPTY.get(visit.who().role, {}).get(tab, _ELSE)
    link = Link(visit.say(N_("All orders")), path) if tab else None
    if link is None and visit.who().role is Role.BUYER and visit.site.has_shop:
        link = Link(visit.say(N_("To the shop")), "/shop", main=True)
    return Empty(icon, visit.say(title), visit.say(text), link)
