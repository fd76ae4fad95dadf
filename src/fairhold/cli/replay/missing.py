"""What the file of a history does not say: price, currency, seller, zone and deadlines, as flags with stated defaults."""

import re
from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cyclopts import Group, Parameter

from fairhold.cli.replay.script import Terms
from fairhold.cli.stopping import Stop
from fairhold.domain.commands import PERSON_PATTERN
from fairhold.domain.ids import PersonId
from fairhold.domain.money import MAX_AMOUNT, MINOR_DIGITS, Currency

MISSING = Group("What the file does not say", sort_key=5)
LONGEST_DEADLINE_DAYS = 60
_PERSON = re.compile(PERSON_PATTERN, re.ASCII)


def _flag(text: str) -> Parameter:
    return Parameter(help=text, group=MISSING)


@Parameter(name="*")
@dataclass(frozen=True)
class Missing:
    """Flags that stand in for what the file does not say."""

    timezone: Annotated[str, _flag("The zone of moments that do not say theirs, such as America/Sao_Paulo.")] = "UTC"
    price: Annotated[str, _flag("What each order cost: one line of this price.")] = "100.00"
    currency: Annotated[str, _flag("In which currency (ISO 4217).")] = "BRL"
    seller: Annotated[str, _flag("Who sold.")] = "seller"
    payment_days: Annotated[int, _flag("For how many days an order may await its payment.")] = 14
    shipping_days: Annotated[int, _flag("For how many days a paid order may await its parcel.")] = 30

    def zone(self) -> tzinfo:
        """The time zone. Raises Stop."""
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Stop(f"There is no time zone {self.timezone!r}.", "Try --timezone America/Sao_Paulo.") from None

    def terms(self) -> Terms:
        """The terms of every order. Raises Stop."""
        for flag, given in (("payment", self.payment_days), ("shipping", self.shipping_days)):
            if not 1 <= given <= LONGEST_DEADLINE_DAYS:
                raise Stop(f"--{flag}-days {given} lies outside 1 to {LONGEST_DEADLINE_DAYS}.")
        if not _PERSON.fullmatch(self.seller):
            raise Stop(f"{self.seller!r} cannot be a seller's id.", "Use up to 64 letters, digits and . _ @ + ~ = -")
        currency = Currency(self.currency.upper())
        if currency not in MINOR_DIGITS:
            raise Stop(f"{self.currency} is no currency of ISO 4217.", "Try --currency BRL.")
        return Terms(
            price=_amount(self.price, currency),
            currency=currency,
            seller=PersonId(self.seller),
            payment_days=self.payment_days,
            shipping_days=self.shipping_days,
        )


def _amount(text: str, currency: Currency) -> int:
    """Minor units of a price such as `100.00`; digits below the minor unit must be zero, as in 100.00 JPY."""
    digits = MINOR_DIGITS[currency]
    found = re.fullmatch(r"(\d{1,13})(?:[.,](\d{1,6}))?", text, re.ASCII)
    whole, fraction = (found.group(1), found.group(2) or "") if found else ("0", "")
    amount = int(whole + fraction.ljust(digits, "0")[:digits])
    if not 0 < amount <= MAX_AMOUNT or fraction[digits:].strip("0"):
        raise Stop(f"{text} is no price in {currency}.", "Write it with a point, such as --price 100.00")
    return amount
