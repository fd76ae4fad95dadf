"""Who acts: a person of the marketplace in one role, or Fairhold itself when a deadline is due."""

from enum import StrEnum

import msgspec

from fairhold.domain.ids import PersonId


class Role(StrEnum):
    """In which capacity somebody acts."""

    BUYER = "buyer"
    SELLER = "seller"
    MEDIATOR = "mediator"
    SUPPORT = "support"
    OPERATOR = "operator"
    SYSTEM = "system"


STAFF = frozenset({Role.MEDIATOR, Role.SUPPORT, Role.OPERATOR})
PEOPLE = frozenset(Role) - {Role.SYSTEM}


class Actor(msgspec.Struct, frozen=True, gc=False):
    """One person in one role; `str()` gives the form `buyer:ann` of the API and of stored events."""

    role: Role
    id: PersonId

    def __str__(self) -> str:
        return f"{self.role.value}:{self.id}" if self.role is not Role.SYSTEM else "system"


SYSTEM = Actor(Role.SYSTEM, PersonId("system"))
"""Fairhold itself, acting when a deadline is due or when a carrier reports."""
