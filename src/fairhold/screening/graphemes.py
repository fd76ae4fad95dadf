"""How long a text is as a person counts: a family of emoji is one, a letter with its accent too."""

import regex

_CLUSTER = regex.compile(r"\X")


def graphemes(text: str) -> int:
    """The number of extended grapheme clusters (UAX #29)."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    return sum(1 for _ in _CLUSTER.finditer(text))
