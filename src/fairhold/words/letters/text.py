"""What a letter consists of, before it is set as HTML and as plain text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from fairhold.domain.instants import Instant
from fairhold.words import dates
from fairhold.words.reader import Reader


class Fact(NamedTuple):
    """A line of the small table: what, and how much or when."""

    label: str
    value: str


class Button(NamedTuple):
    """The one way on. It leads to a page and does nothing by itself."""

    label: str
    url: str


class Way(NamedTuple):
    """A link of the small print."""

    label: str
    url: str


@dataclass(frozen=True)
class LetterText:
    """A letter in one language. `why` says why its reader gets it; `code` stands large on a line of its own."""

    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    button: Button | None = None
    notes: tuple[str, ...] = ()
    why: str = ""
    ways: tuple[Way, ...] = ()
    unsubscribe: str | None = None


@dataclass(frozen=True)
class Pen:
    """With what a letter is written: for whom, when, from which marketplace, about which values.

    `url` is where the pages are, without a slash at the end.
    """

    reader: Reader
    now: Instant
    marketplace: str
    url: str
    values: Mapping[str, object] = field(default_factory=dict)

    def say(self, message: str, **values: object) -> str:
        """A marked message in the reader's language."""
        return self.reader.words.gettext(message, **values)

    def text(self, name: str) -> str:
        """A value that is text. Raises KeyError or TypeError."""
        value = self.values[name]
        if not isinstance(value, str):
            raise TypeError(f"{name} is no text")
        return value

    def instant(self, name: str) -> Instant:
        """A value that is a moment. Raises KeyError or TypeError."""
        value = self.values[name]
        if not isinstance(value, int):
            raise TypeError(f"{name} is no moment")
        return Instant(value)

    def moment(self, at: Instant) -> str:
        """«19 мая в 18:40 по Москве»: letters are read on any day, so it is never “today”."""
        return f"{dates.moment(self.reader, at, self.now)} ({dates.zone_name(self.reader)})"

    def page(self, path: str) -> str:
        """The full address of a page."""
        return f"{self.url}{path}"
