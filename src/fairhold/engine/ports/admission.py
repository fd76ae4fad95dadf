"""Who is let in: sessions of the pages and keys of the API. Small tables that have nothing to do with orders."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from fairhold.domain.instants import Instant


class Session(NamedTuple):
    """A signed-in person on the pages; `token_hash` is all that is kept of the cookie.

    It ends at `expires_at`, and when nothing has been seen of it for `idle` (microseconds; 0: however long). `means` is
    what the person signed in by, `proved_at` when they last showed that they know or have it, `factor_at` when they
    showed a second factor in this session. `device` names the browser.
    """

    token_hash: bytes
    person: str
    created_at: int
    seen_at: int
    expires_at: int
    proved_at: int = 0
    factor_at: int | None = None
    idle: int = 0
    means: str = "demo"
    device: str = ""


class ApiKey(NamedTuple):
    """A key of the API: only its hash is kept. `roles` are those it may speak for.

    `revoked_at` may lie ahead: a key that was replaced counts until then, beside the one of the id `replaced_by`. `used_at`
    is when it was last used, to the hour.
    """

    id: str
    key_hash: bytes
    label: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...]
    created_at: int
    revoked_at: int | None = None
    used_at: int | None = None
    replaced_by: str | None = None


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

    def replace_session(self, ended: bytes, session: Session) -> bool:
        """End one session and begin another in the same moment; False where the first has ended: then none begins."""
        ...

    def touch_session(self, token_hash: bytes, at: int) -> None:
        """Note that it was seen."""
        ...

    def sessions_of(self, person: str) -> list[Session]:
        """All sessions of a person, the newest first, expired ones too."""
        ...

    def end_sessions_of(self, person: str, but: bytes | None = None) -> int:
        """End all sessions of a person, but perhaps one; how many."""
        ...

    def add_api_key(self, key: ApiKey) -> None:
        """Keep a key. Raises Conflict where its id is taken."""
        ...

    def api_keys(self) -> list[ApiKey]:
        """All keys, oldest first, revoked ones too."""
        ...

    def revoke_api_key(self, id: str, at: Instant) -> None:
        """Say from when on a key counts no more; an earlier time stays."""
        ...

    def replace_api_key(self, id: str, key: ApiKey, until: Instant) -> bool:
        """Let another count beside it until then; False where it counts no more, or was replaced before."""
        ...

    def used_api_keys(self, used: Mapping[str, int]) -> None:
        """Note when keys were last used, by their ids."""
        ...
