"""Paying through a provider: which there are, and how far a payment on a provider's page has come."""

from collections.abc import Mapping
from typing import NamedTuple

from fairhold.domain.order import PaymentState
from fairhold.domain.payment import Attempt, AttemptState
from fairhold.engine.outside.payments import Terms
from fairhold.engine.ports.bank import BANK
from fairhold.web.views.sight import Sight
from fairhold.words.catalog import N_
from fairhold.words.names import provider_name

_MEANS = {
    "stripe": N_("A card or another way, on Stripe's page"),
    "yookassa": N_("A card or another way, on YooKassa's page"),
    BANK: N_("From your own bank; a person confirms it, mostly within a working day"),
}


class Way(NamedTuple):
    """A way to pay that can be chosen."""

    method: str
    name: str
    hint: str


class PayingPage(NamedTuple):
    """What the buyer sees between our page and the provider's. `again`: seconds until it looks anew, 0 for never."""

    url: str
    number: str
    title: str
    text: str
    page: str = ""
    to: str = ""
    """What the way to the provider's page is called."""
    again: int = 0


def ways(sight: Sight, providers: Mapping[str, Terms]) -> tuple[Way, ...]:
    """Every provider on whose page the order can be paid: who does not take its sum or its currency is left out."""
    return tuple(
        Way(name, provider_name(sight.reader.words, name), sight.say(_MEANS[name]) if name in _MEANS else "")
        for name, terms in providers.items()
        if terms.take(sight.order.total, sight.order.currency)
    )


def under_way(sight: Sight) -> Attempt | None:
    """The newest attempt, unless nothing came of it or nobody waits for it any more."""
    newest = sight.order.attempts[-1] if sight.order.attempts else None
    return newest if newest is not None and newest.state in (AttemptState.ASKED, AttemptState.OPEN) else None


def paying_page(sight: Sight) -> PayingPage | None:
    """How far it has come; None where there is nothing to wait for, and the order's own page tells more."""
    newest = sight.order.attempts[-1] if sight.order.attempts else None
    if newest is None or sight.order.payment is not PaymentState.AWAITED:
        return None
    provider = newest.method.partition(":")[0]
    if provider == BANK:
        return _by_bank(sight, newest)
    name = provider_name(sight.reader.words, provider)
    if newest.state is AttemptState.OPEN:
        return PayingPage(
            sight.url,
            sight.number,
            sight.say(N_("To the page where you pay")),
            sight.say(N_("%(provider)s takes the payment. Afterwards you come back to your order."), provider=name),
            newest.page,
            sight.say(N_("Pay %(sum)s at %(provider)s"), sum=sight.sum(sight.order.total), provider=name),
        )
    if newest.state is AttemptState.ASKED:
        return PayingPage(
            sight.url,
            sight.number,
            sight.say(N_("One moment…")),
            sight.say(N_("We are asking %(provider)s for a page where you can pay."), provider=name),
            again=1,
        )
    return None


def _by_bank(sight: Sight, newest: Attempt) -> PayingPage | None:
    if newest.state is AttemptState.OPEN:
        return PayingPage(
            sight.url,
            sight.number,
            sight.say(N_("Pay by bank transfer")),
            sight.say(
                N_("The next page says where to send %(sum)s and what to write."), sum=sight.sum(sight.order.total)
            ),
            newest.page,
            sight.say(N_("Show where to send it")),
        )
    if newest.state is AttemptState.ASKED:
        return PayingPage(
            sight.url,
            sight.number,
            sight.say(N_("One moment…")),
            sight.say(N_("Your reference is being made.")),
            again=1,
        )
    return None
