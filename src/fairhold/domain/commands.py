"""What can be asked of an order. A command is a question; `decide` answers it with events or a refusal.

Commands are the wire types of the public contract: bodies of `API.md` decode straight into them, except where the wire
writes an instant as RFC 3339 text. Which order, who asks and when are said beside the command, not in it.
"""

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from fairhold.domain.destination import Destination
from fairhold.domain.dispute import DemandKind, DisputeReason
from fairhold.domain.evidence import Evidence
from fairhold.domain.ids import LineId, PersonId, ShipmentId
from fairhold.domain.instants import Instant
from fairhold.domain.money import MAX_AMOUNT, Currency
from fairhold.domain.order import ParcelStatus
from fairhold.domain.policy import Policy

_END = r"$(?!\n)"
"""The very end: alone, `$` also matches before a line break at the end."""

_PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*" + _END
_NAMING = r"^(?=.*[^\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff])[^\x00-\x1f\x7f-\x9f]*" + _END
"""Printable with something to see in it: a name of blanks, joiners and marks of direction alone is none."""

PROSE_PATTERN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""Lines may end, and nothing is in it that nobody sees."""

MAX_LINES = 100
MAX_QUANTITY = 100_000
MAX_DAYS = 400

Amount = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
Quantity = Annotated[int, Meta(ge=1, le=MAX_QUANTITY)]
DayCount = Annotated[int, Meta(ge=1, le=MAX_DAYS)]
Short = Annotated[str, Meta(min_length=1, max_length=64, pattern=_NAMING)]
Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=_NAMING)]
Note = Annotated[str, Meta(max_length=200, pattern=_PRINTABLE)]
Why = Annotated[str, Meta(min_length=1, max_length=1000, pattern=PROSE_PATTERN)]
Link = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^(https?://|goods:)[^\x00-\x20\x7f-\xa0]*" + _END)]
STATEMENT_PATTERN = r"^[^\S\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*" + _END
"""Blanks, then something to read. No two neighbours take the same character: a long text that does not fit costs no more."""
Statement = Annotated[str, Meta(min_length=1, max_length=4000, pattern=STATEMENT_PATTERN)]
"""What a person says in a dispute: something to read, of at most 4,000 characters."""
MAX_PHOTOS = 10
Photos = Annotated[tuple[Evidence, ...], Meta(max_length=MAX_PHOTOS)]
PERSON_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._@+~=-]{0,63}" + _END
Person = Annotated[PersonId, Meta(pattern=PERSON_PATTERN)]
LineName = Annotated[LineId, Meta(min_length=1, max_length=64, pattern=_PRINTABLE)]


class Command(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """A question to an order. `NAME` is how guards, actions and logs call it."""

    NAME: ClassVar[str]


class NewLine(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """One kind of goods in an order to be placed; `unit_price` in minor units of the order's currency."""

    sku: Short
    title: Title
    quantity: Quantity
    unit_price: Amount
    category: Short | None = None
    image: Link | None = None


class LineQuantity(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """Part of a line; without `quantity`, all of it that the command can take."""

    id: LineName
    quantity: Quantity | None = None


class PlaceOrder(Command, frozen=True, kw_only=True):
    """Buyer and seller agree on lines and sums; the buyer is to pay by the payment deadline.

    `discount` and `tax` and `shipping` are for the whole order (minor units) and are allocated to its lines at once.
    """

    NAME = "place_order"

    buyer: Person
    seller: Person
    currency: Currency
    lines: Annotated[tuple[NewLine, ...], Meta(max_length=MAX_LINES)]
    policy: Policy
    shipping: Amount = 0
    discount: Amount = 0
    tax: Amount = 0
    shipping_days: DayCount | None = None
    protection_days: DayCount | None = None
    promised_by: Instant | None = None
    reference: Short | None = None
    destination: Destination | None = None
    provider: str = "sandbox"


class Pay(Command, frozen=True, kw_only=True):
    """The buyer pays the whole order; from then on the money is held (S1)."""

    NAME = "pay"

    method: Short


class CancelOrder(Command, frozen=True, kw_only=True):
    """The deal is off before anything was shipped; what was paid goes back."""

    NAME = "cancel"

    why: Why | None = None


class ShipParcel(Command, frozen=True, kw_only=True):
    """The seller handed a parcel to the carrier; no lines named: everything not yet shipped (S3)."""

    NAME = "ship"

    carrier: Short
    tracking_number: Short
    lines: Annotated[tuple[LineName | LineQuantity, ...], Meta(max_length=MAX_LINES)] = ()


class RecordCheckpoint(Command, frozen=True, kw_only=True):
    """The carrier says where the parcel is; `at` is the scan's own time (S4).

    `code` is the carrier's own word for it, `source` the service that told us.
    """

    NAME = "record_checkpoint"

    shipment: ShipmentId
    status: ParcelStatus
    at: Instant
    place: Note | None = None
    note: Note | None = None
    code: Short | None = None
    source: Short | None = None


class ReportSharedNumber(Command, frozen=True, kw_only=True):
    """The same tracking number is on `orders` orders of other buyers: learned from the table of parcels."""

    NAME = "report_shared_number"

    shipment: ShipmentId
    orders: Annotated[int, Meta(ge=1, le=1_000_000)]


class ConfirmReceipt(Command, frozen=True, kw_only=True):
    """The buyer has these lines in hand: protection for them ends, their money goes to the seller (S6, S11–S13).

    No lines at all is refused (S11). `acknowledged` says that the consequence was shown (S13).
    """

    NAME = "confirm_receipt"

    lines: Annotated[tuple[LineName | LineQuantity, ...], Meta(max_length=MAX_LINES)] = ()
    acknowledged: bool = False


class UndoReceipt(Command, frozen=True, kw_only=True):
    """Support takes an accidental confirmation back while the money is still here (S16)."""

    NAME = "undo_receipt"

    lines: Annotated[tuple[LineName | LineQuantity, ...], Meta(max_length=MAX_LINES)] = ()
    why: Why


class ExtendProtection(Command, frozen=True, kw_only=True):
    """The seller gives the buyer `days` more of protection (S3)."""

    NAME = "extend_protection"

    days: DayCount


class AskExtension(Command, frozen=True, kw_only=True):
    """The buyer asks the seller for `days` more of protection."""

    NAME = "ask_extension"

    days: DayCount


class AnswerExtension(Command, frozen=True, kw_only=True):
    """The seller grants or declines what the buyer asked for."""

    NAME = "answer_extension"

    granted: bool


class Demand(msgspec.Struct, frozen=True, gc=False, kw_only=True, forbid_unknown_fields=True):
    """What the buyer asks for; `amount` of the disputed sum (minor units), all of it where none is given."""

    kind: DemandKind
    amount: Amount | None = None


class OpenDispute(Command, frozen=True, kw_only=True):
    """Something is wrong with these lines; their clocks stop, the seller is to answer (S17)."""

    NAME = "open_dispute"

    lines: Annotated[tuple[LineName | LineQuantity, ...], Meta(max_length=MAX_LINES)] = ()
    reason: DisputeReason
    demand: Demand
    text: Statement
    evidence: Photos = ()


class ContestReturnedParcel(Command, frozen=True, kw_only=True):
    """The seller says that a parcel which came back to them should not be refunded as it is: a mediator rules."""

    NAME = "contest_returned_parcel"

    lines: Annotated[tuple[LineName | LineQuantity, ...], Meta(max_length=MAX_LINES)] = ()
    text: Statement
    evidence: Photos = ()


class DisputeCommand(Command, frozen=True, kw_only=True):
    """A question to one dispute of an order."""

    dispute: str


class MakeOffer(DisputeCommand, frozen=True, kw_only=True):
    """Propose `refund` minor units, with the goods sent back or (by the seller) sent anew; 0 by the seller refuses (S18)."""

    NAME = "make_offer"

    refund: Amount
    return_goods: bool = False
    resend: bool = False
    text: Statement | None = None


class AcceptOffer(DisputeCommand, frozen=True, kw_only=True):
    """The other side agrees to offer `number`."""

    NAME = "accept_offer"

    number: Annotated[int, Meta(ge=1, le=100_000)]


class EscalateDispute(DisputeCommand, frozen=True, kw_only=True):
    """Ask for a mediator (S19)."""

    NAME = "escalate_dispute"

    text: Statement | None = None


class WithdrawDispute(DisputeCommand, frozen=True, kw_only=True):
    """The buyer has no complaint any more; the protection that was left runs on."""

    NAME = "withdraw_dispute"


class SendMessage(DisputeCommand, frozen=True, kw_only=True):
    """Say something to everybody concerned, or show photos."""

    NAME = "send_message"

    text: Statement
    evidence: Photos = ()


class ShipReturn(DisputeCommand, frozen=True, kw_only=True):
    """The buyer sends the goods back for `postage` (minor units), which falls on the seller as far as the disputed sum goes."""

    NAME = "ship_return"

    carrier: Short
    tracking_number: Short
    postage: Amount = 0


class ReceiveReturn(DisputeCommand, frozen=True, kw_only=True):
    """The seller has looked at what came back: as it should be (`accepted`), or not, and then a mediator rules."""

    NAME = "receive_return"

    accepted: bool = True
    text: Statement | None = None
    evidence: Photos = ()


class ShipReplacement(DisputeCommand, frozen=True, kw_only=True):
    """The seller sends the goods again."""

    NAME = "ship_replacement"

    carrier: Short
    tracking_number: Short


class TakeClaim(DisputeCommand, frozen=True, kw_only=True):
    """A mediator takes the case, so that no two read the same."""

    NAME = "take_claim"


class RuleOnDispute(DisputeCommand, frozen=True, kw_only=True):
    """A mediator decides: `refund` minor units of the disputed sum for the buyer, 0 for the seller, between them a split."""

    NAME = "rule_on_dispute"

    refund: Amount
    reasons: Statement


class AppealRuling(DisputeCommand, frozen=True, kw_only=True):
    """Ask another mediator, once."""

    NAME = "appeal_ruling"

    text: Statement | None = None
    evidence: Photos = ()


class RecordChargeback(Command, frozen=True, kw_only=True):
    """The buyer's bank took `amount` minor units back (S21). Told twice under one `reference`, it changes nothing.

    The payment provider takes `provider_fee` besides. `attempt`: of which payment, where that is not the one that paid. The
    bank hears what speaks against it until `answer_by`, where it says so.
    """

    NAME = "record_chargeback"

    amount: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
    reason: Short | None = None
    reference: Short | None = None
    provider_fee: Amount = 0
    attempt: int = 0
    answer_by: Instant | None = None


class RecordChargebackOutcome(Command, frozen=True, kw_only=True):
    """The bank has decided: `won` gives the money back, and with it the provider `provider_fee` of its own."""

    NAME = "record_chargeback_outcome"

    chargeback: str
    won: bool
    provider_fee: Amount = 0


class RecordRefundPaid(Command, frozen=True, kw_only=True):
    """The payment provider carried out refund `number`; `reference` is its own name for it."""

    NAME = "record_refund_paid"

    number: int
    reference: Short


class RecordOutage(Command, frozen=True, kw_only=True):
    """The operator records that Fairhold could not be reached: deadlines of people that fell into it shift by its length."""

    NAME = "record_outage"

    start: Instant
    end: Instant


class ApplyDeadlines(Command, frozen=True, kw_only=True):
    """Nothing but what is due: how the sweeper asks."""

    NAME = "apply_deadlines"
