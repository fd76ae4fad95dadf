"""Which payment providers an installation uses, from its environment variables. All of them are optional."""

from collections.abc import Mapping
from ipaddress import ip_network
from types import MappingProxyType
from urllib.parse import urlsplit

import msgspec

from fairhold.domain.money import MINOR_DIGITS

VARIABLES = (
    "FAIRHOLD_STRIPE_KEY",
    "FAIRHOLD_STRIPE_WEBHOOK_SECRET",
    "FAIRHOLD_STRIPE_URL",
    "FAIRHOLD_YOOKASSA_SHOP",
    "FAIRHOLD_YOOKASSA_KEY",
    "FAIRHOLD_YOOKASSA_PAYOUT_AGENT",
    "FAIRHOLD_YOOKASSA_PAYOUT_KEY",
    "FAIRHOLD_YOOKASSA_DEAL_DAYS",
    "FAIRHOLD_YOOKASSA_NETWORKS",
    "FAIRHOLD_YOOKASSA_URL",
    "FAIRHOLD_BANK_DETAILS",
    "FAIRHOLD_BANK_TWO_FROM",
)
TWO_FROM: Mapping[str, int] = MappingProxyType({"EUR": 1_000_00, "GBP": 1_000_00, "RUB": 100_000_00, "USD": 1_000_00})
"""From which sum two people have to say that a bank transfer came or went; in currencies that are not named, for every sum."""
_LONGEST_DETAILS = 2000


class PaymentSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Keys of providers; where one is missing, nobody pays through that provider.

    `stripe_secrets` are those of its webhooks' endpoints: one for the platform, one for connected accounts, more while one is
    changed. `…_url` is for a fake in its place; `yookassa_networks` for one that notifies from elsewhere.

    `bank_details` tell buyers where to send money; `bank_two_from` is by currency, in minor units, from where on two people
    have to say that it came or went.
    """

    stripe_key: str | None = None
    stripe_secrets: tuple[str, ...] = ()
    stripe_url: str | None = None
    yookassa_shop: str | None = None
    yookassa_key: str | None = None
    yookassa_agent: str | None = None
    yookassa_agent_key: str | None = None
    yookassa_days: int = 90
    yookassa_networks: tuple[str, ...] = ()
    yookassa_url: str | None = None
    bank_details: str = ""
    bank_two_from: Mapping[str, int] = TWO_FROM

    def __repr__(self) -> str:
        """Which providers there are, and none of their keys."""
        given = [name for name in self.__struct_fields__ if getattr(self, name) and name != "bank_two_from"]
        return f"PaymentSettings({', '.join(given)})"


def read_payments(environment: Mapping[str, str]) -> PaymentSettings:
    """The providers of `environment`. Raises ValueError as (variable, what is wrong with it)."""

    def token(variable: str) -> str | None:
        text = environment.get(variable) or None
        if text is not None and (not text.isascii() or not text.isprintable() or " " in text):
            raise ValueError(variable, "must be visible ASCII characters without spaces")
        return text

    def both(one: str, other: str) -> tuple[str | None, str | None]:
        found = token(one), token(other)
        if (found[0] is None) != (found[1] is None):
            missing, given = (one, other) if found[0] is None else (other, one)
            raise ValueError(missing, f"is missing: {given} is of no use without it")
        return found

    # A key without a shop is what a machine with other software of ours may have set: nobody is asked with it.
    shop, key = token("FAIRHOLD_YOOKASSA_SHOP"), token("FAIRHOLD_YOOKASSA_KEY")
    if shop is not None and key is None:
        raise ValueError("FAIRHOLD_YOOKASSA_KEY", "is missing: FAIRHOLD_YOOKASSA_SHOP is of no use without it")
    agent, agent_key = both("FAIRHOLD_YOOKASSA_PAYOUT_AGENT", "FAIRHOLD_YOOKASSA_PAYOUT_KEY")
    stripe_key = token("FAIRHOLD_STRIPE_KEY")
    secrets = tuple(environment.get("FAIRHOLD_STRIPE_WEBHOOK_SECRET", "").split())
    if secrets and stripe_key is None:
        raise ValueError("FAIRHOLD_STRIPE_KEY", "is missing: FAIRHOLD_STRIPE_WEBHOOK_SECRET is of no use without it")
    return PaymentSettings(
        stripe_key=stripe_key,
        stripe_secrets=secrets,
        stripe_url=_url(environment, "FAIRHOLD_STRIPE_URL"),
        yookassa_shop=shop,
        yookassa_key=key,
        yookassa_agent=agent,
        yookassa_agent_key=agent_key,
        yookassa_days=_days(environment.get("FAIRHOLD_YOOKASSA_DEAL_DAYS") or "90"),
        yookassa_networks=_networks(environment.get("FAIRHOLD_YOOKASSA_NETWORKS", "")),
        yookassa_url=_url(environment, "FAIRHOLD_YOOKASSA_URL"),
        bank_details=_details(environment.get("FAIRHOLD_BANK_DETAILS", "")),
        bank_two_from=_two_from(environment),
    )


def _url(environment: Mapping[str, str], variable: str) -> str | None:
    text = environment.get(variable) or None
    if text is not None and (urlsplit(text).scheme not in ("http", "https") or not text.isprintable() or " " in text):
        raise ValueError(variable, f"must look like https://api.example.org, not {text!r}")
    return text


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= 180:
        raise ValueError("FAIRHOLD_YOOKASSA_DEAL_DAYS", f"must be a whole number from 1 to 180, not {text!r}")
    return int(text)


def _networks(text: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(part)) for part in text.replace(",", " ").split())
    except ValueError as error:
        raise ValueError("FAIRHOLD_YOOKASSA_NETWORKS", f"must be networks such as 192.0.2.0/24: {error}") from None


def _details(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(text) > _LONGEST_DETAILS or not all(line.isprintable() for line in lines):
        raise ValueError("FAIRHOLD_BANK_DETAILS", f"must be text of at most {_LONGEST_DETAILS} characters")
    return "\n".join(lines)


def _two_from(environment: Mapping[str, str]) -> Mapping[str, int]:
    variable = "FAIRHOLD_BANK_TWO_FROM"
    found: dict[str, int] = {}
    for part in environment.get(variable, "").replace(",", " ").split():
        currency, _, sum_ = part.partition("=")
        if currency not in MINOR_DIGITS or not sum_.isascii() or not sum_.isdigit() or len(sum_) > 15:
            raise ValueError(variable, f"must be sums in minor units such as RUB=10000000,EUR=100000, not {part!r}")
        if currency in found:
            raise ValueError(variable, f"names {currency} twice")
        found[currency] = int(sum_)
    return found or TWO_FROM
