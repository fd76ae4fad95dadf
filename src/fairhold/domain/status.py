"""What an order is called: the headline by precedence, line statuses, and the tabs of lists. All of it derived."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from fairhold.domain.ids import LineId
from fairhold.domain.instants import Duration, Instant, after
from fairhold.domain.order import OPEN_STATES, Order, ParcelStatus, PaymentState, Portion, PortionState
from fairhold.domain.payment import AttemptState


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
    REFUND_RETURNED = "refund_returned"
    """A refund came back, and waits for a person."""


TAB_BITS: dict[Tab, int] = {tab: 1 << position for position, tab in enumerate(Tab)}
"""Each tab's bit in the mask that lists store; the order of `Tab` is therefore fixed."""

_PRECEDENCE = tuple(Status)[:6]
_OPEN = frozenset(_PRECEDENCE)


def is_sent(order: Order, portion: Portion) -> bool:
    """Whether these units are with a carrier or with the buyer: shipped, and not back at the sender (S17)."""
    if portion.shipment is None:
        return False
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
    found = {stage(order, portion) for portion in order.portions}
    found.discard(None)
    return frozenset(found)  # type: ignore[arg-type]  # None was just taken out


def _closing(order: Order) -> Status:
    if order.money.released or order.money.fee:
        return Status.COMPLETED
    if any(portion.state is PortionState.SETTLED for portion in order.portions):
        return Status.COMPLETED
    return Status.REFUNDED if order.money.refunded else Status.CANCELLED


def headline(order: Order) -> Status:
    """The order's status by DOMAIN's precedence."""
    return _headline(order, stages(order))


def _headline(order: Order, open_stages: frozenset[Status]) -> Status:
    for status in _PRECEDENCE:
        if status in open_stages:
            return status
    return _closing(order)


def is_open(order: Order) -> bool:
    """Whether anything of the order is undecided."""
    return any(portion.state in OPEN_STATES for portion in order.portions)


def tabs(order: Order) -> frozenset[Tab]:
    """The tabs this order stands in."""
    found = _tabs(stages(order) or frozenset({_closing(order)}))
    return found | {Tab.REFUND_RETURNED} if _refund_waits(order) else found


def _refund_waits(order: Order) -> bool:
    return any(refund.waits for refund in order.refunds)


@cache
def _tabs(reached: frozenset[Status]) -> frozenset[Tab]:
    """The tabs of an order whose open portions, or which as a whole, reached these stages."""
    found = {Tab(status.value) for status in reached}
    if reached & {Status.AWAITING_DELIVERY, Status.AWAITING_CONFIRMATION}:
        found.add(Tab.SHIPPED)
    if not reached & _OPEN:
        found.add(Tab.CLOSED)
    return frozenset(found)


def tab_mask(found: frozenset[Tab]) -> int:
    """The bits of these tabs together."""
    return sum(TAB_BITS[tab] for tab in found)


class Standing(NamedTuple):
    """What an order is called and in which tabs it stands, as bits."""

    status: Status
    tabs: int


def standing(order: Order) -> Standing:
    """Headline and tabs, from one look at the order."""
    open_stages = stages(order)
    status = _headline(order, open_stages)
    mask = _mask(open_stages or frozenset({status}))
    return Standing(status, mask | TAB_BITS[Tab.REFUND_RETURNED] if _refund_waits(order) else mask)


@cache
def _mask(reached: frozenset[Status]) -> int:
    return tab_mask(_tabs(reached))


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
    return status_of([portion for portion in order.portions if portion.line == line])


def status_of(portions: Sequence[Portion]) -> PortionState:
    """As `line_status`, for the portions of one line."""
    if len(portions) == 1:
        return portions[0].state
    found = {portion.state for portion in portions}
    return next(state for state in _LINE_PRECEDENCE if state in found)


def portion_counts(order: Order, line: LineId) -> dict[str, int]:
    """How many units of the line are in which state."""
    return counts_of(portion for portion in order.portions if portion.line == line)


def counts_of(portions: Iterable[Portion]) -> dict[str, int]:
    """As `portion_counts`, for the portions of one line."""
    counts: dict[str, int] = {}
    for portion in portions:
        state = portion.state.value
        counts[state] = counts.get(state, 0) + portion.quantity
    return counts


def ceiling_of(order: Order) -> Instant | None:
    """Until when the payment provider can hold the order's money: as the policy knows it, or sooner as the provider says."""
    if order.paid_at is None:
        return None
    ceiling = _own_ceiling(order) if order.attempts else order.terms.ceiling
    return None if ceiling is None else after(order.paid_at, ceiling)


def _own_ceiling(order: Order) -> Duration | None:
    paid = [attempt.ceiling for attempt in order.attempts if attempt.state is AttemptState.PAID]
    return min([ceiling for ceiling in (*paid, order.terms.ceiling) if ceiling is not None], default=None)


def is_late(order: Order, portion: Portion, now: Instant) -> bool:
    """S20: past the promised day, or past the policy's usual time since shipping, and not delivered before."""
    shipment = order.shipment(portion.shipment)
    if shipment is None:
        return False
    promised = order.promised_by or after(shipment.shipped_at, order.terms.late_after)
    return now > promised and (shipment.delivered_at is None or shipment.delivered_at > promised)
