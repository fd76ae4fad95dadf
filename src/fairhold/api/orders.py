"""An order in the contract's JSON, as one person may see it at one moment, in their language."""

import msgspec

from fairhold.access.reviews import version_for
from fairhold.api.disputes import chargeback_out, dispute_out
from fairhold.api.moments import moment
from fairhold.api.pieces import actions_out, contents, deadline_out
from fairhold.api.refunds import refund_out
from fairhold.api.reviews import reviews_of
from fairhold.api.wire import (
    CheckpointOut,
    DeadlineOut,
    DeliveryEvidenceOut,
    DoubtOut,
    ExtensionOut,
    LineOut,
    OrderOut,
    ShipmentOut,
)
from fairhold.domain.actors import Actor, Role
from fairhold.domain.coming import RULES, Because, Deadline, Kind
from fairhold.domain.deadlines import deadlines
from fairhold.domain.delivery_evidence import doubts_about, is_low, score
from fairhold.domain.guards import Action, actions, line_actions
from fairhold.domain.ids import LineId, order_number
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Checkpoint, Line, Order, Portion, Shipment
from fairhold.domain.payment import AttemptState
from fairhold.domain.review_commands import WriteReview
from fairhold.domain.reviewing import reviews_end
from fairhold.domain.status import counts_of, headline, status_of
from fairhold.domain.tracking_numbers import meant
from fairhold.words.dates import rfc3339
from fairhold.words.names import doubt_text
from fairhold.words.reader import Reader

encode = msgspec.json.Encoder().encode

_REVIEW = Action(WriteReview.NAME, available=True)


def order_out(order: Order, actor: Actor, now: Instant, reader: Reader) -> OrderOut:
    """The order as `actor` may see it at `now`; whatever was due by then is already in it."""
    possible = actions(order, actor, now)
    return OrderOut(
        id=order.id,
        number=order_number(order.id),
        status=headline(order),
        buyer=order.buyer,
        seller=order.seller,
        currency=order.currency,
        version=version_for(order, actor),
        policy=order.terms.policy,
        placed_at=rfc3339(order.placed_at),
        total=order.total,
        lines=_lines(order, actor, now),
        shipments=[_shipment(order, shipment, reader) for shipment in order.shipments],
        money=order.money,
        deadlines=_deadlines(order, actor, possible, reader),
        actions=actions_out(possible),
        disputes=[dispute_out(order, dispute, actor, reader) for dispute in order.disputes],
        reviews=reviews_of(order, actor, now),
        paid_at=moment(order.paid_at),
        closed_at=moment(order.closed_at),
        promised_by=moment(order.promised_by),
        reference=order.reference,
        destination=order.destination,
        extension_request=_extension(order),
        chargebacks=[chargeback_out(chargeback) for chargeback in order.chargebacks],
        refunds=[] if actor.role is Role.SELLER else [refund_out(refund) for refund in order.refunds],
        payment_page=_payment_page(order, actor),
    )


def _payment_page(order: Order, actor: Actor) -> str | None:
    """Only whoever pays, and the operator, may have it."""
    if actor.role not in (Role.BUYER, Role.OPERATOR):
        return None
    return next((attempt.page for attempt in order.attempts if attempt.state is AttemptState.OPEN), None)


def _deadlines(order: Order, actor: Actor, possible: tuple[Action, ...], reader: Reader) -> list[DeadlineOut]:
    """What is to come. Of reviews only until when this person may write theirs: what else comes then, others' would tell."""
    found = [deadline for deadline in deadlines(order) if deadline.kind is not Kind.REVIEW]
    ends = reviews_end(order) if _REVIEW in possible else None
    if ends is not None:
        rule = RULES[Because.REVIEWS_OPEN]
        deadline = Deadline(
            kind=Kind.REVIEW,
            at=ends,
            spans=(),
            amount=0,
            owner=actor.role,
            effect=rule.effect,
            because=Because.REVIEWS_OPEN,
            stopped_by=(WriteReview.NAME,),
        )
        found = sorted([*found, deadline], key=lambda one: one.at)
    return [deadline_out(order, deadline, reader) for deadline in found]


def _lines(order: Order, actor: Actor, now: Instant) -> list[LineOut]:
    portions: dict[LineId, list[Portion]] = {line.id: [] for line in order.lines}
    for portion in order.portions:
        portions[portion.line].append(portion)
    possible = line_actions(order, actor, now)
    return [_line(line, portions[line.id], possible[line.id]) for line in order.lines]


def _line(line: Line, portions: list[Portion], possible: tuple[Action, ...]) -> LineOut:
    return LineOut(
        id=line.id,
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        shipping=line.shipping,
        tax=line.tax,
        total=line.total,
        status=status_of(portions),
        portions=counts_of(portions),
        actions=actions_out(possible),
        category=line.category,
        image=line.image,
    )


def _shipment(order: Order, shipment: Shipment, reader: Reader) -> ShipmentOut:
    inside = contents(shipment.spans)
    return ShipmentOut(
        id=shipment.id,
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        status=shipment.status,
        lines=[content.id for content in inside],
        contents=inside,
        checkpoints=[_checkpoint(checkpoint) for checkpoint in shipment.checkpoints],
        shipped_at=rfc3339(shipment.shipped_at),
        delivered_at=moment(shipment.delivered_at),
        returned_at=moment(shipment.returned_at),
        returns=shipment.returns,
        meant=meant(shipment.tracking_number, shipment.carrier),
        delivery_evidence=_delivery_evidence(order, shipment, reader),
    )


def _delivery_evidence(order: Order, shipment: Shipment, reader: Reader) -> DeliveryEvidenceOut | None:
    doubts = doubts_about(order, shipment)
    if not doubts and (
        shipment.delivered_at is None or not order.terms.delivery_evidence or shipment.returns is not None
    ):
        return None
    told = [DoubtOut(doubt, doubt_text(reader.words, doubt)) for doubt in doubts]
    return DeliveryEvidenceOut(score(doubts), is_low(doubts), told)


def _checkpoint(checkpoint: Checkpoint) -> CheckpointOut:
    return CheckpointOut(
        status=checkpoint.status,
        at=rfc3339(checkpoint.at),
        learned_at=rfc3339(checkpoint.learned_at),
        place=checkpoint.place,
        note=checkpoint.note,
        code=checkpoint.code,
        source=checkpoint.source,
    )


def _extension(order: Order) -> ExtensionOut | None:
    asked = order.extension_request
    return None if asked is None else ExtensionOut(asked.length // DAY, rfc3339(asked.asked_at))
