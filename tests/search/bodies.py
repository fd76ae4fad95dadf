"""Every command with its smallest sensible bodies, and the odd ones that must be refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from fairhold.domain import commands as c
from fairhold.domain import review_commands as r
from fairhold.domain import support_commands as s
from fairhold.domain.actors import SYSTEM, Actor, Role
from fairhold.domain.conditions import takeable
from fairhold.domain.dispute import DemandKind, Dispute, DisputeReason
from fairhold.domain.evidence import Evidence, PhotoId
from fairhold.domain.ids import LineId, PersonId, ShipmentId
from fairhold.domain.instants import DAY, Instant
from fairhold.domain.order import Order, ParcelStatus
from tests.builders import BUYER, MEDIATOR, OPERATOR, SELLER, STRANGE_BUYER, STRANGE_SELLER, SUPPORT
from tests.search import review_bodies
from tests.search.canonical import NOW

SECOND_MEDIATOR = Actor(Role.MEDIATOR, PersonId("max"))
RELATED_SUPPORT = Actor(Role.SUPPORT, SELLER.id)
RELATED_MEDIATOR = Actor(Role.MEDIATOR, BUYER.id)
EVERYBODY = (
    BUYER,
    SELLER,
    MEDIATOR,
    SECOND_MEDIATOR,
    RELATED_MEDIATOR,
    SUPPORT,
    OPERATOR,
    SYSTEM,
    STRANGE_BUYER,
    STRANGE_SELLER,
)
PHOTOS = (Evidence(PhotoId("p1"), "0" * 64), Evidence(PhotoId("p2"), "1" * 64))


class Ask(NamedTuple):
    """A command and who gives it. A `usual` one is refused only for the reason that its action shows."""

    command: c.Command
    actor: Actor
    usual: bool = True


Asks = Iterator[Ask]


def _lines(order: Order) -> list[LineId]:
    return [line.id for line in order.lines]


def _named(order: Order) -> list[LineId | c.LineQuantity]:
    """Each line whole, and one unit of each that has more."""
    parts = [c.LineQuantity(id=line.id, quantity=1) for line in order.lines if line.quantity > 1]
    return [*_lines(order), *parts]


def _pay(order: Order) -> Asks:
    yield Ask(c.Pay(method="sandbox:ok"), BUYER)


def _cancel(order: Order) -> Asks:
    for actor in (BUYER, SELLER, OPERATOR):
        yield Ask(c.CancelOrder(), actor)


def _ship(order: Order) -> Asks:
    yield Ask(c.ShipParcel(carrier="post", tracking_number="RB1"), SELLER)
    if len(order.lines) > 1:
        for line in _lines(order):
            yield Ask(c.ShipParcel(carrier="post", tracking_number="RB1", lines=(line,)), SELLER, usual=False)


_SCANS = (ParcelStatus.IN_TRANSIT, ParcelStatus.DELIVERED, ParcelStatus.EXCEPTION, ParcelStatus.RETURNED_TO_SENDER)


def _checkpoints(order: Order) -> Asks:
    for parcel in order.shipments:
        for status in _SCANS:
            for actor in (SYSTEM, SELLER) if order.terms.seller_marks_delivered else (SYSTEM,):
                yield Ask(c.RecordCheckpoint(shipment=parcel.id, status=status, at=NOW), actor, usual=False)


def _shared_number(order: Order) -> Asks:
    for parcel in order.shipments:
        yield Ask(c.ReportSharedNumber(shipment=parcel.id, orders=1), SYSTEM)


def _confirm(order: Order) -> Asks:
    for named in _named(order):
        yield Ask(c.ConfirmReceipt(lines=(named,), acknowledged=True), BUYER)


def _undo(order: Order) -> Asks:
    for named in _lines(order):
        for actor in (SUPPORT, RELATED_SUPPORT, OPERATOR):
            yield Ask(c.UndoReceipt(lines=(named,), why="by accident"), actor)
        if order.terms.buyer_undo:
            yield Ask(c.UndoReceipt(lines=(named,), why="by accident"), BUYER)


def _report(order: Order) -> Asks:
    yield Ask(s.ReportAccident(), BUYER)
    for named in _named(order) if len(order.lines) > 1 else ():
        yield Ask(s.ReportAccident(lines=(named,)), BUYER)


def _decline(order: Order) -> Asks:
    for actor in (SUPPORT, RELATED_SUPPORT, OPERATOR):
        yield Ask(s.DeclineAccident(reasons="it was collected"), actor)


def _extend(order: Order) -> Asks:
    yield Ask(c.ExtendProtection(days=1), SELLER)


def _ask_extension(order: Order) -> Asks:
    yield Ask(c.AskExtension(days=1), BUYER)


def _answer_extension(order: Order) -> Asks:
    for granted in (True, False):
        for actor in (SELLER, SUPPORT, RELATED_SUPPORT, OPERATOR):
            yield Ask(c.AnswerExtension(granted=granted), actor)


def open_dispute(
    *lines: LineId | c.LineQuantity,
    reason: DisputeReason = DisputeReason.DAMAGED,
    kind: DemandKind = DemandKind.REFUND,
    amount: int | None = None,
    evidence: tuple[Evidence, ...] = (),
) -> c.OpenDispute:
    """A dispute on these lines."""
    demand = c.Demand(kind=kind, amount=amount)
    return c.OpenDispute(lines=lines, reason=reason, demand=demand, text="broken", evidence=evidence)


def _open(order: Order) -> Asks:
    for named in _named(order):
        for kind in DemandKind:
            yield Ask(open_dispute(named, kind=kind), BUYER)
    for line in _lines(order):
        yield Ask(open_dispute(line, reason=DisputeReason.NOT_RECEIVED), BUYER, usual=False)
        yield Ask(open_dispute(line, reason=DisputeReason.LATE), BUYER, usual=False)


def _contest(order: Order) -> Asks:
    yield Ask(c.ContestReturnedParcel(text="not what we sent"), SELLER)


def _offers(dispute: Dispute) -> Asks:
    name, half = dispute.id, dispute.amount // 2
    yield Ask(c.MakeOffer(dispute=name, refund=0), SELLER)
    yield Ask(c.MakeOffer(dispute=name, refund=half), SELLER)
    yield Ask(c.MakeOffer(dispute=name, refund=dispute.amount, return_goods=True), SELLER, usual=False)
    yield Ask(c.MakeOffer(dispute=name, refund=0, resend=True), SELLER, usual=False)
    yield Ask(c.MakeOffer(dispute=name, refund=half), BUYER)
    yield Ask(c.MakeOffer(dispute=name, refund=dispute.amount), BUYER)


def _accept(dispute: Dispute) -> Asks:
    for actor in (BUYER, SELLER):
        yield Ask(c.AcceptOffer(dispute=dispute.id, number=max(1, len(dispute.offers))), actor)
        if len(dispute.offers) > 1:
            yield Ask(c.AcceptOffer(dispute=dispute.id, number=len(dispute.offers) - 1), actor, usual=False)


def _escalate(dispute: Dispute) -> Asks:
    for actor in (BUYER, SELLER):
        yield Ask(c.EscalateDispute(dispute=dispute.id), actor)


def _withdraw(dispute: Dispute) -> Asks:
    for actor in (BUYER, SELLER):
        yield Ask(c.WithdrawDispute(dispute=dispute.id), actor)


def _ship_return(dispute: Dispute) -> Asks:
    yield Ask(c.ShipReturn(dispute=dispute.id, carrier="post", tracking_number="RB1"), BUYER)


def _receive(dispute: Dispute) -> Asks:
    yield Ask(c.ReceiveReturn(dispute=dispute.id), SELLER)
    yield Ask(c.ReceiveReturn(dispute=dispute.id, accepted=False, text="an empty box"), SELLER)


def _replace(dispute: Dispute) -> Asks:
    yield Ask(c.ShipReplacement(dispute=dispute.id, carrier="post", tracking_number="RB1"), SELLER)


_WHO_RULES = (MEDIATOR, SECOND_MEDIATOR, OPERATOR)


def _take(dispute: Dispute) -> Asks:
    for actor in (MEDIATOR, SECOND_MEDIATOR):
        yield Ask(c.TakeClaim(dispute=dispute.id), actor)


def _rule(dispute: Dispute) -> Asks:
    for actor in _WHO_RULES:
        for refund in (0, dispute.amount // 2, dispute.amount):
            yield Ask(c.RuleOnDispute(dispute=dispute.id, refund=refund, reasons="as agreed"), actor)


def _appeal(dispute: Dispute) -> Asks:
    for actor in (BUYER, SELLER):
        yield Ask(c.AppealRuling(dispute=dispute.id), actor)


def _message(dispute: Dispute) -> Asks:
    yield Ask(c.SendMessage(dispute=dispute.id, text="hello"), BUYER)


def _charge(order: Order) -> Asks:
    limit = sum(takeable(portion) for portion in order.portions)
    for amount in sorted({max(1, limit // 2), max(1, limit)}):
        yield Ask(c.RecordChargeback(amount=amount), OPERATOR)


def _bank(order: Order) -> Asks:
    names = [one.id for one in order.chargebacks] or ["none"]
    for won in (True, False):
        yield Ask(c.RecordChargebackOutcome(chargeback=names[-1], won=won), OPERATOR)
        for name in names[:-1]:
            yield Ask(c.RecordChargebackOutcome(chargeback=name, won=won), OPERATOR, usual=False)


def _review(order: Order) -> Asks:
    yield from (Ask(*said) for said in review_bodies.write(order))


OF_ORDER: dict[type[c.Command], Callable[[Order], Asks]] = {
    c.Pay: _pay,
    c.CancelOrder: _cancel,
    c.ShipParcel: _ship,
    c.RecordCheckpoint: _checkpoints,
    c.ReportSharedNumber: _shared_number,
    c.ConfirmReceipt: _confirm,
    c.UndoReceipt: _undo,
    s.ReportAccident: _report,
    s.DeclineAccident: _decline,
    c.ExtendProtection: _extend,
    c.AskExtension: _ask_extension,
    c.AnswerExtension: _answer_extension,
    c.OpenDispute: _open,
    c.ContestReturnedParcel: _contest,
    r.WriteReview: _review,
    c.RecordChargeback: _charge,
    c.RecordChargebackOutcome: _bank,
}
OF_DISPUTE: dict[type[c.DisputeCommand], Callable[[Dispute], Asks]] = {
    c.MakeOffer: _offers,
    c.AcceptOffer: _accept,
    c.EscalateDispute: _escalate,
    c.WithdrawDispute: _withdraw,
    c.ShipReturn: _ship_return,
    c.ReceiveReturn: _receive,
    c.ShipReplacement: _replace,
    c.TakeClaim: _take,
    c.RuleOnDispute: _rule,
    c.AppealRuling: _appeal,
    c.SendMessage: _message,
}


def usual(order: Order, kinds: frozenset[type[c.Command]]) -> Asks:
    """What there is to ask of the order, of each of its disputes and of each of its reviews."""
    for kind, make in OF_ORDER.items():
        if kind in kinds:
            yield from make(order)
    for dispute in order.disputes:
        for about, made in OF_DISPUTE.items():
            if about in kinds:
                yield from made(dispute)
    for review in order.reviews:
        for asked, said in review_bodies.OF_REVIEW.items():
            if asked in kinds:
                yield from (Ask(*one) for one in said(review))


def odd(order: Order) -> Asks:
    """Everything by those who may not, and bodies that break a rule of the request."""
    yield from (ask._replace(usual=False) for ask in _odd_of_order(order))
    for dispute in order.disputes:
        yield from (ask._replace(usual=False) for ask in _odd_of_dispute(dispute))
    yield from (Ask(*said, usual=False) for said in review_bodies.odd(order))


def _odd_of_order(order: Order) -> Asks:
    line, parcel = order.lines[0].id, ShipmentId("none")
    missing, both = LineId("none"), (line, line)
    yield Ask(c.Pay(method="sandbox:declined"), BUYER)
    yield Ask(c.Pay(method="cash"), BUYER)
    yield Ask(c.ShipParcel(carrier="post", tracking_number="RB1", lines=(line,)), SELLER)
    yield Ask(c.RecordCheckpoint(shipment=parcel, status=ParcelStatus.DELIVERED, at=NOW), SYSTEM)
    if order.shipments:
        scanned = c.RecordCheckpoint(shipment=order.shipments[0].id, status=ParcelStatus.DELIVERED, at=NOW)
        yield Ask(scanned, SELLER)
        ahead = Instant(NOW + DAY + 1)
        yield Ask(c.RecordCheckpoint(shipment=scanned.shipment, status=ParcelStatus.DELIVERED, at=ahead), SYSTEM)
    for lines in ((), (missing,), both, (c.LineQuantity(id=line, quantity=99),)):
        yield Ask(c.ConfirmReceipt(lines=lines, acknowledged=True), BUYER)
        yield Ask(c.UndoReceipt(lines=lines, why="by accident"), SUPPORT)
        if lines:
            yield Ask(s.ReportAccident(lines=lines), BUYER)
        yield Ask(open_dispute(*lines), BUYER)
    yield Ask(c.ConfirmReceipt(lines=(line,)), BUYER)
    yield Ask(c.UndoReceipt(lines=(line,), why="by accident"), BUYER)
    for command in (c.ExtendProtection(days=99), c.AskExtension(days=99)):
        yield Ask(command, SELLER if isinstance(command, c.ExtendProtection) else BUYER)
    yield Ask(open_dispute(line, reason=DisputeReason.RETURNED_PARCEL), BUYER)
    yield Ask(open_dispute(line, kind=DemandKind.RESEND, amount=1), BUYER)
    yield Ask(open_dispute(line, amount=0), BUYER)
    yield Ask(open_dispute(line, amount=10**9), BUYER)
    yield Ask(c.RecordChargeback(amount=10**9), OPERATOR)
    yield Ask(c.RecordChargebackOutcome(chargeback="none", won=True), OPERATOR)
    yield Ask(c.RecordRefundPaid(number=9, reference="r"), SYSTEM)
    yield Ask(c.RecordOutage(start=NOW, end=NOW), OPERATOR)
    yield Ask(c.RecordOutage(start=NOW, end=Instant(NOW + 1)), OPERATOR)
    yield Ask(c.ApplyDeadlines(), SYSTEM)
    yield Ask(c.RecordChargeback(amount=1), SYSTEM)
    for one in order.chargebacks:
        yield Ask(c.RecordChargebackOutcome(chargeback=one.id, won=False), SYSTEM)
    for shipment in order.shipments:
        yield Ask(c.RecordCheckpoint(shipment=shipment.id, status=ParcelStatus.IN_TRANSIT, at=NOW), OPERATOR)
    for actor in EVERYBODY:
        yield from (Ask(command, actor) for command in _of_anybody(line, parcel))


def _of_anybody(line: LineId, parcel: ShipmentId) -> tuple[c.Command, ...]:
    return (
        c.RecordCheckpoint(shipment=parcel, status=ParcelStatus.DELIVERED, at=NOW),
        c.ConfirmReceipt(lines=(), acknowledged=True),
        c.UndoReceipt(lines=(), why="by accident"),
        s.ReportAccident(lines=(LineId("none"),)),
        s.DeclineAccident(reasons="it was collected"),
        c.ExtendProtection(days=99),
        c.AskExtension(days=99),
        open_dispute(),
        c.RecordChargeback(amount=10**9),
        c.RecordChargebackOutcome(chargeback="none", won=True),
        c.RecordRefundPaid(number=9, reference="r"),
        c.ReportSharedNumber(shipment=parcel, orders=1),
        c.RecordOutage(start=NOW, end=NOW),
        c.SendMessage(dispute="none", text="hello"),
    )


def _odd_of_dispute(dispute: Dispute) -> Asks:
    name, count = dispute.id, len(dispute.offers)
    for actor in (BUYER, SELLER):
        yield Ask(c.AcceptOffer(dispute=name, number=count + 1), actor)
    yield Ask(c.MakeOffer(dispute=name, refund=10**9), SELLER)
    yield Ask(c.MakeOffer(dispute=name, refund=1, resend=True), SELLER)
    yield Ask(c.MakeOffer(dispute=name, refund=0, resend=True), BUYER)
    yield Ask(c.MakeOffer(dispute=name, refund=0), BUYER)
    yield Ask(c.MakeOffer(dispute=name, refund=0, return_goods=True), SELLER)
    yield Ask(c.ReceiveReturn(dispute=name, accepted=False), SELLER)
    yield Ask(c.ReceiveReturn(dispute=name, accepted=False, text="an empty box", evidence=PHOTOS), SELLER)
    yield Ask(c.AppealRuling(dispute=name, evidence=PHOTOS), BUYER)
    yield Ask(c.SendMessage(dispute=name, text="look", evidence=PHOTOS), BUYER)
    yield Ask(c.RuleOnDispute(dispute=name, refund=10**9, reasons="too much"), MEDIATOR)
    for actor in EVERYBODY:
        yield Ask(c.SendMessage(dispute=name, text="hello"), actor)
        yield Ask(c.TakeClaim(dispute="none"), actor)
        if actor.role not in (Role.BUYER, Role.SELLER):
            yield Ask(c.EscalateDispute(dispute=name), actor)
            yield Ask(c.AcceptOffer(dispute=name, number=max(1, count)), actor)
        if actor.role is not Role.MEDIATOR or actor is RELATED_MEDIATOR:
            yield Ask(c.TakeClaim(dispute=name), actor)
        if actor.role not in (Role.MEDIATOR, Role.OPERATOR) or actor is RELATED_MEDIATOR:
            yield Ask(c.RuleOnDispute(dispute=name, refund=0, reasons="mine"), actor)
