"""What has left for the seller: a part of an order's released money, and what came back of it."""

from enum import StrEnum

import msgspec

MAX_PAYOUT_PARTS = 200
"""How many parts of one order's money can leave: retries of a payout that keeps failing end there, and a person looks."""

MAX_ASKS = 5
"""How often one part is asked back of a seller who has it no more: what they owe is kept of later payouts all the same."""


class PayoutState(StrEnum):
    """How far a part has come."""

    STARTED = "started"
    """The provider is asked to pass it on."""
    SENT = "sent"
    FAILED = "failed"
    """It never left: it is due again."""
    RETURNED = "returned"
    """The seller's bank sent it back: it is due again."""


ON_ITS_WAY = frozenset({PayoutState.STARTED, PayoutState.SENT})


class PayoutPart(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A part of the order's money that a payout passes on to the seller (minor units).

    `payout` is our name for the payout that it belongs to, `account` the provider's for whom it goes to, `reference` the
    provider's for the transfer. `taken_back` came back after that because a buyer's bank took what the seller had;
    `asked_back` is asked of the provider and not yet answered, and `asks` counts how often it was.
    """

    number: int
    payout: str
    amount: int
    account: str
    state: PayoutState = PayoutState.STARTED
    reference: str = ""
    why: str = ""
    taken_back: int = 0
    asked_back: int = 0
    asks: int = 0

    @property
    def left(self) -> int:
        """What of it is with the seller, or on its way to them (minor units)."""
        return self.amount - self.taken_back if self.state in ON_ITS_WAY else 0
