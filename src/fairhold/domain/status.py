"""What an order is called: the headline by precedence, line statuses, and the tabs of lists. All of it derived."""

from enum import StrEnum

from fairhold.domain.ids import LineId
from fairhold.domain.order import OPEN_STATES, Order, ParcelStatus, PaymentState, Portion, PortionState


class Status(StrEnum):
    """An order's headline, in order of precedence; the last three are for orders with nothing open."""

    AWAITING_PAYMENT = "awaiting_payment"
    IN_DISPUTE = "in_dispute"
    AWAITING_SHIPMENT = "awaiting_shipment"
    AWAITING_DELIVERY = "awaiting_delivery"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    SETTLING = "settling"
    COMPLETED = "completed"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class Tab(StrEnum):
    """The tabs of «My orders» (S9): predicates over portions, so an order can stand in two."""

    AWAITING_PAYMENT = "awaiting_payment"
    IN_DISPUTE = "in_dispute"
    AWAITING_SHIPMENT = "awaiting_shipment"
    AWAITING_DELIVERY = "awaiting_delivery"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    SETTLING = "settling"
    COMPLETED = "completed"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    SHIPPED = "shipped"
    CLOSED = "closed"


TAB_BITS: dict[Tab, int] = {tab: 1 << position for position, tab in enumerate(Tab)}
"""Each tab's bit in the mask that lists store; the order of `Tab` is therefore fixed."""

_PRECEDENCE = tuple(Status)[:6]


def is_sent(order: Order, portion: Portion) -> bool:
    """Whether these units are with a carrier or with the buyer: shipped, and not back at the sender (S17)."""
    shipment = order.shipment(portion.shipment)
    return shipment is not None and shipment.status is not ParcelStatus.RETURNED_TO_SENDER


def stage(order: Order, portion: Portion) -> Status | None:
    """The headline that this portion alone would give; None where nothing is open on it."""
    if portion.state is PortionState.CONFIRMED:
        return Status.SETTLING
    if portion.state is PortionState.DISPUTED:
        return Status.IN_DISPUTE
    if portion.state is not PortionState.HELD:
        return None
    if order.payment is PaymentState.AWAITED:
        return Status.AWAITING_PAYMENT
    if not is_sent(order, portion):
        return Status.AWAITING_SHIPMENT
    return Status.AWAITING_DELIVERY if portion.window_ends is None else Status.AWAITING_CONFIRMATION


def stages(order: Order) -> frozenset[Status]:
    """Every stage that some portion of the order is in."""
    return frozenset(found for portion in order.portions if (found := stage(order, portion)))


def _closing(order: Order) -> Status:
    if order.money.released or order.money.fee:
        return Status.COMPLETED
    if any(portion.state is PortionState.SETTLED for portion in order.portions):
        return Status.COMPLETED
    return Status.REFUNDED if order.money.refunded else Status.CANCELLED


def headline(order: Order) -> Status:
    """The order's status by DOMAIN's precedence."""
    open_stages = stages(order)
    return next((status for status in _PRECEDENCE if status in open_stages), None) or _closing(order)


def is_open(order: Order) -> bool:
    """Whether anything of the order is undecided."""
    return any(portion.state in OPEN_STATES for portion in order.portions)


def tabs(order: Order) -> frozenset[Tab]:
    """The tabs this order stands in."""
    open_stages = stages(order)
    if not open_stages:
        return frozenset({Tab(_closing(order).value), Tab.CLOSED})
    found = {Tab(status.value) for status in open_stages}
    if open_stages & {Status.AWAITING_DELIVERY, Status.AWAITING_CONFIRMATION}:
        found.add(Tab.SHIPPED)
    return frozenset(found)


def tab_mask(found: frozenset[Tab]) -> int:
    """The bits of these tabs together."""
    return sum(TAB_BITS[tab] for tab in found)


_LINE_PRECEDENCE = (
    PortionState.DISPUTED,
    PortionState.HELD,
    PortionState.CONFIRMED,
    PortionState.SETTLED,
    PortionState.REFUNDED,
    PortionState.CANCELLED,
)


def line_status(order: Order, line: LineId) -> PortionState:
    """The first state, by the contract's precedence, that some portion of the line is in."""
    found = {portion.state for portion in order.portions if portion.line == line}
    return next(state for state in _LINE_PRECEDENCE if state in found)


def portion_counts(order: Order, line: LineId) -> dict[str, int]:
    """How many units of the line are in which state."""
    counts: dict[str, int] = {}
    for portion in order.portions:
        if portion.line == line:
            counts[portion.state.value] = counts.get(portion.state.value, 0) + portion.quantity
    return counts
