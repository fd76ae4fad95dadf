"""Money: whole minor units and an ISO 4217 currency. There are no fractions of a minor unit and no floats."""

from typing import NewType

import msgspec

Currency = NewType("Currency", str)

MAX_AMOUNT = 10**13
"""The most that one order may cost, in minor units: a hundred thousand million roubles."""


class Money(msgspec.Struct, frozen=True, gc=False):
    """An amount in minor units of `currency` (kopecks, cents; yen have none)."""

    amount: int
    currency: Currency


_WITHOUT_MINOR_UNIT = """
    BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
"""
_HUNDREDTHS = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
    CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ
    GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON
    RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
    UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
"""
_THOUSANDTHS = """
    BHD IQD JOD KWD LYD OMR TND
"""
_TEN_THOUSANDTHS = """
    CLF UYW
"""

MINOR_DIGITS: dict[str, int] = {
    code: digits
    for digits, codes in ((0, _WITHOUT_MINOR_UNIT), (2, _HUNDREDTHS), (3, _THOUSANDTHS), (4, _TEN_THOUSANDTHS))
    for code in codes.split()
}
"""Digits after the decimal mark of every active currency of ISO 4217 (list one, without metals and test codes)."""


def is_currency(code: str) -> bool:
    """Whether `code` is an active ISO 4217 currency."""
    return code in MINOR_DIGITS


def half_even(numerator: int, denominator: int) -> int:
    """`numerator / denominator` rounded to the nearest whole, halves to the even one; the denominator is above zero."""
    whole, rest = divmod(numerator, denominator)
    twice = rest * 2
    if twice > denominator or (twice == denominator and whole % 2):
        return whole + 1
    return whole


def allocate(total: int, weights: tuple[int, ...]) -> tuple[int, ...]:
    """Split `total` pro rata of `weights` by the largest remainder; the parts add up to `total` exactly.

    Equal remainders are served in the order of the weights. Where all weights are zero the parts are as equal as can be.
    """
    if not weights:
        raise ValueError("nothing to allocate to")
    whole = sum(weights)
    if whole == 0:
        return allocate(total, (1,) * len(weights))
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: -(total * weights[at] % whole))
    for position in by_remainder[: total - sum(parts)]:
        parts[position] += 1
    return tuple(parts)


def unit_range_share(total: int, units: int, start: int, count: int) -> int:
    """What `count` of a line's `units` are worth from unit `start` on, when the line is worth `total`.

    Each unit has a worth of its own, so any division of the line adds up to `total`, in whatever order it was divided.
    """
    return total * (start + count) // units - total * start // units
