"""Full links are refused; names of sites, open or disguised, wait for a moderator; what only looks like one passes."""

import pytest

from fairhold.screening.findings import Kind, Verdict
from fairhold.screening.screen import screen


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://shop.ru", "https://shop.ru"),
        ("тут:HTTP://SHOP.RU/a?b=c.", "HTTP://SHOP.RU/a?b=c"),
        ("(www.shop.com)", "www.shop.com"),
        ("берите на www.магазин.рф, дешевле", "www.магазин.рф"),
        ("ftp://files.example.org/x", "ftp://files.example.org/x"),
        ("http://192.168.1.1/setup", "http://192.168.1.1/setup"),
        ("«https://shop.ru/sale»", "https://shop.ru/sale"),
    ],
)
def test_a_full_link_is_refused_and_shown_without_what_stands_behind_it(text: str, link: str) -> None:
    screening = screen(text, ())
    assert screening.verdict is Verdict.REFUSED
    assert [(one.kind, one.text) for one in screening.findings] == [(Kind.LINK, link)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("дешевле на shop24.ru, берите", "shop24.ru"),
        ("тут магазин-игрушек.рф лучше", "магазин-игрушек.рф"),
        ("xn--80aswg.xn--p1ai", "xn--80aswg.xn--p1ai"),
        ("see bit.ly/3abc now", "bit.ly/3abc"),
        ("my-lamps.co.uk has it", "my-lamps.co.uk"),
        ("CHEAP-SHOP.COM", "CHEAP-SHOP.COM"),
        ("супер,берите на Shop-Opt.Ru", "Shop-Opt.Ru"),
        ("bestgear.shop.Рекомендую", "bestgear.shop"),
        ("visit gearhub.me for a code", "gearhub.me"),
        ("4pda.to скачал там", "4pda.to"),
    ],
)
def test_a_bare_domain_is_held(text: str, name: str) -> None:
    screening = screen(text, ())
    assert screening.verdict is Verdict.HELD
    assert [(one.kind, one.text) for one in screening.findings] == [(Kind.BARE_DOMAIN, name)]


@pytest.mark.parametrize(
    ("text", "disguise"),
    [
        ("сайт точка ру", "сайт точка ру"),
        ("см. shop (точка) com", "shop (точка) com"),
        ("go to gadgetz dot com now", "gadgetz dot com"),
        ("gadgetz[.]com", "gadgetz[.]com"),
        ("на tovar . com", "tovar . com"),
        ("tovar-opt. ru", "tovar-opt. ru"),
        ("hxxp://shop.ru/a", "hxxp://shop.ru/a"),
        ("http:/shop.ru", "http:/shop.ru"),
        ("хттп://магазин.рф", "хттп://магазин.рф"),
        ("www tovar ru", "www tovar ru"),
        ("h t t p : / / s h o p . r u", "h t t p : / / s h o p . r u"),
        ("в s h o p . c o m тут", "в s h o p . c o m"),
        ("sho\u200bp.co\u200bm тут", "sho\u200bp.co\u200bm"),
        ("https\u200b://shop.ru", "https\u200b://shop.ru"),
        ("ｓｈｏｐ．ｃｏｍ", "ｓｈｏｐ．ｃｏｍ"),
        ("𝐬𝐡𝐨𝐩.𝐜𝐨𝐦", "𝐬𝐡𝐨𝐩.𝐜𝐨𝐦"),
        ("ⓢⓗⓞⓟ.ⓒⓞⓜ", "ⓢⓗⓞⓟ.ⓒⓞⓜ"),
        ("аliехрrеss.соm", "аliехрrеss.соm"),
        ("tovar.сом", "tovar.сом"),
        ("tovar。com", "tovar。com"),
        ("s🔥h🔥o🔥p.com", "s🔥h🔥o🔥p.com"),
        ("s\u0336h\u0336o\u0336p\u0336.ru", "s\u0336h\u0336o\u0336p\u0336.ru"),
        ("магазин.ру", "магазин.ру"),
        ("\u202emoc.pohs\u202c!", "\u202emoc.pohs"),
    ],
)
def test_a_disguised_link_is_held_and_never_refused(text: str, disguise: str) -> None:
    screening = screen(text, ())
    assert screening.verdict is Verdict.HELD
    assert [(one.kind, one.text) for one in screening.findings] == [(Kind.DISGUISED_LINK, disguise)]


@pytest.mark.parametrize(
    "text",
    [
        "Размер 42.Ru", "46.Ru, сидит", "т.е. ок", "т.к. дорого", "и т.д.", "e.g. this", "i.e. that", "at 5 a.m.",
        "v1.2.3 и 2.0.14", "10.0.19045.3803", "192.168.1.1", "file.py", "readme.md", "README.zip", "setup.exe", "DSC_01.mov",
        "Node.js", "ASP.NET", "поддерживает .NET", "St.Petersburg", "Mr.Li", "12.5.см", "5.0.in", "1.5m.in", "1.299,00", "10.30",
        "12.11.2026", "№1.Супер", "хорошо.Рекомендую", "ok.So", "пришло.И", "Пришло.Дети рады", "быстро.Сайт удобный",
        "good.it came", "a fine kettle.to clean it use soap", "GOOD.NO PROBLEMS", "чехол.Apple", "ну :// вот",
        "polka dot in blue",
        "the dot com era", "красная точка", "торговая точка онлайн", "EN • RU", "размер eu,ru", "HTTP и FTP",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_link_is_clear(text: str) -> None:
    assert screen(text, ()).findings == ()
