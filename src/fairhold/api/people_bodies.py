"""Bodies of the calls on keys and sign-in links."""

from typing import Annotated, Literal

from msgspec import Meta

from fairhold.api.bodies import ONE_LINE, Wire
from fairhold.domain.commands import Person
from fairhold.engine.accounts.key_ring import LONGEST_LABEL, SCOPES
from fairhold.engine.accounts.people import LONGEST_NAME

RoleName = Literal["buyer", "seller", "mediator", "support", "operator"]
Scope = Annotated[str, Meta(max_length=32, extra_json_schema={"enum": [*SCOPES]})]


class NewKey(Wire, frozen=True):
    """For which roles the key may speak, and what else it may reach."""

    roles: Annotated[tuple[RoleName, ...], Meta(min_length=1, max_length=5)]
    scopes: Annotated[tuple[Scope, ...], Meta(max_length=len(SCOPES))] = ()
    label: Annotated[str, Meta(max_length=LONGEST_LABEL, pattern=ONE_LINE)] = ""


class KeyRotation(Wire, frozen=True):
    """For how many hours the old key still counts beside the new one."""

    overlap_hours: Annotated[int, Meta(ge=0, le=720)] = 24


class NewSignInLink(Wire, frozen=True):
    """Whom the marketplace has signed in itself. `email` is one that it has confirmed; `next` a path here."""

    person: Person
    roles: Annotated[tuple[Literal["buyer", "seller"], ...], Meta(min_length=1, max_length=2)] = ("buyer",)
    name: Annotated[str, Meta(max_length=LONGEST_NAME, pattern=ONE_LINE)] = ""
    email: Annotated[str, Meta(max_length=254, pattern=ONE_LINE)] | None = None
    language: Literal["ru", "en"] = "ru"
    next: Annotated[str, Meta(max_length=500, pattern=r"^(/([^/\\\s][^\s]*)?)?$")] = ""
