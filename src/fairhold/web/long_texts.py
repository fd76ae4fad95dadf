"""Texts of several lines that people type: lines end in one way, and nothing is in them that nobody sees."""

import re

from fairhold.domain.commands import PROSE_PATTERN
from fairhold.web.visits import Visit
from fairhold.words.catalog import N_
from fairhold.words.lines import plain_lines

_PROSE = re.compile(PROSE_PATTERN)


def typed_text(visit: Visit, name: str, longest: int) -> str:
    """What was typed in the field, at most so much of it."""
    return plain_lines(visit.field(name, longest))


def read_text(visit: Visit, name: str, longest: int) -> tuple[str, str]:
    """What was typed in the field, and what is wrong with it."""
    text = typed_text(visit, name, 2 * longest + 2)
    if len(text) > longest:
        return text, visit.say(N_("At most %(most)d characters."), most=longest)
    if not _PROSE.match(text):
        return text, visit.say(N_("There is a character in it that nobody can see. Type the text anew."))
    return text, ""
