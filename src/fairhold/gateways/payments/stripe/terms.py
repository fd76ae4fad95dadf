"""What Stripe can do and what it cannot."""

from fairhold.domain.instants import Duration, days
from fairhold.domain.payout_rules import Measure
from fairhold.engine.outside.payments import Terms
from fairhold.gateways.payments.stripe.sums import currencies, steps

HOLDS = days(90)
"""How long money may lie there in most countries: ten days in Thailand, two years in the USA («Using manual payouts»)."""

LEAST = {
    "AED": 200,
    "ARS": 50,
    "AUD": 50,
    "BRL": 50,
    "CAD": 50,
    "CHF": 50,
    "COP": 50,
    "CZK": 1500,
    "DKK": 250,
    "EUR": 50,
    "GBP": 30,
    "HKD": 400,
    "HUF": 17500,
    "IDR": 50,
    "ILS": 50,
    "INR": 50,
    "JPY": 50,
    "KRW": 50,
    "MXN": 1000,
    "MYR": 200,
    "NOK": 300,
    "NZD": 50,
    "PHP": 50,
    "PLN": 200,
    "RON": 200,
    "RUB": 50,
    "SEK": 300,
    "SGD": 50,
    "THB": 1000,
    "USD": 50,
    "ZAR": 50,
}
"""The smallest charges («Supported currencies»); after conversion they hold for the currency of the platform's bank, too."""


def terms_of(holds: Duration) -> Terms:
    """With what Stripe says for the platform's country."""
    return Terms(
        # Of these its account takes some more and some less; of the others it cannot even be asked.
        currencies=currencies(),
        ceiling=holds,
        # Its documentation demands a payout by then, and does not say what comes otherwise.
        at_ceiling="asks",
        least=LEAST,
        takes_back=True,
        contests=True,
        pays_seller="in_two_steps",
        returns_fee=False,
        steps=steps(),
        # A transfer may be finer than a payout, but its money could not go on to the seller's bank then.
        passes_on={code: Measure(step) for code, step in steps(payout=True).items()},
    )
