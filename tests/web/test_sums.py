"""Sums as people write them."""

from __future__ import annotations

import pytest

from fairhold.web.sums import read_sum


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("600", "RUB", 60_000),
        ("600,5", "RUB", 60_050),
        ("600.50", "RUB", 60_050),
        ("1 200,50", "RUB", 120_050),
        ("1\u00a0200", "RUB", 120_000),
        ("1,200.50", "RUB", 120_050),
        ("1.200,50", "RUB", 120_050),
        ("1,200", "RUB", 120_000),
        ("1200", "JPY", 1_200),
        ("1,200", "JPY", 1_200),
        ("0", "RUB", 0),
        ("0.001", "RUB", None),
        ("1.2345", "RUB", None),
        ("12.5", "JPY", None),
        ("", "RUB", None),
        (".", "RUB", None),
        (",5", "RUB", None),
        ("-5", "RUB", None),
        ("1e3", "RUB", None),
        ("٣", "RUB", None),
        ("six", "RUB", None),
        ("9" * 25, "RUB", None),
        ("600" + " " * 40, "RUB", None),
    ],
)
def test_a_sum_is_read_as_it_is_meant_or_not_at_all(text: str, currency: str, amount: int | None) -> None:
    assert read_sum(text, currency) == amount
