"""Sums of money in words. Whole minor units in, text out; no float is ever made of them."""

from functools import cache
from typing import NamedTuple

from fairhold.domain.money import MINOR_DIGITS
from fairhold.words.catalog import Language
from fairhold.words.reader import Reader
from fairhold.words.typography import MINUS, NBSP

SIGNS = {
    "RUB": "₽",
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "JPY": "¥",
    "CNY": "CN¥",
    "KZT": "₸",
    "UAH": "₴",
    "TRY": "₺",
    "INR": "₹",
    "KRW": "₩",
    "BRL": "R$",
    "BYN": "Br",
    "AMD": "֏",
    "GEL": "₾",
}
"""Signs that people of these markets know; any other currency is written by its code."""


class _Style(NamedTuple):
    """How sums of one currency are written in one language."""

    digits: int
    whole: int
    thousands: str
    point: str
    before: str
    behind: str


@cache
def _style(language: Language, currency: str) -> _Style:
    digits, sign = MINOR_DIGITS[currency], SIGNS.get(currency)
    if language is Language.RU:
        return _Style(digits, 10**digits, NBSP, ",", "", f"{NBSP}{sign or currency}")
    return _Style(digits, 10**digits, ",", ".", sign or f"{currency}{NBSP}", "")


def _number(style: _Style, amount: int, minor: bool) -> str:
    whole, fraction = divmod(abs(amount), style.whole)
    shown = f"{whole:,}" if style.thousands == "," else f"{whole:,}".replace(",", style.thousands)
    if style.digits and (fraction or minor):
        shown += f"{style.point}{fraction:0{style.digits}d}"
    return shown


def number(reader: Reader, amount: int, currency: str, *, minor: bool = False) -> str:
    """The sum without its currency: «6 300», «1 365,50». `minor` shows the fraction even where it is zero."""
    return _number(_style(reader.words.language, currency), amount, minor)


def money(reader: Reader, amount: int, currency: str, *, minor: bool = False) -> str:
    """«6 300 ₽» or “₽6,300”; minus as «−». Kopecks only where there are any, or always with `minor`."""
    style = _style(reader.words.language, currency)
    minus = MINUS if amount < 0 else ""
    return f"{minus}{style.before}{_number(style, amount, minor)}{style.behind}"


def plain(amount: int, currency: str) -> str:
    """The sum as a form field holds it: `6300` or `1365.50`."""
    digits = MINOR_DIGITS[currency]
    whole, fraction = divmod(abs(amount), 10**digits)
    text = f"{whole}.{fraction:0{digits}d}" if fraction else str(whole)
    return f"-{text}" if amount < 0 else text


def percent(reader: Reader, basis_points: int) -> str:
    """A rate of hundredths of a per cent: «5 %», “5%”, «12,5 %»."""
    whole, fraction = divmod(basis_points, 100)
    shown = str(whole) + (f".{fraction:02d}".rstrip("0") if fraction else "")
    if reader.language is Language.RU:
        return f"{shown.replace('.', ',')}{NBSP}%"
    return f"{shown}%"
