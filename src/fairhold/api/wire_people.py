"""Keys and sign-in links in their shapes."""

from typing import Annotated

from msgspec import Meta

from fairhold.api.shapes import At, Out
from fairhold.engine.accounts.key_ring import SCOPES


class KeyOut(Out, frozen=True):
    """A key. `key` is told once, when it is new; `revoked_at` may lie ahead, where another has taken its place."""

    id: str
    label: str
    roles: list[str]
    scopes: Annotated[list[str], Meta(extra_json_schema={"items": {"type": "string", "enum": [*SCOPES]}})]
    live: bool
    created_at: At
    key: str | None = None
    used_at: At | None = None
    revoked_at: At | None = None
    replaced_by: str | None = None


class KeyList(Out, frozen=True):
    """All keys, the oldest first."""

    items: list[KeyOut]
    next: str | None


class SignInLink(Out, frozen=True):
    """Where to send the person's browser, and until when."""

    url: str
    expires_at: At
