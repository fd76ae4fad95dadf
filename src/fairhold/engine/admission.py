"""Who is let in: sessions of the pages and keys of the API. Small tables that have nothing to do with orders."""

from typing import NamedTuple, Protocol

from fairhold.domain.instants import Instant


class Session(NamedTuple):
    """A signed-in person on the pages; `token_hash` is all that is kept of the cookie."""

    token_hash: bytes
    person: str
    created_at: int
    seen_at: int
    expires_at: int


class ApiKey(NamedTuple):
    """A key of the API: only its hash is kept. `roles` are those it may speak for."""

    id: str
    key_hash: bytes
    label: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...]
    created_at: int
    revoked_at: int | None = None


class Access(Protocol):
    """Sessions and API keys: small tables apart from the orders."""

    def add_session(self, session: Session) -> None:
        """Keep a session; those that expired before it began are forgotten."""
        ...

    def session(self, token_hash: bytes) -> Session | None:
        """The session of that token, expired or not."""
        ...

    def end_session(self, token_hash: bytes) -> None:
        """Forget a session, if there is one."""
        ...

    def add_api_key(self, key: ApiKey) -> None:
        """Keep a key. Raises Conflict where its id is taken."""
        ...

    def api_keys(self) -> list[ApiKey]:
        """All keys, oldest first, revoked ones too."""
        ...

    def revoke_api_key(self, id: str, at: Instant) -> None:
        """Say since when a key counts no more; the first time stays."""
        ...
