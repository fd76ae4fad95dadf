"""Sums of money as people write them into a field, with the signs that either language uses."""

from fairhold.domain.money import MAX_AMOUNT, MINOR_DIGITS

LONGEST = 30
_SPACES = str.maketrans("", "", " \u00a0\u2009\u202f'")


def read_sum(text: str, currency: str) -> int | None:
    """`text` in minor units of `currency`: «600», «1 200,50», “1,200.50”; None where it is no sum, or one below zero.

    A lone comma or point is the decimal sign, unless three digits follow that the currency has no room for.
    """
    found = text[:LONGEST].translate(_SPACES)
    sign = max(found.rfind(","), found.rfind("."))
    whole, fraction = (found[:sign], found[sign + 1 :]) if sign >= 0 else (found, "")
    digits = MINOR_DIGITS[currency]
    if len(fraction) == 3 and digits != 3 and whole.strip("0"):
        whole, fraction = found, ""
    whole = whole.replace(",", "").replace(".", "")
    if not (whole.isascii() and whole.isdigit()) or (fraction and not (fraction.isascii() and fraction.isdigit())):
        return None
    if len(fraction) > digits or len(text) > LONGEST:
        return None
    amount = int(whole) * 10**digits + int(fraction.ljust(digits, "0") or "0")
    return amount if amount <= MAX_AMOUNT else None
