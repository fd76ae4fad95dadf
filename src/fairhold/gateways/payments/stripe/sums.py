"""Sums as Stripe writes them, from and to the minor units of ISO 4217 («Supported currencies», minor units and special cases).

Most are the same. Some currencies have other digits there, some may end in nothing but zeros, and some Stripe cannot express.
"""

from fairhold.domain.money import MINOR_DIGITS
from fairhold.engine.outside.payment_seen import No
from fairhold.engine.outside.payments import Refused

_WHOLE = frozenset(
    {
        *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA"),
        *("PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"),
    }
)
_THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
_WHOLE_IN_HUNDREDTHS = frozenset({"ISK", "UGX"})
"""They have no minor unit any more, but Stripe still writes two digits, both zero."""
_PAID_OUT_WHOLE = frozenset({"HUF", "TWD"})
"""Charged in hundredths, paid out in whole units."""


def to_stripe(amount: int, currency: str, *, payout: bool = False) -> int:
    """The sum as Stripe wants it.

    Raises:
        Refused: UNSUPPORTED where Stripe has no way to write it.

    """
    ours, theirs = MINOR_DIGITS.get(currency), _digits(currency)
    if ours is None or theirs is None:
        raise Refused(No.UNSUPPORTED, f"no currency of Stripe's: {currency}")
    if theirs < ours:
        found, rest = divmod(amount, _power(ours - theirs))
    else:
        found, rest = amount * _power(theirs - ours), 0
    if rest or found % _step(currency, payout=payout):
        raise Refused(No.UNSUPPORTED, f"Stripe does not take {amount} minor units of {currency}: too fine")
    return found


def from_stripe(amount: int, currency: str) -> int:
    """Minor units. `currency` as Stripe writes it, in small letters, or as we do.

    Raises:
        ValueError: no currency that both know, or parts of a unit that it does not have.

    """
    code = currency.upper()
    ours, theirs = MINOR_DIGITS.get(code), _digits(code)
    if ours is None or theirs is None:
        raise ValueError(f"no currency of Stripe's: {currency}")
    if theirs <= ours:
        return amount * _power(ours - theirs)
    found, rest = divmod(amount, _power(theirs - ours))
    if rest:
        raise ValueError(f"{amount} is not a whole sum of {code}")
    return found


def currencies() -> frozenset[str]:
    """Those that Stripe has a way to write."""
    return frozenset(code for code in MINOR_DIGITS if _digits(code) is not None)


def steps(*, payout: bool = False) -> dict[str, int]:
    """Of what the sums that Stripe takes are whole multiples, in minor units, by currency, where it does not take every sum."""
    finer = {code: digits - theirs for code, digits in MINOR_DIGITS.items() if (theirs := _digits(code)) is not None}
    found = {code: _power(max(0, more)) * _step(code, payout=payout) for code, more in finer.items()}
    return {code: step for code, step in found.items() if step > 1}


def _digits(currency: str) -> int | None:
    if currency in _WHOLE:
        return 0
    if currency in _THOUSANDTHS:
        return 3
    if currency in _WHOLE_IN_HUNDREDTHS or MINOR_DIGITS.get(currency) == 2:
        return 2
    return None


def _power(digits: int) -> int:
    return int(10**digits)


def _step(currency: str, *, payout: bool) -> int:
    if currency in _THOUSANDTHS:
        return 10
    return 100 if payout and currency in _PAID_OUT_WHOLE else 1
