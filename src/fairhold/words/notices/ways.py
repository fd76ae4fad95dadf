"""Where a notice leads: the page on which its reader sees more and can act."""

from typing import NamedTuple

from fairhold.domain.actors import Role
from fairhold.engine.notices.tellings import Topic
from fairhold.engine.ports.notices import Notice, actor_of
from fairhold.words.catalog import N_

_ORDERS = {Role.BUYER: "/orders", Role.SELLER: "/selling/orders"}
_REVIEWS = {Role.BUYER: "/reviews", Role.SELLER: "/selling/reviews"}
_CASES = "/mediation/disputes"
_LISTS = {Role.BUYER: "/orders", Role.SELLER: "/selling"}

INBOXES = {Role.BUYER: "/inbox", Role.SELLER: "/selling/inbox", Role.MEDIATOR: "/mediation/inbox"}
"""The inboxes, by whose they are."""


class WayOn(NamedTuple):
    """A path of the pages, and what the link to it says."""

    path: str
    label: str


def way_on(notice: Notice) -> WayOn:
    """The one way on from a notice."""
    role, values = actor_of(notice.recipient).role, notice.values
    if role not in _ORDERS:
        return WayOn(f"{_CASES}/{values['dispute']}", N_("Open the dispute"))
    review = values.get("review")
    if review is not None:
        return WayOn(f"{_REVIEWS[role]}/{review}", N_("Open the review"))
    if notice.order is None:
        return WayOn(_LISTS[role], N_("Open the orders"))
    order = f"{_ORDERS[role]}/{notice.order}"
    if _asks_for_review(notice):
        return WayOn(f"{order}/review", N_("Write a review…"))
    dispute = values.get("dispute")
    if dispute is not None:
        number = str(dispute).rpartition("-d")[2]
        return WayOn(f"{order}/disputes/{number}", N_("Open the dispute"))
    return WayOn(order, N_("Open the order"))


def _asks_for_review(notice: Notice) -> bool:
    return notice.topic == Topic.REVIEW_ASKED or notice.values.get("because") == "reviews_open"


def is_to_be_checked(notice: Notice) -> bool:
    """Whether the buyer is to say if all is well with the goods: such letters open the page that asks just that."""
    due = notice.values.get("because") in ("delivered", "shipped", "shipped_lapse_extends", "shipped_lapse_disputes")
    return actor_of(notice.recipient).role is Role.BUYER and (notice.topic == Topic.DELIVERED or due)
