"""The chart of accounts. An account's name ends with its currency; its balance is credits minus debits, in minor units.

| account | what its balance says |
|---|---|
| `provider:<name>:<CUR>` | below zero: what the payment provider holds for us (an asset) |
| `held:<CUR>` | buyers' money under protection |
| `settling:<CUR>` | confirmed, and still here for the undo of S16 |
| `seller:<id>:<CUR>` | what the seller may be paid out; below zero: what a chargeback took after that, to be recovered |
| `fees:<CUR>` | the marketplace's commission |
| `costs:<CUR>` | below zero: what payment providers kept of payments, and took for chargebacks |
| `payouts:<CUR>` | on its way to sellers: the provider was asked to pass it on and has not answered yet |
| `losses:<CUR>` | below zero: what banks took of money that buyers had back already, and have not given back |
| `refunds:<CUR>` | decided to go back to buyers, not yet carried out by the provider, or sent back by their banks |
| `own:<CUR>` | what the marketplace gave buyers in other ways: so much of what the provider holds is its own |
"""

from functools import lru_cache

from fairhold.domain.ids import PersonId


@lru_cache
def provider(name: str, currency: str) -> str:
    """The provider's account; a payment's method begins with the provider's name."""
    return f"provider:{name}:{currency}"


@lru_cache
def held(currency: str) -> str:
    """Buyers' money under protection."""
    return f"held:{currency}"


@lru_cache
def settling(currency: str) -> str:
    """Confirmed, not yet released."""
    return f"settling:{currency}"


def seller(person: PersonId, currency: str) -> str:
    """What a seller may be paid out."""
    return f"seller:{person}:{currency}"


@lru_cache
def fees(currency: str) -> str:
    """The marketplace's commission."""
    return f"fees:{currency}"


@lru_cache
def refunds(currency: str) -> str:
    """On its way back to buyers."""
    return f"refunds:{currency}"


@lru_cache
def own(currency: str) -> str:
    """The marketplace's own, for what it paid to buyers in other ways."""
    return f"own:{currency}"


@lru_cache
def payouts(currency: str) -> str:
    """On its way to sellers."""
    return f"payouts:{currency}"


@lru_cache
def costs(currency: str) -> str:
    """What payment providers keep."""
    return f"costs:{currency}"


@lru_cache
def losses(currency: str) -> str:
    """What banks took of money that was no longer there."""
    return f"losses:{currency}"


@lru_cache(maxsize=10_000)
def currency_of(account: str) -> str:
    """The currency in which an account is kept."""
    return account.rpartition(":")[2]


def may_be_negative(account: str) -> bool:
    """Whether a balance below zero is right for it: the provider's, which holds the money for us, its fees, and losses."""
    return is_providers(account) or account.startswith(("costs:", "losses:"))


def is_providers(account: str) -> bool:
    """Whether it says what a payment provider holds for us."""
    return account.startswith("provider:")


def is_sellers(account: str) -> bool:
    """Whether it is a seller's account: below zero only where a chargeback took what they had."""
    return account.startswith("seller:")


def is_costs(account: str) -> bool:
    """Whether it says what payment providers keep."""
    return account.startswith("costs:")
