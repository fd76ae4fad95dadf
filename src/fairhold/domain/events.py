"""What happened to an order. Events are stored for ever and never edited; a later shape is upcast when read.

Each says when (`at`, microseconds UTC) and by whom (`by`: `buyer:ann`, or `system` for a deadline). An event carries every
result of its decision, sums included, so that `evolve` calculates nothing it could calculate differently tomorrow.
"""

from enum import StrEnum

from fairhold.domain.destination import Destination
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
from fairhold.domain.event_shape import EventBase, Restored
from fairhold.domain.ids import OrderId, PersonId, ShipmentId
from fairhold.domain.instants import Duration, Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import Checkpoint, CommissionTaken, Doubt, Line
from fairhold.domain.payment import ProviderNames
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
from fairhold.domain.policy import Terms
from fairhold.domain.refund_events import RefundPaidElsewhere, RefundReturned, RefundSentAgain
from fairhold.domain.review_events import (
    ModerationContested,
    ReviewModerated,
    ReviewReplied,
    ReviewRevised,
    ReviewsClosed,
    ReviewWritten,
)
from fairhold.domain.spans import Span
from fairhold.domain.support_events import AccidentDeclined, AccidentOverdue, AccidentReported, ExtensionPassedOn


class Cause(StrEnum):
    """Why money moved."""

    CONFIRMED = "confirmed"
    CONFIRMATION_WINDOW = "confirmation_window"
    PROTECTION = "protection"
    CANCELLED = "cancelled"
    NOT_SHIPPED = "not_shipped"
    RETURNED_TO_SENDER = "returned_to_sender"
    PROVIDER_CEILING = "provider_ceiling"


class OrderPlaced(EventBase, frozen=True, kw_only=True, tag="order_placed"):
    """The deal was agreed on; `payment_due` is the payment deadline."""

    order: OrderId
    buyer: PersonId
    seller: PersonId
    currency: Currency
    terms: Terms
    lines: tuple[Line, ...]
    payment_due: Instant
    promised_by: Instant | None = None
    reference: str | None = None
    destination: Destination | None = None


class PaymentReceived(EventBase, frozen=True, kw_only=True, tag="payment_received"):
    """The buyer's money is here and held; the seller ships by `shipping_due`.

    Through a provider it came by an `attempt`; the provider has `names` for it, and keeps `provider_fee` of it.
    """

    amount: int
    method: str
    shipping_due: Instant
    attempt: int = 0
    names: ProviderNames = ProviderNames()
    provider_fee: int = 0


class OrderCancelled(EventBase, frozen=True, kw_only=True, tag="order_cancelled"):
    """The deal is off before any money came: by a person, or by the payment deadline (`lapsed`)."""

    lapsed: bool = False
    why: str | None = None


class ParcelShipped(EventBase, frozen=True, kw_only=True, tag="parcel_shipped"):
    """A parcel with these units left the seller; protection for them runs until `protection_ends` (S3)."""

    shipment: ShipmentId
    carrier: str
    tracking_number: str
    spans: tuple[Span, ...]
    protection_ends: Instant


class CheckpointRecorded(EventBase, frozen=True, kw_only=True, tag="checkpoint_recorded"):
    """A scan was noted. What it changed, if anything, stands in the events right behind it."""

    shipment: ShipmentId
    checkpoint: Checkpoint


class ParcelDelivered(EventBase, frozen=True, kw_only=True, tag="parcel_delivered"):
    """The addressee has the parcel: each span's window runs until the instant beside it (S4)."""

    shipment: ShipmentId
    delivered_at: Instant
    windows: tuple[tuple[Span, Instant], ...]


class DeliveryCorrected(EventBase, frozen=True, kw_only=True, tag="delivery_corrected"):
    """The carrier took its word back: the parcel was not delivered, the window stops."""

    shipment: ShipmentId
    spans: tuple[Span, ...]


class NumberShared(EventBase, frozen=True, kw_only=True, tag="number_shared"):
    """This parcel's number turned out to be on `orders` orders of other buyers."""

    shipment: ShipmentId
    orders: int


class DeliveryDoubted(EventBase, frozen=True, kw_only=True, tag="delivery_doubted"):
    """The delivery is weakly proved (`score` of 100, by these doubts): each span's window runs until the instant beside it."""

    shipment: ShipmentId
    score: int
    doubts: tuple[Doubt, ...]
    windows: tuple[tuple[Span, Instant], ...] = ()


class ParcelReturned(EventBase, frozen=True, kw_only=True, tag="parcel_returned"):
    """The parcel is back at its sender, who ships again by `ship_again_by`, or the buyer is refunded."""

    shipment: ShipmentId
    returned_at: Instant
    ship_again_by: Instant
    spans: tuple[Span, ...]


class ProtectionExtended(EventBase, frozen=True, kw_only=True, tag="protection_extended"):
    """Protection of these units runs `length` longer: by the seller, on the buyer's request, or on lapse by policy."""

    length: Duration
    spans: tuple[Span, ...]
    asked: bool = False
    on_lapse: bool = False


class ExtensionAsked(EventBase, frozen=True, kw_only=True, tag="extension_asked"):
    """The buyer asked for `length` more of protection; the seller answers by `due`, or the request is passed on."""

    length: Duration
    due: Instant | None = None


class ExtensionDeclined(EventBase, frozen=True, kw_only=True, tag="extension_declined"):
    """The seller said no, or whoever answers in their place; the protection goes on as it was."""


class ReceiptConfirmed(EventBase, frozen=True, kw_only=True, tag="receipt_confirmed"):
    """These units are in the buyer's hands; their money (`amount`) is released at `settles_at` (S6, S16)."""

    spans: tuple[Span, ...]
    amount: int
    settles_at: Instant


class ReceiptUndone(EventBase, frozen=True, kw_only=True, tag="receipt_undone"):
    """A confirmation was taken back; `restored` says until when each span is protected again.

    `by_buyer`: the buyer did it alone, which the policy allows once for each unit.
    """

    restored: tuple[Restored, ...]
    amount: int
    why: str | None = None
    by_buyer: bool = False


class PortionsReleased(EventBase, frozen=True, kw_only=True, tag="portions_released"):
    """These units are settled for the seller.

    `gross = net to the seller + fee`; `commission` is the order's new total per rate, without lines that have a fixed part.
    """

    spans: tuple[Span, ...]
    gross: int
    fee: int
    commission: tuple[CommissionTaken, ...]
    cause: Cause


class PortionsRefunded(EventBase, frozen=True, kw_only=True, tag="portions_refunded"):
    """The buyer gets `amount` back for these units; `number` counts the order's refunds from 1."""

    spans: tuple[Span, ...]
    amount: int
    number: int
    cause: Cause
    why: str | None = None


class RefundPaid(EventBase, frozen=True, kw_only=True, tag="refund_paid"):
    """The payment provider carried out refund `number`."""

    number: int
    amount: int
    reference: str


class OutageRecorded(EventBase, frozen=True, kw_only=True, tag="outage_recorded"):
    """Nobody could act between `start` and `end`; the order's deadlines of people within it moved by the length."""

    start: Instant
    end: Instant


Event = (
    OrderPlaced
    | PaymentStarted
    | PaymentPageOpened
    | PaymentFailed
    | PaymentReceived
    | PaymentReturned
    | OrderCancelled
    | ParcelShipped
    | CheckpointRecorded
    | ParcelDelivered
    | DeliveryCorrected
    | NumberShared
    | DeliveryDoubted
    | ParcelReturned
    | ProtectionExtended
    | ExtensionAsked
    | ExtensionDeclined
    | ReceiptConfirmed
    | ReceiptUndone
    | PortionsReleased
    | PortionsRefunded
    | RefundPaid
    | RefundReturned
    | RefundSentAgain
    | RefundPaidElsewhere
    | OutageRecorded
    | DisputeOpened
    | OfferMade
    | OfferLapsed
    | DisputeAgreed
    | DisputeEscalated
    | ClaimTaken
    | RulingOverdue
    | DisputeRuled
    | RulingAppealed
    | MessageSent
    | ReturnShipped
    | ReturnArrived
    | ReplacementShipped
    | DisputeWithdrawn
    | DisputeSettled
    | ChargebackReceived
    | ChargebackMoved
    | ChargebackWon
    | ChargebackLost
    | PayoutStarted
    | PayoutSent
    | PayoutFailed
    | PayoutReturned
    | PayoutAskedBack
    | PayoutTakenBack
    | PayoutNotTakenBack
    | ReviewWritten
    | ReviewRevised
    | ReviewReplied
    | ReviewModerated
    | ModerationContested
    | ReviewsClosed
    | AccidentReported
    | AccidentOverdue
    | AccidentDeclined
    | ExtensionPassedOn
)
