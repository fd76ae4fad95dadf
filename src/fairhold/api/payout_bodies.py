"""Bodies of the calls on payouts."""

from typing import Annotated

from msgspec import Meta

from fairhold.api.bodies import Wire
from fairhold.domain.commands import Person, Short
from fairhold.domain.payment_commands import Address
from fairhold.domain.payout_rules import BASIS_POINTS, Minimum, Schedule

ProviderName = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}$(?!\n)", description="As payment methods begin: `sandbox`, `stripe`.")
]
CurrencyCode = Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)")]


class NewPayout(Wire, frozen=True):
    """Whom to pay out all that can leave now: through one provider and in one currency, or in all."""

    seller: Person
    provider: ProviderName | None = None
    currency: CurrencyCode | None = None


class PayeeChange(Wire, frozen=True):
    """Where a provider pays a seller to, and what was agreed with them; what is left out stays.

    `account` is the provider's name for their account, card or wallet: never a number of it.
    """

    provider: ProviderName
    account: Short | None = None
    schedule: Schedule | None = None
    minimum: Minimum | None = None
    reserve_basis_points: Annotated[int, Meta(ge=0, le=BASIS_POINTS)] | None = None
    reserve_days: Annotated[int, Meta(ge=1, le=400)] | None = None


class NewOnboarding(Wire, frozen=True):
    """At which provider, and where the seller lives: `country` as ISO 3166-1 has it, two letters.

    `return_url`: where the provider's page sends them afterwards; `refresh_url`: where, when they come to it too late.
    """

    provider: ProviderName
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)")]
    return_url: Address
    refresh_url: Address | None = None


class AtProvider(Wire, frozen=True):
    """At which payment provider."""

    provider: ProviderName
