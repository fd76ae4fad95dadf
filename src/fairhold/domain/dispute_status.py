"""Where a dispute stands in lists: whose turn it is and in which tabs. All of it derived."""

from enum import StrEnum

from fairhold.domain.actors import Role
from fairhold.domain.coming import Deadline, Kind
from fairhold.domain.deadlines import deadlines
from fairhold.domain.dispute import Dispute, DisputeState
from fairhold.domain.order import Order


class DisputeTab(StrEnum):
    """The tabs of lists of disputes; one can stand in several. Their order is fixed: lists store them as bits."""

    OPEN = "open"
    AWAITING_SELLER = "awaiting_seller"
    AWAITING_BUYER = "awaiting_buyer"
    AWAITING_RULING = "awaiting_ruling"
    OVERDUE = "overdue"
    RULED = "ruled"
    TRAVELLING = "travelling"
    CLOSED = "closed"
    APPEALED = "appealed"


DISPUTE_TAB_BITS: dict[DisputeTab, int] = {tab: 1 << position for position, tab in enumerate(DisputeTab)}

_RULING = frozenset({DisputeState.CLAIMED, DisputeState.APPEALED})
_GOODS = frozenset({DisputeState.RETURN_DUE, DisputeState.RETURNING, DisputeState.RESEND_DUE})
_TURNS = {Role.SELLER: DisputeTab.AWAITING_SELLER, Role.BUYER: DisputeTab.AWAITING_BUYER}


def dispute_deadlines(order: Order, dispute: Dispute) -> tuple[Deadline, ...]:
    """What happens to the dispute by itself, soonest first; nothing once it is closed."""
    return tuple(deadline for deadline in deadlines(order) if deadline.dispute == dispute.id)


def main_deadline(order: Order, dispute: Dispute) -> Deadline | None:
    """The deadline that moves the dispute on: an offer that merely expires comes beside it."""
    return next((one for one in dispute_deadlines(order, dispute) if one.kind is not Kind.OFFER), None)


def turn(order: Order, dispute: Dispute) -> Role | None:
    """Who is expected to act; nobody once it is closed."""
    deadline = main_deadline(order, dispute)
    return None if deadline is None else deadline.owner


def dispute_tabs(order: Order, dispute: Dispute) -> frozenset[DisputeTab]:
    """The tabs that the dispute stands in."""
    if not dispute.is_open:
        return frozenset({DisputeTab.CLOSED})
    found = {DisputeTab.OPEN}
    whose = turn(order, dispute)
    if whose in _TURNS:
        found.add(_TURNS[whose])
    if dispute.state in _RULING:
        found.add(DisputeTab.AWAITING_RULING)
    if dispute.overdue:
        found.add(DisputeTab.OVERDUE)
    if dispute.state is DisputeState.RULED:
        found.add(DisputeTab.RULED)
    if dispute.state is DisputeState.APPEALED:
        found.add(DisputeTab.APPEALED)
    if dispute.state in _GOODS:
        found.add(DisputeTab.TRAVELLING)
    return frozenset(found)


def dispute_tab_mask(found: frozenset[DisputeTab]) -> int:
    """The bits of these tabs together."""
    return sum(DISPUTE_TAB_BITS[tab] for tab in found)
