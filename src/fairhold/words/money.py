"""Sums of money in words. Whole minor units in, text out; no float is ever made of them."""

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


def _grouped(whole: int, separator: str) -> str:
    return f"{whole:,}".replace(",", separator)


def number(reader: Reader, amount: int, currency: str, *, minor: bool = False) -> str:
    """The sum without its currency: «6 300», «1 365,50». `minor` shows the fraction even where it is zero."""
    russian = reader.language is Language.RU
    digits = MINOR_DIGITS[currency]
    whole, fraction = divmod(abs(amount), 10**digits)
    shown = _grouped(whole, NBSP if russian else ",")
    if digits and (fraction or minor):
        shown += f"{',' if russian else '.'}{fraction:0{digits}d}"
    return shown


def money(reader: Reader, amount: int, currency: str, *, minor: bool = False) -> str:
    """«6 300 ₽» or “₽6,300”; minus as «−». Kopecks only where there are any, or always with `minor`."""
    sign = SIGNS.get(currency)
    shown = number(reader, amount, currency, minor=minor)
    minus = MINUS if amount < 0 else ""
    if reader.language is Language.RU:
        return f"{minus}{shown}{NBSP}{sign or currency}"
    return f"{minus}{sign}{shown}" if sign else f"{minus}{currency}{NBSP}{shown}"


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
