"""A review's text on its way into a command: what a reading by machine makes of it (S25, S33)."""

from typing import Literal

from fairhold.domain.review_commands import Screened
from fairhold.screening.findings import Kind
from fairhold.screening.graphemes import graphemes
from fairhold.screening.language import told
from fairhold.screening.screen import screen

_EMPTY = Screened()


def screened(text: str | None) -> Screened:
    """What was found in a text. Which languages are taken, the order's rules say (`domain/rules/reviews.py`)."""
    if text is None:
        return _EMPTY
    found = screen(text, ())
    kinds = dict.fromkeys(finding.kind for finding in found.findings)
    return Screened(
        length=graphemes(text),
        language=_one_of_ours(found.language),
        clearly=_clearly(text),
        held=tuple(kind.value for kind in kinds if kind is not Kind.LINK),
        link=Kind.LINK in kinds,
    )


def _clearly(text: str) -> Literal["ru", "en", "other"] | None:
    language = told(text)
    return (_one_of_ours(language.language) or "other") if language.sure else None


def _one_of_ours(language: str | None) -> Literal["ru", "en"] | None:
    match language:
        case "ru":
            return "ru"
        case "en":
            return "en"
        case _:
            return None
