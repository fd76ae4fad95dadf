"""What happens next to an order if nobody acts: derived from it, never stored.

The earliest deadline is the column that the sweeper reads. Firing one removes it, so time always moves on.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from fairhold.domain.actors import Role
from fairhold.domain.events import Cause, Event, OrderCancelled, ProtectionExtended
from fairhold.domain.ids import LineId
from fairhold.domain.instants import Instant, after
from fairhold.domain.order import Order, PaymentState, Portion, PortionState, Span
from fairhold.domain.settlement import refund, release
from fairhold.domain.status import is_sent

BY_SYSTEM = "system"


class Kind(StrEnum):
    """The kinds of deadline, in the order in which those of one instant are applied."""

    PAYMENT = "payment"
    SETTLEMENT = "settlement"
    CONFIRMATION_WINDOW = "confirmation_window"
    PROTECTION = "protection"
    SHIPPING = "shipping"
    PROVIDER_CEILING = "provider_ceiling"


class Effect(StrEnum):
    """What a deadline does when it comes."""

    CANCEL = "cancel"
    RELEASE = "release"
    REFUND = "refund"
    EXTEND = "extend"


class Because(StrEnum):
    """Why a deadline is there."""

    NOT_PAID = "not_paid"
    NOT_SHIPPED = "not_shipped"
    RETURNED_TO_SENDER = "returned_to_sender"
    DELIVERED = "delivered"
    SHIPPED = "shipped"
    SHIPPED_LAPSE_EXTENDS = "shipped_lapse_extends"
    CONFIRMED = "confirmed"
    PROVIDER_LIMIT = "provider_limit"


class Deadline(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """At `at`, `effect` comes over `spans` (worth `amount` minor units) unless one of `stopped_by` is done.

    `owner` is expected to act.
    """

    kind: Kind
    at: Instant
    spans: tuple[Span, ...]
    amount: int
    owner: Role
    effect: Effect
    because: Because
    stopped_by: tuple[str, ...]

    @property
    def lines(self) -> tuple[LineId, ...]:
        """The lines concerned, each once."""
        return tuple(dict.fromkeys([span.line for span in self.spans]))


class _Rule(msgspec.Struct, frozen=True, gc=False):
    kind: Kind
    owner: Role
    effect: Effect
    stopped_by: tuple[str, ...]


_RULES: dict[Because, _Rule] = {
    Because.NOT_PAID: _Rule(Kind.PAYMENT, Role.BUYER, Effect.CANCEL, ("pay", "cancel")),
    Because.NOT_SHIPPED: _Rule(Kind.SHIPPING, Role.SELLER, Effect.REFUND, ("ship", "cancel")),
    Because.RETURNED_TO_SENDER: _Rule(Kind.SHIPPING, Role.SELLER, Effect.REFUND, ("ship",)),
    Because.DELIVERED: _Rule(Kind.CONFIRMATION_WINDOW, Role.BUYER, Effect.RELEASE, ("confirm_receipt",)),
    Because.SHIPPED: _Rule(Kind.PROTECTION, Role.BUYER, Effect.RELEASE, ("confirm_receipt", "extend_protection")),
    Because.SHIPPED_LAPSE_EXTENDS: _Rule(
        Kind.PROTECTION, Role.BUYER, Effect.EXTEND, ("confirm_receipt", "extend_protection")
    ),
    Because.CONFIRMED: _Rule(Kind.SETTLEMENT, Role.SYSTEM, Effect.RELEASE, ("undo_receipt",)),
    Because.PROVIDER_LIMIT: _Rule(Kind.PROVIDER_CEILING, Role.BUYER, Effect.REFUND, ("confirm_receipt",)),
}
"""Whose turn it is, what happens, and what would stop it: one row per reason."""

_RANK = {kind: rank for rank, kind in enumerate(Kind)}


def deadlines(order: Order) -> tuple[Deadline, ...]:
    """Everything that will happen by itself, soonest first; of one instant in the order in which it is applied."""
    grouped: dict[tuple[Instant, Because], list[Portion]] = {}
    for portion in order.portions:
        found = _of_portion(order, portion)
        if found is not None:
            grouped.setdefault(found, []).append(portion)
    made = [_deadline(order, at, because, portions) for (at, because), portions in grouped.items()]
    if len(made) > 1:
        made.sort(key=lambda deadline: (deadline.at, _RANK[deadline.kind], deadline.because))
    return tuple(made)


def soonest(order: Order) -> Deadline | None:
    """The first of `deadlines`, found without making the others: an order with many parts fires them one by one."""
    first: tuple[Instant, int, Because] | None = None
    portions: list[Portion] = []
    for portion in order.portions:
        found = _of_portion(order, portion)
        if found is None:
            continue
        at, because = found
        rank = (at, _RANK[_RULES[because].kind], because)
        if first is None or rank < first:
            first, portions = rank, [portion]
        elif rank == first:
            portions.append(portion)
    return None if first is None else _deadline(order, first[0], first[2], portions)


def next_deadline(order: Order) -> Instant | None:
    """When the order next changes by itself; None for an order that has nothing open."""
    first: Instant | None = None
    for portion in order.portions:
        found = _of_portion(order, portion)
        if found is not None and (first is None or found[0] < first):
            first = found[0]
    return first


def _deadline(order: Order, at: Instant, because: Because, portions: Iterable[Portion]) -> Deadline:
    rule = _RULES[because]
    concerned = list(portions)
    return Deadline(
        kind=rule.kind,
        at=at,
        spans=tuple([Span(portion.line, portion.start, portion.quantity) for portion in concerned]),
        amount=sum([portion.amount for portion in concerned]),
        owner=rule.owner,
        effect=rule.effect,
        because=because,
        stopped_by=_stopped_by(order, because, rule),
    )


def _stopped_by(order: Order, because: Because, rule: _Rule) -> tuple[str, ...]:
    """What would stop it: nobody cancels once a parcel is on its way, or extends when the extensions are used up."""
    if because is Because.NOT_SHIPPED and order.shipments:
        return tuple(name for name in rule.stopped_by if name != "cancel")
    if order.extensions_granted >= order.terms.extensions:
        return tuple(name for name in rule.stopped_by if name != "extend_protection")
    return rule.stopped_by


def _of_portion(order: Order, portion: Portion) -> tuple[Instant, Because] | None:
    """When and why this portion next changes by itself."""
    if portion.state is PortionState.CONFIRMED and portion.settles_at is not None:
        return portion.settles_at, Because.CONFIRMED
    if portion.state is not PortionState.HELD:
        return None
    if order.payment is PaymentState.AWAITED:
        return (order.payment_due, Because.NOT_PAID) if order.payment_due is not None else None
    found = _of_held(order, portion)
    ceiling = ceiling_of(order)
    if ceiling is not None and (found is None or ceiling < found[0]):
        return ceiling, Because.PROVIDER_LIMIT
    return found


def ceiling_of(order: Order) -> Instant | None:
    """Until when the payment provider can hold the order's money."""
    if order.terms.ceiling is None or order.paid_at is None:
        return None
    return after(order.paid_at, order.terms.ceiling)


def _of_held(order: Order, portion: Portion) -> tuple[Instant, Because] | None:
    if portion.ship_again_by is not None:
        return portion.ship_again_by, Because.RETURNED_TO_SENDER
    if not is_sent(order, portion) or portion.protection_ends is None:
        return (order.shipping_due, Because.NOT_SHIPPED) if order.shipping_due is not None else None
    if portion.window_ends is not None and portion.window_ends <= portion.protection_ends:
        return portion.window_ends, Because.DELIVERED
    if portion.window_ends is None and order.terms.on_lapse == "extend_once" and not portion.lapse_extended:
        return portion.protection_ends, Because.SHIPPED_LAPSE_EXTENDS
    return portion.protection_ends, Because.SHIPPED


def fire(order: Order, deadline: Deadline) -> Event:
    """What happens at `deadline`, dated with its own time however late it is applied."""
    at = deadline.at
    match deadline.because:
        case Because.NOT_PAID:
            return OrderCancelled(at=at, by=BY_SYSTEM, lapsed=True)
        case Because.NOT_SHIPPED:
            return refund(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.NOT_SHIPPED)
        case Because.RETURNED_TO_SENDER:
            return refund(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.RETURNED_TO_SENDER)
        case Because.PROVIDER_LIMIT:
            return refund(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.PROVIDER_CEILING)
        case Because.SHIPPED_LAPSE_EXTENDS:
            length = order.terms.lapse_extension
            return ProtectionExtended(at=at, by=BY_SYSTEM, length=length, spans=deadline.spans, on_lapse=True)
        case Because.CONFIRMED:
            return release(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.CONFIRMED)
        case Because.DELIVERED:
            return release(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.CONFIRMATION_WINDOW)
        case Because.SHIPPED:
            return release(order, deadline.spans, at=at, by=BY_SYSTEM, cause=Cause.PROTECTION)
