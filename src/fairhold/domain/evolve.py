"""What an event does to an order. Total: every stored event can be applied, nothing is decided or refused here."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from fairhold.domain import (
    evolving,
    evolving_disputes,
    evolving_payments,
    evolving_payouts,
    evolving_refunds,
    evolving_reviews,
    evolving_support,
)
from fairhold.domain.dispute_events import (
    ChargebackLost,
    ChargebackMoved,
    ChargebackReceived,
    ChargebackWon,
    ClaimTaken,
    DisputeAgreed,
    DisputeEscalated,
    DisputeOpened,
    DisputeRuled,
    DisputeSettled,
    DisputeWithdrawn,
    MessageSent,
    OfferLapsed,
    OfferMade,
    ReplacementShipped,
    ReturnArrived,
    ReturnShipped,
    RulingAppealed,
    RulingOverdue,
)
from fairhold.domain.events import (
    CheckpointRecorded,
    DeliveryCorrected,
    DeliveryDoubted,
    Event,
    ExtensionAsked,
    ExtensionDeclined,
    NumberShared,
    OrderCancelled,
    OrderPlaced,
    OutageRecorded,
    ParcelDelivered,
    ParcelReturned,
    ParcelShipped,
    PaymentReceived,
    PortionsRefunded,
    PortionsReleased,
    ProtectionExtended,
    ReceiptConfirmed,
    ReceiptUndone,
    RefundPaid,
)
from fairhold.domain.order import Order
from fairhold.domain.payment_events import PaymentFailed, PaymentPageOpened, PaymentReturned, PaymentStarted
from fairhold.domain.payout_events import (
    PayoutAskedBack,
    PayoutFailed,
    PayoutNotTakenBack,
    PayoutReturned,
    PayoutSent,
    PayoutStarted,
    PayoutTakenBack,
)
from fairhold.domain.refund_events import RefundPaidElsewhere, RefundReturned, RefundSentAgain
from fairhold.domain.review_events import (
    ModerationContested,
    ReviewModerated,
    ReviewReplied,
    ReviewRevised,
    ReviewsClosed,
    ReviewWritten,
)
from fairhold.domain.status import is_open
from fairhold.domain.support_events import AccidentDeclined, AccidentOverdue, AccidentReported, ExtensionPassedOn

_STEPS: dict[type, Callable[[Order, Any], Order]] = {
    PaymentStarted: evolving_payments.payment_started,
    PaymentPageOpened: evolving_payments.payment_page_opened,
    PaymentFailed: evolving_payments.payment_failed,
    PaymentReceived: evolving.payment_received,
    PaymentReturned: evolving_payments.payment_returned,
    OrderCancelled: evolving.order_cancelled,
    ParcelShipped: evolving.parcel_shipped,
    CheckpointRecorded: evolving.checkpoint_recorded,
    ParcelDelivered: evolving.parcel_delivered,
    DeliveryCorrected: evolving.delivery_corrected,
    NumberShared: evolving.number_shared,
    DeliveryDoubted: evolving.delivery_doubted,
    ParcelReturned: evolving.parcel_returned,
    ProtectionExtended: evolving.protection_extended,
    ExtensionAsked: evolving.extension_asked,
    ExtensionDeclined: evolving.extension_declined,
    ReceiptConfirmed: evolving.receipt_confirmed,
    ReceiptUndone: evolving.receipt_undone,
    PortionsReleased: evolving.portions_released,
    PortionsRefunded: evolving.portions_refunded,
    RefundPaid: evolving_refunds.refund_paid,
    RefundReturned: evolving_refunds.refund_returned,
    RefundSentAgain: evolving_refunds.refund_sent_again,
    RefundPaidElsewhere: evolving_refunds.refund_paid_elsewhere,
    OutageRecorded: evolving.outage_recorded,
    DisputeOpened: evolving_disputes.dispute_opened,
    OfferMade: evolving_disputes.offer_made,
    OfferLapsed: evolving_disputes.offer_lapsed,
    DisputeAgreed: evolving_disputes.dispute_agreed,
    DisputeEscalated: evolving_disputes.dispute_escalated,
    ClaimTaken: evolving_disputes.claim_taken,
    RulingOverdue: evolving_disputes.ruling_overdue,
    DisputeRuled: evolving_disputes.dispute_ruled,
    RulingAppealed: evolving_disputes.ruling_appealed,
    MessageSent: evolving_disputes.message_sent,
    ReturnShipped: evolving_disputes.return_shipped,
    ReturnArrived: evolving_disputes.return_arrived,
    ReplacementShipped: evolving_disputes.replacement_shipped,
    DisputeWithdrawn: evolving_disputes.dispute_withdrawn,
    DisputeSettled: evolving_disputes.dispute_settled,
    ChargebackReceived: evolving_disputes.chargeback_received,
    ChargebackMoved: evolving_disputes.chargeback_moved,
    ChargebackWon: evolving_disputes.chargeback_won,
    ChargebackLost: evolving_disputes.chargeback_lost,
    PayoutStarted: evolving_payouts.payout_started,
    PayoutSent: evolving_payouts.payout_sent,
    PayoutFailed: evolving_payouts.payout_failed,
    PayoutReturned: evolving_payouts.payout_returned,
    PayoutAskedBack: evolving_payouts.payout_asked_back,
    PayoutTakenBack: evolving_payouts.payout_taken_back,
    PayoutNotTakenBack: evolving_payouts.payout_not_taken_back,
    ReviewWritten: evolving_reviews.review_written,
    ReviewRevised: evolving_reviews.review_revised,
    ReviewReplied: evolving_reviews.review_replied,
    ReviewModerated: evolving_reviews.review_moderated,
    ModerationContested: evolving_reviews.moderation_contested,
    ReviewsClosed: evolving_reviews.reviews_closed,
    AccidentReported: evolving_support.accident_reported,
    AccidentOverdue: evolving_support.accident_overdue,
    AccidentDeclined: evolving_support.accident_declined,
    ExtensionPassedOn: evolving_support.extension_passed_on,
}


def evolve(order: Order | None, event: Event) -> Order:
    """The order after `event`; its version is one higher.

    The sums are checked each time: an order that does not add up is a bug.
    """
    if isinstance(event, OrderPlaced):
        return evolving.order_placed(event)
    if order is None:
        raise ValueError(f"{type(event).__name__} came before the order was placed")
    changed = _STEPS[type(event)](order, event)
    open_now = is_open(changed)
    closed_at = None if open_now else (order.closed_at or event.at)
    if changed.reviews:
        changed = evolving_reviews.timely(changed)
    if changed.accident is not None or changed.extension_request is not None:
        changed = evolving_support.timely(changed)
    changed = msgspec.structs.replace(changed, version=order.version + 1, closed_at=closed_at)
    _check_sums(changed)
    return changed


def fold(events: Iterable[Event], start: Order | None = None) -> Order:
    """The order that these events, from the first one on, make."""
    order = start
    for event in events:
        order = evolve(order, event)
    if order is None:
        raise ValueError("an order begins with an event")
    return order


def _check_sums(order: Order) -> None:
    money = order.money
    parts = (money.held, money.settling, money.released, money.fee, money.refunded, money.charged_back)
    if money.paid != sum(parts) or min(parts) < 0:
        raise AssertionError(f"the sums of {order.id} at version {order.version} do not add up: {money}")
