"""What a deed would do that nobody can take back, on a page of its own before it is done."""

from dataclasses import dataclass

from fairhold.web.views.parts import Fact, Note


@dataclass(frozen=True)
class Deed:
    """The question and its answer: `button` sends `fields` to `url`, the way out leads to `back`. `text` are paragraphs."""

    title: str
    text: tuple[str, ...]
    facts: tuple[Fact, ...]
    url: str
    back: str
    button: str
    fields: tuple[tuple[str, str], ...] = ()
    about: str = ""
    note: Note | None = None
