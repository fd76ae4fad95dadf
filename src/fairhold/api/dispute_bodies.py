"""Bodies of the calls on disputes: photos by their ids, the dispute by the path."""

from typing import Annotated

from msgspec import Meta

from fairhold.api.bodies import Wire
from fairhold.domain.commands import MAX_LINES, MAX_PHOTOS, Amount, Demand, LineName, LineQuantity, Short, Statement
from fairhold.domain.dispute import DisputeReason
from fairhold.domain.money import MAX_AMOUNT

PhotoId = Annotated[str, Meta(min_length=1, max_length=64)]
PhotoIds = Annotated[tuple[PhotoId, ...], Meta(max_length=MAX_PHOTOS)]


class Opening(Wire, frozen=True, kw_only=True):
    """What is wrong with which lines, and what the buyer wants. `demand.amount` left out: all that the lines cost."""

    lines: Annotated[tuple[LineName | LineQuantity, ...], Meta(max_length=MAX_LINES)]
    reason: DisputeReason
    demand: Demand
    text: Statement
    evidence: PhotoIds = ()


class Contesting(Wire, frozen=True, kw_only=True):
    """What the seller says of a parcel that came back; no lines named: all of it."""

    lines: Annotated[tuple[LineName | LineQuantity, ...], Meta(max_length=MAX_LINES)] = ()
    text: Statement
    evidence: PhotoIds = ()


class Offering(Wire, frozen=True, kw_only=True):
    """`refund` minor units to the buyer, with the goods back, or (`resend`, by the seller) the goods sent again instead."""

    refund: Amount | None = None
    return_goods: bool = False
    resend: bool = False
    text: Statement | None = None


class Accepting(Wire, frozen=True, kw_only=True):
    """Nothing: the path names the offer."""


class Escalating(Wire, frozen=True, kw_only=True):
    """Why a mediator is needed, if there is something to say."""

    text: Statement | None = None


class Withdrawing(Wire, frozen=True, kw_only=True):
    """Nothing: the path names the dispute."""


class Saying(Wire, frozen=True, kw_only=True):
    """A message to everybody concerned."""

    text: Statement
    evidence: PhotoIds = ()


class SendingBack(Wire, frozen=True, kw_only=True):
    """The parcel with which the goods travel back, and what sending it cost (minor units)."""

    carrier: Short
    tracking_number: Short
    postage: Amount = 0


class SendingAgain(Wire, frozen=True, kw_only=True):
    """The parcel with which the goods travel again."""

    carrier: Short
    tracking_number: Short


class Inspecting(Wire, frozen=True, kw_only=True):
    """Whether the goods came back as they should; where not, `text` says what is wrong."""

    accepted: bool = True
    text: Statement | None = None
    evidence: PhotoIds = ()


class Ruling(Wire, frozen=True, kw_only=True):
    """`refund` minor units of the disputed sum to the buyer, and why."""

    refund: Amount
    reasons: Statement


class Appealing(Wire, frozen=True, kw_only=True):
    """What is new."""

    text: Statement | None = None
    evidence: PhotoIds = ()


class Taking(Wire, frozen=True, kw_only=True):
    """Nothing: the path names the dispute."""


class ChargingBack(Wire, frozen=True, kw_only=True):
    """What the buyer's bank took back of which order (minor units)."""

    order: str
    amount: Annotated[int, Meta(ge=1, le=MAX_AMOUNT)]
    reason: Short | None = None


class BankSaid(Wire, frozen=True, kw_only=True):
    """Whether the bank gives the money back."""

    won: bool
