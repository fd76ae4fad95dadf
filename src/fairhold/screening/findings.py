"""What a screening can find in a text, and what it says of the text as a whole."""

from enum import StrEnum
from typing import Literal

import msgspec


class Kind(StrEnum):
    """What stands at a place of the text."""

    LINK = "link"
    """A full link: a scheme with its host, or `www.` with a name."""
    BARE_DOMAIN = "bare_domain"
    DISGUISED_LINK = "disguised_link"
    PHONE = "phone"
    EMAIL = "email"
    MESSENGER = "messenger"
    """A handle, or an invitation to write by a messenger or a social network."""
    LANGUAGE = "language"
    """The whole text, where it clearly is in another language."""


class Verdict(StrEnum):
    """What may happen to the text: it appears, it waits for a moderator, or its author has to change it."""

    CLEAR = "clear"
    HELD = "held"
    REFUSED = "refused"


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One place of the text; `start` and `end` count code points of the text as it was given."""

    kind: Kind
    start: int
    end: int
    text: str


class Screening(msgspec.Struct, frozen=True, gc=False):
    """The verdict and what led to it, in the order of the text; `language` is None where it is neither or cannot be told."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    language: Literal["ru", "en"] | None
