"""Links that want to be read by people only: `site dot com`, «сайт точка ру», `hxxp://`, letters set apart."""

import re
from collections.abc import Iterator

from fairhold.screening.findings import Finding, Kind
from fairhold.screening.links import CLOSING, is_word, reads_as_latin
from fairhold.screening.normal import Folded
from fairhold.screening.suffixes import HEARD, SAID, SHORT, SURE, is_ending

_SCHEME = re.compile(
    r"[\w*]{1,8}://(?=[^\s\w]{0,20}\w)\S{1,300}|(?:https?|ftp)://"
    r"|(?<!\w)(?:h(?:tt|xx|хх|\*\*|tx|xt|\+\+|--|__|t)ps?|хттпс?)\s{0,2}"
    r"(?:[:;]|\[:\])\s{0,2}[/\\]\s{0,2}[/\\]\s{0,2}[\w\[]\S{0,300}"
    r"|(?<!\w)(?:h(?:tt|xx|\*\*)ps?|хттпс?)\s?(?:[:;]\s?[/\\]|[/\\]{2})\s?\w\S{0,300}"
    r"|(?<!\w)h(?:xx|\*\*)ps?(?!\w)\S{0,300}"
)
_WWW = re.compile(
    rf"(?<!\w)(?:www|ввв)(?:\s?\.\s?\w\S{{0,300}}|[\s.,]{{1,3}}[\w-]{{1,63}}[\s.,]{{1,3}}(?:{'|'.join(sorted(SAID))})(?!\w))"
)
_HINTED = ((("/", "\\", "xx", "**"), _SCHEME), (("www", "ввв"), _WWW))
"""Patterns that begin with any word, and what has to stand in the text before they are worth trying."""
_SPOKEN = "(?:d[oо0]t|т[оo0]ч[кk][аa]|тчк)"
_SPOKEN_APART = r"(?:d[oо0]t(?<=[\s_*-]...)|т[оo0]ч[кk][аa](?<=[\s_*-].....)|тчк(?<=[\s_*-]...))(?=[\s_*-])"
DOT = rf"[\[({{<]\s?(?:\.|{_SPOKEN})\s?[\])}}>]|{_SPOKEN_APART}"
"""A dot in brackets, or said."""
_DOT = re.compile(
    rf"(?P<said>{DOT})|(?P<around>\s\.\s)|(?P<before>\s\.(?=\w))|(?P<after>\.(?<=\w.)\s(?=\w))"
    r"|(?P<comma>[,*](?<=\w.)(?=(?:com|ru)(?!\w)))"
)
_LEFT = re.compile(r"[^\W_][\w-]{0,62}\s{0,2}$")
_RIGHT = re.compile(r"[\s_*-]{0,2}(р\sу|r\su|к\sо\sм|c\so\sm|[^\W_][\w-]{0,62})(?![\w-])")
_ABOUT_ENDINGS = frozenset(
    {
        "the",
        "a",
        "an",
        "this",
        "that",
        "in",
        "of",
        "and",
        "or",
        "на",
        "в",
        "и",
        "или",
        "зона",
        "зоне",
        "домен",
        "домены",
        "доменом",
        "домена",
        "domain",
        "domains",
    }
)
_SPEAKS_OF_AN_AGE = re.compile(r"\s+(?:era|bubble|boom|crash|company|companies|days)(?!\w)")
# No group here is repeated possessively: Pythons before 3.11.5 match those wrong (python/cpython#106052).
_SET_APART = re.compile(r"(?<![\w.:/]\s)(?<!\w)[\w.:/](?:\s[\w.:/](?!\w)){5,}")
_REVERSED = re.compile("[\u202d\u202e][^\u202c]{0,300}")


def disguised_links(folded: Folded) -> Iterator[Finding]:
    """Every place where a link is written so that only a person recognises it."""
    for start, end in _places(folded):
        shown = folded.text[start:end].rstrip(CLOSING)
        first, last = folded.span(start, start + len(shown))
        yield Finding(Kind.DISGUISED_LINK, first, last, folded.original[first:last])
    for found in _REVERSED.finditer(folded.original):
        yield Finding(Kind.DISGUISED_LINK, found.start(), found.end(), found.group())


def _places(folded: Folded) -> Iterator[tuple[int, int]]:
    for hints, pattern in _HINTED:
        if any(hint in folded.text for hint in hints):
            for found in pattern.finditer(folded.text):
                yield found.span()
    for found in _SET_APART.finditer(folded.text):
        if _is_link_set_apart("".join(found.group().split())):
            yield found.span()
    for found in _DOT.finditer(folded.text):
        place = _around_dot(folded, found)
        if place is not None:
            yield place


def _is_link_set_apart(joined: str) -> bool:
    """Whether letters that stood apart make a link once they are together."""
    if "://" in joined or joined.startswith(("www.", "ввв.")):
        return True
    name, dot, ending = joined.rpartition(".")
    plain = reads_as_latin(ending) or ending
    return bool(dot and len(name) > 1 and not name.isdigit() and (ending in SAID or plain in SURE))


def _around_dot(folded: Folded, dot: re.Match[str]) -> tuple[int, int] | None:
    """The stretch that some kind of dot and the words on its sides make, where it reads as a site's name."""
    text = folded.text
    right = _RIGHT.match(text, dot.end())
    left = _LEFT.search(text[max(0, dot.start() - 66) : dot.start()])
    if right is None or left is None:
        return None
    label, ending = left.group().strip().strip("-_"), "".join(right[1].split())
    known = reads_as_latin(ending) or ending
    if not _joins(folded, str(dot.lastgroup), label, known if known in SURE else ending, right):
        return None
    return dot.start() - len(left.group()), right.end()


def _joins(folded: Folded, form: str, label: str, ending: str, right: re.Match[str]) -> bool:
    """Whether a dot of this form between these two is one of a site's name."""
    if label in _ABOUT_ENDINGS or (label.isdigit() and form != "said"):
        return False
    if form == "said":
        if _SPEAKS_OF_AN_AGE.match(folded.text, right.end()):
            return False
        return ending in SAID or (folded.text[right.start() - 1] in "])}>" and is_ending(ending))
    if f"{label}.{ending}" in SHORT:
        return form == "around" or folded.text[right.end() : right.end() + 1] == "/"
    if len(label) < 3:
        return False
    if form == "comma":
        return label.isascii() and not is_word(label) and label.strip("x") not in {"l", "s"}
    if ending not in SURE and ending not in HEARD:
        return False
    if form == "before" and ending == "net":
        return False
    if form == "around":
        return not is_word(label) or folded.as_written(*right.span(1)).islower()
    return folded.as_written(*right.span(1)).islower() and not is_word(label)
