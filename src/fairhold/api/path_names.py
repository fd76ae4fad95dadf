"""Names in paths that need not be known here: people and products are called as the marketplace calls them."""

from typing import Any

import msgspec

from fairhold.domain.commands import Person
from fairhold.domain.ids import PersonId


def person(text: str) -> PersonId | None:
    """The person of that name, if anybody can be called so: people need no registration."""
    return PersonId(text) if is_a(Person, text) else None


def is_a(kind: Any, text: str) -> bool:
    """Whether the text is one that a body could have in a field of that type."""
    try:
        msgspec.convert(text, kind)
    except (msgspec.ValidationError, UnicodeError):
        return False
    return True
