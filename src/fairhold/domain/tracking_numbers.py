"""Tracking numbers that check themselves: the postal union's S10 and the Russian Post's fourteen digits.

A number that does not fit is doubted and never refused: carriers give out numbers that break these rules, and a seller who
holds the receipt knows better.

Sources: UPU standard S10 (two letters, eight digits, a check digit by weights 8 6 4 2 3 5 9 7 modulo 11, two letters of the
country); the Russian Post's inland number (the office's index, the month, five digits, a check digit by weights 3 and 1
modulo 10). Fourteen digits of another carrier follow rules of its own.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

RUSSIAN_POST = "pochta-ru"
MOST_MISREAD = 2
"""Characters read for one another, beyond which a number is taken for one of another kind."""

_S10 = re.compile(r"[A-Z]{2}[0-9]{9}[A-Z]{2}")
_INLAND = re.compile(r"[0-9]{14}")
_LENGTHS = (13, 14)
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_GAPS = re.compile(r"[\s\-\u2010-\u2015]+")
_LATIN = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")
"""Cyrillic capitals, and the Latin ones that look the same."""
_DIGITS = str.maketrans("OQILZSB", "0011258")
_LETTERS = str.maketrans("0158", "OISB")
"""What is read for one another on a receipt."""


def tidied(number: str, carrier: str) -> str:
    """The number as its carrier writes it: no gaps, capital Latin letters. One of another kind stays as it was typed."""
    plain = _plain(number)
    return plain if _is_checked(plain, carrier) else number.strip()


def compared(number: str) -> str:
    """The number as it is told apart from others: however it was typed, it is the same parcel's."""
    return _plain(number)


def meant(number: str, carrier: str) -> tuple[str, ...] | None:
    """None where nothing speaks against the number; else those that fit and may have been meant, perhaps none.

    Two neighbours that changed places, or a letter that was read for a digit, are put right; of other mistakes it can only
    be said that there is one.
    """
    plain = _plain(number)
    if len(plain) not in _LENGTHS:
        return None
    if not _is_checked(plain, carrier):
        read = _read_anew(plain, carrier)
        return (read,) if read is not None else None
    if _fits(plain):
        return None
    return tuple(dict.fromkeys(other for other in _exchanged(plain) if _fits(other)))


def _plain(number: str) -> str:
    return _GAPS.sub("", number).upper().translate(_LATIN)


def _is_checked(number: str, carrier: str) -> bool:
    return bool(_S10.fullmatch(number) or (carrier == RUSSIAN_POST and _INLAND.fullmatch(number)))


def _fits(number: str) -> bool:
    if number.isdigit():
        digits = [int(digit) for digit in number]
        return (3 * sum(digits[0::2]) + sum(digits[1::2])) % 10 == 0
    rest = sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, number[2:10], strict=True)) % 11
    return int(number[10]) == {0: 5, 1: 0}.get(rest, 11 - rest)


def _exchanged(number: str) -> Iterator[str]:
    """The number with two neighbouring digits in each other's place."""
    for at, (one, other) in enumerate(pairwise(number)):
        if one.isdigit() and other.isdigit() and one != other:
            yield f"{number[:at]}{other}{one}{number[at + 2 :]}"


def _read_anew(number: str, carrier: str) -> str | None:
    """The number with digits where digits belong and letters where letters do, if that fits."""
    ends, middle = (number[:2].translate(_LETTERS), number[11:].translate(_LETTERS)), number[2:11].translate(_DIGITS)
    for read in (middle.join(ends), number.translate(_DIGITS)):
        misread = sum(one != other for one, other in zip(number, read, strict=True))
        if misread <= MOST_MISREAD and _is_checked(read, carrier) and _fits(read):
            return read
    return None
