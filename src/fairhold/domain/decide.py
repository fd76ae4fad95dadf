"""The one function that answers a command. Pure: the order, the time and a fresh id come in as arguments."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from fairhold.domain.actors import Actor
from fairhold.domain.commands import (
    AcceptOffer,
    AnswerExtension,
    AppealRuling,
    ApplyDeadlines,
    AskExtension,
    CancelOrder,
    Command,
    ConfirmReceipt,
    ContestReturnedParcel,
    EscalateDispute,
    ExtendProtection,
    MakeOffer,
    OpenDispute,
    Pay,
    PlaceOrder,
    ReceiveReturn,
    RecordChargeback,
    RecordChargebackOutcome,
    RecordCheckpoint,
    RecordOutage,
    RecordRefundPaid,
    ReportSharedNumber,
    RuleOnDispute,
    SendMessage,
    ShipParcel,
    ShipReplacement,
    ShipReturn,
    TakeClaim,
    UndoReceipt,
    WithdrawDispute,
)
from fairhold.domain.deadlines import next_deadline, soonest
from fairhold.domain.dispute_events import DisputeWithdrawn, ReturnArrived
from fairhold.domain.events import Event, ReceiptConfirmed
from fairhold.domain.evolve import evolve
from fairhold.domain.firing import fire
from fairhold.domain.guards import check
from fairhold.domain.ids import OrderId
from fairhold.domain.instants import Instant
from fairhold.domain.order import Order
from fairhold.domain.payment_commands import RecordPayment, RecordPaymentFailure, RecordPaymentPage, StartPayment
from fairhold.domain.payment_events import PaymentFailed, PaymentReturned
from fairhold.domain.payout_commands import (
    RecordPayoutFailed,
    RecordPayoutNotTakenBack,
    RecordPayoutSent,
    RecordPayoutTakenBack,
    StartPayout,
    TakePayoutBack,
)
from fairhold.domain.reasons import Reason, Refusal
from fairhold.domain.refund_commands import RecordRefundElsewhere, RecordRefundReturned, SendRefundAgain
from fairhold.domain.review import ReviewId
from fairhold.domain.review_commands import ContestModeration, ModerateReview, ReplyToReview, ReviseReview, WriteReview
from fairhold.domain.rules import (
    accidents,
    chargebacks,
    checkout,
    claims,
    disputes,
    payments,
    payouts,
    receipt,
    refunds,
    reviews,
    shipping,
    support,
)
from fairhold.domain.support_commands import DeclineAccident, ReportAccident
from fairhold.domain.support_events import AccidentDeclined

Decision = tuple[Event, ...] | Refusal

_RULES: dict[type[Command], Callable[[Order, Any, Actor, Instant], Decision]] = {
    Pay: checkout.pay,
    StartPayment: payments.start_payment,
    RecordPaymentPage: payments.record_payment_page,
    RecordPayment: payments.record_payment,
    RecordPaymentFailure: payments.record_payment_failure,
    CancelOrder: checkout.cancel,
    ShipParcel: shipping.ship,
    RecordCheckpoint: shipping.record_checkpoint,
    ReportSharedNumber: shipping.report_shared_number,
    ConfirmReceipt: receipt.confirm_receipt,
    UndoReceipt: receipt.undo_receipt,
    ReportAccident: accidents.report_accident,
    DeclineAccident: accidents.decline_accident,
    ExtendProtection: shipping.extend_protection,
    AskExtension: shipping.ask_extension,
    AnswerExtension: shipping.answer_extension,
    OpenDispute: disputes.open_dispute,
    ContestReturnedParcel: disputes.contest_returned_parcel,
    MakeOffer: disputes.make_offer,
    AcceptOffer: disputes.accept_offer,
    WithdrawDispute: disputes.withdraw_dispute,
    SendMessage: disputes.send_message,
    ShipReturn: disputes.ship_return,
    ReceiveReturn: disputes.receive_return,
    ShipReplacement: disputes.ship_replacement,
    EscalateDispute: claims.escalate_dispute,
    TakeClaim: claims.take_claim,
    RuleOnDispute: claims.rule_on_dispute,
    AppealRuling: claims.appeal_ruling,
    ReviseReview: reviews.revise_review,
    ReplyToReview: reviews.reply_to_review,
    ModerateReview: reviews.moderate_review,
    ContestModeration: reviews.contest_moderation,
    RecordChargeback: chargebacks.record_chargeback,
    RecordChargebackOutcome: chargebacks.record_chargeback_outcome,
    StartPayout: payouts.start_payout,
    RecordPayoutSent: payouts.record_payout_sent,
    RecordPayoutFailed: payouts.record_payout_failed,
    TakePayoutBack: payouts.take_payout_back,
    RecordPayoutTakenBack: payouts.record_payout_taken_back,
    RecordPayoutNotTakenBack: payouts.record_payout_not_taken_back,
    RecordOutage: support.record_outage,
    RecordRefundPaid: refunds.record_refund_paid,
    RecordRefundReturned: refunds.record_refund_returned,
    SendRefundAgain: refunds.send_refund_again,
    RecordRefundElsewhere: refunds.record_refund_elsewhere,
    ApplyDeadlines: lambda order, command, actor, now: (),
}

_MOST_AT_ONCE = 10_000
"""More deadlines than any order can have: reaching it means that firing one does not move time on."""


class Happened(NamedTuple):
    """An event, and the order as it left it."""

    event: Event
    after: Order


class _Course:
    """An order on its way through a decision: what happened to it so far, and what it now is."""

    __slots__ = ("happened", "order")

    def __init__(self, order: Order) -> None:
        self.order = order
        self.happened: list[Happened] = []

    def take(self, event: Event) -> None:
        self.order = evolve(self.order, event)
        self.happened.append(Happened(event, self.order))

    def take_due(self, now: Instant) -> None:
        """Everything due by `now`, in order, each at its own time."""
        due_at = next_deadline(self.order)
        while due_at is not None and due_at <= now:
            if len(self.happened) >= _MOST_AT_ONCE:
                raise AssertionError(f"firing deadlines of {self.order.id} does not move time on")
            deadline = soonest(self.order)
            assert deadline is not None, "something is due"
            self.take(fire(self.order, deadline))
            due_at = next_deadline(self.order)


def due(order: Order, now: Instant) -> tuple[Event, ...]:
    """What has come due on the order by `now`, in order, each at its own time; a deadline at exactly `now` is due."""
    course = _Course(order)
    course.take_due(now)
    return tuple(happened.event for happened in course.happened)


def as_of(order: Order, now: Instant) -> Order:
    """The order as it is at `now`, whether or not a sweep has come by."""
    course = _Course(order)
    course.take_due(now)
    return course.order


def decide(
    order: Order | None, command: Command, actor: Actor, now: Instant, new_id: OrderId | ReviewId | None = None
) -> Decision:
    """Answer `command`: the events that happen, deadlines due by `now` first, or one refusal and nothing else.

    A refusal leaves what was due to whoever comes next: it is dated with its own time and comes out the same. An
    outage is noted before what came due in it, since it moves exactly that.
    """
    answer = happen(order, command, actor, now, new_id)
    return answer if isinstance(answer, Refusal) else tuple(happened.event for happened in answer)


def happen(
    order: Order | None, command: Command, actor: Actor, now: Instant, new_id: OrderId | ReviewId | None = None
) -> Sequence[Happened] | Refusal:
    """As `decide`, with the order as each event leaves it: whoever writes both need not let the events happen once more."""
    if isinstance(command, PlaceOrder):
        if new_id is None:
            raise ValueError("placing an order takes a fresh id")
        placed = checkout.place_order(command, actor, now, OrderId(new_id))
        return placed if isinstance(placed, Refusal) else _placed(placed)
    if order is None:
        return Refusal(Reason.NOT_FOUND)
    course = _Course(order)
    before = Instant(command.start - 1) if isinstance(command, RecordOutage) else now
    course.take_due(before)
    current = course.order
    decision = check(current, command, actor, now) or _answer(current, command, actor, now, new_id)
    if isinstance(decision, Refusal):
        return decision
    for event in decision:
        course.take(event)
    if before < now or (decision and _due_at_once(decision[-1], now)):
        course.take_due(now)
    return course.happened


def _answer(order: Order, command: Command, actor: Actor, now: Instant, new_id: OrderId | ReviewId | None) -> Decision:
    if isinstance(command, WriteReview):
        if new_id is None:
            raise ValueError("writing a review takes a fresh id")
        return reviews.write_review(order, command, actor, now, ReviewId(new_id))
    return _RULES[type(command)](order, command, actor, now)


def _placed(events: tuple[Event, ...]) -> list[Happened]:
    order: Order | None = None
    happened: list[Happened] = []
    for event in events:
        order = evolve(order, event)
        happened.append(Happened(event, order))
    return happened


def _due_at_once(event: Event, now: Instant) -> bool:
    """Whether it brings a deadline with it that is due at its own instant.

    A confirmation where no undo window holds the money back; a dispute withdrawn that lapsed protection had opened; a
    scan that takes back the arrival of a return which should long have come; a report that had kept money here past its time; a
    payment that nothing came of, where the order was kept past its time for it.
    """
    match event:
        case ReceiptConfirmed():
            return event.settles_at <= now
        case AccidentDeclined():
            return any(settles_at <= now for _, settles_at in event.settles)
        case DisputeWithdrawn():
            return any(restored.protection_ends <= now for restored in event.restored)
        case ReturnArrived():
            return event.due <= now
        case PaymentFailed() | PaymentReturned():
            return True
        case _:
            return False
