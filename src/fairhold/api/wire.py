"""Answers in their shapes. Amounts inside an order are minor units of its currency, moments are RFC 3339 text in UTC."""

from typing import Any

from msgspec import field

from fairhold.api.shapes import ActionOut, At, Out
from fairhold.api.wire_refunds import RefundOut
from fairhold.api.wire_reviews import ReviewOut
from fairhold.domain.actors import Role
from fairhold.domain.coming import Kind
from fairhold.domain.destination import Destination
from fairhold.domain.dispute import ChargebackState, DemandKind, DisputeReason, DisputeState, OfferStatus, Outcome
from fairhold.domain.order import Doubt, ParcelStatus, PortionState, Sums
from fairhold.domain.policy import Policy, PolicyRef
from fairhold.domain.status import Status


class PhotoOut(Out, frozen=True):
    """A photo as it is stored: a JPEG of so many pixels and bytes, with their hash (64 hexadecimal digits)."""

    id: str
    sha256: str
    width: int
    height: int
    size: int


class LineOut(Out, frozen=True):
    """A line. `total = unit_price × quantity − discount + shipping + tax`; `portions` counts units by state."""

    id: str
    sku: str
    title: str
    quantity: int
    unit_price: int
    discount: int
    shipping: int
    tax: int
    total: int
    status: PortionState
    portions: dict[str, int]
    actions: list[ActionOut]
    category: str | None = None
    image: str | None = None


class CheckpointOut(Out, frozen=True):
    """A scan: when the carrier says it happened, and when Fairhold learned of it.

    `code` is the provider's own word, `source` the service that told Fairhold, where no person did.
    """

    status: ParcelStatus
    at: At
    learned_at: At
    place: str | None = None
    note: str | None = None
    code: str | None = None
    source: str | None = None


class DoubtOut(Out, frozen=True):
    """What speaks against a delivery, as a code and in a sentence."""

    code: Doubt
    text: str


class DeliveryEvidenceOut(Out, frozen=True):
    """How well a delivery is proved: from 100, where nothing speaks against it, to 0; `low` where the buyer gets more time."""

    score: int
    low: bool
    doubts: list[DoubtOut]


class ContentOut(Out, frozen=True):
    """How much of a line."""

    id: str
    quantity: int


class ShipmentOut(Out, frozen=True):
    """A parcel: the `lines` in it, and `contents`, how much of each. `returns`: the dispute that it travels back for.

    `meant` is there where the number's check digit does not fit: numbers that fit and may have been meant, perhaps none.
    `delivery_evidence` is there where the order's policy weighs deliveries and there is something to weigh.
    """

    id: str
    carrier: str
    tracking_number: str
    status: ParcelStatus
    lines: list[str]
    contents: list[ContentOut]
    checkpoints: list[CheckpointOut]
    shipped_at: At
    delivered_at: At | None = None
    returned_at: At | None = None
    returns: str | None = None
    meant: tuple[str, ...] | None = None
    delivery_evidence: DeliveryEvidenceOut | None = None


class DeadlineOut(Out, frozen=True):
    """At `at` comes `effect` over these lines, worth `amount`, unless one of `stopped_by` is done by its `owner` or others."""

    kind: Kind
    at: At
    lines: list[str]
    owner: str
    effect: str
    because: str
    stopped_by: tuple[str, ...]
    amount: int
    dispute: str | None = None


class OfferOut(Out, frozen=True):
    """What one side proposes: `refund` to the buyer, and with it `to_seller` after commission (minor units)."""

    number: int
    by: Role
    refund: int
    return_goods: bool
    status: OfferStatus
    to_seller: int
    resend: bool = False
    expires_at: At | None = None


class DemandOut(Out, frozen=True):
    """What the buyer asked for."""

    kind: DemandKind
    amount: int


class RulingOut(Out, frozen=True):
    """A mediator's word: `refund` of the disputed sum to the buyer, the rest to the seller."""

    refund: int
    by: str
    at: At


class EvidenceOut(Out, frozen=True):
    """A photo on file, by the hash of its bytes."""

    id: str
    sha256: str


class OutcomeOut(Out, frozen=True):
    """How a dispute ended: `decided` for the buyer, of which `refunded` by us and not their bank; `released` to the seller."""

    outcome: Outcome
    at: At
    decided: int
    refunded: int
    released: int


class DisputeOut(Out, frozen=True):
    """A dispute: `turn` is expected to act, `deadlines` say until when and what comes otherwise."""

    id: str
    order: str
    status: DisputeState
    reason: DisputeReason
    lines: list[str]
    contents: list[ContentOut]
    amount: int
    currency: str
    opened_at: At
    turn: str | None
    deadlines: list[DeadlineOut]
    offers: list[OfferOut]
    actions: list[ActionOut]
    evidence: list[EvidenceOut]
    rulings: list[RulingOut]
    demand: DemandOut | None = None
    claimed_at: At | None = None
    overdue: bool = False
    mediator: str | None = None
    appealed_by: str | None = None
    shipment: str | None = None
    outcome: OutcomeOut | None = None


class ListedDispute(Out, frozen=True):
    """A dispute in a list: what it is about, whose turn it is and until when."""

    id: str
    order: str
    buyer: str
    seller: str
    status: DisputeState
    reason: DisputeReason
    amount: int
    currency: str
    turn: str | None
    deadline_at: At | None
    claimed: bool
    opened_at: At
    mediator: str | None = None
    refund: int | None = None
    closed_at: At | None = None
    outcome: Outcome | None = None


class DisputeList(Out, frozen=True):
    """Disputes; `counts` says how many there are by tab, and under `all` together, up to 1000."""

    items: list[ListedDispute]
    next: str | None
    counts: dict[str, int]
    counts_at_least: list[str]


class ChargebackOut(Out, frozen=True):
    """What the buyer's bank took back; `beyond` of it the buyer had back already, and the marketplace bears that.

    The bank hears evidence until `answer_by`, where it has said so.
    """

    id: str
    amount: int
    status: ChargebackState
    at: At
    due_at: At
    ended_at: At | None = None
    beyond: int = 0
    answer_by: At | None = None


class ExtensionOut(Out, frozen=True):
    """The buyer's open request for more protection."""

    days: int
    asked_at: At


class OrderOut(Out, frozen=True):
    """An order as the caller may see it at this moment."""

    id: str
    number: str
    status: Status
    buyer: str
    seller: str
    currency: str
    version: int
    policy: PolicyRef
    placed_at: At
    total: int
    lines: list[LineOut]
    shipments: list[ShipmentOut]
    money: Sums
    deadlines: list[DeadlineOut]
    actions: list[ActionOut]
    disputes: list[DisputeOut]
    reviews: list[ReviewOut]
    paid_at: At | None = None
    closed_at: At | None = None
    promised_by: At | None = None
    reference: str | None = None
    destination: Destination | None = None
    extension_request: ExtensionOut | None = None
    chargebacks: list[ChargebackOut] = field(default_factory=list)
    refunds: list[RefundOut] = field(default_factory=list)
    payment_page: str | None = None
    """Where the buyer pays, while a payment through a provider is under way."""


class OrderList(Out, frozen=True):
    """Orders, newest first; `counts` says how many there are by tab, and under `all` together.

    Counting a tab ends at 1000: `counts_at_least` names the tabs that hold as many as `counts` says or more.
    """

    items: list[OrderOut]
    next: str | None
    counts: dict[str, int]
    counts_at_least: list[str]


class EventOut(Out, frozen=True):
    """Something that happened to an order, in data and (`title`, `text`) in words."""

    seq: int
    type: str
    at: At
    by: str
    title: str
    text: str
    lines: list[ContentOut] = field(default_factory=list)
    shipment: str | None = None
    amount: int | None = None
    fee: int | None = None
    cause: str | None = None
    until: At | None = None
    status: ParcelStatus | None = None
    dispute: str | None = None
    refund: int | None = None
    evidence: list[EvidenceOut] = field(default_factory=list)
    review: str | None = None
    rating: int | None = None


class EventList(Out, frozen=True):
    """An order's history, oldest first."""

    items: list[EventOut]
    next: str | None


class DisputeDetail(DisputeOut, frozen=True):
    """A dispute with everything that was said and done in it, oldest first."""

    messages: list[EventOut] = field(default_factory=list)


class PartOut(Out, frozen=True):
    """How much of a line would be confirmed, and what that is worth."""

    id: str
    title: str
    quantity: int
    amount: int


class ConsequenceOut(Out, frozen=True):
    """What confirming would do (S13): sums, dates, and `text`, the sentences of the second step in their order."""

    lines: list[PartOut]
    currency: str
    amount: int
    fee: int
    net: int
    settles_at: At
    undo_until: At | None
    in_transit: bool
    still_held: int
    still_protected_until: At | None
    question: str
    text: list[str]


class HeadOut(Out, frozen=True):
    """The signed head of a day (UTC) over all orders that changed on it. Hashes, key and signature are hexadecimal.

    Signed with Ed25519 are the lines `fairhold daily head v1`, `day`, `previous`, `root` and `count`, each with a line feed.
    `previous` is the SHA-256 of what was signed on the day before that has a head; 64 zeros where there is none.
    """

    day: str
    previous: str
    root: str
    count: int
    signature: str
    public_key: str
    fingerprint: str
    made_at: At


class HeadList(Out, frozen=True):
    """Daily heads, newest first; `fingerprint` is that of the key that signs now."""

    items: list[HeadOut]
    next: str | None
    fingerprint: str


class ClockOut(Out, frozen=True):
    """What time it is in the sandbox."""

    now: At


class PolicyList(Out, frozen=True):
    """The policies that an order can be placed under, the marketplace's own first."""

    items: list[Policy]
    next: str | None


class Result(Out, frozen=True):
    """What one command of a batch answered: the status and the body that its own POST would have had."""

    status: int
    body: dict[str, Any]


class Results(Out, frozen=True):
    """A batch's answers, in the order of its commands."""

    outcomes: list[Result]
