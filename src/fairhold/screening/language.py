"""In which language a text is, by its script and its commonest words.

A review is refused for its language only where it *clearly* is another one, so two answers are given: what it seems to be,
and whether that is beyond doubt. Short texts, names, numbers and Russian in Latin letters never are.
"""

import re
from collections import Counter
from functools import lru_cache
from unicodedata import name as unicode_name

import msgspec

from fairhold.screening.vocabulary import ENGLISH, OTHERS, RUSSIAN

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_DENSE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR"})
"""Scripts in which a word takes few letters, or no space stands between words."""
_SCRIPT_OF = {
    "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "THAI": "th", "ARABIC": "ar", "HEBREW": "he", "GREEK": "el",
    "DEVANAGARI": "hi", "GEORGIAN": "ka", "ARMENIAN": "hy",
}  # fmt: skip
_NOT_RUSSIAN = re.compile(r"[\u0400\u0402-\u040f\u0450\u0452-\u052f]")
_ONLY_RUSSIAN = re.compile(r"[ыэё]")
_LETTERS_OF = {"uk": "іїєґ", "be": "ўі", "kk": "әғқңөұүһі", "sr": "јљњђћџ"}
_SURE_WORDS = 4
_SURE_LETTERS = 15


class Told(msgspec.Struct, frozen=True, gc=False):
    """The code of the language, None where there is no telling; `sure` when the whole text is in it beyond doubt."""

    language: str | None
    sure: bool


NOT_TOLD = Told(None, False)


def told(text: str) -> Told:
    """The language of a text."""
    words = [word.lower() for word in _WORD.findall(text)]
    scripts: Counter[str] = Counter()
    for word in words:
        scripts[_script(word[0])] += len(word)
    if not scripts:
        return NOT_TOLD
    script, letters = scripts.most_common(1)[0]
    share = letters / scripts.total()
    if script == "LATIN":
        return _of_latin([word for word in words if _script(word[0]) == script], letters, share)
    if script == "CYRILLIC":
        return _of_cyrillic([word for word in words if _script(word[0]) == script], letters, share)
    return _of_script(scripts, share)


def _of_latin(words: list[str], letters: int, share: float) -> Told:
    plain = [word.replace("'", "").replace("’", "") for word in words]
    english = _hits(plain, ENGLISH)
    code, others = _best_other(words)
    enough = _is_enough(words, letters, share)
    if english and len(english) >= len(others):
        return Told("en", enough and len(set(english)) >= 3 and len(english) * 10 >= len(words) * 3)
    if len(set(others)) >= 3 and len(others) * 5 >= len(words) and len(others) >= 2 * len(english):
        return Told(code, enough)
    return NOT_TOLD


def _of_cyrillic(words: list[str], letters: int, share: float) -> Told:
    russian = _hits(words, RUSSIAN)
    code, others = _best_other(words)
    foreign = [word for word in words if _NOT_RUSSIAN.search(word)]
    only_russian = sum(1 for word in words if _ONLY_RUSSIAN.search(word))
    enough = _is_enough(words, letters, share)
    if len(foreign) >= 2 and len(foreign) > only_russian:
        spelled = Counter(
            {key: sum(word.count(one) for word in words for one in own) for key, own in _LETTERS_OF.items()}
        )
        code = code if others else spelled.most_common(1)[0][0]
        return Told(code, enough and len(foreign) * 8 >= len(words) and len(foreign) + len(others) > only_russian + 1)
    if len(set(others)) >= 3 and len(others) > len(russian) + only_russian:
        return Told(code, enough)
    if foreign and not russian:
        return NOT_TOLD
    is_told = bool(russian) or only_russian > 0 or len(words) >= 3
    return Told("ru", enough and bool(russian)) if is_told else NOT_TOLD


def _of_script(scripts: Counter[str], share: float) -> Told:
    """Another alphabet than Latin and Cyrillic; Chinese signs beside kana are Japanese."""
    code = None
    for script in ("HIRAGANA", "KATAKANA", "HANGUL", *dict(scripts.most_common())):
        if scripts[script]:
            code = _SCRIPT_OF.get(script, "und")
            break
    own = sum(count for script, count in scripts.items() if script not in {"LATIN", "CYRILLIC"})
    dense = sum(scripts[script] for script in _DENSE)
    return Told(code, own >= (6 if dense * 2 > own else _SURE_LETTERS) and own >= 0.8 * scripts.total())


def _is_enough(words: list[str], letters: int, share: float) -> bool:
    return len(words) >= _SURE_WORDS and letters >= _SURE_LETTERS and share >= 0.8


def _hits(words: list[str], vocabulary: frozenset[str]) -> list[str]:
    return [word for word in words if word in vocabulary]


def _best_other(words: list[str]) -> tuple[str | None, list[str]]:
    """The code of the other language with the most of these words, and those."""
    by_code: dict[str, list[str]] = {}
    for word in words:
        for code in OTHERS.get(word, ()):
            by_code.setdefault(code, []).append(word)
    if not by_code:
        return None, []
    return max(by_code.items(), key=lambda found: (len(found[1]), found[0]))


@lru_cache(maxsize=2048)
def _script(letter: str) -> str:
    """The first word of the letter's Unicode name: LATIN, CYRILLIC, CJK."""
    script = unicode_name(letter, "NONE").split(" ")[0]
    return {"FULLWIDTH": "LATIN", "MATHEMATICAL": "LATIN", "IDEOGRAPHIC": "CJK"}.get(script, script)
