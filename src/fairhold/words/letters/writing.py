"""Whoever writes letters out: finds the text by the template's name, and sets it for its reader."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from fairhold.domain.instants import Instant
from fairhold.engine.ports.contacts import Contacts
from fairhold.engine.ports.mail import Mail, Written
from fairhold.words.catalog import DEFAULT_LANGUAGE, Language, words_of
from fairhold.words.letters.accounts import ACCOUNT_LETTERS
from fairhold.words.letters.setting import set_letter
from fairhold.words.letters.text import LetterText, Pen
from fairhold.words.letters.webhooks import WEBHOOK_LETTERS
from fairhold.words.reader import Reader

_PLAIN = {**ACCOUNT_LETTERS, **WEBHOOK_LETTERS}
"""Letters that say what their values say."""
DEFAULT_ZONE = ZoneInfo("Europe/Moscow")

Write = Callable[[Mail, Pen], LetterText | None]
"""How letters of one template are written; None where there is nothing to say any more."""


def language_of(tag: str) -> Language:
    """The language of that tag; where it is none of ours, the one that everybody reads here."""
    return Language(tag) if tag in frozenset(Language) else DEFAULT_LANGUAGE


class Desk:
    """Writes letters; `others` are those whose text depends on more than their values."""

    def __init__(
        self, contacts: Contacts, marketplace: str, url: str, others: Mapping[str, Write] | None = None
    ) -> None:
        self._contacts = contacts
        self._marketplace = marketplace
        self._url = url
        self._others = others or {}

    def write(self, mail: Mail, now: Instant) -> Written | None:
        """The letter as it goes out, or None where it does not."""
        contact = self._contacts.contact(mail.person) if mail.person is not None else None
        language = language_of(mail.language)
        zone = DEFAULT_ZONE if contact is None else ZoneInfo(contact.zone)
        pen = Pen(Reader(words_of(language), zone), now, self._marketplace, self._url, mail.values)
        write = self._others.get(mail.template)
        letter = _PLAIN[mail.template](pen) if write is None else write(mail, pen)
        return None if letter is None else set_letter(letter, language, self._marketplace)
