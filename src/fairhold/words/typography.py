"""What keeps together on a line: Russian and English typesetting applied to whole texts.

Translators write plain spaces; the no-break ones are put in when a catalogue is read, so that no text forgets them.
"""

import re

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "\u2014"

_SHORT_WORDS = (
    "а|без|в|во|вы|да|для|до|за|и|из|или|к|ко|мы|на|над|не|ни|но|о|об|обо|от|по|под|при|про|с|со|то|у|что|чтобы"
)
_AFTER_SHORT_WORD = re.compile(rf"(?<![\w-])({_SHORT_WORDS}) (?=\S)", re.IGNORECASE)
_BEFORE_PARTICLE = re.compile(r" (?=(?:ли|же|бы)(?!\w))")
_BEFORE_DASH = re.compile(rf" (?={DASH})")
_AFTER_NUMBER = re.compile(r"((?<!\w)\d+|%\(\w+\)d) (?=\w)")


def keep_numbers(text: str) -> str:
    """Somebody else's text with each number kept on one line with its unit: «450 мл»."""
    return _AFTER_NUMBER.sub(rf"\1{NBSP}", text)


def set_russian(text: str) -> str:
    """`text` with no-break spaces after short words, before a long dash and particles, and after a number."""
    bound = _AFTER_SHORT_WORD.sub(rf"\1{NBSP}", text)
    # Neighbouring short words share a space, so that one pass leaves every second one.
    bound = _AFTER_SHORT_WORD.sub(rf"\1{NBSP}", bound)
    bound = _BEFORE_PARTICLE.sub(NBSP, bound)
    bound = _BEFORE_DASH.sub(NBSP, bound)
    return _AFTER_NUMBER.sub(rf"\1{NBSP}", bound)


def set_english(text: str) -> str:
    """`text` with a no-break space after a number and a real apostrophe for the typewriter's."""
    return _AFTER_NUMBER.sub(rf"\1{NBSP}", text).replace("'", "\u2019")
