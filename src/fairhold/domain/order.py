"""The order: one aggregate, one value. Everything a decision needs and nothing else.

Small machines stand side by side (payment, portion, parcel); the headline status derives from them in `status.py`.
"""

from enum import StrEnum

import msgspec

from fairhold.domain.accident import Accident, AccidentState
from fairhold.domain.actors import Role
from fairhold.domain.destination import Destination
from fairhold.domain.dispute import Chargeback, Dispute, DisputeId
from fairhold.domain.ids import LineId, OrderId, PersonId, ShipmentId
from fairhold.domain.instants import Duration, Instant
from fairhold.domain.money import Currency
from fairhold.domain.payment import Attempt
from fairhold.domain.payout import PayoutPart
from fairhold.domain.policy import ReviewTerms, Terms
from fairhold.domain.review import Review
from fairhold.domain.spans import Span


class PaymentState(StrEnum):
    """Whether the buyer's money is here."""

    AWAITED = "awaited"
    RECEIVED = "received"
    GIVEN_UP = "given_up"


class PortionState(StrEnum):
    """What became of a part of a line. `held` until somebody decides; `cancelled` where no money ever came."""

    HELD = "held"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    SETTLED = "settled"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


OPEN_STATES = frozenset({PortionState.HELD, PortionState.DISPUTED, PortionState.CONFIRMED})


class ParcelStatus(StrEnum):
    """The one vocabulary of tracking (`API.md`)."""

    PENDING = "pending"
    INFO_RECEIVED = "info_received"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    EXPIRED = "expired"
    RETURNED_TO_SENDER = "returned_to_sender"


class Doubt(StrEnum):
    """What speaks against a delivery (`delivery_evidence.py`)."""

    SHARED_NUMBER = "shared_number"
    ACCEPTED_BEFORE_PAYMENT = "accepted_before_payment"
    OTHER_TOWN = "other_town"
    NO_MOVEMENT = "no_movement"


class Line(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One kind of goods. Amounts in minor units.

    `total = unit_price × quantity − discount + shipping + tax`, the last three its shares of the order's.
    """

    id: LineId
    sku: str
    title: str
    quantity: int
    unit_price: int
    total: int
    discount: int = 0
    shipping: int = 0
    tax: int = 0
    category: str | None = None
    image: str | None = None


class Portion(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Neighbouring units of a line that share one fate. `amount` is what they are worth, shares included (minor units).

    `charged` of it the buyer's bank took back (S21), beginning with the first units. Once decided, `owed` of it is the
    buyer's and `returned` is what they were given of that by us: what the bank gave them counts too. `dispute` is the
    last one they were part of, of `disputed` in all. `accident`: the buyer says that they were confirmed by accident;
    `kept_since` is when their money would have left, had that not kept it here until `settles_at` (S16).
    """

    line: LineId
    start: int
    quantity: int
    amount: int
    state: PortionState = PortionState.HELD
    shipment: ShipmentId | None = None
    protection_ends: Instant | None = None
    window_ends: Instant | None = None
    ship_again_by: Instant | None = None
    confirmed_at: Instant | None = None
    settles_at: Instant | None = None
    lapse_extended: bool = False
    shipped_again: bool = False
    buyer_undid: bool = False
    charged: int = 0
    owed: int = 0
    returned: int = 0
    dispute: DisputeId | None = None
    disputed: int = 0
    accident: AccidentState | None = None
    kept_since: Instant | None = None

    @property
    def left(self) -> int:
        """What of their worth the bank has not taken (minor units)."""
        return self.amount - self.charged

    @property
    def span(self) -> Span:
        """Which units these are."""
        return Span(self.line, self.start, self.quantity)


class Checkpoint(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One scan of a parcel: when the carrier says it happened and when we learned of it.

    `code` is the provider's own word for it, as it came; `source` is who told us, where it was no person.
    """

    status: ParcelStatus
    at: Instant
    learned_at: Instant
    place: str | None = None
    note: str | None = None
    code: str | None = None
    source: str | None = None


class Shipment(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A parcel. `status` is weighed from its checkpoints (`rules/shipping.py`); `spans` is what was put into it.

    `returns` names the dispute in which the buyer sends these goods back; all others travel to the buyer. `shared_with`:
    how many orders of other buyers have the same number. `doubts` are those for which the buyer was given more time.
    """

    id: ShipmentId
    carrier: str
    tracking_number: str
    shipped_at: Instant
    spans: tuple[Span, ...]
    status: ParcelStatus = ParcelStatus.PENDING
    delivered_at: Instant | None = None
    returned_at: Instant | None = None
    returns: DisputeId | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    shared_with: int = 0
    doubts: tuple[Doubt, ...] = ()


class Sums(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Where the order's money is: `paid = held + settling + released + fee + refunded + charged_back`, always (minor units)."""

    paid: int = 0
    held: int = 0
    settling: int = 0
    released: int = 0
    fee: int = 0
    refunded: int = 0
    charged_back: int = 0


class CommissionTaken(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """At one rate (basis points): everything released so far, and the commission taken of it (minor units).

    Without the lines that have a fixed part: theirs follows from what of each the seller has (`commission.py`).
    """

    rate: int
    gross: int
    fee: int


class Refund(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Money decided to go back to the buyer; `paid_at` once the payment provider carried it out.

    `attempt`: which payment it is of, where that is not the one that paid the order. `returned_why`: it did not reach the
    buyer, in the provider's word; a person then has it sent as refund `again`, or it was paid `elsewhere`, by that reference.
    """

    number: int
    amount: int
    paid_at: Instant | None = None
    attempt: int = 0
    returned_why: str = ""
    again: int = 0
    elsewhere: str = ""

    @property
    def is_owed(self) -> bool:
        """Whether the buyer does not have it yet, and has it in no other refund."""
        return self.paid_at is None and not self.again

    @property
    def waits(self) -> bool:
        """Whether it came back, and nobody has looked yet."""
        return self.is_owed and bool(self.returned_why)


class ExtensionRequest(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The buyer asked for `length` more protection: `owner` answers by `due`; the seller can in any case.

    A request from before answers had a time has no owner, and waits for the seller alone.
    """

    length: Duration
    asked_at: Instant
    owner: Role | None = None
    due: Instant | None = None


class Order(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A deal between one buyer and one seller in one currency. `version` counts its events.

    `review_terms` are the rules of the day, put there by whoever loads the order and never stored (`reviewing.py`).
    `reviews_closed`: the time for reviews is over, and what follows from that has happened.
    """

    id: OrderId
    version: int
    buyer: PersonId
    seller: PersonId
    currency: Currency
    terms: Terms
    placed_at: Instant
    lines: tuple[Line, ...]
    portions: tuple[Portion, ...]
    payment: PaymentState = PaymentState.AWAITED
    paid_at: Instant | None = None
    payment_method: str | None = None
    attempts: tuple[Attempt, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    money: Sums = Sums()
    commission: tuple[CommissionTaken, ...] = ()
    promised_by: Instant | None = None
    reference: str | None = None
    destination: Destination | None = None
    refunds: tuple[Refund, ...] = ()
    extensions_granted: int = 0
    extension_request: ExtensionRequest | None = None
    accident: Accident | None = None
    payment_due: Instant | None = None
    shipping_due: Instant | None = None
    closed_at: Instant | None = None
    outages: tuple[tuple[Instant, Instant], ...] = ()
    disputes: tuple[Dispute, ...] = ()
    chargebacks: tuple[Chargeback, ...] = ()
    payouts: tuple[PayoutPart, ...] = ()
    reviews: tuple[Review, ...] = ()
    reviews_closed: bool = False
    review_terms: ReviewTerms | None = None

    @property
    def total(self) -> int:
        """What the buyer pays, in minor units."""
        return sum(line.total for line in self.lines)

    def line(self, name: LineId) -> Line | None:
        """The line of that name, if it belongs to this order."""
        for line in self.lines:
            if line.id == name:
                return line
        return None

    def shipment(self, name: ShipmentId | None) -> Shipment | None:
        """The parcel of that name, if it belongs to this order."""
        for shipment in self.shipments:
            if shipment.id == name:
                return shipment
        return None

    def dispute(self, name: str | None) -> Dispute | None:
        """The dispute of that name, if it belongs to this order."""
        for dispute in self.disputes:
            if dispute.id == name:
                return dispute
        return None

    def attempt(self, number: int) -> Attempt | None:
        """The attempt to pay of that number."""
        for attempt in self.attempts:
            if attempt.number == number:
                return attempt
        return None

    def refund(self, number: int) -> Refund | None:
        """The refund of that number."""
        for refund in self.refunds:
            if refund.number == number:
                return refund
        return None

    def payout(self, number: int) -> PayoutPart | None:
        """The part of that number that left for the seller."""
        for part in self.payouts:
            if part.number == number:
                return part
        return None

    def review(self, name: str | None) -> Review | None:
        """The review of that name, if it belongs to this order."""
        for review in self.reviews:
            if review.id == name:
                return review
        return None
