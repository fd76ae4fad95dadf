"""What is asked and reported while a buyer pays through a provider."""

from typing import Annotated, Literal

from msgspec import Meta

from fairhold.domain.commands import Amount, Command, Short
from fairhold.domain.instants import Duration
from fairhold.domain.money import Currency
from fairhold.domain.payment import ProviderNames

Address = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^https?://[^\x00-\x20\x7f-\xa0]*$(?!\n)")]
"""A page elsewhere; those of providers are long."""


class StartPayment(Command, frozen=True, kw_only=True):
    """The buyer wants to pay the whole order on a page of the provider that `method` names (S1).

    It sends them `back` afterwards, or to the order's own page. `ceiling`, for how long the provider holds money, is put there by
    the engine: nobody who asks knows.
    """

    NAME = "start_payment"

    method: Short
    back: Address | Literal[""] = ""
    language: Literal["ru", "en"] = "en"
    ceiling: Duration | None = None


class RecordPaymentPage(Command, frozen=True, kw_only=True):
    """The provider has opened a page for attempt number `attempt`."""

    NAME = "record_payment_page"

    attempt: int
    names: ProviderNames
    page: Address


class RecordPayment(Command, frozen=True, kw_only=True):
    """The `provider` has taken `amount` (minor units of `currency`), of which it keeps `fee`."""

    NAME = "record_payment"

    provider: Short
    attempt: int
    amount: Amount
    currency: Currency
    names: ProviderNames
    fee: Amount = 0


class RecordPaymentFailure(Command, frozen=True, kw_only=True):
    """Nothing came of attempt number `attempt`; `why` is the provider's word for it."""

    NAME = "record_payment_failure"

    attempt: int
    why: Short
