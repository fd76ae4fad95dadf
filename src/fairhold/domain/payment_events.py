"""What happens while a buyer pays through a provider."""

from fairhold.domain.event_shape import EventBase
from fairhold.domain.instants import Duration, Instant
from fairhold.domain.payment import ProviderNames


class PaymentStarted(EventBase, frozen=True, kw_only=True, tag="payment_started"):
    """The buyer wants to pay by `method`, and the provider is asked for a page that takes money until `until`.

    `back` is where the page sends them afterwards. Pages of earlier attempts are closed. `sellers_part` is what of the
    order's sum is the seller's if all goes well (minor units): providers of safe deals want to know. For so long as
    `ceiling` the provider can hold the money.
    """

    attempt: int
    method: str
    back: str
    language: str
    until: Instant
    sellers_part: int
    ceiling: Duration | None = None


class PaymentPageOpened(EventBase, frozen=True, kw_only=True, tag="payment_page_opened"):
    """The provider has a page on which the buyer pays."""

    attempt: int
    names: ProviderNames
    page: str


class PaymentFailed(EventBase, frozen=True, kw_only=True, tag="payment_failed"):
    """Nothing came of the attempt, and no money was taken. The order still waits."""

    attempt: int
    why: str


class PaymentReturned(EventBase, frozen=True, kw_only=True, tag="payment_returned"):
    """Money came for which nobody waited: it is the buyer's, and all of it goes back at once as refund `number`.

    The provider keeps `provider_fee` all the same.
    """

    attempt: int
    amount: int
    names: ProviderNames
    number: int
    provider_fee: int = 0
