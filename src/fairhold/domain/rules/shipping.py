"""Parcels, their scans, delivery, and the protection that runs meanwhile (S3, S4, S8)."""

from fairhold.domain.actors import Actor
from fairhold.domain.bank_money import refunded
from fairhold.domain.commands import (
    AnswerExtension,
    AskExtension,
    ExtendProtection,
    RecordCheckpoint,
    ReportSharedNumber,
    ShipParcel,
)
from fairhold.domain.conditions import confirmable, unshipped, why_not_unshipped
from fairhold.domain.delivery_evidence import CLOCKS_APART, doubts_about, is_low, score
from fairhold.domain.dispute import DisputeState
from fairhold.domain.dispute_events import ReturnArrived
from fairhold.domain.events import (
    Cause,
    CheckpointRecorded,
    DeliveryCorrected,
    DeliveryDoubted,
    Event,
    ExtensionAsked,
    ExtensionDeclined,
    NumberShared,
    ParcelDelivered,
    ParcelReturned,
    ParcelShipped,
    ProtectionExtended,
)
from fairhold.domain.evolve import fold
from fairhold.domain.ids import shipment_id
from fairhold.domain.instants import DAY, Instant, after, days
from fairhold.domain.order import Checkpoint, Order, ParcelStatus, Portion, PortionState, Shipment
from fairhold.domain.portions import chosen
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.spans import Span

MAX_CHECKPOINTS = 200
MAX_DECISIVE_CHECKPOINTS = 250
"""A carrier that repeats itself without end still gets its word in about delivery and return."""

MAX_CHECKPOINTS_OF_ORDER = 1500
MAX_DECISIVE_CHECKPOINTS_OF_ORDER = 2500
"""All scans of an order lie in its snapshot, which each of its commands reads and writes."""

CORRECTING = frozenset(
    {
        ParcelStatus.OUT_FOR_DELIVERY,
        ParcelStatus.ATTEMPT_FAILED,
        ParcelStatus.AVAILABLE_FOR_PICKUP,
        ParcelStatus.EXCEPTION,
    }
)
"""Scans that, dated after a delivery, take it back. A later «in transit» does not: carriers repeat acceptances months later."""

DECISIVE = CORRECTING | {ParcelStatus.DELIVERED, ParcelStatus.RETURNED_TO_SENDER}
"""Scans that can start or stop a deadline."""


def ship(order: Order, command: ShipParcel, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """A parcel left with the lines named, or with everything not yet shipped; protection runs from now (S3)."""
    spans: tuple[Span, ...] | Refusal
    if command.lines:
        spans = chosen(order, command.lines, lambda portion: unshipped(order, portion), why_not_unshipped)
    else:
        spans = tuple(portion.span for portion in order.portions if unshipped(order, portion))
    if isinstance(spans, Refusal):
        return spans
    return (
        ParcelShipped(
            at=now,
            by=str(actor),
            shipment=shipment_id(order.id, len(order.shipments) + 1),
            carrier=command.carrier,
            tracking_number=command.tracking_number,
            spans=spans,
            protection_ends=after(now, order.terms.protection),
        ),
    )


def record_checkpoint(
    order: Order, command: RecordCheckpoint, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """Note a scan and what it changes. A scan known already changes nothing; the order in which scans arrive does not matter."""
    shipment = order.shipment(command.shipment)
    if shipment is None:
        return Refusal(Reason.UNKNOWN_SHIPMENT)
    if command.at > after(now, CLOCKS_APART):
        return Refusal(Reason.CHECKPOINT_IN_THE_FUTURE, "at")
    if any(seen.status is command.status and seen.at == command.at for seen in shipment.checkpoints):
        return ()
    if _full(order, shipment, command.status):
        return Refusal(Reason.TOO_MANY_CHECKPOINTS)
    checkpoint = Checkpoint(
        status=command.status,
        at=command.at,
        learned_at=now,
        place=command.place,
        note=command.note,
        code=command.code,
        source=command.source,
    )
    recorded = CheckpointRecorded(at=now, by=str(actor), shipment=shipment.id, checkpoint=checkpoint)
    follows = _consequences(order, shipment, checkpoint, str(actor), now)
    return (recorded, *follows, *_doubted(order, (recorded, *follows), str(actor), now))


def report_shared_number(
    order: Order, command: ReportSharedNumber, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """Note that other buyers' orders have the same number. Told again, or fewer than before, it changes nothing."""
    shipment = order.shipment(command.shipment)
    if shipment is None:
        return Refusal(Reason.UNKNOWN_SHIPMENT)
    if command.orders <= shipment.shared_with:
        return ()
    shared = NumberShared(at=now, by=str(actor), shipment=shipment.id, orders=command.orders)
    return (shared, *_doubted(order, (shared,), str(actor), now))


def _doubted(order: Order, made: tuple[Event, ...], by: str, now: Instant) -> tuple[Event, ...]:
    """More time for the buyer where the delivery is weakly proved, as far as is known after what was `made`.

    Time once given stays, whatever is learned later: of a scan that comes late nobody could have known.
    """
    if not order.terms.delivery_evidence:
        return ()
    told = {event.shipment for event in made if isinstance(event, CheckpointRecorded | NumberShared)}
    order = fold(made, order)
    shipment = next(parcel for parcel in order.shipments if parcel.id in told)
    standing = standing_delivery(shipment.checkpoints) if shipment.delivered_at is not None else None
    doubts = doubts_about(order, shipment)
    if standing is None or not is_low(doubts):
        return ()
    held = [portion for portion in order.portions if _waits_in(portion, shipment) and portion.window_ends is not None]
    longer = tuple((portion.span, _doubted_until(order, portion, shipment, standing)) for portion in held)
    windows = tuple(
        (span, ends) for (span, ends), portion in zip(longer, held, strict=True) if ends != portion.window_ends
    )
    if not held or (not windows and set(doubts) <= set(shipment.doubts)):
        return ()
    return (DeliveryDoubted(at=now, by=by, shipment=shipment.id, score=score(doubts), doubts=doubts, windows=windows),)


def _doubted_until(order: Order, portion: Portion, shipment: Shipment, standing: Checkpoint) -> Instant:
    """The window and the policy's stretch; of a window that was stretched before, and began anew, the later end."""
    assert portion.window_ends is not None, "only windows that run are stretched"
    stretch = order.terms.doubted_delivery
    if not shipment.doubts:
        return after(portion.window_ends, stretch)
    return max(portion.window_ends, after(_checked_until(order, portion, standing), stretch))


def _full(order: Order, shipment: Shipment, status: ParcelStatus) -> bool:
    count = sum(len(parcel.checkpoints) for parcel in order.shipments)
    if status in DECISIVE:
        return len(shipment.checkpoints) >= MAX_DECISIVE_CHECKPOINTS or count >= MAX_DECISIVE_CHECKPOINTS_OF_ORDER
    return len(shipment.checkpoints) >= MAX_CHECKPOINTS or count >= MAX_CHECKPOINTS_OF_ORDER


def _consequences(order: Order, shipment: Shipment, checkpoint: Checkpoint, by: str, now: Instant) -> tuple[Event, ...]:
    if shipment.returned_at is not None:
        return ()
    if shipment.returns is not None:
        return _on_its_way_back(order, shipment, checkpoint, by, now)
    held = tuple(portion for portion in order.portions if _waits_in(portion, shipment))
    if checkpoint.status is ParcelStatus.RETURNED_TO_SENDER:
        return _came_back(order, shipment, held, checkpoint.at, by, now)
    before = standing_delivery(shipment.checkpoints)
    standing = standing_delivery((*shipment.checkpoints, checkpoint))
    if standing == before:
        return ()
    if standing is None:
        spans = tuple(portion.span for portion in held)
        return (DeliveryCorrected(at=now, by=by, shipment=shipment.id, spans=spans),)
    windows = tuple((portion.span, _window_end(order, portion, standing)) for portion in held)
    return (ParcelDelivered(at=now, by=by, shipment=shipment.id, delivered_at=standing.at, windows=windows),)


def _on_its_way_back(
    order: Order, shipment: Shipment, checkpoint: Checkpoint, by: str, now: Instant
) -> tuple[Event, ...]:
    """Goods that the buyer sends back: the seller has the policy's time to look at them from the day they are there.

    A parcel that turned round and went back to the buyer is for the two, and a mediator, to see in its history.
    """
    before = standing_delivery(shipment.checkpoints)
    standing = standing_delivery((*shipment.checkpoints, checkpoint))
    dispute = order.dispute(shipment.returns)
    if standing == before or dispute is None:
        return ()
    terms = order.terms.disputes
    waiting = dispute.state is DisputeState.RETURNING
    if standing is None:
        due = after(after(shipment.shipped_at, order.terms.late_after), terms.return_inspection)
        corrected = DeliveryCorrected(at=now, by=by, shipment=shipment.id, spans=())
        return (
            (corrected, ReturnArrived(at=now, by=by, dispute=dispute.id, due=max(due, now)))
            if waiting
            else (corrected,)
        )
    arrived = ParcelDelivered(at=now, by=by, shipment=shipment.id, delivered_at=standing.at, windows=())
    due = after(max(standing.at, standing.learned_at), terms.return_inspection)
    return (arrived, ReturnArrived(at=now, by=by, dispute=dispute.id, due=due)) if waiting else (arrived,)


def _came_back(
    order: Order, shipment: Shipment, held: tuple[Portion, ...], at: Instant, by: str, now: Instant
) -> tuple[Event, ...]:
    """The seller may ship again once; what comes back a second time is refunded at once, or money could be held for ever."""
    spans = tuple(portion.span for portion in held)
    by_then = after(now, order.terms.returned_parcel)
    returned = ParcelReturned(at=now, by=by, shipment=shipment.id, returned_at=at, ship_again_by=by_then, spans=spans)
    second_time = tuple(portion.span for portion in held if portion.shipped_again)
    if not second_time:
        return (returned,)
    return (returned, *refunded(order, second_time, at=now, by=by, cause=Cause.RETURNED_TO_SENDER))


def standing_delivery(checkpoints: tuple[Checkpoint, ...]) -> Checkpoint | None:
    """The delivery that no later scan takes back; of several the one learned first."""
    corrected_at = max((seen.at for seen in checkpoints if seen.status in CORRECTING), default=None)
    deliveries = [
        seen
        for seen in checkpoints
        if seen.status is ParcelStatus.DELIVERED and (corrected_at is None or seen.at >= corrected_at)
    ]
    return min(deliveries, key=lambda seen: (seen.learned_at, seen.at), default=None)


def _waits_in(portion: Portion, shipment: Shipment) -> bool:
    return portion.shipment == shipment.id and portion.state is PortionState.HELD


def _window_end(order: Order, portion: Portion, delivery: Checkpoint) -> Instant:
    """S4: the window runs from the later of the scan's own time and the moment we learned of it; it is never cut short."""
    ends = _checked_until(order, portion, delivery)
    return max(ends, portion.window_ends or ends)


def _checked_until(order: Order, portion: Portion, delivery: Checkpoint) -> Instant:
    line = order.line(portion.line)
    window = order.terms.window_for(line.category if line else None)
    return after(max(delivery.at, delivery.learned_at), window)


def _protected(order: Order) -> tuple[Span, ...]:
    return tuple(portion.span for portion in order.portions if confirmable(order, portion))


def _too_long(order: Order, count: int) -> Refusal | None:
    if days(count) > order.terms.extension_max:
        return Refusal(Reason.EXTENSION_TOO_LONG, "days", order.terms.extension_max // DAY)
    return None


def extend_protection(
    order: Order, command: ExtendProtection, actor: Actor, now: Instant
) -> tuple[Event, ...] | Refusal:
    """The seller gives more time for everything that is under way or being checked."""
    too_long = _too_long(order, command.days)
    if too_long is not None:
        return too_long
    return (ProtectionExtended(at=now, by=str(actor), length=days(command.days), spans=_protected(order)),)


def ask_extension(order: Order, command: AskExtension, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """The buyer asks; until the seller answers, or support in their place, the protection goes on as it was."""
    due = after(now, order.terms.extension_answer)
    asked = ExtensionAsked(at=now, by=str(actor), length=days(command.days), due=due)
    return _too_long(order, command.days) or (asked,)


def answer_extension(order: Order, command: AnswerExtension, actor: Actor, now: Instant) -> tuple[Event, ...] | Refusal:
    """The seller grants what was asked for, or says no; once they were silent too long, whoever it was passed on to."""
    if order.extension_request is None:
        return Refusal(Reason.NO_EXTENSION_ASKED)
    if not command.granted:
        return (ExtensionDeclined(at=now, by=str(actor)),)
    length = order.extension_request.length
    return (ProtectionExtended(at=now, by=str(actor), length=length, spans=_protected(order), asked=True),)
