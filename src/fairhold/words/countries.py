"""Countries by their names in the reader's language (CLDR)."""

from functools import cache

from babel import Locale

from fairhold.words.catalog import Language

_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Two letters, and not a country where anybody lives."""


@cache
def countries(language: Language) -> tuple[tuple[str, str], ...]:
    """(code of ISO 3166-1, name), by name."""
    names = Locale.parse(language.value).territories
    found = [
        (str(code), str(name))
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    ]
    return tuple(sorted(found, key=lambda one: one[1].casefold().replace("ё", "е")))
