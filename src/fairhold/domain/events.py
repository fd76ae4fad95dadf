"""What happened to an order. Events are stored for ever and never edited; a later shape is upcast when read.

Each says when (`at`, microseconds UTC) and by whom (`by`: `buyer:ann`, or `system` for a deadline). An event carries every
result of its decision, sums included, so that `evolve` calculates nothing it could calculate differently tomorrow.
"""

from enum import StrEnum

import msgspec

from fairhold.domain.actors import Role
from fairhold.domain.dispute import DemandKind, DisputeId, DisputeReason, Offer, Outcome
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import OrderId, PersonId, ShipmentId
from fairhold.domain.instants import Duration, Instant
from fairhold.domain.money import Currency
from fairhold.domain.order import Checkpoint, CommissionTaken, Line
from fairhold.domain.policy import Terms
from fairhold.domain.spans import Span


class Cause(StrEnum):
    """Why money moved."""

    CONFIRMED = "confirmed"
    CONFIRMATION_WINDOW = "confirmation_window"
    PROTECTION = "protection"
    CANCELLED = "cancelled"
    NOT_SHIPPED = "not_shipped"
    RETURNED_TO_SENDER = "returned_to_sender"
    PROVIDER_CEILING = "provider_ceiling"


class EventBase(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, tag_field="type"):
    """What every event says. `at`: when it took effect; `by`: who did it."""

    at: Instant
    by: str


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


class PaymentReceived(EventBase, frozen=True, kw_only=True, tag="payment_received"):
    """The buyer's money is here and held; the seller ships by `shipping_due`."""

    amount: int
    method: str
    shipping_due: Instant


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
    """The buyer asked for `length` more of protection."""

    length: Duration


class ExtensionDeclined(EventBase, frozen=True, kw_only=True, tag="extension_declined"):
    """The seller said no; the protection goes on as it was."""


class ReceiptConfirmed(EventBase, frozen=True, kw_only=True, tag="receipt_confirmed"):
    """These units are in the buyer's hands; their money (`amount`) is released at `settles_at` (S6, S16)."""

    spans: tuple[Span, ...]
    amount: int
    settles_at: Instant


class Restored(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Units under protection again.

    Its end, the end of their window where they were delivered, and the seller's term where their parcel came back.
    """

    span: Span
    protection_ends: Instant
    window_ends: Instant | None = None
    ship_again_by: Instant | None = None


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

    `gross = net to the seller + fee`; `commission` is the order's new total per rate.
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


class DisputeOpened(EventBase, frozen=True, kw_only=True, tag="dispute_opened"):
    """Something is wrong with these units, worth `amount`; their clocks stand still (S17).

    `demand` is offer number 1 and lives until `answer_due`. Where the seller contests a returned parcel there is no
    demand to answer: a mediator rules by `ruling_due`.
    """

    dispute: DisputeId
    reason: DisputeReason
    demand: DemandKind
    spans: tuple[Span, ...]
    amount: int
    offer: Offer | None = None
    answer_due: Instant | None = None
    negotiation_due: Instant | None = None
    ruling_due: Instant | None = None
    undecided_after: Instant | None = None
    text: str | None = None
    evidence: tuple[Evidence, ...] = ()


class OfferMade(EventBase, frozen=True, kw_only=True, tag="offer_made"):
    """An offer replaced the one on the table (S18)."""

    dispute: DisputeId
    offer: Offer
    text: str | None = None


class OfferLapsed(EventBase, frozen=True, kw_only=True, tag="offer_lapsed"):
    """Nobody accepted the offer in time; the negotiation goes on."""

    dispute: DisputeId
    number: int


class DisputeAgreed(EventBase, frozen=True, kw_only=True, tag="dispute_agreed"):
    """An offer was accepted, or granted by silence, and goods have to travel first: back by `due`, or anew by `due`."""

    dispute: DisputeId
    offer: Offer
    due: Instant
    silence: bool = False


class DisputeEscalated(EventBase, frozen=True, kw_only=True, tag="dispute_escalated"):
    """The dispute became a claim: a mediator rules by `due` (S19). `contested`: over goods that were sent back."""

    dispute: DisputeId
    due: Instant
    contested: bool = False
    text: str | None = None
    evidence: tuple[Evidence, ...] = ()


class ClaimTaken(EventBase, frozen=True, kw_only=True, tag="claim_taken"):
    """A mediator took the case."""

    dispute: DisputeId


class RulingOverdue(EventBase, frozen=True, kw_only=True, tag="ruling_overdue"):
    """No ruling came in time: the duty is the operator's now. It moves no money."""

    dispute: DisputeId
    due: Instant


class DisputeRuled(EventBase, frozen=True, kw_only=True, tag="dispute_ruled"):
    """A mediator ruled: `refund` of the disputed sum for the buyer. It takes effect at `effective_at` unless appealed."""

    dispute: DisputeId
    refund: int
    effective_at: Instant
    reasons: str


class RulingAppealed(EventBase, frozen=True, kw_only=True, tag="ruling_appealed"):
    """One side disagrees: another mediator rules by `due`."""

    dispute: DisputeId
    side: Role
    due: Instant
    text: str | None = None
    evidence: tuple[Evidence, ...] = ()


class MessageSent(EventBase, frozen=True, kw_only=True, tag="message_sent"):
    """Something was said in the dispute, or shown."""

    dispute: DisputeId
    text: str
    evidence: tuple[Evidence, ...] = ()


class ReturnShipped(EventBase, frozen=True, kw_only=True, tag="return_shipped"):
    """The goods are on their way back, for `postage`; the seller says by `due` whether they came back as they should."""

    dispute: DisputeId
    shipment: ShipmentId
    carrier: str
    tracking_number: str
    due: Instant
    postage: int = 0


class ReturnArrived(EventBase, frozen=True, kw_only=True, tag="return_arrived"):
    """By the carrier's word the goods are back at the seller, or, corrected, not yet: inspected by `due`."""

    dispute: DisputeId
    due: Instant


class ReplacementShipped(EventBase, frozen=True, kw_only=True, tag="replacement_shipped"):
    """The goods were sent again: these units are held for a new parcel, protected until `protection_ends`."""

    dispute: DisputeId
    shipment: ShipmentId
    carrier: str
    tracking_number: str
    spans: tuple[Span, ...]
    protection_ends: Instant


class DisputeWithdrawn(EventBase, frozen=True, kw_only=True, tag="dispute_withdrawn"):
    """The buyer took the dispute back; the protection that was left runs on (S17)."""

    dispute: DisputeId
    restored: tuple[Restored, ...]


class DisputeSettled(EventBase, frozen=True, kw_only=True, tag="dispute_settled"):
    """The dispute's money is decided (S2): `decided` of the disputed sum for the buyer, the rest for the seller.

    What the buyer's bank gave them counts: `refund` is what they get now, `gross` (net plus fee) what the seller gets.
    `owed` and `shares` are what of `decided` and of `refund` falls on each of `spans`; `number` counts the order's
    refunds, 0 where there is none.
    """

    dispute: DisputeId
    outcome: Outcome
    decided: int
    spans: tuple[Span, ...]
    owed: tuple[int, ...]
    shares: tuple[int, ...]
    refund: int
    number: int
    gross: int
    fee: int
    commission: tuple[CommissionTaken, ...]


class ChargebackReceived(EventBase, frozen=True, kw_only=True, tag="chargeback_received"):
    """The buyer's bank took `amount` back (S21), so much of each of `takes`; silence until `due` counts as lost.

    `from_held` and `from_settling` came out of money that was still here, the rest, `gross`, from what was released:
    `fee` of it from the commission, the other part from the seller.
    """

    chargeback: str
    amount: int
    takes: tuple[tuple[Span, int], ...]
    from_held: int
    from_settling: int
    gross: int
    fee: int
    commission: tuple[CommissionTaken, ...]
    due: Instant
    reason: str | None = None


class ChargebackWon(EventBase, frozen=True, kw_only=True, tag="chargeback_won"):
    """The bank gave the money back: to what is still open, to the seller, or to the buyer, as each part has been decided since.

    `gives` is what comes back to each span, `refunds` what of it is the buyer's, in all `refund`, their refund `number`
    (0: none).
    """

    chargeback: str
    gives: tuple[tuple[Span, int], ...]
    refunds: tuple[int, ...]
    to_held: int
    to_settling: int
    gross: int
    fee: int
    commission: tuple[CommissionTaken, ...]
    refund: int
    number: int


class ChargebackLost(EventBase, frozen=True, kw_only=True, tag="chargeback_lost"):
    """The money stays with the buyer's bank."""

    chargeback: str


Event = (
    OrderPlaced
    | PaymentReceived
    | OrderCancelled
    | ParcelShipped
    | CheckpointRecorded
    | ParcelDelivered
    | DeliveryCorrected
    | ParcelReturned
    | ProtectionExtended
    | ExtensionAsked
    | ExtensionDeclined
    | ReceiptConfirmed
    | ReceiptUndone
    | PortionsReleased
    | PortionsRefunded
    | RefundPaid
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
    | ChargebackWon
    | ChargebackLost
)
