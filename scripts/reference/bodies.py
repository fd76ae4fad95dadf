"""Bodies of each command that the model order of the walks can take."""

from collections.abc import Iterator

from fairhold.domain import commands
from fairhold.domain.commands import Command, Demand
from fairhold.domain.dispute import DemandKind, Dispute, DisputeReason
from fairhold.domain.ids import Lane, line_id, order_id, shipment_id
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order, ParcelStatus
from fairhold.domain.review import ReviewId, Verdict
from fairhold.domain.review_commands import (
    ContestModeration,
    ModerateReview,
    ReplyToReview,
    ReviseReview,
    WriteReview,
)
from fairhold.domain.support_commands import DeclineAccident, ReportAccident

MODEL = order_id(1_767_600_000_000, 1, Lane(0))
_LINE = line_id(MODEL, 1)
WORTH = 1000
"""What the model order's one unit costs (minor units)."""

SCANS = (
    ParcelStatus.IN_TRANSIT,
    ParcelStatus.DELIVERED,
    ParcelStatus.ATTEMPT_FAILED,
    ParcelStatus.RETURNED_TO_SENDER,
)


def opening(kind: DemandKind) -> commands.OpenDispute:
    """A dispute over all of the model order."""
    return commands.OpenDispute(
        lines=(_LINE,), reason=DisputeReason.DAMAGED, demand=Demand(kind=kind), text="It is broken."
    )


_BODIES: dict[type[Command], tuple[Command, ...]] = {
    commands.Pay: (commands.Pay(method="sandbox:ok"),),
    commands.CancelOrder: (commands.CancelOrder(),),
    commands.ShipParcel: (commands.ShipParcel(carrier="post", tracking_number="1"),),
    commands.ConfirmReceipt: (commands.ConfirmReceipt(lines=(_LINE,), acknowledged=True),),
    commands.UndoReceipt: (commands.UndoReceipt(lines=(_LINE,), why="an accident"),),
    ReportAccident: (ReportAccident(),),
    DeclineAccident: (DeclineAccident(reasons="The parcel was collected an hour before."),),
    commands.ExtendProtection: (commands.ExtendProtection(days=10),),
    commands.AskExtension: (commands.AskExtension(days=10),),
    commands.AnswerExtension: (commands.AnswerExtension(granted=True), commands.AnswerExtension(granted=False)),
    commands.OpenDispute: tuple(map(opening, DemandKind)),
    commands.ContestReturnedParcel: (commands.ContestReturnedParcel(text="It came back empty."),),
    WriteReview: (WriteReview(rating=5),),
    commands.RecordChargeback: (commands.RecordChargeback(amount=WORTH),),
    commands.RecordChargebackOutcome: tuple(
        commands.RecordChargebackOutcome(chargeback=f"{MODEL}-c1", won=won) for won in (True, False)
    ),
}


def examples(command: type[Command], now: Instant) -> Iterator[tuple[str, Command]]:
    """Bodies of a command to the order, each with the name to show; scans are told apart by what they say."""
    if command is commands.RecordCheckpoint:
        for parcel in (shipment_id(MODEL, 1), shipment_id(MODEL, 2)):
            for status in SCANS:
                yield status.value, commands.RecordCheckpoint(shipment=parcel, status=status, at=now)
    for body in _BODIES.get(command, ()):
        yield command.NAME, body


def in_dispute(dispute: Dispute) -> Iterator[Command]:
    """Bodies of every command to a dispute."""
    name = dispute.id
    yield commands.AcceptOffer(dispute=name, number=max(1, len(dispute.offers)))
    yield commands.MakeOffer(dispute=name, refund=WORTH // 2)
    yield commands.MakeOffer(dispute=name, refund=WORTH, return_goods=True)
    yield commands.MakeOffer(dispute=name, refund=0, resend=True)
    yield commands.EscalateDispute(dispute=name)
    yield commands.WithdrawDispute(dispute=name)
    yield commands.ShipReturn(dispute=name, carrier="post", tracking_number="2")
    yield commands.ReceiveReturn(dispute=name)
    yield commands.ReceiveReturn(dispute=name, accepted=False, text="It is not the same.")
    yield commands.ShipReplacement(dispute=name, carrier="post", tracking_number="3")
    yield commands.TakeClaim(dispute=name)
    for refund in (0, WORTH // 2, WORTH):
        yield commands.RuleOnDispute(dispute=name, refund=refund, reasons="The photos show it.")
    yield commands.AppealRuling(dispute=name)
    yield commands.SendMessage(dispute=name, text="Here is one more photo.")


def of_review(name: ReviewId) -> Iterator[Command]:
    """Bodies of every command to a review."""
    yield ReviseReview(review=name, rating=5)
    yield ReplyToReview(review=name, text="Thank you.")
    yield ModerateReview(review=name, decision=Verdict.HIDE, reasons="It is about somebody else.")
    yield ContestModeration(review=name, text="It is true.")


def open_dispute(order: Order) -> Dispute | None:
    """The dispute of the model order that is open."""
    return next((dispute for dispute in order.disputes if dispute.is_open), None)
