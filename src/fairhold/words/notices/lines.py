"""How the tables of notices are written: a title, and the sentences below it, with conditions that a person can read."""

import re
from typing import NamedTuple

from fairhold.domain.actors import Role

_VALUE = re.compile(r"%\((\w+)\)")


class Line(NamedTuple):
    """A sentence. It is left out where a value that it names is missing.

    `given` and `lacking` name facts that have to be there, or not to be there; `given` may ask for a value: `cause=confirmed`.
    """

    text: str
    given: str = ""
    lacking: str = ""


class Text(NamedTuple):
    """What a notice says to one reader: the first title that applies, and every sentence that does."""

    titles: tuple[Line, ...]
    lines: tuple[Line, ...] = ()


Side = Role | None
"""To whom: None for both sides alike."""


def said(title: str, *lines: str | Line) -> Text:
    """A text with one title."""
    return Text((Line(title),), tuple(Line(line) if isinstance(line, str) else line for line in lines))


def applies(line: Line, facts: dict[str, object], shown: frozenset[str]) -> bool:
    """Whether the sentence can be said: `facts` are the notice's, `shown` the names of what can be filled in."""
    if line.lacking and facts.get(line.lacking):
        return False
    if line.given:
        name, _, value = line.given.partition("=")
        if not facts.get(name) or (value and facts[name] != value):
            return False
    return shown.issuperset(_VALUE.findall(line.text))
