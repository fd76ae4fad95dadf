"""What happened in a dispute, or at the buyer's bank: the second part of `events.py`."""

from fairhold.domain.actors import Role
from fairhold.domain.dispute import DemandKind, DisputeId, DisputeReason, Offer, Outcome
from fairhold.domain.event_shape import EventBase, Restored
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import ShipmentId
from fairhold.domain.instants import Instant
from fairhold.domain.order import CommissionTaken
from fairhold.domain.spans import Span


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

    `from_held` and `from_settling` came out of money that was still here, `gross` from what was released: `fee` of it from
    the commission, the other part from the seller. The rest, `beyond`, the buyer had back already: it is the marketplace's
    loss. The provider took `provider_fee` besides. `attempt`: of which payment, where that is not the one that paid the order.
    Evidence is heard until `answer_by`.
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
    reference: str | None = None
    provider_fee: int = 0
    beyond: int = 0
    attempt: int = 0
    answer_by: Instant | None = None


class ChargebackMoved(EventBase, frozen=True, kw_only=True, tag="chargeback_moved"):
    """A refund is about to be decided: what the bank has of other units (`gives`) counts on these (`takes`) instead.

    Those others have their own money again: what is open is held or settling, and `gross` goes to the seller, `fee` of it
    as commission. No money comes or goes; it all comes out of what `takes` held.
    """

    takes: tuple[tuple[Span, int], ...]
    gives: tuple[tuple[Span, int], ...]
    to_held: int
    to_settling: int
    gross: int
    fee: int
    commission: tuple[CommissionTaken, ...]


class ChargebackWon(EventBase, frozen=True, kw_only=True, tag="chargeback_won"):
    """The bank gave the money back: to what is still open, to the seller, or to the buyer, as each part has been decided since.

    `gives` is what comes back to each span, `refunds` what of it is the buyer's, in all `refund`, their refund `number`
    (0: none). `beyond` makes up for the marketplace's loss. Of its own fee the provider gave `provider_fee` back.
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
    provider_fee: int = 0
    beyond: int = 0


class ChargebackLost(EventBase, frozen=True, kw_only=True, tag="chargeback_lost"):
    """The money stays with the buyer's bank."""

    chargeback: str
