"""Who reads: a language and a time zone, which every sentence with a date needs together."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fairhold.words.catalog import Language, Words, words_of

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Reader:
    """The language and the time zone of whoever reads."""

    words: Words
    zone: ZoneInfo = UTC

    @property
    def language(self) -> Language:
        """The reader's language."""
        return self.words.language


def reader_of(language: Language, zone: str = "UTC") -> Reader:
    """A reader of `language` in the IANA time zone `zone`."""
    return Reader(words_of(language), ZoneInfo(zone))
