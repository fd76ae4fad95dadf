"""A text is refused for its language only where it clearly is another one."""

import pytest

from fairhold.screening.findings import Kind, Verdict
from fairhold.screening.screen import screen

RUSSIAN = "Очень хороший товар, доставили быстро, всем советую"
ENGLISH = "The quality is great and it came very fast, I would buy it again"
GERMAN = "Die Qualität ist sehr gut und der Versand war schnell"
UKRAINIAN = "Дуже гарний товар, швидка доставка, рекомендую цього продавця"
CHINESE = "质量非常好，物流很快，卖家服务态度也很好"


@pytest.mark.parametrize(
    ("text", "languages", "verdict"),
    [
        (RUSSIAN, ("ru", "en"), Verdict.CLEAR),
        (RUSSIAN, ("ru",), Verdict.CLEAR),
        (RUSSIAN, ("en",), Verdict.REFUSED),
        (ENGLISH, ("ru", "en"), Verdict.CLEAR),
        (ENGLISH, ("en",), Verdict.CLEAR),
        (ENGLISH, ("ru",), Verdict.REFUSED),
        (GERMAN, ("ru", "en"), Verdict.REFUSED),
        (GERMAN, ("de",), Verdict.CLEAR),
        (GERMAN, (), Verdict.CLEAR),
        (UKRAINIAN, ("ru", "en"), Verdict.REFUSED),
        (UKRAINIAN, (), Verdict.CLEAR),
        (CHINESE, ("ru", "en"), Verdict.REFUSED),
        (CHINESE, ("zh",), Verdict.CLEAR),
        (f"{RUSSIAN}. {ENGLISH}", ("ru", "en"), Verdict.CLEAR),
        (f"{RUSSIAN}. {ENGLISH}", ("en",), Verdict.CLEAR),
    ],
)
def test_what_a_marketplace_takes_decides(text: str, languages: tuple[str, ...], verdict: Verdict) -> None:
    screening = screen(text, languages)
    assert screening.verdict is verdict
    assert {one.kind for one in screening.findings} == ({Kind.LANGUAGE} if verdict is Verdict.REFUSED else set())


@pytest.mark.parametrize("languages", [("ru",), ("en",), ("ru", "en")])
@pytest.mark.parametrize(
    "text",
    [
        "", " ", "ок", "ok", "👍👍👍", "12345", "!!!", "Merci!", "Danke", "好", "Спасибо", "Thanks",
        "Xiaomi Redmi Note 12 Pro Plus 5G",
        "ochen horoshiy tovar, rekomenduyu vsem, prishlo bystro", "Nike Air Max, Adidas Superstar, Puma Suede",
        "asdf qwerty zxcv",
        "iPhone 13 Pro Max", "Дякую!", "Jürgen Müller", "aaaaaaaaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa", "中国制造",
    ],
)  # fmt: skip
def test_short_texts_names_and_russian_in_latin_letters_are_never_refused(
    text: str, languages: tuple[str, ...]
) -> None:
    assert screen(text, languages).verdict is Verdict.CLEAR


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (RUSSIAN, "ru"), (ENGLISH, "en"), (GERMAN, None), (UKRAINIAN, None), (CHINESE, None), ("Спасибо!", "ru"),
        ("Thanks!", "en"),
        ("12345", None), ("", None), ("👍", None), ("Xiaomi Redmi", None), ("ыыы", "ru"),
    ],
)  # fmt: skip
def test_the_language_is_named_where_it_can_be_told(text: str, language: str | None) -> None:
    assert screen(text, ()).language == language
