"""The text as it looks: small letters, no invisible characters, letters of other shapes and fancy dots made plain.

Every place of the folded text knows where it stands in the original, so that findings point at what the author wrote.
"""

import re
import unicodedata
from functools import lru_cache

import msgspec

_EMOJI = "\ufffc"
_PLAIN = re.compile(r"[^\t\n\r\x20-\x7e\u0400-\u045f\xa0«»“”„’‘—–№]")
"""What needs folding beyond small letters; texts without it are the rule."""
_DOTS = frozenset("。．｡․·•‧∙⋅・･●⚫∘◦⸱ꞏ")
_KEPT = {
    "ё": "е",
    "Ё": "е",
    "№": "№",
    "\xa0": " ",
    "—": "-",
    "–": "-",
    "‑": "-",
    "−": "-",
    "⧸": "/",
    "∕": "/",
    "ː": ":",
    "∶": ":",
}
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")
"""Letters that are drawn as nothing."""
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
_ENCLOSED = ((0x1F150, 26), (0x1F170, 26))
"""White letters on black circles and squares, which Unicode does not decompose."""
_BETWEEN = re.compile(rf"(?<=[\w.@/]){_EMOJI}+(?=[\w.@/])")

LOOKALIKES = str.maketrans(
    "авсԁеһніјкӏмпорԛгѕтуѵԝхґʟοαενρτυχικıʋԍեօսհցզ",
    "abcdehhijklmnopqrstyvwxrloaevptuxikivgtouhgq",
)
"""Letters of Cyrillic, Greek and Armenian that pass for Latin ones in the name of a site."""


class Folded(msgspec.Struct, frozen=True, gc=False):
    """A folded text; `origin` has for each place the one in the original, and is None where they are the same."""

    original: str
    text: str
    origin: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that became this stretch."""
        if self.origin is None:
            return start, end
        first = self.origin[start]
        return first, self.origin[end - 1] + 1 if end > start else first

    def as_written(self, start: int, end: int) -> str:
        """What the author wrote there."""
        first, last = self.span(start, end)
        return self.original[first:last]

    def is_disguised(self, start: int, end: int) -> bool:
        """Whether what stands there had to be made plain first."""
        return self.origin is not None and self.as_written(start, end).lower() != self.text[start:end]


def fold(text: str) -> Folded:
    """The text as it looks to a reader."""
    if not _PLAIN.search(text):
        plain = text.lower().translate(_SAME_LENGTH)
        if len(plain) == len(text):
            return Folded(text, plain, None)
    letters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        folded = _fold_character(character)
        letters.append(folded)
        origin.extend([place] * len(folded))
    return _without_emoji(text, "".join(letters), origin)


def latin(name: str) -> str:
    """The name with every letter that passes for a Latin one replaced by it."""
    return name.translate(LOOKALIKES)


def _without_emoji(original: str, text: str, origin: list[int]) -> Folded:
    """Emoji inside a word vanish, so that they hide nothing; elsewhere they are spaces."""
    if _EMOJI not in text:
        return Folded(original, text, tuple(origin))
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for between in _BETWEEN.finditer(text):
        pieces.append(text[last : between.start()])
        places += origin[last : between.start()]
        last = between.end()
    pieces.append(text[last:])
    places += origin[last:]
    return Folded(original, "".join(pieces).replace(_EMOJI, " "), tuple(places))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in _KEPT:
        return _KEPT[character]
    if character in _DOTS:
        return "."
    if character in _SMALL_CAPITALS:
        return _SMALL_CAPITALS[character]
    code = ord(character)
    for first, count in _ENCLOSED:
        if first <= code < first + count:
            return chr(ord("a") + code - first)
    category = unicodedata.category(character)
    if character in _BLANKS or category in {"Cf", "Mn", "Me", "Cs", "Co", "Cn"}:
        return ""
    if category == "Cc":
        return " " if character.isspace() else ""
    plain = unicodedata.normalize("NFKC", character)
    if unicodedata.category(plain[:1]) in {"So", "Sk"}:
        return _EMOJI
    return plain.lower().replace("ё", "е")


_SAME_LENGTH = {ord(one): plain for one, plain in _KEPT.items()}
