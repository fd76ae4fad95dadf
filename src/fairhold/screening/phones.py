"""Telephone numbers, told from prices, sizes, dates and the numbers of orders by how their digits are grouped."""

import re
from collections.abc import Iterator

from fairhold.screening.findings import Finding, Kind
from fairhold.screening.normal import Folded

_DIGITS = re.compile(r"(?<![\da-z_.,])(?:\+\s?)?\(?\d(?:[\s().\-/]{0,4}\d){6,}(?![\s().\-/]{0,4}\d)(?![\da-z_])")
_PASSES_FOR_DIGIT = re.compile(r"(?<=\d)[liоoзб](?=\d)")
_DIGIT = str.maketrans("liоoзб", "110036")
_ANY_DIGIT = re.compile(r"\d")
_GROUP = re.compile(r"\d+")
_CUE = re.compile(
    r"(?:(?:звон|позвон|набер)\w{1,6}|(?<!\w)тел(?:ефон\w{0,2})?|(?<!\w)моб(?:ильный)?|сотовый|мой номер|номер телефона"
    r"|вотс?ап\w{0,2}|ватсап\w{0,2}|вайбер|phone|(?<!\w)(?:call|text|dial|tel|mobile|cell|ring)(?: me)?(?: at| on)?|whatsapp"
    r"|viber|my number(?: is)?)[\s:.,;=\-(#№]{1,4}$"
)
_OF_SOMETHING_ELSE = re.compile(
    r"(?:заказ\w{0,3}|трек\w{0,4}|артикул\w{0,2}|арт|imei|штрих-?код\w{0,2}|серийн\w{2,4}|накладн\w{2,3}"
    r"|код\w{0,2}|посылк\w|отправлени\w|инн|огрн"
    r"|order|tracking|track|serial|barcode|sku|part|model|item|article|isbn|ean|upc)"
    r"(?:\s?(?:номер\w{0,2}|number|no|nr|id|code|is|was))?[\s:.;#№-]{0,4}$"
)
_RUSSIAN = frozenset(
    {
        (11,), (1, 10), (4, 7), (1, 3, 7), (1, 4, 6), (1, 5, 5), (4, 3, 4), (1, 3, 3, 4), (1, 3, 2, 5), (1, 3, 5, 2),
        (1, 3, 4, 3),
        (1, 4, 3, 3), (1, 5, 3, 2), (4, 3, 2, 2), (1, 4, 2, 2, 2), (1, 3, 3, 2, 2), (1, 3, 2, 2, 3), (1, 3, 2, 3, 2),
        (1, 3, 3, 1, 3),
    }
)  # fmt: skip
"""How people group the eleven digits that begin with 8 or 7."""
_WITHOUT_EIGHT = frozenset([(3, 3, 2, 2), (3, 3, 4), (3, 7), (10,), (3, 2, 2, 3), (3, 2, 5)])
_AMERICAN = frozenset([(3, 3, 4), (1, 3, 3, 4)])

_VALUES = {
    1: "ноль один одна два две три четыре пять шесть семь восемь девять zero oh one two three four five six seven eight nine",
    2: "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
    20: "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
    100: "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот",
}
_WEIGHT = {word: weight for weight, words in _VALUES.items() for word in words.split()}
_SAID = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_WEIGHT, key=len, reverse=True))})(?!\w)")


def phones(folded: Folded) -> Iterator[Finding]:
    """Every telephone number, in digits or in words."""
    text = folded.text
    if _ANY_DIGIT.search(text):
        yield from _in_digits(folded)
    for first, last in _said(text):
        start, end = folded.span(first, last)
        yield Finding(Kind.PHONE, start, end, folded.original[start:end])


def _in_digits(folded: Folded) -> Iterator[Finding]:
    text = _PASSES_FOR_DIGIT.sub(lambda found: found.group().translate(_DIGIT), folded.text)
    for found in _DIGITS.finditer(text):
        stretch = _number(text, found)
        if stretch is not None:
            start, end = folded.span(*stretch)
            yield Finding(Kind.PHONE, start, end, folded.original[start:end])


def _number(text: str, found: re.Match[str]) -> tuple[int, int] | None:
    """Where in a run of digits a telephone number stands."""
    before = text[max(0, found.start() - 32) : found.start()]
    if _OF_SOMETHING_ELSE.search(before):
        return None
    groups = list(_GROUP.finditer(text, found.start(), found.end()))
    sizes = tuple(len(group.group()) for group in groups)
    total = sum(sizes)
    if found.group()[0] == "+":
        return found.span() if 9 <= total <= 15 and len(set(_digits(found.group()))) > 2 else None
    if _CUE.search(before) and 6 <= total <= 15:
        return found.span()
    for first in range(min(len(groups), 4)):
        for last in range(first, min(len(groups), first + 12)):
            if _is_number(text, groups[first : last + 1], sizes[first : last + 1]):
                return groups[first].start(), groups[last].end()
    return None


def _is_number(text: str, groups: list[re.Match[str]], sizes: tuple[int, ...]) -> bool:
    """Whether exactly these groups of digits are a telephone number without anything said about it."""
    digits = "".join(group.group() for group in groups)
    if len(digits) not in {10, 11} or len(set(digits)) < 3:
        return False
    if len(digits) == 11 and digits[0] in "78" and digits[1] in "3489":
        return sizes in _RUSSIAN or set(sizes) == {1} or (digits[1] == "9" and len(sizes) > 4 and max(sizes) < 4)
    if len(digits) == 10 and digits[0] == "9":
        return sizes in _WITHOUT_EIGHT
    if sizes in _AMERICAN:
        separators = text[groups[0].end() : groups[-1].start()]
        return digits[-10] in "23456789" and bool(separators.strip())
    return digits[0] == "0" and digits[1] != "0" and len(sizes) in {2, 3, 4} and min(sizes) > 1


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _said(text: str) -> Iterator[tuple[int, int]]:
    """Runs of number words that make ten to thirteen digits."""
    run: list[re.Match[str]] = []
    for word in _SAID.finditer(text):
        if run and not set(text[run[-1].end() : word.start()]) <= set(" ,-\n\t"):
            yield from _run(run)
            run = []
        run.append(word)
    yield from _run(run)


def _run(run: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    digits, room = 0, 0
    for word in run:
        weight = _WEIGHT[word.group()]
        if weight == 100:
            digits, room = digits + 3, 2
        elif weight == 20:
            digits, room = digits + (0 if room == 2 else 2), 1
        elif weight == 2:
            digits, room = digits + (0 if room == 2 else 2), 0
        else:
            digits, room = digits + (0 if room else 1), 0
    if 10 <= digits <= 13 and len(run) >= 5:
        yield run[0].start(), run[-1].end()
