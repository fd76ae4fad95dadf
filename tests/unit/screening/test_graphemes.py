"""Length as a person counts it."""

import pytest

from fairhold.screening.graphemes import graphemes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0), ("abc", 3), ("Привет", 6), ("и\u0306", 1), ("e\u0301e\u0301", 2), ("👩‍👩‍👧‍👦", 1), ("👍🏽👍🏽", 2),
        ("🇷🇺🇬🇧", 2), ("a\r\nb", 3),
        ("ё\r\n", 2), ("한국", 2), ("\ud800", 1),
    ],
)  # fmt: skip
def test_a_grapheme_counts_once_however_many_code_points_it_has(text: str, count: int) -> None:
    assert graphemes(text) == count
