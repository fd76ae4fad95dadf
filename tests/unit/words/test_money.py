"""Sums of money in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fairhold.domain.money import MINOR_DIGITS
from fairhold.words.catalog import Language
from fairhold.words.money import money, percent, plain
from fairhold.words.reader import reader_of

RU, EN = reader_of(Language.RU), reader_of(Language.EN)


@pytest.mark.parametrize(
    ("amount", "currency", "ru", "en"),
    [
        (630_000, "RUB", "6 300 ₽", "₽6,300"),
        (0, "RUB", "0 ₽", "₽0"),
        (136_550, "RUB", "1 365,50 ₽", "₽1,365.50"),
        (5, "RUB", "0,05 ₽", "₽0.05"),
        (-17_850, "RUB", "−178,50 ₽", "−₽178.50"),
        (1_234_567_890_12, "RUB", "1 234 567 890,12 ₽", "₽1,234,567,890.12"),
        (48_000, "JPY", "48 000 ¥", "¥48,000"),
        (1_234_567, "KWD", "1 234,567 KWD", "KWD 1,234.567"),
        (12_345_678, "CLF", "1 234,5678 CLF", "CLF 1,234.5678"),
        (999, "EUR", "9,99 €", "€9.99"),
        (100, "BRL", "1 R$", "R$1"),
        (100, "CHF", "1 CHF", "CHF 1"),
    ],
)
def test_a_sum_reads_as_people_write_it(amount: int, currency: str, ru: str, en: str) -> None:
    assert money(RU, amount, currency).replace("\u00a0", " ") == ru
    assert money(EN, amount, currency).replace("\u00a0", " ") == en


def test_no_space_inside_a_sum_can_break() -> None:
    assert " " not in money(RU, -1_234_567, "RUB")
    assert " " not in money(EN, 1_234_567, "KWD")


def test_kopecks_are_always_shown_where_a_table_asks_for_them() -> None:
    assert money(RU, 630_000, "RUB", minor=True) == "6\u00a0300,00\u00a0₽"
    assert money(EN, 48_000, "JPY", minor=True) == "¥48,000"
    assert money(EN, 1_000, "KWD", minor=True) == "KWD\u00a01.000"


@given(some.integers(-(10**15), 10**15), some.sampled_from(sorted(MINOR_DIGITS)))
def test_no_digit_is_lost_or_made_up(amount: int, currency: str) -> None:
    digits = MINOR_DIGITS[currency]
    shown = money(EN, amount, currency, minor=True)
    figures = "".join(sign for sign in shown if sign.isdigit())
    assert int(figures) == abs(amount)
    assert shown.startswith("−") == (amount < 0)
    assert len(shown.partition(".")[2]) == digits


@given(some.integers(-(10**15), 10**15), some.sampled_from(sorted(MINOR_DIGITS)))
def test_the_plain_form_is_the_sum_that_a_field_would_hold(amount: int, currency: str) -> None:
    whole, _, fraction = plain(amount, currency).partition(".")
    digits = MINOR_DIGITS[currency]
    assert int(whole.removeprefix("-") + fraction.ljust(digits, "0")) == abs(amount)


@pytest.mark.parametrize(
    ("rate", "ru", "en"),
    [
        (500, "5 %", "5%"),
        (0, "0 %", "0%"),
        (1250, "12,5 %", "12.5%"),
        (1, "0,01 %", "0.01%"),
        (10_000, "100 %", "100%"),
    ],
)
def test_a_rate_is_a_per_cent(rate: int, ru: str, en: str) -> None:
    assert percent(RU, rate).replace("\u00a0", " ") == ru
    assert percent(EN, rate) == en
