"""Catalogues of texts: English is written in the source, Russian stands in `ru.po` and is read when the program starts."""

import io
from enum import StrEnum
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from fairhold.words.typography import set_english, set_russian


class Language(StrEnum):
    """A language that Fairhold speaks."""

    RU = "ru"
    EN = "en"


DEFAULT_LANGUAGE: Final = Language.RU
_BY_TAG: Final = {language.value: language for language in Language}
LOCALES: Final = {Language.RU: "ru", Language.EN: "en_GB"}


def N_(message: str) -> str:  # noqa: N802 - gettext's own name, known to every extraction tool
    """`message` itself, marked for the catalogue; it is translated where it is shown."""
    return message


class Words:
    """The texts of one language. `%(name)s` in a message is filled from the keywords; `%(num)d` is the number of a plural."""

    def __init__(self, language: Language, translations: GNUTranslations | None) -> None:
        self.language = language
        self.locale = LOCALES[language]
        self._translations = translations
        # Messages are the program's own, so there is an end to them.
        self._text = cache(translations.gettext if translations else set_english)

    def gettext(self, message: str, /, **values: object) -> str:
        """`message` in this language."""
        text = self._text(message)
        return text % values if values else text

    def ngettext(self, singular: str, plural: str, number: int, /, **values: object) -> str:
        """The form of the message that goes with `number`."""
        if self._translations:
            text = self._translations.ngettext(singular, plural, number)
        else:
            text = set_english(singular if number == 1 else plural)
        return text % {"num": number, **values}

    def ngettext_plain(self, singular: str, plural: str, number: int, /) -> str:
        """As `ngettext`, with nothing filled in: for templates, which fill in escaped values themselves."""
        if self._translations:
            return self._translations.ngettext(singular, plural, number)
        return set_english(singular if number == 1 else plural)

    def pgettext(self, context: str, message: str, /, **values: object) -> str:
        """`message` in the sense that `context` tells apart."""
        text = self._translations.pgettext(context, message) if self._translations else set_english(message)
        return text % values if values else text

    def npgettext(self, context: str, singular: str, plural: str, number: int, /, **values: object) -> str:
        """The form that goes with `number`, in the sense that `context` tells apart."""
        if self._translations:
            text = self._translations.npgettext(context, singular, plural, number)
        else:
            text = set_english(singular if number == 1 else plural)
        return text % {"num": number, **values}


def read_catalog(language: Language) -> Catalog:
    """The catalogue of `language` as translators keep it."""
    with files("fairhold.words").joinpath(f"{language}.po").open("rb") as file:
        return read_po(file, locale=LOCALES[language], abort_invalid=True)


def _translations_of(catalog: Catalog) -> GNUTranslations:
    for message in catalog:
        if not message.id or not message.string:
            continue
        forms = message.string
        message.string = set_russian(forms) if isinstance(forms, str) else tuple(set_russian(form) for form in forms)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def words_of(language: Language) -> Words:
    """The texts of `language`."""
    if language is Language.EN:
        return Words(language, None)
    return Words(language, _translations_of(read_catalog(language)))


def _quality(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def negotiate(accept_language: str | None, default: Language = DEFAULT_LANGUAGE) -> Language:
    """The language that an `Accept-Language` header prefers; `default` where it names none of ours (RFC 9110, 12.5.4)."""
    wanted: dict[Language, float] = {}
    for entry in (accept_language or "").split(","):
        tag, _, parameters = entry.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        quality = _quality(parameters)
        if primary == "*":
            wanted.setdefault(default, quality)
        elif (language := _BY_TAG.get(primary)) is not None:
            wanted[language] = max(quality, wanted.get(language, 0.0))
    offered = [language for language, quality in wanted.items() if quality > 0]
    return max(offered, key=lambda language: wanted[language], default=default)
