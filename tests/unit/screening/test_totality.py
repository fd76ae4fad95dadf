"""Every string has an answer, always the same one, soon."""

import sys
from math import inf
from statistics import median
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.screening.findings import Verdict
from fairhold.screening.graphemes import graphemes
from fairhold.screening.screen import screen

LONG = 4000
PIECES = (
    "a", "1", "-", ".", "@", "+", " ", "a.", "a-", "1 ", "1-", "a ", "a@", "@a", ". a", "a .", "a . ", "www.", "www ", "http://",
    "http:", "h", "hxxp", "/", "://", "a://", "тел ", "dot ", "точка ", "a dot ", "(.)", "[", "восемь ", "one ", "телеграм ",
    "пишите ", "my telegram ", "message me ", "\u200b", "a\u200b", "🔥", "a🔥", "\u0301", "\u202e", "\ud800", "І",
    "漢", "ａ", "com.",
    "com,", "a,com", "a:/", "::", "+1", "8 ", "\n", "q_", "tg @", "a.com ", "9999999999 ", "ivan собака ", "x*com", "р у ", "И.",
    "mr.", "\x00", "it.to ", "s h o p ", "a@b.", "8(",
)  # fmt: skip

ANY = st.text(st.characters(), max_size=300)
TEMPTING = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=60).map("".join)


@given(ANY | TEMPTING, st.sampled_from([(), ("ru",), ("en",), ("ru", "en"), ("de",)]))
def test_every_string_is_answered_and_every_finding_stands_in_it(text: str, languages: tuple[str, ...]) -> None:
    screening = screen(text, languages)
    assert screening == screen(text, languages)
    assert (screening.verdict is Verdict.CLEAR) == (not screening.findings)
    for one in screening.findings:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
    places = [(one.start, one.end) for one in screening.findings]
    assert places == sorted(places)
    assert 0 <= graphemes(text) <= len(text)


@given(
    st.sampled_from(
        [
            "https://shop.ru",
            "http://localhost/x",
            "www.shop.com",
            "HTTP://МАГАЗИН.РФ",
            "ftp://a.b/c",
            "смотриhttps://t.me/x",
        ]
    ),
    st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f")),
        min_size=1,
        max_size=6,
    ),
)
def test_invisible_characters_never_make_a_full_link_clear(link: str, hidden: list[tuple[int, str]]) -> None:
    assert screen(link, ()).verdict is Verdict.REFUSED
    for place, character in hidden:
        link = link[:place] + character + link[place:]
    assert screen(f"Хороший товар {link} всем", ()).verdict is not Verdict.CLEAR


def seconds(text: str, enough: float = 0.0, tries: int = 3) -> float:
    """The best of so many, since other work on the machine is not the text's fault; the first that is short enough will do."""
    best = inf
    for _ in range(tries):
        began = thread_time()
        screen(text, ("ru", "en"))
        best = min(best, thread_time() - began)
        if best < enough:
            break
    return best


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_of_four_thousand_characters_takes_fifty_milliseconds(piece: str) -> None:
    screen("shop.ru", ())
    assert seconds((piece * LONG)[:LONG], enough=0.05, tries=20) < 0.05


def test_a_usual_review_takes_less_than_a_millisecond() -> None:
    russian = (
        "Телефон держит заряд два дня, экран яркий, камера днём хорошая, ночью мылит. Звук громкий, в комплекте плёнка. "
        * 3
    )
    english = (
        "Bought this as a gift for my husband. He uses it every morning, it makes better coffee than our old one. " * 3
    )
    for text in (russian[:300], english[:300]):
        screen(text, ("ru", "en"))
        spent = median(seconds(text) for _ in range(20))
        sys.stdout.write(f"{spent * 1000:.2f} ms for {len(text)} characters\n")
        assert spent < 0.005, "five times what is wanted, since the machine may be busy or slow"
