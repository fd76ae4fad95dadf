"""Catalogues: complete, well set, and chosen as a browser asks."""

from __future__ import annotations

import re

import pytest

from fairhold.words.catalog import Language, negotiate, read_catalog, words_of
from fairhold.words.typography import NBSP, set_english, set_russian
from scripts.translations import problems, texts_in_source

RU, EN = words_of(Language.RU), words_of(Language.EN)


def test_every_text_of_the_source_is_translated_and_none_is_left_over() -> None:
    assert problems() == []
    assert len(texts_in_source()) > 300


def test_no_translation_has_a_straight_quotation_mark_or_an_e_without_dots_where_it_matters() -> None:
    for message in read_catalog(Language.RU):
        forms = (message.string,) if isinstance(message.string, str) else message.string or ()
        for form in forms if message.id else ():
            plain = re.sub(r"<[^>]*>", "", form)
            assert '"' not in plain, form
            assert "'" not in plain, form
            # Words that are always written with ё, here without its dots.
            for bare in ("еще", "вернем", "пришлем", "счет ", "все равно", "отменен ", "идет ", "придет"):
                assert bare not in plain.lower(), form


def test_no_translation_says_the_same_over_again() -> None:
    for message in read_catalog(Language.RU):
        text = message.string if isinstance(message.string, str) else ""
        assert len(text) < 20 or not re.fullmatch(r"(.+?)\1+", text, re.DOTALL), text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "ru"),
        ("", "ru"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("ru;q=0.5,en;q=0.8", "en"),
        ("en;q=0.5, ru;q=0.8", "ru"),
        ("fr,de;q=0.9", "ru"),
        ("fr,en;q=0.1", "en"),
        ("*;q=0.1,en;q=0", "ru"),
        ("*", "ru"),
        ("en;q=x,ru;q=0.1", "ru"),
        ("EN-us", "en"),
        (";;,,q=", "ru"),
        ("en;q=0", "ru"),
    ],
)
def test_the_language_is_the_one_that_the_header_prefers(header: str | None, language: str) -> None:
    assert negotiate(header).value == language


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1 товар"), (2, "2 товара"), (5, "5 товаров"), (11, "11 товаров"), (21, "21 товар"), (104, "104 товара")],
)
def test_russian_counts_in_three_forms(number: int, text: str) -> None:
    assert RU.ngettext("%(num)d item", "%(num)d items", number) == text.replace(" ", NBSP)


def test_english_counts_in_two_forms() -> None:
    assert EN.ngettext("%(num)d item", "%(num)d items", 1) == f"1{NBSP}item".replace("1", "1")
    assert EN.ngettext("%(num)d item", "%(num)d items", 2) == f"2{NBSP}items"


def test_short_words_stay_with_the_next_one_and_a_dash_with_the_one_before() -> None:
    assert set_russian("и в дом — не на улицу") == "и\u00a0в\u00a0дом\u00a0— не\u00a0на\u00a0улицу"
    assert set_russian("для 5 дней") == "для\u00a05\u00a0дней"
    assert set_russian("Нав сто") == "Нав сто"


def test_english_apostrophes_are_real_ones() -> None:
    assert set_english("the seller's 5 days") == f"the seller\u2019s 5{NBSP}days"
