"""Full links, and the names of sites as they stand in a text: `site.com`, «магазин.рф», `bit.ly/abc`."""

import re
from collections.abc import Iterator

from fairhold.screening.findings import Finding, Kind
from fairhold.screening.normal import Folded, latin
from fairhold.screening.suffixes import (
    FILES,
    FILES_OF_KNOWN_NAME,
    HEARD,
    MESSENGERS,
    PRODUCTS,
    REGIONS,
    SHORT,
    SURE,
    is_ending,
)
from fairhold.screening.vocabulary import ENGLISH, RUSSIAN

_FULL = re.compile(
    r"(?:https?|ftp)://(?=[^\s\w]{0,20}\w)\S++|(?<![\w.@-])www\.[^\W_][^\s<>\"«»()\[\]]++",
    re.IGNORECASE,
)
NAME = r"[^\W_][\w-]{0,62}+"
"""A part of a site's name between dots."""
_HOST = re.compile(rf"(?<![\w@.\-])(?<![^/]/){NAME}(?:\.{NAME})+")
_PATH = re.compile(r"(?::\d{2,5})?[/?#](?=[\w@+?#])\S{1,300}")
CLOSING = ".,;:!?)]}»”\"'>"
_TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "prof",
        "vol",
        "no",
        "nr",
        "approx",
        "etc",
        "fig",
        "vs",
        "ул",
        "пр",
        "пер",
        "стр",
        "обл",
        "им",
        "тел",
    }
)
_POINTS_AT_A_SITE = re.compile(
    r"(?:сайт\w{0,3}|заход\w{1,4}|зайди\w{0,2}|магазин\w{0,3}|visit|go to|site|website|store|check out)"
    r"\W{1,3}(?:\w{1,4}\W{1,2})?$"
)
_SPEAKS_OF_SIZE = re.compile(r"(?:размер\w{0,2}|разм|рост|рос|size|sizes|eu|us|uk|ru)\W{0,3}$")
_MEASURE = re.compile(r"\d+[^\W\d_]{0,2}$")
_OPENERS = frozenset({"to", "in", "is", "my", "it", "so", "no", "be", "at", "as", "am", "by", "do"})
"""Endings that open a sentence when a word follows them."""
_AFTER_A_SITE = frozenset({"for", "and", "or", "if", "where", "with", "instead"})
_NEXT_WORD = re.compile(r" ([a-z']{1,20})")
_WORD_ENDS = re.compile(
    r"[a-z]{3,}(?:ing|ed|ly|ion|ment|ness|able|ful|ous)$"
    r"|[а-я]{3,}(?:ого|ему|ый|ий|ая|ое|ые|ость|ение|ания|ется|ется|лся|лась|лось|лись|али|ели|или|ать|ять|еть|ить)$"
)


def full_links(text: str) -> Iterator[Finding]:
    """Links as a browser takes them: a scheme and a host, or `www.` and a name."""
    for found in _FULL.finditer(text):
        shown = found.group().rstrip(CLOSING)
        yield Finding(Kind.LINK, found.start(), found.start() + len(shown), shown)


def bare_domains(folded: Folded) -> Iterator[Finding]:
    """Names of sites without a scheme; one in other letters or with hidden ones is disguised."""
    for found in _HOST.finditer(folded.text):
        labels = found.group().split(".")
        end = found.end()
        for place in range(len(labels) - 1, 0, -1):
            path = _PATH.match(folded.text, end) if end == found.end() else None
            kind = _kind(folded, end, labels[place - 1], labels[place], path is not None)
            if kind is not None:
                start, last = folded.span(found.start(), path.end() if path else end)
                yield Finding(kind, start, last, folded.original[start:last])
                break
            end -= len(labels[place]) + 1


def is_word(name: str) -> bool:
    """Whether this is a word of a review, so that a dot behind it ends a sentence."""
    plain = name.lower()
    return plain in ENGLISH or plain in RUSSIAN or _WORD_ENDS.match(plain) is not None


def reads_as_latin(name: str) -> str | None:
    """The name in Latin letters, where every letter is one or passes for one."""
    plain = latin(name)
    return plain if plain.isascii() else None


def _kind(folded: Folded, end: int, label: str, ending: str, has_path: bool) -> Kind | None:
    """What the name is whose last two parts these are, and which ends there; None where it is no site."""
    if ending.isdigit():
        return None
    start = end - len(label) - 1 - len(ending)
    disguised = folded.is_disguised(start, end) or _is_mixed(label) or _is_mixed(ending)
    if ending in HEARD:
        return None if label.isdigit() or len(label) == 1 else Kind.DISGUISED_LINK
    if not is_ending(ending):
        plain, before = reads_as_latin(ending), reads_as_latin(label)
        if plain is None or before is None or plain not in SURE or before.isdigit() or is_word(label):
            return None
        return Kind.DISGUISED_LINK
    if _is_mixed(label) and reads_as_latin(label):
        label = latin(label)
    name = f"{label}.{ending}"
    if not (disguised and ending in SURE) and not _is_site(folded, start, end, name, has_path):
        return None
    if disguised:
        return Kind.DISGUISED_LINK
    return Kind.MESSENGER if name in MESSENGERS else Kind.BARE_DOMAIN


def _is_site(folded: Folded, start: int, end: int, name: str, has_path: bool) -> bool:
    """Whether a name with an existing ending is a site and not a sentence, a file, a size or an abbreviation."""
    label, ending = name.split(".")
    before = folded.text[max(0, start - 24) : start]
    if name in SHORT:
        return True
    if name in PRODUCTS or (len(label) == 1 and not has_path):
        return False
    shown = folded.as_written(end - len(ending), end)
    if label.isdigit():
        size = ending in REGIONS and _SPEAKS_OF_SIZE.search(before)
        return ending in SURE and shown.islower() and not size
    if has_path:
        return True
    if ending in FILES or label in FILES_OF_KNOWN_NAME.get(ending, ()):
        return _POINTS_AT_A_SITE.search(before) is not None
    if ending in REGIONS and is_word(label) and folded.text[end : end + 2].strip()[:1].isdigit():
        return False
    if ending in SURE:
        return not (shown[:1].isupper() and (label in _TITLES or is_word(label)))
    if shown.istitle() or label in _TITLES or is_word(label) or _MEASURE.match(label):
        return False
    return not _goes_on(folded.text, end, ending) or _POINTS_AT_A_SITE.search(before) is not None


def _goes_on(text: str, end: int, ending: str) -> bool:
    """Whether the ending is the first word of a sentence: «a fine kettle.to clean it»."""
    following = _NEXT_WORD.match(text, end)
    return bool(ending in _OPENERS and following and is_word(following[1]) and following[1] not in _AFTER_A_SITE)


def _is_mixed(name: str) -> bool:
    """Whether Latin letters stand beside others that pass for them."""
    has_latin = any("a" <= letter <= "z" for letter in name)
    return has_latin and not name.isascii() and reads_as_latin(name) is not None
