"""Letters set as HTML and as plain text: one page of MJML, compiled once, and one of plain text."""

import textwrap
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from mjml import mjml2html

from fairhold.engine.ports.mail import Written
from fairhold.words.catalog import Language
from fairhold.words.letters.text import LetterText

COLUMNS = 76
"""Characters of a line of plain text."""


def set_letter(letter: LetterText, language: Language, marketplace: str) -> Written:
    """The letter as it is sent. Subjects are one line whatever their values held, of what can be seen.

    Goods are named as their seller likes: with a soft hyphen, or a family of emoji that invisible signs join.
    """
    said = {"letter": letter, "language": language.value, "marketplace": marketplace}
    return Written(
        subject="".join(sign for sign in " ".join(letter.subject.split()) if sign.isprintable()),
        text=_plain_page().render(said).strip() + "\n",
        html=_page().render(said),
        unsubscribe=letter.unsubscribe,
    )


@cache
def _page() -> Template:
    """The page of HTML: MJML passes what Jinja reads through untouched, so that it is compiled but once."""
    source = files("fairhold.words.letters").joinpath("letter.mjml").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(mjml2html(source))


@cache
def _plain_page() -> Template:
    source = files("fairhold.words.letters").joinpath("letter.txt").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=False,  # noqa: S701 - plain text, in which nothing is markup
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["wrapped"] = _wrapped
    return environment.from_string(source)


def _wrapped(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, COLUMNS, break_long_words=False, break_on_hyphens=False) for line in text.splitlines()
    )
