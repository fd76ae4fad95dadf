"""Division of money: every rounding is stated, every part adds up to the whole."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.domain.money import MAX_AMOUNT, MINOR_DIGITS, allocate, half_even, is_currency, unit_range_share


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"),
    [(5, 10, 0), (15, 10, 2), (25, 10, 2), (35, 10, 4), (26, 10, 3), (24, 10, 2), (0, 7, 0), (7, 7, 1), (-5, 10, 0)],
)
def test_halves_are_rounded_to_the_even_neighbour(numerator: int, denominator: int, whole: int) -> None:
    assert half_even(numerator, denominator) == whole


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**6))
def test_half_even_agrees_with_exact_fractions(numerator: int, denominator: int) -> None:
    assert half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, (1000, 900), (53, 47)),
        (100, (1, 1, 1), (34, 33, 33)),
        (101, (1, 1, 1), (34, 34, 33)),
        (7, (0, 0, 0), (3, 2, 2)),
        (5, (0, 1, 0), (0, 5, 0)),
        (0, (3, 4), (0, 0)),
        (1, (10, 11), (0, 1)),
        (10, (5,), (10,)),
        (3, (60, 30, 10), (2, 1, 0)),
    ],
)
def test_a_sum_is_split_by_the_largest_remainder(total: int, weights: tuple[int, ...], parts: tuple[int, ...]) -> None:
    assert allocate(total, weights) == parts


@given(st.integers(0, MAX_AMOUNT), st.lists(st.integers(0, MAX_AMOUNT), min_size=1, max_size=100))
def test_the_parts_of_a_sum_add_up_and_none_is_a_whole_unit_off(total: int, weights: list[int]) -> None:
    parts = allocate(total, tuple(weights))
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(total * weight, whole) if whole else Fraction(total, len(weights))
        assert abs(part - exact) < 1
        assert part >= 0
        assert weight or not whole or part == 0, "a line of no worth bears nothing"


def test_nothing_cannot_be_split_among_nobody() -> None:
    with pytest.raises(ValueError, match="nothing to allocate to"):
        allocate(10, ())


@given(st.integers(0, MAX_AMOUNT), st.integers(1, 500), st.data())
def test_units_of_a_line_add_up_however_it_is_cut(total: int, units: int, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, units))) | {0, units})
    parts = [unit_range_share(total, units, a, b - a) for a, b in itertools.pairwise(cuts)]
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)


def test_equal_units_differ_by_one_minor_unit_at_most() -> None:
    assert [unit_range_share(866, 3, unit, 1) for unit in range(3)] == [288, 289, 289]


@pytest.mark.parametrize(
    ("code", "digits"), [("RUB", 2), ("JPY", 0), ("KWD", 3), ("BRL", 2), ("CLF", 4), ("KZT", 2), ("TRY", 2)]
)
def test_currencies_know_their_minor_unit(code: str, digits: int) -> None:
    assert is_currency(code)
    assert MINOR_DIGITS[code] == digits


@pytest.mark.parametrize("code", ["", "rub", "XAU", "XTS", "RUR", "DEM", "RU", "RUBB", "руб"])
def test_what_is_no_currency_today_is_not_taken_for_one(code: str) -> None:
    assert not is_currency(code)
