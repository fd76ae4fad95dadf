"""Sessions and API keys, which lie in the home database."""

from collections.abc import Callable

from fairhold.domain.instants import Instant
from fairhold.engine.admission import ApiKey, Session
from fairhold.store.routed.databases import Database


class RoutedAccess:
    """Sessions and API keys; safe from any thread. Every method raises StoreUnavailable while the home is away."""

    def __init__(self, home: Callable[[], Database]) -> None:
        self._home = home

    def add_session(self, session: Session) -> None:
        """Keep a session; those that expired before it began are forgotten."""
        home = self._home()
        with home.asked():
            home.store.access().add_session(session)

    def session(self, token_hash: bytes) -> Session | None:
        """The session of that token, expired or not."""
        home = self._home()
        with home.asked():
            return home.store.access().session(token_hash)

    def end_session(self, token_hash: bytes) -> None:
        """Forget a session, if there is one."""
        home = self._home()
        with home.asked():
            home.store.access().end_session(token_hash)

    def add_api_key(self, key: ApiKey) -> None:
        """Keep a key. Raises Conflict where its id is taken."""
        home = self._home()
        with home.asked():
            home.store.access().add_api_key(key)

    def api_keys(self) -> list[ApiKey]:
        """All keys, oldest first, revoked ones too."""
        home = self._home()
        with home.asked():
            return home.store.access().api_keys()

    def revoke_api_key(self, id: str, at: Instant) -> None:
        """Say since when a key counts no more; the first time stays."""
        home = self._home()
        with home.asked():
            home.store.access().revoke_api_key(id, at)
