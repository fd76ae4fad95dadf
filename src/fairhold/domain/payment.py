"""A buyer's attempt to pay through a provider: it takes its time, and the first that succeeds pays the order."""

from enum import StrEnum

import msgspec

from fairhold.domain.instants import HOUR, Duration, Instant

MAX_ATTEMPTS = 20
GRACE = Duration(HOUR)
"""So long after a provider's page is closed is the order kept for what was paid on it in time."""


class AttemptState(StrEnum):
    """How far an attempt has come."""

    ASKED = "asked"
    """The provider was asked for a page."""
    OPEN = "open"
    """There is a page on which the buyer can pay."""
    FAILED = "failed"
    CLOSED = "closed"
    """Nobody is waiting for it any more: another attempt was begun, or the order is off."""
    PAID = "paid"
    RETURNED = "returned"
    """The money came when nobody waited for it, or was not the sum of the order, and goes back."""


UNDER_WAY = frozenset({AttemptState.ASKED, AttemptState.OPEN})
TOOK_MONEY = frozenset({AttemptState.PAID, AttemptState.RETURNED})


class ProviderNames(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What the provider calls a payment, the charge of it, and the deal that it keeps for it, where it has such."""

    payment: str = ""
    charge: str = ""
    deal: str = ""


class Attempt(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One attempt. `page` is where the buyer pays, until `until`; `why` it failed is the provider's word for it.

    `sellers_part`: what of the order's sum is the seller's if all goes well (minor units). `ceiling`: for how long the provider
    can hold the money. `fee` is what it kept of it, where that is the seller's to bear.
    """

    number: int
    method: str
    until: Instant
    sellers_part: int = 0
    ceiling: Duration | None = None
    state: AttemptState = AttemptState.ASKED
    names: ProviderNames = ProviderNames()
    page: str = ""
    why: str = ""
    fee: int = 0
