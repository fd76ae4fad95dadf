"""E-mail addresses, as they are and as people hide them: `name at site dot com`, «имя собака почта точка ру»."""

import re
from collections.abc import Iterator

from fairhold.screening.disguises import DOT
from fairhold.screening.findings import Finding, Kind
from fairhold.screening.links import NAME, is_word
from fairhold.screening.normal import Folded
from fairhold.screening.suffixes import HEARD, SAID, SURE, is_ending

_AT = re.compile(
    r"(?P<sign>@)|[\[({<]\s?(?P<bracketed>at|@|собака|собачка)\s?[\])}>]|(?<=\s)(?P<said>собака|собачка|at)(?=\s)"
)
_LEFT = re.compile(r"[\w.+-]{1,64}\s{0,2}$")
_RIGHT = re.compile(rf"\s{{0,2}}({NAME})(?:(\s{{0,2}}(?:{DOT})\s{{0,2}}|\s?\.\s?)({NAME}))?(?:\.({NAME}))?")
_PROVIDERS = frozenset(
    {
        "gmail",
        "mail",
        "yandex",
        "ya",
        "yahoo",
        "outlook",
        "hotmail",
        "icloud",
        "proton",
        "protonmail",
        "rambler",
        "bk",
        "inbox",
        "list",
        "гмейл",
        "мейл",
        "яндекс",
        "маил",
        "майл",
    }
)


def emails(folded: Folded) -> Iterator[Finding]:
    """Every e-mail address, however its sign and its dots are written."""
    text = folded.text
    for sign in _AT.finditer(text):
        left = _LEFT.search(text[max(0, sign.start() - 66) : sign.start()])
        right = _RIGHT.match(text, sign.end())
        if left is None or right is None:
            continue
        end = _end(str(sign.lastgroup), left.group(), right)
        if end is not None:
            start, last = folded.span(sign.start() - len(left.group()), end)
            yield Finding(Kind.EMAIL, start, last, folded.original[start:last])


def _end(form: str, left: str, right: re.Match[str]) -> int | None:
    """Where the address ends; None where it is none."""
    domain, dot, ending, more = right.groups()
    spaced = left != left.rstrip() or right.start(1) != right.start()
    hidden = form != "sign" or spaced
    name = left.strip().strip(".-+")
    if not name or name.isdigit() or domain.isdigit() or (form == "said" and is_word(name)):
        return None
    if ending is not None:
        known = ending in SAID or ending in HEARD or (more is not None and more in SAID)
        if dot == "." and not hidden:
            return right.end() if is_ending(ending) or (more is not None and is_ending(more)) or known else None
        if dot.strip() != ".":
            return right.end() if known or is_ending(ending) else None
        if (ending in SURE or ending in HEARD) and (
            form != "said" or domain in _PROVIDERS or re.search(r"[\d._+-]", name)
        ):
            return right.end() if known else None
    return right.end(1) if domain in _PROVIDERS and (form != "said" or ending is None) else None
