"""Telephones, e-mail addresses and messengers are held; numbers of orders and praise for quick answers are not."""

import pytest

from fairhold.screening.findings import Kind, Verdict
from fairhold.screening.screen import screen


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Звоните 8 (912) 345-67-89!", "8 (912) 345-67-89"),
        ("+7 912 345 67 89 Анна", "+7 912 345 67 89"),
        ("мой 89123456789", "89123456789"),
        ("(912) 345-67-89", "912) 345-67-89"),
        ("тел. 345-67-89", "345-67-89"),
        ("8912 345 67 89 2 шт", "8912 345 67 89"),
        ("8 9l2 345 67 89", "8 9l2 345 67 89"),
        ("8️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣", "8️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
        ("call me at (555) 123-4567", "(555) 123-4567"),
        ("212.555.0147 ok", "212.555.0147"),
        ("07911 123456", "07911 123456"),
        (
            "восемь девятьсот двенадцать триста сорок пять шестьдесят семь восемьдесят девять",
            "восемь девятьсот двенадцать триста сорок пять шестьдесят семь восемьдесят девять",
        ),
        ("five five five one two three four five six seven", "five five five one two three four five six seven"),
    ],
)
def test_a_telephone_number_is_held(text: str, number: str) -> None:
    screening = screen(text, ())
    assert screening.verdict is Verdict.HELD
    assert [(one.kind, one.text) for one in screening.findings] == [(Kind.PHONE, number)]


@pytest.mark.parametrize(
    "text",
    [
        "Заказ 5021874639", "заказа 89123456789012", "Накладная 89031234567", "RA123456789CN", "LP00123456789012",
        "IMEI 356938035643809", "Артикул 8-912-345-67", "4607012345678", "12.11.2026 10.30", "2019 2020 2021 2022", "8 990 руб",
        "79 900 и 89 900", "90-60-90", "300-200-100 mm", "6000-7000", "9400 1000 0000 0000 0000 00", "part no. 555-123-4567",
        "+1000000000 в карму", "раз два три четыре пять", "мне сорок пять, жене сорок три", "1 2 3 4 5 6", "Телефон 2023 года",
    ],
)  # fmt: skip
def test_other_numbers_are_clear(text: str) -> None:
    assert screen(text, ()).findings == ()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("пишите ivan.petrov@mail.ru", "ivan.petrov@mail.ru"),
        ("ivan77 собака mail точка ру", "ivan77 собака mail точка ру"),
        ("jane(at)gmail(dot)com", "jane(at)gmail(dot)com"),
        ("jane[at]gmail.com", "jane[at]gmail.com"),
        ("ivan @ mail . ru", "ivan @ mail . ru"),
        ("zakaz@gmail", "zakaz@gmail"),
        ("info@магазин.рф", "info@магазин.рф"),
        ("me: jo\u200bhn@proton.me", "jo\u200bhn@proton.me"),
    ],
)
def test_an_address_is_held_and_not_reported_again_as_a_site(text: str, address: str) -> None:
    screening = screen(text, ())
    assert screening.verdict is Verdict.HELD
    assert [(one.kind, one.text) for one in screening.findings] == [(Kind.EMAIL, address)]


def test_an_address_beside_a_full_link_does_not_save_it() -> None:
    screening = screen("info@shop.ru или https://shop.ru", ())
    assert screening.verdict is Verdict.REFUSED
    assert [one.kind for one in screening.findings] == [Kind.EMAIL, Kind.LINK]


@pytest.mark.parametrize(
    "text",
    [
        "@shop_best", "пишите в телеграм shop_best", "телеграм: shopbest", "Мой телеграм best77", "Пишите в вотсап",
        "вайбер 8 912 345 67 89", "t.me/skidki", "wa.me/79123456789", "наш телеграм канал", "my insta is lena_knits",
        "message me on WhatsApp", "telegram - @cheapbags", "add me on discord", "WhatsApp me", "тг: optom_msk",
        "канал в тг — подписывайтесь",
    ],
)  # fmt: skip
def test_an_invitation_to_a_messenger_is_held(text: str) -> None:
    screening = screen(text, ())
    assert screening.verdict is Verdict.HELD
    assert Kind.MESSENGER in {one.kind for one in screening.findings}


@pytest.mark.parametrize(
    "text",
    [
        "отвечал в телеграме быстро", "the seller answered on WhatsApp", "they tried to contact me on WhatsApp",
        "Выложила фото в инстаграм", "My WhatsApp is slow", "Works with Telegram, Skype and Zoom", "5 @ 100 руб", "use it @ work",
        "Моя собака довольна", "15000 тг", "line is clear, signal is strong", "Пишите честно в описании",
        "просил писать в телеграм",
    ],
)  # fmt: skip
def test_a_messenger_that_is_only_spoken_of_is_clear(text: str) -> None:
    assert screen(text, ()).findings == ()
