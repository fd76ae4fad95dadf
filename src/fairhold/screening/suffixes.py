"""What may end the name of a site: the public-suffix list as it came with its package, and how each ending reads in a text.

Most of the 1,400 endings are words or abbreviations too. An ending that hardly ever is one (`com`, `ru`) makes a name
by itself; of the others the words around decide.
"""

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

SURE = frozenset(
    {
        "com",
        "net",
        "org",
        "info",
        "biz",
        "ru",
        "su",
        "рф",
        "рус",
        "бел",
        "укр",
        "xn--p1ai",
        "xyz",
        "io",
        "ua",
        "kz",
        "uz",
        "kg",
        "de",
        "fr",
        "pl",
        "eu",
        "uk",
        "ca",
        "au",
        "jp",
        "kr",
        "cn",
        "tr",
        "cz",
        "ch",
        "nl",
        "lt",
        "lv",
        "ee",
        "ge",
    }
)
"""Endings that nobody writes for another reason."""

SAID = SURE | {
    "ру",
    "ком",
    "орг",
    "инфо",
    "биз",
    "кз",
    "юа",
    "бай",
    "by",
    "me",
    "ly",
    "shop",
    "store",
    "online",
    "site",
}
"""Endings as they are said aloud: «точка ру», `dot ly`."""

HEARD = frozenset({"ру"})
"""An ending in Cyrillic that does not exist and that everybody understands."""

REGIONS = frozenset({"ru", "eu", "us", "uk", "it", "fr", "de", "cn", "jp", "br"})
"""Endings that also say by which country's measure a size is meant."""

FILES = frozenset({"py", "rs", "sh", "zip", "mov", "so", "ps", "cab"})
"""Endings that far more files have than sites."""

FILES_OF_KNOWN_NAME = {
    "md": frozenset({"readme", "changelog", "license", "index", "notes", "todo", "install", "manual"}),
    "pl": frozenset({"script", "main", "test", "install", "index"}),
}

PRODUCTS = frozenset({"asp.net", "vb.net", "ado.net", "ml.net", "paint.net"})
"""Names of things that read like sites."""

SHORT = frozenset(
    {"t.me", "t.co", "x.com", "g.co", "ya.ru", "vk.com", "wa.me", "bit.ly", "youtu.be", "goo.gl", "amzn.to", "vk.cc"}
)
"""Well-known sites whose names would be too short to count, or whose ending is a word."""

MESSENGERS = frozenset(
    {"t.me", "wa.me", "m.me", "telegram.me", "telegram.dog", "discord.gg", "viber.com", "vm.tiktok.com"}
)
"""Sites that open a conversation in a messenger."""


@lru_cache(maxsize=4096)
def is_ending(name: str) -> bool:
    """Whether sites end like this, by the list's part that ICANN delegates."""
    return _list().publicsuffix(name) is not None


@cache
def _list() -> PublicSuffixList:
    """Read with the first text that needs it: 80 ms."""
    return PublicSuffixList(accept_unknown=False, only_icann=True)
