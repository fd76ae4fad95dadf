"""What happens while an order's released money is passed on to its seller. Amounts in minor units."""

from fairhold.domain.event_shape import EventBase


class PayoutStarted(EventBase, frozen=True, kw_only=True, tag="payout_started"):
    """The provider is asked to pass `amount` on to the seller's `account` there, as a part of `payout`."""

    number: int
    payout: str
    amount: int
    account: str


class PayoutSent(EventBase, frozen=True, kw_only=True, tag="payout_sent"):
    """It has left for the seller; `reference` is the provider's name for it. The provider kept `provider_fee` of ours."""

    number: int
    amount: int
    reference: str
    provider_fee: int = 0


class PayoutFailed(EventBase, frozen=True, kw_only=True, tag="payout_failed"):
    """It did not leave, and is due again; `why` is the provider's word for it."""

    number: int
    amount: int
    why: str


class PayoutReturned(EventBase, frozen=True, kw_only=True, tag="payout_returned"):
    """It had left, and the seller's bank sent back what they still had of it: due again."""

    number: int
    amount: int
    why: str


class PayoutAskedBack(EventBase, frozen=True, kw_only=True, tag="payout_asked_back"):
    """The provider is asked to take `amount` of it back from the seller, who owes it (S21)."""

    number: int
    amount: int


class PayoutTakenBack(EventBase, frozen=True, kw_only=True, tag="payout_taken_back"):
    """It came back, and the seller owes so much less."""

    number: int
    amount: int
    reference: str


class PayoutNotTakenBack(EventBase, frozen=True, kw_only=True, tag="payout_not_taken_back"):
    """It did not come back: what the seller owes is kept of what they are to get later."""

    number: int
    amount: int
    why: str
