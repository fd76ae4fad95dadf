"""Where goods are to go, as far as it bears on a delivery: a country, a town, a postcode, and never a street or a name.

It is compared with the words of carriers, who write places as they like: what cannot be compared speaks against nobody.
"""

import re
from typing import Annotated

import msgspec
from msgspec import Meta

_END = r"$(?!\n)"
"""The very end: alone, `$` also matches before a line break at the end."""
_PRINTABLE = r"^(?=.*\S)[^\x00-\x1f\x7f-\x9f]*" + _END
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}" + _END)]
Town = Annotated[str, Meta(min_length=1, max_length=100, pattern=_PRINTABLE)]
Postcode = Annotated[str, Meta(pattern=r"^(?=.*[0-9A-Z])[0-9A-Z -]{2,12}" + _END)]

_WORDS = re.compile(r"[^\W_]+")
_POSTCODE = re.compile(r"(?<!\d)\d{5,6}(?!\d)")
_COUNTRY = re.compile(r",\s*([A-Z]{2})\s*$")
_WITH_REGIONS = ("US", "CA", "BR", "AU", "IT", "MX")
"""Countries whose parts are written as two letters behind the town: «Boca Raton, FL», «São Paulo, SP»."""
_CYRILLIC = re.compile(r"[а-яё]")
AREA = 3
"""The first figures of a postcode that tell a region or a large town from another: an office next door shares them."""


class Destination(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Where the order goes: `country` as ISO 3166-1 alpha-2, the town by its name, the postcode. Each may be missing.

    For the two parties and the staff alone: no public page or call shows it.
    """

    country: Country | None = None
    town: Town | None = None
    postcode: Postcode | None = None


def is_elsewhere(destination: Destination, place: str) -> bool:
    """Whether a carrier's `place` is certainly not the destination's town.

    A postcode of another area, another country's code, or another name in the same script. A name in another script is not
    compared: there are several ways to write each.
    """
    words = _words(place)
    town = _words(destination.town or "")
    if town and _contains(words, town):
        return False
    figures = (destination.postcode or "").replace(" ", "").replace("-", "")
    if figures.isdigit():
        found = [code for code in _POSTCODE.findall(place) if len(code) == len(figures)]
        if found:
            return all(code[:AREA] != figures[:AREA] for code in found)
    country = _COUNTRY.search(place)
    if country is not None and destination.country not in (None, country.group(1), *_WITH_REGIONS):
        return True
    named = [word for word in words if not word.isdigit()]
    return bool(town and named) and _is_cyrillic(named) == _is_cyrillic(town)


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold().replace("ё", "е"))


def _contains(words: list[str], part: list[str]) -> bool:
    return any(words[at : at + len(part)] == part for at in range(len(words) - len(part) + 1))


def _is_cyrillic(words: list[str]) -> bool:
    return bool(_CYRILLIC.search("".join(words)))
