"""A dispute: a small machine of its own beside the parcel's and the portion's. S2, S12, S17–S20.

Texts are not here: they stand in the events, and a decision needs none of them.
"""

from enum import StrEnum
from typing import NewType

import msgspec

from fairhold.domain.actors import Role
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import OrderId, PersonId
from fairhold.domain.instants import Instant
from fairhold.domain.spans import Span

DisputeId = NewType("DisputeId", str)


class DisputeReason(StrEnum):
    """What is wrong. The last two are no buyer's: a seller's word against a returned parcel, and protection that lapsed."""

    NOT_RECEIVED = "not_received"
    LATE = "late"
    DAMAGED = "damaged"
    NOT_AS_DESCRIBED = "not_as_described"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEMS = "missing_items"
    COUNTERFEIT = "counterfeit"
    RETURNED_PARCEL = "returned_parcel"


class DisputeState(StrEnum):
    """Where a dispute stands. Each open state has one who is expected to act, one deadline and one stated default."""

    AWAITING_ANSWER = "awaiting_answer"
    NEGOTIATING = "negotiating"
    CLAIMED = "claimed"
    RULED = "ruled"
    APPEALED = "appealed"
    RETURN_DUE = "return_due"
    RETURNING = "returning"
    RESEND_DUE = "resend_due"
    SETTLED = "settled"
    RESENT = "resent"
    WITHDRAWN = "withdrawn"


CLOSED_DISPUTES = frozenset({DisputeState.SETTLED, DisputeState.RESENT, DisputeState.WITHDRAWN})


class DemandKind(StrEnum):
    """What the buyer asks for."""

    REFUND = "refund"
    RETURN_AND_REFUND = "return_and_refund"
    RESEND = "resend"


class Outcome(StrEnum):
    """How a dispute ended."""

    SILENCE = "silence"
    AGREED = "agreed"
    RULED = "ruled"
    RETURNED = "returned"
    NOT_SENT_BACK = "not_sent_back"
    NOT_RESENT = "not_resent"
    RESENT = "resent"
    WITHDRAWN = "withdrawn"
    UNDECIDED = "undecided"
    PROVIDER_CEILING = "provider_ceiling"


class Offer(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What one side proposes: `refund` minor units to the buyer, the goods back or not, or the goods sent again.

    Number 1 is the buyer's demand. Only the newest can be accepted, by the other side, until it expires.
    """

    number: int
    by: Role
    refund: int
    return_goods: bool = False
    resend: bool = False
    expires: Instant | None = None
    lapsed: bool = False


class OfferStatus(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    REPLACED = "replaced"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    GRANTED = "granted"
    CLOSED = "closed"


class Ruling(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A mediator's word: `refund` minor units of the disputed sum go to the buyer, the rest to the seller."""

    refund: int
    by: PersonId
    at: Instant


class Terminus(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """How it ended and with which sums (minor units).

    `decided` of the disputed sum for the buyer, of which `refunded` by us and the rest by their bank before; `released`
    to the seller, fee included.
    """

    outcome: Outcome
    at: Instant
    decided: int = 0
    refunded: int = 0
    released: int = 0


class Dispute(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One disagreement about some units of an order. `amount`: what they were worth when it was opened (minor units).

    `due` is its state's own deadline; `undecided_after` the policy's last one. `agreed` is the offer that is being
    carried out while goods travel, `postage` what sending them back cost the buyer. The units' clocks stand still since
    `opened_at`.
    """

    id: DisputeId
    reason: DisputeReason
    demand: DemandKind
    spans: tuple[Span, ...]
    amount: int
    opened_at: Instant
    state: DisputeState
    offers: tuple[Offer, ...] = ()
    due: Instant | None = None
    negotiation_due: Instant | None = None
    undecided_after: Instant | None = None
    answered_at: Instant | None = None
    claimed_at: Instant | None = None
    overdue: bool = False
    mediator: PersonId | None = None
    rulings: tuple[Ruling, ...] = ()
    appealed_by: Role | None = None
    agreed: Offer | None = None
    postage: int = 0
    contested: bool = False
    evidence: tuple[Evidence, ...] = ()
    messages: int = 0
    end: Terminus | None = None

    @property
    def is_open(self) -> bool:
        """Whether anything is undecided."""
        return self.state not in CLOSED_DISPUTES

    @property
    def offer(self) -> Offer | None:
        """The offer on the table: the newest, unless it lapsed."""
        newest = self.offers[-1] if self.offers else None
        return newest if newest is not None and not newest.lapsed else None


_TALKING = frozenset({DisputeState.AWAITING_ANSWER, DisputeState.NEGOTIATING, DisputeState.CLAIMED})


def offer_status(dispute: Dispute, offer: Offer) -> OfferStatus:
    """What became of an offer of this dispute."""
    if offer.number < len(dispute.offers):
        return OfferStatus.REPLACED
    if offer.lapsed:
        return OfferStatus.EXPIRED
    if dispute.state in _TALKING:
        return OfferStatus.OPEN
    if dispute.end is not None and dispute.end.outcome is Outcome.SILENCE:
        return OfferStatus.GRANTED
    agreed = dispute.agreed is not None or (dispute.end is not None and dispute.end.outcome is Outcome.AGREED)
    return OfferStatus.ACCEPTED if agreed else OfferStatus.CLOSED


def dispute_id(order: OrderId, position: int) -> DisputeId:
    """The name of the order's dispute at `position`, from 1: whoever holds it knows the order."""
    return DisputeId(f"{order}-d{position}")


class ChargebackState(StrEnum):
    """What the buyer's bank has said so far."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Chargeback(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """Money that the buyer's bank took back (S21): `amount` minor units; `due` is when silence counts as lost.

    `beyond` of it was no longer the order's: the buyer had it back already. `attempt`: of which payment, where that is not
    the one that paid the order.
    """

    id: str
    amount: int
    at: Instant
    due: Instant
    state: ChargebackState = ChargebackState.OPEN
    ended_at: Instant | None = None
    reference: str | None = None
    """The payment provider's name for it."""
    beyond: int = 0
    attempt: int = 0
    answer_by: Instant | None = None
    """Until when the bank hears what speaks against it."""

    @property
    def is_undecided(self) -> bool:
        """Whether the bank has yet to say what it decided; where silence counted as lost, it may say so later still."""
        return self.state is ChargebackState.OPEN or self.has_lapsed

    @property
    def has_lapsed(self) -> bool:
        """Whether it counts as lost because nobody said anything by its deadline."""
        return self.state is ChargebackState.LOST and self.ended_at == self.due


def chargeback_id(order: OrderId, position: int) -> str:
    """The name of the order's chargeback at `position`, from 1."""
    return f"{order}-c{position}"
