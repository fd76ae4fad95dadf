"""Sums as YooKassa writes them: a decimal text such as «199.00», with as many digits as the currency has."""

from decimal import Decimal

import msgspec

from fairhold.domain.money import MINOR_DIGITS
from fairhold.engine.outside.destinations import Unreadable

_LONGEST = 20
"""More digits than any sum has: what an exponent makes of a short text must not be written out."""


class Sum(msgspec.Struct, frozen=True):
    """What it sends: documented as a text, seen as a number, too."""

    value: Decimal
    currency: str


def written(amount: int, currency: str) -> dict[str, str]:
    """`amount` minor units as it wants them. The currency is known."""
    digits = MINOR_DIGITS[currency]
    whole, rest = divmod(amount, 10**digits)
    return {"value": f"{whole}.{rest:0{digits}}" if digits else str(whole), "currency": currency}


def minor(said: Sum) -> int:
    """Minor units of its currency.

    Raises:
        Unreadable: there is no such currency, or it has no such part, or the sum is none.

    """
    digits = MINOR_DIGITS.get(said.currency)
    if digits is None:
        raise Unreadable(f"no currency: {said.currency[:10]!r}")
    value = said.value
    if not value.is_finite() or value < 0 or value.adjusted() > _LONGEST or len(value.as_tuple().digits) > _LONGEST:
        raise Unreadable(f"no sum: {value}")
    units = value.scaleb(digits)
    if units != units.to_integral_value():
        raise Unreadable(f"no sum in {said.currency}: {value}")
    return int(units)
